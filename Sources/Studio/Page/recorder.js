// Records from the microphone as it is: no noise suppression, no automatic gain, since both change a voice.

import { wav } from "./wav.js";

/// Seconds after which a recording ends by itself: nothing is learned from longer ones.
const longest = 180;

export class Recorder {
  /// - Parameters: what hears each level (0 to 1, peak) with the seconds so far, and each finished recording.
  constructor(level, finished) {
    Object.assign(this, { level, finished, isRecording: false });
  }

  /// Throws an error whose message is for the person.
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Error("browsers allow the microphone only on localhost or over HTTPS; open the Studio at localhost, or choose a file");
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch (error) {
      throw new Error(error.name === "NotFoundError"
        ? "there is no microphone; plug one in, or choose a file"
        : "the browser blocks the microphone; allow it in the address bar, or choose a file");
    }
    const context = new AudioContext();
    await context.audioWorklet.addModule(new URL("recorder-worklet.js", import.meta.url));
    const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    context.createMediaStreamSource(stream).connect(tap);
    this.pieces = [];
    this.samples = 0;
    tap.port.onmessage = ({ data }) => {
      if (!this.isRecording) return;
      this.pieces.push(data);
      this.samples += data.length;
      const seconds = this.samples / context.sampleRate;
      this.level(data.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0), seconds);
      if (seconds >= longest) this.stop();
    };
    Object.assign(this, { stream, context, isRecording: true });
    await context.resume();
  }

  /// Takes back what was recorded after so many samples.
  rewind(samples) {
    while (this.samples > samples && this.pieces.length) {
      const last = this.pieces.pop();
      this.samples -= last.length;
      if (this.samples >= samples) continue;
      this.pieces.push(last.slice(0, samples - this.samples));
      this.samples = samples;
    }
  }

  stop() {
    if (!this.isRecording) return;
    this.isRecording = false;
    for (const track of this.stream.getTracks()) track.stop();
    const seconds = this.samples / this.context.sampleRate;
    const recording = wav(this.pieces, this.context.sampleRate);
    this.context.close();
    this.pieces = [];
    this.finished(recording, seconds);
  }
}

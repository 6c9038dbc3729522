// Hands the microphone's samples to the page, about twenty times a second.

class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(Math.round(sampleRate / 2560) * 128);
    this.count = 0;
  }

  process([input]) {
    const [channel] = input;
    if (!channel) return true;
    this.samples.set(channel, this.count);
    this.count += channel.length;
    if (this.count + channel.length > this.samples.length) {
      this.port.postMessage(this.samples.slice(0, this.count));
      this.count = 0;
    }
    return true;
  }
}

registerProcessor("tap", Tap);

// Plays a take while it is still arriving. Pieces are put one behind the other on the audio clock, so that no gap is heard; when
// the server is slower than the voice, playing waits and continues.

import { rate } from "./spectrum.js";

/// Seconds from a call to the sound, so that the first piece is not late.
const lead = 0.02;
/// Seconds that are handed to the audio clock ahead of time.
const ahead = 3;

export class Player {
  /// - Parameter changed: called when playing starts, stops or ends.
  constructor(changed) {
    this.changed = changed;
    this.take = null;
    this.isPlaying = false;
    this.resting = 0;
    this.pieces = [];
  }

  /// Wakes the audio device; browsers allow that only from within a click or a key.
  wake() {
    try {
      this.context ??= new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
    } catch {
      this.context ??= new AudioContext();
    }
    if (this.context.state !== "running") this.context.resume();
  }

  /// Plays from a moment on.
  start(take, seconds = 0) {
    this.silence();
    this.wake();
    this.take = take;
    this.next = Math.min(take.length, Math.max(0, Math.round(seconds * rate)));
    this.resting = this.next / rate;
    this.nextTime = null;
    this.firstSound = null;
    this.gain = new GainNode(this.context);
    this.gain.connect(this.context.destination);
    this.isPlaying = true;
    this.timer = setInterval(() => this.pump(), 100);
    this.pump();
    this.changed();
  }

  /// Hands what has arrived to the audio clock.
  pump() {
    if (!this.isPlaying) return;
    const { context, take } = this;
    while (this.next < take.length && (this.nextTime ?? 0) < context.currentTime + ahead) {
      const count = Math.min(rate, take.length - this.next);
      const soonest = context.currentTime + lead;
      // A piece that comes too late shifts all that follow.
      const time = this.nextTime === null || this.nextTime < context.currentTime ? soonest : this.nextTime;
      const buffer = new AudioBuffer({ length: count, sampleRate: rate });
      buffer.copyToChannel(take.samples.subarray(this.next, this.next + count), 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(this.gain);
      source.start(time);
      this.firstSound ??= performance.now() + 1000 * (time - context.currentTime);
      this.pieces.push({ source, time, from: this.next, count });
      this.next += count;
      this.nextTime = time + count / rate;
    }
    while (this.pieces.length > 2 && this.pieces[1].time < context.currentTime - 1) this.pieces.shift();
    if (take.isWhole && this.next >= take.length && context.currentTime > (this.nextTime ?? 0)) this.end(0);
  }

  /// The moment that is heard now, in seconds from the beginning.
  get position() {
    if (!this.isPlaying) return this.resting;
    const now = this.context.currentTime - (this.context.outputLatency || 0);
    let position = this.resting;
    for (const piece of this.pieces) {
      if (piece.time <= now) position = (piece.from + Math.min(piece.count, (now - piece.time) * rate)) / rate;
    }
    return position;
  }

  pause() { if (this.isPlaying) this.end(this.position); }

  /// Forgets the take.
  clear() {
    this.end(0);
    this.take = null;
  }

  end(resting) {
    this.silence();
    this.resting = resting;
    this.changed();
  }

  silence() {
    clearInterval(this.timer);
    this.isPlaying = false;
    if (this.gain) {
      // Faded within some milliseconds, as a cut would click.
      const { gain, pieces, context } = this;
      gain.gain.setTargetAtTime(0, context.currentTime, 0.004);
      for (const { source } of pieces) source.stop(context.currentTime + 0.03);
      setTimeout(() => gain.disconnect(), 200);
    }
    this.gain = null;
    this.pieces = [];
  }
}

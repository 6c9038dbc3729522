// One thing that was said: its samples and times, while they arrive and afterwards.

import { bands, column, hop, rate } from "./spectrum.js";

/// Samples for each pair of extremes that the waveform is drawn of.
export const block = 60;

export class Take {
  constructor(request) {
    this.request = request;
    this.samples = new Float32Array(rate * 8);
    this.length = 0;
    this.isWhole = false;
    this.sentences = [];
    this.words = [];
    this.phonemes = [];
    /// Stretches of F0: `{ start, hertz }` with 80 values a second, 0 where nothing is voiced.
    this.melody = [];
    /// The face that speaks, frame by frame: blend shapes, and how the head is turned.
    this.face = { names: [], rate: 60, rows: [], head: [] };
    this.levels = new Uint8Array(0);
    this.columns = 0;
    this.low = new Float32Array(0);
    this.high = new Float32Array(0);
    this.blocks = 0;
    /// The largest magnitude so far.
    this.peak = 0;
  }

  get seconds() { return this.length / rate; }

  /// What is known to come, in seconds: sentences are announced before their sound.
  get expected() { return Math.max(this.seconds, this.sentences.at(-1)?.end ?? 0); }

  append(pcm) {
    this.samples = grown(this.samples, this.length + pcm.length);
    for (let i = 0; i < pcm.length; i++) this.samples[this.length + i] = pcm[i] / 32768;
    this.length += pcm.length;
  }

  add(sentence) {
    this.sentences.push(sentence);
    this.words.push(...sentence.words);
    this.phonemes.push(...sentence.phonemes);
    if (sentence.f0) this.melody.push({ start: sentence.start, hertz: sentence.f0 });
  }

  addFace({ names, rate, rows, head }) {
    Object.assign(this.face, { names, rate });
    this.face.rows.push(...rows);
    this.face.head.push(...head);
  }

  /// The frame of the face at a moment: `{ names, row, head }`; null if there is none.
  faceAt(seconds) {
    const { names, rate, rows, head } = this.face;
    const index = Math.min(rows.length - 1, Math.floor(seconds * rate));
    return index < 0 ? null : { names, row: rows[index], head: head[index] };
  }

  finish() {
    this.isWhole = true;
    this.measure();
  }

  /// Measures what is drawn: the columns of the spectrogram and extremes of the waveform whose samples are there. Apart from
  /// `append`, so that sound need not wait for its picture.
  measure() {
    const columns = this.isWhole ? Math.ceil(this.length / hop) : Math.max(0, Math.floor((this.length - 300) / hop));
    this.levels = grown(this.levels, columns * bands);
    for (; this.columns < columns; this.columns++) {
      const start = this.columns * bands;
      column(this.samples, this.length, this.columns * hop, this.levels.subarray(start, start + bands));
    }
    const blocks = this.isWhole ? Math.ceil(this.length / block) : Math.floor(this.length / block);
    this.low = grown(this.low, blocks);
    this.high = grown(this.high, blocks);
    for (; this.blocks < blocks; this.blocks++) {
      let [low, high] = [1, -1];
      const end = Math.min(this.length, (this.blocks + 1) * block);
      for (let i = this.blocks * block; i < end; i++) {
        const value = this.samples[i];
        if (value < low) low = value;
        if (value > high) high = value;
      }
      [this.low[this.blocks], this.high[this.blocks]] = [low, high];
      this.peak = Math.max(this.peak, -low, high);
    }
  }

  /// The word that is said at a moment, or the one before it.
  wordAt(seconds) {
    let [from, to] = [0, this.words.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.words[middle].start <= seconds) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }
}

/// The same array, or one with its content and at least so much room.
function grown(array, needed) {
  if (needed <= array.length) return array;
  const larger = new array.constructor(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}

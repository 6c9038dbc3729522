// From samples to what the ear makes of them: Hann window, FFT, mel bands, decibels.

export const rate = 24000;
/// Samples from one column of the spectrogram to the next: 160 columns a second.
export const hop = 150;
export const bands = 128;
const size = 1024;
const windowLength = 600;
/// Decibels shown, from the loudest that speech gets downwards.
const range = 72;
const loudest = 30;

/// An in-place FFT of a power of two, radix 2, with tables made once.
export class FFT {
  constructor(size) {
    this.size = size;
    this.cos = Float32Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.sin = Float32Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(size);
    this.reversed = Uint32Array.from({ length: size }, (_, i) => {
      let r = 0;
      for (let b = 0; b < bits; b++) r |= ((i >> b) & 1) << (bits - 1 - b);
      return r;
    });
  }

  /// - Parameters: real and imaginary parts, replaced by those of the transform.
  transform(re, im) {
    const { size, cos, sin, reversed } = this;
    for (let i = 0; i < size; i++) {
      const j = reversed[i];
      if (j > i) {
        [re[i], re[j]] = [re[j], re[i]];
        [im[i], im[j]] = [im[j], im[i]];
      }
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [a, b, t] = [start + k, start + k + half, k * step];
          const x = re[b] * cos[t] - im[b] * sin[t];
          const y = re[b] * sin[t] + im[b] * cos[t];
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  }
}

export const toMel = (hertz) => 2595 * Math.log10(1 + hertz / 700);
const toHertz = (mel) => 700 * (10 ** (mel / 2595) - 1);

/// Triangles in mel, each as its first bin and its weights, which sum to one.
const filters = Array.from({ length: bands }, (_, band) => {
  const edge = (i) => (toHertz((toMel(rate / 2) * i) / (bands + 1)) * size) / rate;
  const [low, middle, high] = [edge(band), edge(band + 1), edge(band + 2)];
  let first = Math.ceil(low);
  const weights = [];
  for (let bin = first; bin < high; bin++) {
    weights.push(bin <= middle ? (bin - low) / (middle - low) : (high - bin) / (high - middle));
  }
  let sum = weights.reduce((a, b) => a + b, 0);
  // The lowest triangles are narrower than the distance of two bins, and may hold none.
  if (!(sum > 0.01)) [first, weights.length, weights[0], sum] = [Math.round(middle), 0, 1, 1];
  return { first, weights: Float32Array.from(weights, (w) => w / sum) };
});

const fft = new FFT(size);
const hann = Float32Array.from({ length: windowLength }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / windowLength));
const [re, im] = [new Float32Array(size), new Float32Array(size)];

/// The levels of one column, 0 (silent) to 255 (loud), lowest band first.
/// - Parameter centre: the sample in the middle of the window; what lies outside of the samples is silence.
export function column(samples, length, centre, levels) {
  const start = centre - windowLength / 2;
  re.fill(0);
  im.fill(0);
  for (let i = 0; i < windowLength; i++) {
    const at = start + i;
    if (at >= 0 && at < length) re[i] = samples[at] * hann[i];
  }
  fft.transform(re, im);
  for (let band = 0; band < bands; band++) {
    const { first, weights } = filters[band];
    let power = 0;
    for (let i = 0; i < weights.length; i++) {
      const bin = first + i;
      power += weights[i] * (re[bin] * re[bin] + im[bin] * im[bin]);
    }
    // Speech falls by about 6 dB an octave; lifted a little, its upper half is seen as well.
    const lift = 9 * (band / bands);
    const decibels = 10 * Math.log10(power + 1e-9) + lift;
    levels[band] = Math.max(0, Math.min(255, Math.round((255 * (decibels - loudest + range)) / range)));
  }
}

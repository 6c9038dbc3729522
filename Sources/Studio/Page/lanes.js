// Draws what lies between two moments of a take. `view` is { take, from, to, scale }: seconds, seconds, pixels per second.

import { color, isDark, ready } from "./dom.js";
import { colors } from "./colors.js";
import { bands, hop, rate, toMel } from "./spectrum.js";
import { block } from "./take.js";

const small = '11px "Inter", ui-sans-serif, system-ui, sans-serif';
const letters = '13px "Inter", "DejaVu Sans", ui-sans-serif, system-ui, sans-serif';

/// Seconds between the marks of the time axis, so that they are at least 64 pixels apart.
const steps = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const stepFor = (scale) => steps.find((step) => step * scale >= 64) ?? 600;

/// Fine lines at the marks of time.
function grid(context, view, height) {
  const step = stepFor(view.scale);
  context.fillStyle = color("--line");
  for (let n = Math.max(1, Math.ceil(view.from / step)); n * step <= view.to; n++) {
    context.fillRect(Math.round((n * step - view.from) * view.scale), 0, 1, height);
  }
}

export function wave(canvas, view) {
  const { context, width, height } = ready(canvas);
  const { take, from, scale } = view;
  grid(context, view, height);
  const middle = height / 2 + 8;
  // The loudest moment fills the lane, unless everything is quiet.
  const reach = (height / 2 - 12) / Math.max(0.1, take.peak);
  context.fillStyle = getComputedStyle(canvas).color;
  const perPixel = rate / block / scale;
  for (let x = 0; x < width; x += 0.5) {
    const first = Math.floor((from + x / scale) * (rate / block));
    if (first >= take.blocks) break;
    const end = Math.min(take.blocks, Math.max(first + 1, Math.floor(first + perPixel / 2)));
    let [low, high] = [1, -1];
    for (let i = first; i < end; i++) {
      low = Math.min(low, take.low[i]);
      high = Math.max(high, take.high[i]);
    }
    context.fillRect(x, middle - high * reach - 0.5, 0.5, (high - low) * reach + 1);
  }
  // The time axis, over the waveform's upper edge.
  const step = stepFor(scale);
  context.font = small;
  context.fillStyle = color("--muted");
  for (let n = Math.max(0, Math.ceil(from / step)); n * step < view.to; n++) {
    const seconds = n * step;
    const text = seconds >= 60 ? `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}` : `${Number(seconds.toFixed(2))} s`;
    context.fillText(text, (seconds - from) * scale + 5, 14);
  }
}

const picture = new OffscreenCanvas(1, 1);

export function spectrum(canvas, view) {
  const { context, width, height } = ready(canvas);
  const { take, from, to, scale } = view;
  const perSecond = rate / hop;
  const first = Math.max(0, Math.floor(from * perSecond));
  const end = Math.min(take.columns, Math.ceil(to * perSecond) + 1);
  const step = Math.max(1, Math.floor((end - first) / (width * (devicePixelRatio || 1))));
  const count = Math.ceil((end - first) / step);
  const table = colors(isDark());
  if (count > 0) {
    const image = new ImageData(count, bands);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < count; i++) {
      const last = Math.min(end, first + (i + 1) * step);
      for (let band = 0; band < bands; band++) {
        let level = 0;
        for (let column = first + i * step; column < last; column++) {
          level = Math.max(level, take.levels[column * bands + band]);
        }
        pixels[(bands - 1 - band) * count + i] = table[level];
      }
    }
    Object.assign(picture, { width: count, height: bands });
    picture.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingQuality = "high";
    // A column's picture is centered on its window.
    context.drawImage(picture, ((first - 0.5) / perSecond - from) * scale, 0, ((count * step) / perSecond) * scale, height);
  }
}

/// Hertz at the lower and upper edge of the melody's lane.
export function melodyRange(take) {
  const voiced = take.melody.flatMap((stretch) => Array.from(stretch.hertz).filter((hertz) => hertz > 0)).sort((a, b) => a - b);
  if (!voiced.length) return [80, 320];
  const at = (share) => voiced[Math.floor(share * (voiced.length - 1))];
  const [low, high] = [at(0.01) / 1.15, at(0.99) * 1.15];
  // At least an octave, so that a level voice looks level.
  const middle = Math.sqrt(low * high);
  return [Math.min(low, middle / Math.SQRT2), Math.max(high, middle * Math.SQRT2)];
}

const melodyY = (hertz, [low, high], height) => height - (height * Math.log(hertz / low)) / Math.log(high / low);
const melodyMarks = [50, 75, 100, 150, 200, 300, 400, 600];

export function melody(canvas, view, range) {
  const { context, height, width } = ready(canvas);
  const { take, from, to, scale } = view;
  grid(context, view, height);
  context.fillStyle = color("--line");
  context.fillRect(0, height - 1, width, 1);
  for (const hertz of melodyMarks) {
    const y = melodyY(hertz, range, height);
    if (y > 10 && y < height - 8) context.fillRect(0, Math.round(y), width, 1);
  }
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 2.25;
  context.lineJoin = context.lineCap = "round";
  context.beginPath();
  for (const { start, hertz } of take.melody) {
    const first = Math.max(0, Math.floor((from - start) * 80) - 1);
    const end = Math.min(hertz.length, Math.ceil((to - start) * 80) + 1);
    let isDown = false;
    for (let i = first; i < end; i++) {
      if (!(hertz[i] > 0)) {
        isDown = false;
        continue;
      }
      // A value belongs to the middle of its 12.5 ms; alone it is drawn as a dot.
      const x = (start + (i + 0.5) / 80 - from) * scale;
      const y = melodyY(hertz[i], range, height);
      if (isDown) context.lineTo(x, y);
      else context.moveTo(x - 0.1, y), context.lineTo(x, y);
      isDown = true;
    }
  }
  context.stroke();
}

/// Phonemes with the marks of stress in front of them.
function joined(phonemes) {
  const result = [];
  let mark = "";
  let start = null;
  for (const { symbol, start: begin, end } of phonemes) {
    start ??= begin;
    if (symbol === "ˈ" || symbol === "ˌ") {
      mark += symbol;
      continue;
    }
    if (symbol.trim()) result.push({ text: mark + symbol, start, end, isLetter: /\p{L}/u.test(symbol) });
    [mark, start] = ["", null];
  }
  return result;
}

const joinedOf = new WeakMap();

export function sounds(canvas, view) {
  const { context, height } = ready(canvas);
  const { take, from, to, scale } = view;
  const known = joinedOf.get(take);
  const phonemes = known?.count === take.phonemes.length ? known.all : joined(take.phonemes);
  joinedOf.set(take, { count: take.phonemes.length, all: phonemes });
  context.font = letters;
  context.textAlign = "center";
  const [line, text] = [color("--line"), getComputedStyle(canvas).color];
  let free = -Infinity;
  for (const { text: letter, start, end, isLetter } of phonemes) {
    if (end < from || start > to) continue;
    const [left, right] = [(start - from) * scale, (end - from) * scale];
    context.fillStyle = line;
    if (scale > 60 && isLetter) context.fillRect(Math.round(left), height - 5, 1, 5);
    // Letters that would run into each other are left out.
    const middle = (left + right) / 2;
    const wide = context.measureText(letter).width / 2;
    if (!isLetter || middle - wide < free - 1) continue;
    free = middle + wide;
    context.fillStyle = text;
    context.fillText(letter, middle, height - 8);
  }
}

/// The names of what the lanes show, at their left.
export function axis(canvas, range, tops) {
  const { context, width } = ready(canvas);
  context.font = small;
  context.textAlign = "right";
  context.fillStyle = color("--muted");
  const right = width - 8;
  const { spectrum, melody, end } = tops;
  const height = melody - spectrum;
  const top = toMel(rate / 2);
  const label = width > 40 ? (kilohertz) => `${kilohertz} kHz` : (kilohertz) => `${kilohertz}k`;
  for (const kilohertz of [0.5, 1, 2, 4, 8]) {
    const y = melody - (height * toMel(1000 * kilohertz)) / top;
    context.fillText(label(kilohertz), right, y + 4);
  }
  for (const hertz of melodyMarks) {
    const y = melodyY(hertz, range, end - melody);
    if (y > 10 && y < end - melody - 8) context.fillText(width > 40 ? `${hertz} Hz` : `${hertz}`, right, melody + y + 4);
  }
}

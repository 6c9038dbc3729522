// Colors of the spectrogram: a path through OKLab on which equal steps of level look equally large.

function toRGB(l, a, b) {
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  const linear = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
  return linear.map((v) => {
    const c = Math.max(0, Math.min(1, v));
    return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
  });
}

/// Lightness, chroma and hue (degrees) at some levels; between them the path is straight in these three.
const stops = {
  dark: [[0.21, 0.018, 235], [0.33, 0.065, 265], [0.48, 0.105, 225], [0.66, 0.115, 185], [0.84, 0.125, 130], [0.975, 0.05, 105]],
  light: [[1, 0, 200], [0.93, 0.03, 190], [0.78, 0.085, 195], [0.59, 0.105, 215], [0.4, 0.105, 255], [0.2, 0.06, 285]],
};

function table(stops) {
  const fine = 2048;
  const points = Array.from({ length: fine + 1 }, (_, i) => {
    const at = (i / fine) * (stops.length - 1);
    const from = Math.min(Math.floor(at), stops.length - 2);
    const [l, c, h] = stops[from].map((value, k) => value + (at - from) * (stops[from + 1][k] - value));
    const angle = (h * Math.PI) / 180;
    return [l, c * Math.cos(angle), c * Math.sin(angle)];
  });
  const lengths = [0];
  for (let i = 1; i <= fine; i++) {
    lengths.push(lengths[i - 1] + Math.hypot(...points[i].map((value, k) => value - points[i - 1][k])));
  }
  const pixels = new Uint32Array(256);
  for (let level = 0, i = 0; level < 256; level++) {
    while (i < fine && lengths[i] < (lengths[fine] * level) / 255) i++;
    const [r, g, b] = toRGB(...points[i]);
    pixels[level] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return pixels;
}

const tables = {};

/// 256 pixels (ABGR, as canvases hold them in memory) from silent to loud.
export const colors = (isDark) => (tables[isDark] ??= table(isDark ? stops.dark : stops.light));

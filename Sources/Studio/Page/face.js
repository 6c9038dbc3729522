// A face that speaks: blend shapes as ARKit names them, drawn as an SVG. Units are those of its viewBox.

import { prefersStillness } from "./dom.js";

const mid = 100;
const line = 146;

export class Face {
  /// - Parameter root: the SVG, whose parts have classes
  constructor(root) {
    this.parts = Object.fromEntries([...root.querySelectorAll("[class]")].map((part) => [part.classList[0], part]));
    this.show(null);
  }

  /// Shows one frame: `{ names, row, head }`; null is a face at rest.
  show(frame) {
    const row = frame?.row ?? null;
    if (row === this.shown) return;
    this.shown = row;
    const values = new Map(frame?.names.map((name, index) => [name, row[index]]));
    const shape = (name) => values.get(name) ?? 0;
    const [yaw, pitch, roll] = frame && !prefersStillness() ? frame.head : [0, 0, 0];
    this.set("face-head", "transform", `translate(${40 * yaw} ${-30 * pitch}) rotate(${57 * roll} ${mid} 200)`);
    this.set("face-features", "transform", `translate(${90 * yaw} ${-90 * pitch})`);
    this.set("face-skin", "d", skin(shape("jawOpen")));
    for (const side of ["left", "right"]) this.eye(side, shape(side === "left" ? "eyeBlinkLeft" : "eyeBlinkRight"));
    this.set("face-brows", "transform", `translate(0 ${-30 * shape("browInnerUp")})`);
    this.mouth(shape);
  }

  eye(side, blink) {
    this.set(`face-eye-${side}`, "ry", 10 * (1 - blink));
    this.set(`face-lid-${side}`, "opacity", blink > 0.8 ? 1 : 0);
  }

  mouth(shape) {
    const [funnel, pucker, tuck] = [shape("mouthFunnel"), shape("mouthPucker"), shape("mouthRollLower")];
    const half = 27 * (1 + 0.5 * shape("mouthStretchLeft") + 0.3 * shape("mouthSmileLeft") - 0.3 * funnel - 0.5 * pucker);
    // What the jaw opens less what the lips take back.
    const gap = shape("jawOpen") - shape("mouthClose");
    const apart = 6 * funnel * Math.min(1, 4 * gap);
    const top = -(8 * shape("mouthUpperUpLeft") + apart);
    const bottom = (62 * gap + 9 * shape("mouthLowerDownLeft") + apart) * (1 - 0.8 * Math.min(1, 1.6 * tuck));
    const press = 1 - 0.6 * shape("mouthPressLeft");
    const round = 1 + 0.35 * (funnel + pucker);
    const corner = -6 * shape("mouthSmileLeft");
    this.set("face-lips", "d", oval(half + 3, top - 6 * press * round, bottom + 7.5 * press * round * (1 - 1.1 * tuck), corner));
    const hole = oval(half, top, bottom, corner);
    this.set("face-hole", "d", hole);
    this.set("face-clip", "d", hole);
    // Where the lips touch they leave a line.
    this.set("face-seam", "d", path`M${mid - half} ${line + corner}Q${mid} ${line + 2} ${mid + half} ${line + corner}`);
    this.set("face-seam", "opacity", bottom - top < 2 ? 1 : 0);
    this.set("face-upper-teeth", "y", line - 12 + Math.min(0, top / 2));
    this.set("face-lower-teeth", "y", line + 6 + 55 * shape("jawOpen"));
    const tongue = shape("tongueOut");
    this.set("face-tongue", "cy", line + 24 + 42 * gap - 45 * tongue);
  }

  set(part, name, value) {
    this.parts[part].setAttribute(name, typeof value === "number" ? value.toFixed(2) : value);
  }
}

/// An opening whose corners are `half` from the middle, and which reaches from `top` to `bottom` around the line of the lips.
function oval(half, top, bottom, corner) {
  const [left, right, side, y] = [mid - half, mid + half, 0.6 * half, line + corner];
  // A Bézier curve reaches three quarters of the way to its handles.
  const [above, below] = [line + (4 * top - corner) / 3, line + (4 * bottom - corner) / 3];
  return path`M${left} ${y}C${mid - side} ${above} ${mid + side} ${above} ${right} ${y}C${mid + side} ${below} ${mid - side} ${below} ${left} ${y}Z`;
}

/// The outline of the head; the chin follows the jaw.
function skin(open) {
  const chin = 196 + 30 * open;
  const cheek = (92 + chin) / 2 + 22;
  return path`M38 92C38 40 66 14 100 14S162 40 162 92C162 ${cheek} 134 ${chin} 100 ${chin}S38 ${cheek} 38 92Z`;
}

/// A path with its numbers to a tenth.
function path(words, ...numbers) {
  return String.raw({ raw: words }, ...numbers.map((number) => number.toFixed(1)));
}

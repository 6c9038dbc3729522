// The time axis that waveform, spectrogram, melody, phonemes and words share: scale, scrolling, playhead, and the words as
// buttons. Only what is in sight is drawn, so that an hour costs no more than a sentence.

import { $, el, onColors, prefersStillness } from "./dom.js";
import * as lanes from "./lanes.js";

const closest = 1200;
/// Pixels a second below which phonemes run into each other; longer takes scroll instead.
const readable = 130;
/// Pixels by which a word may stand right of its beginning.
const nudge = 16;

const measure = new OffscreenCanvas(1, 1).getContext("2d");

/// A word as it is written, or as it is said where that is another: "$3" is said in two words.
const shown = ({ text, spoken }) => (text.toLowerCase() === spoken.toLowerCase() ? text : spoken);

export class Timeline {
  /// - Parameter seek: called with seconds when somebody wants to hear from there.
  constructor(seek) {
    this.seek = seek;
    this.take = null;
    this.scale = readable;
    this.isAutomatic = true;
    this.buttons = new Map();
    this.current = 0;
    this.scroller = $("scroller");
    this.scroller.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.fit()).observe(this.scroller);
    onColors(() => this.draw());
    $("lanes").addEventListener("click", (event) => {
      const x = event.clientX - $("lanes").getBoundingClientRect().left;
      this.seek((this.scroller.scrollLeft + x) / this.scale);
    });
    $("words").addEventListener("keydown", (event) => this.walk(event));
  }

  show(take) {
    this.take = take;
    this.isAutomatic = true;
    this.isWhole = false;
    this.current = 0;
    for (const button of this.buttons.values()) button.remove();
    this.buttons.clear();
    this.scroller.scrollLeft = 0;
    this.changed();
  }

  /// The take has grown.
  changed() {
    $("sound").toggleAttribute("data-empty", !this.take?.length);
    if (!this.take) return;
    // The range settles with the first sentences; it is not sought anew for each of a thousand.
    const { melody } = this.take;
    if (this.rangeOf?.take !== this.take || melody.length > 1.2 * this.rangeOf.count) {
      this.rangeOf = { take: this.take, count: melody.length };
      this.range = lanes.melodyRange(this.take);
    }
    this.fit();
    $("wave").ariaLabel = `Waveform, ${this.take.seconds.toFixed(1)} seconds`;
    $("spectrum").ariaLabel = "Spectrogram, up to 12 kHz";
    $("melody").ariaLabel = this.take.melody.length
      ? `Pitch, from ${Math.round(this.range[0])} to ${Math.round(this.range[1])} Hz` : "Pitch";
    $("sounds").ariaLabel = `Phonemes: ${this.take.words.slice(0, 60).map((word) => word.phonemes).join(" ")}`;
  }

  get width() { return this.scroller.clientWidth; }

  fit() {
    if (!this.take?.length) return;
    const whole = this.width / this.take.expected;
    if (this.isAutomatic) this.scale = Math.min(480, Math.max(readable, whole));
    if (this.isWhole) this.scale = Math.min(480, whole);
    this.draw();
  }

  /// - Parameter factor: above one shows less, more closely; 0 shows all.
  zoom(factor) {
    if (!this.take?.length) return;
    const middle = (this.scroller.scrollLeft + this.width / 2) / this.scale;
    this.isAutomatic = false;
    this.isWhole = factor === 0;
    if (factor) this.scale = Math.min(closest, Math.max(this.width / this.take.expected / 2, this.scale * factor));
    this.fit();
    this.scroller.scrollLeft = middle * this.scale - this.width / 2;
    this.draw();
  }

  draw() {
    const { take, scale, width } = this;
    if (!take?.length || !width) return;
    $("strip").style.width = `${Math.max(width, Math.ceil(take.expected * scale))}px`;
    $("lanes").style.width = `${width}px`;
    const from = this.scroller.scrollLeft / scale;
    const view = { take, from, to: from + width / scale, scale };
    lanes.wave($("wave"), view);
    lanes.spectrum($("spectrum"), view);
    lanes.melody($("melody"), view, this.range);
    lanes.sounds($("sounds"), view);
    const top = (id) => $(id).offsetTop;
    lanes.axis($("axis"), this.range, { spectrum: top("spectrum"), melody: top("melody"), end: top("sounds") });
    this.place(view);
    $("playhead").style.transform = `translateX(${(this.at ?? 0) * scale}px)`;
  }

  /// Where each word stands: row 0 or 1 and pixels from the left. A word that would cover the one before it goes below, and
  /// may move a little to the right. Row -1: there is no room at all.
  rows() {
    const { take, scale } = this;
    const key = `${take.words.length} ${scale}`;
    if (this.rowsOf?.take === take && this.rowsOf.key === key) return this.rowsOf.rows;
    measure.font = getComputedStyle($("words")).font;
    const free = [-Infinity, -Infinity];
    const rows = take.words.map((word) => {
      const x = word.start * scale;
      let row = free.findIndex((end) => end <= x);
      if (row < 0 && Math.min(...free) < x + nudge) row = free[0] <= free[1] ? 0 : 1;
      if (row < 0) return { row, x };
      const left = Math.max(x, free[row]);
      free[row] = left + measure.measureText(shown(word)).width + 5;
      return { row, x: left };
    });
    this.rowsOf = { take, key, rows };
    return rows;
  }

  /// Puts buttons where words are in sight, and takes others away.
  place({ take, from, to, scale }) {
    const rows = this.rows();
    const margin = (to - from) / 2;
    const first = Math.max(0, take.wordAt(from - margin));
    const last = take.wordAt(to + margin);
    for (const [index, button] of this.buttons) {
      if ((index < first || index > last || rows[index].row < 0) && index !== this.current) {
        button.remove();
        this.buttons.delete(index);
      }
    }
    for (let index = first; index <= last; index++) {
      if (rows[index].row < 0 && index !== this.current) continue;
      let button = this.buttons.get(index);
      if (!button) {
        button = this.button(index);
        // In the order of the text, as readers of the screen go by it.
        const next = [...$("words").children].find((other) => Number(other.dataset.index) > index);
        $("words").insertBefore(button, next ?? null);
        this.buttons.set(index, button);
      }
      const { row, x } = rows[index];
      button.style.left = `${x}px`;
      button.className = `${row === 1 ? "lower" : row < 0 ? "alone" : ""} ${index === this.now ? "now" : ""}`;
      button.tabIndex = index === this.current ? 0 : -1;
    }
    if (!this.buttons.has(this.current)) {
      const reachable = $("words").firstElementChild;
      if (reachable) reachable.tabIndex = 0;
    }
  }

  button(index) {
    const word = this.take.words[index];
    const { start } = word;
    const button = el("button", { type: "button", textContent: shown(word), "data-index": index, "aria-label": `${shown(word)}, at ${start.toFixed(1)} s` });
    button.addEventListener("click", () => {
      this.current = index;
      this.seek(start);
    });
    button.addEventListener("focus", () => { this.current = index; });
    return button;
  }

  walk(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.focus(Math.max(0, Math.min(this.take.words.length - 1, this.current + step)));
  }

  focus(index) {
    this.current = index;
    this.reveal(this.take.words[index].start);
    this.draw();
    this.buttons.get(index)?.focus({ preventScroll: true });
  }

  /// Scrolls so that a moment is in sight.
  reveal(seconds) {
    const x = seconds * this.scale;
    const left = this.scroller.scrollLeft;
    if (x > left + 24 && x < left + this.width * 0.85) return;
    if (this.take.expected * this.scale <= this.width) return;
    this.scroller.scrollTo({ left: Math.max(0, x - this.width * 0.15), behavior: prefersStillness() ? "instant" : "auto" });
  }

  /// Shows where the voice is.
  point(seconds, isPlaying) {
    const head = $("playhead");
    head.hidden = !this.take?.length;
    if (head.hidden) return;
    this.at = seconds;
    head.style.transform = `translateX(${seconds * this.scale}px)`;
    if (isPlaying) this.reveal(seconds);
    const now = isPlaying ? this.take.wordAt(seconds) : -1;
    if (now === this.now) return;
    this.buttons.get(this.now)?.classList.remove("now");
    this.buttons.get(now)?.classList.add("now");
    this.now = now;
  }
}

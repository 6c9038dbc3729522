// A passage that is read aloud line by line while it is recorded, and what was understood of it.

import { $, el, tell } from "./dom.js";
import { json } from "./api.js";

const names = new Intl.DisplayNames(["en"], { type: "language" });

export class Reading {
  /// - Parameters: the recorder, and what takes each finished reading: its WAV, seconds, transcript and language.
  constructor(recorder, finished) {
    Object.assign(this, { recorder, finished, passages: [], line: 0, starts: [] });
    $("passage").addEventListener("change", () => this.choose());
    $("next-line").addEventListener("click", () => this.next());
    $("again").addEventListener("click", () => this.again());
    $("consent").addEventListener("input", () => this.draw());
  }

  /// Asks the server for the passages, once.
  async load() {
    if (this.passages.length) return;
    try {
      this.passages = (await json("/v1/passages")).data;
    } catch (error) {
      tell($("problem"), error.message);
      return;
    }
    $("passage").replaceChildren(
      ...this.passages.map(({ language }, index) => el("option", { value: index, textContent: `A passage in ${names.of(language.split("-")[0])}` })),
      el("option", { value: "", textContent: "Something else, without a transcript" }));
    this.choose();
  }

  /// The passage that is chosen; undefined for none.
  get passage() { return $("passage").value === "" ? undefined : this.passages[$("passage").value]; }

  /// What is to be read: the consent as it is written below, or that of the passage.
  get lines() {
    const passage = this.passage;
    if (!passage) return [];
    const written = $("consent").value.trim().replace(/\s+/g, " ");
    const consent = /\p{L}/u.test(written) ? written.replace(/[\p{L}\p{N}]$/u, "$&.") : passage.lines[0];
    return [consent, ...passage.lines.slice(1)];
  }

  choose() {
    this.heard = null;
    this.line = 0;
    $("voice-accent").closest(".field").hidden = Boolean(this.passage) && !this.passage.language.startsWith("en");
    this.draw();
  }

  get isReading() { return this.recorder.isRecording && this.lines.length > 0; }

  begin() {
    this.heard = null;
    this.line = 0;
    this.starts = [0];
    this.draw();
    if (this.passage) $("next-line").focus();
  }

  next() {
    if (!this.isReading) return;
    if (this.line + 1 >= this.lines.length) return this.recorder.stop();
    this.line += 1;
    this.starts[this.line] = this.recorder.samples;
    this.draw();
  }

  /// Takes back what was recorded of this line.
  again() {
    if (this.isReading) this.recorder.rewind(this.starts[this.line]);
    $("next-line").focus();
  }

  /// The recording has ended.
  end(blob, seconds) {
    const lines = this.lines.slice(0, this.line + 1);
    const passage = this.passage;
    this.line = 0;
    this.draw();
    this.finished(blob, seconds, passage && { transcript: lines.join("\n"), language: passage.language, consent: lines[0] });
  }

  /// Marks the lines that the server understood, of its report on adapting.
  understood(adaptation) {
    const sentences = adaptation?.readings?.flatMap((reading) => reading.sentences) ?? [];
    this.heard = sentences.length ? sentences : null;
    this.draw();
  }

  /// Whether all sentences of a line were understood; undefined for one that nobody heard.
  verdict(line) {
    const found = this.heard?.filter(({ text }) => line.includes(text));
    return found?.length ? found.every((sentence) => sentence.is_understood) : undefined;
  }

  draw() {
    const { isReading } = this;
    $("lines").hidden = !this.passage;
    $("lines").replaceChildren(...this.lines.map((textContent, index) => {
      const verdict = this.verdict(textContent);
      const state = isReading ? (index < this.line ? "read" : index === this.line ? "now" : "") : verdict === undefined ? "" : verdict ? "understood" : "missed";
      const words = { understood: "understood", missed: "not understood" }[state];
      return el("li", { textContent, className: state, "aria-current": state === "now" ? "step" : null },
        words && el("span", { className: "verdict", textContent: words }));
    }));
    for (const id of ["next-line", "again"]) $(id).hidden = !isReading;
    $("next-line").textContent = this.line + 1 < this.lines.length ? "Next line" : "Done";
    $("passage").disabled = this.recorder.isRecording;
  }
}

// The choice of a voice, or of two or three that are mixed.

import { $, el, memory } from "./dom.js";

const most = 3;

export class Mix {
  constructor() {
    this.voices = [];
    /// What is chosen: names and parts from 1 to 100.
    this.parts = memory.get("mix", [{ name: "heart", part: 50 }]);
    if (!Array.isArray(this.parts) || !this.parts.length) this.parts = [{ name: "heart", part: 50 }];
    $("mix-add").addEventListener("click", () => {
      const taken = new Set(this.parts.map((part) => part.name));
      const other = this.usable.find((voice) => !taken.has(voice.name));
      if (!other) return;
      this.parts.push({ name: other.name, part: 50 });
      this.draw();
      $(`voice-${this.parts.length - 1}`).focus();
    });
  }

  /// The list of `GET /v1/voices`.
  set all(voices) {
    this.voices = voices;
    const known = new Set(this.usable.map((voice) => voice.name));
    this.parts = this.parts.filter((part) => known.has(part.name)).slice(0, most);
    if (!this.parts.length && known.size) this.parts = [{ name: known.has("heart") ? "heart" : [...known][0], part: 50 }];
    this.draw();
  }

  get usable() { return this.voices.filter((voice) => !voice.problem); }

  choose(name) {
    this.parts = [{ name, part: 50 }];
    this.draw();
  }

  /// Shares of one, in the order of the rows.
  get shares() {
    const sum = this.parts.reduce((sum, { part }) => sum + part, 0);
    return this.parts.map(({ part }) => part / sum);
  }

  /// As the API takes it: a name, or `heart:0.7+george:0.3`.
  get expression() {
    if (this.parts.length === 1) return this.parts[0].name;
    const shares = this.shares;
    return this.parts.map(({ name }, i) => `${name}:${Math.max(0.01, shares[i]).toFixed(2)}`).join("+");
  }

  draw() {
    $("mix").replaceChildren(...this.parts.map((part, index) => this.row(part, index)));
    $("mix-add").hidden = this.parts.length >= most || this.usable.length <= this.parts.length;
    this.changed();
  }

  row(part, index) {
    const isMixed = this.parts.length > 1;
    const label = isMixed ? `Voice ${index + 1}` : "Voice";
    // The others are under the first, and need no second heading.
    const name = el("label", { htmlFor: `voice-${index}`, textContent: label, className: index ? "unseen" : "" });
    const select = el("select", { id: `voice-${index}` }, ...this.options());
    select.value = part.name;
    const about = el("small", { className: "muted about" });
    const describe = () => {
      const voice = this.voices.find((voice) => voice.name === part.name);
      about.textContent = [voice?.accent && capital(voice.accent), voice?.gender, voice?.description].filter(Boolean).join(", ");
      about.hidden = !about.textContent;
    };
    describe();
    // The row stays as it is, so that a name can be typed letter by letter.
    select.addEventListener("change", () => {
      part.name = select.value;
      describe();
      this.changed();
    });
    const row = el("div", { className: isMixed ? "voice mixed" : "voice" }, name, select);
    if (isMixed) {
      const remove = el("button", { type: "button", className: "quiet", textContent: "Remove", id: `remove-${index}` });
      remove.addEventListener("click", () => {
        this.parts.splice(this.parts.indexOf(part), 1);
        this.draw();
        $(`voice-${Math.min(index, this.parts.length - 1)}`).focus();
      });
      const weight = el("input", { type: "range", min: 5, max: 100, step: 5, value: part.part, id: `weight-${index}` });
      weight.addEventListener("input", () => {
        part.part = Number(weight.value);
        this.changed();
      });
      const shown = el("output", { className: "number muted", id: `share-${index}`, htmlFor: weight.id });
      row.append(remove, el("div", { className: "weight" }, weight, shown));
    } else row.append(about);
    return row;
  }

  options() {
    const groups = [
      ["Yours", (voice) => voice.origin === "user"],
      ["American", (voice) => voice.origin !== "user" && voice.accent === "american"],
      ["British", (voice) => voice.origin !== "user" && voice.accent === "british"],
    ];
    return groups.map(([label, holds]) => {
      const voices = this.usable.filter(holds);
      const options = voices.map(({ name }) => el("option", { value: name, textContent: capital(name) }));
      return options.length ? el("optgroup", { label }, ...options) : null;
    }).filter(Boolean);
  }

  changed() {
    const shares = this.shares;
    this.parts.forEach((part, index) => {
      const text = `${Math.round(100 * shares[index])} %`;
      if ($(`share-${index}`)) $(`share-${index}`).textContent = text;
      $(`weight-${index}`)?.style.setProperty("--to", (part.part - 5) / 95);
      $(`weight-${index}`)?.setAttribute("aria-valuetext", text);
      $(`weight-${index}`)?.setAttribute("aria-label", `Weight of ${part.name}`);
      $(`remove-${index}`)?.setAttribute("aria-label", `Remove ${part.name} from the mix`);
      // Nobody can be mixed with themselves.
      const taken = new Set(this.parts.map(({ name }) => name));
      for (const option of $(`voice-${index}`).options) option.disabled = option.value !== part.name && taken.has(option.value);
    });
    memory.set("mix", this.parts);
  }
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

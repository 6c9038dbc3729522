// The list of voices, and deleting one's own.

import { $, confirmed, el, tell } from "./dom.js";
import { json, send } from "./api.js";
import { capital } from "./mix.js";

export class VoiceList {
  /// - Parameters: what to do with the voices once they are known, and with one that somebody wants to hear.
  constructor(known, use) {
    Object.assign(this, { known, use, voices: [] });
  }

  async load() {
    try {
      this.voices = (await json("/v1/voices")).data;
    } catch (error) {
      tell($("problem"), error.message);
      return;
    }
    this.draw();
    this.known(this.voices);
  }

  has(name) { return this.voices.some((voice) => voice.name === name && voice.origin === "user"); }

  draw() {
    const own = this.voices.filter((voice) => voice.origin === "user");
    const bundled = this.voices.filter((voice) => voice.origin !== "user");
    const none = el("li", {}, el("span", { className: "muted", textContent: "None yet. Voices that you clone appear here." }));
    $("own-voices").replaceChildren(...(own.length ? own.map((voice) => this.row(voice)) : [none]));
    $("bundled-voices").replaceChildren(...bundled.map((voice) => this.row(voice)));
  }

  row(voice) {
    const isOwn = voice.origin === "user";
    const shown = isOwn ? voice.name : capital(voice.name);
    const about = voice.problem ?? [voice.accent && capital(voice.accent), voice.gender, voice.description].filter(Boolean).join(", ");
    const speak = el("button", { type: "button", textContent: "Use", disabled: Boolean(voice.problem), "aria-label": `Speak with ${shown}` });
    speak.addEventListener("click", () => this.use(voice.name));
    const row = el("li", {},
      el("span", { className: "what" }, el("strong", { textContent: shown }), el("small", { className: "muted", textContent: about })), speak);
    if (isOwn) {
      const remove = el("button", { type: "button", textContent: "Delete", "aria-label": `Delete ${shown}` });
      remove.addEventListener("click", () => this.remove(voice.name));
      row.append(remove);
    }
    return row;
  }

  async remove(name) {
    const sure = await confirmed(`Delete the voice “${name}”?`, "Its profile and its consent statement are deleted from the server. This cannot be undone.", "Delete it");
    if (!sure) return;
    tell($("problem"), "");
    try {
      await send(`/v1/voices/${encodeURIComponent(name)}`, { method: "DELETE" });
    } catch (error) {
      tell($("problem"), error.message);
    }
    await this.load();
    // The button that had the focus is gone.
    ($("own-voices").querySelector("button") ?? $("voice-name")).focus();
  }
}

// The choice of the text's language, where the server speaks more than English.

import { $, el, memory } from "./dom.js";

const names = new Intl.DisplayNames(["en"], { type: "language" });

export class LanguageMenu {
  constructor() {
    $("language").addEventListener("change", () => memory.set("language", $("language").value));
  }

  /// The list of `GET /v1/voices`.
  set all(voices) {
    const spoken = new Set(voices.flatMap((voice) => voice.languages ?? []));
    const others = [...spoken].filter((tag) => !tag.startsWith("en"));
    const choices = [["", "English"], ["auto", "Detect"], ...others.map((tag) => [tag, names.of(tag)])];
    $("language").replaceChildren(...choices.map(([value, textContent]) => el("option", { value, textContent })));
    const last = memory.get("language", "");
    if (choices.some(([value]) => value === last)) $("language").value = last;
    $("language-field").hidden = !others.length;
  }

  /// As the API takes it; undefined for the English of the voice.
  get value() { return $("language").value || undefined; }
}

// Puts the views together: navigation, colors, keys.

import { $, memory, open } from "./dom.js";
import { EnrollView } from "./enroll.js";
import { SpeakView } from "./speak.js";
import { VoiceList } from "./voices.js";

const speak = new SpeakView();
const list = new VoiceList((voices) => { speak.mix.all = speak.language.all = voices; }, use);
const enroll = new EnrollView(list, use);

/// Goes back to the text with a voice.
function use(name) {
  speak.mix.choose(name);
  location.hash = "speak";
  $("text").focus();
}

// Views

function show() {
  const name = location.hash === "#voices" ? "voices" : "speak";
  for (const view of ["speak", "voices"]) {
    $(view).hidden = view !== name;
    if (view === name) $(`nav-${view}`).ariaCurrent = "page";
    else $(`nav-${view}`).ariaCurrent = null;
  }
  document.title = name === "voices" ? "Voices – Starling Studio" : "Starling Studio";
  if (name === "voices") enroll.reading.load();
  else enroll.recorder.stop();
  $("problem").hidden = true;
  speak.timeline.fit();
}
addEventListener("hashchange", () => { show(); scrollTo(0, 0); });
show();
list.load();

// Colors

const themes = { auto: ["Auto", "as the system"], light: ["Light", "light"], dark: ["Dark", "dark"] };

function colors(theme) {
  const [label, words] = themes[theme];
  $("theme-name").textContent = label;
  $("theme").ariaLabel = `Colors: ${words}`;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

let theme = document.documentElement.dataset.theme ?? "auto";
colors(theme);
$("theme").addEventListener("click", () => {
  const names = Object.keys(themes);
  theme = names[(names.indexOf(theme) + 1) % names.length];
  try {
    localStorage.setItem("starling.theme", theme);
  } catch {
    // Forgotten with the tab.
  }
  colors(theme);
});

// Keys

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);
$("go-key").textContent = isMac ? "⌘ ↵" : "Ctrl ↵";
for (const key of document.querySelectorAll("kbd.command")) key.textContent = isMac ? "⌘" : "Ctrl";

$("show-keys").addEventListener("click", () => open($("keys")));
$("single-keys").checked = memory.get("single-keys", true);
$("single-keys").addEventListener("change", () => memory.set("single-keys", $("single-keys").checked));

const keys = {
  k: () => speak.toggle(),
  j: () => speak.step(-1),
  l: () => speak.step(1),
  t: () => { location.hash = "speak"; $("text").focus(); },
  v: () => { location.hash = "speak"; $("voice-0")?.focus(); },
  "+": () => speak.timeline.zoom(1.5),
  "=": () => speak.timeline.zoom(1.5),
  "-": () => speak.timeline.zoom(1 / 1.5),
  0: () => speak.timeline.zoom(0),
  "?": () => open($("keys")),
};

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !$("speak").hidden) {
    event.preventDefault();
    speak.speak();
  } else if (event.key === "Escape") speak.stop();
  else if (!event.ctrlKey && !event.metaKey && !event.altKey && $("single-keys").checked) {
    if (event.target.closest("textarea, select, input:not([type=range], [type=checkbox])")) return;
    const action = keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  }
});

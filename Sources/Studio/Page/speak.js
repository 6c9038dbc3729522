// The view that speaks: text and voice in, sound and its picture out.

import { $, memory, tell } from "./dom.js";
import { Refusal, speak } from "./api.js";
import { download } from "./downloads.js";
import { Face } from "./face.js";
import { LanguageMenu } from "./language.js";
import { Mix } from "./mix.js";
import { Player } from "./player.js";
import { Take } from "./take.js";
import { Timeline } from "./timeline.js";

const greeting = "The old harbor lay quiet that morning. Have you ever heard a starling sing? It borrows the voices of others, and makes them its own.";

export class SpeakView {
  constructor() {
    this.mix = new Mix();
    this.language = new LanguageMenu();
    this.player = new Player(() => this.update());
    this.face = new Face($("face"));
    this.timeline = new Timeline((seconds) => this.playFrom(seconds));
    this.running = null;
    this.take = null;

    const text = $("text");
    text.value = memory.get("text", greeting);
    text.addEventListener("input", () => this.count());
    this.count();
    for (const id of ["speed", "pitch"]) {
      const value = memory.get(id, null);
      if (Number.isFinite(value)) $(id).value = value;
      $(id).addEventListener("input", () => this.slid());
      $(id).addEventListener("dblclick", () => { $(id).value = id === "speed" ? 1 : 0; this.slid(); });
    }
    this.slid();

    $("compose").addEventListener("submit", (event) => { event.preventDefault(); this.speak(); });
    $("stop").addEventListener("click", () => this.stop());
    $("play").addEventListener("click", () => this.toggle());
    $("zoom-in").addEventListener("click", () => this.timeline.zoom(1.5));
    $("zoom-out").addEventListener("click", () => this.timeline.zoom(1 / 1.5));
    $("zoom-fit").addEventListener("click", () => this.timeline.zoom(0));
    $("downloads").addEventListener("click", (event) => {
      const format = event.target.dataset?.format;
      if (format) this.download(format);
    });
    // The audio device wakes while the finger is still down.
    for (const type of ["pointerdown", "keydown"]) {
      addEventListener(type, () => this.player.wake(), { once: true, capture: true });
    }
    this.update();
  }

  count() {
    const text = $("text").value;
    const count = [...text].length;
    $("count").textContent = `${count.toLocaleString("en")} ${count === 1 ? "character" : "characters"}`;
    memory.set("text", text);
  }

  slid() {
    const [speed, pitch] = [Number($("speed").value), Number($("pitch").value)];
    $("speed-shown").textContent = `${speed.toFixed(2)} ×`;
    $("pitch-shown").textContent = `${pitch > 0 ? "+" : pitch < 0 ? "−" : ""}${Math.abs(pitch)} st`;
    $("speed").setAttribute("aria-valuetext", `${speed} times`);
    $("pitch").setAttribute("aria-valuetext", `${pitch} semitones`);
    // How much of the track is filled: from the left, and from the middle.
    $("speed").style.setProperty("--to", (speed - 0.5) / 1.5);
    $("pitch").style.setProperty("--from", Math.min(0.5, (pitch + 12) / 24));
    $("pitch").style.setProperty("--to", Math.max(0.5, (pitch + 12) / 24));
    memory.set("speed", speed);
    memory.set("pitch", pitch);
  }

  get request() {
    return {
      model: "starling", input: $("text").value, voice: this.mix.expression, language: this.language.value,
      speed: Number($("speed").value), pitch: Number($("pitch").value),
    };
  }

  async speak() {
    this.stop();
    tell($("problem"), "");
    if (!$("text").value.trim()) {
      tell($("problem"), "There is no text yet; write something to hear it.");
      $("text").focus();
      return;
    }
    const begun = performance.now();
    const running = new AbortController();
    const take = new Take(this.request);
    Object.assign(this, { running, take });
    this.say("Speaking …");
    this.timeline.show(take);
    this.player.start(take);
    try {
      let isDue = false;
      await speak(take.request, {
        signal: running.signal,
        sentence: (times) => take.add(times),
        face: (frames) => take.addFace(frames),
        samples: (pcm) => {
          if (this.take !== take) return;
          take.append(pcm);
          if (this.player.take === take) this.player.pump();
          if (this.player.firstSound !== null && take.firstSound === undefined) {
            take.firstSound = this.player.firstSound - begun;
            this.say(`First sound after ${Math.round(take.firstSound)} ms`);
          }
          // The picture follows with the screen, not with the network.
          if (!isDue) requestAnimationFrame(() => { isDue = false; this.picture(take); });
          isDue = true;
        },
      });
      take.finish();
    } catch (error) {
      // Of a take that another has replaced nothing is told.
      if (this.take === take) {
        const isStopped = error.name === "AbortError";
        this.say(isStopped ? "Stopped" : "");
        if (!isStopped) tell($("problem"), error.message);
      }
      if (error.name !== "AbortError" && !(error instanceof Refusal)) console.error(error);
      // What has arrived stays, and can be heard and looked at.
      take.finish();
      take.isCut = true;
    } finally {
      if (this.running === running) this.running = null;
      if (this.take === take) {
        this.timeline.changed();
        if (!take.length) this.player.clear();
      }
      this.update();
    }
  }

  picture(take) {
    if (this.take !== take) return;
    take.measure();
    this.timeline.changed();
  }

  /// Ends the sound, and the work for it on the server.
  stop() {
    this.running?.abort();
    this.running = null;
    if (this.player.isPlaying) this.player.pause();
    this.update();
  }

  toggle() {
    if (!this.take?.length) return;
    if (this.player.isPlaying) this.player.pause();
    else this.playFrom(this.player.take === this.take && this.player.resting < this.take.seconds - 0.05 ? this.player.resting : 0);
  }

  playFrom(seconds) {
    if (this.take?.length) this.player.start(this.take, seconds);
  }

  /// To the word before or after the present one.
  step(by) {
    if (!this.take?.words.length) return;
    const { words } = this.take;
    const present = this.take.wordAt(this.player.position + 0.001);
    const index = Math.max(0, Math.min(words.length - 1, present + by));
    this.playFrom(words[index].start);
  }

  async download(format) {
    const take = this.take;
    if (!take?.isWhole || take.isCut) return;
    tell($("problem"), "");
    this.say(`Preparing ${format.toUpperCase()} …`);
    try {
      const { name, bytes } = await download(take.request, format, take.length);
      this.say(`Saved ${name}, ${Math.max(1, Math.round(bytes / 1024)).toLocaleString("en")} KB`);
    } catch (error) {
      this.say("");
      tell($("problem"), error.message);
    }
  }

  say(text) { $("status").textContent = text; }

  update() {
    const { player, take, running } = this;
    const hasSound = Boolean(take?.length);
    $("stop").disabled = !running && !player.isPlaying;
    $("play").disabled = !hasSound;
    $("play").classList.toggle("playing", player.isPlaying);
    $("play").ariaLabel = player.isPlaying ? "Pause" : "Play";
    for (const button of $("downloads").children) button.disabled = !take?.isWhole || take.isCut;
    this.tick();
    if (player.isPlaying && !this.isTicking) {
      this.isTicking = true;
      const next = () => {
        this.tick();
        if (this.player.isPlaying) requestAnimationFrame(next);
        else this.isTicking = false;
      };
      requestAnimationFrame(next);
    }
  }

  tick() {
    const seconds = this.player.position;
    const whole = this.take?.seconds ?? 0;
    $("clock").textContent = whole ? `${seconds.toFixed(1)} / ${whole.toFixed(1)} s` : "0.0 s";
    this.timeline.point(seconds, this.player.isPlaying);
    this.face.show(this.take?.faceAt(seconds) ?? null);
    // Sound may have come since the buttons were set.
    if (whole && $("play").disabled) $("play").disabled = false;
  }
}

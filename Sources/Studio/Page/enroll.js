// Making a voice: recordings, consent, and what the server thought of them.

import { $, color, el, ready, tell } from "./dom.js";
import { enroll } from "./api.js";
import { Reading } from "./reading.js";
import { Recorder } from "./recorder.js";

export class EnrollView {
  /// - Parameters: the list of voices, and what to do with a voice that was made.
  constructor(list, use) {
    Object.assign(this, { list, use, samples: [] });
    this.recorder = new Recorder((peak, seconds) => this.level(peak, seconds), (blob, seconds) => this.reading.end(blob, seconds));
    this.reading = new Reading(this.recorder, (blob, seconds, read) => this.recorded(blob, seconds, read));
    $("give-up").addEventListener("click", () => this.giveUp?.abort());
    $("record").addEventListener("click", () => this.record());
    $("choose").addEventListener("click", () => $("files").click());
    $("files").addEventListener("change", () => { this.add([...$("files").files]); $("files").value = ""; });
    $("consent-fill").addEventListener("click", () => this.fill());
    $("enroll").addEventListener("submit", (event) => { event.preventDefault(); this.make(); });
    const drop = $("enroll");
    for (const type of ["dragenter", "dragover"]) {
      drop.addEventListener(type, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
    }
    for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => $("drop").classList.remove("over"));
    drop.addEventListener("drop", (event) => { event.preventDefault(); this.add([...event.dataTransfer.files]); });
    this.draw();
  }

  // Recordings

  async record() {
    tell($("enroll-problem"), "");
    if (this.recorder.isRecording) return this.recorder.stop();
    $("record").disabled = true;
    try {
      await this.recorder.start();
      $("record").textContent = "Stop recording";
      $("record").ariaPressed = "true";
      $("level").hidden = false;
      $("enroll-status").textContent = "Recording";
      this.reading.begin();
    } catch (error) {
      tell($("enroll-problem"), error.message);
    }
    $("record").disabled = false;
  }

  level(peak, seconds) {
    $("record-clock").textContent = `${seconds.toFixed(1)} s`;
    const { context, width, height } = ready($("level"));
    const share = Math.max(0, Math.min(1, 1 + (20 * Math.log10(peak + 1e-6)) / 48));
    context.fillStyle = color("--line");
    context.fillRect(0, height / 2 - 3, width, 6);
    context.fillStyle = color(peak > 0.98 ? "--wrong" : "--accent");
    context.fillRect(0, height / 2 - 3, width * share, 6);
  }

  /// - Parameter read: transcript, language and consent of a passage; undefined for something else
  recorded(blob, seconds, read) {
    $("record").textContent = "Record";
    $("record").ariaPressed = "false";
    $("level").hidden = true;
    $("record-clock").textContent = "";
    $("enroll-status").textContent = `Recorded ${seconds.toFixed(1)} seconds`;
    const count = this.samples.filter((sample) => sample.isOwn).length + 1;
    this.samples.push({ blob, name: `recording-${count}.wav`, isOwn: true, ...read });
    if (read && !$("consent").value.trim()) $("consent").value = read.consent;
    this.draw();
    $("record").focus();
  }

  add(files) {
    for (const file of files) this.samples.push({ blob: file, name: file.name });
    tell($("enroll-problem"), "");
    this.draw();
  }

  draw() {
    $("samples").replaceChildren(...this.samples.map((sample, index) => {
      sample.url ??= URL.createObjectURL(sample.blob);
      const remove = el("button", { type: "button", textContent: "Remove", "aria-label": `Remove ${sample.name}` });
      remove.addEventListener("click", () => {
        URL.revokeObjectURL(sample.url);
        this.samples.splice(index, 1);
        this.draw();
        $("record").focus();
      });
      const size = `${Math.max(1, Math.round(sample.blob.size / 1024)).toLocaleString("en")} KB`;
      return el("li", {},
        el("span", { className: "what" }, el("strong", { textContent: sample.name }), el("small", { className: "muted", textContent: size })),
        el("audio", { controls: true, src: sample.url, preload: "metadata", "aria-label": `Listen to ${sample.name}` }), remove);
    }));
    $("samples").hidden = !this.samples.length;
  }

  // Consent

  fill() {
    const field = $("consent");
    field.value = "I, NAME, agree that this voice is made from my recordings.";
    field.focus();
    // The part that only the person knows is ready to be typed over.
    field.setSelectionRange(3, 7);
  }

  // Making

  /// What is missing, and where.
  gap() {
    const name = $("voice-name").value.trim();
    if (!name) return [$("voice-name"), "the voice has no name yet; give it one"];
    if (!/^[A-Za-z0-9_-]+$/.test(name)) return [$("voice-name"), `“${name}” is not a valid voice name; use letters, digits, - and _`];
    if (!this.samples.length) return [$("record"), "there is no recording yet; record one, or choose files"];
    const consent = $("consent").value.trim();
    if (!consent) return [$("consent"), "the speaker's consent is missing; write who agreed, and to what"];
    if (/\bNAME\b/.test(consent)) return [$("consent"), "put the speaker's name in place of NAME"];
    return null;
  }

  async make() {
    this.recorder.stop();
    tell($("enroll-problem"), "");
    for (const id of ["voice-name", "consent"]) $(id).removeAttribute("aria-invalid");
    const gap = this.gap();
    if (gap) {
      tell($("enroll-problem"), gap[1]);
      if ("value" in gap[0] && gap[0] !== $("record")) gap[0].ariaInvalid = "true";
      gap[0].focus();
      return;
    }
    const form = new FormData();
    form.append("name", $("voice-name").value.trim());
    form.append("consent", $("consent").value.trim());
    form.append("accent", $("voice-accent").value);
    if ($("sure").checked) form.append("one_person", "true");
    if ($("adapt").checked) form.append("adapt", "true");
    for (const { blob, name, transcript, language } of this.samples) {
      form.append("recording", blob, name);
      if (!transcript) continue;
      form.append("transcript", new Blob([transcript], { type: "text/plain" }), name.replace(/wav$/, "txt"));
      form.set("language", language.startsWith("en") ? "" : language);
    }
    $("make").disabled = true;
    $("report").hidden = true;
    this.giveUp = new AbortController();
    $("give-up").hidden = false;
    this.progress({ stage: "listening" });
    try {
      const voice = await enroll(form, (event) => this.progress(event), this.giveUp.signal);
      this.reading.understood(voice.adaptation);
      for (const sample of this.samples) URL.revokeObjectURL(sample.url);
      this.samples = [];
      this.draw();
      $("voice-name").value = $("consent").value = "";
      $("sure").checked = false;
      $("sure-choice").hidden = true;
      await this.list.load();
      this.report(voice);
    } catch (error) {
      if (error.name === "AbortError") return;
      // Hints at the command's options help nobody here.
      tell($("enroll-problem"), error.message.replace(", or add --one-person if only one person speaks", "").replace(/; add --consent.*/, "; write it below the recordings"));
      if (error.code === "several_people") $("sure-choice").hidden = false;
    } finally {
      $("make").disabled = false;
      $("give-up").hidden = $("making").hidden = true;
      $("enroll-status").textContent = "";
    }
  }

  progress({ stage, done, seconds_left: left }) {
    const words = { waiting: "Waiting for other voices …", listening: "Listening …" };
    $("making").hidden = stage !== "adapting";
    if (done !== undefined) $("making").value = done;
    $("enroll-status").textContent = words[stage] ?? `Adapting, ${Math.ceil(left)} s left`;
  }

  /// What became of adapting, in a sentence; nothing if nobody asked for it.
  adapted({ adaptation, spoken_consent: spoken }) {
    if (!adaptation) return [];
    const sentences = [adaptation.kept_because
      ? `It was not adapted: ${adaptation.kept_because}`
      : `It was adapted to ${Math.round(adaptation.seconds)} s of speech`];
    if (spoken) sentences.push("The consent was heard");
    return sentences;
  }

  report(voice) {
    const { name, report } = voice;
    const kilohertz = (report.bandwidth / 1000).toFixed(1);
    const facts = [
      ["Speech", `${report.speech_seconds.toFixed(1)} s`],
      ["Signal to noise", report.signal_to_noise >= 60 ? "60 dB or more" : `${Math.round(report.signal_to_noise)} dB`],
      ["Bandwidth", `${kilohertz} kHz`],
      ["Clipped", report.clipping >= 0.001 ? `${(100 * report.clipping).toFixed(1)} %` : "None"],
    ];
    const use = el("button", { type: "button", className: "primary", textContent: `Speak with ${name}` });
    use.addEventListener("click", () => this.use(name));
    const grades = { good: "Good recordings", fair: "Fair recordings", poor: "Poor recordings" };
    $("report").replaceChildren(
      el("header", {}, el("h3", { id: "report-title", textContent: `The voice “${name}” is ready` }),
        el("span", { className: `grade ${report.grade}`, textContent: grades[report.grade] ?? report.grade })),
      el("dl", { className: "facts" }, ...facts.map(([term, value]) => el("div", {}, el("dt", { textContent: term }), el("dd", { textContent: value })))),
      el("ul", { className: "notes" },
        ...[...this.adapted(voice), ...report.warnings.map((warning) => warning.text ?? warning)]
          .map((line) => el("li", { textContent: sentence(line) }))),
      el("div", { className: "actions start" }, use));
    $("report").setAttribute("aria-labelledby", "report-title");
    $("report").hidden = false;
    $("report").focus();
  }
}

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

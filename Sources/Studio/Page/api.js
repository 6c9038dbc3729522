// The server's API: requests with the token, errors as one line, speech as a stream.

import { $, open, tell } from "./dom.js";

/// What the server refused, in its own words.
export class Refusal extends Error {
  constructor(message, status, code) {
    super(message);
    Object.assign(this, { status, code });
  }
}

const tokenKey = "starling.token";
let asking = null;

/// Asks for the token, once for all requests that wait for it. Null when the person would rather not.
function askForToken(hasFailed) {
  asking ??= new Promise((resolve) => {
    const dialog = $("token");
    $("token-form").onsubmit = (event) => {
      event.preventDefault();
      dialog.close($("token-value").value.trim());
    };
    dialog.addEventListener("close", () => {
      $("token-value").value = "";
      asking = null;
      resolve(dialog.returnValue || null);
    }, { once: true });
    tell($("token-problem"), hasFailed ? "the server rejected this token; try another" : "");
    open(dialog);
  });
  return asking;
}

async function refusal(response) {
  let error;
  try {
    error = (await response.json()).error;
  } catch {
    // No JSON: a proxy in between may have answered.
  }
  const message = error?.message ?? `the server answered with status ${response.status}`;
  return new Refusal(message, response.status, error?.code);
}

/// Sends a request, to a path that lies where the page does, and returns the good answer, or throws a `Refusal`.
export async function send(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(tokenKey);
    const headers = new Headers(options.headers);
    if (token) headers.set("Authorization", `Bearer ${token}`);
    let response;
    try {
      response = await fetch(new URL(`.${path}`, document.baseURI), { ...options, headers, cache: "no-store", redirect: "error" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refusal("the server does not respond; check that starling serve is running", 0, "unreachable");
    }
    if (response.ok) return response;
    const error = await refusal(response);
    if (response.status !== 401) throw error;
    // Another request may have brought a new token meanwhile.
    if (sessionStorage.getItem(tokenKey) === token) {
      const given = await askForToken(token !== null);
      if (!given) throw error;
      sessionStorage.setItem(tokenKey, given);
    }
  }
}

export const json = async (path, options) => (await send(path, options)).json();

export const post = (path, body, signal) =>
  send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });

/// Speaks, and hands over what comes: `sentence(times)`, `face(frames)`, `samples(Int16Array)`.
export async function speak(request, { sentence, face, samples, signal }) {
  const response = await post(
    "/v1/speech/timings", { ...request, response_format: "pcm", stream_format: "sse", f0: true, blendshapes: true }, signal);
  let odd = null;
  let finished = false;
  for await (const event of events(response.body)) {
    if (event.type === "speech.sentence") sentence(event);
    else if (event.type === "speech.blendshapes") face(event);
    else if (event.type === "speech.audio.delta") {
      let bytes = decode(event.audio);
      if (odd !== null) bytes = Uint8Array.of(odd, ...bytes);
      const whole = bytes.length & ~1;
      odd = whole < bytes.length ? bytes[whole] : null;
      samples(new Int16Array(bytes.slice(0, whole).buffer));
    } else if (event.type === "speech.audio.done") finished = true;
    else if (event.type === "error") throw new Refusal(event.error.message, 0, event.error.code);
  }
  if (!finished) throw new Refusal("the speech was interrupted; try again", 0, "broken_off");
}

/// Makes a voice of a form, and tells how far it is: `progress(event)`. Aborting the signal gives it up.
export async function enroll(form, progress, signal) {
  form.append("stream_format", "sse");
  const response = await send("/v1/voices", { method: "POST", body: form, signal });
  for await (const event of events(response.body)) {
    if (event.type === "voice.progress") progress(event);
    else if (event.type === "voice.created") return event;
    else if (event.type === "error") throw new Refusal(event.error.message, 0, event.error.code);
  }
  throw new Refusal("the server stopped before the voice was finished; try again", 0, "broken_off");
}

/// Server-sent events whose data is JSON, as they arrive.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) if (line.startsWith("data: ")) yield JSON.parse(line.slice(6));
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof SyntaxError) throw error;
    throw new Refusal("the response was incomplete; try again", 0, "broken_off");
  } finally {
    reader.cancel().catch(() => {});
  }
}

function decode(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

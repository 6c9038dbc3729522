// Files of what was said. The server streams, so its headers cannot tell the length; a file that is kept should.

import { el } from "./dom.js";
import { post } from "./api.js";

/// Speaks a request again as a file: equal requests give equal speech.
export async function download(request, format, samples) {
  const response = await post("/v1/audio/speech", { ...request, response_format: format });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (format === "wav") completeWAV(bytes);
  if (format === "flac") completeFLAC(bytes, samples);
  const url = URL.createObjectURL(new Blob([bytes], { type: response.headers.get("Content-Type") }));
  const name = `${fileName(request.input)}.${format}`;
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return { name, bytes: bytes.length };
}

/// The first words, as a name that every file system takes.
function fileName(text) {
  const words = text.replace(/<[^>]*>/g, " ").normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  return words.slice(0, 5).join("-").toLowerCase().slice(0, 40) || "speech";
}

/// Fills in the sizes of a RIFF file that was written without knowing its end.
export function completeWAV(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x52494646) return;
  view.setUint32(4, bytes.length - 8, true);
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    if (view.getUint32(at) === 0x64617461 && size > bytes.length - at - 8) {
      view.setUint32(at + 4, bytes.length - at - 8, true);
      return;
    }
    at += 8 + size + (size & 1);
  }
}

/// Fills in the number of samples in STREAMINFO, 36 bits from byte 21's lower half on.
export function completeFLAC(bytes, samples) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 42 || view.getUint32(0) !== 0x664c6143 || (bytes[4] & 0x7f) !== 0) return;
  bytes[21] = (bytes[21] & 0xf0) | (Math.floor(samples / 2 ** 32) & 0x0f);
  view.setUint32(22, samples % 2 ** 32);
}

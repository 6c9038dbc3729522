"""Turns LibriSpeech into a corpus of real speakers in the layout of corpus.py: cut, phonemized, aligned, tracked.

    pip install hibari-tts soxr
    python -m starling_training.librispeech configs/librispeech.json ALIGNER.pt OUT_DIR HELD_OUT_DIR SOURCE [SOURCE ...]

A source is a folder in LibriSpeech's own layout, or one with a manifest.tsv of file, speaker, seconds and text; the first
source that has a clip is used. Speakers held out for evaluation go to their own folder. A transcript has neither
punctuation nor capitals; a comma is put where the reader pauses, and a full stop or a comma, by the fall of F0, at the
end of a piece, so that pauses are tokens as they are in the teacher's corpus. Chapters recorded upside down are turned
over, and all are brought to one level. The clips come in random order and the manifests are rewritten every 100 clips, so
that the corpus can be used before it is complete.

Units are of 25 ms (600 samples at 24 kHz).
"""

import glob
import json
import os
import sys
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr
import torch

from . import aligner, f0
from .signal import DURATION_UNIT, HOP, SAMPLE_RATE
from .symbols import IDS, encode

UNIT = HOP * DURATION_UNIT  # samples at SAMPLE_RATE
RATE = 16_000  # Hz of the sources
UNITS_PER_SECOND = SAMPLE_RATE / UNIT
PAUSE = 6  # units; a silence this long at a word gap becomes a comma
LONG_PAUSE = 28  # units; pieces holding a longer one are avoided
PIECE = (3.0, 7.0, 14.0)  # seconds: shortest, wanted and longest piece
MARGIN = 12  # units of silence kept at either end of a piece, at most
LONGEST_TOKEN = 32  # units; a longer one, pads included, means a wrong transcript or alignment


@dataclass
class Clip:
    name: str
    speaker: str
    path: str
    text: str


def clips(sources):
    """Every clip of the sources; the first source that has a clip wins."""
    seen = set()
    for source in sources:
        for clip in from_manifest(source) if os.path.exists(f"{source}/manifest.tsv") else from_transcripts(source):
            if clip.name not in seen and os.path.exists(clip.path):
                seen.add(clip.name)
                yield clip


def from_transcripts(source):
    for path in sorted(glob.glob(f"{source}/**/*.trans.txt", recursive=True)):
        for line in open(path, encoding="utf8"):
            name, text = line.strip().split(" ", 1)
            yield Clip(name, name.split("-")[0], f"{os.path.dirname(path)}/{name}.flac", text)


def from_manifest(source):
    for line in open(f"{source}/manifest.tsv", encoding="utf8"):
        file, speaker, _, text = line.rstrip("\n").split("\t")
        if file != "file":
            yield Clip(os.path.splitext(os.path.basename(file))[0], speaker, f"{source}/{file}", text)


def sentence_case(text: str) -> str:
    words = ["I" + w[1:] if w == "i" or w.startswith("i'") else w for w in text.lower().split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]]) if words else ""


def phonemized_words(g2p, text: str):
    """(text, phonemes) of every word between spaces; one without phonemes joins the word before."""
    words, written, spoken = [], "", ""
    tokens = g2p.phonemize_tokens(g2p.tokenize(text))
    for token in tokens:
        written, spoken = written + token.text, spoken + "".join(c for c in token.phonemes or "" if c in IDS)
        if not token.whitespace and token is not tokens[-1]:
            continue
        if spoken.strip() or not words:
            words.append((written, spoken.strip()))
        else:
            words[-1] = (f"{words[-1][0]} {written}", words[-1][1])
        written, spoken = "", ""
    return words


def silent_runs(samples: np.ndarray, units: int):
    """(start, end) in units of every stretch of silence of at least PAUSE units; samples at RATE."""
    size = RATE // 40
    padded = np.pad(samples, (0, max(0, units * size - len(samples))))[: units * size]
    level = 10 * np.log10((padded.reshape(units, size) ** 2).mean(1) + 1e-9)
    quiet, loud = np.percentile(level, 4), np.percentile(level, 90)
    silent = level < max(quiet + min(0.3 * (loud - quiet), 12.0), loud - 45.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]).astype(np.int8)))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2]) if b - a >= PAUSE]


class Preparation:
    def __init__(self, model, g2p):
        self.model, self.g2p = model, g2p

    def align(self, tokens, optional, samples):
        """Units per token, the score lost against the best token of every unit (nats per unit), and the unit count."""
        logs, begins = aligner.scores(self.model, aligner.power_spectrum(samples, RATE))
        found = aligner.viterbi(tokens, optional, logs, begins)
        if found is None:
            return None
        durations, _ = found
        spoken = np.repeat(np.asarray(tokens), durations)
        return durations, float((logs.max(1) - logs[np.arange(len(logs)), spoken]).mean())

    def pauses(self, words, samples):
        """Silences between words as (gap, start, end); gap i is after word i, -1 the lead-in. None if misaligned."""
        tokens, optional, gaps = [0], [False], []
        for i, (_, phonemes) in enumerate(words):
            if i:
                tokens += [aligner.COMMA, aligner.SPACE]
                optional += [True, False]
            start = len(tokens)
            ids = encode(phonemes)[1:-1]
            tokens, optional = tokens + ids, optional + [False] * len(ids)
            gaps.append((start, len(tokens)))
        tokens, optional = tokens + [IDS["."], 0], optional + [False, False]
        aligned = self.align(tokens, optional, samples)
        if aligned is None:
            return None
        ends = np.concatenate([[0], np.cumsum(aligned[0])])
        out = []
        for start, end in silent_runs(samples, int(ends[-1])):
            best, most = None, 0
            for i in range(-1, len(words)):  # the silence after a word may be booked on its last phoneme
                low = ends[gaps[i][1] - 1] if i >= 0 else 0
                high = ends[gaps[i + 1][0] + 1] + 2 if i + 1 < len(words) else ends[-1]
                overlap = min(end, high) - max(start, low)
                if overlap > most:
                    best, most = i, overlap
            if best is not None and most >= 0.4 * (end - start):
                out.append((best, int(start), int(end)))
            elif end - start > 2 * PAUSE:
                return None  # a long silence inside a word
        return out

    def pieces(self, words, samples):
        """(words, gaps that are pauses, first unit, last unit) of the pieces a clip falls into."""
        total = len(samples) * 40 // RATE
        found = self.pauses(words, samples)
        if found is None:
            return
        inner = [p for p in found if 0 <= p[0] < len(words) - 1]
        lead = max([e for g, _, e in found if g == -1], default=0)
        tail = min([s for g, s, _ in found if g == len(words) - 1], default=total)
        cuts = [(-1, 0, max(0, lead - MARGIN))]  # gap, where the piece before ends, where the next begins
        cuts += [(g, min(s + MARGIN, (s + e) // 2), max(e - MARGIN, (s + e) // 2)) for g, s, e in inner]
        cuts += [(len(words) - 1, min(total, tail + MARGIN), total)]
        best = {0: (0.0, None)}
        for j in range(1, len(cuts)):
            for i in range(j):
                if i not in best:
                    continue
                seconds = (cuts[j][1] - cuts[i][2]) / 40
                if seconds > PIECE[2] or seconds < 0.5:
                    continue
                pause = 0 if j == len(cuts) - 1 else inner[j - 1][2] - inner[j - 1][1]
                held = sum(e - s > LONG_PAUSE for _, s, e in inner[i : j - 1])
                cost = best[i][0] + ((seconds - PIECE[1]) / 3) ** 2 + 8 / (pause + 4) + 4 * held
                cost += 4 * (seconds < PIECE[0])
                if j not in best or cost < best[j][0]:
                    best[j] = (cost, i)
        at = len(cuts) - 1
        if at not in best:
            return
        chain = []
        while at:
            chain.append((best[at][1], at))
            at = best[at][1]
        for i, j in reversed(chain):
            inside = {cuts[k][0] for k in range(i + 1, j)}
            first, last = cuts[i][0] + 1, cuts[j][0]
            yield words[first : last + 1], {g - first for g in inside}, cuts[i][2], cuts[j][1]

    def prepare(self, clip: Clip, factor: float = 1.0):
        """The pieces of a clip as (manifest row, samples at SAMPLE_RATE, F0, phase); rejected ones as a string."""
        samples = read(clip.path) * np.float32(factor)
        words = phonemized_words(self.g2p, sentence_case(clip.text))
        pieces = list(self.pieces(words, samples))
        if not pieces:
            yield "no alignment"
        stopped = True
        for index, (part, gaps, first, last) in enumerate(pieces):
            last = min(last, len(samples) * 40 // RATE)
            cut = fade(samples[first * RATE // 40 : last * RATE // 40])
            audio = soxr.resample(cut, RATE, SAMPLE_RATE, quality="VHQ")
            audio = np.pad(audio, (0, max(0, (last - first) * UNIT - len(audio))))[: (last - first) * UNIT]
            audio *= min(1.0, 0.98 / max(float(np.abs(audio).max()), 1e-3))
            pitch, phase = f0.track(audio, SAMPLE_RATE)
            text = "".join(w + (", " if i in gaps else " ") for i, (w, _) in enumerate(part)).strip()
            text = text[:1].upper() + text[1:] if stopped else text
            stopped = falls(pitch)
            text += "." if stopped else ","
            phonemes = "".join(c for c in self.g2p(text) if c in IDS)
            tokens = encode(phonemes)
            aligned = self.align(tokens, [False] * len(tokens), cut)
            if aligned is None:
                yield "too fast"
                continue
            durations, loss = aligned
            if durations.max() > LONGEST_TOKEN or durations.sum() * UNIT != len(audio):
                yield "misaligned"
                continue
            name = clip.name if len(pieces) == 1 else f"{clip.name}-{index}"
            yield dict(
                id=name, voice="ls" + clip.speaker, accent="us", text=text, phonemes=phonemes,
                durations=durations.tolist(), speed=1.0, seconds=round(len(audio) / SAMPLE_RATE, 3), rate=RATE,
                tracked=True, loss=round(loss, 4), source="librispeech",
            ), audio, pitch, phase


def read(path: str) -> np.ndarray:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = samples.mean(1)
    return samples if rate == RATE else soxr.resample(samples, rate, RATE, quality="VHQ")


def level(samples: np.ndarray, rate: int) -> float:
    """Mean power in dB of the 25 ms frames less than 30 dB below the loud ones."""
    size = rate // 40
    power = (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(1)
    return 10 * float(np.log10(power[power > 1e-3 * np.percentile(power, 95)].mean() + 1e-10))


def factors(everything: list[Clip], wanted: float, count: int = 4) -> dict[str, float]:
    """Per chapter (a clip's name without its number) what brings it to the wanted level in dB, glottal pulses up."""
    chapters = {}
    for clip in everything:
        chapters.setdefault(clip.name.rsplit("-", 1)[0], []).append(clip)
    out = {}
    for name, members in chapters.items():
        samples = [read(clip.path)[: 8 * RATE] for clip in members[:: max(1, len(members) // count)]]
        skewness = sum(f0.polarity(x, RATE) for x in samples)
        gain = 10 ** ((wanted - np.median([level(x, RATE) for x in samples])) / 20)
        out[name] = float(np.copysign(gain, skewness))
    return out


def fade(samples: np.ndarray, length: int = RATE // 100) -> np.ndarray:
    """10 ms ramps at both ends."""
    out = samples.copy()
    ramp = (np.arange(length, dtype=np.float32) + 0.5) / length
    out[:length] *= ramp
    out[-length:] *= ramp[::-1]
    return out


def falls(pitch: np.ndarray) -> bool:
    """Whether the last 0.2 s of voice lie in the lower third of the piece's F0."""
    voiced = pitch[pitch > 0]
    return len(voiced) > 40 and float(np.median(voiced[-16:])) < float(np.percentile(voiced, 33))


def write(folder, row, audio, pitch, phase):
    path = f"{folder}/{row['id']}"
    soundfile.write(path + ".flac", np.clip(audio, -1, 1), SAMPLE_RATE, subtype="PCM_16")
    np.save(path + ".npy", pitch)
    np.save(path + ".phase.npy", phase)


def main(config, checkpoint, output, held_out_output, sources):
    from hibari.g2p import G2P

    torch.set_num_threads(1)
    preparation = Preparation(aligner.load(checkpoint), G2P())
    folders, rows, rejected = {False: output, True: held_out_output}, {False: [], True: []}, {}
    for folder in folders.values():
        os.makedirs(folder, exist_ok=True)
    everything = list(clips(sources))
    factor = factors(everything, config["level"])
    print(f"{sum(s < 0 for s in factor.values())} of {len(factor)} chapters are turned over", flush=True)
    for count, index in enumerate(np.random.default_rng(config["seed"]).permutation(len(everything)), 1):
        clip = everything[index]
        apart = clip.speaker in config["held_out"]
        for result in preparation.prepare(clip, factor[clip.name.rsplit("-", 1)[0]]):
            if isinstance(result, str):
                rejected[result] = rejected.get(result, 0) + 1
                continue
            write(folders[apart], *result)
            rows[apart].append(result[0])
        if count % 100 == 0 or count == len(everything):
            print(f"{count} of {len(everything)} clips, rejected {rejected}", flush=True)
            write_manifests(folders, rows, config["drop"])


def write_manifests(folders, rows, drop):
    """Writes libri.jsonl in every folder, without the share of worst-aligned pieces."""
    limit = float(np.percentile([r["loss"] for r in rows[False]], 100 * (1 - drop)))
    for apart, folder in folders.items():
        kept = sorted((r for r in rows[apart] if r["loss"] <= limit), key=lambda r: r["id"])
        with open(f"{folder}/libri.jsonl.part", "w", encoding="utf8") as file:
            file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in kept)
        os.replace(f"{folder}/libri.jsonl.part", f"{folder}/libri.jsonl")
        print(f"{folder}: {len(kept)} of {len(rows[apart])} pieces, {sum(r['seconds'] for r in kept) / 3600:.2f} h, "
              f"{len({r['voice'] for r in kept})} speakers, loss up to {limit:.3f} nats per unit", flush=True)


if __name__ == "__main__":
    main(json.load(open(sys.argv[1])), *sys.argv[2:5], sys.argv[5:])

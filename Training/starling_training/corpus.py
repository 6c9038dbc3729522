"""Corpora on disk, packed once into memory-mapped arrays that every trainer reads.

    python -m starling_training.corpus PACK_DIR CORPUS_DIR [CORPUS_DIR ...]

A corpus is a folder with `*.jsonl` manifests (id, voice, phonemes, durations in 600-sample units with both pads, text),
`ID.flac` at 24 kHz and `ID.npy` with F0 in Hz at a 300-sample hop. A pack is a folder with
`samples.i16` [S], `mel.f16` [T, M], `f0.f32` [T], `phase.f32` [T] (cycles) and `index.json`: one row per utterance with
first frame, frame count, voice, language, tokens, durations in frames, and `top`, the number of mel bands that carry signal.
"""

import glob
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import soundfile
import torch

from .signal import DURATION_UNIT, HOP, MEL_BANDS, SAMPLE_RATE, frame_phase, log_mel
from .symbols import encode

BANDS_BELOW_7600 = 85  # mel bands that end below 7.6 kHz: what a 16 kHz recording can tell us

TEACHER_LEAD = 0.4  # frames by which the teacher's audio leads the phase summed from its F0 (greatest coherence of harmonics)


def read_manifests(folder: str):
    for path in sorted(glob.glob(f"{folder}/*.jsonl")):
        for line in open(path, encoding="utf8"):
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line of a corpus still being written


def load(job):
    """One utterance as (row, samples int16, mel, f0, phase), or None where files are missing or disagree."""
    torch.set_num_threads(1)
    folder, row = job
    try:
        samples, _ = soundfile.read(f"{folder}/{row['id']}.flac", dtype="float32")
        f0 = np.load(f"{folder}/{row['id']}.npy").astype(np.float32)
    except (OSError, soundfile.LibsndfileError, ValueError):
        return None
    frames = min(len(samples) // HOP, len(f0))
    durations = [d * DURATION_UNIT for d in row["durations"]]
    tokens = encode(row["phonemes"])
    if len(tokens) != len(durations) or sum(durations) != frames:
        return None
    samples, f0 = samples[: frames * HOP], f0[:frames]
    if row.get("tracked"):
        phase = np.load(f"{folder}/{row['id']}.phase.npy")[:frames]
    else:
        phase = np.mod(frame_phase(f0) + TEACHER_LEAD * f0 * HOP / SAMPLE_RATE, 1).astype(np.float32)
    mel = log_mel(torch.from_numpy(samples)[None])[0].T.numpy()
    entry = dict(
        id=row["id"], voice=row["voice"], text=row["text"], tokens=tokens, durations=durations, frames=frames,
        top=BANDS_BELOW_7600 if row.get("rate", 24_000) < 24_000 else MEL_BANDS, real=bool(row.get("tracked")),
        speed=row.get("speed", 1.0), language=row.get("language", "en"),
    )
    return entry, np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16), mel.astype(np.float16), f0, phase


def write_pack(target: str, rows):
    """Writes a pack of (row, samples int16, mel, f0, phase); returns how many there were, and their hours."""
    os.makedirs(target, exist_ok=True)
    names = ("samples.i16", "mel.f16", "f0.f32", "phase.f32")
    files = [open(f"{target}/{name}.part", "wb") for name in names]
    index, start = [], 0
    for entry, *arrays in rows:
        index.append(entry | dict(start=start))
        start += entry["frames"]
        for file, array in zip(files, arrays):
            file.write(np.ascontiguousarray(array).tobytes())
    for file, name in zip(files, names):
        file.close()
        os.replace(f"{target}/{name}.part", f"{target}/{name}")
    json.dump(index, open(f"{target}/index.json", "w"), ensure_ascii=False)
    return len(index), start * HOP / SAMPLE_RATE / 3600


def pack(target: str, folders: list[str], workers: int = 2):
    jobs = [(folder, row) for folder in folders for row in read_manifests(folder)]
    with ProcessPoolExecutor(workers) as pool:
        count, hours = write_pack(target, (x for x in pool.map(load, jobs, chunksize=16) if x is not None))
    print(f"{count} of {len(jobs)} utterances, {hours:.2f} h")


class Pack:
    """A packed corpus: rows of the index and slices of the arrays."""

    def __init__(self, folder: str):
        self.rows = json.load(open(f"{folder}/index.json"))
        self.samples = np.memmap(f"{folder}/samples.i16", np.int16, "r")
        self.mel = np.memmap(f"{folder}/mel.f16", np.float16, "r").reshape(-1, MEL_BANDS)
        self.f0 = np.memmap(f"{folder}/f0.f32", np.float32, "r")
        self.phase = np.memmap(f"{folder}/phase.f32", np.float32, "r")

        if os.path.exists(f"{folder}/predicted.f16"):
            self.predicted = np.memmap(f"{folder}/predicted.f16", np.float16, "r").reshape(-1, MEL_BANDS)

    def audio(self, start: int, frames: int) -> np.ndarray:
        """Samples in -1...1 of a run of frames, [frames * HOP]."""
        return self.samples[start * HOP : (start + frames) * HOP].astype(np.float32) / 32767


if __name__ == "__main__":
    pack(sys.argv[1], sys.argv[2:])

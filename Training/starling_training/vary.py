"""Makes further speakers out of a pack by playing its recordings faster or slower, F0 and formants with them.

    python -m starling_training.vary PACK_DIR OUT_PACK_DIR SEED LOW HIGH

Every voice becomes one to eight others, each with a factor of its own between LOW and HIGH on pitch and formants and each
with its share of the voice's utterances. Durations and F0 follow. Nothing above the recording's band is invented: where a
factor below 1 leaves the upper mel bands empty they do not count (`top`), so recordings of 16 kHz take factors from 1 up.
"""

import json
import os
import sys

import numpy as np
import soxr
import torch

from .corpus import BANDS_BELOW_7600, Pack
from .signal import DURATION_UNIT, HOP, MEL_BANDS, SAMPLE_RATE, log_mel

UTTERANCES_EACH = 5  # of a varied voice, about
MOST = 8  # varied voices per voice
EDGES = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 12_000 / 700), MEL_BANDS + 2) / 2595) - 1)  # Hz, of the mel bands


def boundaries(durations, factor: float) -> np.ndarray:
    """Ends of the tokens in frames, whole units of durations, after playing faster by `factor`; every token keeps a unit."""
    ends = np.rint(np.cumsum(durations) / factor / DURATION_UNIT).astype(int)
    least = np.arange(1, len(ends) + 1)
    return DURATION_UNIT * (np.maximum.accumulate(np.maximum(ends - least, 0)) + least)


def vary(pack: Pack, row: dict, factor: float):
    """The row and its samples, mel and F0 with pitch and formants `factor` times as high."""
    ends = boundaries(row["durations"], factor)
    frames = int(ends[-1])
    samples = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE * factor, SAMPLE_RATE, quality="HQ")
    samples = np.pad(samples, (0, max(0, frames * HOP - len(samples))))[: frames * HOP].astype(np.float32)
    mel = log_mel(torch.from_numpy(samples)[None])[0].T.numpy()
    source = np.minimum(((np.arange(frames) + 0.5) * factor).astype(int), row["frames"] - 1)
    f0 = np.array(pack.f0[row["start"] : row["start"] + row["frames"]])[source] * np.float32(factor)
    top = row["top"] if factor >= 1 else int(np.searchsorted(EDGES[2:], 12_000 * factor, side="right"))
    entry = row | dict(voice=f"{row['voice']}@{factor:.3f}", durations=np.diff(ends, prepend=0).tolist(), frames=frames, top=top)
    return entry, samples, mel, f0


def main(source, target, seed, low, high):
    torch.set_num_threads(1)
    pack, random = Pack(source), np.random.default_rng(int(seed))
    low, high = float(low), float(high)
    members = {}
    for row in pack.rows:
        members.setdefault(row["voice"], []).append(row)
    os.makedirs(target, exist_ok=True)
    names = ("samples.i16", "mel.f16", "f0.f32", "phase.f32")
    files = [open(f"{target}/{name}.part", "wb") for name in names]
    index, start, voices = [], 0, 0
    for voice, rows in members.items():
        count = min(MOST, max(1, len(rows) // UTTERANCES_EACH))
        steps = (np.arange(count) + random.random(count)) / count  # one in every part of the range
        factors = low * (high / low) ** steps
        voices += count
        for number, row in enumerate(rows):
            entry, samples, mel, f0 = vary(pack, row, float(factors[number % count]))
            if row["top"] < MEL_BANDS:
                entry["top"] = min(entry["top"], BANDS_BELOW_7600)
            index.append(entry | dict(start=start))
            start += entry["frames"]
            arrays = (np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16), mel.astype(np.float16), f0, np.zeros_like(f0))
            for file, array in zip(files, arrays):
                file.write(np.ascontiguousarray(array).tobytes())
    for file, name in zip(files, names):
        file.close()
        os.replace(f"{target}/{name}.part", f"{target}/{name}")
    json.dump(index, open(f"{target}/index.json", "w"), ensure_ascii=False)
    print(f"{voices} varied voices, {len(index)} utterances, {start / 80 / 3600:.2f} h")


if __name__ == "__main__":
    main(*sys.argv[1:])

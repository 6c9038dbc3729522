"""Speaker profiles: what is measured on each utterance, and how several utterances make one profile.

    python -m starling_training.profile PACK_DIR SPEAKER.pt

writes PACK_DIR/profiles.npz: `vectors` [U, 360] (unit embedding 256, mean and deviation of ln F0, ln rate, energy
deviation, average spectrum 100) and `known` [U, 360], zero where a number could not be measured.
"""

import json
import sys

import numpy as np
import soxr
import torch

from . import speaker, symbols
from .acoustic import EMBEDDING, ENERGY_SCALE, LEVEL, STATISTICS
from .corpus import BANDS_BELOW_7600, Pack
from .signal import MEL_BANDS, SAMPLE_RATE, VOICED_FROM

SPOKEN = {symbols.IDS[s] for s in symbols.SYMBOLS if s not in ';:,.!?—…"()“” ˈˌː'}  # tokens that take time of their own


def level_shift(mel: np.ndarray, f0: np.ndarray) -> np.float32:
    """What to add to a log mel [T, M] to bring its voiced frames to LEVEL."""
    voiced = f0 > VOICED_FROM
    return np.float32(LEVEL - mel[voiced, :BANDS_BELOW_7600].mean())


def log_rate(durations, tokens) -> float:
    """Logarithm of the mean frames per spoken phoneme."""
    return float(np.log(np.mean([d for d, t in zip(durations, tokens) if t in SPOKEN])))


def measure(mel, f0, durations, tokens, speed, top):
    """Statistics [4] and average spectrum [M] with what is known of each, from one utterance's arrays."""
    voiced = f0 > VOICED_FROM
    logs = np.log(f0[voiced])
    energy = mel[:, :BANDS_BELOW_7600].mean(1)
    spectrum = mel[voiced].mean(0)
    spectrum = spectrum - spectrum[:BANDS_BELOW_7600].mean()
    statistics = [logs.mean(), logs.std(), log_rate(durations, tokens) + np.log(speed), energy[voiced].std() / ENERGY_SCALE]
    return np.array([*statistics, *spectrum], np.float32), np.array([1] * (STATISTICS + top) + [0] * (MEL_BANDS - top), np.float32)


def combine(vectors: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One profile of several utterances' vectors [U, 360]: mean of what is known; the embedding is brought to unit length."""
    count = known.sum(0)
    mean = (vectors * known).sum(0) / np.maximum(count, 1)
    mean[:EMBEDDING] /= np.linalg.norm(mean[:EMBEDDING]) + 1e-9
    return mean.astype(np.float32), (count > 0).astype(np.float32)


def main(folder, weights):
    torch.set_num_threads(1)
    pack, encoder = Pack(folder), speaker.load(weights)
    vectors, known = [], []
    for row in pack.rows:
        span = slice(row["start"], row["start"] + row["frames"])
        mel, f0 = pack.mel[span].astype(np.float32), pack.f0[span]
        if (f0 > VOICED_FROM).sum() < 10:
            vectors.append(np.zeros(EMBEDDING + STATISTICS + MEL_BANDS, np.float32))
            known.append(np.zeros_like(vectors[-1]))
            continue
        audio = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, speaker.RATE, "HQ")
        numbers, measured = measure(mel, f0, row["durations"], row["tokens"], row["speed"], row["top"])
        vectors.append(np.concatenate([speaker.embed(encoder, audio), numbers]))
        known.append(np.concatenate([np.ones(EMBEDDING, np.float32), measured]))
    np.savez(f"{folder}/profiles.npz", vectors=np.stack(vectors), known=np.stack(known))
    print(json.dumps(dict(utterances=len(vectors))))


if __name__ == "__main__":
    main(*sys.argv[1:])

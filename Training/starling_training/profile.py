"""Speaker profiles: what is measured on each utterance, and how several utterances make one profile.

    python -m starling_training.profile track PACK_DIR
    python -m starling_training.profile measure PACK_DIR SPEAKER.pt CODEBOOK.safetensors

`track` writes PACK_DIR/tracked.npy, F0 in Hz [T] as the tracker hears it: enrollment has nothing else, and the teacher's
own F0 goes on through creak and closures, so that means over voiced frames would differ. `measure` writes
PACK_DIR/profiles.npz: `vectors` [U, 360] (unit embedding 256, mean and deviation of ln F0, ln rate, energy deviation,
average spectrum 100) and `known` [U, 360], zero where a number could not be measured; `counts` [U, K] and `totals`
[U, K, M] of each kind of sound (codebook.py); and PACK_DIR/kinds.npy, the kind of every frame [T].

Letters: U utterances, T frames, M mel bands, K kinds of sound.
"""

import json
import sys

import numpy as np
import soxr
import torch

from . import f0 as pitch, speaker, symbols
from .acoustic import EMBEDDING, ENERGY_SCALE, LEVEL, STATISTICS
from .codebook import Codebook
from .corpus import BANDS_BELOW_7600, Pack
from .signal import MEL_BANDS, SAMPLE_RATE, VOICED_FROM

SPEECH = -7.5  # mean log mel, at LEVEL, above which a frame is speech
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


def reference_frames(pack, tracked, utterances, count=200):
    """Frames of speech of a voice, at LEVEL, equally far apart, [R, M]; zeros in the bands that a recording lacks."""
    frames = []
    for index in utterances:
        row = pack.rows[index]
        span = slice(row["start"], row["start"] + row["frames"])
        mel = pack.mel[span].astype(np.float32)
        mel = mel + level_shift(mel, tracked[span])
        mel = mel[mel[:, :BANDS_BELOW_7600].mean(1) > SPEECH]
        mel[:, row["top"] :] = 0
        frames.append(mel)
    frames = np.concatenate(frames)
    return frames[np.arange(min(count, len(frames))) * len(frames) // min(count, len(frames))]


def track(folder):
    """F0 of synthetic speech is tracked; that of recordings was."""
    pack = Pack(folder)
    tracked = np.array(pack.f0)
    for row in pack.rows:
        if not row["real"]:
            span = slice(row["start"], row["start"] + row["frames"])
            tracked[span] = pitch.track(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, row["frames"])[0]
    np.save(f"{folder}/tracked.npy", tracked)
    print(json.dumps(dict(frames=len(tracked), voiced=float((tracked > VOICED_FROM).mean()))))


def measure_pack(folder, weights, codebook):
    torch.set_num_threads(1)
    pack, encoder, book = Pack(folder), speaker.load(weights), Codebook.load(codebook)
    tracked, count = np.load(f"{folder}/tracked.npy"), len(book.centroids)
    kinds = np.full(len(tracked), count, np.uint8)
    size, utterances = EMBEDDING + STATISTICS + MEL_BANDS, len(pack.rows)
    vectors, known = np.zeros((utterances, size), np.float32), np.zeros((utterances, size), np.float32)
    counts, totals = np.zeros((utterances, count), np.float32), np.zeros((utterances, count, MEL_BANDS), np.float16)
    for number, row in enumerate(pack.rows):
        span = slice(row["start"], row["start"] + row["frames"])
        mel, f0 = pack.mel[span].astype(np.float32), tracked[span]
        if (f0 > VOICED_FROM).sum() < 10:
            continue
        audio = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, speaker.RATE, "HQ")
        numbers, measured = measure(mel, f0, row["durations"], row["tokens"], row["speed"], row["top"])
        vectors[number] = np.concatenate([speaker.embed(encoder, audio), numbers])
        known[number] = np.concatenate([np.ones(EMBEDDING, np.float32), measured])
        kinds[span], counts[number], totals[number] = book.measure(mel, f0, row["top"])
    np.savez(f"{folder}/profiles.npz", vectors=vectors, known=known, counts=counts, totals=totals)
    np.save(f"{folder}/kinds.npy", kinds)
    print(json.dumps(dict(utterances=utterances)))


if __name__ == "__main__":
    dict(track=track, measure=measure_pack)[sys.argv[1]](*sys.argv[2:])

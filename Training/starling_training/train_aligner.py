"""Trains the phoneme aligner on corpora with exact durations.

    python -m starling_training.train_aligner configs/aligner.json RUN_DIR CORPUS_DIR [CORPUS_DIR ...]

Resumes from RUN_DIR/last.pt; about 15 minutes on one core. Ends with a report on the held-out voices. All augmentation
happens on power spectra: formant shift (the mel filters move), speed, equaliser, reverberation, noise, band limit.
"""

import json
import os
import sys
import zlib

import numpy as np
import soundfile
import torch
from torch.nn import functional

from . import aligner
from .aligner import BINS, MEL_BANDS, MEL_TOP, RATE, Aligner, AlignerConfig
from .checkpoint import Run, cosine, mixed_precision
from .corpus import read_manifests
from .symbols import encode


def held_out(voice: str) -> bool:
    return zlib.crc32(voice.encode()) % 12 == 0


def load(folders):
    """Utterances as (voice, tokens [N], durations [N] in units, log power float16 [T, F])."""
    for folder in folders:
        for row in read_manifests(folder):
            tokens = encode(row["phonemes"])
            try:
                samples, rate = soundfile.read(f"{folder}/{row['id']}.flac", dtype="float32")
            except soundfile.LibsndfileError:
                continue
            power = aligner.power_spectrum(samples, rate)
            if len(tokens) == len(row["durations"]) and 2 * sum(row["durations"]) == len(power):
                yield row["voice"], np.array(tokens), np.array(row["durations"]), torch.log(power + 1e-9).half()


def curve(random, points, low, high, length=BINS):
    return np.interp(np.linspace(0, points - 1, length), np.arange(points), random.uniform(low, high, points))


def warped_bank(factor: float) -> torch.Tensor:
    """The mel filters with the frequency axis stretched, [M, F]."""
    to_mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(0, to_mel(MEL_TOP), MEL_BANDS + 2) / 2595) - 1)
    edges = np.minimum(edges * factor, np.linspace(RATE / 2 - 400, RATE / 2, MEL_BANDS + 2))
    bins = np.linspace(0, RATE / 2, BINS)
    low, mid, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.maximum(0, np.minimum((bins - low) / (mid - low), (high - bins) / (high - mid)))
    return torch.tensor(triangles * 2 / (high - low), dtype=torch.float32)


class Crops:
    """Augmented crops of U units: features [B, M, 2U], token ids [B, U], 1 where a token begins [B, U]."""

    def __init__(self, rows, units, seed):
        self.rows, self.units, self.random = rows, units, np.random.default_rng(seed)
        self.ends = [np.cumsum(durations) for _, _, durations, _ in rows]

    def crop(self):
        random, units = self.random, self.units
        index = random.integers(len(self.rows))
        _, tokens, _, logs = self.rows[index]
        speed = np.exp(random.uniform(-0.2, 0.3))  # source units per unit
        start = random.uniform(-0.2 * units, max(0.0, len(logs) / 2 - 0.8 * units * speed))
        frames = np.clip((start + (np.arange(2 * units) + 0.5) / 2 * speed) * 2 - 0.5, 0, len(logs) - 1)
        below = np.minimum(frames.astype(int), len(logs) - 2)
        part = torch.from_numpy((frames - below).astype(np.float32))[:, None]
        power = torch.lerp(logs[below].float().exp(), logs[below + 1].float().exp(), part)
        places = start + (np.arange(-1, units) + 0.5) * speed
        which = np.searchsorted(self.ends[index], np.clip(places, 0, len(logs) / 2 - 0.01), side="right")
        return self.augment(power), tokens[which[1:]], (which[1:] != which[:-1]).astype(np.float32)

    def augment(self, power):
        random = self.random
        if random.random() < 0.4:  # reverberation: an exponential tail in every bin
            decay = 10 ** (-6 / 80 / random.uniform(0.1, 0.6))
            tail = random.uniform(0.02, 0.25) * decay ** np.arange(40)
            tail[0] = 1.0
            kernel = torch.tensor(tail[::-1].copy(), dtype=torch.float32)[None, None]
            padded = functional.pad(power.T[:, None], (39, 0))
            power = functional.conv1d(padded, kernel)[:, 0].T
        power = power * torch.tensor(np.exp(curve(random, 6, -1.6, 1.6)), dtype=torch.float32)
        if random.random() < 0.85:  # noise of a random spectrum, its bins exponentially distributed
            level = power.mean() * 10 ** (-random.uniform(8, 50) / 10)
            shape = np.exp(curve(random, 5, -2, 2) - random.uniform(0, 5) * np.linspace(0, 1, BINS))
            shape = torch.tensor(shape / shape.mean(), dtype=torch.float32)
            power = power + level * shape * torch.empty_like(power).exponential_()
        if random.random() < 0.2:
            power = power.clone()
            power[:, int(random.uniform(3400, 7800) / RATE * 2 * BINS):] *= 1e-3
        return power

    def batch(self, size):
        power, tokens, begins = zip(*(self.crop() for _ in range(size)))
        banks = torch.stack([warped_bank(np.exp(self.random.uniform(-0.18, 0.18))) for _ in range(size)])
        return (aligner.features(torch.stack(power), banks), torch.from_numpy(np.stack(tokens)),
                torch.from_numpy(np.stack(begins)))


def report(model, rows, weight=1.0):
    """Frame accuracy, and the error of forced boundaries in units, on whole utterances without augmentation."""
    right = total = 0
    errors = []
    for _, tokens, durations, logs in rows:
        probabilities, begins = aligner.scores(model, logs.float().exp())
        truth = np.repeat(tokens, durations)
        right, total = right + (probabilities.argmax(1) == truth).sum(), total + len(truth)
        found, _ = aligner.viterbi(tokens, [False] * len(tokens), probabilities, begins, weight)
        errors.append(np.abs(np.cumsum(found) - np.cumsum(durations))[:-1])
    errors = np.concatenate(errors)
    return dict(utterances=len(rows), frame_accuracy=right / total, median_ms=25 * float(np.median(errors)),
                mean_ms=25 * errors.mean(), exact=(errors == 0).mean(), within_25_ms=(errors <= 1).mean(),
                within_50_ms=(errors <= 2).mean())


def train(config, folder, folders):
    torch.set_num_threads(1)
    model = Aligner(AlignerConfig(**config["model"]))
    optimizer = torch.optim.AdamW(model.parameters(), config["rate"], betas=(0.9, 0.98), weight_decay=0.02)
    run = Run(folder, config, model=model, optimizer=optimizer)
    rows = list(load(folders))
    kept, unseen = [r for r in rows if not held_out(r[0])], [r for r in rows if held_out(r[0])]
    print(f"{len(kept)} utterances, {len(unseen)} held out, "
          f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    crops = Crops(kept, config["units"], config["seed"] + run.step)
    while run.step < config["steps"]:
        for group in optimizer.param_groups:
            group["lr"] = cosine(run.step, config["warmup"], config["steps"], config["rate"])
        inputs, tokens, begins = crops.batch(config["batch"])
        with mixed_precision():
            logits, starts = model(inputs)
        losses = dict(
            token=functional.cross_entropy(logits.float().transpose(1, 2), tokens, label_smoothing=0.02),
            begin=functional.binary_cross_entropy_with_logits(starts.float(), begins),
        )
        optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
        run.advance(losses | dict(accuracy=(logits.argmax(-1) == tokens).float().mean()))
    run.save()
    figures = report(aligner.load(f"{folder}/last.pt"), unseen)
    print(json.dumps({k: round(float(v), 4) for k, v in figures.items()}))
    json.dump({k: float(v) for k, v in figures.items()}, open(os.path.join(folder, "report.json"), "w"), indent=2)


if __name__ == "__main__":
    train(json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:])

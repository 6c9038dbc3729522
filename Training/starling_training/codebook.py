"""Kinds of speech sound, found without knowing the words: what a voice sounds like in each is part of its profile.

    python -m starling_training.codebook SEED OUT.safetensors PACK_DIR [PACK_DIR ...]

A frame's mel less the voice's own average over voiced frames says which sound it is more than whose it is. Its kind is the
nearest of K centroids (k-means) in 17 means of five bands each and whether it is voiced. A voice's colour in a kind is how
its mean mel there differs from that of all voices. Frames are speech if they are not much weaker than the voiced mean.

Letters: T frames, M mel bands, K kinds.
"""

import sys
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file, save_file

from .signal import MEL_BANDS, VOICED_FROM

KINDS = 32
POOL = 5  # bands in a mean; all of them below 7.6 kHz
POOLED = 17
VOICED = 4.0  # what voicing counts in the distance, in the unit of log mel
WEAKEST = 2.5  # a frame this much weaker than the voiced mean, in the mean log mel, is no speech
PRIOR = 10.0  # frames of an average voice that are mixed into every kind
ROUNDS, SAMPLE = 40, 60_000  # of k-means


def centred(mel, f0, top=MEL_BANDS):
    """Log mel [T, M] less its mean over voiced frames, and which frames are speech [T]; zero in bands from `top` up."""
    below = POOL * POOLED
    mean = mel[f0 > VOICED_FROM].mean(0)
    difference = mel - mean
    difference[:, top:] = 0
    return difference, difference[:, :below].mean(1) > -WEAKEST


def features(difference, f0):
    """[T, 18] of centred mels and F0 in Hz."""
    pooled = difference[:, : POOL * POOLED].reshape(len(difference), POOLED, POOL).mean(2)
    return np.concatenate([pooled, VOICED * (f0 > VOICED_FROM)[:, None]], 1).astype(np.float32)


@dataclass
class Codebook:
    centroids: np.ndarray  # [K, 18]
    means: np.ndarray  # [K, M]: centred mel of all voices

    @classmethod
    def load(cls, path):
        tensors = load_file(path)
        return cls(tensors["centroids"], tensors["means"])

    def kinds(self, features):
        """Nearest centroid of each row, [T]."""
        return (-2 * features @ self.centroids.T + (self.centroids**2).sum(1)).argmin(1)

    def measure(self, mel, f0, top):
        """Kind of each frame [T] (K where it is no speech), frames of each kind [K], and the sum of what differs [K, M]."""
        difference, speech = centred(mel, f0, top)
        kinds = np.where(speech, self.kinds(features(difference, f0)), len(self.centroids))
        count, total = np.zeros(len(self.centroids), np.float32), np.zeros_like(self.means)
        for kind in range(len(count)):
            mine = difference[kinds == kind]
            count[kind], total[kind] = len(mine), (mine - self.means[kind]).sum(0)
        total[:, top:] = 0
        return kinds, count, total


def colours(counts, totals):
    """A voice's colours [K, M] of its utterances' counts [U, K] and sums [U, K, M]; what was heard little of stays near zero."""
    return (totals.sum(0, dtype=np.float32) / (counts.sum(0) + PRIOR)[:, None]).astype(np.float32)


def train(seed, packs):
    random, mels, rows = np.random.default_rng(seed), [], []
    for pack, f0 in packs:
        for row in pack.rows:
            span = slice(row["start"], row["start"] + row["frames"])
            voiced = f0[span] > VOICED_FROM
            if row["top"] == MEL_BANDS and voiced.sum() > 40:
                difference, speech = centred(pack.mel[span].astype(np.float32), f0[span])
                mels.append(difference[speech][::8])
                rows.append(features(difference, f0[span])[speech][::8])
    mels, rows = np.concatenate(mels), np.concatenate(rows)
    chosen = random.choice(len(rows), min(SAMPLE, len(rows)), replace=False)
    mels, rows = mels[chosen], rows[chosen]
    book = Codebook(rows[random.choice(len(rows), KINDS, replace=False)].copy(), np.zeros((KINDS, MEL_BANDS), np.float32))
    for _ in range(ROUNDS):
        kinds = book.kinds(rows)
        for kind in range(KINDS):
            if (kinds == kind).any():
                book.centroids[kind] = rows[kinds == kind].mean(0)
    kinds = book.kinds(rows)
    book.means = np.stack([mels[kinds == kind].mean(0) for kind in range(KINDS)])
    return book, np.bincount(kinds, minlength=KINDS)


def main(seed, path, *folders):
    from .corpus import Pack

    packs = [(Pack(folder), np.load(f"{folder}/tracked.npy", mmap_mode="r")) for folder in folders]
    book, sizes = train(int(seed), packs)
    save_file({"centroids": book.centroids, "means": book.means}, path)
    print(f"{len(sizes)} kinds of {sizes.min()} to {sizes.max()} frames")


if __name__ == "__main__":
    main(*sys.argv[1:])

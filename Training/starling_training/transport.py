"""From what the acoustic model says to what a voice's owner says: two affine maps of mels, and a palette between them.

The model renders a voice it has never heard a little like everyone's. Enrollment lets it speak some sentences and finds the
map that makes their mels distributed as the owner's: optimal transport between normal distributions, as Pitié and Kokaram
(2007) map the colours of one picture to those of another. Slow changes, smoothed over time, and what smoothing takes away
have a map each, since the model moves too little in one and too much in the other.

No normal distribution knows which sounds a voice has and which it never makes. So every frame then goes some of the way to
the nearest of its owner's: the palette, frames of the smoothed recordings. (Voice conversion by nearest neighbours, Baas et al.
2023, goes all the way, with features of a large network.) What that takes from the distribution a second map gives back.

This is the reference of Sources/Enrollment/Transport.swift and Sources/AcousticModel/SpectralTransport.swift; training has no
use for it.

Letters: T frames, N of speech, M mel bands, B leading bands that the owner's recordings tell, K cosines over them, P sounds of
a palette.
"""

from dataclasses import dataclass

import numpy as np

from .codebook import KINDS, POOL, POOLED, Codebook, centred, features
from .corpus import BANDS_BELOW_7600
from .signal import MEL_BANDS

DEVIATION = 3.0  # of smoothing, frames: syllables stay, sounds blur
THRESHOLD, STEEPNESS = -7.5, 2.0  # mean log mel of a frame that is speech by half, at LEVEL; how its share rises
COSINES = 48  # finer structure over the bands stays as it is
LEAST_VARIANCE = 0.1  # added to every variance: what is smaller is not worth amplifying
PRIOR = 300.0  # frames of the model's own among the owner's, so that a short recording does not change everything
PROMINENCE = 0.5  # powers of the amplitude with which frames count: a voice is known by its loud sounds
SOUNDS = 256  # of a palette, at most
PULL = 0.3  # how far a frame goes to the nearest sound
GLIDE = 2.0  # deviation in frames over which the pull is smoothed, so that a voice does not jump from sound to sound
WIDEST, SEEN = 3.0, 5.0  # no frame counts more than so many times; frames of each kind that are thought in addition


@dataclass
class Spoken:
    """Frames of speech: their mels smoothed over time and what that takes away, [N, M]; their kinds of sound and how much they
    count, [N]."""

    slow: np.ndarray
    fast: np.ndarray
    kinds: np.ndarray
    prominence: np.ndarray


@dataclass
class Transport:
    """`before` and `after`: offset [M], slow [M, M] and fast [M, M] of a map; `palette` [P, B]."""

    before: tuple
    palette: np.ndarray
    after: tuple


def smoothed(mel, deviation=DEVIATION):
    """Log mel [T, M] smoothed over time; the first and the last frame go on beyond the ends."""
    reach = int(4 * deviation)
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    padded = np.pad(mel.astype(np.float64), ((reach, reach), (0, 0)), mode="edge")
    return sum(w * padded[i : i + len(mel)] for i, w in enumerate(window / window.sum()))


def loudness(mel):
    """How far a frame lies above the threshold of speech, [T]."""
    return mel[:, :BANDS_BELOW_7600].mean(1) - THRESHOLD


def spoken(mels, book: Codebook) -> Spoken:
    """Of pairs of log mels [T, M] at LEVEL and F0 in Hz [T]."""
    slow, fast, kinds, prominence = [], [], [], []
    for mel, f0 in mels:
        speech, smooth = loudness(mel) > 0, smoothed(mel)
        difference, is_speech = centred(mel, f0)
        kind = np.where(is_speech, book.kinds(features(difference, f0)), KINDS)
        slow.append(smooth[speech])
        fast.append((mel - smooth)[speech])
        kinds.append(kind[speech])
        prominence.append(np.exp(PROMINENCE * loudness(mel)[speech]))
    return Spoken(*(np.concatenate(parts) for parts in (slow, fast, kinds, prominence)))


def weights(mine, others):
    """Weights [N] with which each kind of sound has the share that it has in others, who said other words."""
    share = lambda kinds: (np.bincount(kinds, minlength=KINDS + 1) + SEEN) / (len(kinds) + SEEN * (KINDS + 1))
    return np.clip(share(others) / share(mine), 1 / WIDEST, WIDEST)[mine]


def power(symmetric, exponent):
    values, vectors = np.linalg.eigh(symmetric)
    return (vectors * np.maximum(values, 1e-9) ** exponent) @ vectors.T


def between(x, y):
    """The symmetric A that takes a normal distribution of covariance x to one of y."""
    root, inverse = power(x, 0.5), power(x, -0.5)
    return inverse @ power(root @ y @ root, 0.5) @ inverse


def share(mel):
    """How much of a frame is speech, [T]."""
    return 1 / (1 + np.exp(-STEEPNESS * loudness(mel)))


def map_between(model: Spoken, owner: Spoken, bands: int):
    """(offset [M], slow [M, M], fast [M, M]): a frame of speech becomes mel + offset + slow s + fast (mel - s)."""
    trust = len(owner.kinds) / (len(owner.kinds) + PRIOR)
    order, band = np.arange(COSINES)[:, None], np.arange(bands) + 0.5
    basis = np.zeros((COSINES, MEL_BANDS))
    basis[:, :bands] = np.cos(np.pi * order * band / bands) * np.sqrt(np.where(order == 0, 1, 2) / bands)
    floor = LEAST_VARIANCE * np.eye(COSINES)

    def change(said, wanted):
        said, wanted = (
            np.cov((x @ basis.T).T, bias=True, aweights=frames.prominence) for x, frames in ((said, model), (wanted, owner))
        )
        wanted = trust * wanted + (1 - trust) * said
        return basis.T @ (between(said + floor, wanted + floor) - np.eye(COSINES)) @ basis

    slow, fast = change(model.slow, owner.slow), change(model.fast, owner.fast)
    # The model's mean over the owner's sounds is moved to the owner's mean.
    said = np.average(model.slow, axis=0, weights=model.prominence * weights(model.kinds, owner.kinds))
    offset = trust * (np.average(owner.slow, axis=0, weights=owner.prominence) - said) - slow @ said
    offset[bands:] = 0
    return offset, slow, fast


def mapped(mel, offset, slow, fast):
    """Adds what a map says to a mel [T, M]; silence stays as it is."""
    smooth = smoothed(mel)
    return mel + share(mel)[:, None] * (offset + smooth @ slow.T + (mel - smooth) @ fast.T)


def palette(owner: Spoken, bands: int):
    """Sounds of the owner [P, B] from the softest to the loudest: in which order they were said is forgotten."""
    order = np.argsort(owner.slow[:, :BANDS_BELOW_7600].mean(1), kind="stable")
    count = min(SOUNDS, len(order))
    return owner.slow[order[np.arange(count) * len(order) // count], :bands]


def pulled(mel, palette):
    """A mel [T, M] moved some of the way to the nearest sounds of a palette."""
    pooled = lambda rows: rows[:, : POOL * POOLED].reshape(len(rows), POOLED, POOL).mean(2)
    smooth, keys = smoothed(mel), pooled(palette)
    nearest = ((keys**2).sum(1) - 2 * pooled(smooth) @ keys.T).argmin(1)
    bands = palette.shape[1]
    result = np.array(mel, np.float64)
    result[:, :bands] += PULL * share(mel)[:, None] * smoothed(palette[nearest] - smooth[:, :bands], GLIDE)
    return result


def estimate(said, owner: Spoken, bands: int, book: Codebook) -> Transport:
    """From pairs of the model's log mels [T, M] and F0 in Hz [T]."""
    before, sounds = map_between(spoken(said, book), owner, bands), palette(owner, bands)
    moved = [(pulled(mapped(mel, *before), sounds), f0) for mel, f0 in said]
    return Transport(before, sounds, map_between(spoken(moved, book), owner, bands))


def apply(mel, transport: Transport):
    """A mel [T, M] as the owner would say it."""
    return mapped(pulled(mapped(mel, *transport.before), transport.palette), *transport.after)

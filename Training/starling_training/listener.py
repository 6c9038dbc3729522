"""The speaker encoder as a listener in the acoustic model's loss: does the predicted mel sound like the same person?

The encoder hears mel power of 40 bands at 16 kHz, 100 frames per second; the acoustic model makes log magnitudes of 100
bands at 80 frames per second. A fixed linear map leads from one to the other: magnitudes are interpolated between the
centres of their bands, squared and summed under the encoder's filters, with a gain per band that is fitted on recordings.
True and predicted mels pass through the same map, so what it gets wrong does not favour either.

Letters: B batch, T frames (80 per second), M mel bands (100), W window of the encoder (160 frames of 10 ms).
"""

import numpy as np
import soxr
import torch
from torch.nn import functional

from . import speaker
from .checkpoint import mixed_precision
from .corpus import BANDS_BELOW_7600
from .signal import SAMPLE_RATE, mel_filters

FRAMES = speaker.WINDOW * 80 // 100  # frames of ours under one window of the encoder
FITTED_ON = 64  # utterances


def magnitude_map() -> torch.Tensor:
    """[40, bands below 7.6 kHz]: squared magnitudes of our bands to power under the encoder's filters, up to a gain."""
    filters = mel_filters()[:BANDS_BELOW_7600]
    hertz = torch.linspace(0, SAMPLE_RATE / 2, filters.shape[1])
    centres = ((filters * hertz).sum(1) / filters.sum(1)).numpy()
    bins = np.linspace(0, speaker.RATE / 2, speaker.FFT_SIZE // 2 + 1)
    spread = np.stack([np.interp(bins, centres, row) for row in np.eye(BANDS_BELOW_7600)], 1)
    return speaker.mel_filters() @ torch.from_numpy(spread.astype(np.float32))


class Listener:
    def __init__(self, checkpoint: str, data, seed: int):
        self.encoder = speaker.load(checkpoint).requires_grad_(False)
        self.random = np.random.default_rng(seed)
        self.map, self.gain = magnitude_map(), torch.zeros(speaker.MEL_BANDS)
        self.gain = self.fit(data)

    def fit(self, data):
        differences = []
        for index in range(0, len(data.rows), max(1, len(data.rows) // FITTED_ON)):
            pack, row = data.rows[index]
            audio = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, speaker.RATE)
            heard = speaker.features(speaker.mel_power(audio))
            mel = torch.from_numpy(pack.mel[row["start"] : row["start"] + row["frames"]].astype(np.float32))
            mapped = self.features(mel[None])[0]
            length = min(len(heard), len(mapped))
            differences.append((heard[:length] - mapped[:length])[heard[:length].mean(1) > 0].mean(0))
        return torch.stack([d for d in differences if torch.isfinite(d).all()]).mean(0)

    def features(self, mel):
        """What the encoder reads, [B, T * 5/4, 40], of log mels [B, T, M]."""
        power = torch.exp(2 * mel[..., :BANDS_BELOW_7600].clamp(max=6)) @ self.map.T
        power = functional.interpolate(power.transpose(1, 2), scale_factor=1.25, mode="linear").transpose(1, 2)
        return speaker.features(power) + self.gain

    def distance(self, predicted, true, lengths):
        """Mean of 1 - cosine between what is heard in the same windows of both, one window per utterance."""
        windows = []
        for item, length in enumerate(lengths.tolist()):
            start = int(self.random.integers(max(1, length - FRAMES + 1)))
            if length >= FRAMES:
                windows.append((item, start))
        if not windows:
            return predicted.sum() * 0
        cut = lambda mel: torch.stack([mel[i, s : s + FRAMES] for i, s in windows])
        with mixed_precision():
            ours = self.encoder(self.features(cut(predicted)))
            with torch.no_grad():
                theirs = self.encoder(self.features(cut(true)))
        return (1 - (ours.float() * theirs.float()).sum(1)).mean()

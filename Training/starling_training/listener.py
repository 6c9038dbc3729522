"""Listeners in the acoustic model's loss: is it the same person in the predicted mel, and are the same sounds heard in it?

The speaker encoder and the aligner, frozen, hear mel power of 40 bands at 16 kHz; the acoustic model makes log magnitudes of
100 bands. A fixed linear map leads from one to the other: magnitudes are interpolated between the centres of their bands,
squared and summed under the listener's filters. True and predicted mels pass through the same map, so what it gets wrong does
not favour either.

Letters: B batch, T frames (80 per second), M mel bands (100), E numbers of an embedding.
"""

import numpy as np
import soxr
import torch
from torch.nn import functional

from . import aligner, speaker
from .checkpoint import device, mixed_precision
from .corpus import BANDS_BELOW_7600
from .signal import SAMPLE_RATE, mel_filters

FRAMES = speaker.WINDOW * 80 // 100  # frames of ours under one window of the encoder
FITTED_ON = 64  # utterances


def magnitude_map(filters: torch.Tensor, rate: int) -> torch.Tensor:
    """[40, bands below 7.6 kHz]: squared magnitudes of our bands to power under filters [40, F] at a rate, up to gains."""
    ours = mel_filters()[:BANDS_BELOW_7600]
    hertz = torch.linspace(0, SAMPLE_RATE / 2, ours.shape[1])
    centres = ((ours * hertz).sum(1) / ours.sum(1)).numpy()
    bins = np.linspace(0, rate / 2, filters.shape[1])
    spread = np.stack([np.interp(bins, centres, row) for row in np.eye(BANDS_BELOW_7600)], 1)
    return filters @ torch.from_numpy(spread.astype(np.float32))


def power(mel: torch.Tensor, through: torch.Tensor) -> torch.Tensor:
    """Power under a listener's filters [B, T, 40] of log mels [B, T, M], through its map."""
    return torch.exp(2 * mel[..., :BANDS_BELOW_7600].clamp(max=6)) @ through.T


class Recognizer:
    """Are the same sounds heard in two mels? The aligner's posteriors, which hardly depend on who speaks."""

    def __init__(self, checkpoint: str):
        self.aligner = aligner.load(checkpoint).requires_grad_(False).to(device())
        self.map = magnitude_map(aligner.filters(), aligner.RATE).to(device())

    def logits(self, mel, mask):
        """Token logits [B, T / 2, N] of log mels [B, T, M], T even, where mask [B, T] says which frames there are."""
        return self.aligner(aligner.log_features(power(mel, self.map), mask.float()[..., None]))[0].float()

    def distance(self, predicted, true, mask):
        """Mean Kullback-Leibler divergence of what is heard in `predicted` from what is heard in `true`, in nats a unit."""
        with mixed_precision():
            ours = functional.log_softmax(self.logits(predicted, mask), -1)
            with torch.no_grad():
                theirs = functional.log_softmax(self.logits(true, mask), -1)
        divergence = functional.kl_div(ours, theirs, reduction="none", log_target=True).sum(-1)
        there = mask[:, ::2].float()
        return (divergence * there).sum() / there.sum().clamp(min=1)


class Listener:
    """Is it the same person? The speaker encoder, with gains of its bands that are fitted on recordings."""

    def __init__(self, checkpoint: str, data, seed: int):
        self.encoder = speaker.load(checkpoint).requires_grad_(False).to(device())
        self.random = np.random.default_rng(seed)
        self.map = magnitude_map(speaker.mel_filters(), speaker.RATE).to(device())
        self.gain = torch.zeros(speaker.MEL_BANDS, device=device())
        self.gain = self.fit(data).to(device())

    def fit(self, data):
        differences = []
        for index in range(0, len(data.rows), max(1, len(data.rows) // FITTED_ON)):
            pack, row = data.rows[index]
            audio = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, speaker.RATE)
            heard = speaker.features(speaker.mel_power(audio))
            mel = torch.from_numpy(pack.mel[row["start"] : row["start"] + row["frames"]].astype(np.float32))
            mapped = self.features(mel[None].to(device()))[0].cpu()
            length = min(len(heard), len(mapped))
            differences.append((heard[:length] - mapped[:length])[heard[:length].mean(1) > 0].mean(0))
        return torch.stack([d for d in differences if torch.isfinite(d).all()]).mean(0)

    def features(self, mel):
        """What the encoder reads, [B, T * 5/4, 40], of log mels [B, T, M]."""
        heard = functional.interpolate(power(mel, self.map).transpose(1, 2), scale_factor=1.25, mode="linear")
        return speaker.features(heard.transpose(1, 2)) + self.gain

    def windows(self, lengths):
        """Of every utterance that is long enough: its index, and where a window of the encoder begins."""
        return [(item, int(self.random.integers(length - FRAMES + 1)))
                for item, length in enumerate(lengths.tolist()) if length >= FRAMES]

    def embed(self, mel, windows):
        """Unit embeddings [W, E] of windows of log mels [B, T, M]."""
        with mixed_precision():
            return self.encoder(self.features(torch.stack([mel[i, s : s + FRAMES] for i, s in windows]))).float()

    def distance(self, predicted, true, lengths):
        """Mean of 1 - cosine between what is heard in the same windows of both, one window per utterance."""
        windows = self.windows(lengths)
        if not windows:
            return predicted.sum() * 0
        with torch.no_grad():
            theirs = self.embed(true, windows)
        return (1 - (self.embed(predicted, windows) * theirs).sum(1)).mean()

    def distance_to(self, embeddings, predicted, lengths):
        """Mean of 1 - cosine to the embeddings [B, E] of who shall be heard."""
        windows = self.windows(lengths)
        if not windows:
            return predicted.sum() * 0
        wanted = functional.normalize(embeddings[[item for item, _ in windows]], dim=1)
        return (1 - (self.embed(predicted, windows) * wanted).sum(1)).mean()

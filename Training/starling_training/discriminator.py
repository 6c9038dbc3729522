"""Slim multi-resolution spectrogram discriminators (after UnivNet, Jang et al. 2021, and EnCodec, Défossez et al. 2022)."""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm

from .losses import counted_bins, magnitude
from .signal import stft

RESOLUTIONS = ((1024, 240), (512, 120), (256, 60))  # FFT size and hop, samples


class SpectrogramDiscriminator(nn.Module):
    """Samples [B, S] and how far up they count, Hz [B] -> scores and the features of every layer; reads log magnitudes."""

    def __init__(self, size, hop, channels):
        super().__init__()
        self.size, self.hop = size, hop
        conv = lambda a, b, kernel, stride: weight_norm(
            nn.Conv2d(a, b, kernel, stride, padding=(kernel[0] // 2, kernel[1] // 2)))
        self.layers = nn.ModuleList([
            conv(1, channels, (7, 5), (2, 1)),
            conv(channels, channels, (5, 3), (2, 1)),
            conv(channels, channels, (5, 3), (2, 2)),
            conv(channels, 2 * channels, (5, 3), (2, 1)),
            conv(2 * channels, 2 * channels, (3, 3), (1, 1)),
        ])
        self.score = weight_norm(nn.Conv2d(2 * channels, 1, 3, padding=1))

    def forward(self, samples, limits):
        counted = counted_bins(limits, self.size)
        x = torch.log((magnitude(stft(samples, self.size, self.hop)) * counted).clamp(min=1e-4))[:, None] / 3 + 1
        x = x.contiguous(memory_format=torch.channels_last)
        features = []
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), 0.1)
            features.append(x)
        return self.score(x).float(), features


class Discriminators(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.all = nn.ModuleList(SpectrogramDiscriminator(size, hop, channels) for size, hop in RESOLUTIONS)

    def forward(self, samples, limits):
        return [d(samples, limits) for d in self.all]


def discriminator_loss(real, fake):
    """Least squares: real towards 1, generated towards 0."""
    return sum((1 - r[0]).square().mean() + f[0].square().mean() for r, f in zip(real, fake)) / len(real)


def generator_loss(fake):
    return sum((1 - score).square().mean() for score, _ in fake) / len(fake)


def feature_loss(real, fake):
    """L1 between the discriminators' features, relative to the real ones' mean."""
    pairs = [(r.float(), f.float()) for a, b in zip(real, fake) for r, f in zip(a[1], b[1])]
    return sum((r.detach() - f).abs().mean() / r.detach().abs().mean().clamp(min=1e-3) for r, f in pairs) / len(pairs)

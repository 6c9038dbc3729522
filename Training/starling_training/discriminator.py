"""What tells networks' speech from people's: slim discriminators of samples and of mels.

Those of samples look at spectrograms of several resolutions (after UnivNet, Jang et al. 2021, and EnCodec, Défossez et al.
2022); those of mels at patches of them (Isola et al. 2017), which a mel regressed by L1 fills with fog, and at whether they
belong to a speaker (projection, Miyato and Koyama 2018).
"""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm

from .acoustic import MEL_SCALE, MEL_SHIFT
from .corpus import BANDS_BELOW_7600
from .losses import counted_bins, magnitude
from .signal import stft

RESOLUTIONS = ((1024, 240), (512, 120), (256, 60))  # FFT size and hop, samples


def convolution(inputs, outputs, kernel, stride):
    return weight_norm(nn.Conv2d(inputs, outputs, kernel, stride, padding=(kernel[0] // 2, kernel[1] // 2)))


def judge(layers, score, x):
    """Scores of patches and the features of every layer."""
    features = []
    for layer in layers:
        x = functional.leaky_relu(layer(x), 0.1)
        features.append(x)
    return score(x).float(), features


class SpectrogramDiscriminator(nn.Module):
    """Samples [B, S] and how far up they count, Hz [B] -> scores and the features of every layer; reads log magnitudes."""

    def __init__(self, size, hop, channels):
        super().__init__()
        self.size, self.hop = size, hop
        self.layers = nn.ModuleList([
            convolution(1, channels, (7, 5), (2, 1)),
            convolution(channels, channels, (5, 3), (2, 1)),
            convolution(channels, channels, (5, 3), (2, 2)),
            convolution(channels, 2 * channels, (5, 3), (2, 1)),
            convolution(2 * channels, 2 * channels, (3, 3), (1, 1)),
        ])
        self.score = weight_norm(nn.Conv2d(2 * channels, 1, 3, padding=1))

    def forward(self, samples, limits):
        counted = counted_bins(limits, self.size)
        x = torch.log((magnitude(stft(samples, self.size, self.hop)) * counted).clamp(min=1e-4))[:, None] / 3 + 1
        return judge(self.layers, self.score, x.contiguous(memory_format=torch.channels_last))


class SpectrogramDiscriminators(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.all = nn.ModuleList(SpectrogramDiscriminator(size, hop, channels) for size, hop in RESOLUTIONS)

    def forward(self, samples, limits):
        return [d(samples, limits) for d in self.all]


class MelDiscriminator(nn.Module):
    """Log mels [B, T, M] and which bands count [B, M] -> scores and the features of every layer, in a list of one."""

    def __init__(self, channels=16):
        super().__init__()
        self.layers = nn.ModuleList([
            convolution(1, channels, (5, 5), (1, 1)),
            convolution(channels, 2 * channels, (3, 3), (2, 2)),
            convolution(2 * channels, 4 * channels, (3, 3), (2, 2)),
            convolution(4 * channels, 4 * channels, (3, 3), (1, 1)),
        ])
        self.score = weight_norm(nn.Conv2d(4 * channels, 1, 3, padding=1))

    def forward(self, mel, bands):
        x = ((mel + MEL_SHIFT) / MEL_SCALE * bands[:, None])[:, None]
        return [judge(self.layers, self.score, x.contiguous(memory_format=torch.channels_last))]


class SpeakerDiscriminator(nn.Module):
    """Log mels [B, T, M] and embeddings [B, E] of who shall be heard -> scores of every four frames, and the features.

    Bands below 7.6 kHz, which every recording has: how far up one goes would give its speaker away.
    """

    def __init__(self, width=96, embedding=256):
        super().__init__()
        layer = lambda inputs, kernel, stride: weight_norm(nn.Conv1d(inputs, width, kernel, stride, padding=kernel // 2))
        self.layers = nn.ModuleList([layer(BANDS_BELOW_7600, 5, 2), layer(width, 5, 2), layer(width, 5, 1), layer(width, 3, 1)])
        self.score = weight_norm(nn.Conv1d(width, 1, 1))
        self.projection = nn.Linear(embedding, width, bias=False)

    def forward(self, mel, embeddings):
        x = ((mel[..., :BANDS_BELOW_7600] + MEL_SHIFT) / MEL_SCALE).transpose(1, 2)
        wanted = self.projection(functional.normalize(embeddings, dim=1))[..., None]
        return [judge(self.layers, lambda x: self.score(x) + (x * wanted).sum(1, keepdim=True) / x.shape[1] ** 0.5, x)]

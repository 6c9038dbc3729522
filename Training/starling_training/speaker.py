"""The speaker encoder: 1.6 s windows of log mel to 256-d unit embeddings, in the space of GE2E, which it learns from.

A TDNN: strided convolution, residual dilated convolutions, attentive statistics pooling (Okabe 2018), one linear layer.
The embedding is rectified before it is normalised, as GE2E's is, so that both live in the same space.

Letters: B batch, T frames (100 per second), M mel bands (40), F bins (201), C channels, E embedding (256).
"""

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .aligner import ResidualBlock
from .layers import convolve
from .signal import hann

RATE = 16_000  # Hz
FFT_SIZE, HOP = 400, 160  # samples: 25 ms windows every 10 ms
MEL_BANDS = 40
WINDOW = 160  # frames per embedding, 1.6 s
STRIDE = 77  # frames between windows, as in Resemblyzer (1.3 windows per second)
QUIETEST = -30.0  # dBFS; quieter recordings are raised to this level, as Resemblyzer does
FLOOR = 1e-6  # mel powers are clamped here before the logarithm
EMBEDDING = 256


@functools.cache
def mel_filters(scale: float = 1.0) -> torch.Tensor:
    """Area-normalised triangles on Slaney's mel scale (linear below 1 kHz, logarithmic above), 0-8 kHz, [M, F].

    With a scale every bin counts as one `scale` times as high: pitch and formants of another person at the same tempo.
    """
    step = np.log(6.4) / 27
    to_hz = lambda mel: np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(step * (np.maximum(mel, 15) - 15)))
    top = 15 + np.log(RATE / 2 / 1000) / step
    edges = to_hz(np.linspace(0, top, MEL_BANDS + 2))
    bins = np.linspace(0, RATE / 2, FFT_SIZE // 2 + 1) * scale
    low, mid, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.maximum(0, np.minimum((bins - low) / (mid - low), (high - bins) / (high - mid)))
    return torch.tensor(triangles * 2 / (high - low), dtype=torch.float32)


def power_spectrum(samples: np.ndarray) -> torch.Tensor:
    """Power spectrum [T, F] of mono audio at RATE, frames centred on multiples of HOP, zeros beyond the ends."""
    spectrum = torch.stft(torch.from_numpy(np.ascontiguousarray(samples, np.float32)), FFT_SIZE, HOP, FFT_SIZE,
                          hann(FFT_SIZE), center=True, pad_mode="constant", return_complex=True)
    return spectrum.abs().square().T


def mel_power(samples: np.ndarray) -> torch.Tensor:
    """Mel power [T, M] of mono audio at RATE."""
    return power_spectrum(samples) @ mel_filters().T


def features(power: torch.Tensor) -> torch.Tensor:
    """What the network reads, from mel power of any shape."""
    return (torch.log(power.clamp(min=FLOOR)) + 6.0) / 4.0


@dataclass
class SpeakerConfig:
    width: int = 192
    dilations: tuple = (1, 2, 3, 4, 1, 2)
    pooled: int = 384  # channels under the statistics
    attention: int = 96
    version: int = 1


class SpeakerEncoder(nn.Module):
    """forward(features [B, T, M]) -> unit embeddings [B, E], none negative.

    `rate` reads the logarithm of the mean frames (80 per second) per spoken phoneme off the same statistics.
    """

    def __init__(self, config: SpeakerConfig):
        super().__init__()
        self.config = config
        self.input = nn.Conv1d(MEL_BANDS, config.width, 6, stride=2, padding=2)
        self.blocks = nn.ModuleList(ResidualBlock(config.width, d) for d in config.dilations)
        self.norm = nn.LayerNorm(config.width)
        self.expand = nn.Linear(config.width, config.pooled)
        self.score = nn.Sequential(nn.Linear(config.pooled, config.attention), nn.Tanh(),
                                   nn.Linear(config.attention, config.pooled))
        self.position = nn.Parameter(torch.zeros(WINDOW // 2, config.pooled))  # GE2E listens most to a window's end
        self.embed = nn.Linear(2 * config.pooled, EMBEDDING)
        self.rate = nn.Linear(2 * config.pooled, 1)

    def pool(self, features):
        """Attentive means and deviations [B, 2P] of features [B, T, M]."""
        x = convolve(features, self.input)
        for block in self.blocks:
            x = block(x)
        x = functional.gelu(self.expand(self.norm(x)))
        weights = torch.softmax(self.score(x).float() + self.position, 1)
        x = x.float()
        mean = (weights * x).sum(1)
        deviation = ((weights * (x - mean[:, None]).square()).sum(1) + 1e-4).sqrt()
        return torch.cat([mean, deviation], 1)

    def forward(self, features):
        return functional.normalize(functional.relu(self.embed(self.pool(features)).float()) + 1e-6, dim=-1)


def windows(frames: int) -> list[int]:
    """First frames of the windows over a recording; a last one that would hold less than three quarters is left out."""
    starts = [0]
    while starts[-1] + STRIDE + WINDOW * 3 // 4 <= frames:
        starts.append(starts[-1] + STRIDE)
    return starts


def cut(power: torch.Tensor) -> torch.Tensor:
    """The windows of mel power [T, M], zero-padded at the end, [W, WINDOW, M]."""
    starts = windows(len(power))
    power = functional.pad(power, (0, 0, 0, max(0, starts[-1] + WINDOW - len(power))))
    return torch.stack([power[s : s + WINDOW] for s in starts])


def spoken(power: torch.Tensor, below: float = 30.0) -> torch.Tensor:
    """Which frames of mel power [T, M] are not more than `below` dB under the loud ones, smoothed over 0.2 s, [T]."""
    level = 10 * torch.log10(power.sum(1) + 1e-10)
    smooth = functional.max_pool1d(level[None, None], 21, 1, 10)[0, 0]
    kept = smooth > torch.quantile(level, 0.95) - below
    return kept if kept.sum() >= WINDOW // 4 else torch.ones_like(kept)


def active(power: torch.Tensor) -> torch.Tensor:
    """Mel power without silence, [T', M]."""
    return power[spoken(power)]


def loud(samples: np.ndarray) -> np.ndarray:
    """The samples, raised to QUIETEST where they are quieter."""
    level = 10 * np.log10((samples**2).mean() + 1e-10)
    return samples * np.float32(10 ** (max(0.0, QUIETEST - level) / 20))


def heard(samples: np.ndarray) -> torch.Tensor:
    """What the network reads of mono audio at RATE: windows without silence, [W, WINDOW, M]."""
    return features(cut(active(mel_power(loud(samples)))))


@torch.no_grad()
def embed(model: SpeakerEncoder, samples: np.ndarray) -> np.ndarray:
    """The unit embedding [E] of mono audio at RATE: the mean over windows, normalised."""
    return functional.normalize(model(heard(samples)).mean(0), dim=0).numpy()


def load(path: str) -> SpeakerEncoder:
    """The network of a checkpoint or an exported file; the rate is untrained until `train_speaker rate` has been run."""
    if path.endswith(".safetensors"):
        from .export import load

        return load("speaker", path)
    state = torch.load(path, map_location="cpu", weights_only=False)
    model = SpeakerEncoder(SpeakerConfig(**state["config"]["model"]))
    model.load_state_dict(state["average"], strict=False)
    return model.eval()

"""The phoneme aligner: a frame classifier over the alphabet of symbols.py and a forced Viterbi alignment on top of it.

It works in units of 25 ms (U units; signal.DURATION_UNIT frames), the grid of the teacher's durations, and learns the
teacher's own convention of where a phoneme begins, so that recordings aligned with it look like the teacher's corpus.

Letters: B batch, T feature frames (80 per second), U units (40 per second), F bins (201), M mel bands (40), N tokens.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np
import soxr
import torch
from torch import nn
from torch.nn import functional

from .layers import convolve
from .signal import hann, mel_filters
from .symbols import COUNT, IDS

RATE = 16_000  # Hz; everything above 8 kHz is ignored
FFT_SIZE, HOP = 400, 200  # samples at RATE: 25 ms window, 80 frames/s
BINS = FFT_SIZE // 2 + 1
MEL_BANDS = 40
MEL_TOP = 7_600.0  # Hz
FLOOR = 3e-5  # of the mean mel power: frames quieter than that (45 dB) look alike, digital silence or not
COMMA, SPACE = IDS[","], IDS[" "]


@dataclass
class AlignerConfig:
    width: int = 192
    dilations: tuple = (1, 2, 4, 1, 2, 4, 1, 2)
    version: int = 1


class ResidualBlock(nn.Module):
    """x + W GELU(conv(LayerNorm(x))), width-3 dilated convolution over [B, U, C]."""

    def __init__(self, width: int, dilation: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.out = nn.Linear(width, width)

    def forward(self, x):
        y = functional.gelu(convolve(self.norm(x), self.conv))
        return x + self.out(y)


class Aligner(nn.Module):
    """forward(features [B, M, T], T even) -> token logits [B, U, COUNT], logits of "a token begins here" [B, U]."""

    def __init__(self, config: AlignerConfig):
        super().__init__()
        self.config = config
        self.input = nn.Conv1d(MEL_BANDS, config.width, 8, stride=2, padding=3)
        self.blocks = nn.ModuleList(ResidualBlock(config.width, d) for d in config.dilations)
        self.norm = nn.LayerNorm(config.width)
        self.tokens = nn.Linear(config.width, COUNT)
        self.begins = nn.Linear(config.width, 1)

    def forward(self, features):
        x = convolve(features.transpose(1, 2), self.input)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.tokens(x), self.begins(x)[..., 0]


def power_spectrum(samples: np.ndarray, rate: int) -> torch.Tensor:
    """Power [T, F] at RATE; T is even and covers the recording, frame t centred on t * HOP + HOP / 2."""
    x = samples if rate == RATE else soxr.resample(samples, rate, RATE, quality="HQ")
    frames = 2 * math.ceil(len(samples) / rate * 40 - 1e-6)
    edge = (FFT_SIZE - HOP) // 2
    x = np.pad(x, (edge, max(0, frames * HOP + edge - len(x))))
    spectrum = torch.stft(torch.from_numpy(np.ascontiguousarray(x, np.float32)), FFT_SIZE, HOP, FFT_SIZE,
                          hann(FFT_SIZE), center=False, return_complex=True)
    return spectrum.abs().square().T[:frames]


@functools.cache
def filters() -> torch.Tensor:
    return mel_filters(RATE, FFT_SIZE, MEL_BANDS, MEL_TOP)


def features(power: torch.Tensor, bank: torch.Tensor | None = None) -> torch.Tensor:
    """Log mel [B, M, T] of power [B, T, F], every band's mean over time removed; bank [M, F] or [B, M, F]."""
    return log_features(power @ (filters() if bank is None else bank).transpose(-1, -2))


def log_features(mel: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
    """What the network hears [B, M, T] of mel power [B, T, M]; means are taken where mask [B, T, 1] is 1, elsewhere are zeros."""
    mask = torch.ones_like(mel[..., :1]) if mask is None else mask
    count = mask.sum(1, keepdim=True)
    level = (mel * mask).sum((1, 2), keepdim=True) / (count * mel.shape[-1])
    logs = torch.log(mel + FLOOR * level + 1e-10)
    return ((logs - (logs * mask).sum(1, keepdim=True) / count) * mask / 2.5).transpose(1, 2)


@torch.no_grad()
def scores(model: Aligner, power: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Log probabilities of the tokens [U, COUNT] and of a beginning token [U] for power [T, F]."""
    tokens, begins = model(features(power[None]))
    return functional.log_softmax(tokens[0].float(), -1).numpy(), begins[0].float().numpy()


def viterbi(tokens: list[int], optional: list[bool], logs: np.ndarray, begins: np.ndarray, weight: float = 1.0,
            skip_cost: float = 0.0):
    """Units per token [N] (0 for an optional token left out) and the mean score per unit, or None if too short.

    Every other token takes at least one unit. `begins` are logits; `weight` scales their part. A skipped optional token
    costs `skip_cost`. Two optional tokens must not be neighbours, nor may the first or last be optional.
    """
    tokens, optional = np.asarray(tokens), np.asarray(optional)
    units, count = len(logs), len(tokens)
    if units < count - optional.sum():
        return None
    emit = logs[:, tokens]
    enter = -weight * np.logaddexp(0, -begins)
    stay = -weight * np.logaddexp(0, begins)
    total = np.full(count, -np.inf)
    total[0] = emit[0, 0]
    step = np.zeros((units, count), np.int8)  # how many tokens back the best predecessor is
    after_optional = np.concatenate([[False], optional[:-1]])
    minus = np.array([-np.inf])
    for u in range(1, units):
        options = np.stack([
            total + stay[u],
            np.concatenate([minus, total[:-1]]) + enter[u],
            np.where(after_optional, np.concatenate([minus, minus, total[:-2]]) + enter[u] - skip_cost, -np.inf),
        ])
        step[u] = options.argmax(0)
        total = options.max(0) + emit[u]
    if not np.isfinite(total[-1]):
        return None
    durations = np.zeros(count, np.int64)
    at = count - 1
    for u in range(units - 1, -1, -1):
        durations[at] += 1
        at -= int(step[u, at])
    return durations, float(total[-1] / units)


def load(path: str) -> Aligner:
    """The network of a checkpoint or an exported file."""
    if path.endswith(".safetensors"):
        from .export import load

        return load("aligner", path)
    state = torch.load(path, map_location="cpu", weights_only=False)
    model = Aligner(AlignerConfig(**state["config"]["model"]))
    model.load_state_dict(state["average"])
    return model.eval()

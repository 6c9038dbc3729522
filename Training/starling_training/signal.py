"""The signal conventions shared by every network: 24 kHz, Hann 1200, hop 300, 100 mel bands.

Letters: B batch, T frames (80 per second), S samples (T * HOP), F frequency bins (601), M mel bands (100).
"""

import functools
import math

import numpy as np
import torch

SAMPLE_RATE = 24_000  # Hz
FFT_SIZE = 1200  # samples, 50 ms; also the window length
HOP = 300  # samples, 12.5 ms
BINS = FFT_SIZE // 2 + 1
MEL_BANDS = 100
LOG_FLOOR = 1e-5  # mel magnitudes are clamped here before the natural logarithm
DURATION_UNIT = 2  # frames; phoneme durations are whole multiples of 25 ms
VOICED_FROM = 40.0  # Hz; a lower F0 means unvoiced
PULSE_CEILING = 11_000.0  # Hz; the pulse train has no harmonics above


@functools.cache
def hann(size: int) -> torch.Tensor:
    return torch.hann_window(size)


@functools.cache
def mel_edges(bands=MEL_BANDS, top=12_000.0) -> torch.Tensor:
    """Where each band begins, peaks and ends is at three neighbouring edges, Hz [M + 2]; equal steps on the HTK mel scale."""
    return torch.tensor(700 * (10 ** (np.linspace(0, 2595 * math.log10(1 + top / 700), bands + 2) / 2595) - 1), dtype=torch.float32)


@functools.cache
def mel_filters(sample_rate=SAMPLE_RATE, fft_size=FFT_SIZE, bands=MEL_BANDS, top=12_000.0) -> torch.Tensor:
    """Slaney-normalised triangles on the HTK mel scale, [M, F]."""
    to_mel = lambda hz: 2595 * math.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(0, to_mel(top), bands + 2) / 2595) - 1)
    bins = np.linspace(0, sample_rate / 2, fft_size // 2 + 1)
    low, mid, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.maximum(0, np.minimum((bins - low) / (mid - low), (high - bins) / (high - mid)))
    return torch.tensor(triangles * 2 / (high - low), dtype=torch.float32)


def stft(x: torch.Tensor, size: int = FFT_SIZE, hop: int = HOP) -> torch.Tensor:
    """Centred STFT with reflected edges, complex [B, size/2+1, S/hop+1] from [B, S]."""
    return torch.stft(x, size, hop, size, hann(size).to(x.device), return_complex=True)


def log_mel(x: torch.Tensor) -> torch.Tensor:
    """Natural-log mel magnitudes [B, M, T] of [B, S]; the frame past the end is dropped."""
    return torch.log(torch.clamp(mel_filters().to(x.device) @ stft(x).abs()[..., :-1], min=LOG_FLOOR))


def frame_phase(f0: np.ndarray) -> np.ndarray:
    """Phase of the fundamental at every frame's centre, in cycles modulo 1, [T] from F0 in Hz [T]."""
    return np.mod(np.cumsum(f0.astype(np.float64) * HOP / SAMPLE_RATE), 1).astype(np.float32)


def pulses(f0: torch.Tensor, phase: torch.Tensor) -> torch.Tensor:
    """Band-limited pulse train: sum of cos(k * phase) over the harmonics below PULSE_CEILING, [B, S].

    f0 is in Hz and phase in cycles, both [B, T]. The phase belongs to the middle of a frame's hop and is
    interpolated linearly between frames; unvoiced frames are silent. Closed form: sin((K + 1/2) p) / (2 sin(p/2)) - 1/2.
    """
    voiced = f0 > VOICED_FROM
    safe = torch.where(voiced, f0, torch.full_like(f0, 100.0)).double()
    step = torch.remainder(torch.diff(phase.double(), dim=1), 1.0)  # advance between neighbouring frames, cycles mod 1
    expected = f0[:, 1:].double() * HOP / SAMPLE_RATE
    step = step + torch.round(expected - step)
    unwrapped = torch.cat([phase[:, :1].double(), phase[:, :1].double() + torch.cumsum(step, 1)], 1)
    before = unwrapped[:, :1] - safe[:, :1] * HOP / SAMPLE_RATE
    after = unwrapped[:, -1:] + safe[:, -1:] * HOP / SAMPLE_RATE
    grid = torch.cat([before, unwrapped, after], 1)
    offset = (torch.arange(HOP, dtype=torch.float64, device=f0.device) + 0.5) / HOP - 0.5  # of a sample from its frame's centre, frames
    left, here, right = grid[:, :-2, None], grid[:, 1:-1, None], grid[:, 2:, None]
    cycles = torch.where(offset < 0, here + offset * (here - left), here + offset * (right - here))
    angle = (2 * math.pi * torch.remainder(cycles, 1.0)).float()
    harmonics = torch.floor(PULSE_CEILING / safe).float()[:, :, None]
    half = torch.sin(angle / 2)
    small = half.abs() < 1e-3
    train = torch.sin((harmonics + 0.5) * angle) / (2 * torch.where(small, torch.ones_like(half), half)) - 0.5
    train = torch.where(small, harmonics.expand_as(train), train) * voiced[:, :, None]
    return train.reshape(f0.shape[0], -1)

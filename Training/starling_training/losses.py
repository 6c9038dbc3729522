"""Reconstruction losses on spectra and waveforms.

Recordings of less than 24 kHz say nothing above their own band, so every loss takes `limits` [B], the frequency in Hz up to
which each signal counts.
"""

import torch

from .signal import SAMPLE_RATE, log_mel, mel_edges, stft

RESOLUTIONS = ((2048, 240), (1024, 120), (512, 50))  # FFT size and hop, samples
COHERENT_BINS = 40  # up to 800 Hz: above, the phase of speech no longer follows that of F0


def magnitude(spectrum: torch.Tensor) -> torch.Tensor:
    parts = torch.view_as_real(spectrum)
    return torch.sqrt(parts[..., 0].square() + parts[..., 1].square() + 1e-9)


def counted_bins(limits: torch.Tensor, size: int) -> torch.Tensor:
    """1 for the bins of an FFT of `size` below each limit, else 0, [B, F, 1]."""
    bins = torch.arange(size // 2 + 1, device=limits.device) * (SAMPLE_RATE / size)
    return (bins <= limits[:, None]).float()[..., None]


def counted_bands(limits: torch.Tensor) -> torch.Tensor:
    """1 for the mel bands that end below each limit, else 0, [B, M, 1]."""
    return (mel_edges()[2:].to(limits.device) <= limits[:, None] + 1).float()[..., None]


def mean(values: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """The mean of [B, F, T] over what counts, [B, F, 1]."""
    return (values * counted).sum() / (counted.sum() * values.shape[-1])


def multi_resolution_stft(y: torch.Tensor, x: torch.Tensor, limits: torch.Tensor) -> torch.Tensor:
    """Spectral convergence plus L1 of log magnitudes (Yamamoto 2020), averaged over RESOLUTIONS; y is the estimate."""
    total = 0.0
    for size, hop in RESOLUTIONS:
        counted = counted_bins(limits, size)
        with torch.no_grad():
            target = magnitude(stft(x, size, hop))
        estimate = magnitude(stft(y, size, hop))
        convergence = ((estimate - target) * counted).norm() / (target * counted).norm().clamp(min=1e-3)
        logs = torch.log(estimate.clamp(min=1e-4)) - torch.log(target.clamp(min=1e-4))
        total = total + convergence + mean(logs.abs(), counted)
    return total / len(RESOLUTIONS)


def compressed_complex(spectrum: torch.Tensor, target: torch.Tensor, power: float = 0.5) -> torch.Tensor:
    """L1 between magnitude-compressed complex spectra [B, F, T] below 800 Hz, relative to the target's mean."""
    squeeze = lambda s: torch.view_as_real(s[:, 1:COHERENT_BINS]) * magnitude(s[:, 1:COHERENT_BINS]).pow(power - 1)[..., None]
    with torch.no_grad():
        wanted = squeeze(target)
        scale = wanted.abs().mean().clamp(min=1e-3)
    return (squeeze(spectrum) - wanted).abs().mean() / scale


def mel_l1(y: torch.Tensor, x_mel: torch.Tensor, limits: torch.Tensor) -> torch.Tensor:
    return mean((log_mel(y) - x_mel).abs(), counted_bands(limits))

"""Reconstruction losses on spectra and waveforms."""

import torch

from .signal import log_mel, stft

RESOLUTIONS = ((2048, 240), (1024, 120), (512, 50))  # FFT size and hop, samples


def magnitude(spectrum: torch.Tensor) -> torch.Tensor:
    parts = torch.view_as_real(spectrum)
    return torch.sqrt(parts[..., 0].square() + parts[..., 1].square() + 1e-9)


def multi_resolution_stft(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Spectral convergence plus L1 of log magnitudes (Yamamoto 2020), averaged over RESOLUTIONS; y is the estimate."""
    total = 0.0
    for size, hop in RESOLUTIONS:
        with torch.no_grad():
            target = magnitude(stft(x, size, hop))
        estimate = magnitude(stft(y, size, hop))
        convergence = (estimate - target).norm() / target.norm().clamp(min=1e-3)
        logs = torch.log(estimate.clamp(min=1e-4)) - torch.log(target.clamp(min=1e-4))
        total = total + convergence + logs.abs().mean()
    return total / len(RESOLUTIONS)


COHERENT_BINS = 40  # up to 800 Hz: above, the phase of speech no longer follows that of F0


def compressed_complex(spectrum: torch.Tensor, target: torch.Tensor, power: float = 0.5) -> torch.Tensor:
    """L1 between magnitude-compressed complex spectra [B, F, T] below 800 Hz, relative to the target's mean."""
    squeeze = lambda s: torch.view_as_real(s[:, 1:COHERENT_BINS]) * magnitude(s[:, 1:COHERENT_BINS]).pow(power - 1)[..., None]
    with torch.no_grad():
        wanted = squeeze(target)
        scale = wanted.abs().mean().clamp(min=1e-3)
    return (squeeze(spectrum) - wanted).abs().mean() / scale


def mel_l1(y: torch.Tensor, x_mel: torch.Tensor) -> torch.Tensor:
    return (log_mel(y) - x_mel).abs().mean()

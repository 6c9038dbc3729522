"""The inverse-FFT vocoder: mel, F0 and voicing in; harmonic, noise and residual spectra out; one inverse STFT.

    S = exp(h) e^{i pi tanh(theta)} E + exp(n) Z + exp(r) e^{i phi}

E is the STFT of a pulse train at F0, Z complex Gaussian noise. The form follows the published student vocoder of
hibari-tts (Apache-2.0); the ConvNeXt trunk follows Vocos (Siuzdak 2023).
"""

import math
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional

from .signal import BINS, FFT_SIZE, HOP, MEL_BANDS, VOICED_FROM, hann, pulses, stft

MEL_SHIFT, MEL_SCALE = 5.0, 3.0  # input = (mel + shift) / scale: roughly zero mean, unit deviation
F0_SCALE = 5.5  # input = ln(F0) / scale where voiced
LOG_CEILING = 7.0  # the predicted log magnitudes are clamped here
PULSE_GAIN = 1 / 20.0  # brings the STFT of the pulse train to the order of one


@dataclass
class VocoderConfig:
    width: int = 320
    blocks: int = 8
    expansion: int = 3
    kernel: int = 7
    version: int = 1


class ConvNeXtBlock(nn.Module):
    """x + scale * W2 GELU(W1 LayerNorm(depthwise(x))), over [B, T, C]."""

    def __init__(self, config: VocoderConfig):
        super().__init__()
        width, hidden = config.width, config.width * config.expansion
        self.depthwise = nn.Conv1d(width, width, config.kernel, padding=config.kernel // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)
        self.scale = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x):
        y = self.depthwise(x.transpose(1, 2)).transpose(1, 2)
        return x + self.scale * self.down(functional.gelu(self.up(self.norm(y))))


class Vocoder(nn.Module):
    """forward(mel [B, M, T], f0 [B, T] in Hz, phase [B, T] in cycles, noise [B, F, T] complex) -> samples [B, S]."""

    def __init__(self, config: VocoderConfig):
        super().__init__()
        self.config = config
        self.input = nn.Conv1d(MEL_BANDS + 2, config.width, config.kernel, padding=config.kernel // 2)
        self.blocks = nn.ModuleList(ConvNeXtBlock(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.width)
        self.output = nn.Linear(config.width, 5 * BINS)
        nn.init.normal_(self.output.weight, std=0.01)
        with torch.no_grad():  # start quiet: harmonics, then noise, then the residual
            bias = self.output.bias.zero_().view(5, BINS)
            bias[0], bias[2], bias[3] = -4.0, -5.0, -6.0

    def spectra(self, mel, f0):
        """The five parts [5, B, F, T]: harmonic log gain, phase offset, noise log gain, residual log gain, its phase."""
        voiced = (f0 > VOICED_FROM).float()
        pitch = torch.log(f0.clamp(min=VOICED_FROM)) / F0_SCALE * voiced
        x = torch.cat([(mel + MEL_SHIFT) / MEL_SCALE, pitch[:, None], voiced[:, None]], 1)
        x = self.input(x).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        x = self.output(self.norm(x)).float()
        return x.view(*x.shape[:2], 5, BINS).permute(2, 0, 3, 1)

    def forward(self, mel, f0, phase, noise=None, parts=False):
        harmonic, theta, hiss, residual, phi = self.spectra(mel, f0)
        frames = mel.shape[-1]
        source = stft(pulses(f0, phase))[..., :frames] * PULSE_GAIN
        if noise is None:
            noise = torch.complex(torch.randn_like(hiss), torch.randn_like(hiss))
        gain = lambda x: torch.exp(x.clamp(max=LOG_CEILING))
        mask = torch.ones(BINS, 1, device=mel.device)
        mask[0] = mask[-1] = 0
        determined = torch.polar(gain(harmonic), math.pi * torch.tanh(theta)) * source + torch.polar(gain(residual), phi)
        determined = determined * mask
        spectrum = determined + gain(hiss) * mask * noise
        samples = inverse_stft(spectrum)
        return (samples, determined) if parts else samples

    def describe(self):
        return asdict(self.config)


def inverse_stft(spectrum: torch.Tensor) -> torch.Tensor:
    """Samples [B, T * HOP] of a spectrum [B, F, T]; the last frame is repeated to close the final hop."""
    spectrum = torch.cat([spectrum, spectrum[..., -1:]], -1)
    return torch.istft(spectrum, FFT_SIZE, HOP, FFT_SIZE, hann(FFT_SIZE).to(spectrum.device), length=(spectrum.shape[-1] - 1) * HOP)

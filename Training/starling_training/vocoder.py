"""The inverse-FFT vocoder: mel, F0 and voicing in; harmonic, noise and residual spectra out; one inverse STFT.

    S = exp(h) e^{i pi tanh(theta)} E + exp(n) Z + exp(r) e^{i phi}

E is the STFT of a pulse train at F0, Z complex Gaussian noise. The form follows the published student vocoder of
hibari-tts (Apache-2.0); the ConvNeXt trunk follows Vocos (Siuzdak 2023).

The trunk makes one step for `stride` mel frames. It predicts h, theta and n at G knots: every bin up to `fine`, then every
`COARSE`-th, with straight lines between them, since above a few kHz an envelope changes slowly from bin to bin; the residual,
which has no such shape, ends at `fine`.

Letters: B batch, T frames, N = T / stride steps, C channels, F = 601 bins, G knots, R = fine residual bins.
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


COARSE = 4  # bins between knots above `fine`


@dataclass
class VocoderConfig:
    width: int = 320
    blocks: int = 6
    expansion: int = 3
    kernel: int = 5  # taps of every convolution, in steps
    stride: int = 2  # mel frames a step
    fine: int = 200  # bins below this have knots and a residual of their own: 4 kHz
    version: int = 2

    def __post_init__(self):
        if self.version == 1:  # a step of every frame, a knot of every bin
            self.stride, self.fine = 1, BINS

    @property
    def knots(self) -> int:
        return self.fine + (BINS - self.fine + COARSE - 1) // COARSE

    @property
    def parts(self) -> tuple[int, ...]:
        """Numbers of each part of a frame: harmonic log gain, phase offset, noise log gain, residual log gain, its phase."""
        return (self.knots,) * 3 + (self.fine,) * 2


def spread(knots: torch.Tensor, fine: int) -> torch.Tensor:
    """Values at the knots, [B, T, G], for every bin, [B, F, T]."""
    if fine == BINS:
        return knots.transpose(1, 2)
    between = functional.interpolate(knots[..., fine:], BINS - fine, mode="linear", align_corners=True)
    return torch.cat([knots[..., :fine], between], 2).transpose(1, 2)


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
        inputs = (MEL_BANDS + 2) * config.stride
        self.input = nn.Conv1d(inputs, config.width, config.kernel, padding=config.kernel // 2)
        self.blocks = nn.ModuleList(ConvNeXtBlock(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.width)
        self.output = nn.Linear(config.width, sum(config.parts) * config.stride)
        nn.init.normal_(self.output.weight, std=0.01)
        with torch.no_grad():  # start quiet: harmonics, then noise, then the residual
            levels = torch.cat([torch.full((n,), x) for n, x in zip(config.parts, (-4.0, 0.0, -5.0, -6.0, 0.0))])
            self.output.bias.copy_(levels.repeat(config.stride))

    def features(self, mel, f0):
        """What the trunk reads, [B, (M + 2) stride, N]: frames side by side, an incomplete last step filled with zeros."""
        voiced = (f0 > VOICED_FROM).float()
        pitch = torch.log(f0.clamp(min=VOICED_FROM)) / F0_SCALE * voiced
        x = torch.cat([(mel + MEL_SHIFT) / MEL_SCALE, pitch[:, None], voiced[:, None]], 1)
        stride = self.config.stride
        x = functional.pad(x, (0, -x.shape[-1] % stride))
        return x.unflatten(2, (-1, stride)).permute(0, 3, 1, 2).flatten(1, 2)

    def parts(self, mel, f0):
        """The five parts, each [B, T, numbers]."""
        x = self.input(self.features(mel, f0)).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        x = self.output(self.norm(x)).float()
        return x.unflatten(2, (self.config.stride, -1)).flatten(1, 2)[:, : mel.shape[-1]].split(self.config.parts, 2)

    def forward(self, mel, f0, phase, noise=None, parts=False):
        harmonic, theta, hiss, residual, phi = self.parts(mel, f0)
        frames, above = mel.shape[-1], BINS - self.config.fine
        source = stft(pulses(f0, phase))[..., :frames] * PULSE_GAIN
        gain = lambda x: torch.exp(x.clamp(max=LOG_CEILING))
        harmonic, theta, hiss = (spread(x, self.config.fine) for x in (harmonic, theta, hiss))
        if noise is None:
            noise = torch.complex(torch.randn_like(hiss), torch.randn_like(hiss))
        mask = torch.ones(BINS, 1, device=mel.device)
        mask[0] = mask[-1] = 0
        rest = functional.pad(torch.polar(gain(residual), phi).transpose(1, 2), (0, 0, 0, above))
        determined = (torch.polar(gain(harmonic), math.pi * torch.tanh(theta)) * source + rest) * mask
        samples = inverse_stft(determined + gain(hiss) * mask * noise)
        return (samples, determined) if parts else samples

    def describe(self):
        return asdict(self.config)


def inverse_stft(spectrum: torch.Tensor) -> torch.Tensor:
    """Samples [B, T * HOP] of a spectrum [B, F, T]; the last frame is repeated to close the final hop."""
    spectrum = torch.cat([spectrum, spectrum[..., -1:]], -1)
    return torch.istft(spectrum, FFT_SIZE, HOP, FFT_SIZE, hann(FFT_SIZE).to(spectrum.device), length=(spectrum.shape[-1] - 1) * HOP)

"""Golden fixtures: what the Swift networks must reproduce, stage by stage.

    python -m starling_training.fixtures [signal] [vocoder] [acoustic]

writes Tests/*/Fixtures/*.safetensors from fixed inputs and, for the networks, the weights in data/.
"""

import os
import sys

import torch
from safetensors.torch import save_file

from . import signal
from .vocoder import inverse_stft

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def save(path, **tensors):
    save_file({k: v.contiguous() for k, v in tensors.items()}, f"{ROOT}/Tests/{path}")
    print(path, {k: tuple(v.shape) for k, v in tensors.items()}, os.path.getsize(f"{ROOT}/Tests/{path}"))


def interleaved(spectrum):
    """[T, 2F] of a complex [F, T]."""
    return torch.view_as_real(spectrum.transpose(0, 1)).reshape(spectrum.shape[1], -1)


def signal_fixture():
    torch.manual_seed(1)
    time = torch.arange(4500) / signal.SAMPLE_RATE
    samples = 0.3 * torch.sin(2 * torch.pi * 220 * time) + 0.05 * torch.randn(4500)
    spectrum = signal.stft(samples[None])[0]
    noise = torch.complex(torch.randn(601, 7), torch.randn(601, 7))
    save(
        "NumericTests/Fixtures/signal.safetensors",
        samples=samples, spectrum=interleaved(spectrum), log_mel=signal.log_mel(samples[None])[0].T,
        filters=signal.mel_filters(), noise=interleaved(noise), inverse=inverse_stft(noise[None])[0])


def main(names):
    for name in names or ("signal",):
        dict(signal=signal_fixture)[name]()


if __name__ == "__main__":
    with torch.no_grad():
        main(sys.argv[1:])

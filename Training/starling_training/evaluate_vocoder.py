"""Copy-synthesis: recordings through the vocoder from their own mels and F0, to be judged beside the recordings.

    python -m starling_training.evaluate_vocoder VOCODER.pt|VOCODER.safetensors EXTENSION.pt OUT_DIR GROUP=GLOB [GROUP=GLOB ...]

Writes WAV files and OUT_DIR/list.tsv in the evaluation kit's form: wav, text, reference recording, group. The text of
LibriSpeech comes from its transcripts beside the recordings, that of other files from a .txt of the same name.
"""

import glob
import os
import sys

import numpy as np
import soundfile
import torch

from . import extension, f0
from .corpus import BANDS_BELOW_7600
from .export import load
from .recordings import read
from .signal import HOP, SAMPLE_RATE, log_mel
from .speak import restore, vocode
from .transcripts import transcript
from .vocoder import Vocoder, VocoderConfig


def prepare(path, extend):
    """Samples at SAMPLE_RATE with their log mel [M, T] and F0 [T]; glottal pulses up, at the level of training."""
    import soxr

    samples, rate = read(path)
    samples = samples * np.float32(np.copysign(1, f0.polarity(samples, rate)))
    if rate != SAMPLE_RATE:
        samples = soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ")
    frames = len(samples) // HOP
    samples = samples[: frames * HOP]
    mel = log_mel(torch.from_numpy(samples)[None])[0].T
    if rate < SAMPLE_RATE:
        mel = extend(mel)
    return samples, mel.T, torch.from_numpy(f0.track(samples, SAMPLE_RATE, frames)[0])


def main(vocoder, extend, out, *groups):
    torch.set_num_threads(1)
    os.makedirs(out, exist_ok=True)
    vocoder = load("vocoder", vocoder) if vocoder.endswith(".safetensors") else restore(Vocoder, VocoderConfig, vocoder)
    extend = extension.load(extend)
    with open(f"{out}/list.tsv", "w", encoding="utf8") as listing:
        for group, pattern in (g.split("=", 1) for g in groups):
            for path in sorted(glob.glob(pattern)):
                samples, mel, pitch = prepare(path, extend)
                stem = f"{out}/{os.path.splitext(os.path.basename(path))[0]}"
                soundfile.write(f"{stem}_y.wav", vocode(vocoder, mel, pitch), SAMPLE_RATE)
                soundfile.write(f"{stem}_x.wav", samples, SAMPLE_RATE)
                words = transcript(path).lower()
                listing.write(f"{stem}_y.wav\t{words}\t{stem}_x.wav\t{group}\n")
                listing.write(f"{stem}_x.wav\t{words}\t\t{group}-recorded\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Speaks with the trainer's own networks, to judge a snapshot before it is exported.

    python -m starling_training.speak ACOUSTIC.pt VOCODER.pt PACK_DIR PHONEMES.tsv OUT_DIR VOICE [VOICE ...]

PHONEMES.tsv has rows `accent <TAB> text <TAB> phonemes` (accent us or gb; voices named b... take gb, others us). Writes WAV
files and OUT_DIR/list.tsv in the evaluation kit's form: wav, text, reference recording, group. With `resynthesis` as the
only voice, held-out utterances of the pack go through the vocoder from their true mels and F0 instead.
"""

import os
import sys

import numpy as np
import soundfile
import torch

from .acoustic import AcousticConfig, AcousticModel
from .codebook import colours
from .corpus import Pack
from .profile import combine, reference_frames
from .signal import SAMPLE_RATE, frame_phase
from .symbols import encode
from .vocoder import Vocoder, VocoderConfig


def restore(kind, config, path):
    """A network with the averaged weights of a checkpoint."""
    state = torch.load(path, map_location="cpu", weights_only=False)
    model = kind(config(**state["config"]["model"]))
    model.load_state_dict(state["average"])
    return model.eval()


@torch.no_grad()
def vocode(vocoder, mel, f0):
    """Samples [S] of a log mel [M, T] and F0 in Hz [T]; the noise is seeded."""
    torch.manual_seed(0)
    phase = torch.from_numpy(frame_phase(f0.numpy()))
    return vocoder(mel[None], f0[None], phase[None])[0].clamp(-1, 1).numpy()


def resynthesize(vocoder, pack, out, count=10):
    with open(f"{out}/list.tsv", "w") as listing:
        for row in [r for r in pack.rows if r["frames"] > 200][:count]:
            span = slice(row["start"], row["start"] + row["frames"])
            mel, f0 = torch.from_numpy(pack.mel[span].astype(np.float32).T), torch.from_numpy(np.array(pack.f0[span]))
            soundfile.write(f"{out}/{row['id']}_y.wav", vocode(vocoder, mel, f0), SAMPLE_RATE)
            soundfile.write(f"{out}/{row['id']}_x.wav", pack.audio(row["start"], row["frames"]), SAMPLE_RATE)
            listing.write(f"{out}/{row['id']}_y.wav\t{row['text']}\t{out}/{row['id']}_x.wav\tresynthesis\n")
            listing.write(f"{out}/{row['id']}_x.wav\t{row['text']}\t\toriginal\n")


def speak(acoustic, vocoder, pack, folder, rows, voices, out):
    profiles, tracked = np.load(f"{folder}/profiles.npz"), np.load(f"{folder}/tracked.npy")
    with open(f"{out}/list.tsv", "w") as listing:
        for voice in voices:
            mine = [i for i, row in enumerate(pack.rows) if row["voice"] == voice]
            profile, known = (torch.from_numpy(x)[None] for x in combine(profiles["vectors"][mine], profiles["known"][mine]))
            particular = torch.from_numpy(colours(profiles["counts"][mine], profiles["totals"][mine]))[None]
            more = {}
            if acoustic.config.references:
                more["references"] = torch.from_numpy(reference_frames(pack, tracked, mine))[None]
            reference = pack.rows[mine[0]]
            soundfile.write(f"{out}/{voice}_reference.wav", pack.audio(reference["start"], reference["frames"]), SAMPLE_RATE)
            for number, (_, text, phonemes) in enumerate(r for r in rows if (r[0] == "gb") == voice.startswith("b")):
                mel, f0, _ = acoustic.synthesize(torch.tensor([encode(phonemes)]), profile, known, particular, **more)
                path = f"{out}/{voice}_{number:02d}.wav"
                soundfile.write(path, vocode(vocoder, mel[0].T, f0[0]), SAMPLE_RATE)
                listing.write(f"{path}\t{text}\t{out}/{voice}_reference.wav\t{voice}\n")


def main(acoustic, vocoder, folder, phonemes, out, *voices):
    torch.set_num_threads(1)
    os.makedirs(out, exist_ok=True)
    pack, vocoder = Pack(folder), restore(Vocoder, VocoderConfig, vocoder)
    if voices == ("resynthesis",):
        return resynthesize(vocoder, pack, out)
    rows = [line.rstrip("\n").split("\t") for line in open(phonemes, encoding="utf8")]
    speak(restore(AcousticModel, AcousticConfig, acoustic), vocoder, pack, folder, rows, voices, out)


if __name__ == "__main__":
    main(*sys.argv[1:])

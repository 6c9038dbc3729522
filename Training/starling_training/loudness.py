"""How loud the networks speak with a profile, which tells by how much a voice must be turned up or down.

    python -m starling_training.loudness VOICES_DIR --data DATA_DIR

measures all voices of a folder anew, as a new acoustic model or vocoder needs it. Enrollment does the same
(Sources/Enrollment/Calibration), with the same sentences.
"""

import argparse
import glob
import os

import numpy as np
import pyloudnorm
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from . import export
from .signal import SAMPLE_RATE
from .speak import vocode
from .symbols import encode

SENTENCES = (
    "ðə kwˈɪk jˈʌŋ fˈɪʃəɹ mˈɛʒəɹd ˈɛvəɹi ʤˈYnt ʌv ði ˈOld wˈʊdᵊn bɹˈɪʤ ðɪs mˈɔɹnɪŋ.",
    "ʃˌi sˈɛlz fɹˈɛʃ bɹˈɛd, θˈɪk jˈOɡəɹt ænd ʧˈip ˈɔɹᵊnʤᵻz nˌɪɹ ðə lˈɑɹʤ ʧˈɜɹʧ.",
)


def measure(acoustic, vocoder, vector, known, colours, references=None):
    """LUFS (ITU-R BS.1770) of a profile: vector and known [360], colours [K, M], and references [R, M] if there are any."""
    profile = [torch.from_numpy(np.asarray(numbers, np.float32))[None] for numbers in (vector, known, colours)]
    more = {} if references is None else dict(references=torch.from_numpy(np.asarray(references, np.float32))[None])
    spoken = []
    for sentence in SENTENCES:
        mel, f0, _ = acoustic.synthesize(torch.tensor([encode(sentence)]), *profile, **more)
        spoken.append(vocode(vocoder, mel[0].T, f0[0]))
    return pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(np.concatenate(spoken).astype(np.float64))


def networks(data):
    return [export.load(kind, f"{data}/{kind}.safetensors") for kind in ("acoustic", "vocoder")]


def main(voices, data):
    acoustic, vocoder = networks(data)
    for path in sorted(glob.glob(f"{voices}/*/profile.safetensors")):
        with safe_open(path, "pt") as file:
            tensors, metadata = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
        if "transport.offset" in tensors or "gains" in tensors:
            raise SystemExit(f"{path} is of an enrolled voice; enroll it again")
        vector = torch.cat([tensors["embedding"], tensors["statistics"], tensors["spectrum"]]).numpy()
        known = np.ones_like(vector)
        known[len(vector) - tensors["spectrum"].numel() + int(metadata["bands"]) :] = 0
        before = float(tensors["loudness"])
        references = tensors["references"].numpy() if "references" in tensors else None
        level = measure(acoustic, vocoder, vector, known, tensors["colours"].numpy(), references)
        tensors["loudness"] = torch.tensor([level], dtype=torch.float32)
        save_file(tensors, f"{path}.part", metadata)
        os.replace(f"{path}.part", path)
        print(f"{path}: {before:.2f} LUFS before, {float(tensors['loudness']):.2f} now")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("voices", metavar="VOICES_DIR")
    parser.add_argument("--data", required=True)
    main(**vars(parser.parse_args()))

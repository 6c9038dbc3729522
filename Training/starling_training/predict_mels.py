"""Writes the acoustic model's mels under true durations, F0, voicing and energy: what the vocoder will really be given.

    python -m starling_training.predict_mels ACOUSTIC.pt|ACOUSTIC.safetensors PACK_DIR

adds PACK_DIR/predicted.f16 [T, M], each utterance at its own recorded level.
"""

import os
import sys

import numpy as np
import torch

from .acoustic import AcousticConfig, AcousticModel
from .checkpoint import mixed_precision
from .export import load
from .profile import level_shift
from .train_acoustic import Utterances, speak


def acoustic(path) -> AcousticModel:
    """The network of a checkpoint or an exported file."""
    if path.endswith(".safetensors"):
        return load("acoustic", path)
    state = torch.load(path, map_location="cpu", weights_only=False)
    model = AcousticModel(AcousticConfig(**state["config"]["model"]))
    model.load_state_dict(state["average"])
    return model.eval()


def main(checkpoint, folder):
    torch.set_num_threads(1)
    model = acoustic(checkpoint)
    data = Utterances([folder], 4000, 0)
    data.training = np.arange(len(data.rows))
    pack = data.rows[0][0]
    predicted = pack.mel.copy()  # utterances without a profile keep their own mel
    for batch in data.epoch():
        inputs = data.collate(batch, training=False)
        with torch.no_grad(), mixed_precision():
            mel = speak(model, inputs)["mel"]
        for index, estimate in zip(batch, mel.numpy()):
            row = data.rows[index][1]
            span = slice(row["start"], row["start"] + row["frames"])
            shift = level_shift(pack.mel[span].astype(np.float32), pack.tracked[span])
            predicted[span] = np.maximum(estimate[: row["frames"]] - shift, np.log(1e-5))
            predicted[span, row["top"] :] = pack.mel[span, row["top"] :]
    predicted.tofile(f"{folder}/predicted.f16.part")
    os.replace(f"{folder}/predicted.f16.part", f"{folder}/predicted.f16")
    print(f"{len(data.rows)} utterances")


if __name__ == "__main__":
    main(*sys.argv[1:])

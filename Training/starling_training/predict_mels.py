"""Writes the acoustic model's mels under true durations, F0, voicing and energy: what the vocoder will really be given.

    python -m starling_training.predict_mels CHECKPOINT.pt PACK_DIR

adds PACK_DIR/predicted.f16 [T, M], each utterance at its own recorded level and every voice transported as clones are
(transport.py). Without that the model's mels lean towards everyone's average, and a vocoder that learns to make recordings of
them leans the other way for voices near the average and not far enough for those beyond.
"""

import os
import sys

import numpy as np
import torch

from . import transport
from .acoustic import AcousticConfig, AcousticModel
from .checkpoint import mixed_precision
from .profile import level_shift
from .signal import LOG_FLOOR
from .train_acoustic import Utterances


def predict(model, data):
    """Mels [T, M] at LEVEL of every row of the data, by index."""
    mels = {}
    data.training = np.arange(len(data.rows))
    for batch in data.epoch():
        inputs = data.collate(batch, training=False)
        with torch.no_grad(), mixed_precision():
            mel = model(*(inputs[k] for k in ("tokens", "durations", "pitch", "voiced", "energy", "profile", "known", "colours")))["mel"]
        mels |= {index: estimate[: data.rows[index][1]["frames"]] for index, estimate in zip(batch, mel.float().numpy())}
    return mels


def frames(mels, kinds):
    """Speech of a voice's utterances, for the transport."""
    slow = [transport.smoothed(mel) for mel in mels]
    speech = [transport.loudness(mel) > 0 for mel in mels]
    pick = lambda arrays: np.concatenate([a[s] for a, s in zip(arrays, speech)])
    return transport.Spoken(pick(slow), pick([m - s for m, s in zip(mels, slow)]), pick(kinds))


def main(checkpoint, folder):
    torch.set_num_threads(1)
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    model = AcousticModel(AcousticConfig(**state["config"]["model"]))
    model.load_state_dict(state["average"])
    data = Utterances([folder], 4000, 0)
    mels = predict(model.eval(), data)
    pack = data.rows[0][0]
    predicted = pack.mel.copy()  # utterances without a profile keep their own mel
    for rows in data.voices.values():
        spans = [slice(row["start"], row["start"] + row["frames"]) for row in (data.rows[i][1] for i in rows)]
        true = [pack.mel[span].astype(np.float32) for span in spans]
        shifts = [level_shift(mel, pack.tracked[span]) for mel, span in zip(true, spans)]
        kinds, top = [pack.kinds[span] for span in spans], data.rows[rows[0]][1]["top"]
        owner = frames([mel + shift for mel, shift in zip(true, shifts)], kinds)
        change = transport.estimate(frames([mels[i] for i in rows], kinds), owner, top)
        for i, span, shift in zip(rows, spans, shifts):
            predicted[span, :top] = np.maximum(transport.apply(mels[i], *change) - shift, np.log(LOG_FLOOR))[:, :top]
    predicted.tofile(f"{folder}/predicted.f16.part")
    os.replace(f"{folder}/predicted.f16.part", f"{folder}/predicted.f16")
    print(f"{len(data.rows)} utterances of {len(data.voices)} voices")


if __name__ == "__main__":
    main(*sys.argv[1:])

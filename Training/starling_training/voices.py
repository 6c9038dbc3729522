"""Writes the bundled voices: one folder with profile and card for each, from a packed corpus.

    python -m starling_training.voices PACK_DIR ROSTER.json VOICES_DIR --data DATA_DIR

The roster maps a bundled name to the corpus voice, an accent, a gender and a description. A profile is measured on all
utterances of the voice; its loudness on what the networks make of it (loudness.py). `--data` names the folder with the exported
networks, among them the speaker encoder and the codebook that measured the pack: their fingerprint goes into the cards, as
`export acoustic --data` writes it into the acoustic model.
"""

import argparse
import hashlib
import json
import os

import numpy as np
import torch
from safetensors.torch import save_file

from . import fingerprint, loudness
from .acoustic import EMBEDDING, STATISTICS
from .codebook import colours
from .corpus import Pack
from .profile import combine, reference_frames
from .signal import MEL_BANDS


def main(folder, roster, target, data):
    pack, profiles = Pack(folder), np.load(f"{folder}/profiles.npz")
    tracked = np.load(f"{folder}/tracked.npy")
    acoustic, vocoder = loudness.networks(data)
    for name, entry in json.load(open(roster)).items():
        mine = [i for i, row in enumerate(pack.rows) if row["voice"] == entry["corpus"]]
        vector, known = combine(profiles["vectors"][mine], profiles["known"][mine])
        particular = colours(profiles["counts"][mine], profiles["totals"][mine])
        references = reference_frames(pack, tracked, mine) if acoustic.config.references else None
        level = loudness.measure(acoustic, vocoder, vector, known, particular, references)
        os.makedirs(f"{target}/{name}", exist_ok=True)
        parts = dict(
            embedding=vector[:EMBEDDING], statistics=vector[EMBEDDING : EMBEDDING + STATISTICS],
            spectrum=vector[EMBEDDING + STATISTICS :], colours=particular, loudness=np.array([level], np.float32),
        )
        if references is not None:
            parts["references"] = references
        bands = int(known[EMBEDDING + STATISTICS :].sum())
        assert bands == MEL_BANDS
        tensors = {key: torch.from_numpy(np.ascontiguousarray(value)) for key, value in parts.items()}
        save_file(tensors, f"{target}/{name}/profile.safetensors", {"bands": str(bands)})
        spoken = sum(pack.rows[i]["frames"] for i in mine) / 80
        card = dict(
            schema=1, name=name, description=entry["description"], accent=entry["accent"], gender=entry["gender"],
            created=entry["created"], licence="Apache-2.0",
            consent="Synthetic voice of the openly licensed Kokoro-82M; no person was recorded for it.",
            sources=[dict(name=f"{len(mine)} sentences ({spoken:.0f} s) spoken by Kokoro-82M as {entry['corpus']}")],
        )
        card["model"] = fingerprint.of(data)
        with open(f"{target}/{name}/voice.json", "w", encoding="utf8") as file:
            file.write(json.dumps(card, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        print(name, len(mine), hashlib.sha256(open(f"{target}/{name}/profile.safetensors", "rb").read()).hexdigest()[:12])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", metavar="PACK_DIR")
    parser.add_argument("roster", metavar="ROSTER.json")
    parser.add_argument("target", metavar="VOICES_DIR")
    parser.add_argument("--data", required=True)
    main(**vars(parser.parse_args()))

"""What the speaker encoder's mel bands outside of a telephone's band probably hold, from those inside: a linear regression.

    python -m starling_training.telephone OUT.safetensors FOLDER [FOLDER ...]

takes recordings at RATE or more from the folders (speakers 1088, 3526 and 6848 of LibriSpeech are left out) and writes
`weight` [M - K, K + 2]: ln power of the M - K bands outside = weight @ (ln powers of the K bands inside less their mean, that
mean, 1). The metadata names the bands inside and prints how far the prediction is off.
"""

import json
import sys

import numpy as np
import torch
from safetensors.torch import save_file

from . import speaker
from .train_speaker import read, recordings

INSIDE = (4, 29)  # bands centred between 350 and 3300 Hz
LEVEL = -26.0  # dB, the mean power recordings are brought to
APART = ("ls1088", "ls3526", "ls6848")
COUNT = 300  # recordings used


def main(path, folders):
    torch.set_num_threads(1)
    found = [p for p, voice in recordings(folders) if voice not in APART]
    chosen = np.random.default_rng(0).permutation(len(found))[:COUNT]
    logs = []
    for index in chosen:
        samples = read(found[index])
        samples = samples * np.float32(10 ** (LEVEL / 20) / np.sqrt((samples**2).mean() + 1e-12))
        logs.append(torch.log(speaker.active(speaker.mel_power(samples)).clamp(min=speaker.FLOOR)))
    logs = torch.cat(logs).double()
    inside = torch.zeros(speaker.MEL_BANDS, dtype=torch.bool)
    inside[slice(*INSIDE)] = True
    mean = logs[:, inside].mean(1, keepdim=True)
    inputs = torch.cat([logs[:, inside] - mean, mean, torch.ones(len(logs), 1)], 1)
    gram = inputs.T @ inputs + 1e-3 * len(inputs) * torch.eye(inputs.shape[1])
    weight = torch.linalg.solve(gram, inputs.T @ logs[:, ~inside]).T
    error = (logs[:, ~inside] - inputs @ weight.T).std().item()
    save_file({"weight": weight.float().contiguous()}, path, {
        "inside": json.dumps(list(INSIDE)), "recordings": str(len(chosen)), "error": f"{error:.3f}"})
    print(f"{len(chosen)} recordings, {len(logs)} frames, deviation of the error {error:.2f} nepers of power")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

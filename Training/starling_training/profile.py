"""Speaker profiles: what is measured on each utterance, and how several utterances make one profile.

    python -m starling_training.profile PACK_DIR GE2E.pt

writes PACK_DIR/profiles.npz: `vectors` [U, 360] (unit embedding 256, mean and deviation of ln F0, ln rate, energy
deviation, average spectrum 100) and `known` [U, 360], zero where a number could not be measured. The embedding is that
of the GE2E encoder of resemblyzer (Apache-2.0), which Starling's own encoder is distilled from.
"""

import json
import sys

import librosa
import numpy as np
import soxr
import torch

from . import symbols
from .acoustic import EMBEDDING, ENERGY_SCALE, LEVEL, STATISTICS
from .corpus import BANDS_BELOW_7600, Pack
from .signal import MEL_BANDS, SAMPLE_RATE, VOICED_FROM

SPOKEN = {symbols.IDS[s] for s in symbols.SYMBOLS if s not in ';:,.!?—…"()“” ˈˌː'}  # tokens that take time of their own


class GE2E(torch.nn.Module):
    """Three LSTM layers over 40 mel powers at 16 kHz, 1.6 s windows (Wan et al. 2018)."""

    def __init__(self, path):
        super().__init__()
        self.lstm = torch.nn.LSTM(40, 256, 3, batch_first=True)
        self.linear = torch.nn.Linear(256, 256)
        state = torch.load(path, map_location="cpu", weights_only=False)["model_state"]
        self.load_state_dict({k: v for k, v in state.items() if k.startswith(("lstm", "linear"))})

    @torch.no_grad()
    def forward(self, samples):
        """Unit embedding [256] of 16 kHz samples."""
        level = np.sqrt(np.mean(samples**2)) + 1e-9
        samples = samples * max(1.0, 10 ** (-30 / 20) / level)
        mel = librosa.feature.melspectrogram(y=samples, sr=16_000, n_fft=400, hop_length=160, n_mels=40).T.astype(np.float32)
        loud = np.flatnonzero(mel.sum(1) > 1e-3 * np.percentile(mel.sum(1), 95))
        mel = mel[loud[0] : loud[-1] + 1]
        if len(mel) < 160:
            mel = np.pad(mel, ((0, 160 - len(mel)), (0, 0)))
        starts = range(0, len(mel) - 159, 77)
        _, (hidden, _) = self.lstm(torch.from_numpy(np.stack([mel[s : s + 160] for s in starts])))
        out = torch.relu(self.linear(hidden[-1]))
        out = (out / out.norm(dim=1, keepdim=True)).mean(0)
        return (out / out.norm()).numpy()


def level_shift(mel: np.ndarray, f0: np.ndarray) -> np.float32:
    """What to add to a log mel [T, M] to bring its voiced frames to LEVEL."""
    voiced = f0 > VOICED_FROM
    return np.float32(LEVEL - mel[voiced, :BANDS_BELOW_7600].mean())


def measure(mel, f0, durations, tokens, speed, top):
    """Statistics [4] and average spectrum [M] with what is known of each, from one utterance's arrays."""
    voiced = f0 > VOICED_FROM
    logs = np.log(f0[voiced])
    spoken = [d for d, t in zip(durations, tokens) if t in SPOKEN]
    energy = mel[:, :BANDS_BELOW_7600].mean(1)
    spectrum = mel[voiced].mean(0)
    spectrum = spectrum - spectrum[:BANDS_BELOW_7600].mean()
    statistics = [logs.mean(), logs.std(), np.log(np.mean(spoken) * speed), energy[voiced].std() / ENERGY_SCALE]
    return np.array([*statistics, *spectrum], np.float32), np.array([1] * (STATISTICS + top) + [0] * (MEL_BANDS - top), np.float32)


def combine(vectors: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One profile of several utterances' vectors [U, 360]: mean of what is known; the embedding is brought to unit length."""
    count = known.sum(0)
    mean = (vectors * known).sum(0) / np.maximum(count, 1)
    mean[:EMBEDDING] /= np.linalg.norm(mean[:EMBEDDING]) + 1e-9
    return mean.astype(np.float32), (count > 0).astype(np.float32)


def main(folder, weights):
    torch.set_num_threads(1)
    pack, encoder = Pack(folder), GE2E(weights)
    vectors, known = [], []
    for row in pack.rows:
        span = slice(row["start"], row["start"] + row["frames"])
        mel, f0 = pack.mel[span].astype(np.float32), pack.f0[span]
        if (f0 > VOICED_FROM).sum() < 10:
            vectors.append(np.zeros(EMBEDDING + STATISTICS + MEL_BANDS, np.float32))
            known.append(np.zeros_like(vectors[-1]))
            continue
        audio = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, 16_000, "HQ")
        numbers, measured = measure(mel, f0, row["durations"], row["tokens"], row["speed"], row["top"])
        vectors.append(np.concatenate([encoder(audio), numbers]))
        known.append(np.concatenate([np.ones(EMBEDDING, np.float32), measured]))
    np.savez(f"{folder}/profiles.npz", vectors=np.stack(vectors), known=np.stack(known))
    print(json.dumps(dict(utterances=len(vectors))))


if __name__ == "__main__":
    main(*sys.argv[1:])

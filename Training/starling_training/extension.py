"""The mel bands above 7.6 kHz that a 16 kHz recording does not have, guessed from those below.

    python -m starling_training.extension OUT.pt PACK_DIR [PACK_DIR ...]

trains a small network on packs of full bandwidth, in about a minute. The vocoder is given such bands with recordings of
16 kHz, and not judged by what it makes of them: the acoustic model, too, fills in all bands, and an empty top would tell
recordings from its mels.
"""

import sys

import numpy as np
import torch
from torch import nn

from .corpus import BANDS_BELOW_7600, Pack
from .signal import MEL_BANDS

CONTEXT = 1  # frames at either side
STEPS, BATCH, RATE = 1500, 512, 2e-3


class Extension(nn.Module):
    """forward(mel [T, M]) -> mel [T, M] with its upper bands replaced."""

    def __init__(self, hidden=160):
        super().__init__()
        inputs = BANDS_BELOW_7600 * (2 * CONTEXT + 1)
        self.layers = nn.Sequential(nn.Linear(inputs, hidden), nn.GELU(), nn.Linear(hidden, MEL_BANDS - BANDS_BELOW_7600))

    def upper(self, lower):
        """The upper bands [N, 15] of lower ones with their context [N, 3, 85]; levels are relative to the middle frame's mean."""
        level = lower[:, CONTEXT].mean(1, keepdim=True)
        return self.layers((lower - level[:, None]).flatten(1) / 3) * 3 + level

    @torch.no_grad()
    def forward(self, mel):
        lower = nn.functional.pad(mel[None, :, :BANDS_BELOW_7600].transpose(1, 2), (CONTEXT, CONTEXT), mode="replicate")[0].T
        return torch.cat([mel[:, :BANDS_BELOW_7600], self.upper(lower.unfold(0, 2 * CONTEXT + 1, 1).transpose(1, 2))], 1)


def load(path):
    model = Extension()
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


def train(path, folders):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    mel = np.concatenate([np.asarray(p.mel[r["start"] : r["start"] + r["frames"]]) for p in map(Pack, folders)
                          for r in p.rows if r["top"] == MEL_BANDS])
    model, random = Extension(), np.random.default_rng(1)
    optimizer = torch.optim.AdamW(model.parameters(), RATE)
    for step in range(STEPS):
        middle = random.integers(CONTEXT, len(mel) - CONTEXT, BATCH)
        frames = torch.from_numpy(mel[middle[:, None] + np.arange(-CONTEXT, CONTEXT + 1)].astype(np.float32))
        loss = (model.upper(frames[..., :BANDS_BELOW_7600]) - frames[:, CONTEXT, BANDS_BELOW_7600:]).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        if step % 300 == 299:
            print(f"{step + 1} L1 {float(loss.detach()):.3f}", flush=True)
    torch.save(model.state_dict(), path)


if __name__ == "__main__":
    train(sys.argv[1], sys.argv[2:])

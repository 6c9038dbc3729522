"""Trains the vocoder by spectral losses and, with "adversarial" in the configuration, against discriminators.

    python -m starling_training.train_vocoder CONFIG.json RUN_DIR NAME=PACK_DIR [NAME=PACK_DIR ...]

Resumes from RUN_DIR/last.pt; a fresh run starts from the checkpoint or the exported weights named by the configuration's
"start", if any. "shares"
tells how many crops come from each named pack. Of the crops of a pack with `predicted.f16` (see predict_mels), the share
"predicted" takes the acoustic model's mels under true durations and F0. The mels of the others are smoothed at random for
the share "blurred", as regressed mels are smooth. Recordings of 16 kHz get guessed upper bands (see extension) and are
judged by what lies below.

On voiced speech the pulse train is in phase with the low harmonics (measured coherence between neighbouring frames: 0.84 at
the first harmonic, 0.5 at the fifth, 0.1 at the twentieth), so a loss on the complex spectrum of the determined part
(harmonics and residual) helps below 800 Hz and would only feed the noise part above.
"""

import json
import sys

import numpy as np
import torch
from safetensors.torch import load_file
from scipy.ndimage import gaussian_filter

from . import extension
from .checkpoint import Run, cosine, device, mixed_precision
from .corpus import Pack
from .adversary import Adversary
from .discriminator import SpectrogramDiscriminators
from .losses import compressed_complex, mel_l1, multi_resolution_stft
from .signal import MEL_BANDS, SAMPLE_RATE, log_mel, mel_edges, stft
from .vocoder import Vocoder, VocoderConfig

BLUR = (1.2, 1.5)  # greatest deviation of the Gaussian that smooths a mel, in frames and in bands
CONTEXT = 2  # frames around a crop that the guess of upper bands and the blur may see


class Crops:
    """Random crops of equal length: samples [B, S], mel [B, M, T], f0 and phase [B, T], Hz up to which they count [B]."""

    def __init__(self, folders, config, seed):
        self.frames, self.random, self.config = config["frames"], np.random.default_rng(seed), config
        self.extend = extension.load(config["extension"]) if "extension" in config else None
        self.packs, self.rows = [], []
        for name, folder in folders.items():
            pack = Pack(folder)
            rows = [r for r in pack.rows if r["frames"] > self.frames + 2 * CONTEXT and (self.extend or r["top"] == MEL_BANDS)]
            self.packs.append((pack, config["shares"][name]))
            self.rows.append([r for r in rows if r["voice"] not in config.get("held_out", ())][config.get("skip", 0) :])
        # Long recordings are as likely per second as short ones, and people who said little are heard more often.
        self.odds = []
        for rows in self.rows:
            seconds = {}
            for row in rows:
                seconds[row["voice"]] = seconds.get(row["voice"], 0) + row["frames"]
            odds = np.array([row["frames"] / seconds[row["voice"]] ** 0.5 for row in rows])
            self.odds.append(odds / odds.sum())

    def conditions(self, pack, row, start):
        """The log mel that the vocoder is given for a crop, [T, M]."""
        wide = slice(start - CONTEXT, start + self.frames + CONTEXT)
        if hasattr(pack, "predicted") and self.random.random() < self.config["predicted"]:
            return pack.predicted[start : start + self.frames].astype(np.float32)
        mel = pack.mel[wide].astype(np.float32)
        if row["top"] < MEL_BANDS:
            mel = self.extend(torch.from_numpy(mel)).numpy()
        if self.random.random() < self.config["blurred"]:
            mel = gaussian_filter(mel, self.random.uniform(0, BLUR))
        return mel[CONTEXT:-CONTEXT]

    def batch(self, size):
        crops, shares = [], np.array([share for _, share in self.packs])
        for place in self.random.choice(len(self.packs), size, p=shares / shares.sum()):
            pack = self.packs[place][0]
            row = self.rows[place][self.random.choice(len(self.rows[place]), p=self.odds[place])]
            start = row["start"] + CONTEXT + int(self.random.integers(row["frames"] - self.frames - 2 * CONTEXT))
            audio, span = pack.audio(start, self.frames), slice(start, start + self.frames)
            gain = np.float32(min(10 ** self.random.uniform(-0.4, 0.2), 0.99 / max(np.abs(audio).max(), 1e-3)))
            mel = np.maximum(self.conditions(pack, row, start) + np.log(gain), np.float32(np.log(1e-5)))
            limit = mel_edges()[row["top"] + 1] if row["top"] < MEL_BANDS else SAMPLE_RATE / 2
            crops.append((audio * gain, mel.T, pack.f0[span], pack.phase[span], np.float32(limit)))
        return [torch.from_numpy(np.stack(x)).to(device()) for x in zip(*crops)]


def weights(path):
    """The averaged weights of a checkpoint, or those of an exported file."""
    if path.endswith(".safetensors"):
        return {name: value.float() for name, value in load_file(path).items()}
    return torch.load(path, map_location=device(), weights_only=False)["average"]


def train(config, folder, packs):
    model = Vocoder(VocoderConfig(**config["model"])).to(device())
    if "start" in config:
        model.load_state_dict(weights(config["start"]))
    optimizer = torch.optim.AdamW(model.parameters(), config["rate"], betas=(0.8, 0.99), weight_decay=0.01)
    parts = dict(model=model, optimizer=optimizer)
    adversary = None
    if "adversarial" in config:
        discriminators = SpectrogramDiscriminators(config["adversarial"]["channels"])
        adversary = Adversary(discriminators, config["adversarial"]["rate"])
    if adversary:
        parts |= dict(discriminators=adversary.discriminators, discriminator_optimizer=adversary.optimizer)
    run = Run(folder, config, **parts)
    crops = Crops(packs, config, config["seed"] + run.step)
    print(f"{sum(map(len, crops.rows))} utterances, {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    while run.step < config["steps"]:
        for group in optimizer.param_groups:
            group["lr"] = cosine(run.step, config["warmup"], config["steps"], config["rate"])
        samples, mel, f0, phase, limits = crops.batch(config["batch"])
        with mixed_precision():
            estimate, determined = model(mel, f0, phase, parts=True)
        losses = dict(
            stft=multi_resolution_stft(estimate, samples, limits),
            mel=mel_l1(estimate, log_mel(samples), limits),
            complex=compressed_complex(determined, stft(samples)[..., : config["frames"]]),
        )
        if adversary:
            losses |= adversary.judge((estimate, limits), (samples, limits))
        loss = sum(config["weights"][name] * value for name, value in losses.items())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        if adversary:
            losses["discriminator"] = adversary.learn((samples, limits), (estimate.detach(), limits))
        run.advance(losses)
    run.save()


if __name__ == "__main__":
    train(json.load(open(sys.argv[1])), sys.argv[2], dict(x.split("=", 1) for x in sys.argv[3:]))

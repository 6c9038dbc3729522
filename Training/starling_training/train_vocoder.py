"""Trains the vocoder: first by spectral losses on true mels, then with discriminators and on predicted mels too.

    python -m starling_training.train_vocoder CONFIG.json RUN_DIR PACK_DIR [PACK_DIR ...]

Resumes from RUN_DIR/last.pt; a fresh run starts from the checkpoint named by the configuration's "start", if any. With
"adversarial" in the configuration, discriminators take part; with "predicted", that share of the crops takes its mel from
PACK_DIR/predicted.f16, the acoustic model's mels under true durations and F0 (see predict_mels). On voiced speech the pulse train is in phase with the low harmonics (measured coherence
between neighbouring frames: 0.84 at the first harmonic, 0.5 at the fifth, 0.1 at the twentieth), so a loss on the complex
spectrum of the determined part (harmonics and residual) helps below 800 Hz and would only feed the noise part above.
"""

import json
import sys

import numpy as np
import torch

from .checkpoint import Run, cosine, device, mixed_precision
from .corpus import Pack
from .discriminator import Discriminators, discriminator_loss, feature_loss, generator_loss
from .losses import compressed_complex, mel_l1, multi_resolution_stft
from .signal import MEL_BANDS, log_mel, stft
from .vocoder import Vocoder, VocoderConfig


class Crops:
    """Random crops of equal length: samples [B, S], mel [B, M, T], f0 and phase [B, T]."""

    def __init__(self, folders, frames, seed, predicted=0.0, held_out=40):
        self.packs, self.frames, self.random = [Pack(f) for f in folders], frames, np.random.default_rng(seed)
        self.predicted = predicted  # the share of crops whose mel is the acoustic model's
        self.rows = []
        for pack in self.packs:
            usable = [r for r in pack.rows if r["frames"] > frames and r["top"] == MEL_BANDS]
            self.rows += [(pack, r) for r in usable[held_out:]]

    def batch(self, size):
        crops = []
        for index in self.random.integers(len(self.rows), size=size):
            pack, row = self.rows[index]
            start = row["start"] + int(self.random.integers(row["frames"] - self.frames))
            span = slice(start, start + self.frames)
            gain = np.float32(10 ** self.random.uniform(-0.4, 0.2))
            peak = np.abs(pack.audio(start, self.frames)).max()
            gain = np.float32(min(gain, 0.99 / max(peak, 1e-3)))
            source = pack.predicted if self.random.random() < self.predicted else pack.mel
            mel = np.maximum(source[span].astype(np.float32) + np.log(gain), np.float32(np.log(1e-5)))
            crops.append((pack.audio(start, self.frames) * gain, mel.T, pack.f0[span], pack.phase[span]))
        return [torch.from_numpy(np.stack(x)).to(device()) for x in zip(*crops)]


class Adversary:
    """The discriminators with their optimizer."""

    def __init__(self, config):
        self.discriminators = Discriminators(config["channels"]).to(device())
        self.optimizer = torch.optim.AdamW(self.discriminators.parameters(), config["rate"], betas=(0.8, 0.99))

    def judge(self, estimate, samples):
        """The generator's losses: to be taken for real, and to look alike in every layer."""
        self.discriminators.requires_grad_(False)
        with mixed_precision():
            fake = self.discriminators(estimate)
            with torch.no_grad():
                real = self.discriminators(samples)
            return dict(generator=generator_loss(fake), features=feature_loss(real, fake))

    def learn(self, estimate, samples):
        self.discriminators.requires_grad_(True)
        with mixed_precision():
            loss = discriminator_loss(self.discriminators(samples), self.discriminators(estimate))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss


def train(config, folder, packs):
    model = Vocoder(VocoderConfig(**config["model"])).to(device())
    if "start" in config:
        model.load_state_dict(torch.load(config["start"], map_location=device(), weights_only=False)["average"])
    optimizer = torch.optim.AdamW(model.parameters(), config["rate"], betas=(0.8, 0.99), weight_decay=0.01)
    parts = dict(model=model, optimizer=optimizer)
    adversary = Adversary(config["adversarial"]) if "adversarial" in config else None
    if adversary:
        parts |= dict(discriminators=adversary.discriminators, discriminator_optimizer=adversary.optimizer)
    run = Run(folder, config, **parts)
    crops = Crops(packs, config["frames"], config["seed"] + run.step, config.get("predicted", 0.0))
    print(f"{len(crops.rows)} utterances, {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    while run.step < config["steps"]:
        for group in optimizer.param_groups:
            group["lr"] = cosine(run.step, config["warmup"], config["steps"], config["rate"])
        samples, mel, f0, phase = crops.batch(config["batch"])
        with mixed_precision():
            estimate, determined = model(mel, f0, phase, parts=True)
        losses = dict(
            stft=multi_resolution_stft(estimate, samples),
            mel=mel_l1(estimate, log_mel(samples)),
            complex=compressed_complex(determined, stft(samples)[..., : config["frames"]]),
        )
        if adversary:
            losses |= adversary.judge(estimate, samples)
        loss = sum(config["weights"][name] * value for name, value in losses.items())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        if adversary:
            losses["discriminator"] = adversary.learn(estimate.detach(), samples)
        run.advance(losses)
    run.save()


if __name__ == "__main__":
    train(json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:])

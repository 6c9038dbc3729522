"""Trains the content encoder of voice conversion against a frozen acoustic model.

    python -m starling_training.train_content CONFIG.json RUN_DIR PACK_DIR [PACK_DIR ...]

What is wanted are the states that the acoustic model's text encoder makes of the utterance's phonemes, under the profile of
its speaker or, in a share "others" of the batches, under that of another utterance: content without a speaker. The decoder,
frozen, then speaks: with the speaker's own profile the mel shall be the recorded one, with another's what the decoder says of
the wanted states. F0, voicing and energy are those of the recording.

The ear is kept from knowing speakers and rooms: mels are warped along frequency, as by another vocal tract, a noise floor
rises under them, and bands are missing as on a telephone.

"acoustic" in the configuration is the exported model, "recognizer" an aligner, which hears whether the sounds are those of
the recording (weight "words"). Resumes from RUN_DIR/last.pt; "start", an exported content encoder
(after a change of the acoustic model) or a checkpoint, is where a new run begins.
"""

import json
import sys

import numpy as np
import torch
from safetensors.torch import load_file

from .checkpoint import Run, cosine, device, mixed_precision
from .content import HEAD, ContentConfig, ContentEncoder, heard
from .export import load
from .listener import Recognizer
from .signal import LOG_FLOOR, mel_edges
from .train_acoustic import Utterances, exchanged, prominence

WARP = 0.15  # largest shift of ln frequency
NOISE, NOISE_FLOORS = 0.6, (-11.0, -6.5)  # share of utterances; log mel of the floor
TILT = 1.5  # largest slope of the floor from the lowest to the highest band
NARROW, CUTOFFS, LOWEST = 0.2, (3_300.0, 7_600.0), 320.0  # share of utterances; Hz above, and for half of them below, which nothing is


def warp(mel, factor, top):
    """Log mel [T, M] of a speaker whose formants lie at 1 / factor of the frequency."""
    centres = mel_edges()[1:-1].numpy()
    places = np.clip(np.interp(centres * factor, centres, np.arange(len(centres))), 0, top - 1)
    low = np.minimum(places.astype(int), top - 2)
    part = (places - low).astype(np.float32)
    return mel[:, low] * (1 - part) + mel[:, low + 1] * part


def roughen(mel, random):
    """Log mel [T, M] as a recording in another room or over a telephone might have it."""
    centres = mel_edges()[1:-1].numpy()
    if random.random() < NARROW:
        cut = centres > random.uniform(*CUTOFFS)
        if random.random() < 0.5:
            cut |= centres < random.uniform(0, LOWEST)
        mel = np.where(cut, np.float32(np.log(LOG_FLOOR)), mel)
    if random.random() < NOISE:
        floor = random.uniform(*NOISE_FLOORS) + random.uniform(-TILT, TILT) * np.linspace(-0.5, 0.5, mel.shape[1])
        mel = np.logaddexp(mel, (floor + random.normal(size=mel.shape) * 0.3).astype(np.float32))
    return mel


class Speech(Utterances):
    """Utterances with what the content encoder hears of them."""

    def item(self, index, training):
        item = super().item(index, training)
        mel, f0, top = item["mel"], item["voiced"] * 100, self.rows[index][1]["top"]
        if training:
            mel = roughen(warp(mel, np.exp(self.random.uniform(-WARP, WARP)), top), self.random)
        return item | dict(heard=heard(mel, f0))


def mean(values, mask):
    """The mean of values [B, L, C] where mask [B, L, 1 or C] counts."""
    mask = mask.expand_as(values)
    return (values * mask).sum() / mask.sum().clamp(min=1)


def losses(content, acoustic, batch, exchanges, power=0.0, recognizer=None):
    """Of the states, and of the mel with the speaker's own profile or, if it `exchanges` speakers, of that with another's; with
    a `recognizer`, of the words heard in either."""
    batch = exchanged(batch) if exchanges else batch
    voice = [batch[name] for name in ("pitch", "voiced", "energy", "profile", "known", "colours")]
    references = batch["references"] if acoustic.config.references else None
    with mixed_precision():
        with torch.no_grad():
            condition = acoustic.condition(batch["profile"], batch["known"])
            tokens = torch.arange(batch["tokens"].shape[1], device=device()) < (batch["durations"] > 0).sum(1, keepdim=True)
            encoded, _ = acoustic.encode(batch["tokens"], condition, tokens, batch["language"][:, 0])
            steps = batch["heard"].shape[1] // acoustic.config.stride
            wanted, mask = acoustic.regulate(encoded, batch["durations"], steps)
        decode = lambda states: acoustic.decode(states, *voice, condition, mask, references)[0]
        states = content(batch["heard"], condition, mask)
        mel = decode(states)
        with torch.no_grad():
            target = decode(wanted).float() if exchanges else batch["mel"]
    wanted = wanted.float()
    deviation = wanted[mask].std(0).clamp(min=1e-2)
    frames = mask.repeat_interleave(acoustic.config.stride, 1).float()
    weight = prominence(target, frames, power)[..., None]
    parts = {
        "states": mean((states - wanted).abs() / deviation, mask[..., None]),
        "spoken" if exchanges else "mel": mean((mel - target).abs(), weight if exchanges else weight * batch["bands"][:, None]),
    }
    if recognizer is not None:
        parts["words"] = recognizer.distance(mel, batch["mel"], mask.repeat_interleave(acoustic.config.stride, 1))
    return parts


def start(content, path):
    if path.endswith(".pt"):
        state = torch.load(path, map_location=device(), weights_only=False)["average"]
    else:
        state = {name: value.float() for name, value in load_file(path).items() if not name.startswith(HEAD)}
    content.load_state_dict(state)


def train(config, folder, packs):
    data = Speech(packs, config["frames"], config["seed"], config.get("shares"))
    acoustic = load("acoustic", config["acoustic"]).requires_grad_(False).to(device())
    content = ContentEncoder(ContentConfig(**config["model"])).to(device())
    content.config.check(acoustic.config)
    if "start" in config:
        start(content, config["start"])
    recognizer = Recognizer(config["recognizer"]) if "recognizer" in config else None
    optimizer = torch.optim.AdamW(content.parameters(), config["rate"], betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    run = Run(folder, config, model=content, optimizer=optimizer)
    data.random = np.random.default_rng(config["seed"] + run.step)
    print(f"{len(data.rows)} utterances, {len(data.voices)} voices, "
          f"{sum(p.numel() for p in content.parameters()) / 1e6:.2f} M parameters", flush=True)
    while run.step < config["steps"]:
        for batch in data.epoch():
            for group in optimizer.param_groups:
                group["lr"] = cosine(run.step, config["warmup"], config["steps"], config["rate"])
            exchanges = data.random.random() < config["others"]
            parts = losses(content, acoustic, data.collate(batch), exchanges, config.get("prominence", 0.0), recognizer)
            loss = sum(config["weights"][name] * value for name, value in parts.items())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(content.parameters(), 1.0)
            optimizer.step()
            run.advance(parts)
            if run.step % 500 == 0:
                validate(content, acoustic, data, run.step, recognizer)
            if run.step >= config["steps"]:
                break
    run.save()


@torch.no_grad()
def validate(content, acoustic, data, step, recognizer=None):
    sums = {}
    for first in range(0, len(data.validation), 8):
        batch = data.collate(data.validation[first : first + 8], training=False)
        for exchanges in (False, True):
            for name, value in losses(content, acoustic, batch, exchanges, recognizer=recognizer).items():
                sums.setdefault(name, []).append(float(value))
    print(f"validation at {step}: " + " ".join(f"{k} {np.mean(v):.4f}" for k, v in sums.items()), flush=True)


if __name__ == "__main__":
    train(json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:])

"""Trains the acoustic model on packed corpora with profiles.

    python -m starling_training.train_acoustic CONFIG.json RUN_DIR PACK_DIR [PACK_DIR ...]

Every utterance is spoken from a profile measured on other utterances of the same voice, as a clone will be; every second time
the utterance itself may be among them, since a profile from one other sentence is so inexact that the model would learn not
to trust it. Now and then numbers are hidden from it, as they are when a recording cannot give them; often the whole embedding
is, so that the model does not know its speakers by heart but makes their sound of what was measured.

F0 is what the tracker hears, and the corpus's own only where it hears none: a synthetic voice that creaks does not follow the
F0 it was given.

Resumes from RUN_DIR/last.pt. "shares" in the configuration gives, per pack, the share of it in every epoch (2: each utterance
twice); "encoder" a speaker encoder, which then listens to the mels (weight "speaker"); "adversarial" a discriminator of mels,
whose judgement (weights "generator" and "features") keeps them sharp, and with a "speaker_width" another that learns whether a
mel belongs to an embedding (weights "speaker_generator" and "speaker_features"), both of which learn "alone" for so many
steps at first; "paces" the deviation by which the pace asked for and the durations are moved together, in ln, so that the
model takes its owner's pace; "prominence" the power of its amplitude with which a frame counts in the loss of the mel,
since a voice is known by its loud sounds; "recognizer" an aligner, which hears whether the sounds are the same (weight
"words"); "exchanges" the share of steps in which every utterance is spoken by the speaker of another, in whatever language,
so that there is no mel to be compared with, but the words (weight "exchanged_words"), the person (weight
"exchanged_speaker") and the discriminator to be satisfied; "start" an exported model to go on from: what it lacks begins
anew and learns "fresh" times as fast; "learning" how the names of those parameters begin that learn, if not all do.
"""

import json
import sys
from dataclasses import dataclass

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional

from .acoustic import EMBEDDING, ENERGY_SCALE, LEVEL, MIN_PITCH_DEVIATION, SPECTRUM, AcousticConfig, AcousticModel
from .adversary import Adversary
from .checkpoint import Run, cosine, device, mixed_precision
from .codebook import colours
from .corpus import BANDS_BELOW_7600, Pack
from .discriminator import MelDiscriminator, SpeakerDiscriminator
from .listener import Listener, Recognizer
from .profile import SPEECH, combine, level_shift
from .signal import LOG_FLOOR, MEL_BANDS, VOICED_FROM
from .symbols import LANGUAGES

RATE = EMBEDDING + 2  # index of ln rate in a profile vector
EMBEDDING_NOISE, HIDDEN_EMBEDDINGS = 0.01, 0.2  # deviation of each number; share of utterances
REFERENCES, NO_REFERENCES = 200, 0.1  # frames of a voice's speech that the decoder may see; share of utterances without any
FEWEST_REFERENCES = 20
ITSELF_AMONG_THEM = 0.5  # share of profiles that may be measured on the utterance itself too
CROP, CROPS = 80, 12  # frames of a mel that the discriminator sees, of at most so many utterances a step
OF_FRAMES = ("mel", "pitch", "voiced", "energy", "kinds", "heard")  # what of a batch has a number for each frame
PROFILE = ("profile", "known", "colours", "references")  # what a batch knows of its speakers
TOKENS, FRAMES = 16, 64  # arrays are as long as a multiple: fewer shapes, whose products need not be planned anew
HELD_OUT_EVERY = 40  # one utterance in this many is kept for validation


class Utterances:
    """Rows of all packs with their profiles, drawn in batches of similar length."""

    def __init__(self, folders, frames, seed, shares=None, paces=0.0):
        self.random, self.frames, self.paces = np.random.default_rng(seed), frames, paces
        self.rows, self.voices, shares_of_rows = [], {}, []
        self.vectors, self.known, self.counts, self.totals = [], [], [], []
        for folder, share in zip(folders, shares or [1.0] * len(folders)):
            pack, profiles = Pack(folder), np.load(f"{folder}/profiles.npz")
            vectors, known, counts, totals = (profiles[name] for name in ("vectors", "known", "counts", "totals"))
            pack.tracked, pack.kinds = (np.load(f"{folder}/{name}.npy", mmap_mode="r") for name in ("tracked", "kinds"))
            for index, row in enumerate(pack.rows):
                if known[index].any() and len(row["durations"]) > 3:
                    self.voices.setdefault(row["voice"], []).append(len(self.rows))
                    self.rows.append((pack, row))
                    self.vectors.append(vectors[index])
                    self.known.append(known[index])
                    self.counts.append(counts[index])
                    self.totals.append(totals[index])
                    shares_of_rows.append(share)
        self.vectors, self.known = np.stack(self.vectors), np.stack(self.known)
        self.counts, self.totals = np.stack(self.counts), np.stack(self.totals)
        held = np.arange(len(self.rows)) % HELD_OUT_EVERY == 0
        self.validation = np.flatnonzero(held)[:48]
        self.training = np.flatnonzero(~held)
        self.shares = np.array(shares_of_rows)  # of each row: how often it takes part in an epoch, on average

    def statistics(self):
        """Mean and deviation over all utterances of every profile number where it is known."""
        count = np.maximum(self.known.sum(0), 1)
        mean = (self.vectors * self.known).sum(0) / count
        variance = ((self.vectors - mean) ** 2 * self.known).sum(0) / count
        return mean, np.sqrt(variance) + 1e-3

    def epoch(self):
        """Index batches of at most `frames` frames, similar lengths together, in random order."""
        order = self.random.permutation(self.training)
        order = np.repeat(order, np.floor(self.shares[order] + self.random.random(len(order))).astype(int))
        lengths = np.array([self.rows[i][1]["frames"] for i in order])
        order = order[np.argsort(lengths * self.random.uniform(0.9, 1.1, len(lengths)))]
        batches, batch, longest = [], [], 0
        for index in order:
            longest = max(longest, self.rows[index][1]["frames"])
            if batch and longest * (len(batch) + 1) > self.frames:
                batches.append(batch)
                batch, longest = [], self.rows[index][1]["frames"]
            batch.append(index)
        if batch:
            batches.append(batch)
        self.random.shuffle(batches)
        return batches

    def profile(self, index, training):
        """Vector and known [360] and colours [K, M] of utterances of the same voice."""
        pack, row = self.rows[index]
        everything = self.voices[row["voice"]]
        others = [i for i in everything if i != index]
        if not training:
            return *self.measured(others[:8] or [index]), self.references(others[:8], REFERENCES)
        heard = others if others and self.random.random() >= ITSELF_AMONG_THEM else everything
        chosen = self.random.choice(heard, size=min(len(heard), int(self.random.integers(1, 7))), replace=False)
        vector, known, particular = self.measured(chosen)
        count = 0 if self.random.random() < NO_REFERENCES else int(self.random.integers(FEWEST_REFERENCES, REFERENCES + 1))
        # Never of the utterance itself, not even where its voice has no other: the decoder would copy it.
        references = self.references([i for i in chosen if i != index] or others[:1], count)
        vector[:EMBEDDING] += self.random.normal(size=EMBEDDING).astype(np.float32) * EMBEDDING_NOISE
        if self.random.random() < HIDDEN_EMBEDDINGS:
            known[:EMBEDDING] = 0
        if self.random.random() < 0.3:
            known[RATE] = 0
        if self.random.random() < 0.3:
            known[SPECTRUM + BANDS_BELOW_7600 :] = 0
            particular[:, BANDS_BELOW_7600:] = 0
            references[:, BANDS_BELOW_7600:] = 0
        if self.random.random() < 0.05:
            known[SPECTRUM:] = 0
        if self.random.random() < 0.05:
            particular[:] = 0
        return vector, known, particular, references

    def references(self, utterances, count):
        """Frames of speech from utterances, at LEVEL, in random order, [R, M]; zeros where there are none."""
        frames = [np.zeros((0, MEL_BANDS), np.float32)]
        for index in self.random.permutation(np.array(utterances, int))[:4]:
            pack, row = self.rows[index]
            span = slice(row["start"], row["start"] + row["frames"])
            mel = pack.mel[span].astype(np.float32)
            mel = mel + level_shift(mel, pack.tracked[span])
            mel = mel[mel[:, :BANDS_BELOW_7600].mean(1) > SPEECH]
            mel[:, row["top"] :] = 0
            frames.append(mel)
        frames = np.concatenate(frames)
        frames = frames[self.random.permutation(len(frames))[:count]]
        return np.pad(frames, ((0, REFERENCES - len(frames)), (0, 0)))

    def measured(self, utterances):
        return *combine(self.vectors[utterances], self.known[utterances]), colours(self.counts[utterances], self.totals[utterances])

    def item(self, index, training):
        pack, row = self.rows[index]
        span = slice(row["start"], row["start"] + row["frames"])
        mel, tracked = pack.mel[span].astype(np.float32), pack.tracked[span]
        f0 = np.where(tracked > VOICED_FROM, tracked, pack.f0[span])
        mel = np.maximum(mel + level_shift(mel, tracked), np.float32(np.log(LOG_FLOOR)))
        vector, known, particular, references = self.profile(index, training)
        slower = self.random.normal() * self.paces if training and known[RATE] else 0.0
        vector[RATE] += slower
        voiced = f0 > VOICED_FROM
        z = (np.log(np.maximum(f0, VOICED_FROM)) - vector[EMBEDDING]) / max(vector[EMBEDDING + 1], MIN_PITCH_DEVIATION)
        energy = (mel[:, :BANDS_BELOW_7600].mean(1) - LEVEL) / ENERGY_SCALE
        return dict(
            tokens=np.array(row["tokens"]), durations=np.array(row["durations"]), mel=mel,
            pitch=np.where(voiced, np.clip(z, -4, 4), 0).astype(np.float32), voiced=voiced.astype(np.float32),
            energy=energy.astype(np.float32), bands=(np.arange(mel.shape[1]) < row["top"]).astype(np.float32),
            profile=vector, known=known, colours=particular, kinds=pack.kinds[span].astype(np.int64),
            speed=np.float32(row["speed"] * np.exp(slower)),  # what is said at speed 1 takes longer
            references=references, language=np.int64(LANGUAGES.index(row.get("language", "en"))),
        )

    def collate(self, indices, training=True):
        items = [self.item(i, training) for i in indices]
        def stack(name):
            arrays = [np.atleast_1d(item[name]) for item in items]
            length = max(len(a) for a in arrays)
            multiple = dict(tokens=TOKENS, durations=TOKENS).get(name, FRAMES if name in OF_FRAMES else 1)
            length += -length % multiple
            padded = [np.pad(a, [(0, length - len(a))] + [(0, 0)] * (a.ndim - 1)) for a in arrays]
            return torch.from_numpy(np.stack(padded)).to(device())
        return {name: stack(name) for name in items[0]}


def pace(log_durations, wanted, mask):
    """Mean squared error of the logarithm of whole utterances' lengths: the exponential of a mean logarithm is too short."""
    length = lambda logs: torch.log((torch.exp(logs.clamp(max=7)) * mask).sum(1))
    return (length(log_durations) - length(wanted)).square().mean()


def prominence(mel, mask, power):
    """How much each frame [B, T] of log mels [B, T, M] counts, 1 on average."""
    weights = torch.exp(power * mel[..., :BANDS_BELOW_7600].mean(-1)) * mask
    return weights * mask.sum() / weights.sum()


def speak(model, batch):
    """The model's pass over a batch, with the references and languages that it knows of."""
    inputs = [batch[k] for k in ("tokens", "durations", "pitch", "voiced", "energy", "profile", "known", "colours")]
    inputs.append(batch["references"] if model.config.references else None)
    inputs.append(batch["language"][:, 0] if model.config.languages else None)
    return model(*inputs)


def exchanged(batch):
    """The batch as every utterance will be spoken by the speaker of the one before."""
    return batch | {name: batch[name].roll(1, 0) for name in PROFILE}


class Critics:
    """Discriminators that learn beside the model: of patches of mels, and of mels and their speakers."""

    def __init__(self, config):
        self.patches = Adversary(MelDiscriminator(config["channels"]), config["rate"])
        width = config.get("speaker_width")
        self.speaker = Adversary(SpeakerDiscriminator(width, EMBEDDING), config["rate"]) if width else None

    def parts(self):
        """What a run keeps."""
        parts = dict(discriminator=self.patches.discriminators, discriminator_optimizer=self.patches.optimizer)
        if self.speaker:
            parts |= dict(
                speaker_discriminator=self.speaker.discriminators, speaker_discriminator_optimizer=self.speaker.optimizer)
        return parts

    def judge(self, scene):
        """The model's losses."""
        parts = self.patches.judge((scene.estimate, scene.bands), (scene.truth, scene.bands))
        if self.speaker:
            judged = self.speaker.judge((scene.estimate, scene.wanted), (scene.truth, scene.spoken))
            parts |= {f"speaker_{name}": value for name, value in judged.items()}
        return parts

    def learn(self, scene):
        """A step of each; a true mel with another's embedding is as false as one that was made."""
        estimate = scene.estimate.detach()
        parts = dict(discriminator=self.patches.learn((scene.truth, scene.bands), (estimate, scene.bands)))
        if self.speaker:
            parts["speaker_discriminator"] = self.speaker.learn(
                (scene.truth, scene.spoken), (estimate, scene.wanted), (scene.truth, scene.spoken.roll(1, 0)))
        return parts


@dataclass
class Scene:
    """Stretches of mels for the discriminators to judge."""

    estimate: torch.Tensor  # [B, CROP, M]
    truth: torch.Tensor  # [B, CROP, M]
    bands: torch.Tensor  # [B, M], 1 where recorded
    wanted: torch.Tensor  # [B, E], embeddings of who shall be heard in the estimate
    spoken: torch.Tensor  # [B, E], of who is heard in the truth


def losses(model, batch, listener=None, recognizer=None, power=0.0):
    with mixed_precision():
        out = speak(model, batch)
    frames, tokens = out["frame_mask"].float(), out["mask"].float()
    mean = lambda x, mask: (x * mask).sum() / mask.sum().clamp(min=1)
    z, voicing, energy = out["prosody"].unbind(-1)
    wanted = torch.log(batch["durations"].clamp(min=1) * batch["speed"])
    error = (out["mel"] - batch["mel"]).abs()
    parts = dict(
        mel=mean(error, (prominence(batch["mel"], frames, power)[..., None] * batch["bands"][:, None]).expand_as(error)),
        pitch=mean((z - batch["pitch"]).abs(), frames * batch["voiced"]),
        voicing=mean(functional.binary_cross_entropy_with_logits(voicing, batch["voiced"], reduction="none"), frames),
        energy=mean((energy - batch["energy"]).abs(), frames),
        kind=mean(
            functional.cross_entropy(out["kinds"].transpose(1, 2), batch["kinds"][:, :: model.config.stride], reduction="none"),
            out["step_mask"].float()),
        duration=mean((out["log_durations"] - wanted).square(), tokens),
        pace=pace(out["log_durations"], wanted, tokens),
    )
    if listener is not None:
        parts["speaker"] = listener.distance(out["mel"], batch["mel"], out["frame_mask"].sum(1))
    if recognizer is not None:
        parts["words"] = recognizer.distance(out["mel"], batch["mel"], out["frame_mask"])
    return parts, out["mel"]


def exchanged_losses(model, batch, listener, recognizer):
    """Of utterances spoken by others: their words, and who is heard."""
    with mixed_precision():
        out = speak(model, batch)
    mask = out["frame_mask"]
    return dict(
        exchanged_words=recognizer.distance(out["mel"], batch["mel"], mask),
        exchanged_speaker=listener.distance_to(batch["profile"][:, :EMBEDDING], out["mel"], mask.sum(1)),
    ), out["mel"]


def scene(mel, batch, spoken, random):
    """A stretch of each of some utterances, predicted and true; `spoken` are the embeddings of who truly spoke, [B, E]."""
    lengths = batch["durations"].sum(1)
    chosen = [int(i) for i in random.permutation(len(mel)) if lengths[i] >= CROP][:CROPS]
    starts = [int(random.integers(int(lengths[i]) - CROP + 1)) for i in chosen]
    cut = lambda x: torch.stack([x[i, start : start + CROP] for i, start in zip(chosen, starts)])
    return Scene(cut(mel), cut(batch["mel"]), batch["bands"][chosen], batch["profile"][chosen, :EMBEDDING], spoken[chosen])


def train(config, folder, packs):
    data = Utterances(packs, config["frames"], config["seed"], config.get("shares"), config.get("paces", 0.0))
    model = AcousticModel(AcousticConfig(**config["model"])).to(device())
    fresh = []
    if "start" in config:
        start = {name: value.float() for name, value in load_file(config["start"]).items()}
        fresh, unknown = model.load_state_dict(start, strict=False)
        if unknown:
            raise SystemExit(f"{config['start']} holds what the model does not know: {', '.join(unknown)}")
    else:
        mean, deviation = data.statistics()
        model.profile_mean.copy_(torch.from_numpy(mean))
        model.profile_deviation.copy_(torch.from_numpy(deviation))
    parameters = {True: [], False: []}
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(tuple(config.get("learning", [""]))))
        if parameter.requires_grad:
            parameters[name in fresh].append(parameter)
    groups = [dict(params=part, factor=config["fresh"] if new else 1.0) for new, part in parameters.items() if part]
    optimizer = torch.optim.AdamW(groups, config["rate"], betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    parts = dict(model=model, optimizer=optimizer)
    critics = Critics(config["adversarial"]) if "adversarial" in config else None
    if critics:
        parts |= critics.parts()
    run = Run(folder, config, **parts)
    listener = Listener(config["encoder"], data, config["seed"] + run.step) if "encoder" in config else None
    recognizer = Recognizer(config["recognizer"]) if "recognizer" in config else None
    data.random = np.random.default_rng(config["seed"] + run.step)
    print(f"{len(data.rows)} utterances, {len(data.voices)} voices, "
          f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    while run.step < config["steps"]:
        for batch in data.epoch():
            for group in optimizer.param_groups:
                group["lr"] = group["factor"] * cosine(run.step, config["warmup"], config["steps"], config["rate"])
            batch = data.collate(batch)
            spoken = batch["profile"][:, :EMBEDDING]
            exchange = data.random.random() < config.get("exchanges", 0.0)
            if exchange:
                batch = exchanged(batch)
                parts, mel = exchanged_losses(model, batch, listener, recognizer)
            else:
                parts, mel = losses(model, batch, listener, recognizer, config.get("prominence", 0.0))
            if critics:
                seen = scene(mel, batch, spoken, data.random)
                judged = critics.judge(seen) if run.step >= config["adversarial"].get("alone", 0) else {}
                # What an exchanged utterance should look like in detail, nobody knows.
                parts |= {name: value for name, value in judged.items() if not (exchange and name.endswith("features"))}
            loss = sum(config["weights"][name] * value for name, value in parts.items())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            if critics:
                parts |= critics.learn(seen)
            run.advance(parts)
            if run.step % 500 == 0:
                validate(model, data, run.step, listener, recognizer)
            if run.step >= config["steps"]:
                break
    run.save()


@torch.no_grad()
def validate(model, data, step, listener=None, recognizer=None):
    model.eval()
    sums = {}
    for first in range(0, len(data.validation), 8):
        batch = data.collate(data.validation[first : first + 8], training=False)
        parts = losses(model, batch, recognizer=recognizer)[0]
        if recognizer is not None and listener is not None:
            parts |= exchanged_losses(model, exchanged(batch), listener, recognizer)[0]
        for name, value in parts.items():
            sums.setdefault(name, []).append(float(value))
    print(f"validation at {step}: " + " ".join(f"{k} {np.mean(v):.4f}" for k, v in sums.items()), flush=True)
    model.train()


if __name__ == "__main__":
    train(json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3:])

"""Fits the pace head of the content encoder: how long the phonemes of a recording are, without its text.

    python -m starling_training.train_pace configs/pace.json ../data PACKS

reads content.safetensors and acoustic.safetensors of the data folder, and writes the head into the former. PACKS is the folder
that holds the packs the configuration names, with how many utterances to take of each. The encoder is frozen and hears
everything under the condition of the average profile, which goes into the file too. Of every step the head says how likely it
lies in a spoken phoneme, and how many spoken phonemes there are in it: one over the phoneme's steps. A recording's pace is the
sum of the former over that of the latter, which is `profile.log_rate`.

Every utterance is heard twice, the second time roughened as in train_content and at another tempo. A fifth of the utterances,
all that there are of their voices up to fifteen each, are kept to test the head.
"""

import json
import sys
import time
from collections import defaultdict

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional

from .content import HEAD, PaceHead, heard
from .corpus import Pack
from .export import load
from .layers import convolve
from .profile import SPOKEN, level_shift, log_rate
from .signal import LOG_FLOOR, VOICED_FROM
from .train_content import WARP, roughen, warp

TEMPO = 0.3  # largest shift of ln tempo
KEPT = 0.2  # share of the utterances that test the head
OF_A_VOICE = 15  # utterances, at most, that test the head on one person
TOGETHER = 8  # utterances of a batch, each at two tempos
OF_WHOLE, OF_TEMPO = 10.0, 10.0  # weights of squared errors in ln frames per phoneme
SHORTEST = 160  # frames
VOICED = 40  # frames that an utterance has at least


def stretched(values, factor):
    """Frames [T, M] or [T] at another tempo, the nearest of them."""
    count = int(len(values) * factor)
    return values[np.minimum(((np.arange(count) + 0.5) / factor).astype(int), len(values) - 1)]


def targets(row, factor, steps, stride):
    """The share of every step that lies in spoken phonemes, and of how many, [steps, 2]."""
    ends = np.cumsum(row["durations"]) * factor / stride
    out = np.zeros((steps, 2), np.float32)
    for token, end, begin in zip(row["tokens"], ends, np.concatenate([[0], ends[:-1]])):
        if token in SPOKEN:
            clock = np.arange(int(begin), min(int(np.ceil(end)), steps))
            share = np.minimum(clock + 1, end) - np.maximum(clock, begin)
            out[clock, 0] += share
            out[clock, 1] += share / (end - begin)
    return out


class Hearing:
    """What the frozen encoder hears."""

    def __init__(self, data):
        acoustic = load("acoustic", f"{data}/acoustic.safetensors")
        self.content = load("content", f"{data}/content.safetensors")
        self.stride = self.content.config.stride
        mean = acoustic.profile_mean[None]
        self.condition = acoustic.condition(mean, torch.ones_like(mean)).detach()

    @torch.no_grad()
    def states(self, ear):
        steps = len(ear) // self.stride
        ear, mask = torch.from_numpy(ear[None, : steps * self.stride]), torch.ones(1, steps, dtype=torch.bool)
        return self.content(ear, self.condition, mask)[0]

    def utterance(self, pack, row, random):
        """(states, targets, ln frames per phoneme) of an utterance as it is and roughened."""
        span = slice(row["start"], row["start"] + row["frames"])
        mel, f0 = pack.mel[span].astype(np.float32), np.array(pack.tracked[span])
        mel = np.maximum(mel + level_shift(mel, f0), np.float32(np.log(LOG_FLOOR)))
        for tempo in (0.0, random.uniform(-TEMPO, TEMPO)):
            factor = np.exp(tempo)
            ear = stretched(mel, factor)
            if tempo:
                ear = roughen(warp(ear, np.exp(random.uniform(-WARP, WARP)), row["top"]), random)
            states = self.states(heard(ear, stretched(f0, factor)))
            yield states, torch.from_numpy(targets(row, factor, len(states), self.stride)), \
                log_rate(row["durations"], row["tokens"]) + tempo


def choose(pack, count, random):
    """Rows to train on, spread over the voices, and rows of other voices to test with."""
    voices = defaultdict(list)
    for i in random.permutation(len(pack.rows)):
        row = pack.rows[i]
        f0 = pack.tracked[row["start"] : row["start"] + row["frames"]]
        if row["frames"] > SHORTEST and (f0 > VOICED_FROM).sum() > VOICED:
            voices[row["voice"]].append(row)
    names, test = sorted(voices), []
    names = [names[i] for i in random.permutation(len(names))]
    while names and len(test) < KEPT * count:
        test += voices.pop(names.pop())[:OF_A_VOICE]
    ranked = sorted(((rank, voice) for voice in names for rank in range(len(voices[voice]))), key=lambda place: place[0])
    return [voices[voice][rank] for rank, voice in ranked[: count - len(test)]], test


def fit(config, pairs, random):
    """The head, by cross-entropy and Poisson regression over steps, by the pace of whole utterances, and by how the paces
    of an utterance at two tempos differ: that is known exactly, other than where phonemes begin and end."""
    head = PaceHead(config["width"], pairs[0][0][0].shape[1])
    head.scale = torch.cat([states[::8] for pair in pairs for states, _, _ in pair]).std(0) + 1e-3
    spoken, crowd = torch.cat([wanted for pair in pairs for _, wanted, _ in pair]).mean(0)
    # The first steps are small ones from the mean: beyond the limits of the head nothing would lead it back.
    torch.nn.init.zeros_(head.output.weight)
    head.output.bias.data = torch.stack([torch.logit(spoken), torch.log(crowd)])
    optimizer = torch.optim.AdamW(head.parameters(), config["rate"], weight_decay=config["decay"])
    batches = len(pairs) // TOGETHER
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, config["rate"], total_steps=config["epochs"] * batches)
    for epoch in range(config["epochs"]):
        losses = []
        for some in np.array_split(random.permutation(len(pairs)), batches):
            some = [utterance for i in some for utterance in pairs[i]]
            x = [functional.dropout(states / head.scale, config["dropout"])[None] for states, _, _ in some]
            spoken, crowd = head.read(torch.cat([convolve(states, head.near)[0] for states in x]))
            wanted = torch.cat([wanted for _, wanted, _ in some])
            of_steps = functional.binary_cross_entropy_with_logits(spoken, wanted[:, 0].clamp(0, 1)) \
                + 2 * (crowd.exp() - wanted[:, 1] * crowd).mean()
            sizes = [len(states) for states, _, _ in some]
            frames = torch.stack([part.sum() for part in torch.sigmoid(spoken).split(sizes)])
            phonemes = torch.stack([part.sum() for part in crowd.exp().split(sizes)])
            error = torch.log(head.stride * frames / phonemes) - torch.tensor([pace for _, _, pace in some]).float()
            of_whole, of_tempo = (error**2).mean(), ((error[1::2] - error[::2]) ** 2).mean()
            optimizer.zero_grad()
            (of_steps + OF_WHOLE * of_whole + OF_TEMPO * of_tempo).backward()
            optimizer.step()
            schedule.step()
            losses.append([float(loss.detach()) for loss in (of_steps, of_whole, of_tempo)])
        of_steps, of_whole, of_tempo = np.mean(losses, 0)
        print(f"epoch {epoch}: steps {of_steps:.4f}, utterances off by {of_whole**0.5:.4f}, tempos by {of_tempo**0.5:.4f}", flush=True)
    return head.eval()


def report(kind, measured, true, voices):
    """Utterances, and people: the means of all their utterances."""
    error, voices = measured - true, np.array(voices)
    people = np.array([(error[voices == v].mean(), true[voices == v].mean()) for v in sorted(set(voices))])
    print(f"{kind}: {len(error)} utterances, mean error {error.mean():+.3f}, deviation {error.std():.4f} of {true.std():.4f}, "
          f"correlation {np.corrcoef(measured, true)[0, 1]:.3f}; {len(people)} people, deviation of their means "
          f"{people[:, 0].std():.4f} of {people[:, 1].std():.4f}", flush=True)


def train(config, data, folder):
    torch.set_num_threads(1)
    torch.manual_seed(config["seed"])
    random, hearing, started = np.random.default_rng(config["seed"]), Hearing(data), time.perf_counter()
    training, test, kinds, voices = [], [], [], []
    for name, count in config["utterances"].items():
        pack = Pack(f"{folder}/{name}")
        pack.tracked = np.load(f"{folder}/{name}/tracked.npy", mmap_mode="r")
        rows, kept = choose(pack, count, random)
        for row in rows:
            training.append(list(hearing.utterance(pack, row, random)))
        for row in kept:
            test += hearing.utterance(pack, row, random)
            kinds.append(name)
            voices.append(row["voice"])
        print(f"{name}: {len(rows)} utterances, {len(kept)} kept; {time.perf_counter() - started:.0f} s", flush=True)
    head = fit(config, training, random)
    # As the synthesizer will read it.
    write(head, hearing.condition, f"{data}/content.safetensors")
    head, _ = PaceHead.load(f"{data}/content.safetensors")
    with torch.no_grad():
        measured = np.array([float(head.pace(states[None])) for states, _, _ in test])
    true, kinds, voices = np.array([pace for _, _, pace in test]), np.array(kinds), np.array(voices)
    for name in config["utterances"]:
        some = kinds == name
        report(f"{name}, as it is", measured[::2][some], true[::2][some], voices[some])
        report(f"{name}, roughened", measured[1::2][some], true[1::2][some], voices[some])
        tempo = (true[1::2] - true[::2])[some]
        print(f"{name}: {((measured[1::2] - measured[::2])[some] * tempo).sum() / (tempo**2).sum():.3f} of another tempo is heard")
    report("all, as it is", measured[::2], true[::2], voices)
    print(f"{time.perf_counter() - started:.0f} s")


def write(head, condition, path):
    """Adds the head to an exported content encoder."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    tensors = {name: value for name, value in load_file(path).items() if not name.startswith(HEAD)}
    for name, value in (head.exported() | dict(condition=condition[0])).items():
        value = value.to(torch.bfloat16) if value.dim() > 1 else value.float()
        tensors[HEAD + name] = value.contiguous()
    save_file(tensors, path, metadata)


if __name__ == "__main__":
    train(json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3])

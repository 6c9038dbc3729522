"""Trains the speaker encoder by distillation from the GE2E encoder of Resemblyzer (Apache-2.0).

    python -m starling_training.train_speaker prepare configs/speaker.json PACK_DIR FOLDER [FOLDER ...]
    python -m starling_training.train_speaker train configs/speaker.json RUN_DIR PACK_DIR GE2E.pt
    python -m starling_training.train_speaker rate configs/speaker.json RUN_DIR AUDIO_PACK [AUDIO_PACK ...]
    python -m starling_training.train_speaker evaluate configs/speaker.json RUN_DIR PACK_DIR GE2E.pt

A folder holds .flac or .opus files, at any depth; the speaker is named by a corpus manifest beside them, else by the
file name up to the first hyphen, as in LibriSpeech. `prepare` keeps the power spectra of what is spoken. Held-out speakers
never enter the pack; their files are listed in it for `evaluate`. `train` moves pitch and formants and tempo of every window at
random, and lends it the average spectrum of another person: the teacher hears someone else then, and the student has as many people to learn from as there
are steps. It resumes from RUN_DIR/last.pt; `rate` then fits the speaking rate, on packs of corpus.py, to the trained
network's statistics.
"""

import glob
import json
import os
import sys
import zlib

import numpy as np
import soundfile
import soxr
import torch
from torch import nn
from torch.nn import functional

from . import speaker
from .checkpoint import Run, cosine, mixed_precision
from .corpus import read_manifests
from .corpus import Pack
from .profile import log_rate
from .signal import SAMPLE_RATE
from .speaker import EMBEDDING, MEL_BANDS, RATE, WINDOW, SpeakerConfig, SpeakerEncoder, loud

QUIET = 1e-7  # powers are clamped here before the logarithm
LONGEST = 20  # seconds used of one recording


class GE2E(nn.Module):
    """The teacher: three LSTM layers over 40 mel powers; forward(power [B, 160, M]) -> unit embeddings [B, E]."""

    def __init__(self, path: str):
        super().__init__()
        self.lstm = nn.LSTM(MEL_BANDS, EMBEDDING, 3, batch_first=True)
        self.linear = nn.Linear(EMBEDDING, EMBEDDING)
        state = torch.load(path, map_location="cpu", weights_only=False)["model_state"]
        self.load_state_dict({k: v for k, v in state.items() if k.startswith(("lstm", "linear"))})
        self.eval()

    @torch.no_grad()
    def forward(self, power):
        with mixed_precision():
            hidden = self.lstm(power)[1][0][-1]
        return functional.normalize(functional.relu(self.linear(hidden.float())), dim=-1)

    def embed(self, samples: np.ndarray) -> np.ndarray:
        mean = self(speaker.cut(speaker.active(speaker.mel_power(loud(samples))))).mean(0)
        return functional.normalize(mean, dim=0).numpy()


def read(path: str) -> np.ndarray:
    with soundfile.SoundFile(path) as file:
        samples, rate = file.read(LONGEST * file.samplerate, dtype="float32"), file.samplerate
    return samples if rate == RATE else soxr.resample(samples, rate, RATE)


def recordings(folders):
    """(path, speaker) of every recording."""
    for folder in folders:
        voices = {row["id"]: row["voice"] for row in read_manifests(folder)}
        paths = glob.glob(f"{folder}/**/*.flac", recursive=True) + glob.glob(f"{folder}/**/*.opus", recursive=True)
        for path in sorted(paths):
            name = os.path.splitext(os.path.basename(path))[0]
            if voices:
                if name in voices:
                    yield path, voices[name]
            else:
                yield path, "ls" + name.split("-")[0]


def prepare(config, target, folders):
    torch.set_num_threads(1)
    os.makedirs(target, exist_ok=True)
    random = np.random.default_rng(config["seed"])
    people = {}
    for path, voice in recordings(folders):
        people.setdefault(voice, {}).setdefault(os.path.splitext(os.path.basename(path))[0], path)
    single = [v for v in people if len(people[v]) == 1 and v.startswith("ls")]
    single.sort(key=lambda v: zlib.crc32(v.encode()))
    apart = {*config["held_out"], *single[: config["held_out_single"]]}
    rows, start = [], 0
    with open(f"{target}/power.f16.part", "wb") as file:
        for voice in sorted(set(people) - apart):
            paths = [people[voice][name] for name in sorted(people[voice])]
            for i in random.permutation(len(paths))[: config["recordings"]]:
                power = speaker.power_spectrum(loud(read(paths[i])))
                power = power[speaker.spoken(power @ speaker.mel_filters().T)]
                if len(power) < WINDOW:
                    continue
                file.write(torch.log(power.clamp(min=QUIET)).half().numpy().tobytes())
                rows.append(dict(voice=voice, start=start, frames=len(power)))
                start += len(power)
    os.replace(f"{target}/power.f16.part", f"{target}/power.f16")
    json.dump(dict(rows=rows, held_out={v: list(people[v].values()) for v in sorted(apart) if v in people}),
              open(f"{target}/index.json", "w"))
    print(f"{len(people) - len(apart)} speakers, {len(rows)} recordings, {start / 360000:.1f} h, {len(apart)} speakers held out")


class Windows:
    """Groups of windows of one recording each, changed into another person's: mel powers [B, G, T, M]."""

    def __init__(self, folder, config):
        self.config, self.random = config, np.random.default_rng(config["seed"])
        self.rows = json.load(open(f"{folder}/index.json"))["rows"]
        self.power = np.memmap(f"{folder}/power.f16", np.float16, "r").reshape(-1, speaker.FFT_SIZE // 2 + 1)
        people = {}
        for row in self.rows:
            people.setdefault(row["voice"], []).append(row)
        real = [v for v in people if v.startswith("ls")]
        self.groups = [[people[v] for v in real], [people[v] for v in people if v not in set(real)]]
        filters = speaker.mel_filters().T.numpy()
        for row in self.rows:
            power = np.exp(self.power[row["start"] : row["start"] + row["frames"] : 3].astype(np.float32))
            row["average"] = np.log(power @ filters + speaker.FLOOR).mean(0)

    def recording(self):
        group = self.groups[0 if self.random.random() < self.config["real"] else 1] or self.groups[0]
        rows = group[self.random.integers(len(group))]
        return rows[self.random.integers(len(rows))]

    def factor(self, name):
        """A random factor between the two of the configuration; 1 in one case of four."""
        low, high = np.log(self.config[name])
        return 1.0 if self.random.random() < 0.25 else float(np.exp(self.random.uniform(low, high)))

    def batch(self, size, group):
        mels = []
        for _ in range(size):
            row = self.recording()
            scale, tempo = round(self.factor("scales"), 2), self.factor("tempos")
            tempo = min(tempo, row["frames"] / WINDOW)
            steps = (np.arange(WINDOW) * tempo).astype(int)
            starts = row["start"] + self.random.integers(row["frames"] - steps[-1], size=group)
            power = np.exp(self.power[starts[:, None] + steps].astype(np.float32))
            tone = np.zeros(MEL_BANDS, np.float32)
            if self.random.random() < self.config["borrowed"]:
                tone = np.float32(self.random.random()) * (self.recording()["average"] - row["average"])
            mels.append(torch.from_numpy(power) @ speaker.mel_filters(scale).T * torch.from_numpy(np.exp(tone)))
        mels = torch.stack(mels)
        share = torch.from_numpy(self.random.random((size, 1, 1, 1)) < self.config["toned"])
        return mels * torch.where(share, torch.exp(self.curves(size, -1.2, 1.2, 6)), 1.0)

    def curves(self, size, low, high, points):
        """Smooth random curves over the mel bands, [size, 1, 1, M]."""
        heights = torch.from_numpy(self.random.uniform(low, high, (size, 1, points)).astype(np.float32))
        return functional.interpolate(heights, MEL_BANDS, mode="linear", align_corners=True)[:, :, None]

    def disturb(self, mels):
        """Some of the groups in a room, or with noise."""
        size, group, frames, bands = mels.shape
        pick = lambda share: torch.from_numpy(self.random.random((size, 1)) < share)
        draw = lambda low, high: torch.from_numpy(self.random.uniform(low, high, (size, 1)).astype(np.float32))
        decay = 10 ** (-6 / 100 / draw(0.1, 0.6))  # reverberation: an exponential tail
        tail = draw(0.02, 0.3) * decay ** torch.arange(39, -1, -1) * pick(self.config["reverberant"])
        tail[:, -1] = 1.0
        flat = mels.permute(0, 1, 3, 2).reshape(1, -1, frames)
        kernel = tail.repeat_interleave(group * bands, 0)[:, None]
        mels = functional.conv1d(functional.pad(flat, (39, 0)), kernel, groups=flat.shape[1])
        mels = mels.view(size, group, bands, frames).transpose(2, 3)
        slope = draw(0, 4)[..., None, None] * torch.linspace(0, 1, bands)
        shape = torch.exp(self.curves(size, -2, 2, 5) - slope)
        share = (10 ** (-draw(5, 40) / 10) * pick(self.config["noisy"]))[..., None, None]
        level = mels.mean((1, 2, 3), keepdim=True) * share
        return mels + level * shape / shape.mean(3, keepdim=True) * torch.empty_like(mels).exponential_().sqrt()


def distance(ours, theirs):
    """One minus the mean cosine between rows."""
    return 1 - functional.cosine_similarity(ours, theirs, dim=-1).mean()


def train(config, folder, pack, weights):
    data, teacher = Windows(pack, config), GE2E(weights)
    model = SpeakerEncoder(SpeakerConfig(**config["model"]))
    if "start" in config:
        model.load_state_dict(speaker.load(config["start"]).state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), config["rate"], weight_decay=0.02)
    run = Run(folder, config, model=model, optimizer=optimizer)
    data.random = np.random.default_rng(config["seed"] + run.step)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{len(data.rows)} recordings, {parameters / 1e6:.2f} M parameters", flush=True)
    while run.step < config["steps"]:
        for group in optimizer.param_groups:
            group["lr"] = cosine(run.step, config["warmup"], config["steps"], config["rate"])
        mels = data.batch(*config["batch"])
        target = teacher(mels.flatten(0, 1)).view(*mels.shape[:2], -1)
        with mixed_precision():
            ours = model(speaker.features(data.disturb(mels)).flatten(0, 1)).float().view_as(target)
        losses = dict(windows=distance(ours, target), recordings=distance(ours.mean(1), target.mean(1)))
        loss = sum(config["weights"][name] * value for name, value in losses.items())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        run.advance(losses)
    run.save()


@torch.no_grad()
def rate(config, folder, *packs, most=4000, ridge=1e-3):
    """Ridge regression of ln rate on the statistics, averaged over an utterance; one voice in ten is kept to test it."""
    torch.set_num_threads(1)
    state = torch.load(f"{folder}/last.pt", map_location="cpu", weights_only=False)
    model, random = speaker.load(f"{folder}/last.pt"), np.random.default_rng(config["seed"])
    rows = [(pack, row) for pack in map(Pack, packs) for row in pack.rows if row["frames"] > 160]
    statistics, rates, kept = [], [], []
    for index in random.permutation(len(rows))[:most]:
        pack, row = rows[index]
        audio = soxr.resample(pack.audio(row["start"], row["frames"]), SAMPLE_RATE, RATE)
        statistics.append(model.pool(speaker.heard(audio)).mean(0).double().numpy())
        rates.append(log_rate(row["durations"], row["tokens"]))
        kept.append(zlib.crc32(row["voice"].encode()) % 10 == 0)
    x, y, kept = np.stack(statistics), np.array(rates), np.array(kept)
    mean, deviation = x[~kept].mean(0), x[~kept].std(0) + 1e-6
    z = (x - mean) / deviation
    system = z[~kept].T @ z[~kept] / (~kept).sum() + ridge * np.eye(x.shape[1])
    weight = np.linalg.solve(system, z[~kept].T @ (y[~kept] - y[~kept].mean()) / (~kept).sum())
    error = z[kept] @ weight + y[~kept].mean() - y[kept]
    print(f"{len(y)} utterances; on {kept.sum()} of other voices: deviation of ln rate {y[kept].std():.4f}, "
          f"of the error {error.std():.4f}, explained {1 - error.var() / y[kept].var():.3f}")
    weight = weight / deviation
    state["average"]["rate.weight"] = torch.from_numpy(weight[None]).float()
    state["average"]["rate.bias"] = torch.tensor([y[~kept].mean() - mean @ weight]).float()
    torch.save(state, f"{folder}/rated.pt")


def equal_error_rate(embeddings, voices):
    """Equal error rate over all pairs, and the mean cosines of same and different speakers."""
    similarity, voices = embeddings @ embeddings.T, np.array(voices)
    upper = np.triu_indices(len(voices), 1)
    same, scores = (voices[:, None] == voices)[upper], similarity[upper]
    order = np.argsort(scores)
    missed = np.cumsum(same[order]) / same.sum()
    false = 1 - np.cumsum(~same[order]) / (~same).sum()
    at = np.argmin(np.abs(missed - false))
    return (missed[at] + false[at]) / 2, scores[same].mean(), scores[~same].mean()


def evaluate(config, folder, pack, weights, per_speaker=30, seconds=4.5):
    """Speakers never heard, in pieces of 4.5 s: agreement with GE2E and equal error rates of both."""
    torch.set_num_threads(1)
    model, teacher = speaker.load(f"{folder}/last.pt"), GE2E(weights)
    ours, theirs, voices, whole = [], [], [], []
    size = int(seconds * RATE)
    for voice, paths in json.load(open(f"{pack}/index.json"))["held_out"].items():
        pieces = []
        for path in paths[:: max(1, len(paths) // 15)]:
            samples = read(path)
            whole.append(float(speaker.embed(model, samples) @ teacher.embed(samples)))
            pieces += [samples[i : i + size] for i in range(0, len(samples) - size + 1, size)]
        for piece in pieces[:per_speaker]:
            ours.append(speaker.embed(model, piece))
            theirs.append(teacher.embed(piece))
            voices.append(voice)
    ours, theirs = np.stack(ours), np.stack(theirs)
    report = dict(speakers=len(set(voices)), pieces=len(voices), recordings=len(whole),
                  cosine_to_ge2e_recordings=np.mean(whole), cosine_to_ge2e_pieces=(ours * theirs).sum(1).mean())
    for name, vectors in (("ours", ours), ("ge2e", theirs)):
        rate, same, different = equal_error_rate(vectors, voices)
        report |= {f"{name}_eer": rate, f"{name}_same": same, f"{name}_different": different}
    report = {k: round(float(v), 4) for k, v in report.items()}
    print(json.dumps(report))
    json.dump(report, open(f"{folder}/report.json", "w"), indent=2)


if __name__ == "__main__":
    command, config = sys.argv[1], json.load(open(sys.argv[2]))
    if command == "prepare":
        prepare(config, sys.argv[3], sys.argv[4:])
    else:
        {"train": train, "rate": rate, "evaluate": evaluate}[command](config, *sys.argv[3:])

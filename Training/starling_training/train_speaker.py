"""Trains the speaker encoder by distillation from the GE2E encoder of Resemblyzer (Apache-2.0), plus classification.

    python -m starling_training.train_speaker prepare configs/speaker.json PACK_DIR GE2E.pt FOLDER [FOLDER ...]
    python -m starling_training.train_speaker train configs/speaker.json RUN_DIR PACK_DIR
    python -m starling_training.train_speaker rate configs/speaker.json RUN_DIR AUDIO_PACK [AUDIO_PACK ...]
    python -m starling_training.train_speaker evaluate configs/speaker.json RUN_DIR PACK_DIR GE2E.pt

A folder holds .flac or .opus files, at any depth; the speaker is named by a corpus manifest beside them, else by the
file name up to the first hyphen, as in LibriSpeech. `prepare` also plays recordings faster or slower, pitch and
formants with them: the GE2E encoder hears another person then, and the student has more people to learn from. Held-out
speakers never enter the pack; their files are listed in it for `evaluate`. `train` resumes from RUN_DIR/last.pt; `rate`
then fits the speaking rate, on packs of corpus.py, to the trained network's statistics.
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
from .checkpoint import Run, cosine
from .corpus import read_manifests
from .corpus import Pack
from .profile import log_rate
from .signal import SAMPLE_RATE
from .speaker import EMBEDDING, MEL_BANDS, RATE, WINDOW, SpeakerConfig, SpeakerEncoder, loud

TARGET_STRIDE = 80  # frames between the windows GE2E embeds for training
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
        with torch.autocast("cpu", torch.bfloat16):
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


def prepare(config, target, weights, folders):
    torch.set_num_threads(1)
    os.makedirs(target, exist_ok=True)
    random, teacher = np.random.default_rng(config["seed"]), GE2E(weights)
    people = {}
    for path, voice in recordings(folders):
        people.setdefault(voice, {}).setdefault(os.path.splitext(os.path.basename(path))[0], path)
    single = [v for v in people if len(people[v]) == 1 and v.startswith("ls")]
    single.sort(key=lambda v: zlib.crc32(v.encode()))
    apart = {*config["held_out"], *single[: config["held_out_single"]]}
    rows, start = [], 0
    with open(f"{target}/mel.f16.part", "wb") as mels, open(f"{target}/target.f16.part", "wb") as targets:
        for voice in sorted(set(people) - apart):
            paths = [people[voice][name] for name in sorted(people[voice])]
            paths = [paths[i] for i in random.permutation(len(paths))[: config["recordings"]]]
            repeat = max(1, config["versions"] // len(paths))
            for path in paths:
                samples = read(path)
                for version in range(repeat + 1):
                    factor = 1.0 if version == 0 else float(np.exp(random.uniform(*np.log(config["speeds"]))))
                    heard = samples if version == 0 else soxr.resample(samples, RATE, RATE * factor, quality="MQ")
                    power = speaker.active(speaker.mel_power(loud(heard)))
                    count = (len(power) - WINDOW) // TARGET_STRIDE + 1
                    if count < 1:
                        continue
                    power = power[: (count - 1) * TARGET_STRIDE + WINDOW]
                    windows = power.unfold(0, WINDOW, TARGET_STRIDE).transpose(1, 2)
                    mels.write(torch.log(power.clamp(min=speaker.FLOOR)).half().numpy().tobytes())
                    targets.write(teacher(windows).half().numpy().tobytes())
                    rows.append(dict(voice=voice, factor=factor, start=start, windows=count))
                    start += len(power)
    for name in ("mel.f16", "target.f16"):
        os.replace(f"{target}/{name}.part", f"{target}/{name}")
    json.dump(dict(rows=rows, held_out={v: list(people[v].values()) for v in sorted(apart) if v in people}),
              open(f"{target}/index.json", "w"))
    print(f"{len(people) - len(apart)} speakers, {len(rows)} recordings, {start / 360000:.1f} h, "
          f"{sum(r['windows'] for r in rows)} windows, {len(apart)} speakers held out")


class Windows:
    """Augmented windows: mel powers [B, T, M], teacher embeddings [B, E], speaker indices [B] (-1: not classified)."""

    def __init__(self, folder, seed, augmented=1.0):
        self.augmented = augmented  # scales the shares of windows that are disturbed
        index = json.load(open(f"{folder}/index.json"))
        self.rows, self.random = index["rows"], np.random.default_rng(seed)
        self.mel = np.memmap(f"{folder}/mel.f16", np.float16, "r").reshape(-1, MEL_BANDS)
        self.target = np.memmap(f"{folder}/target.f16", np.float16, "r").reshape(-1, EMBEDDING)
        self.first = np.concatenate([[0], np.cumsum([r["windows"] for r in self.rows])])
        self.voices = {v: i for i, v in enumerate(sorted({r["voice"] for r in self.rows}))}
        by_voice = {}
        for i, row in enumerate(self.rows):
            by_voice.setdefault(row["voice"], []).append(i)
        real = [v for v in by_voice if v.startswith("ls")]
        self.groups = [[by_voice[v] for v in real], [by_voice[v] for v in by_voice if v not in set(real)]]

    def batch(self, size, real=0.65):
        random, mels, targets, voices = self.random, [], [], []
        for _ in range(size):
            group = self.groups[0 if random.random() < real else 1] or self.groups[0]
            people = group[random.integers(len(group))]
            i = people[random.integers(len(people))]
            row, window = self.rows[i], int(random.integers(self.rows[i]["windows"]))
            start = row["start"] + window * TARGET_STRIDE
            mels.append(self.mel[start : start + WINDOW].astype(np.float32))
            targets.append(self.target[self.first[i] + window].astype(np.float32))
            voices.append(self.voices[row["voice"]] if row["factor"] == 1.0 else -1)
        power = self.augment(torch.from_numpy(np.exp(np.stack(mels))))
        return power, functional.normalize(torch.from_numpy(np.stack(targets)), dim=-1), torch.tensor(voices)

    def augment(self, power):
        size = len(power)
        pick = lambda share: torch.from_numpy((self.random.random(size) < share * self.augmented).astype(np.float32))[:, None, None]
        draw = lambda low, high, *shape: torch.tensor(
            self.random.uniform(low, high, (size, *shape)), dtype=torch.float32)
        decay = 10 ** (-6 / 100 / draw(0.1, 0.6, 1))  # reverberation: an exponential tail
        tail = draw(0.02, 0.3, 1) * decay ** torch.arange(39, -1, -1) * pick(0.35)[:, 0]
        tail[:, -1] = 1.0
        flat = functional.pad(power.transpose(1, 2).reshape(1, size * MEL_BANDS, WINDOW), (39, 0))
        kernel = tail.repeat_interleave(MEL_BANDS, 0)[:, None]
        power = functional.conv1d(flat, kernel, groups=size * MEL_BANDS).view(size, MEL_BANDS, WINDOW).transpose(1, 2)
        smooth = lambda low, high, points: functional.interpolate(
            draw(low, high, 1, points), MEL_BANDS, mode="linear", align_corners=True)
        power = power * torch.exp(smooth(-1.1, 1.1, 6) * pick(0.6) + draw(-1.2, 1.2, 1, 1))
        shape = torch.exp(smooth(-2, 2, 5) - draw(0, 4, 1, 1) * torch.linspace(0, 1, MEL_BANDS))
        shape = shape / shape.mean(2, keepdim=True)
        level = power.mean((1, 2), keepdim=True) * 10 ** (-draw(5, 40, 1, 1) / 10) * pick(0.6)
        return power + level * shape * torch.empty_like(power).exponential_().sqrt()


class Classifier(nn.Module):
    """Additive-margin softmax over the known speakers (Wang 2018)."""

    def __init__(self, count, scale=24.0, margin=0.1):
        super().__init__()
        self.centres = nn.Parameter(torch.randn(count, EMBEDDING) * 0.05)
        self.scale, self.margin = scale, margin

    def forward(self, embedding, voices):
        known = voices >= 0
        if not known.any():
            return embedding.sum() * 0
        cosines = embedding[known] @ functional.normalize(self.centres, dim=-1).T
        cosines = cosines - self.margin * functional.one_hot(voices[known], len(self.centres))
        return functional.cross_entropy(self.scale * cosines, voices[known])


def train(config, folder, pack):
    data = Windows(pack, config["seed"], config["augmented"])
    model, classifier = SpeakerEncoder(SpeakerConfig(**config["model"])), Classifier(len(data.voices))
    optimizer = torch.optim.AdamW([*model.parameters(), *classifier.parameters()], config["rate"], weight_decay=0.02)
    run = Run(folder, config, model=model, optimizer=optimizer, classifier=classifier)
    data.random = np.random.default_rng(config["seed"] + run.step)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{len(data.rows)} recordings, {parameters / 1e6:.2f} M parameters", flush=True)
    while run.step < config["steps"]:
        for group in optimizer.param_groups:
            group["lr"] = cosine(run.step, config["warmup"], config["steps"], config["rate"])
        power, target, voices = data.batch(config["batch"])
        with torch.autocast("cpu", torch.bfloat16):
            embedding = model(speaker.features(power))
        similarity = (embedding * target).sum(1).mean()
        losses = dict(cosine=1 - similarity, classes=classifier(embedding, voices))
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
        prepare(config, sys.argv[3], sys.argv[4], sys.argv[5:])
    else:
        {"train": train, "rate": rate, "evaluate": evaluate}[command](config, *sys.argv[3:])

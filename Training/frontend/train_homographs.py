"""Train the homograph network.

    python -m frontend.train_homographs homographs.tsv homograph_pronunciations.tsv vectors.npz OUT.pt \\
        [--lessons LESSONS.pt]

Learns from WikipediaHomographData, from sentences made of frontend/homograph_templates.txt, and from those that
frontend.homograph_teacher labelled. Words begin with the vectors of frontend.word_vectors.
"""

import argparse
import math
import pickle
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from frontend.homograph_data import HELD_OUT, TEMPLATES, Example, Senses, examples, made, marked
from frontend.homograph_model import Config, HomographModel, window
from frontend.tagger import Tagger


class Windows:
    """Examples as tensors: windows [E, 4, N], masks [E, N], and targets [E, S], zero but for the word's senses."""

    def __init__(self, rows: list[Example], tagged: list[list[str]], vocabulary: dict, senses: Senses, reach: int):
        found = np.array([window(r, t, vocabulary, reach) for r, t in zip(rows, tagged)])
        self.inputs = torch.from_numpy(found[:, :4].astype(np.int64))
        self.mask = torch.from_numpy(found[:, 4].astype(bool))
        self.sense = torch.tensor([r.sense for r in rows])
        self.allowed = torch.full((len(rows), senses.count), -1e4)
        for k, r in enumerate(rows):
            self.allowed[k, senses.span(r.word)] = 0
        self.targets = F.one_hot(self.sense.clamp(min=0), senses.count).float()
        self.weight = torch.ones(len(rows))


def run(model, data: Windows, rows, dropout: float = 0.0, forget: float = 0.0):
    words, endings, shapes, tags = data.inputs[rows].unbind(1)
    if forget:
        lost = torch.rand(words.shape) < forget
        lost[:, words.shape[1] // 2] = False
        words = words.masked_fill(lost, 0)
        endings = endings.masked_fill(lost & (torch.rand(words.shape) < 0.7), 0)
        tags = tags.masked_fill(torch.rand(words.shape) < forget, 0)
    return model(words, endings, shapes, tags, data.mask[rows], dropout) + data.allowed[rows]


@torch.no_grad()
def probabilities(model, data: Windows):
    model.eval()
    return torch.cat([run(model, data, rows).softmax(1) for rows in torch.arange(len(data.sense)).split(512)])


def train(model, data: Windows, epochs: int, rate: float, batch: int, check):
    # Few words stand in a batch.
    words = torch.optim.SparseAdam([model.words.weight], lr=rate / 3)
    rest = [p for n, p in model.named_parameters() if n != "words.weight"]
    optimizer = torch.optim.AdamW(rest, lr=rate, weight_decay=0.05, foreach=True)
    steps = epochs * math.ceil(len(data.sense) / batch)
    schedules = [torch.optim.lr_scheduler.OneCycleLR(o, most, total_steps=steps + 1, pct_start=0.1)
                 for o, most in ((words, rate / 3), (optimizer, rate))]
    averaged, step = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.98)), 0
    start = time.process_time()
    for epoch in range(epochs):
        total = 0.0
        model.train()
        groups = torch.randperm(len(data.sense)).split(batch)
        for rows in groups:
            scores = run(model, data, rows, dropout=0.15, forget=0.12).log_softmax(1)
            target = data.targets[rows]
            loss = -((0.97 * target * scores).sum(1) * data.weight[rows]).mean()
            optimizer.zero_grad(set_to_none=True)
            words.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 1.0)
            words.step()
            optimizer.step()
            for schedule in schedules:
                schedule.step()
            step += 1
            if step % 10 == 0:
                averaged.update_parameters(model)
            total += loss.item()
        if epoch % 2 or epoch == epochs - 1:
            print(f"epoch {epoch}, {time.process_time() - start:.0f} s: {total / len(groups):.4f}; {check(averaged.module)}", flush=True)
    return averaged.module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", type=Path)
    parser.add_argument("pronunciations", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"), help="folder with tagger.bin")
    parser.add_argument("--lessons", type=Path, default=None, help="what frontend.homograph_teacher labelled")
    parser.add_argument("--weight", type=float, default=0.7, help="of such a lesson, beside a sentence that is known")
    parser.add_argument("--held", type=int, default=HELD_OUT, help="last figure of the rows held out to choose by")
    parser.add_argument("--cases", type=Path, default=None, help="more held-out lines: sense, tab, sentence, the word in brackets")
    parser.add_argument("--cache", type=Path, default=None, help="tagged sentences of earlier runs")
    parser.add_argument("--start", type=Path, default=None, help="a model to go on from")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    random.seed(arguments.seed)
    senses = Senses(arguments.pronunciations)
    rows, held = examples(arguments.sentences, senses, arguments.held)
    rows += made(TEMPLATES, senses)
    lessons = torch.load(arguments.lessons, weights_only=False) if arguments.lessons else []
    cases = [marked(*line.rstrip("\n").split("\t"), senses) for line in arguments.cases.open()] if arguments.cases else []
    print(len(rows), "rows,", len(held), "held out,", len(lessons), "labelled by the teacher", flush=True)
    cache = pickle.loads(arguments.cache.read_bytes()) if arguments.cache and arguments.cache.exists() else {}
    tagger = None
    for r in rows + held + [r for r, _ in lessons] + cases:
        if (key := " ".join(r.words)) not in cache:
            tagger = tagger or Tagger(arguments.data / "tagger.bin")
            cache[key] = tagger(r.words)
    if tagger and arguments.cache:
        arguments.cache.write_bytes(pickle.dumps(cache))
    stored = np.load(arguments.vectors)
    vocabulary = {str(w): 1 + k for k, w in enumerate(stored["words"])}
    config = Config(channels=arguments.channels, hidden=2 * arguments.channels)
    windows = lambda found: Windows(found, [cache[" ".join(r.words)] for r in found], vocabulary, senses, config.reach)
    learned, kept = windows(rows), windows(held)
    other_kept = windows(cases) if cases else None

    def new(channels: int, blocks: int) -> HomographModel:
        model = HomographModel(Config(channels=channels, hidden=2 * channels), len(vocabulary), senses, blocks)
        given = torch.from_numpy(stored["vectors"]) * 0.5
        with torch.no_grad():
            if channels > given.shape[1]:
                given = F.pad(given, (0, channels - given.shape[1]))
            model.words.weight[1:] = given[:, :channels]
        return model

    if lessons:
        unread = windows([r for r, _ in lessons])
        for k, (r, chances) in enumerate(lessons):
            unread.targets[k] = 0
            unread.targets[k, senses.span(r.word)] = torch.tensor(chances)
        unread.weight[:] = arguments.weight
        for name in ("inputs", "mask", "allowed", "targets", "weight", "sense"):
            setattr(learned, name, torch.cat([getattr(learned, name), getattr(unread, name)]))

    def check(model) -> str:
        right = probabilities(model, kept).argmax(1) == kept.sense
        text = f"held out {int(right.sum())} of {len(held)} ({right.float().mean():.4f})"
        if other_kept:
            right = probabilities(model, other_kept).argmax(1) == other_kept.sense
            text += f"; cases {int(right.sum())} of {len(cases)}"
        return text

    model = new(arguments.channels, arguments.blocks)
    if arguments.start:
        model.load_state_dict(torch.load(arguments.start)["model"])
    print(sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    model = train(model, learned, arguments.epochs, arguments.rate, arguments.batch, check)
    right = probabilities(model, kept).argmax(1) == kept.sense
    wrong = Counter(r.word for r, fine in zip(held, right.tolist()) if not fine)
    print(wrong.most_common())
    if other_kept:
        right = probabilities(model, other_kept).argmax(1) == other_kept.sense
        for case, fine in zip(cases, right.tolist()):
            if not fine:
                print(case.word, "otherwise:", " ".join(case.words))
    torch.save({"model": model.state_dict(), "channels": arguments.channels, "blocks": arguments.blocks}, arguments.out)


if __name__ == "__main__":
    main()

"""Train the spelling-to-sound network and export data/g2p.safetensors.

    python -m frontend.spelling_data pairs.json && python -m frontend.train_spelling pairs.json --out DIR
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch.nn import functional as F

from frontend.alignment import edit_distance
from frontend.spelling_model import Config, SpellingModel


def tokens_of(config: Config, accent: str, word: str) -> list[int]:
    first = 1 + len(config.accents)
    return [1 + config.accents.index(accent)] + [first + config.letters.index(c) for c in word]


def padded(rows: list[list[int]], fill: int = 0) -> torch.Tensor:
    length = max(map(len, rows))
    return torch.tensor([row + [fill] * (length - len(row)) for row in rows])


def batches(order, lengths, size, generator):
    """Batches of similar length: sort within pools of 40 batches, then shuffle the batches."""
    result = []
    for start in range(0, len(order), 40 * size):
        pool = order[start : start + 40 * size]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        result += [pool[i : i + size] for i in range(0, len(pool), size)]
    generator.shuffle(result)
    return result


def evaluate(model, labels, test, limit) -> dict:
    model.eval()
    figures = {}
    for accent in model.config.accents:
        rows = [(w, p) for a, w, p in test if a == accent and len(w) <= 28][:limit]
        answers: dict[str, list[str]] = {}
        for a, w, p in test:
            if a == accent:
                answers.setdefault(w, []).append(p)
        errors = symbols = wrong = plain_wrong = 0
        for start in range(0, len(rows), 512):
            part = rows[start : start + 512]
            predicted = model.read(padded([tokens_of(model.config, accent, w) for w, _ in part]), labels)
            for (word, _), guess in zip(part, predicted):
                truth = min(answers[word], key=lambda p: edit_distance(guess, p))
                errors += edit_distance(guess, truth)
                symbols += len(truth)
                wrong += guess != truth
                plain_wrong += guess.translate(STRESS) != truth.translate(STRESS)
        figures[accent] = dict(words=len(rows), per=errors / symbols, wer=wrong / len(rows),
                               wer_without_stress=plain_wrong / len(rows))
    model.train()
    return figures


STRESS = str.maketrans("", "", "ˈˌ")


def load_weights(path: Path, labels: list[str]) -> tuple[dict[str, torch.Tensor], int]:
    """Weights in float32, and the steps behind them, of a checkpoint or of an exported g2p.safetensors (0 steps: it does not say).

    Labels are numbered by how often the data has them, so weights fit only data with the same labels in the same order.
    """
    if path.suffix == ".safetensors":
        with safe_open(path, "pt") as file:
            known = json.loads(file.metadata()["config"])["chunks"]
            tensors, step = {name: file.get_tensor(name).float() for name in file.keys()}, 0
    else:
        checkpoint = torch.load(path)
        known, tensors, step = checkpoint["labels"], checkpoint["model"], checkpoint["step"]
    if known != labels:
        raise SystemExit(f"{path} has other labels than the pairs ({len(known)}, {len(labels)}); make the pairs anew")
    return tensors, step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--batch", type=int, default=384)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--steps", type=int, default=0, help="instead of --epochs")
    parser.add_argument("--resume", type=Path, default=None, help="begin from these weights: a checkpoint, or g2p.safetensors")
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed)
    generator = np.random.default_rng(arguments.seed)
    data = json.loads(arguments.pairs.read_text())
    labels = data["labels"]
    config = Config(labels=len(labels))
    model = SpellingModel(config)
    print("parameters", sum(p.numel() for p in model.parameters()), flush=True)
    done = 0
    if arguments.resume:
        tensors, done = load_weights(arguments.resume, labels)
        model.load_state_dict(tensors)
        generator = np.random.default_rng(arguments.seed + done)
    ids = {label: i for i, label in enumerate(labels)}
    inputs = [tokens_of(config, a, w) for a, w, _ in data["train"]]
    targets = [[ids[c] for c in chunks] for _, _, chunks in data["train"]]
    lengths = np.array([len(t) for t in targets])
    steps = arguments.steps or int(arguments.epochs * len(inputs) / arguments.batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.rate, weight_decay=0.02, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, arguments.rate, steps + 1, pct_start=0.06)
    averaged = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99))
    arguments.out.mkdir(exist_ok=True, parents=True)
    step, began, total = 0, time.process_time(), 0.0
    while step < steps:
        for chosen in batches(generator.permutation(len(inputs)), lengths, arguments.batch, generator):
            tokens, target = padded([inputs[i] for i in chosen]), padded([targets[i] for i in chosen], -100)
            previous = F.pad((target + 1).clamp(min=0)[:, :-1], (1, 0))
            previous = previous.masked_fill(torch.rand(previous.shape) < 0.08, 0)
            logits = model(tokens, previous)
            loss = F.cross_entropy(logits.flatten(0, 1), target.flatten(), label_smoothing=0.03)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            averaged.update_parameters(model)
            step, total = step + 1, total + loss.item()
            if step % 100 == 0:
                print(f"{step}/{steps} loss {total / 100:.4f} cpu {time.process_time() - began:.0f} s", flush=True)
                total = 0.0
            if step % 250 == 0 or step == steps:
                figures = evaluate(averaged.module, labels, data["test"], 8000 if step == steps else 400)
                if data.get("names"):
                    figures["names"] = evaluate(averaged.module, labels, data["names"], 4000 if step == steps else 400)
                print(json.dumps(figures), flush=True)
                torch.save(dict(model=averaged.module.state_dict(), config=config.as_dict(), labels=labels,
                                step=done + step, figures=figures), arguments.out / "spelling.pt")
            if step >= steps:
                break


if __name__ == "__main__":
    main()

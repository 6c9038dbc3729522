"""Teach the homograph network by a larger one: fine-tune MiniLM, and let it label sentences that nobody has.

    python -m frontend.homograph_teacher homographs.tsv homograph_pronunciations.tsv MINILM vectors.npz LESSONS.pt \\
        --text TEXT...

MINILM is the folder of all-MiniLM-L6-v2 (Apache-2.0), as for frontend.word_vectors. It learns the sense of a homograph
from what it makes of the word in its sentence. Then it labels the homographs of the texts, and variants of the
sentences that it learned from, in which like words stand for some of theirs (TinyBERT, Jiao et al. 2020). LESSONS.pt
has the examples with the probabilities of their senses, for frontend.train_homographs. Held-out sentences are in neither.
"""

import argparse
import random
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

from frontend.homograph_data import HELD_OUT, TEMPLATES, Example, Senses, examples, made, tokens
from frontend.train_tagger import normal
from frontend.word_vectors import hidden

#: Words on each side that the teacher reads.
REACH = 16
#: The layers below learn nothing: they know what words are, and it takes half of the time.
FROZEN = 2


class Teacher:
    """MiniLM with a row of weights for each sense, and one for each part of speech, which senses share."""

    def __init__(self, minilm: Path, senses: Senses):
        self.senses = senses
        self.tokenizer = Tokenizer.from_file(str(minilm / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.weights = {name: tensor.float() for name, tensor in load_file(minilm / "model.safetensors").items()
                        if tensor.is_floating_point()}
        size = self.weights["embeddings.word_embeddings.weight"].shape[1]
        self.rows = torch.nn.Parameter(torch.randn(senses.count, size) * 0.02)
        self.kinds = torch.nn.Parameter(torch.zeros(senses.kinds, size))
        self.bias = torch.nn.Parameter(torch.zeros(senses.count))
        self.kind_of = torch.tensor(senses.kind_of)

    def learned(self) -> list[torch.Tensor]:
        layer = re.compile(r"encoder\.layer\.(\d+)\.")
        names = [n for n in self.weights if (m := layer.match(n)) and int(m[1]) >= FROZEN]
        for name in names:
            self.weights[name] = torch.nn.Parameter(self.weights[name])
        return [self.weights[name] for name in names]

    def encoded(self, example: Example) -> tuple[list[int], int, int]:
        """Pieces of the words around the homograph, and where its own begin and end."""
        first = max(example.i - REACH, 0)
        ids, start, end = [101], 0, 0
        for k, word in enumerate(example.words[first : example.i + REACH + 1], first):
            pieces = self.tokenizer.encode(word, add_special_tokens=False).ids
            if k == example.i:
                start, end = len(ids), len(ids) + len(pieces)
            ids += pieces
        return ids + [102], start, end

    def scores(self, rows: list[tuple[list[int], int, int]], words: list[str], dropout: float = 0.0) -> torch.Tensor:
        """Log odds of all senses, [B, S], those of other words out of the question."""
        length = max(len(ids) for ids, _, _ in rows)
        ids, mask = torch.zeros(len(rows), length, dtype=torch.long), torch.zeros(len(rows), length, dtype=torch.bool)
        own, allowed = torch.zeros(len(rows), length), torch.full((len(rows), self.senses.count), -1e4)
        for k, ((pieces, start, end), word) in enumerate(zip(rows, words)):
            ids[k, : len(pieces)] = torch.tensor(pieces)
            mask[k, : len(pieces)] = True
            own[k, start:end] = 1 / (end - start)
            allowed[k, self.senses.span(word)] = 0
        with torch.autocast("cpu", dtype=torch.bfloat16):
            _, x = hidden(self.weights, ids, mask)
        x = F.dropout((x.float() * own[..., None]).sum(1), dropout, dropout > 0)
        return x @ (self.rows + self.kinds[self.kind_of]).T + self.bias + allowed

    def batches(self, count: int, lengths: list[int], size: int, mixed: bool) -> list[list[int]]:
        """Rows of like length together; in an order by chance if `mixed`."""
        order = sorted(range(count), key=lambda k: lengths[k] + (random.random() * 6 if mixed else 0))
        groups = [order[start : start + size] for start in range(0, count, size)]
        if mixed:
            random.shuffle(groups)
        return groups

    def fit(self, rows: list[Example], epochs: int, rate: float, size: int, check) -> None:
        inner, outer = self.learned(), [self.rows, self.kinds, self.bias]
        groups = [{"params": inner, "lr": rate}, {"params": outer, "lr": rate * 20}]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        encoded = [self.encoded(r) for r in rows]
        steps = epochs * -(-len(rows) // size)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [rate, rate * 20], steps + 1, pct_start=0.1)
        for epoch in range(epochs):
            total, start = 0.0, time.process_time()
            groups = self.batches(len(rows), [len(ids) for ids, _, _ in encoded], size, mixed=True)
            for group in groups:
                scores = self.scores([encoded[k] for k in group], [rows[k].word for k in group], dropout=0.1)
                loss = F.cross_entropy(scores, torch.tensor([rows[k].sense for k in group]))
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(inner + outer, 1.0)
                optimizer.step()
                schedule.step()
                total += loss.item()
            seconds = time.process_time() - start
            print(f"epoch {epoch}, {seconds:.0f} s: {total / len(groups):.4f}; {check()}", flush=True)

    @torch.no_grad()
    def probabilities(self, rows: list[Example]) -> torch.Tensor:
        encoded = [self.encoded(r) for r in rows]
        result = torch.zeros(len(rows), self.senses.count)
        for group in self.batches(len(rows), [len(ids) for ids, _, _ in encoded], 64, mixed=False):
            result[group] = self.scores([encoded[k] for k in group], [rows[k].word for k in group]).softmax(1)
        return result


def places(texts: list[Path], senses: Senses, most: int) -> list[Example]:
    """Homographs of some text, up to `most` of a word."""
    result, counts, seen = [], Counter(), set()
    for path in texts:
        for paragraph in path.open(encoding="utf8", errors="ignore"):
            for sentence in re.split(r"(?<=[.!?]) +", paragraph.strip()):
                if not 10 < len(sentence) < 300 or sentence in seen:
                    continue
                seen.add(sentence)
                words, _ = tokens(sentence, 0, 0)
                for i, word in enumerate(words):
                    if word.lower() in senses and counts[word.lower()] < most:
                        counts[word.lower()] += 1
                        result.append(Example(word.lower(), words, i, -1))
    return result


class Likeness:
    """Words that can stand for others: near in meaning, with the same ending and size of the first letter."""

    def __init__(self, vectors: Path, common: int = 150, most: int = 12):
        stored = np.load(vectors)
        self.words = [str(w) for w in stored["words"]]
        self.at = {w: k for k, w in enumerate(self.words)}
        self.unit = stored["vectors"] / np.linalg.norm(stored["vectors"], axis=1, keepdims=True)
        self.common, self.most, self.found = common, most, {}

    def instead(self, word: str) -> str:
        key = normal(word)
        at = self.at.get(key, 0)
        # The commonest words make the grammar.
        if at < self.common or not word.isalpha():
            return word
        if key not in self.found:
            near = np.argsort(-(self.unit @ self.unit[at]))[1 : 8 * self.most]
            like = [w for k in near if (w := self.words[k])[-2:] == key[-2:] and w.isalpha()]
            self.found[key] = like[: self.most] or [key]
        other = random.choice(self.found[key])
        return other.capitalize() if word[0].isupper() else other

    def variant(self, example: Example, share: float) -> Example:
        stays = [k == example.i or random.random() > share for k in range(len(example.words))]
        words = [w if stay else self.instead(w) for w, stay in zip(example.words, stays)]
        return Example(example.word, words, example.i, -1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", type=Path)
    parser.add_argument("pronunciations", type=Path)
    parser.add_argument("minilm", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--text", type=Path, nargs="*", default=[])
    parser.add_argument("--held", type=int, default=HELD_OUT, help="last figure of the rows held out to choose by")
    parser.add_argument("--most", type=int, default=400, help="places in the texts, of a word")
    parser.add_argument("--variants", type=int, default=3, help="of each sentence")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--batch", type=int, default=32)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    senses = Senses(arguments.pronunciations)
    rows, held = examples(arguments.sentences, senses, arguments.held)
    # The senses that the data lacks; the rest of the templates are for the network itself.
    known = rows + made(TEMPLATES, senses, most=6, each=2)
    teacher = Teacher(arguments.minilm, senses)

    def check() -> str:
        right = teacher.probabilities(held).argmax(1) == torch.tensor([r.sense for r in held])
        return f"held out {int(right.sum())} of {len(held)} ({right.float().mean():.4f})"

    print(len(known), "rows,", len(held), "held out", flush=True)
    teacher.fit(known, arguments.epochs, arguments.rate, arguments.batch, check)
    likeness = Likeness(arguments.vectors)
    unread = places(arguments.text, senses, arguments.most)
    unread += [likeness.variant(r, 0.4) for r in rows for _ in range(arguments.variants)]
    print(len(unread), "to label", flush=True)
    found = teacher.probabilities(unread)
    spans = [senses.span(r.word) for r in unread]
    torch.save([(r, found[k, span].tolist()) for k, (r, span) in enumerate(zip(unread, spans))], arguments.out)


if __name__ == "__main__":
    main()

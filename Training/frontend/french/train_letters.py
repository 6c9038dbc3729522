"""Train French letters to sound, an averaged perceptron, and export data/frontend/fr/letters.bin.

    python -m frontend.french.train_letters pairs.json [--data ../data/frontend/fr]      (run in Training/)

Letter by letter from the left, features of the letters around and of the sounds before vote for the letter's chunk of 0 to 3
phonemes. A minute of one core instead of a network's half hour, and a microsecond a letter; stress needs no votes, it falls on
the last vowel.

Layout of letters.bin, little-endian: "STARFRL1", u32 slots (a power of two), u32 row bytes, u32 bytes of labels, u32 reserved,
slots x (u32 hash, u32 row offset + 1, 0: empty), rows (u8 n, n x (u8 label, i8 weight)), then the labels, UTF-8, each ended by
a line feed.
"""

import argparse
import json
import random
import struct
import time
from pathlib import Path

from frontend.alignment import edit_distance
from frontend.french.words import LETTERS

CODES = {letter: index + 1 for index, letter in enumerate(LETTERS)}
#: Letters looked at on each side.
REACH = 5
#: Weights are kept as eighths.
SCALE = 8
EPOCHS = 5
#: Features kept, those of the most weight: the table has 131,072 places.
MOST = 98_000


def features(codes: bytes, i: int, before: int, last: int) -> list[bytes]:
    """What votes for letter i of codes, which has REACH zeros at both ends; the chunks before. FrenchLetters.swift builds the same."""
    j = i + REACH
    own = codes[j : j + 1]
    result = [b"a" + own]
    for n in range(1, REACH + 1):
        result.append(b"r" + codes[j : j + 1 + n])
        result.append(b"l" + codes[j - n : j + 1])
    for left, right in ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2)):
        result.append(bytes([48 + left, 48 + right]) + codes[j - left : j + right + 1])
    sounds = bytes([before, last])
    result += [b"p" + own + sounds[1:], b"q" + own + sounds, b"s" + codes[j : j + 2] + sounds[1:], b"t" + codes[j : j + 3] + sounds[1:]]
    return result


def fnv(data: bytes) -> int:
    state = 0x811C9DC5
    for byte in data:
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    return state


def padded(word: str) -> bytes:
    return bytes(REACH) + bytes(CODES[letter] for letter in word) + bytes(REACH)


class Perceptron:
    def __init__(self, labels: int):
        self.labels = labels
        self.rows: dict[bytes, dict[int, float]] = {}
        self.totals: dict[tuple[bytes, int], float] = {}
        self.stamps: dict[tuple[bytes, int], int] = {}
        self.step = 0

    def best(self, found: list[bytes]) -> int:
        scores: dict[int, float] = {}
        for feature in found:
            row = self.rows.get(feature)
            if row:
                for label, weight in row.items():
                    scores[label] = scores.get(label, 0) + weight
        return max(scores, key=lambda label: (scores[label], -label)) if scores else 0

    def nudge(self, feature: bytes, label: int, delta: float) -> None:
        row = self.rows.setdefault(feature, {})
        key = (feature, label)
        self.totals[key] = self.totals.get(key, 0) + (self.step - self.stamps.get(key, 0)) * row.get(label, 0)
        self.stamps[key] = self.step
        row[label] = row.get(label, 0) + delta

    def read(self, codes: bytes, truth: list[int] | None = None) -> list[int]:
        before = last = 0
        result = []
        for i in range(len(codes) - 2 * REACH):
            found = features(codes, i, before, last)
            guess = self.best(found)
            if truth is not None:
                self.step += 1
                if guess != truth[i]:
                    for feature in found:
                        self.nudge(feature, truth[i], 1)
                        self.nudge(feature, guess, -1)
                    # What follows learns behind what is right.
                    guess = truth[i]
            result.append(guess)
            before, last = last, guess + 1
        return result

    def average(self) -> None:
        for feature, row in self.rows.items():
            for label in row:
                key = (feature, label)
                row[label] = (self.totals[key] + (self.step - self.stamps[key]) * row[label]) / self.step

    def quantise(self) -> None:
        small: dict[bytes, dict[int, int]] = {}
        for feature, row in self.rows.items():
            kept = {label: max(-127, min(127, round(weight * SCALE))) for label, weight in row.items()}
            kept = {label: weight for label, weight in kept.items() if weight}
            if kept:
                small[feature] = kept
        heaviest = sorted(small, key=lambda feature: (-sum(map(abs, small[feature].values())), feature))
        self.rows = {feature: small[feature] for feature in heaviest[:MOST]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data/frontend/fr"))
    arguments = parser.parse_args()
    data = json.loads(arguments.pairs.read_text())
    plain = lambda text: text.replace("ˈ", "")
    labels = sorted({plain(label) for label in data["labels"]})
    ids = {label: index for index, label in enumerate(labels)}
    train = [(padded(word), [ids[plain(chunk)] for chunk in chunks]) for _, word, chunks in data["train"]]
    test = [(word, plain(phonemes)) for _, word, phonemes in data["test"]]
    model = Perceptron(len(labels))
    for epoch in range(EPOCHS):
        random.Random(epoch).shuffle(train)
        for codes, truth in train:
            model.read(codes, truth)
        print(f"epoch {epoch}: {len(model.rows)} features, {time.process_time():.0f} s", flush=True)
    model.average()
    model.quantise()
    wrong = errors = symbols = 0
    for word, phonemes in test:
        guess = "".join(labels[label] for label in model.read(padded(word)))
        wrong += guess != phonemes
        errors += edit_distance(guess, phonemes)
        symbols += len(phonemes)
    print(f"held out: {len(test)} words, phoneme error rate {errors / symbols:.2%}, word error rate {wrong / len(test):.2%}")
    export(arguments.data / "letters.bin", model, labels)


def export(path: Path, model: Perceptron, labels: list[str]) -> None:
    size = 1
    while size < 1.3 * len(model.rows):
        size *= 2
    slots, rows = [(0, 0)] * size, bytearray()
    for feature, row in sorted(model.rows.items()):
        hashed = fnv(feature)
        at = hashed & (size - 1)
        while slots[at][1]:
            at = (at + 1) & (size - 1)
        slots[at] = (hashed, len(rows) + 1)
        rows += bytes([len(row)]) + b"".join(struct.pack("<Bb", label, weight) for label, weight in sorted(row.items()))
    names = "".join(label + "\n" for label in labels).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"STARFRL1" + struct.pack("<4I", size, len(rows), len(names), 0)
                     + b"".join(struct.pack("<II", *slot) for slot in slots) + bytes(rows) + names)
    print(f"{path}: {path.stat().st_size} bytes, {len(model.rows)} features")


if __name__ == "__main__":
    main()

"""Train the part-of-speech tagger, an averaged perceptron, and export data/tagger.bin.

    python -m frontend.train_tagger tagged.jsonl... --data ../data

Each input line is {"tokens": [[text, tag, space, phonemes], ...]}: sentences tagged by hibari's tagger (Apache-2.0),
itself trained on spaCy's tags, whose habits the acoustic model's training speech follows.

Layout of tagger.bin, little-endian: "STARTAG1", u32 slots (a power of two), u32 row bytes, u32 words, u32 reserved,
slots x (u32 hash, u32 row offset + 1, 0: empty), rows (u8 n, n x (u8 tag, i8 weight)), then words x (u32 hash, u8 tag)
sorted by hash: the tags of words that have only one.
"""

import argparse
import json
import random
import struct
import zlib
from collections import Counter, defaultdict
from pathlib import Path

TAGS = ["NN", "NNS", "NNP", "NNPS", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "JJ", "JJR", "JJS", "RB", "RBR", "RBS", "IN",
        "DT", "PDT", "PRP", "PRP$", "WP", "WP$", "WDT", "WRB", "CC", "CD", "TO", "MD", "RP", "EX", "UH", "FW"]
PUNCT, OTHER = len(TAGS), len(TAGS) + 1
PUNCTUATION = set(".,;:!?…—()")
EDGE = "\"'“”‘’`"


def fnv(text: str) -> int:
    state = 0x811C9DC5
    for byte in text.encode():
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    return state


def normal(word: str) -> str:
    if word[0].isdigit():
        return "!num"
    return word.lower()


def shape(word: str) -> str:
    if "-" in word:
        return "h"
    if word[0].isdigit():
        return "d"
    if not word[0].isalpha():
        return "p"
    if word.islower():
        return "x"
    if word.isupper():
        return "U" if len(word) > 1 else "u"
    return "X" if word[1:].islower() else "m"


def features(i, words, normals, previous, before):
    """Feature strings of word i; `normals` has two pads at both ends. Tagger.swift builds the same."""
    j = i + 2
    word, own = words[i], normals[i + 2]
    return (
        "b", "w" + own, "s" + own[-3:], "e" + own[-2:], "f" + own[:1], "h" + shape(word) + ("0" if i == 0 else "1"),
        "p" + previous, "q" + before + " " + previous, "k" + previous + " " + own,
        "l" + normals[j - 1], "m" + normals[j - 2], "n" + normals[j + 1], "o" + normals[j + 2],
        "t" + normals[j + 1][-3:], "u" + normals[j - 1][-3:], "x" + normals[j - 1] + " " + own, "y" + own + " " + normals[j + 1],
    )


def read(paths):
    sentences = []
    for path in paths:
        for line in open(path):
            words, tags = [], []
            for text, tag, _, _ in json.loads(line)["tokens"]:
                text = text.replace("’", "'").strip(EDGE) or text
                if all(c in PUNCTUATION for c in text):
                    words.append(text[0]); tags.append(PUNCT)
                elif any(c.isalnum() for c in text) and text.isascii():
                    words.append(text); tags.append(TAGS.index(tag) if tag in TAGS else OTHER)
            if words:
                sentences.append((words, tags))
    return sentences


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tagged", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"))
    parser.add_argument("--epochs", type=int, default=5)
    arguments = parser.parse_args()
    sentences = read(arguments.tagged)
    random.Random(3).shuffle(sentences)
    held = [s for s in sentences if zlib.crc32(" ".join(s[0]).encode()) % 20 == 0]
    sentences = [s for s in sentences if zlib.crc32(" ".join(s[0]).encode()) % 20]
    counts = defaultdict(Counter)
    for words, tags in sentences:
        for word, tag in zip(words, tags):
            counts[word][tag] += 1
    single = {w: c.most_common(1)[0][0] for w, c in counts.items()
              if sum(c.values()) >= 20 and c.most_common(1)[0][1] >= 0.995 * sum(c.values())}
    weights, totals, stamps = {}, defaultdict(float), defaultdict(int)
    names = TAGS + ["PUNCT", "OTHER"]
    step = 0

    def tag_sentence(words, tags=None):
        nonlocal step
        normals = ["-s2", "-s1"] + [normal(w) for w in words] + ["-e1", "-e2"]
        previous = before = "-"
        result = []
        for i, word in enumerate(words):
            guess = single.get(word)
            if word in PUNCTUATION:
                guess = PUNCT
            if guess is None:
                step += 1
                found = features(i, words, normals, previous, before)
                scores = [0.0] * len(names)
                for f in found:
                    row = weights.get(f)
                    if row:
                        for t, w in row.items():
                            scores[t] += w
                guess = max(range(len(names)), key=lambda t: (scores[t], -t))
                if tags is not None and guess != tags[i]:
                    for f in found:
                        row = weights.setdefault(f, {})
                        for t, delta in ((tags[i], 1.0), (guess, -1.0)):
                            key = (f, t)
                            totals[key] += (step - stamps[key]) * row.get(t, 0.0)
                            stamps[key] = step
                            row[t] = row.get(t, 0.0) + delta
            result.append(guess)
            before, previous = previous, names[tags[i] if tags is not None and False else guess]
        return result

    for epoch in range(arguments.epochs):
        right = total = 0
        random.Random(epoch).shuffle(sentences)
        for words, tags in sentences:
            guesses = tag_sentence(words, tags)
            right += sum(a == b for a, b in zip(guesses, tags)); total += len(tags)
        print(f"epoch {epoch}: {right / total:.4f} of training words", flush=True)
    for f, row in weights.items():
        for t in list(row):
            key = (f, t)
            row[t] = (totals[key] + (step - stamps[key]) * row[t]) / step
    scale = 127 / 24
    quantised = {}
    for f, row in weights.items():
        small = {t: max(-127, min(127, round(w * scale))) for t, w in row.items()}
        small = {t: w for t, w in small.items() if w}
        if sum(abs(w) for w in small.values()) >= 5:
            quantised[f] = small
    weights.clear(); weights.update(quantised)
    right = total = 0
    for words, tags in held:
        guesses = tag_sentence(words)
        right += sum(a == b for a, b in zip(guesses, tags)); total += len(tags)
    print(f"held out: {right / total:.4f} of {total} words; {len(weights)} features", flush=True)
    export(arguments.data / "tagger.bin", weights, single)


def export(path, weights, single) -> None:
    size = 1
    while size < 1.5 * len(weights):
        size *= 2
    slots, rows = [(0, 0)] * size, bytearray()
    for f, row in sorted(weights.items()):
        hashed = fnv(f)
        at = hashed & (size - 1)
        while slots[at][1]:
            at = (at + 1) & (size - 1)
        slots[at] = (hashed, len(rows) + 1)
        rows += bytes([len(row)]) + b"".join(struct.pack("<Bb", t, w) for t, w in sorted(row.items()))
    words = sorted((fnv(word), tag) for word, tag in single.items())
    path.write_bytes(
        b"STARTAG1" + struct.pack("<4I", size, len(rows), len(words), 0)
        + b"".join(struct.pack("<II", *slot) for slot in slots) + bytes(rows)
        + b"".join(struct.pack("<IB", *word) for word in words))
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

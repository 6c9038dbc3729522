"""data/tagger.bin in Python: the same answers as Tagger.swift, for training what builds on its tags."""

import functools
import struct
from pathlib import Path

from frontend.train_tagger import PUNCTUATION, TAGS, features, fnv, normal

NAMES = TAGS + ["PUNCT", "OTHER"]
hashed = functools.lru_cache(maxsize=2_000_000)(fnv)


class Tagger:
    def __init__(self, path: Path):
        data = path.read_bytes()
        size, row_bytes, count, _ = struct.unpack_from("<4I", data, 8)
        rows_at = 24 + 8 * size
        self.rows = {}
        for i in range(size):
            key, offset = struct.unpack_from("<II", data, 24 + 8 * i)
            if offset and key not in self.rows:
                at = rows_at + offset - 1
                self.rows[key] = [struct.unpack_from("<Bb", data, at + 1 + 2 * k) for k in range(data[at])]
        words_at = rows_at + row_bytes
        self.single = dict(struct.unpack_from("<IB", data, words_at + 5 * i) for i in range(count))

    def __call__(self, words: list[str]) -> list[str]:
        normals = ["-s2", "-s1"] + [normal(w) for w in words] + ["-e1", "-e2"]
        previous = before = "-"
        tags = []
        for i, word in enumerate(words):
            tag = NAMES.index("PUNCT") if word in PUNCTUATION else self.single.get(hashed(word))
            if tag is None:
                scores = [0] * len(NAMES)
                for feature in features(i, words, normals, previous, before):
                    for t, weight in self.rows.get(hashed(feature), ()):
                        scores[t] += weight
                tag = max(range(len(NAMES)), key=lambda t: (scores[t], -t))
            before, previous = previous, NAMES[tag]
            tags.append(NAMES[tag])
        return tags

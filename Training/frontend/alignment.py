"""Letters to phoneme chunks: which 0 to 3 phoneme units each letter of a word stands for.

A unit is one phoneme with its stress, length and nasal marks ("ˈɔː", "ɑ̃"). Expectation-maximisation over all monotone
alignments on a sample learns P(chunk | letter); Viterbi then aligns every word.
"""

import math
import random
from collections import defaultdict
from collections.abc import Sequence

LONGEST_CHUNK = 3
#: Length and nasality, which belong to the phoneme before.
MARKS = "ː\u0303"


def units(phonemes: str) -> tuple[str, ...]:
    """Split a phoneme string into units: stress mark + symbol + length and nasal marks."""
    result, stress = [], ""
    for symbol in phonemes:
        if symbol in "ˈˌ":
            stress = symbol
        elif symbol in MARKS and result:
            result[-1] += symbol
        else:
            result.append(stress + symbol)
            stress = ""
    return tuple(result)


def plain(chunk: tuple[str, ...]) -> tuple[str, ...]:
    """A chunk without stress: alignment does not depend on it."""
    return tuple(unit.lstrip("ˈˌ") for unit in chunk)


def forward_backward(word, sounds, probability, counts) -> None:
    letters, total = len(word), len(sounds)
    alpha = [[0.0] * (total + 1) for _ in range(letters + 1)]
    alpha[0][0] = 1.0
    for i in range(letters):
        for j in range(total + 1):
            if alpha[i][j] > 0:
                for k in range(min(LONGEST_CHUNK, total - j) + 1):
                    alpha[i + 1][j + k] += alpha[i][j] * probability(word[i], sounds[j : j + k])
    if alpha[letters][total] <= 0:
        return
    beta = [[0.0] * (total + 1) for _ in range(letters + 1)]
    beta[letters][total] = 1.0 / alpha[letters][total]
    for i in reversed(range(letters)):
        for j in range(total + 1):
            for k in range(min(LONGEST_CHUNK, total - j) + 1):
                score = probability(word[i], sounds[j : j + k]) * beta[i + 1][j + k]
                beta[i][j] += score
                if score > 0 and alpha[i][j] > 0:
                    counts[word[i]][sounds[j : j + k]] += alpha[i][j] * score


def train(pairs, sample=12000, rounds=6, seed=1):
    """P(chunk | letter) as negative logs, learned on a sample of (word, phonemes)."""
    pairs = random.Random(seed).sample(pairs, min(sample, len(pairs)))
    pairs = [(word, plain(units(phonemes))) for word, phonemes in pairs]
    table = None
    prior = [0.15, 0.8, 0.05, 0.002]
    for _ in range(rounds):
        counts = defaultdict(lambda: defaultdict(float))
        if table is None:
            probability = lambda letter, chunk: prior[len(chunk)]
        else:
            current = table
            probability = lambda letter, chunk: current[letter].get(chunk, 0.0)
        for word, sounds in pairs:
            forward_backward(word, sounds, probability, counts)
        table = {}
        for letter, chunks in counts.items():
            total = sum(chunks.values())
            table[letter] = {c: n / total for c, n in chunks.items() if n > 0.2}
    return {l: {c: -math.log(p) for c, p in chunks.items()} for l, chunks in table.items()}


def align(word, phonemes, cost) -> list[str] | None:
    """The chunk of each letter (joined units, stress kept), or None where nothing fits."""
    stressed = units(phonemes)
    sounds = plain(stressed)
    letters, total = len(word), len(sounds)
    best = {0: (0.0, ())}
    for i in range(letters):
        chunks = cost.get(word[i], {})
        following = {}
        for j, (score, path) in best.items():
            for k in range(min(LONGEST_CHUNK, total - j) + 1):
                step = chunks.get(sounds[j : j + k])
                if step is not None:
                    candidate = score + step
                    if j + k not in following or candidate < following[j + k][0]:
                        following[j + k] = (candidate, path + (k,))
        best = following
    if total not in best:
        return None
    result, position = [], 0
    for k in best[total][1]:
        result.append("".join(stressed[position : position + k]))
        position += k
    return result


def cost_of(word, phonemes, cost) -> float:
    """The least cost of aligning a word to its phonemes, a letter; infinite where nothing fits."""
    sounds = plain(units(phonemes))
    best = {0: 0.0}
    for letter in word:
        chunks, following = cost.get(letter, {}), {}
        for j, score in best.items():
            for k in range(min(LONGEST_CHUNK, len(sounds) - j) + 1):
                step = chunks.get(sounds[j : j + k])
                if step is not None and score + step < following.get(j + k, math.inf):
                    following[j + k] = score + step
        best = following
    return best.get(len(sounds), math.inf) / len(word)


def edit_distance(a: Sequence, b: Sequence) -> int:
    """Insertions, deletions and replacements that make b of a (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]

"""Train the homograph classifier and export data/homographs.bin.

    python -m frontend.train_homographs homographs.tsv homograph_pronunciations.tsv --data ../data --fixture FILE

Data: Google's WikipediaHomographData (Gorman, Mazovetskiy and Nikolaev 2018, Apache-2.0): about 90 sentences for each
of 162 homographs. One averaged perceptron for all words, every feature naming its word; one row in ten is held out.

Layout of homographs.bin, little-endian: "STARHOM1", u32 slots, u32 row bytes, u32 text bytes, u32 reserved,
slots x (u32 hash, u32 row offset + 1), rows (u8 n, n x (u8 sense, i8 weight)), then text, one line a word:
word, then American and British phonemes of each sense, apart by tabs.
"""

import argparse
import csv
import random
import re
import struct
from collections import defaultdict
from pathlib import Path

from frontend import dictionaries
from frontend.alignment import edit_distance
from frontend.tagger import Tagger
from frontend.train_tagger import fnv, normal, shape

TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*(?:-[A-Za-z]+(?:'[A-Za-z]+)*)*|\d+|[.,;:!?…()—]")
IPA = [("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("aʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("ɚ", "əɹ"), ("ɝ", "ɜɹ"),
       ("ː", ""), ("g", "ɡ"), ("r", "ɹ"), ("'", "ˈ"), ("e", "ɛ"), ("o", "O")]
#: The month is far more common than the adjective, and dates say it without any context to judge by.
LEFT_OUT = {"august"}
VOWELS = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵊᵻ"


def phonemes(ipa: str) -> str:
    """Impressionistic IPA in misaki's symbols, stress right before the vowel."""
    text = re.sub(r"[0-9.]", "", ipa)
    for a, b in IPA:
        text = text.replace(a, b)
    return re.sub(rf"([ˈˌ])([^{VOWELS}ˈˌ]*)", r"\2\1", text)


def distance(a: str, b: str) -> float:
    """Edit distance in which a misplaced stress weighs half, and like vowels nothing."""
    same = str.maketrans("ᵻᵊɾæ", "ɪətæ")
    plain = str.maketrans("", "", "ˈˌ")
    a, b = a.translate(same), b.translate(same)
    return edit_distance(a.translate(plain), b.translate(plain)) + 0.6 * edit_distance(a.replace("ˌ", ""), b.replace("ˌ", ""))


def senses(path: Path) -> dict[str, list[tuple[str, str]]]:
    """word → [(word id, IPA)]."""
    result = defaultdict(list)
    for row in csv.DictReader(path.open(), delimiter="\t"):
        result[row["homograph"]].append((row["wordid"], row["pronunciation"]))
    return result


def variants(entries: dict, word: str) -> dict[str, str]:
    """Tag → phonemes in a dictionary; a capitalised entry of its own counts as a name."""
    result = {}
    for form, prefix in ((word, ""), (word.capitalize(), "NAME")):
        if form in entries:
            value = entries[form][1]
            listed = value if isinstance(value, dict) else {"DEFAULT": value}
            result |= {(prefix + t if prefix and t == "DEFAULT" and result else t): p for t, p in listed.items() if p}
    return result


def pronounce(word: str, listed: list[tuple[str, str]], words: dict) -> list[tuple[str, str]]:
    """American and British phonemes of each sense: the dictionary's closest variants where it tells the senses apart."""
    american, british = variants(words["american"], word), variants(words["british"], word)
    targets = [phonemes(ipa) for _, ipa in listed]
    tags = [min(american, key=lambda t: distance(american[t], target)) if american else None for target in targets]
    chosen = [american[tag] if tag else target for tag, target in zip(tags, targets)]
    result = []
    for k, target in enumerate(targets):
        shared = any(j != k and chosen[j] == chosen[k] and targets[j] != target for j in range(len(targets)))
        closest = min((distance(chosen[j], targets[j]), j) for j in range(len(targets)) if chosen[j] == chosen[k])[1]
        own = chosen[k] if not shared or closest == k else target
        if british and own == chosen[k]:
            gb = british.get(tags[k]) or british.get("DEFAULT") or next(iter(british.values()))
        else:
            gb = min(british.values(), key=lambda p: distance(p, target)) if len(set(british.values())) > 1 else target
        result.append((own, gb))
    return result


def tokens(sentence: str, start: int, end: int) -> tuple[list[str], int]:
    """Words as the frontend sees them, and the index of the one at byte offsets start ..< end."""
    raw = sentence.encode()
    at = len(raw[:start].decode(errors="ignore"))
    text = sentence.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "—")
    words, index = [], -1
    for match in TOKEN.finditer(text):
        if match.start() <= at < match.end():
            index = len(words)
        words.append(match.group())
    return words, index


def features(word: str, words: list[str], tags: list[str], i: int) -> list[str]:
    """Feature strings; Homographs.swift builds the same."""
    def lower(k):
        return normal(words[k]) if 0 <= k < len(words) else "-"

    def tag(k):
        return tags[k] if 0 <= k < len(tags) else "-"

    values = [
        "o", "a" + lower(i - 1), "b" + lower(i - 2), "c" + lower(i + 1), "d" + lower(i + 2), "e" + lower(i - 1) + " " + lower(i + 1),
        "f" + tag(i), "g" + tag(i - 1), "h" + tag(i + 1), "i" + tag(i - 1) + " " + tag(i + 1), "j" + lower(i + 1)[-3:],
        "k" + lower(i - 1)[-3:], "m" + shape(words[i]), "p" + lower(i - 2) + " " + lower(i - 1), "q" + lower(i + 1) + " " + lower(i + 2),
        "r" + tag(i - 2) + " " + tag(i - 1),
    ]
    values += ["n" + lower(k) for k in range(max(0, i - 8), min(len(words), i + 9)) if k != i and words[k][0].isalpha()]
    return [word + " " + value for value in values]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sentences", type=Path)
    parser.add_argument("pronunciations", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"))
    parser.add_argument("--fixture", type=Path, default=None, help="write held-out rows for the Swift test")
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    listed = senses(arguments.pronunciations)
    tagger = Tagger(arguments.data / "tagger.bin")
    rows = []
    for number, row in enumerate(csv.DictReader(arguments.sentences.open(), delimiter="\t", quoting=csv.QUOTE_NONE)):
        word = row["homograph"]
        words, i = tokens(row["sentence"], int(row["start"]), int(row["end"]))
        ids = [name for name, _ in listed[word]]
        if i < 0 or row["wordid"] not in ids or words[i].lower() != word:
            continue
        rows.append((number, word, features(word, words, tagger(words), i), ids.index(row["wordid"]), row))
    random.Random(5).shuffle(rows)
    held = [row for row in rows if row[0] % 10 == 3]
    train = [row for row in rows if row[0] % 10 != 3]
    print(len(rows), "rows,", len(held), "held out", flush=True)
    weights, totals, stamps, step = {}, defaultdict(float), defaultdict(int), 0

    def best(found, count):
        scores = [0.0] * count
        for f in found:
            for sense, weight in weights.get(f, {}).items():
                scores[sense] += weight
        return max(range(count), key=lambda s: (scores[s], -s))

    for epoch in range(arguments.epochs):
        random.Random(epoch).shuffle(train)
        wrong = 0
        for _, word, found, truth, _ in train:
            step += 1
            guess = best(found, len(listed[word]))
            if guess != truth:
                wrong += 1
                for f in found:
                    row = weights.setdefault(f, {})
                    for sense, delta in ((truth, 1.0), (guess, -1.0)):
                        totals[f, sense] += (step - stamps[f, sense]) * row.get(sense, 0.0)
                        stamps[f, sense] = step
                        row[sense] = row.get(sense, 0.0) + delta
        print(f"epoch {epoch}: {wrong} wrong of {len(train)}", flush=True)
    for f, row in weights.items():
        for sense in list(row):
            row[sense] = (totals[f, sense] + (step - stamps[f, sense]) * row[sense]) / step
    quantised = {}
    for f, row in weights.items():
        small = {s: max(-127, min(127, round(20 * w))) for s, w in row.items()}
        small = {s: w for s, w in small.items() if w}
        if sum(abs(w) for w in small.values()) > 8:
            quantised[f] = small
    weights = quantised
    right = sum(best(found, len(listed[word])) == truth for _, word, found, truth, _ in held)
    print(f"held out: {right / len(held):.4f} of {len(held)}; {len(weights)} features", flush=True)
    words = dictionaries.load(dictionaries.find_assets())
    table = {word: pronounce(word, listed[word], words) for word in sorted(listed) if word not in LEFT_OUT}
    export(arguments.data / "homographs.bin", weights, table)
    if arguments.fixture:
        with arguments.fixture.open("w") as file:
            file.write("# homograph, American phonemes of its sense, sentence: WikipediaHomographData (Google, Apache-2.0), held out\n")
            for _, word, _, truth, row in sorted(held)[::3]:
                if word in LEFT_OUT:
                    continue
                file.write(f"{word}\t{table[word][truth][0]}\t{row['start']}\t{row['sentence']}\n")


def export(path: Path, weights: dict, table: dict) -> None:
    size = 1
    while size < 1.5 * len(weights):
        size *= 2
    slots, rows = [(0, 0)] * size, bytearray()
    for f, row in sorted(weights.items()):
        key = fnv(f)
        at = key & (size - 1)
        while slots[at][1]:
            at = (at + 1) & (size - 1)
        slots[at] = (key, len(rows) + 1)
        rows += bytes([len(row)]) + b"".join(struct.pack("<Bb", *item) for item in sorted(row.items()))
    text = "".join(word + "\t" + "\t".join(p for pair in pairs for p in pair) + "\n" for word, pairs in table.items()).encode()
    path.write_bytes(b"STARHOM1" + struct.pack("<4I", size, len(rows), len(text), 0)
                     + b"".join(struct.pack("<II", *slot) for slot in slots) + bytes(rows) + text)
    print(f"{path}: {path.stat().st_size} bytes")
    for word in ("bass", "lead", "live", "read", "record", "wind", "tear", "use", "axes", "bow"):
        if word in table:
            print(word, table[word])


if __name__ == "__main__":
    main()

"""Homographs: their senses, the sentences of WikipediaHomographData, and sentences that are made.

Data: Google's WikipediaHomographData (Gorman, Mazovetskiy and Nikolaev 2018, Apache-2.0): about 90 sentences for each
of 162 homographs; one row in ten is held out.
"""

import csv
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).parent / "homograph_templates.txt"
TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*(?:-[A-Za-z]+(?:'[A-Za-z]+)*)*|\d+|[.,;:!?…()—]")
#: The month is far more common than the adjective, and dates say it without any context to judge by.
LEFT_OUT = {"august"}
#: Words that the data lacks: (sense, kind, impressionistic IPA).
MORE = {
    "does": [("does_vrb", "verb", "'dʌz"), ("does_nou", "noun", "'doʊz")],
    "sewer": [("sewer_drain", "noun", "'suːɚ"), ("sewer_sew", "noun", "'soʊɚ")],
    "number": [("number_nou", "noun", "'nʌmbɚ"), ("number_numb", "adjective", "'nʌmɚ")],
    "bowed": [("bowed_bend", "verb", "'baʊd"), ("bowed_curve", "adjective", "'boʊd")],
    "bows": [("bows_knot", "noun", "'boʊz"), ("bows_bend", "noun-verb", "'baʊz")],
    "tears": [("tears_cry", "noun", "'tɪɹz"), ("tears_rip", "verb", "'tɛɹz")],
    "excuses": [("excuses_nou", "noun", "ɪk'skjuːsəz"), ("excuses_vrb", "verb", "ɪk'skjuːzəz")],
}
KINDS = {"noun": 0, "adjective-noun": 0, "adjective": 0, "verb": 1, "present tense verb": 1, "past tense verb": 1}
OTHER = 2
#: Rows whose number ends in this figure are for the last measurement; another is held out to choose by.
HELD_OUT = 3


class Senses:
    """All senses in one row, those of a word side by side."""

    kinds = 3

    def __init__(self, pronunciations: Path):
        self.listed = defaultdict(list)
        for row in csv.DictReader(pronunciations.open(), delimiter="\t"):
            self.listed[row["homograph"]].append((row["wordid"], row["label"], row["pronunciation"]))
        self.listed |= MORE
        self.first, self.kind_of = {}, []
        for word in sorted(self.listed):
            self.first[word] = len(self.kind_of)
            self.kind_of += [KINDS.get(label, OTHER) for _, label, _ in self.listed[word]]
        self.count = len(self.kind_of)
        self.at = {name: self.first[word] + k for word, found in self.listed.items() for k, (name, _, _) in enumerate(found)}

    def __contains__(self, word: str) -> bool:
        return word in self.first

    def span(self, word: str) -> slice:
        return slice(self.first[word], self.first[word] + len(self.listed[word]))


@dataclass
class Example:
    word: str
    words: list[str]
    #: Place of the homograph among the words.
    i: int
    #: Place of its sense among all.
    sense: int


def tokens(sentence: str, start: int, end: int) -> tuple[list[str], int]:
    """Words as the frontend sees them, and the index of the one at byte offsets start ..< end."""
    at = len(sentence.encode()[:start].decode(errors="ignore"))
    text = sentence.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "—")
    words, index = [], -1
    for match in TOKEN.finditer(text):
        if match.start() <= at < match.end():
            index = len(words)
        words.append(match.group())
    return words, index


def rows(path: Path, senses: Senses) -> list[tuple[int, dict, Example]]:
    """(number in the file, row, example) of each row that can be used."""
    result = []
    for number, row in enumerate(csv.DictReader(path.open(), delimiter="\t", quoting=csv.QUOTE_NONE)):
        word = row["homograph"]
        words, i = tokens(row["sentence"], int(row["start"]), int(row["end"]))
        if i >= 0 and row["wordid"] in senses.at and words[i].lower() == word:
            result.append((number, row, Example(word, words, i, senses.at[row["wordid"]])))
    return result


def examples(path: Path, senses: Senses, held: int = HELD_OUT) -> tuple[list[Example], list[Example]]:
    """Those to learn from, and those whose row number ends in `held`. Nothing ever learns from HELD_OUT."""
    found = rows(path, senses)
    return [e for n, _, e in found if n % 10 not in (held, HELD_OUT)], [e for n, _, e in found if n % 10 == held]


def marked(name: str, sentence: str, senses: Senses) -> Example:
    """An example whose homograph stands in brackets: "I [live] here."."""
    start = len(sentence[: sentence.index("[")].encode())
    words, i = tokens(sentence.replace("[", "").replace("]", ""), start, start)
    return Example(words[i].lower(), words, i, senses.at[name])


def made(path: Path, senses: Senses, most: int = 30, each: int = 12) -> list[Example]:
    """Sentences from homograph_templates.txt: up to `most` of a template, `each` of the general ones for a word and kind."""
    choice, sets, general, result, seen = random.Random(7), {}, defaultdict(list), [], set()

    def fill(template: str) -> str:
        template = re.sub(r"\$(\w+)", lambda m: choice.choice(sets[m[1]]), template)
        text = re.sub(r"\{([^{}]*)\}", lambda m: choice.choice(m[1].split("|")), template)
        text += "" if text[-1] in ".!?" else "."
        return text[0].upper() + text[1:] if text[0] != "[" else "[" + text[1].upper() + text[2:]

    def add(name: str, template: str, count: int) -> None:
        for _ in range(count):
            sentence = fill(template)
            if sentence not in seen:
                seen.add(sentence)
                result.append(marked(name, sentence, senses))

    for line in path.read_text().splitlines():
        if not line or line[0] == "#":
            continue
        name, rest = line.split("\t")
        if name[0] == "$":
            sets[name[1:]] = rest.split("|")
        elif name.isupper():
            general[name].append(rest)
        else:
            add(name, rest, most)
    for word, listed in senses.listed.items():
        # Plurals and past forms stand otherwise.
        if word.endswith(("s", "ed")) or word in {"dove", "wound", "read"}:
            continue
        for name, label, _ in listed:
            kinds = {"verb": ["VERB"], "noun": ["NOUN"], "adjective": ["ADJECTIVE"], "adjective-noun": ["NOUN"]}.get(label, [])
            for kind in kinds:
                for _ in range(each):
                    add(name, choice.choice(general[kind]).replace("@", word), 1)
    return result

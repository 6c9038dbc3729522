"""Compile data/frontend/it/stress.txt and endings.tsv: which vowel of an Italian word is stressed, open or closed, and which z is voiced.

    python -m frontend.compile_italian LEXICON.db --data ../data      (run in Training/; LEXICON.db is gruut-lang-it's)

Italian spelling leaves open the stress of words that have no written accent, the quality of stressed e and o, and the voice of z.
Words whose marks are known (gruut-lang-it; `italian/*.txt`; inflected forms made from both) teach two lists of endings:

    stress   ending, which vowel letter from the end is stressed            ico 3
    e, o     ending, whether a stressed e or o before it or in it is open   ello open

The longest ending that fits wins. Words that the endings get wrong go to stress.txt, one a line, as a dictionary marks them, sorted by
their plain spelling: the frontend maps the file and searches it.
"""

import argparse
import sqlite3
from pathlib import Path

from frontend.italian_endings import decided, longest
from frontend.italian_forms import are, ere, inflected, ire
from frontend.italian_words import VOWELS, from_phonemes, label, mark, nucleus, plain, stress, vowels, with_voice

#: What an ending costs, in words it must put right; and what a form made here counts beside a word of the sources.
COST, MADE = 2.5, 0.3
OWN = Path(__file__).parent / "italian"


def known(database: Path) -> dict[str, str]:
    """Marked words by their plain spelling; of several pronunciations the first that fits the spelling."""
    words: dict[str, str] = {}
    rows = sqlite3.connect(database).execute("SELECT word, phonemes FROM word_phonemes ORDER BY word, pron_order")
    for word, phonemes in rows:
        word = word.lower()
        if word.isascii() and word.isalpha() and len(word) > 1 and word not in words:
            marked = from_phonemes(word, phonemes)
            if marked and is_likely(word, marked):
                words[word] = marked
    return words


def is_likely(word: str, marked: str) -> bool:
    """Whether the source is not mistaken: a glide is never stressed, nor is what stands before -zione and -are."""
    at = stress(marked)[0]
    return (
        (at == nucleus(at, word) or word[at - 1 : at + 1] in ("au", "eu"))
        and (label(marked) == 2 or not word.endswith(("zione", "zioni", "sione", "sioni")))
        and (label(marked) == 2 or not word.endswith("iare"))
    )


def own(name: str) -> list[str]:
    lines = (OWN / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def root(infinitive: str, base: dict[str, str], verbs: dict[str, str]) -> tuple[str, str]:
    """The root of a verb in -are, marked where its stress is known, and unmarked."""
    marks = base.get(infinitive, infinitive)
    weak = with_voice("".join("ż" if sign == "ż" else letter for letter, sign in zip(infinitive, marks)))[:-3]
    if infinitive in verbs:
        return verbs[infinitive], weak
    if infinitive.endswith("ificare"):
        return weak[:-3] + mark(weak[-3:], 0, None), weak
    noun = base.get(plain(weak) + "o") or base.get(plain(weak) + "a")
    if noun and label(noun) == (3 if weak.endswith("i") else 2):
        return noun[:-1], weak
    places = [at for at in vowels(weak) if at < len(weak) - 1 or weak[at] != "i"]
    if places and weak[at := nucleus(places[-1], plain(weak))] not in "eo":
        return mark(weak, at, None), weak
    return weak, weak


def forms(base: dict[str, str]) -> dict[str, str]:
    """Forms made from marked words and from the own list of verbs, by their plain spelling."""
    verbs = {plain(first)[:-1] + "are": first[:-1] for first in own("verbs.txt")}
    certain = {plain(word.lower()) for word in own("words.txt")}
    made: dict[str, str] = {}

    def add(words: list[str]) -> None:
        for form in words:
            made.setdefault(plain(form), form)

    for infinitive in sorted({w for w in base if w.endswith("are") and label(base[w]) == 2} | set(verbs)):
        add(are(*root(infinitive, base, verbs)))
    for word, marked in base.items():
        if word.endswith("ere"):
            add(ere(marked[:-3] if (label(marked) or 0) > 2 else word[:-3], word[:-3]))
        elif word.endswith("ire") and label(marked) == 2:
            add(ire(word[:-3]))
    for word, marked in base.items():
        # Forms of verbs have no plural.
        if word not in certain and not ((label(marked) or 0) > 2 and word.endswith(("ano", "ono", "ero"))):
            add(inflected(marked))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"))
    args = parser.parse_args()
    words = known(args.lexicon)
    print(len(words), "words of gruut-lang-it")
    base = {**words, **{plain(word): word for word in map(str.lower, own("words.txt")) if stress(word)}}
    # A word of several vowels that ends in a stressed one is written with its accent.
    everything = {
        word: with_voice(marked)
        for word, marked in {**forms(base), **base}.items()
        if label(marked) and (label(marked) > 1 or word[-1] not in VOWELS or len(vowels(word)) == 1)
    }
    print(len(everything), "words with their forms")
    stresses: list[tuple[str, str, float]] = []
    sounds: dict[str, list[tuple[str, str, float]]] = {"e": [], "o": []}
    for word, marked in everything.items():
        weight = 1.0 if word in base else MADE
        if len(vowels(word)) > 1:
            stresses.append((word, str(label(marked)), weight))
        at, is_open = stress(marked)
        if is_open is not None:
            sounds[word[at]].append((word, "open" if is_open else "closed", weight))
    rules = {"stress": decided(stresses, COST), **{vowel: decided(examples, COST) for vowel, examples in sounds.items()}}

    def by_rule(word: str) -> str:
        places = vowels(word)
        count = min(int(longest(rules["stress"], word)), len(places)) if len(places) > 1 else 1
        at = nucleus(places[-count], word)
        return with_voice(mark(word, at, longest(rules[word[at]], word) == "open" if word[at] in "eo" else None))

    exceptions = sorted((word, marked) for word, marked in everything.items() if by_rule(word) != marked)
    print(len(exceptions), "exceptions,", {kind: len(endings) for kind, endings in rules.items()}, "endings")
    folder = args.data / "frontend" / "it"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stress.txt").write_text("".join(marked + "\n" for _, marked in exceptions), encoding="utf-8")
    lines = ["# kind, ending, answer; see Training/frontend/compile_italian.py"]
    lines += [f"{kind}\t{e}\t{answer}" for kind, endings in rules.items() for e, answer in sorted(endings.items())]
    (folder / "endings.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

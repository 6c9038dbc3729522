"""Selects sentences to be spoken out of a list of one sentence a line: clean, of 5 to 25 words, no two alike, varied.

    python -m starling_training.sentences es LIST.txt OUT.txt [--count 4000]

Sentences with figures, capitals in a row, brackets, quotes or letters that the language has not are left out: what is
learned is the sound of words, and the frontend's normalization has tests of its own. Of the rest those come first that
bring the most pairs of neighbouring letters seen seldom so far.
"""

import argparse
import collections
import random
import re
import unicodedata

LETTERS = {
    "es": "áéíóúüñ",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "it": "àèéìíîòóùú",
    "pt": "áàâãçéêíóôõúü",
}
MARKS = " ,.;:!?¿¡'’-"
# What a person would rather not be asked to read.
UNWANTED = {
    "es": "mierda puta puto putas hostia coño joder cojones acojonante cabrón gilipollas polla follar caca marica tetuda culo verga",
    "fr": "merde putain con connard salope bite couille couilles cul enculé pute chier",
    "it": "merda cazzo puttana stronzo stronza coglione coglioni culo fica troia vaffanculo",
    "pt": "merda puta putas caralho porra foder cu buceta cacete viado",
}
FEWEST, MOST = 5, 25


def cleaned(line):
    """The sentence with its marks in order, or None where it is not fit to be read."""
    text = unicodedata.normalize("NFC", line.strip()).replace("’", "'").replace("…", "...")
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"([¿¡])\s+", r"\1", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = text.rstrip(" :;,-")
    if not text or "..." in text:
        return None
    return text if text[-1] in ".!?" else text + "."


def is_fit(text, language):
    allowed = set("abcdefghijklmnopqrstuvwxyz" + LETTERS[language] + MARKS)
    words = [word.strip(MARKS) for word in text.split()]
    if not FEWEST <= len(words) <= MOST or any(not word for word in words):
        return False
    if not set(text.lower()) <= allowed or not text.lstrip("¿¡")[:1].isupper():
        return False
    # A sentence that begins in small letters behind another, an acronym, a name in capitals.
    if re.search(r"[.!?] [¿¡]?[^\W\d_A-ZÁÉÍÓÚÑÀÈÇÂÊÔÃÕ]", text) or re.search(r"[A-ZÁÉÍÓÚÑÀÈÇÂÊÔÃÕ]{2}", text):
        return False
    if text.count("¿") != text.count("?") and language == "es" or text.count("¡") > text.count("!"):
        return False
    return not set(word.lower() for word in words) & set(UNWANTED[language].split())


def selected(lines, language, count, seed=1):
    """At most `count` of the lines, cleaned; the same ones every time."""
    seen, pool, openings = set(), [], collections.Counter()
    order = sorted(set(lines))
    random.Random(seed).shuffle(order)
    for line in order:
        text = cleaned(line)
        if text is None or not is_fit(text, language):
            continue
        key = re.sub(r"[^\w]", "", text.lower())
        opening = tuple(text.lower().split()[:2])
        if key in seen or openings[opening] >= 24:
            continue
        seen.add(key)
        openings[opening] += 1
        pool.append(text)
    pairs = collections.Counter()
    chosen = []
    while pool and len(chosen) < count:
        # The best of a few dozen at a time: near to the best of all, at a fraction of the work.
        batch = pool[:64]
        best = max(batch, key=lambda text: sum(1 / (1 + pairs[a + b]) for a, b in zip(text, text[1:])) / len(text))
        pool.remove(best)
        chosen.append(best)
        pairs.update(a + b for a, b in zip(best, best[1:]))
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(LETTERS))
    parser.add_argument("list")
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--without", help="a file of sentences to leave out: those held out")
    arguments = parser.parse_args()
    with open(arguments.list, encoding="utf-8") as file:
        lines = file.read().splitlines()
    if arguments.without:
        with open(arguments.without, encoding="utf-8") as file:
            lines = sorted(set(lines) - set(file.read().splitlines()))
    chosen = selected(lines, arguments.language, arguments.count)
    with open(arguments.out, "w", encoding="utf-8") as file:
        file.writelines(text + "\n" for text in chosen)
    words = [len(text.split()) for text in chosen]
    print(f"{len(chosen)} sentences of {min(words)} to {max(words)} words, {sum(words)} in all")


if __name__ == "__main__":
    main()

"""Count what tells languages apart: data/frontend/languages.tsv.

    python -m frontend.language_signs ../data/frontend/languages.tsv en=LIST.txt es=LIST.txt it=LIST.txt fr=LIST.txt

A list has one sentence a line; several are given apart by commas. Frequent words count by how often each language has them, and
other words by their letters, three at a time. A row has for each language how much less likely it makes the word or the letters than
the language that likes them best, in tenths of a natural logarithm.
"""

import collections
import math
import re
import sys

#: Beyond a–z, as `LanguageDetector` knows them.
ACCENTED = "áéíóúüñàèìòùâêîôûëïœæçÿãõ"
WORD = re.compile(rf"[a-z{ACCENTED}]+'?|[¿¡]")
#: A word is frequent when it is at least this share of a language, and the detector can hold so many letters of one.
SHARE, LONGEST = 5e-4, 10
#: What is added to every count, and how many different words and letters there are to be.
UNSEEN, WORDS, LETTERS = 0.4, 30_000, 30
#: The most that one row says.
MOST = 60
EDGE = "_"


def words(line):
    return WORD.findall(line.lower().replace("’", "'"))


def row(chances):
    """Tenths of a natural logarithm below the best."""
    best = max(chances)
    return [min(MOST, round(10 * (best - chance))) for chance in chances]


def frequent(counts):
    """Rows of words, by word."""
    totals = [sum(count.values()) for count in counts]
    known = {w for count, total in zip(counts, totals) for w, n in count.items() if n >= SHARE * total and len(w) <= LONGEST}
    return {
        word: row([math.log((count[word] + UNSEEN) / (total + UNSEEN * WORDS)) for count, total in zip(counts, totals)])
        for word in known
    }


def triples(counts):
    """Rows of three letters, by the letters: how likely the third is behind the other two. A word that is frequent counts less often."""
    tallies, contexts = [], []
    for count in counts:
        tally, context = collections.Counter(), collections.Counter()
        for word, n in count.items():
            padded = EDGE * 2 + word + EDGE
            for i in range(len(padded) - 2):
                tally[padded[i : i + 3]] += math.sqrt(n)
                context[padded[i : i + 2]] += math.sqrt(n)
        tallies.append(tally)
        contexts.append(context)
    seen = sorted(set().union(*tallies))
    return {
        letters: row([
            math.log((tally[letters] + UNSEEN) / (context[letters[:2]] + UNSEEN * LETTERS))
            for tally, context in zip(tallies, contexts)
        ])
        for letters in seen
        if not set(letters) & set("¿¡")
    }


def main(out, *lists):
    codes, counts = [], []
    for given in lists:
        code, paths = given.split("=", 1)
        count = collections.Counter()
        for path in paths.split(","):
            with open(path, encoding="utf-8-sig") as lines:
                for line in lines:
                    count.update(words(line))
        codes.append(code)
        counts.append(count)
    with open(out, "w", encoding="utf-8") as file:
        print("# word, or three letters of one (_: its edge); how much less likely in each language than in the best, in 0.1 ln; "
              "see Training/frontend/language_signs.py", file=file)
        print("languages", "", *codes, sep="\t", file=file)
        for kind, rows in (("word", frequent(counts)), ("letters", triples(counts))):
            for sign, values in sorted(rows.items()):
                if any(values):
                    print(kind, sign, *values, sep="\t", file=file)


if __name__ == "__main__":
    main(*sys.argv[1:])

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
from collections import Counter, defaultdict
from pathlib import Path

from frontend.italian_words import VOWELS, from_phonemes, label, mark, plain, stress, vowels

#: What an ending costs, in words it must put right; and what a form made here counts beside a word of the sources.
COST, MADE = 2.5, 0.3
LONGEST = 8
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


def nucleus(at: int, word: str) -> int:
    """The vowel that is stressed where the one at `at` is only a glide: quel, dietro, buon, maggior, causa."""
    def letter(place: int) -> str:
        return word[place] if 0 <= place < len(word) else ""

    if letter(at + 1) in VOWELS and letter(at + 1):
        if letter(at) == "u" and letter(at - 1) == "q":
            return at + 1
        within = at + 2 < len(word)
        if within and letter(at) == "u" and (letter(at + 1) == "o" or letter(at - 1) == "g"):
            return at + 1
        if within and letter(at) == "i" and (letter(at + 1) == "e" or letter(at - 1) in ("c", "g")):
            return at + 1
    elif letter(at) == "u" and letter(at - 1) in ("a", "e") and letter(at + 1):
        return at - 1
    return at


def own(name: str) -> list[str]:
    lines = (OWN / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def with_ending(stem: str, ending: str) -> str:
    """Stem and ending as they are spelled together: càric + i, màngi + i, càmbi + i."""
    soft = ending[0] in "ieéèì"
    if soft and stem[-1] in "cg":
        return stem + "h" + ending
    if soft and stem[-1] == "i" and (ending[0] in "iì" or stem[-2] in "cg" and ending[0] in "eéè"):
        return stem[:-1] + ending
    return stem + ending


def are(stem: str, weak: str) -> list[str]:
    """The forms of a verb in -are: `stem` with its mark (or without, where only the unstressed forms are known), `weak` without."""
    forms = [stem + e for e in ("o", "a", "ano")] + [with_ending(stem, e) for e in ("i", "ino")] if stress(stem) else []
    endings = (
        "àre àvo àvi àva avàmo avàte àvano ài àsti àmmo àste àrono àssi àsse àssimo àssero àndo àto àta àti àte ànte ànti "
        "àr àrlo àrla àrli àrle àrmi àrti àrsi àrci àrvi àrne àndolo àndola àndoli àndole àndosi àndomi àndoci àrsene àrgli "
        "àrmene àrtene àrcene àrvene àrglielo àrgliela àrmelo àrtelo àrselo àrcelo àtosi àtasi àtisi àtesi àtolo àtala"
    ).split()
    soft = "iàmo eró eréte erémo erài erànno erèi erésti erèbbe erémmo eréste erèbbero iàte".split()
    return forms + [weak + e for e in endings] + [with_ending(weak, e) for e in soft]


def ere(stem: str, weak: str) -> list[str]:
    """The forms of a verb in -ere."""
    clitics = ("er", "erlo", "erla", "erli", "erle", "ermi", "erti", "ersi", "erci", "ervi", "erne", "ergli")
    forms = [stem + e for e in ("o", "e", "ono", "a", "ano", "i", *clitics)] if stress(stem) else []
    endings = (
        "iàmo éte évo évi éva evàmo evàte évano éssi ésse éssimo éssero èndo éi ésti émmo éste érono èndolo èndola èndosi "
        "erài erànno erémo eréte erèi erésti erèbbe erèbbero"
    ).split()
    return forms + [weak + e for e in endings]


def ire(weak: str) -> list[str]:
    """The forms of a verb in -ire that are stressed on the ending."""
    endings = (
        "ìre ìvo ìvi ìva ivàmo ivàte ìvano ìi ìsti ìmmo ìste ìrono ìssi ìsse ìssimo ìssero èndo ìto ìta ìti ìte ìsco ìsci ìsce "
        "ìscono ìsca ìscano iàmo irài irànno irémo iréte irèi irésti irèbbe irèbbero ìr ìrlo ìrla ìrli ìrsi ìrmi ìrgli ìtosi ìtasi ìtisi"
    ).split()
    return [weak + e for e in endings]


def inflected(word: str) -> list[str]:
    """Plurals and the other gender of a noun or adjective, the mark kept."""
    stem, last = word[:-1], word[-1]
    if plain(last) not in VOWELS or last != plain(last) or label(word) == 1:
        return []
    plural = with_ending(stem, "i") if last != "e" else stem + "i"
    if last == "o":
        forms = [plural, stem + "a", with_ending(stem, "e")]
        if stem[-1] in "cg" and (label(word) or 0) >= 3:
            forms[0] = stem + "i"
        return forms if stem[-1] != "i" else [stem]
    if last == "a":
        return [with_ending(stem, "e")] + ([plural] if word.endswith("ìsta") else [])
    return [plural] if last == "e" else []


def decided(examples: list[tuple[str, str, float]], cost: float) -> dict[str, str]:
    """The endings that say what most words have, at the least cost of endings and of words that they get wrong.

    `examples` are word, answer, weight.
    """
    children: dict[str, set[str]] = defaultdict(set)
    here: dict[str, Counter] = defaultdict(Counter)
    answers = sorted({answer for _, answer, _ in examples})
    for word, answer, weight in examples:
        end = min(len(word), LONGEST)
        here[word[-end:]][answer] += weight
        for length in range(1, end + 1):
            children[word[-length + 1 :] if length > 1 else ""].add(word[-length:])
    best: dict[str, dict[str | None, tuple[float, str | None]]] = {}

    def visit(node: str) -> None:
        for child in children.get(node, ()):
            visit(child)
        costs = {}
        for answer in answers:
            wrong = sum(weight for other, weight in here[node].items() if other != answer)
            costs[answer] = wrong + sum(best[child][answer][0] for child in children.get(node, ()))
        cheapest = min(answers, key=lambda a: costs[a])
        best[node] = {
            a: (costs[a], None) if costs[a] <= costs[cheapest] + cost else (costs[cheapest] + cost, cheapest)
            for a in answers
        }

    visit("")
    rules: dict[str, str] = {}

    def collect(node: str, inherited: str) -> None:
        chosen = best[node][inherited][1]
        if chosen is not None:
            rules[node], inherited = chosen, chosen
        for child in children.get(node, ()):
            collect(child, inherited)

    root = min(answers, key=lambda a: best[""][a][0])
    rules[""] = root
    for child in children[""]:
        collect(child, root)
    return rules


def longest(rules: dict[str, str], word: str) -> str:
    """What the longest ending of the word in the list says."""
    return next(rules[word[at:]] for at in range(max(0, len(word) - LONGEST), len(word) + 1) if word[at:] in rules)


def with_voice(word: str, marked: str) -> str:
    """The plain word with the voiced z of a marked one; those that the rule voices are voiced."""
    z = voiced(word) | {at for at, letter in enumerate(marked[: len(word)]) if letter == "ż"}
    return "".join("ż" if at in z else letter for at, letter in enumerate(word))


def voiced(word: str) -> set[int]:
    """Which z are voiced by rule: the first of a word, and those of -izzare and its forms; `word` is plain."""
    places = {0} if word.startswith("z") else set()
    at = word.find("izz")
    if at > 0 and any(word.startswith("izz" + e, at) for e in ("a", "e", "i", "o", "ò", "à")) and len(word) > 6:
        places |= {at + 1, at + 2}
    return places


def with_voice_kept(marked: str) -> str:
    """The marked word, with the z voiced that the rule voices."""
    z = voiced(plain(marked))
    return "".join("ż" if at in z else letter for at, letter in enumerate(marked))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data"))
    args = parser.parse_args()
    words = known(args.lexicon)
    print(len(words), "words of gruut-lang-it")
    certain = {plain(w): w for w in (w.lower() for w in own("words.txt")) if stress(w)}
    base = {**words, **certain}
    made: dict[str, str] = {}
    verbs = {}
    for first in own("verbs.txt"):
        verbs[plain(first)[:-1] + "are"] = first[:-1]
    infinitives = {w for w in base if w.endswith("are") and label(base[w]) == 2} | set(verbs)
    for infinitive in sorted(infinitives):
        weak = with_voice(infinitive, base.get(infinitive, infinitive))[:-3]
        strong = verbs.get(infinitive)
        if strong is None and infinitive.endswith("ificare"):
            strong = weak[:-3] + mark(weak[-3:], 0, None)
        if strong is None:
            at = [i for i in vowels(weak) if not (i == len(weak) - 1 and weak[i] == "i")]
            noun = base.get(plain(weak) + "o") or base.get(plain(weak) + "a")
            if noun and label(noun) == (2 if not weak.endswith("i") else 3):
                strong = noun[:-1]
            elif at and weak[nucleus(at[-1], plain(weak))] not in "eo":
                strong = mark(weak, nucleus(at[-1], plain(weak)), None)
        for form in are(strong or weak, weak):
            made.setdefault(plain(form), form)
    for word, marked in base.items():
        if word.endswith("ere") and (label(marked) or 0) == 3:
            for form in ere(marked[:-3], word[:-3]):
                made.setdefault(plain(form), form)
        elif word.endswith("ere") and label(marked) == 2:
            for form in [word[:-3] + e for e in "ér érlo érla érli érle érmi érti érsi érci érvi érne érgli".split()] + ere(word[:-3], word[:-3]):
                made.setdefault(plain(form), form)
        elif word.endswith("ire") and label(marked) == 2:
            for form in ire(word[:-3]):
                made.setdefault(plain(form), form)
    for word, marked in list(base.items()):
        # Forms of verbs have no plural.
        is_verb = word in certain or (label(marked) or 0) > 2 and word.endswith(("ano", "ono", "ero"))
        for form in [] if is_verb else inflected(marked):
            made.setdefault(plain(form), form)
    # A form that ends in a stressed vowel is written with its accent.
    everything = {**made, **base}
    everything = {w: with_voice_kept(m) for w, m in everything.items() if label(m) and not (label(m) == 1 and w[-1] in VOWELS and len(vowels(w)) > 1)}
    print(len(everything), "words with their forms")
    trained = [(w, str(label(m)), 1.0 if w in base else MADE) for w, m in everything.items() if len(vowels(w)) > 1]
    stress_rules = decided(trained, COST)
    sounds: dict[str, list[tuple[str, str, float]]] = {"e": [], "o": []}
    for word, marked in everything.items():
        at, is_open = stress(marked)
        if is_open is not None:
            sounds[word[at]].append((word, "open" if is_open else "closed", 1.0 if word in base else MADE))
    quality = {vowel: decided(examples, COST) for vowel, examples in sounds.items()}

    def by_rule(word: str) -> str:
        places = vowels(word)
        if not places:
            return word
        count = min(int(longest(stress_rules, word)), len(places)) if len(places) > 1 else 1
        at = nucleus(places[-count], word)
        is_open = longest(quality[word[at]], word) == "open" if word[at] in "eo" else None
        z = voiced(word)
        letters = "".join("ż" if i in z else c for i, c in enumerate(word))
        return mark(letters, at, is_open)

    exceptions = sorted((w, m) for w, m in everything.items() if by_rule(w) != m)
    print(len(exceptions), "exceptions,", len(stress_rules), {v: len(q) for v, q in quality.items()}, "endings")
    folder = args.data / "frontend" / "it"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stress.txt").write_text("".join(m + "\n" for _, m in exceptions), encoding="utf-8")
    rows = ["# kind, ending, answer; see Training/frontend/compile_italian.py"]
    rows += [f"stress\t{e}\t{a}" for e, a in sorted(stress_rules.items())]
    rows += [f"{v}\t{e}\t{a}" for v, q in quality.items() for e, a in sorted(q.items())]
    (folder / "endings.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

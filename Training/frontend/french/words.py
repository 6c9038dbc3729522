"""The French words: gruut's lexicon (gruut-lang-fr 2.0.2, MIT, its own lexicon and not the espeak folder) in the teacher's conventions.

`pip download --no-deps gruut-lang-fr==2.0.2`, unpack it, and pass its lexicon.db.

What is changed, so that words sound as the teacher learned them:
  schwa      dropped behind a single consonant, kept in the first syllable and behind two ("maintenant" mɛ̃tnɑ̃, "gouvernement" ɡuvɛʁnəmɑ̃)
  ɥ          y (nyi, lyi); ŋɡ at the end ŋ; ij behind a consonant with l or r is i before a vowel (uvʁie)
  doubles    one consonant for a double letter
  openness   o, ø in open syllables before the last, but ɔ before a double letter (pʁodyi, kɔmɑ̃); ɛ in a closed last one (pʁomɛs)
  length     a final closed syllable written with â, ô, û or eû is long (kot: "cote", koːt: "côte")
  stress     before the last vowel
Of several pronunciations the one with a first schwa, and with ɛ for ai, ei, ê, è, is taken.
"""

import re
import sqlite3
from pathlib import Path

from frontend import alignment

LETTERS = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæ'"
WORD = re.compile("[a-zàâäçéèêëîïôöùûüÿœæ]+$")
#: Words whose first e is é though nothing says so.
CLOSED = {"revolver", "revolvers", "requiem", "referendum", "referendums"}
NASAL = "\u0303"
VOWELS = "aeiouyøœəɛɔɑ"
CONSONANTS = "bdfjklmnpstvwzŋɡɲʁʃʒ"
#: Words whose letters say their pronunciation this badly are abbreviations read out, or mistakes.
UNLIKELY = 2.3


def sources(path: Path) -> dict[str, list[str]]:
    """word → its pronunciations in gruut's order, without blanks."""
    words: dict[str, list[str]] = {}
    query = "select word, phonemes from word_phonemes order by word, pron_order"
    for word, phonemes in sqlite3.connect(path).execute(query):
        if WORD.match(word) and "SIL" not in phonemes:
            words.setdefault(word, []).append(phonemes.replace(" ", ""))
    return words


def units(phonemes: str) -> list[str]:
    """Vowels with their nasal mark, consonants, length marks with what they lengthen."""
    return re.findall(f".[{NASAL}ː]*", phonemes)


def is_vowel(unit: str) -> bool:
    return unit[0] in VOWELS


def without_schwas(phonemes: str) -> str:
    """Drops each schwa of the second or a later syllable that stands behind one consonant and before one (not j behind l or r)."""
    sounds = units(phonemes)
    result: list[str] = []
    for i, sound in enumerate(sounds):
        if sound == "ə" and any(map(is_vowel, result)):
            behind = len(result) > 1 and not is_vowel(result[-1]) and is_vowel(result[-2])
            rest = sounds[i + 1 :]
            before = not rest or len(rest) > 1 and is_vowel(rest[1]) or len(rest) > 1 and rest[0] in "tdkpbɡsfv" and rest[1] in "ʁlj"
            if behind and before or not rest:
                continue
        result.append(sound)
    return "".join(result)


#: Letters that stand for o or ɔ.
ROUND = re.compile("eau|au|ô|o(?![uûùiîy]|[nm](?![nmaeiouyéèêâh]))(?:([a-z])\\1)?")


def opened(word: str, phonemes: str) -> str:
    """ɔ and œ of open syllables before the last become o and ø; e of a closed last syllable becomes ɛ."""
    sounds = units(phonemes)
    rounded = [i for i, sound in enumerate(sounds) if sound in ("o", "ɔ", "ɔː", "oː")]
    letters = list(ROUND.finditer(word))
    doubled = {i for i, found in zip(rounded, letters) if found.group(1)} if len(rounded) == len(letters) else set()
    vowels = [i for i, sound in enumerate(sounds) if is_vowel(sound)]
    for here, following in zip(vowels, vowels[1:]):
        between = "".join(sounds[here + 1 : following])
        onset = len(between) < 2 or re.fullmatch("[bdfkptvɡ][ʁl]|.[jw]|[bdfkptvɡ][ʁl][jw]", between)
        if here in doubled:
            sounds[here] = "ɔ"
        elif onset and sounds[here] in ("ɔ", "œ"):
            sounds[here] = "o" if sounds[here] == "ɔ" else "ø"
    if vowels and vowels[-1] < len(sounds) - 1 and sounds[vowels[-1]] == "e":
        sounds[vowels[-1]] = "ɛ"
    return "".join(sounds)


def conventional(word: str, phonemes: str) -> str:
    """One pronunciation in the teacher's conventions, without stress."""
    for letter in "lmnptfbd":
        # A double letter is one sound: immense, intelligent; not where a schwa was between two, as in netteté.
        if 2 * letter in word and f"{letter}e{letter}" not in word:
            phonemes = phonemes.replace(2 * letter, letter)
    phonemes = without_schwas(phonemes.replace("ɥ", "y"))
    phonemes = re.sub("ŋɡ$", "ŋ", phonemes)
    phonemes = opened(word, phonemes)
    phonemes = re.sub(f"([bdfkptvɡ][lʁ])ij(?=[{VOWELS}])", r"\1i", phonemes)
    phonemes = re.sub("^([^aeiou])əe", r"\1e", phonemes) if re.match("[^aeiou]é", word) else phonemes
    if re.match("re(?:[bcdfghjklmnpqtv]|ch|[bcdfgpt][lr])[aeiouyéèêâîôû]", word) and word not in CLOSED:
        phonemes = re.sub("^ʁe(?=[^aeiou])", "ʁə", phonemes)
    long = re.search("(â|(?<!o)û|ô)[bcdfglmnpqrstv]+h?e?s?$", word)
    if long and word[-1] != "t" or word.endswith(("âtre", "âtres", "âcre")):
        phonemes = re.sub(r"([aoyø])([bdfklmnpstvzɡɲʁʃʒ]+)$", r"\1ː\2", phonemes)
    return phonemes


def chosen(word: str, pronunciations: list[str]) -> str:
    """The pronunciation to say, without stress."""
    def rank(index: int) -> tuple:
        sound = pronunciations[index]
        first = units(sound)
        schwa = "ə" in first[:3] if re.match("[^aeiouéèêâàîôûy]+e[^aeiouy]", word) else False
        spelled_open = re.search("ai|ei|ê|è|e([lrstn])\\1|e[rlsct][^aeiouy]", word) is not None
        return (not schwa, -sound.count("ɛ") if spelled_open else 0, index)

    best = min(range(len(pronunciations)), key=rank)
    return conventional(word, pronunciations[best])


def stressed(phonemes: str) -> str:
    """The stress mark before the last vowel that is no schwa."""
    sounds = units(phonemes)
    vowels = [i for i, sound in enumerate(sounds) if is_vowel(sound)]
    full = [i for i in vowels if sounds[i] != "ə"] or vowels
    if full:
        sounds.insert(full[-1], "ˈ")
    return "".join(sounds)


def load(path: Path) -> dict[str, str]:
    """word → phonemes with stress, of all words whose letters may well say them."""
    words = {word: chosen(word, pronunciations) for word, pronunciations in sources(path).items()}
    cost = alignment.train([(word, phonemes) for word, phonemes in words.items() if len(word) < 13])
    return {
        word: stressed(phonemes)
        for word, phonemes in words.items()
        if len(word) <= 28 and alignment.cost_of(word, phonemes, cost) < UNLIKELY
    }

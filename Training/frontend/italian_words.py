"""Italian spelling with a dictionary's marks: stress and quality on the vowel (àncora, pésca, pèsca), ż for voiced z.

A mark says what the letters leave open. `from_phonemes` finds the marks of a word that is spelled and transcribed.
"""

import unicodedata

VOWELS = "aeiou"
GRAVE, ACUTE = "\u0300", "\u0301"


def plain(word: str) -> str:
    """The word without marks."""
    word = word.replace("ż", "z")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def mark(word: str, at: int, is_open: bool | None) -> str:
    """The word with a mark on the vowel at `at`; e and o take an acute where they are closed."""
    closed = word[at] in "eo" and not is_open
    return word[:at] + unicodedata.normalize("NFC", word[at] + (ACUTE if closed else GRAVE)) + word[at + 1 :]


def stress(word: str) -> tuple[int, bool | None] | None:
    """The place of the marked vowel, and whether it is open; None for other vowels than e and o."""
    for at, letter in enumerate(word):
        parts = unicodedata.normalize("NFD", letter)
        if len(parts) == 2 and parts[0] in VOWELS:
            return at, (parts[1] == GRAVE) if parts[0] in "eo" else None
    return None


def vowels(word: str) -> list[int]:
    return [at for at, letter in enumerate(plain(word)) if letter in VOWELS]


def label(word: str) -> int | None:
    """Which vowel letter from the end is stressed, from 1."""
    found = stress(word)
    return None if found is None else sum(at >= found[0] for at in vowels(word))


def nucleus(at: int, word: str) -> int:
    """The vowel that is stressed where the one at `at` is only a glide: quel, dietro, buon, maggior, causa."""

    def letter(place: int) -> str:
        return word[place] if 0 <= place < len(word) else ""

    if letter(at + 1) and letter(at + 1) in VOWELS:
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


def voiced(word: str) -> set[int]:
    """Which z are voiced by rule: the first of a word, and those of -izzare and its forms; `word` is plain."""
    places = {0} if word.startswith("z") else set()
    at = word.find("izz")
    if at > 0 and any(word.startswith("izz" + e, at) for e in ("a", "e", "i", "o", "ò", "à")) and len(word) > 6:
        places |= {at + 1, at + 2}
    return places


def with_voice(word: str) -> str:
    """The word, marked or not, with those z voiced that the rule voices."""
    z = voiced(plain(word))
    return "".join("ż" if at in z else letter for at, letter in enumerate(word))


#: What letters sound as, longest first: (letters, phonemes).
SOUNDS = [
    ("sci", "ʃ"), ("sci", "ʃi"), ("sci", "ʃj"), ("sc", "ʃ"), ("sc", "ʃʃ"), ("sci", "ʃʃ"), ("sci", "ʃʃi"), ("sc", "sk"), ("sch", "sk"), ("cch", "kk"), ("ggh", "ɡɡ"),
    ("cci", "ttʃ"), ("cci", "ttʃi"), ("cc", "ttʃ"), ("cc", "kk"), ("cq", "kk"), ("ggi", "ddʒ"), ("ggi", "ddʒi"),
    ("gg", "ddʒ"), ("gg", "ɡɡ"), ("gli", "ʎʎ"), ("gli", "ʎ"), ("gli", "ʎʎi"), ("gli", "ʎi"), ("gli", "ɡli"), ("gl", "ɡl"),
    ("gn", "ɲɲ"), ("gn", "ɲ"), ("gn", "ɡn"), ("gni", "ɲɲ"), ("gni", "ɲ"), ("zz", "ttS"), ("zz", "ddZ"), ("zz", "tS"), ("zz", "dZ"),
    ("ch", "k"), ("gh", "ɡ"), ("ci", "tʃ"), ("ci", "tʃi"), ("ci", "tʃj"), ("gi", "dʒ"), ("gi", "dʒi"), ("gi", "dʒj"),
    ("c", "tʃ"), ("c", "k"), ("g", "dʒ"), ("g", "ɡ"), ("z", "tS"), ("z", "ttS"), ("z", "dZ"), ("z", "ddZ"), ("q", "k"),
    ("qu", "kw"), ("x", "ks"), ("h", ""), ("s", "s"), ("s", "z"), ("n", "n"), ("n", "ŋ"), ("n", "ɱ"), ("m", "m"), ("m", "ɱ"),
    ("i", "i"), ("i", "j"), ("i", ""), ("u", "u"), ("u", "w"), ("e", "e"), ("e", "ɛ"), ("o", "o"), ("o", "ɔ"), ("a", "a"),
    ("k", "k"), ("w", "v"), ("w", "w"), ("y", "i"), ("y", "j"), ("j", "j"), ("j", "dʒ"),
] + [(letter, letter) for letter in "bdflmprtv"]  # fmt: skip


def from_phonemes(word: str, phonemes: str) -> str | None:
    """The word with the marks that its transcription (IPA, blanks between phonemes, ˈ before the stressed syllable) tells; None where they
    do not fit each other."""
    sounds, stressed, waiting = "", None, False
    for phoneme in phonemes.replace("ˌ", "").replace("\u0361", "").split():
        if phoneme[0] == "ˈ":
            if stressed is not None:
                return None
            waiting, phoneme = True, phoneme[1:]
        phoneme = {"ts": "tS", "dz": "dZ"}.get(phoneme, phoneme)
        if waiting and phoneme in ("a", "e", "i", "o", "u", "ɛ", "ɔ"):
            stressed, waiting = len(sounds), False
        sounds += phoneme
    if stressed is None:
        vowels_in = [at for at, sound in enumerate(sounds) if sound in "aeiouɛɔ"]
        if len(vowels_in) != 1:
            return None
        stressed = vowels_in[0]
    dead: set[tuple[int, int]] = set()

    def align(at: int, heard: int) -> list[tuple[int, str, int, str]] | None:
        if at == len(word):
            return [] if heard == len(sounds) else None
        if (at, heard) in dead:
            return None
        for letters, sound in SOUNDS:
            if word.startswith(letters, at) and sounds.startswith(sound, heard):
                rest = align(at + len(letters), heard + len(sound))
                if rest is not None:
                    return [(at, letters, heard, sound)] + rest
        dead.add((at, heard))
        return None

    steps = align(0, 0)
    if steps is None:
        return None
    result, place, is_open = list(word), None, None
    for at, letters, heard, sound in steps:
        if heard <= stressed < heard + len(sound):
            place = at + next((i for i, c in enumerate(letters) if c in VOWELS), 0)
            is_open = sounds[stressed] in "ɛɔ" if word[place] in "eo" else None
            if word[place] not in VOWELS:
                return None
        if "Z" in sound:
            for i in range(at, at + len(letters)):
                result[i] = "ż"
    if place is None:
        return None
    marked = "".join(result)
    return mark(marked, place, is_open)

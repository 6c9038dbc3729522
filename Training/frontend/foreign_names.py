"""How English speakers say names of other languages, by the rules of each spelling: phonemes in misaki's American symbols.

    >>> say("Zhengzhou", "zh"), say("Kanazawa", "ja"), say("León", "es"), say("Wrocław", "pl")

A language is a list of replacements, tried from the left at every letter, the first that fits wins. A replacement's phonemes
stand apart by blanks, and those in VOWELS make syllables. Then the stress is set where the language has it, and what is
unstressed is weakened as English does.
"""

import re
import unicodedata

VOWELS = set("A I O W Y i u ɑ ɛ ɪ ʊ ʌ ə ɔ æ ɜɹ əɹ".split())

COMMON = [("ph", "f"), ("sh", "ʃ"), ("b", "b"), ("d", "d"), ("f", "f"), ("g", "ɡ"), ("h", "h"), ("j", "j"), ("k", "k"),
          ("l", "l"), ("m", "m"), ("n", "n"), ("p", "p"), ("q", "k"), ("r", "ɹ"), ("s", "s"), ("t", "t"), ("v", "v"),
          ("w", "w"), ("x", "k s"), ("y", "j"), ("z", "z")]
SIMPLE = [("ai", "I"), ("ay(?![aeiou])", "I"), ("ei", "A"), ("ey(?![aeiou])", "A"), ("oi", "Y"), ("oy(?![aeiou])", "Y"),
          ("au", "W"), ("a", "ɑ"), ("e", "ɛ"), ("i", "i"), ("o", "O"), ("u", "u")]
RULES = {
    "es": [("ch", "ʧ"), ("ll", "j"), ("ñ", "n j"), ("qu(?=[eiéí])", "k"), ("gu(?=[eiéí])", "ɡ"), ("gü", "ɡ w"),
           ("c(?=[eiéí])", "s"), ("g(?=[eiéí])", "h"), ("rr", "ɹ"), ("cc", "k s"), ("c", "k"), ("h", ""), ("j", "h"), ("z", "s"),
           ("y$", "i"), ("x(?=[^aeiou]|$)", "k s"), ("u(?=[aeoáéó])", "w"), ("i(?=[aeouáéóú])", "j"), ("ú", "'u"), ("í", "'i"),
           ("ái|áy", "'I"), ("éi", "'A"), ("ói", "'Y"), ("á", "'ɑ"), ("é", "'ɛ"), ("ó", "'O"), ("ü", "w"), *SIMPLE],
    "pt": [("lh", "l j"), ("nh", "n j"), ("ch", "ʃ"), ("ç", "s"), ("qu(?=[eiéí])", "k"), ("gu(?=[eiéí])", "ɡ"),
           ("c(?=[eiéíê])", "s"), ("g(?=[eiéí])", "ʒ"), ("j", "ʒ"), ("rr", "ɹ"), ("ss", "s"), ("c", "k"), ("h", ""), ("x", "ʃ"),
           ("ões$", "'Y n s"), ("ão", "'W n"), ("ã", "'ɑ n"), ("á|â|à", "'ɑ"), ("é", "'ɛ"), ("ê", "'A"), ("í", "'i"), ("ó|ô", "'O"),
           ("ú", "'u"), ("m$", "n"), ("u(?=[ao])", "w"), *SIMPLE],
    "it": [("sci(?=[aou])", "ʃ"), ("sc(?=[ei])", "ʃ"), ("gli(?=[aou])", "l j"), ("gn", "n j"), ("ch", "k"), ("gh", "ɡ"),
           ("cci(?=[aou])|ci(?=[aou])", "ʧ"), ("cc(?=[ei])|c(?=[ei])", "ʧ"), ("ggi(?=[aou])|gi(?=[aou])", "ʤ"),
           ("gg(?=[ei])|g(?=[ei])", "ʤ"), ("zz", "t s"), ("z", "t s"), ("qu", "k w"), ("c", "k"), ("h", ""),
           ("(?<=[aeiou])s(?=[aeiou])", "z"), ("u(?=[aeo])", "w"), ("i(?=[aeo])", "j"), ("à", "'ɑ"), ("è|é", "'A"), ("ì", "'i"),
           ("ò", "'O"), ("ù", "'u"), *SIMPLE],
    "pl": [("szcz", "ʃ ʧ"), ("ch", "h"), ("sz", "ʃ"), ("cz", "ʧ"), ("rz|ż", "ʒ"), ("dź|dż|dzi(?=[aeouąęó])", "ʤ"), ("dz", "d z"),
           ("ci(?=[aeouąęó])|ć", "ʧ"), ("si(?=[aeouąęó])|ś", "ʃ"), ("zi(?=[aeouąęó])|ź", "ʒ"), ("ni(?=[aeouąęó])", "n j"),
           ("ń", "n"), ("ł", "w"), ("w$", "f"), ("w", "v"), ("c", "t s"), ("ą", "ɔ n"), ("ę", "ɛ n"), ("ó", "u"), ("y", "ɪ"),
           ("i(?=[aeouó])", "j"), ("g$", "k"), ("d$", "t"), ("z$", "s"), ("o", "ɔ"), *SIMPLE],
    "ja": [("ch", "ʧ"), ("ts", "t s"), ("j", "ʤ"), ("ō|ou|oo|ô", "O"), ("ū|uu", "u"), ("c", "k"), ("(?<=[^aeiou])y", "j"), *SIMPLE],
    "tr": [("c", "ʤ"), ("ç", "ʧ"), ("ş", "ʃ"), ("ğ", ""), ("ı", "ə"), ("j", "ʒ"), ("ö", "ɜɹ"), ("ü", "u"), ("â", "ɑ"), ("î", "i"), *SIMPLE],
    "id": [("ngg", "ŋ ɡ"), ("ng", "ŋ"), ("ny", "n j"), ("sy", "ʃ"), ("kh", "k"), ("c", "ʧ"), ("j", "ʤ"), *SIMPLE],
    "de": [("sch", "ʃ"), ("tsch", "ʧ"), ("ch(?=s)", "k"), ("ch", "k"), ("^st", "ʃ t"), ("^sp", "ʃ p"), ("tz|ts", "t s"), ("ß", "s"),
           ("z", "t s"), ("ck", "k"), ("th|dt", "t"), ("qu", "k v"), ("pf", "p f"), ("ng", "ŋ"), ("w", "v"), ("v", "f"), ("d$", "t"),
           ("g$", "k"), ("b$", "p"), ("s(?=[aeiouäöü])", "z"), ("eih|ei|ai|ay", "I"), ("ieh|ie", "i"), ("eu|äu", "Y"), ("au", "W"),
           ("(?<=[aeiouäöü])h", ""), ("er$", "əɹ"), ("en$", "ə n"), ("el$", "ə l"), ("e$", "ə"), ("ä|ae", "ɛ"), ("ö|oe", "ɜɹ"),
           ("ü|ue", "u"), ("c", "k"), ("y", "i"), ("a", "ɑ"), ("ee|eh", "A"), ("e", "ɛ"), ("i", "ɪ"), ("oo|oh", "O"), ("o", "O"), ("u", "ʊ")],
}
#: Where the stress is: counted from the last syllable, or the first.
STRESS = {"es": 2, "pt": 2, "it": 2, "pl": 2, "ja": 2, "tr": 2, "id": 2, "de": 0}

PINYIN_FINALS = {
    "a": "ɑ", "o": "O", "e": "ə", "i": "i", "u": "u", "ü": "u", "ai": "I", "ei": "A", "ui": "w A", "ao": "W", "ou": "O", "iu": "j O",
    "ie": "j ɛ", "üe": "w ɛ", "ue": "w ɛ", "er": "ɜɹ", "an": "ɑ n", "en": "ə n", "in": "i n", "un": "ʊ n", "ün": "u n", "ang": "ɑ ŋ",
    "eng": "ə ŋ", "ing": "i ŋ", "ong": "ʊ ŋ", "ia": "j ɑ", "iao": "j W", "ian": "j ɛ n", "iang": "j ɑ ŋ", "iong": "j ʊ ŋ", "ua": "w ɑ",
    "uo": "w O", "uai": "w I", "uan": "w ɑ n", "uang": "w ɑ ŋ", "üan": "w ɑ n"}
PINYIN_INITIALS = {
    "b": "b", "p": "p", "m": "m", "f": "f", "d": "d", "t": "t", "n": "n", "l": "l", "g": "ɡ", "k": "k", "h": "h", "j": "ʤ", "q": "ʧ",
    "x": "ʃ", "zh": "ʤ", "ch": "ʧ", "sh": "ʃ", "r": "ɹ", "z": "z", "c": "t s", "s": "s", "y": "j", "w": "w", "": ""}


def pinyin_syllable(text: str) -> list[str] | None:
    match = re.fullmatch(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.+)", text)
    initial, final = match.groups() if match else ("", "")
    if final not in PINYIN_FINALS:
        return None
    if initial in ("zh", "ch", "sh", "r") and final == "i":
        sound = [PINYIN_INITIALS[initial], "ɜɹ"]
    elif initial in ("z", "c", "s") and final == "i":
        sound = PINYIN_INITIALS[initial].split() + ["ə"]
    elif initial == "y":
        sound = {"i": ["i"], "in": ["i", "n"], "ing": ["i", "ŋ"], "u": ["j", "u"], "e": ["j", "ɛ"], "an": ["j", "ɛ", "n"]}.get(
            final, ["j"] + PINYIN_FINALS[final].split())
    elif initial == "w":
        sound = ["u"] if final == "u" else ["w"] + PINYIN_FINALS[final].split()
    else:
        sound = PINYIN_INITIALS[initial].split() + PINYIN_FINALS[final].split()
    return [s for k, s in enumerate(sound) if not (k and s == sound[k - 1])]


def pinyin(text: str) -> list[list[str]] | None:
    """Syllables of a name, the fewest that make it up."""
    best: list[list[list[str]] | None] = [[]] + [None] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 6), end):
            if best[start] is not None and (sound := pinyin_syllable(text[start:end])):
                if best[end] is None or len(best[start]) + 1 < len(best[end]):
                    best[end] = best[start] + [sound]
    return best[-1]


def stressed(sounds: list[str], primary: int) -> str:
    """Joins sounds: the vowel number `primary` is stressed, a distant one before it half, and others are weakened."""
    vowels = [k for k, s in enumerate(sounds) if s in VOWELS]
    secondary = 0 if primary > 1 else None
    result = []
    for k, sound in enumerate(sounds):
        if sound not in VOWELS:
            if not result or result[-1] != sound or sound in ("ʧ", "ʤ"):
                result.append(sound)
            continue
        number = vowels.index(k)
        is_open = k + 1 == len(sounds) or k + 2 < len(sounds) and sounds[k + 2] in VOWELS
        if number == primary:
            result.append("ˈ" + ("A" if sound == "ɛ" and is_open else sound))
        elif number == secondary:
            result.append("ˌ" + sound)
        elif sound == "ɑ":
            result.append("ə")
        elif sound == "ɛ" and k + 1 == len(sounds):
            result.append("A")
        else:
            result.append(sound)
    return "".join(result)


def say(name: str, language: str) -> str | None:
    """The phonemes of one word of a name, None where the rules do not know its letters."""
    text = unicodedata.normalize("NFC", name.lower())
    if language == "zh":
        # Tones are silent, an apostrophe begins a syllable: Xī'ān.
        plain = "".join(c for c in unicodedata.normalize("NFD", text.replace("ü", "v")) if not unicodedata.combining(c))
        parts = [pinyin(part.replace("v", "ü")) for part in re.split("['’]", plain)]
        if not all(parts):
            return None
        syllables = [syllable for part in parts for syllable in part]
        *first, last = ("".join(("ˈ" if k == len(syllables) - 1 else "ˌ" if k == 0 else "") + s if s in VOWELS and
                                not any(v in VOWELS for v in syllable[:i]) else s for i, s in enumerate(syllable))
                        for k, syllable in enumerate(syllables))
        return "".join(first) + last
    sounds, at, accent = [], 0, None
    rules = [(re.compile(a), b) for a, b in RULES[language] + COMMON]
    while at < len(text):
        for pattern, sound in rules:
            # A lookbehind sees the letters before; ^ only the first.
            if match := pattern.match(text, at):
                if pattern.pattern.startswith("^") and at:
                    continue
                break
        else:
            return None
        for part in sound.split():
            if part[0] == "'":
                part = part[1:]
                accent = sum(s in VOWELS for s in sounds)
            sounds.append(part)
        at = match.end()
    count = sum(s in VOWELS for s in sounds)
    if not count or len(sounds) < 2:
        return None
    place = STRESS[language]
    primary = 0 if place == 0 else max(0, count - place)
    if accent is not None:
        primary = accent
    elif language == "es" and text[-1] not in "aeiouns" or language == "pt" and text[-1] in "iurlzã" or language == "pt" and text.endswith(("im", "um")):
        primary = count - 1
    return stressed(sounds, primary)

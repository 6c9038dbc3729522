"""Inflected forms of marked Italian words: verbs by their infinitive, nouns and adjectives by their singular."""

from frontend.italian_words import VOWELS, label, plain, stress


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
    forms = []
    if stress(stem):
        forms = [stem + e for e in ("o", "a", "ano")]
        forms += [with_ending(stem, e) for e in ("i", "ino")]
    endings = (
        "àre àvo àvi àva avàmo avàte àvano ài àsti àmmo àste àrono àssi àsse àssimo àssero àndo àto àta àti àte ànte ànti "
        "àr àrlo àrla àrli àrle àrmi àrti àrsi àrci àrvi àrne àndolo àndola àndoli àndole àndosi àndomi àndoci àrsene àrgli "
        "àrmene àrtene àrcene àrvene àrglielo àrgliela àrmelo àrtelo àrselo àrcelo àtosi àtasi àtisi àtesi àtolo àtala"
    ).split()
    soft = "iàmo eró eréte erémo erài erànno erèi erésti erèbbe erémmo eréste erèbbero iàte".split()
    return forms + [weak + e for e in endings] + [with_ending(weak, e) for e in soft]


def ere(stem: str, weak: str) -> list[str]:
    """The forms of a verb in -ere: `stem` with its mark where it is stressed in the infinitive (prèndere), else without (vedére)."""
    clitics = "r rlo rla rli rle rmi rti rsi rci rvi rne rgli".split()
    if stress(stem):
        forms = [stem + e for e in ("o", "e", "ono", "a", "ano", "i")] + [stem + "e" + clitic for clitic in clitics]
    else:
        forms = [weak + "é" + clitic for clitic in clitics]
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

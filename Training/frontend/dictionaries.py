"""The source dictionaries: misaki's American and British lexicons (Apache-2.0), as shipped in the wheel hibari-tts.

`pip install hibari-tts` (or only unpack the wheel) and pass its `assets` folder.
"""

import gzip
import json
from pathlib import Path

ACCENTS = {"american": "us", "british": "gb"}


def find_assets() -> Path:
    """The assets folder of an installed hibari package."""
    import importlib.util

    spec = importlib.util.find_spec("hibari")
    if spec is None or spec.origin is None:
        raise SystemExit("hibari is not installed: pip install hibari-tts, or pass --assets")
    return Path(spec.origin).parent / "assets"


def load(assets: Path) -> dict[str, dict[str, tuple[bool, str | dict[str, str | None]]]]:
    """accent → word → (checked by hand?, phonemes or {tag: phonemes or None})."""
    result = {}
    for accent, code in ACCENTS.items():
        words = {}
        for quality in ("silver", "gold"):
            with gzip.open(assets / f"lexicon_{code}_{quality}.json.gz", "rt", encoding="utf-8") as file:
                for word, value in json.load(file).items():
                    words[word] = (quality == "gold", value)
        result[accent] = words
    return result

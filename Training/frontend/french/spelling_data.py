"""Training pairs for French letters to sound, aligned letter by letter.

    python -m frontend.french.spelling_data LEXICON_DB pairs.json && python -m frontend.french.train_letters pairs.json
"""

import re
import sys
import zlib
from pathlib import Path

from frontend import spelling_data
from frontend.french import words

ENDINGS = re.compile(
    "(issements?|issantes?|issants?|issaient|issions|issons|issez|issent|issait|eraient|erions|erons|eront|erais|erait|erez|eras|erai|era|"
    "aient|antes?|ants?|ions|iez|ais|ait|ons|ez|ent|ées?|és|é|er|es|e|s|x|euses?|eurs?|ements?|ment|ir|it|is|ie|ies)$"
)


def held_out(word: str) -> bool:
    """One stem in twenty, with all its inflections."""
    stem = word
    while len(stem) > 5 and (shorter := ENDINGS.sub("", stem)) != stem and len(shorter) > 3:
        stem = shorter
    return zlib.crc32(stem.encode()) % 20 == 0


def main() -> None:
    pairs = [("fr", word, phonemes) for word, phonemes in words.load(Path(sys.argv[1])).items() if len(word) > 1]
    spelling_data.prepare(pairs, Path(sys.argv[2]), held_out)


if __name__ == "__main__":
    main()

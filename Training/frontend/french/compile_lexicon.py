"""Compile the French words into data/frontend/fr/lexicon.bin, in the layout of the English lexicon.

    python -m frontend.french.compile_lexicon LEXICON_DB [--data ../data/frontend/fr]      (run in Training/)

Words of lexicon.tsv, which come first, are left out. The one pronunciation stands where the English lexicon has the American.
"""

import argparse
from pathlib import Path

from frontend.compile_lexicon import compile_lexicon
from frontend.french import words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../data/frontend/fr"))
    arguments = parser.parse_args()
    own = {line.split("\t")[0] for line in (arguments.data / "lexicon.tsv").read_text().splitlines()[1:]}
    entries = {word: (False, phonemes) for word, phonemes in words.load(arguments.lexicon).items() if word not in own and len(word) > 1}
    data = compile_lexicon({"american": entries, "british": {}})
    path = arguments.data / "lexicon.bin"
    path.write_bytes(data)
    print(f"{path}: {len(entries)} words, {len(data)} bytes")


if __name__ == "__main__":
    main()

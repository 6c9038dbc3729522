"""Write data/frontend/emoji.tsv: code point and spoken name of the pictographs, from Python's Unicode names.

    python -m frontend.emoji_table --data ../data
"""

import argparse
import re
import unicodedata
from pathlib import Path

RANGES = [(0x2600, 0x27C0), (0x2B05, 0x2B56), (0x1F300, 0x1F650), (0x1F680, 0x1F6FD), (0x1F900, 0x1FA00), (0x1FA70, 0x1FB00)]
SHORTER = [(r"^(black|white|heavy) (?=heart|star|circle|sun|check|sparkle)", ""), (r"\bwith\b", "with"), (r"-", " "), (r" sign$", "")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../data"))
    arguments = parser.parse_args()
    lines = []
    for first, last in RANGES:
        for code in range(first, last):
            name = unicodedata.name(chr(code), "").lower()
            if unicodedata.category(chr(code)) in ("So", "Sk") and name:
                for pattern, replacement in SHORTER:
                    name = re.sub(pattern, replacement, name)
                name = " ".join(word for word in name.split() if word.isalpha())
                if name:
                    lines.append(f"{code:X}\t{name}\n")
    (arguments.data / "frontend" / "emoji.tsv").write_text("".join(lines))
    print(len(lines), "names")


if __name__ == "__main__":
    main()

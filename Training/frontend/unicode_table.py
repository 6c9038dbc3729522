"""Write data/frontend/unicode.tsv: how characters outside ASCII are folded before anything else looks at the text.

    python -m frontend.unicode_table --data ../data

Columns: code point (hex), replacement (may be empty: the character is dropped). Compatibility forms (full width,
ligatures, mathematical letters, circled digits, squared units), Latin letters without their diacritics, look-alike
punctuation, and a plain transliteration of Greek and Cyrillic letters. Superscripts and vulgar fractions stay: the
normalizer reads them.
"""

import argparse
import unicodedata
from pathlib import Path

KEPT = set("⁰¹²³⁴⁵⁶⁷⁸⁹⁻½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒…€£¥₩₹¢₽₺₫₪₴₿฿₦₱§¶©°±×÷≠≤≥≈√∞π–—→←•№µΩ†‡")
SPECIAL = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "ħ": "h", "ŋ": "ng", "ſ": "s",
    "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "ʹ": "'", "′": "'", "´": "'", "‚": "'", "“": '"', "”": '"', "„": '"',
    "‟": '"', "″": '"', "«": '"', "»": '"', "‹": "'", "›": "'", "‐": "-", "‑": "-", "‒": "–", "―": "—", "−": "-",
    "⁄": "/", "∕": "/", "∗": "*", "·": " ", "…": "…", "®": "", "™": "", "℠": "", "µ": "µ", "μ": "µ", "Ω": "Ω", "，": ",",
    "。": ".", "、": ",", "！": "!", "？": "?", "：": ":", "；": ";", "「": '"', "」": '"', "『": '"', "』": '"',
    "（": "(", "）": ")", "،": ",", "؟": "?", "।": ".", "॥": ".", "¿": "", "¡": "", "‥": "…", "‖": "|", "¦": "|", "⋅": "×",
}
GREEK = dict(zip("αβγδεζηθικλνξοπρσςτυφχψω",
    "a v g d e z i th i k l n x o p r s s t y f ch ps o".split()))
CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g".split()))


#: Figures in circles that have no compatibility form.
for start, first in ((0x2776, 1), (0x2780, 1), (0x278A, 1), (0x24F5, 1)):
    SPECIAL.update({chr(start + k): str(first + k) for k in range(10)})
SPECIAL.update({chr(0x24EB + k): str(11 + k) for k in range(10)})
SPECIAL["\u24ff"] = "0"


def fold(character: str) -> str | None:
    """The replacement, or None where the character stays as it is."""
    if character in SPECIAL:
        return SPECIAL[character]
    if character in KEPT:
        return None
    for table in (GREEK, CYRILLIC):
        for variant in (character, unicodedata.normalize("NFD", character)[0]):
            if variant.lower() in table:
                text = table[variant.lower()].replace("_", "")
                return text if variant == variant.lower() else text.capitalize()
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in ("Mn", "Cf", "Me"):
        return ""
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    plain = "".join(SPECIAL.get(c, c) for c in plain)
    if plain != character and plain.strip() and all(" " <= c < "\x7f" or c in KEPT for c in plain):
        return plain
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../data"))
    arguments = parser.parse_args()
    lines = []
    for code in [*range(0x80, 0x3400), *range(0xA640, 0xAC00), *range(0xF900, 0x11000), *range(0x1D400, 0x1D800),
                 *range(0x1F100, 0x1F1E6)]:
        character = chr(code)
        category = unicodedata.category(character)
        if category in ("Cn", "Cs", "Co") or category == "Lo" and not 0xAA <= code <= 0xBA:
            continue
        replacement = fold(character)
        if replacement is not None and replacement != character and (replacement or category not in ("Mn", "Me") or code < 0x370):
            lines.append(f"{code:X}\t{replacement}\n")
    folder = arguments.data / "frontend"
    folder.mkdir(exist_ok=True)
    (folder / "unicode.tsv").write_text("".join(lines))
    print(len(lines), "characters")


if __name__ == "__main__":
    main()

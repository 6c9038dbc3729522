"""The phoneme alphabet: one token per symbol, the teacher's (Kokoro-82M, Apache-2.0) ids renumbered densely.

Token 0 is the pad at both ends of every utterance. data/symbols.json is the same list for the synthesizer.
"""

SYMBOLS = (
    ';:,.!?—…"()“” ̃ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ'
)
IDS = {symbol: index + 1 for index, symbol in enumerate(SYMBOLS)}
COUNT = len(SYMBOLS) + 1
LANGUAGES = ("en", "es", "it", "fr", "pt", "de", "hi", "ja", "zh")  # whose phonemes the encoder tells apart


def encode(phonemes: str) -> list[int]:
    """Token ids with the pad at both ends; unknown symbols are dropped."""
    return [0, *(IDS[symbol] for symbol in phonemes if symbol in IDS), 0]

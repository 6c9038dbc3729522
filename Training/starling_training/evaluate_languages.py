"""How well a recognizer understands voices in a language: speaks held-out sentences, and prints error rates.

    python -m starling_training.evaluate_languages LANGUAGE SENTENCES.txt OUT_DIR --starling PROGRAM --model WHISPER
        --voices FOLDER [--limit N] [--verbose] VOICE [VOICE …]

SENTENCES.txt has a sentence a line, as Training/sentences. WHISPER is a folder with a multilingual Whisper model for
CTranslate2. OUT_DIR keeps the speech; what is there already is used again.

Numbers count as what is said: digits that the recognizer writes are written out (num2words) before both sides are compared.
Case and punctuation do not count, accents do.
"""

import argparse
import os
import re
import unicodedata

from frontend.alignment import edit_distance

from .program import say

DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def words(text, language):
    """Words of a text in lower case, numbers written out, without punctuation."""
    from num2words import num2words

    def spelled(match):
        digits = match[0]
        grouped = re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits)
        value = re.sub(r"[.,]", "", digits) if grouped else digits.replace(",", ".")
        whole, _, rest = value.partition(".")
        if not rest or "." in rest:  # a clock's hour and minutes are two numbers, as are a version's parts
            return " ".join(num2words(int(part), lang=language) for part in value.split("."))
        return num2words(float(f"{whole}.{rest}"), lang=language)

    text = unicodedata.normalize("NFC", DIGITS.sub(spelled, text.lower()))
    return re.sub(r"[^\w]+", " ", text).split()


class ErrorRates:
    """Word and character errors over sentences."""

    def __init__(self):
        self.errors, self.lengths = [0, 0], [0, 0]

    def add(self, said, heard):
        for index, (a, b) in enumerate([(said, heard), (" ".join(said), " ".join(heard))]):
            self.errors[index] += edit_distance(a, b)
            self.lengths[index] += len(a)

    def __str__(self):
        word, character = (100 * error / max(1, length) for error, length in zip(self.errors, self.lengths))
        return f"WER {word:.1f} %, CER {character:.1f} %"


def main(options):
    from faster_whisper import WhisperModel

    language = options.language.partition("-")[0]
    recognizer = WhisperModel(options.model, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    with open(options.sentences, encoding="utf8") as file:
        sentences = [line.strip() for line in file if line.strip()][: options.limit]
    os.makedirs(options.out, exist_ok=True)
    everyone = ErrorRates()
    for voice in options.voice:
        rates = ErrorRates()
        paths = say(
            options.starling, sentences, voice, f"{options.out}/{options.language}_{voice}", "--language", options.language,
            "--voices", options.voices)
        for path, sentence in zip(paths, sentences):
            pieces, _ = recognizer.transcribe(
                path, language=language, beam_size=5, temperature=0.0, condition_on_previous_text=False,
                without_timestamps=True)
            said, heard = words(sentence, language), words(" ".join(piece.text for piece in pieces), language)
            rates.add(said, heard)
            everyone.add(said, heard)
            if options.verbose and said != heard:
                print(f"{voice}: {' '.join(said)} | {' '.join(heard)}")
        print(f"{options.language} {voice}: {rates} of {len(sentences)} sentences", flush=True)
    print(f"{options.language}, all: {everyone}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Error rates of voices in a language.")
    parser.add_argument("language")
    parser.add_argument("sentences")
    parser.add_argument("out")
    parser.add_argument("voice", nargs="+")
    parser.add_argument("--starling", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--voices", required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--verbose", action="store_true")
    main(parser.parse_args())

"""How natural and how intelligible voices are: speaks sentences with each of them, and prints word errors and DistillMOS.

    python -m starling_training.evaluate_voices SENTENCES.txt OUT_DIR VOICE [VOICE …] --starling PROGRAM --judges FOLDER
        [--model small]

SENTENCES.txt has a sentence a line, as sentences/en.txt. FOLDER is that of evaluate_cloning, with evalkit.py. OUT_DIR keeps
the speech; what is there already is used again.
"""

import argparse
import os
import sys

from .program import say


def row(name, scores):
    """A row of the table: errors of all words, mean of DistillMOS."""
    errors = sum(score["err"] for score in scores) / max(1, sum(score["n"] for score in scores))
    return f"| {name} | {100 * errors:.1f} % | {sum(score['distillmos'] for score in scores) / len(scores):.2f} |"


def main():
    parser = argparse.ArgumentParser(description="Word errors and predicted opinion scores of voices.")
    parser.add_argument("sentences")
    parser.add_argument("out")
    parser.add_argument("voice", nargs="+")
    parser.add_argument("--starling", required=True)
    parser.add_argument("--judges", required=True)
    parser.add_argument("--model", default="base", help="the networks that speak")
    options = parser.parse_args()

    sys.path.insert(0, options.judges)
    import evalkit

    with open(options.sentences, encoding="utf8") as file:
        sentences = [line.strip() for line in file if line.strip()]
    os.makedirs(options.out, exist_ok=True)
    kit = evalkit.Kit(threads=1)
    everything = []
    print("| voice | WER | DistillMOS |\n|---|---|---|")
    for voice in options.voice:
        paths = say(options.starling, sentences, voice, f"{options.out}/{voice}", "--model", options.model)
        scores = [kit.score(path, sentence) for path, sentence in zip(paths, sentences)]
        everything += scores
        print(row(voice, scores), flush=True)
    print(row("all", everything))


if __name__ == "__main__":
    main()

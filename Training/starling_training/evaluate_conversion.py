"""How good converted speech is: words kept, the new voice met, sound.

    python -m starling_training.evaluate_conversion configs/cloning.json CLONING_DIR OUT_DIR --corpora FOLDER
        --starling PROGRAM --sentences FILE --judges FOLDER [--recordings 2] [--report docs/convert.md]

CLONING_DIR is what evaluate_cloning left: the clones of people whom no network heard, and the scale of identity. Recorded
people with transcripts are the sources; what they say is converted into the voices of all others and into two bundled ones.
OUT_DIR keeps the speech; what is there already is used again.
"""

import argparse
import json
import os
import sys

import numpy as np

from .evaluate_cloning import ENCODERS
from .program import run, say
from .transcripts import transcript

BUNDLED = {"heart": "synthetic", "george": "synthetic"}  # and on whose scale they are
COMPARED = 6  # recordings of the voice, or sentences that a bundled one says, with which conversions into it are compared


def sources_of(people, recordings, count):
    """Name, path and words of the first `count` transcribed recordings of everybody who was recorded."""
    sources = []
    for name, paths in recordings.items():
        said = [(name, path, transcript(path)) for path in paths if people[name]["kind"] == "recorded"]
        sources += [source for source in said if source[2]][:count]
    return sources


def convert(sources, targets, voices, out, starling):
    """Paths of the conversions, with the words, by target."""
    converted = {name: [] for name in targets}
    for number, (speaker, source, words) in enumerate(sources):
        for name in targets:
            path = f"{out}/{name}_{number:02d}_{speaker}.wav"
            if name == speaker:
                continue
            if not os.path.exists(path):
                run(starling, "convert", source, "--voice", name, "--voices", voices, "--output", path)
            converted[name].append((path, words))
    return converted


def row(label, scores):
    errors, words = sum(s["errors"] for s in scores), sum(s["words"] for s in scores)
    cells = [f"{np.mean([s[key] for s in scores]):.3f}" if key in scores[0] else "–"
             for encoder in ENCODERS for key in (encoder, f"{encoder}_identity")]
    return f"| {label} | {' | '.join(cells)} | {100 * errors / words:.1f} | {np.mean([s['mos'] for s in scores]):.2f} |"


def main():
    parser = argparse.ArgumentParser()
    for name in ("people", "cloning", "out"):
        parser.add_argument(name)
    for name in ("corpora", "starling", "sentences", "judges"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--recordings", type=int, default=2, help="of every source")
    parser.add_argument("--report")
    options = parser.parse_args()

    sys.path.insert(0, options.judges)
    import evalkit

    people = {name: person for name, person in json.load(open(options.people)).items() if not name.startswith("others:")}
    recordings = {name: [f"{options.corpora}/{path}" for path in person["recordings"]] for name, person in people.items()}
    kinds = {name: person["kind"] for name, person in people.items()} | BUNDLED
    scale = json.load(open(f"{options.cloning}/scores.json"))["identity"]
    sentences = [line.strip() for line in open(options.sentences, encoding="utf8") if line.strip()]
    os.makedirs(options.out, exist_ok=True)
    sources = sources_of(people, recordings, options.recordings)
    recordings |= {name: say(options.starling, sentences[:COMPARED], name, f"{options.out}/own_{name}") for name in BUNDLED}
    converted = convert(sources, kinds, f"{options.cloning}/voices", options.out, options.starling)

    kit = evalkit.Kit(threads=1)

    def score(path, words):
        sound = evalkit.load16(path)
        _, _, _, errors, count = kit.wer(sound, words)
        return dict(errors=errors, words=count, mos=kit.distill(sound)), sound

    scores = {}
    for name, said in converted.items():
        ends = next(({e: (scale[e][n]["different"], scale[e][n]["same"]) for e in ENCODERS} for n in people
                     if people[n]["kind"] == kinds[name]), None)
        own = {e: np.stack([getattr(kit, e)(evalkit.load16(path)) for path in recordings[name][:COMPARED]]) for e in ENCODERS}
        scores[name] = []
        for path, words in said:
            numbers, sound = score(path, words)
            for encoder in ENCODERS:
                numbers[encoder] = float((own[encoder] @ getattr(kit, encoder)(sound)).mean())
                if ends:
                    low, high = ends[encoder]
                    numbers[f"{encoder}_identity"] = (numbers[encoder] - low) / (high - low)
            scores[name].append(numbers)
        print(row(name, scores[name]), flush=True)
    originals = [score(path, words)[0] for _, path, words in sources]
    titles = " | ".join(f"{title}: cosine | identity" for title in ENCODERS.values())
    report = [f"| into | {titles} | WER, % | DistillMOS |", "|---|" + "---:|" * (2 * len(ENCODERS) + 2)]
    report += [row(name, rows) for name, rows in scores.items()]
    for label, names in (("recorded", [n for n in people if kinds[n] == "recorded"]),
                         ("synthetic", [n for n in people if kinds[n] == "synthetic"]), ("bundled", list(BUNDLED))):
        if names:
            report.append(row(f"**all {label}**", [s for n in names for s in scores[n]]))
    report.append(row("the sources themselves", originals))
    report = "\n".join(report) + "\n"
    print(report)
    json.dump(dict(converted=scores, sources=originals), open(f"{options.out}/scores.json", "w"), indent=1)
    if options.report:
        text = open(options.report, encoding="utf8").read()
        start, end = "<!-- measured -->\n", "<!-- end -->"
        head, rest = text.split(start)
        open(options.report, "w", encoding="utf8").write(head + start + report + end + rest.split(end)[1])


if __name__ == "__main__":
    main()

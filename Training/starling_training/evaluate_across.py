"""How much clones that speak another language sound like the people they were made from.

    python -m starling_training.evaluate_across PEOPLE.json --corpora FOLDER --judges FOLDER [--naturalness]
        NAME=SPEECH_DIR [NAME=SPEECH_DIR …]
    python -m starling_training.evaluate_across CORPUS_DIR CORPUS_DIR --judges FOLDER --voices 16

The first form judges folders of WAV files whose paths hold the name of the person, for each language or model a folder; people
and judges are those of `evaluate_cloning`. The second tells what to expect of one who speaks both languages: voices that two of
the teacher's corpora have in common (`teach`, polyglots).

Encoders of speakers hear the language too: a person is less similar to their own recordings in another language, and so are all
others. Hence the margin: what a person's speech has in common with their own recordings more than with those of others, as a
part of what two recordings in one language have. (own − others') / (same − different), means of cosines.
"""

import argparse
import glob
import json
import os
import sys

import numpy as np

from .evaluate_cloning import ENCODERS, mean_cosine

CLIPS, SHORTEST = 2, 3.0  # of a bilingual voice and language: how many, and seconds of each at least


def margin(spoken, recorded, others=()):
    """The margin for one encoder: embeddings of speech and of recordings by name, and of further people's recordings."""
    everyone = [*recorded.values(), *others]
    different = np.mean([mean_cosine(a, b) for i, a in enumerate(everyone) for b in everyone[:i]])
    same = np.mean([mean_cosine(rows, rows) for rows in recorded.values()])
    own = np.mean([mean_cosine(rows, recorded[name]) for name, rows in spoken.items()])
    theirs = np.mean([
        mean_cosine(rows, b) for name, rows in spoken.items()
        for b in [*(recorded[n] for n in recorded if n != name), *others]
    ])
    return (own - theirs) / (same - different)


def bilinguals(folder):
    """Recordings of a corpus by voice, where there are enough."""
    voices = {}
    for manifest in sorted(glob.glob(f"{folder}/*.jsonl")):
        for line in open(manifest, encoding="utf8"):
            row = json.loads(line)
            if row["seconds"] >= SHORTEST:
                voices.setdefault(row["voice"], []).append(f"{folder}/{row['id']}.flac")
    return {name: paths[:CLIPS] for name, paths in voices.items() if len(paths) >= CLIPS}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("people")
    parser.add_argument("speech", nargs="+")
    parser.add_argument("--judges", required=True)
    parser.add_argument("--corpora", default="")
    parser.add_argument("--voices", type=int, default=16)
    parser.add_argument("--naturalness", action="store_true", help="DistillMOS too")
    options = parser.parse_args()

    others, speech = [], {}
    if os.path.isdir(options.people):
        recorded, spoken = bilinguals(options.people), bilinguals(options.speech[0])
        names = sorted(recorded.keys() & spoken.keys())[: options.voices]
        recorded = {name: recorded[name] for name in names}
        speech = {"same voices": {name: spoken[name] for name in names}}
    else:
        everyone = json.load(open(options.people))
        paths = {name: [os.path.join(options.corpora, p) for p in person["recordings"]] for name, person in everyone.items()
                 if person["kind"] == "recorded"}
        recorded = {name: part for name, part in paths.items() if not name.startswith("others:")}
        others = [part for name, part in paths.items() if name.startswith("others:")]
        for item in options.speech:
            label, _, folder = item.partition("=")
            found = sorted(glob.glob(f"{folder}/**/*.wav", recursive=True))
            speech[label] = {name: [p for p in found if name in p] for name in recorded}
            silent = [name for name, part in speech[label].items() if not part]
            if silent:
                raise SystemExit(f"{folder} has no WAV file of {', '.join(silent)}")

    sys.path.insert(0, options.judges)
    import evalkit

    kit = evalkit.Kit(threads=1, mos=options.naturalness)
    margins = {label: [] for label in speech}
    for encoder in ENCODERS:
        embed = lambda paths: np.stack([getattr(kit, encoder)(evalkit.load16(path)) for path in paths])
        known, rest = {name: embed(part) for name, part in recorded.items()}, [embed(part) for part in others]
        for label, voices in speech.items():
            margins[label].append(margin({name: embed(part) for name, part in voices.items()}, known, rest))
    for label, values in margins.items():
        clips = [path for part in speech[label].values() for path in part]
        cells = [f"{title} {value:.3f}" for title, value in zip(ENCODERS.values(), values)]
        if options.naturalness:
            cells.append(f"DistillMOS {np.mean([kit.score(path)['distillmos'] for path in clips]):.2f}")
        print(f"{label}, {len(clips)} clips: {', '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()

"""How good converted speech is: words kept, the new voice met, sound.

    python -m starling_training.evaluate_conversion configs/cloning.json OUT_DIR --corpora FOLDER --starling PROGRAM
        --sentences FILE --judges FOLDER [--recordings 4] [--report docs/convert.md]

Readers of the configuration whom no network heard are the sources, with recordings that have a transcript beside them, and so
are two bundled voices, with sentences. Everyone in the configuration is enrolled, and what the others say is converted into
their voices and into those of the bundled ones. Identity is that of evaluate_cloning. OUT_DIR keeps voices and speech; what is
there already is used again.
"""

import argparse
import json
import os
import sys

import numpy as np

from .evaluate_cloning import ENCODERS, identity, run, table

BUNDLED = ("heart", "george")
COMPARED = 6  # sentences of a bundled voice with which what was converted into it is compared


def transcript(path):
    """What is said in a recording of LibriSpeech; None where there is no such corpus around it."""
    folder, name = os.path.split(path)
    key = name.removesuffix(".flac")
    listing = f"{folder}/{'-'.join(key.split('-')[:2])}.trans.txt"
    if not os.path.exists(listing):
        return None
    return next((line.split(" ", 1)[1].strip() for line in open(listing) if line.startswith(key + " ")), None)


def sources(people, sentences, recordings, out, starling):
    """(speaker, path, words) of what is converted."""
    for name, person in people.items():
        said = [(path, transcript(path)) for path in person["recordings"]]
        yield from [(name, path, words) for path, words in said if words][:recordings]
    for name in BUNDLED:
        paths = say(name, sentences[:recordings], f"{out}/source", starling)
        yield from ((name, path, sentence) for path, sentence in zip(paths, sentences))


def say(voice, sentences, prefix, starling):
    paths = [f"{prefix}_{voice}_{number:02d}.wav" for number in range(1, len(sentences) + 1)]
    for path, sentence in zip(paths, sentences):
        if not os.path.exists(path):
            run(starling, "say", sentence, "--voice", voice, "--output", path)
    return paths


def enroll(people, voices, starling):
    for name, person in people.items():
        if not os.path.exists(f"{voices}/{name}/voice.json"):
            run(starling, "enroll", name, *person["enroll"], "--accent", person["accent"], "--voices", voices,
                "--consent", "Recordings of a public corpus, enrolled to measure the quality of clones.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("people")
    parser.add_argument("out")
    for name in ("corpora", "starling", "sentences", "judges"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--recordings", type=int, default=4, help="of every source")
    parser.add_argument("--report")
    options = parser.parse_args()

    sys.path.insert(0, options.judges)
    import evalkit

    everyone = json.load(open(options.people))
    for person in everyone.values():
        for part in {"enroll", "recordings"} & person.keys():
            person[part] = [os.path.join(options.corpora, path) for path in person[part]]
    people = {name: person for name, person in everyone.items() if not name.startswith("others:")}
    sentences = [line.strip() for line in open(options.sentences, encoding="utf8") if line.strip()]
    os.makedirs(options.out, exist_ok=True)
    voices = f"{options.out}/voices"
    enroll(people, voices, options.starling)
    targets = people | {
        name: dict(kind="bundled", recordings=say(name, sentences[-COMPARED:], f"{options.out}/own", options.starling))
        for name in BUNDLED}
    spoken, words = {name: [] for name in targets}, {name: [] for name in targets}
    said = list(sources(people, sentences, options.recordings, options.out, options.starling))
    for number, (speaker, source, text) in enumerate(said):
        for name in targets:
            path = f"{options.out}/{name}_{number:02d}_{speaker}.wav"
            if name == speaker:
                continue
            if not os.path.exists(path):
                run(options.starling, "convert", source, "--voice", name, "--voices", voices, "--output", path)
            spoken[name].append(path)
            words[name].append(text)
    kit = evalkit.Kit(threads=1)
    rows = {}
    for encoder in ENCODERS:
        embed = lambda paths: np.stack([getattr(kit, encoder)(evalkit.load16(path)) for path in paths])
        recorded = {name: embed(person["recordings"]) for name, person in targets.items()}
        converted = {name: embed(paths) for name, paths in spoken.items()}
        others = {}
        for name, person in everyone.items():
            if name not in people:
                others.setdefault(person["kind"], []).append(embed(person["recordings"]))
        rows[encoder] = identity(targets, recorded, converted, others)
    speech = {name: [kit.score(p, t) for p, t in zip(spoken[name], words[name])] for name in targets}
    report = list(table(targets, rows, speech))
    original = [kit.score(path, text) for _, path, text in said]
    report.append(f"The sources themselves: WER {100 * sum(s['err'] for s in original) / sum(s['n'] for s in original):.1f} %, "
                  f"DistillMOS {np.mean([s['distillmos'] for s in original]):.2f}.")
    report = "\n".join(report) + "\n"
    print(report)
    json.dump(dict(identity=rows, speech=speech, sources=original), open(f"{options.out}/scores.json", "w"), default=float, indent=1)
    if options.report:
        text = open(options.report, encoding="utf8").read()
        start, end = "<!-- measured -->\n", "<!-- end -->"
        head, rest = text.split(start)
        open(options.report, "w", encoding="utf8").write(head + start + report + end + rest.split(end)[1])


if __name__ == "__main__":
    main()

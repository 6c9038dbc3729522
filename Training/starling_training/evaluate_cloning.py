"""How much clones sound like the people they were made from: enrolls, speaks, judges, and writes a table and a picture.

    python -m starling_training.evaluate_cloning configs/cloning.json OUT_DIR --corpora FOLDER --starling PROGRAM
        --sentences FILE --judges FOLDER [--report docs/cloning.md --picture docs/cloning.png] [--identity-only]
        [--adapted | --heard]

The configuration maps a name to {"kind", "accent", "enroll": [paths], "recordings": [paths]}: files under --corpora to enroll
from, and others of the same person to compare with (LibriSpeech/ as it comes, teacher/ the teacher's corpus, kokoro/ its
held-out voices, twelve sentences each). Names that begin with "others:" give recordings of further people of that kind; they
are only compared with. OUT_DIR keeps the voices and the speech; what is there already is used again. With --adapted clones
adapt to what LibriSpeech says was read, and people without transcripts are left out; with --heard clones adapt without them.

FOLDER holds evalkit.py with a class Kit: load16(path) gives samples at 16 kHz, and on a Kit object ge2e(samples) and
dvec(samples) give unit speaker embeddings, score(path, text) the word errors and DistillMOS. Both encoders judge, since
the profile's embedding is learned from the first one's; the second shares nothing with it.

Normalised identity = (similarity - different) / (same - different): 1 is as like as two recordings of one person are,
0 as unlike as two people of the same kind. All three are means of cosines between single recordings.

An encoder knows somebody the better the longer it listens, and a sentence is shorter than a recording. So a second table has
the identity of the owners' own recordings, cut as short as the clones' sentences, and that of sentences joined until they are
as long as a recording.
"""

import argparse
import json
import os
import sys

import numpy as np

from .program import run, say
from .transcripts import transcript

ENCODERS = {"ge2e": "GE2E", "dvec": "DVEC"}
RATE = 16_000  # Hz, of what the encoders hear


def speak(people, sentences, out, starling, adapted=False, heard=False):
    """Enrolls everyone, with transcripts or by ear if clones shall adapt, and speaks every sentence with every voice; paths of the
    speech by name."""
    voices, spoken = f"{out}/voices", {}
    for name, person in people.items():
        if not os.path.exists(f"{voices}/{name}/voice.json"):
            recordings = links(person["enroll"], f"{out}/{name}_recordings")
            texts = []
            for path, link in zip(person["enroll"] if adapted else [], recordings):
                texts.append(os.path.splitext(link)[0] + ".txt")
                with open(texts[-1], "w", encoding="utf8") as file:
                    file.write(transcript(path))
            run(starling, "enroll", name, *recordings, "--accent", person["accent"], "--voices", voices,
                *(["--transcript", *texts] if texts else []), *(["--adapt"] if heard else []),
                "--consent", "Recordings of a public corpus, enrolled to measure the quality of clones.")
        spoken[name] = say(starling, sentences, name, f"{out}/{name}", "--voices", voices)
    return spoken


def links(paths, folder):
    """Links to recordings in a folder of their own: `enroll` takes a text that lies beside a recording for its transcript."""
    os.makedirs(folder, exist_ok=True)
    links = [os.path.join(folder, os.path.basename(path)) for path in paths]
    for path, link in zip(paths, links):
        if not os.path.lexists(link):
            os.symlink(os.path.abspath(path), link)
    return links


def mean_cosine(a, b):
    """Mean cosine between rows of a and rows of b; pairs of a row with itself do not count where a is b."""
    cosines = a @ b.T
    return (cosines.sum() - np.trace(cosines)) / (len(a) * (len(a) - 1)) if a is b else cosines.mean()


def identity(people, recorded, cloned, others):
    """For one encoder: rows of similarity, same, different and normalised identity by name."""
    kinds = {person["kind"] for person in people.values()}
    groups = {kind: [recorded[n] for n in people if people[n]["kind"] == kind] + others.get(kind, []) for kind in kinds}
    different = {
        kind: np.mean([mean_cosine(a, b) for i, a in enumerate(group) for b in group[:i]]) for kind, group in groups.items()
    }
    same = {
        kind: np.mean([mean_cosine(recorded[n], recorded[n]) for n in people if people[n]["kind"] == kind]) for kind in kinds
    }
    rows = {}
    for name, person in people.items():
        low, high, value = different[person["kind"]], same[person["kind"]], mean_cosine(cloned[name], recorded[name])
        rows[name] = dict(similarity=value, same=high, different=low, identity=(value - low) / (high - low))
    return rows


def cut(samples, lengths):
    """Stretches of samples one after the other, as long as `lengths` in turn."""
    start, pieces = 0, []
    while start + lengths[len(pieces) % len(lengths)] <= len(samples):
        length = lengths[len(pieces) % len(lengths)]
        pieces.append(samples[start : start + length])
        start += length
    return pieces


def join(clips, length):
    """Clips joined one after the other until each is as long as `length`; what is left over is dropped."""
    joined, parts = [], []
    for clip in clips:
        parts.append(clip)
        if sum(map(len, parts)) >= length:
            joined.append(np.concatenate(parts))
            parts = []
    return joined


def as_long(embed, recordings, clips, recorded, row):
    """Identities of somebody's recordings cut as short as the clips, and of clips joined until they are as long as recordings.

    `embed` gives embeddings of samples; `recorded` are those of the recordings; `row` has what is the same and different.
    """
    lengths = [len(clip) for clip in clips]
    cosines = [
        (embed(pieces) @ np.delete(recorded, number, 0).T).mean()
        for number, recording in enumerate(recordings) if (pieces := cut(recording, lengths))
    ]
    joined = join(clips, np.mean([len(recording) for recording in recordings]))
    identity = lambda cosine: float((cosine - row["different"]) / (row["same"] - row["different"]))
    return dict(
        own=identity(np.mean(cosines)) if cosines else None,
        joined=identity((embed(joined) @ recorded.T).mean()) if joined else None)


def lengths(people, rows, seconds):
    """The table of identities by the length of speech; `seconds` are those of clips, joined ones and recordings by name."""
    yield "| kind | speech | seconds | " + " | ".join(f"identity, {t}" for t in ENCODERS.values()) + " |"
    yield "|---|---|---:|" + "---:|" * len(ENCODERS)
    what = {"identity": "clones, a sentence each", "own": "their owners, cut as short", "joined": "clones, sentences joined"}
    for kind in sorted({p["kind"] for p in people.values()}):
        names = [n for n in people if people[n]["kind"] == kind]
        for key, label in what.items():
            length = np.mean([seconds[n][key == "joined"] for n in names])
            cells = [[rows[e][n][key] for n in names] for e in ENCODERS]
            if all(value is not None for values in cells for value in values):
                yield f"| {kind} | {label} | {length:.1f} | " + " | ".join(f"{np.mean(v):.3f}" for v in cells) + " |"


def picture(path, names, matrices):
    """Mean cosines of every clone with every person's recordings, one panel per encoder."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, len(matrices), figsize=(5.2 * len(matrices), 4.6), layout="constrained")
    for panel, (title, matrix) in zip(np.atleast_1d(panels), matrices.items()):
        image = panel.imshow(matrix, cmap="viridis", vmin=min(0.3, matrix.min()), vmax=0.9)
        panel.set_xticks(range(len(names)), names, rotation=40, ha="right")
        panel.set_yticks(range(len(names)), names)
        panel.set(title=f"cosine by {title}", xlabel="recordings of", ylabel="clone of")
        middle = (image.norm.vmin + image.norm.vmax) / 2
        for (row, column), value in np.ndenumerate(matrix):
            panel.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if value < middle else "black")
    figure.savefig(path, dpi=110)


def table(people, rows, speech):
    """The report as lines of Markdown."""
    yield "| voice | kind | " + " | ".join(f"{t}: cosine | identity" for t in ENCODERS.values()) + " | WER | DistillMOS |"
    yield "|---|---|" + "---:|" * (2 * len(ENCODERS) + 2)

    def line(label, kind, names):
        cells = [f"{np.mean([rows[e][n][k] for n in names]):.3f}" for e in ENCODERS for k in ("similarity", "identity")]
        scored = [score for n in names for score in speech.get(n, [])]
        if scored:
            words = sum(s["n"] for s in scored)
            cells += [f"{100 * sum(s['err'] for s in scored) / words:.1f} %", f"{np.mean([s['distillmos'] for s in scored]):.2f}"]
        return f"| {label} | {kind} | " + " | ".join(cells + ["–"] * (2 * len(ENCODERS) + 2 - len(cells))) + " |"

    for name, person in people.items():
        yield line(name, person["kind"], [name])
    for kind in sorted({p["kind"] for p in people.values()}):
        yield line(f"**all {kind}**", kind, [n for n in people if people[n]["kind"] == kind])
    yield ""
    for kind in sorted({p["kind"] for p in people.values()}):
        name = next(n for n in people if people[n]["kind"] == kind)
        means = [f"{t} {rows[e][name]['same']:.3f} and {rows[e][name]['different']:.3f}" for e, t in ENCODERS.items()]
        yield f"Recordings of the same and of different people, {kind}: {'; '.join(means)}."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("people")
    parser.add_argument("out")
    for name in ("corpora", "starling", "sentences", "judges"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("report", "picture"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--identity-only", action="store_true", help="leave out word errors and DistillMOS")
    adapting = parser.add_mutually_exclusive_group()
    adapting.add_argument("--adapted", action="store_true", help="enroll with transcripts")
    adapting.add_argument("--heard", action="store_true", help="adapt without transcripts")
    options = parser.parse_args()

    sys.path.insert(0, options.judges)
    import evalkit

    everyone = json.load(open(options.people))
    for person in everyone.values():
        for part in {"enroll", "recordings"} & person.keys():
            person[part] = [os.path.join(options.corpora, path) for path in person[part]]
    people = {name: person for name, person in everyone.items() if not name.startswith("others:")}
    if options.adapted:
        people = {name: person for name, person in people.items() if all(map(transcript, person["enroll"]))}
    sentences = [line.strip() for line in open(options.sentences, encoding="utf8") if line.strip()]
    os.makedirs(options.out, exist_ok=True)
    spoken = speak(people, sentences, options.out, options.starling, options.adapted, options.heard)
    kit = evalkit.Kit(threads=1, mos=not options.identity_only)
    rows, matrices = {}, {}
    load = lambda paths: [evalkit.load16(path) for path in paths]
    recordings, clips = ({name: load(paths) for name, paths in some.items()} for some in (
        {name: person["recordings"] for name, person in people.items()}, spoken))
    for encoder, title in ENCODERS.items():
        embed = lambda clips: np.stack([getattr(kit, encoder)(clip) for clip in clips])
        recorded, cloned = ({name: embed(some) for name, some in heard.items()} for heard in (recordings, clips))
        others = {}
        for name, person in everyone.items():
            if name.startswith("others:"):
                others.setdefault(person["kind"], []).append(embed(load(person["recordings"])))
        rows[encoder] = identity(people, recorded, cloned, others)
        for name, row in rows[encoder].items():
            row.update(as_long(embed, recordings[name], clips[name], recorded[name], row))
        matrices[title] = np.array([[mean_cosine(cloned[a], recorded[b]) for b in people] for a in people])
    speech = {}
    if not options.identity_only:
        speech = {name: [kit.score(p, t) for p, t in zip(paths, sentences)] for name, paths in spoken.items()}
    mean = lambda clips: np.mean([len(clip) for clip in clips]) / RATE
    seconds = {name: (mean(clips[name]), mean(recordings[name])) for name in people}
    report = "\n".join([*table(people, rows, speech), "", *lengths(people, rows, seconds)]) + "\n"
    print(report)
    json.dump(dict(identity=rows, speech=speech), open(f"{options.out}/scores.json", "w"), default=float, indent=1)
    if options.report:
        text = open(options.report, encoding="utf8").read()
        start, end = "<!-- measured -->\n", "<!-- end -->"
        head, rest = text.split(start)
        open(options.report, "w", encoding="utf8").write(head + start + report + end + rest.split(end)[1])
    if options.picture:
        picture(options.picture, list(people), matrices)


if __name__ == "__main__":
    main()

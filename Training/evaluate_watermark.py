"""Measures the watermark: how often it is found behind coders and other changes, and how often where there is none.

    python evaluate_watermark.py STARLING SENTENCES.txt WORK [--unmarked FOLDER…] [--voices N] [--pieces N] [--mixes N]
        [--seed N]

speaks the sentences in every bundled voice with and without the mark (only once, into WORK), sends the speech through each
change, cuts pieces of 3 s at random samples, and lets `STARLING detect` judge them. The folders' recordings are judged
whole and in pieces of 3 to 20 s; and marked speech of 3 to 20 s is put between them, once or twice, to see whether it is located.
Needs ffmpeg; prints tables in Markdown.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import soundfile
import soxr

MIX_RATE = 16_000  # of mixes with recordings, Hz

# Name: ffmpeg's arguments for encoding and the extension, or a function of samples.
CODERS = {
    "16-bit WAV": ([], "wav"),
    "Opus 48 kbit/s": (["-c:a", "libopus", "-b:a", "48k"], "opus"),
    "Opus 32 kbit/s": (["-c:a", "libopus", "-b:a", "32k"], "opus"),
    "Opus 24 kbit/s": (["-c:a", "libopus", "-b:a", "24k"], "opus"),
    "resampled to 16 kHz": (["-ar", "16000"], "wav"),
    "16 kHz, then Opus 48 kbit/s": (["-ar", "16000", "-c:a", "libopus", "-b:a", "48k"], "opus"),
    "resampled to 44.1 kHz, MP3 128 kbit/s": (["-ar", "44100", "-c:a", "libmp3lame", "-b:a", "128k"], "mp3"),
    "MP3 64 kbit/s": (["-c:a", "libmp3lame", "-b:a", "64k"], "mp3"),
    "MP3 48 kbit/s": (["-c:a", "libmp3lame", "-b:a", "48k"], "mp3"),
    "Vorbis, quality 2": (["-c:a", "libvorbis", "-q:a", "2"], "ogg"),
    "AAC 48 kbit/s": (["-c:a", "aac", "-b:a", "48k"], "m4a"),
    "30 dB quieter, 16 bits": (["-af", "volume=-30dB"], "wav"),
    "telephone, 8 kHz µ-law": (["-ar", "8000", "-c:a", "pcm_mulaw"], "wav"),
    "white noise, 20 dB below": ("noise", 20),
    "speed changed by 2 %": (["-af", "atempo=1.02"], "wav"),
}


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-bitexact", *arguments], check=True)


def detect(starling, files):
    reports = {}
    for start in range(0, len(files), 500):
        command = [starling, "detect", "--json", *map(str, files[start : start + 500])]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode > 1:
            raise SystemExit(result.stderr)
        for line in result.stdout.splitlines():
            report = json.loads(line)
            reports[report["file"]] = report
    return [reports[str(file)] for file in files]


def speak(starling, sentences, work, count):
    listing = subprocess.run([starling, "voices", "list", "--names"], capture_output=True, text=True, check=True)
    voices = listing.stdout.split()[:count]
    for voice in voices:
        for kind, flags in (("marked", []), ("unmarked", ["--no-watermark"])):
            path = work / f"{voice}-{kind}.wav"
            if not path.exists():
                subprocess.run([starling, "say", "--file", sentences, "--voice", voice, "-o", path, *flags],
                               check=True, stderr=subprocess.DEVNULL)
    return voices


def change(source, recipe, work):
    """The samples behind a change, and their rate."""
    what, extension = recipe
    if what == "noise":
        samples, rate = soundfile.read(source)
        noise = np.random.default_rng(1).standard_normal(len(samples))
        return samples + noise * np.sqrt(np.mean(samples**2)) * 10 ** (-extension / 20), rate
    coded, plain = work / f"coded.{extension}", work / "plain.wav"
    ffmpeg("-i", source, *what, coded)
    ffmpeg("-i", coded, plain)
    return soundfile.read(plain)


def cut(samples, rate, seconds, count, random, work, name):
    files = []
    for index in range(count):
        length = int(rate * (random.uniform(3, 20) if seconds is None else seconds))
        start = random.integers(0, max(1, len(samples) - length))
        path = work / "pieces" / f"{name}-{index}.wav"
        soundfile.write(path, np.clip(samples[start : start + length], -1, 1), rate, subtype="PCM_16")
        files.append(path)
    return files


def wilson(hits, total):
    """The 95 % interval of a share, in per cent."""
    z, p = 1.96, hits / total
    middle, spread = p + z * z / (2 * total), z * np.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return 100 * (middle - spread) / (1 + z * z / total), 100 * (middle + spread) / (1 + z * z / total)


def row(name, reports):
    found = sum(report["verdict"] == "marked" for report in reports)
    short = sum(report["verdict"] == "too short" for report in reports)
    scores = np.array([report["score"] for report in reports])
    low, high = wilson(found, len(reports))
    print(f"| {name} | {len(reports)} | {found} ({100 * found / len(reports):.2f} %) | {low:.2f}–{high:.2f} % | {short} "
          f"| {np.percentile(scores, 1):.1f} | {np.median(scores):.1f} | {scores.max():.1f} |", flush=True)


def locate(starling, work, voices, recordings, count, random):
    """How exactly one or two marked pieces are located among 8 to 25 s of recordings before, between and behind them."""

    def unmarked():
        length, parts = random.uniform(8, 25) * MIX_RATE, []
        while sum(map(len, parts)) < length:
            parts.append(resampled(recordings[random.integers(len(recordings))]))
        return np.concatenate(parts)[: int(length)]

    def marked():
        speech = resampled(work / f"{voices[random.integers(len(voices))]}-marked.wav")
        length = int(random.uniform(3, 20) * MIX_RATE)
        start = random.integers(max(1, len(speech) - length))
        return speech[start : start + length]

    files, truths = [], []
    for number in range(count):
        parts = [unmarked()]
        for _ in range(1 + number % 2):
            parts += [marked(), unmarked()]
        ends = np.cumsum([len(part) for part in parts]) / MIX_RATE
        truths.append([(ends[i - 1], ends[i]) for i in range(1, len(parts), 2)])
        files.append(work / "pieces" / f"mix-{number}.wav")
        soundfile.write(files[-1], np.concatenate(parts), MIX_RATE, subtype="PCM_16")

    tenths = lambda regions: set().union(*(range(round(10 * start), round(10 * end)) for start, end in regions))
    exact = missed = claimed = 0
    for truth, report in zip(truths, detect(starling, files)):
        found = [(region["start"], region["end"]) for region in report["regions"]]
        missed += len(tenths(truth) - tenths(found)) / 10
        claimed += len(tenths(found) - tenths(truth)) / 10
        exact += len(found) == len(truth) and np.abs(np.array(found) - truth).max() < 1
    total = sum(end - start for truth in truths for start, end in truth)
    print(f"\n{count} mixes with {sum(map(len, truths))} marked pieces, {total:.0f} s: in {exact} every piece was located within 1 s; "
          f"{missed:.1f} s missed, {claimed:.1f} s claimed in error")


def resampled(path):
    samples, rate = soundfile.read(path, dtype="float32")
    return soxr.resample(samples, rate, MIX_RATE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("starling")
    parser.add_argument("sentences")
    parser.add_argument("work", type=Path)
    parser.add_argument("--unmarked", nargs="*", default=[], type=Path)
    parser.add_argument("--voices", type=int, default=100)
    parser.add_argument("--pieces", type=int, default=40, help="of each voice and change")
    parser.add_argument("--only", nargs="*", help="changes to try")
    parser.add_argument("--mixes", type=int, default=100, help="of marked speech and the folders' recordings")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    (options.work / "pieces").mkdir(parents=True, exist_ok=True)
    work, random = options.work, np.random.default_rng(options.seed)
    voices = speak(options.starling, options.sentences, work, options.voices)

    print("| change | pieces | found | 95 % interval | too short | score: 1st percentile | median | highest |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name, recipe in CODERS.items():
        if options.only and name not in options.only:
            continue
        files = []
        for voice in voices:
            samples, rate = change(work / f"{voice}-marked.wav", recipe, work)
            files += cut(samples, rate, 3, options.pieces, random, work, voice)
        row(f"{name}, 3 s", detect(options.starling, files))

    print("\n| unmarked | pieces | found | 95 % interval | too short | score: 1st percentile | median | highest |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    files = []
    for voice in voices:
        for name in ("16-bit WAV", "Opus 48 kbit/s"):
            samples, rate = change(work / f"{voice}-unmarked.wav", CODERS[name], work)
            files += cut(samples, rate, 3, options.pieces, random, work, f"{voice}-{name[:2]}3")
            files += cut(samples, rate, None, options.pieces, random, work, f"{voice}-{name[:2]}")
    row("Starling itself", detect(options.starling, files))
    everything = []
    for folder in options.unmarked:
        files = sorted(path for path in folder.rglob("*") if path.suffix in (".flac", ".opus", ".wav", ".mp3", ".ogg"))
        everything += files
        reports = detect(options.starling, files)
        row(f"{folder.name}, whole", reports)
        pieces = []
        for number, report in enumerate(reports):
            if report["seconds"] > 6:
                samples, rate = soundfile.read(report["file"])
                pieces += cut(samples, rate, 3, 2, random, work, f"{folder.name}-{number}")
                pieces += cut(samples, rate, None, 1, random, work, f"{folder.name}-{number}-l")
            if len(pieces) >= 600:
                row(f"{folder.name}, pieces up to number {number}", detect(options.starling, pieces))
                pieces = []
        if pieces:
            row(f"{folder.name}, last pieces", detect(options.starling, pieces))
    if everything:
        locate(options.starling, work, voices, everything, options.mixes, random)


if __name__ == "__main__":
    main()

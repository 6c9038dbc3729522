"""Packs plain recordings for the vocoder: no transcripts, but F0 and phase tracked, levelled, glottal pulses up.

    python -m starling_training.recordings configs/recordings.json ROOT PACK_DIR

The configuration lists sources: a glob below ROOT, a regular expression whose group is the speaker, and how many seconds of
each speaker to take at most. Recordings of one speaker and folder share polarity and gain. The pack is that of corpus.py,
without tokens; `top` says how many mel bands a recording's sample rate fills.
"""

import glob
import json
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import soundfile
import soxr
import torch

from . import f0
from .corpus import BANDS_BELOW_7600, write_pack
from .librispeech import level
from .signal import HOP, MEL_BANDS, SAMPLE_RATE, log_mel

SHORTEST, LONGEST = 1.0, 20.0  # seconds of a recording that is used; of a longer one the beginning
EDGE = 0.25  # seconds of silence kept at either end
QUIET = 35.0  # dB below the loud frames


def groups(config, root):
    """(name, speaker, paths) of recordings made in one go, without held-out speakers."""
    held_out = set(config["held_out"])
    for source in config["sources"]:
        found = {}
        for path in sorted(glob.glob(f"{root}/{source['glob']}", recursive=True)):
            match = re.search(source["speaker"], path)
            if match and match[1] not in held_out:
                found.setdefault((match[1], os.path.dirname(path)), []).append(path)
        for (speaker, _), paths in found.items():
            yield source["name"] + speaker, paths, source.get("seconds", 1e9), source.get("real", True)


def read(path):
    """Mono samples at their own rate."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return samples.mean(1)[: int(LONGEST * rate)], rate


def trim(samples, rate):
    """Without the silence at both ends, all but EDGE."""
    size = rate // 100
    power = 10 * np.log10((samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(1) + 1e-10)
    loud = np.flatnonzero(power > np.percentile(power, 95) - QUIET)
    margin = int(EDGE * rate)
    return samples[max(0, loud[0] * size - margin) : (loud[-1] + 1) * size + margin]


def prepare(job):
    """Everything of one group: rows with their arrays."""
    torch.set_num_threads(1)
    speaker, paths, seconds, wanted, real = job
    try:
        clips = [(path, *read(path)) for path in paths]
        probe = clips[:: max(1, len(clips) // 4)]
        skewness = sum(f0.polarity(x[: 8 * rate], rate) for _, x, rate in probe)
        gain = 10 ** ((wanted - np.median([level(x, rate) for _, x, rate in probe])) / 20)
    except (soundfile.LibsndfileError, ValueError, ZeroDivisionError) as error:
        print(f"{paths[0]}: {error}", flush=True)
        return []
    factor, out = np.float32(np.copysign(gain, skewness)), []
    for path, samples, rate in clips:
        if len(samples) < SHORTEST * rate or seconds <= 0:
            continue
        samples = trim(samples, rate) * factor
        if rate != SAMPLE_RATE:
            samples = soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ")
        samples *= min(1.0, 0.98 / max(float(np.abs(samples).max()), 1e-3))
        frames = len(samples) // HOP
        samples = samples[: frames * HOP]
        pitch, phase = f0.track(samples, SAMPLE_RATE, frames)
        mel = log_mel(torch.from_numpy(samples)[None])[0].T.numpy()
        row = dict(
            id=os.path.splitext(os.path.basename(path))[0], voice=speaker, frames=frames, real=real,
            top=BANDS_BELOW_7600 if rate < SAMPLE_RATE else MEL_BANDS)
        out.append((row, np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16), mel.astype(np.float16), pitch, phase))
        seconds -= frames * HOP / SAMPLE_RATE
    return out


def main(config, root, target):
    jobs = [(speaker, paths, seconds, config["level"], real) for speaker, paths, seconds, real in groups(config, root)]
    jobs = [jobs[i] for i in np.random.default_rng(config["seed"]).permutation(len(jobs))]
    with ProcessPoolExecutor(config.get("workers", 2)) as pool:
        rows = (row for group in pool.map(prepare, jobs) for row in group)
        count, hours = write_pack(target, rows)
    print(f"{count} recordings of {len({job[0] for job in jobs})} speakers, {hours:.2f} h")


if __name__ == "__main__":
    main(json.load(open(sys.argv[1])), *sys.argv[2:])

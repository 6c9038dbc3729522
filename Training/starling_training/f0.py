"""F0 and the phase of the fundamental, measured on recordings, at the hop of signal.py (80 frames/s).

    python -m starling_training.f0 CORPUS_DIR [COUNT]     compares the tracker with a corpus whose F0 is exact

(The teacher's F0 belongs to the frame's first sample rather than its middle and runs on through closures and creak.)

Candidates are the peaks of the autocorrelation divided by the window's own (Boersma 1993, "Accurate short-term analysis
of the fundamental frequency"), chosen along time by a Viterbi search over F0 and voicing.

Frame t is centred on sample t * HOP + HOP / 2. The phase convention: with phase p (cycles) the measured fundamental is
A cos(2 pi p), so a pulse train with its pulses at whole p has its own fundamental in phase with the recording's.
Where a frame is unvoiced F0 is 0 and the phase stands still, as it does when F0 is summed up for synthesis.

Letters: T frames, K candidates, L lags, S samples.
"""

import json
import sys
import time

import numpy as np
import soxr

from .signal import HOP, SAMPLE_RATE, VOICED_FROM

RATE = 8_000  # Hz; the tracker works on the band below 4 kHz
STEP = RATE * HOP // SAMPLE_RATE  # samples between frames at RATE
LOWEST, HIGHEST = 55.0, 560.0  # Hz
WINDOW = 0.05  # seconds under the Hann window of one frame
FFT = 1024  # at RATE; frames are zero-padded to it
LOWPASS = 800.0  # Hz; power above falls off as 1 / (1 + (f / LOWPASS)^2): low harmonics are the coherent ones
HIGHPASS = 60.0  # Hz; and below as 1 / (1 + (HIGHPASS / f)^4): hum and rumble
REFINE = 2  # the autocorrelation is interpolated by this factor before its peaks are taken
CANDIDATES = 6  # voiced candidates per frame
VOICING = 0.45  # an unvoiced frame scores this; voiced ones score their autocorrelation peak
QUIET = 40.0  # dB; frames this far below the loud ones count as unvoiced,
ABOVE_FLOOR = 8.0  # dB; and so do those that rise less than this above the background (hum would be voiced)
SPREAD = (0.6, 1.8)  # of the first and third quartile of the voiced frames: the range of the second search
OCTAVE_COST = 0.02  # per octave below HIGHEST, prefers the shortest of equal periods
JUMP_COST = 0.5  # per octave between neighbouring frames
SWITCH_COST = 0.08  # per change between voiced and unvoiced
PERIODS = 3.0  # of the fundamental under the window that measures its phase
SMOOTH = 2  # frames; deviation of the Gaussian that smooths the phase's distance from the running sum of F0


def to_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    x = soxr.resample(np.asarray(samples, np.float32), rate, RATE, quality="HQ")
    return (x - x.mean()).astype(np.float32)


def candidates(x: np.ndarray, frames: int):
    """Frequencies in Hz [T, K], their scores [T, K] (unused slots -1) and the unvoiced score [T], of x at RATE."""
    size = int(WINDOW * RATE) // 2 * 2
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    padded = np.pad(x, (size, size + STEP * frames))
    start = size + STEP // 2 - size // 2
    view = np.lib.stride_tricks.sliding_window_view(padded, size)[start : start + STEP * frames : STEP]
    block = view - view.mean(1, keepdims=True)
    power = np.abs(np.fft.rfft(block * window, FFT)) ** 2
    hertz = np.fft.rfftfreq(FFT, 1 / RATE)
    weight = 1 / (1 + (hertz / LOWPASS) ** 2) / (1 + (HIGHPASS / np.maximum(hertz, 1.0)) ** 4)
    power = power * weight.astype(np.float32)
    own = np.abs(np.fft.rfft(window, FFT)) ** 2
    lags = int(np.ceil(RATE * REFINE / LOWEST)) + 2
    correlate = lambda p: np.fft.irfft(p, FFT * REFINE)[..., :lags]
    r = correlate(power)
    norm = correlate(own)
    r = (r / np.maximum(r[:, :1], 1e-9) / (norm / norm[0])).astype(np.float32)
    shortest = int(RATE * REFINE / HIGHEST)
    left, mid, right = r[:, shortest - 1 : -2], r[:, shortest:-1], r[:, shortest + 1 :]
    is_peak = (mid > left) & (mid >= right) & (mid > 0.2)
    curve = np.where(is_peak, left - 2 * mid + right, -1.0)
    shift = np.where(is_peak, 0.5 * (left - right) / np.minimum(curve, -1e-6), 0.0)
    height = mid - 0.25 * (left - right) * shift
    lag = np.arange(shortest, lags - 1) + shift
    frequency = RATE * REFINE / lag
    score = np.where(is_peak, np.minimum(height, 1.0) - OCTAVE_COST * np.log2(HIGHEST / frequency), -1.0)
    best = np.argpartition(-score, CANDIDATES, axis=1)[:, :CANDIDATES]
    level = 10 * np.log10(power.sum(1) + 1e-9)
    loud, floor = np.percentile(level, 95), np.percentile(level, 5)
    gate = max(loud - QUIET, min(floor + ABOVE_FLOOR, loud - QUIET / 2))
    unvoiced = VOICING + np.clip((gate + 3.0 - level) / 6.0, 0.0, 1.0)
    return np.take_along_axis(frequency, best, 1), np.take_along_axis(score, best, 1), unvoiced


def search(frequency: np.ndarray, score: np.ndarray, unvoiced: np.ndarray) -> np.ndarray:
    """The best path through the candidates: F0 in Hz [T], 0 where unvoiced."""
    frames, count = frequency.shape
    octave = np.log2(np.maximum(frequency, 1.0))
    total = np.empty((frames, count + 1))
    back = np.zeros((frames, count + 1), np.int64)
    scores = np.concatenate([np.where(score > -1, score, -1e3), unvoiced[:, None]], 1)
    cost = np.full((count + 1, count + 1), SWITCH_COST)  # [from, to]; the last is unvoiced
    cost[-1, -1] = 0.0
    total[0] = scores[0]
    columns = np.arange(count + 1)
    for t in range(1, frames):
        cost[:-1, :-1] = JUMP_COST * np.abs(octave[t - 1][:, None] - octave[t])
        options = total[t - 1][:, None] - cost
        back[t] = options.argmax(0)
        total[t] = options[back[t], columns] + scores[t]
    path = np.empty(frames, np.int64)
    path[-1] = total[-1].argmax()
    for t in range(frames - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    padded = np.concatenate([frequency, np.zeros((frames, 1))], 1)
    return padded[np.arange(frames), path]


def twice(frequency: np.ndarray, score: np.ndarray, unvoiced: np.ndarray) -> np.ndarray:
    """The best path of a second search, confined to the range of F0 that the first one found."""
    first = search(frequency, score, unvoiced)
    if np.count_nonzero(first) < 40:
        return first
    low, high = np.percentile(first[first > 0], [25, 75]) * SPREAD
    return search(frequency, np.where((frequency > low) & (frequency < high), score, -1.0), unvoiced)


def measure_phase(x: np.ndarray, f0: np.ndarray, harmonic: int = 1):
    """The complex amplitude of a harmonic of f0 at every voiced frame's centre, [T]; x at RATE, zeros where unvoiced.

    The signal is shifted down by the frame's own F0 (with its local slope) under a Hann window of PERIODS periods,
    whose zeros fall on the neighbouring harmonics.
    """
    frames = np.flatnonzero(f0 > 0)
    out = np.zeros(len(f0), np.complex128)
    if not len(frames):
        return out
    here = f0[frames]
    previous, following = f0[np.maximum(frames - 1, 0)], f0[np.minimum(frames + 1, len(f0) - 1)]
    slope = (np.where(following > 0, following, here) - np.where(previous > 0, previous, here)) / 2
    slope = np.clip(slope, -0.1 * here, 0.1 * here) / STEP  # Hz per sample
    half = int(np.ceil(PERIODS / 2 * RATE / here.min())) + 1
    offset = np.arange(-half, half + 1)
    padded = np.pad(x, (half + 1, half + STEP + 1))
    centre = frames * STEP + STEP // 2 + half + 1
    block = padded[np.minimum(centre[:, None] + offset, len(padded) - 1)]
    length = PERIODS * RATE / here[:, None]
    window = np.where(np.abs(offset) < length / 2, 0.5 + 0.5 * np.cos(2 * np.pi * offset / length), 0.0)
    cycles = (here[:, None] * offset + 0.5 * slope[:, None] * offset**2) / RATE
    out[frames] = (block * window * np.exp(-2j * np.pi * harmonic * cycles)).sum(1) / window.sum(1) * 2
    return out


def track(samples: np.ndarray, rate: int, frames: int | None = None):
    """F0 in Hz [T] (0 unvoiced) and phase in cycles modulo 1 [T], float32, of a mono recording at any rate."""
    x = to_rate(samples, rate)
    frames = len(samples) * SAMPLE_RATE // rate // HOP if frames is None else frames
    if frames == 0:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    f0 = drop_specks(twice(*candidates(x, frames)))
    return f0.astype(np.float32), phase(x, f0)


def drop_specks(f0: np.ndarray, shortest: int = 3) -> np.ndarray:
    """Voiced runs of fewer than `shortest` frames become unvoiced."""
    out = f0.copy()
    for start, end in voiced_runs(f0):
        if end - start < shortest:
            out[start:end] = 0.0
    return out


def phase(x: np.ndarray, f0: np.ndarray) -> np.ndarray:
    """Cycles modulo 1 at the frames' centres, [T], of x at RATE with F0 in Hz [T], tracked or exact.

    In a voiced run it is the running sum of F0 plus the measured fundamental's distance from it, smoothed over SMOOTH
    frames and weighted by the fundamental's amplitude, so that it advances by F0 * HOP / SAMPLE_RATE per frame.
    """
    f0 = np.where(f0 > VOICED_FROM, f0, 0.0).astype(np.float64)
    amplitude = measure_phase(x, f0)
    summed = np.cumsum(f0) * HOP / SAMPLE_RATE
    distance = amplitude * np.exp(-2j * np.pi * summed)
    kernel = np.exp(-0.5 * (np.arange(-3 * SMOOTH, 3 * SMOOTH + 1) / SMOOTH) ** 2)
    out = np.zeros(len(f0))
    for start, end in voiced_runs(f0):
        smooth = np.convolve(distance[start:end], kernel)[3 * SMOOTH : 3 * SMOOTH + end - start]
        out[start:end] = summed[start:end] + np.angle(smooth) / (2 * np.pi)
    last = np.maximum.accumulate(np.where(f0 > 0, np.arange(len(f0)), 0))
    return np.mod(out[last], 1.0).astype(np.float32)


def polarity(samples: np.ndarray, rate: int, order: int = 10) -> float:
    """Mean skewness of the linear-prediction residual over the louder frames: positive where glottal pulses point up.

    The teacher's voices are nearly all positive; half of all recordings are upside down.
    """
    x, size = to_rate(samples, rate), 240
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(x, (0, size)), size)[::size]
    energy = (frames**2).mean(1)
    frames = frames[energy >= np.percentile(energy, 60)]
    r = np.fft.irfft(np.abs(np.fft.rfft(frames * np.hanning(size), 512)) ** 2)[:, : order + 1]
    lag = np.abs(np.arange(order)[:, None] - np.arange(order))
    matrix = r[:, lag] + (1e-3 * r[:, :1, None] + 1e-9) * np.eye(order)
    coefficients = np.linalg.solve(matrix, r[:, 1:, None])[..., 0]
    past = np.lib.stride_tricks.sliding_window_view(frames, order, axis=1)[:, :-1, ::-1]
    residual = frames[:, order:] - np.einsum("tno,to->tn", past, coefficients)
    residual -= residual.mean(1, keepdims=True)
    return float(((residual**3).mean(1) / ((residual**2).mean(1) ** 1.5 + 1e-12)).mean())


def voiced_runs(f0: np.ndarray):
    """(start, end) of every stretch of voiced frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], f0 > 0, [False]]).astype(np.int8)))
    return list(zip(edges[::2], edges[1::2]))


def evaluate(folder: str, count: int):
    import soundfile

    from .corpus import read_manifests

    rows = list(read_manifests(folder))
    rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:count]]
    seconds = spent = 0.0
    gross = voiced = wrong = total = missed = false = 0
    cents, steps, agreement = [], [], []
    wrap = lambda cycles: np.abs(np.mod(cycles + 0.5, 1.0) - 0.5)
    for row in rows:
        path = f"{folder}/{row['id']}"
        samples, rate = soundfile.read(path + ".flac", dtype="float32")
        exact = np.load(path + ".npy").astype(np.float64)
        started = time.process_time()
        f0, cycles = track(samples, rate)
        spent += time.process_time() - started
        seconds += len(samples) / rate
        frames = min(len(f0), len(exact))
        f0, exact, cycles = f0[:frames], exact[:frames], cycles[:frames]
        both = (f0 > 0) & (exact > VOICED_FROM)
        off = np.abs(f0[both] / exact[both] - 1)
        gross, voiced = gross + (off > 0.2).sum(), voiced + both.sum()
        cents.append(1200 * np.abs(np.log2(f0[both] / exact[both]))[off <= 0.2])
        missed += ((f0 == 0) & (exact > VOICED_FROM)).sum()
        false += ((f0 > 0) & (exact <= VOICED_FROM)).sum()
        total += frames
        near = both & (np.abs(f0 / np.maximum(exact, 1) - 1) < 0.1)
        steps.append(wrap(np.diff(cycles) - f0[1:] * HOP / SAMPLE_RATE)[both[1:] & both[:-1]])
        agreement.append(wrap(cycles - phase(to_rate(samples, rate), exact))[near])
    cents = np.concatenate(cents)
    report = dict(
        utterances=len(rows), gross_error=gross / voiced, voicing_error=(missed + false) / total, missed=missed / total,
        false=false / total, median_cents=float(np.median(cents)), within_50_cents=float((cents < 50).mean()),
        times_real_time=seconds / spent,
    )
    report |= {
        "phase_step_error_median": np.median(np.concatenate(steps)),  # cycles, against F0's advance
        "phase_to_exact_f0_median": np.median(np.concatenate(agreement)),  # cycles, against that with exact F0
    }
    print(json.dumps({k: round(float(v), 4) for k, v in report.items()}))


if __name__ == "__main__":
    evaluate(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60)

"""The F0 tracker on signals whose F0 and phase are known."""

import numpy as np
import pytest

from starling_training import f0
from starling_training.signal import HOP, SAMPLE_RATE

RANDOM = np.random.default_rng(1)


def harmonics(pitch, phase=0.0):
    """A voice-like sum of cosines under F0 [S] in Hz; the fundamental's phase at the first sample is `phase` cycles."""
    cycles = phase + np.concatenate([[0], np.cumsum(pitch[:-1])]) / SAMPLE_RATE
    x = sum(np.cos(2 * np.pi * k * cycles) / k for k in range(1, 20))
    return (0.1 * x + 1e-4 * RANDOM.standard_normal(len(x))).astype(np.float32), cycles


@pytest.mark.parametrize("hertz", [75, 120, 233, 410])
def test_steady_tones(hertz):
    x, cycles = harmonics(np.full(SAMPLE_RATE, float(hertz)), 0.3)
    pitch, phase = f0.track(x, SAMPLE_RATE)
    inner = slice(8, -8)
    assert (pitch[inner] > 0).all()
    np.testing.assert_allclose(pitch[inner], hertz, rtol=0.005)
    expected = cycles[HOP // 2 :: HOP][: len(phase)]
    off = np.abs(np.mod(phase - expected + 0.5, 1) - 0.5)
    assert np.median(off[inner]) < 0.03


def test_glide_and_silence():
    pitch = np.linspace(100, 200, SAMPLE_RATE)
    x, _ = harmonics(pitch)
    x[SAMPLE_RATE // 2 :] = 1e-5 * RANDOM.standard_normal(SAMPLE_RATE - SAMPLE_RATE // 2)
    found, _ = f0.track(x, SAMPLE_RATE)
    np.testing.assert_allclose(found[8:36], pitch[HOP // 2 :: HOP][8:36], rtol=0.02)
    assert (found[44:] == 0).all()


def test_noise_is_unvoiced():
    found, _ = f0.track(0.1 * RANDOM.standard_normal(SAMPLE_RATE).astype(np.float32), SAMPLE_RATE)
    assert np.mean(found > 0) < 0.1


def test_polarity_follows_the_sign():
    pulses = np.zeros(SAMPLE_RATE, np.float32)
    pulses[::200] = 1
    voice = np.convolve(pulses, np.exp(-np.arange(200) / 20) * np.cos(np.arange(200) / 4))[:SAMPLE_RATE].astype(np.float32)
    assert f0.polarity(voice, SAMPLE_RATE) > 0.5
    assert f0.polarity(-voice, SAMPLE_RATE) < -0.5

"""Transport, codebook and alignment on small made-up data."""

import numpy as np

from starling_training import aligner, transport
from starling_training.codebook import KINDS, POOL, POOLED, VOICED, Codebook, colours
from starling_training.signal import MEL_BANDS

RANDOM = np.random.default_rng(1)


def covariance(size):
    x = RANDOM.standard_normal((size, 3 * size))
    return x @ x.T / size


def test_transport_maps_one_covariance_to_another():
    x, y = covariance(8), covariance(8)
    a = transport.between(x, y)
    np.testing.assert_allclose(a @ x @ a.T, y, atol=1e-6)
    np.testing.assert_allclose(a, a.T, atol=1e-9)


def frames(count, offset):
    count_kinds = RANDOM.integers(0, KINDS, count)
    slow = -4 + offset + RANDOM.standard_normal((count, MEL_BANDS))
    return transport.Spoken(slow, 0.3 * RANDOM.standard_normal((count, MEL_BANDS)), count_kinds, np.ones(count))


def test_a_map_moves_the_mean_towards_the_owner():
    model, owner = frames(4000, 0.0), frames(4000, 0.7)
    offset, slow, fast = transport.map_between(model, owner, MEL_BANDS)
    moved = model.slow + offset + model.slow @ slow.T
    assert abs(moved.mean() - owner.slow.mean()) < 0.1
    assert abs(slow).max() < 0.2 and abs(fast).max() < 0.2, "equal covariances need no map"


def test_bands_that_the_owner_does_not_tell_stay():
    offset, slow, _ = transport.map_between(frames(500, 0.0), frames(500, 1.0), 85)
    assert (offset[85:] == 0).all() and np.abs(slow[85:]).max() < 1e-9


def test_smoothing_keeps_a_constant():
    np.testing.assert_allclose(transport.smoothed(np.full((30, 4), 2.5)), 2.5)


def test_codebook_counts_what_it_hears():
    centroids = np.zeros((KINDS, POOLED + 1), np.float32)
    centroids[0, -1], centroids[1, -1] = VOICED, 0
    centroids[2:] = 100
    book = Codebook(centroids, np.zeros((KINDS, MEL_BANDS), np.float32))
    mel = np.zeros((20, MEL_BANDS), np.float32)
    f0 = np.where(np.arange(20) < 12, 100.0, 0.0)
    mel[12:15] = -10  # no speech
    kinds, count, total = book.measure(mel, f0, 85)
    assert count[0] == 12 and count[1] == 5 and (kinds[12:15] == KINDS).all()
    assert total[:, POOL * POOLED :].sum() == 0


def test_colours_of_little_speech_stay_small():
    counts, totals = np.full((1, KINDS), 10, np.float32), np.full((1, KINDS, MEL_BANDS), 10.0, np.float16)
    np.testing.assert_allclose(colours(counts, totals), 0.5)


def test_alignment_finds_the_boundaries_and_skips_what_is_optional():
    tokens, optional = [0, 3, 5, 4, 0], [False, False, True, False, False]
    spoken = np.repeat([0, 3, 4, 0], [2, 4, 3, 2])
    logs = np.full((len(spoken), 6), -8.0)
    logs[np.arange(len(spoken)), spoken] = -0.1
    begins = np.where(np.concatenate([[True], np.diff(spoken) != 0]), 4.0, -4.0)
    durations, _ = aligner.viterbi(tokens, optional, logs, begins)
    assert durations.tolist() == [2, 4, 0, 3, 2]


def test_too_few_units_for_the_tokens():
    assert aligner.viterbi([0, 1, 2, 0], [False] * 4, np.zeros((3, 4)), np.zeros(3)) is None

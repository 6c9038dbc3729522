"""Further speakers out of recordings: durations stay whole units."""

import numpy as np

from starling_training.signal import DURATION_UNIT
from starling_training.vary import boundaries


def test_every_token_keeps_a_unit_and_the_length_follows():
    random = np.random.default_rng(1)
    durations = DURATION_UNIT * random.integers(1, 12, 40)
    for factor in (0.84, 1.0, 1.07, 1.18):
        ends = boundaries(durations, factor)
        spans = np.diff(ends, prepend=0)
        assert (spans >= DURATION_UNIT).all() and (spans % DURATION_UNIT == 0).all()
        assert abs(ends[-1] - durations.sum() / factor) <= DURATION_UNIT
    assert (np.diff(boundaries(durations, 1.0), prepend=0) == durations).all()


def test_many_short_tokens():
    ends = boundaries([DURATION_UNIT] * 20, 2.0)
    assert (np.diff(ends, prepend=0) == DURATION_UNIT).all()

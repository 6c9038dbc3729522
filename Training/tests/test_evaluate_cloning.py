import numpy as np
import pytest

from starling_training.evaluate_cloning import identity


def test_identity_is_1_for_recordings_themselves_and_0_for_somebody_else():
    people = {"ann": {"kind": "recorded"}, "ben": {"kind": "recorded"}}
    ann, ben = np.array([[1.0, 0, 0], [0.8, 0.6, 0]]), np.array([[0, 0, 1.0], [0, 0.6, 0.8]])
    cloned = {"ann": np.array([[0.9, 0.3, 0.0]]), "ben": ann}
    rows = identity(people, {"ann": ann, "ben": ben}, cloned, {})
    assert rows["ann"]["same"] == rows["ben"]["same"] == pytest.approx(0.8)
    assert rows["ann"]["different"] == pytest.approx((ann @ ben.T).mean())
    assert rows["ann"]["identity"] == pytest.approx((0.9 - 0.09) / (0.8 - 0.09))
    assert rows["ben"]["identity"] == pytest.approx(0)

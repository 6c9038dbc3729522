"""What the acoustic model's trainer makes of the rows of packs."""

import types

import numpy as np
import pytest

from starling_training.signal import MEL_BANDS
from starling_training.train_acoustic import FRAMES, RATE, TOKENS, Utterances


def utterances(paces):
    """One voice with two utterances of 40 and 44 frames, without reading packs from disk."""
    random = np.random.default_rng(3)
    frames, profile = (40, 44), 360
    pack = types.SimpleNamespace(
        mel=random.normal(-4, 1, (84, MEL_BANDS)).astype(np.float16), f0=np.full(84, 120.0), tracked=np.full(84, 120.0),
        kinds=np.zeros(84, np.uint8))
    data = Utterances.__new__(Utterances)
    data.random, data.paces = random, paces
    data.rows = [
        (pack, dict(start=start, frames=count, top=MEL_BANDS, voice="a", speed=1.0,
                    tokens=[0, 5, 6, 0], durations=[4, 10, count - 18, 4]))
        for start, count in zip((0, 40), frames)]
    data.voices = {"a": [0, 1]}
    data.vectors, data.known = random.normal(size=(2, profile)).astype(np.float32), np.ones((2, profile), np.float32)
    data.vectors[:, RATE] = 2.0
    data.counts, data.totals = np.ones((2, 4)), np.zeros((2, 4, MEL_BANDS))
    return data


def test_who_asks_for_another_pace_gets_other_durations():
    data = utterances(paces=0.2)
    asked = {}
    for _ in range(200):
        item = data.item(0, training=True)
        if item["known"][RATE]:
            asked[float(item["profile"][RATE])] = np.log(item["speed"])
        else:
            assert item["speed"] == 1 and item["profile"][RATE] == pytest.approx(2.0)
    shifts = np.array(list(asked)) - 2.0
    assert np.allclose(shifts, list(asked.values()), atol=1e-5)
    assert 0.15 < shifts.std() < 0.25


def test_without_training_the_pace_is_as_it_is():
    item = utterances(paces=0.2).item(0, training=False)
    assert item["speed"] == 1 and item["profile"][RATE] == pytest.approx(2.0)


def test_batches_have_few_shapes():
    batch = utterances(paces=0.0).collate([0, 1])
    assert batch["tokens"].shape == batch["durations"].shape == (2, TOKENS)
    assert batch["mel"].shape == (2, FRAMES, MEL_BANDS) and batch["pitch"].shape == batch["kinds"].shape == (2, FRAMES)
    assert (batch["durations"].sum(1) == batch["durations"].new_tensor([40, 44])).all()
    assert batch["profile"].shape == (2, 360)


def test_no_utterance_is_among_its_own_references():
    data = utterances(paces=0.0)
    own, other = (data.rows[0][0].mel[span].astype(np.float32) for span in (slice(0, 40), slice(40, 84)))
    kept = lambda frames: frames[(frames != 0).any(-1)]
    seen = lambda frame, frames: np.isclose((frames - frame).std(-1), 0, atol=1e-3).any()  # but for the level
    for _ in range(50):
        references = kept(data.profile(0, training=True)[3][:, :20])
        assert all(seen(frame, other[:, :20]) and not seen(frame, own[:, :20]) for frame in references)
    assert len(kept(data.profile(0, training=False)[3])) == 44
    data.voices = {"a": [0], "b": [1]}
    for training in (True, False):
        vector, known, _, references = data.profile(0, training)
        assert not references.any() and known.any()
        assert vector[RATE] == pytest.approx(2.0)

import os

import numpy as np
import pytest

from starling_training.evaluate_cloning import as_long, cut, identity, join, lengths, speak


def test_identity_is_1_for_recordings_themselves_and_0_for_somebody_else():
    people = {"ann": {"kind": "recorded"}, "ben": {"kind": "recorded"}}
    ann, ben = np.array([[1.0, 0, 0], [0.8, 0.6, 0]]), np.array([[0, 0, 1.0], [0, 0.6, 0.8]])
    cloned = {"ann": np.array([[0.9, 0.3, 0.0]]), "ben": ann}
    rows = identity(people, {"ann": ann, "ben": ben}, cloned, {})
    assert rows["ann"]["same"] == rows["ben"]["same"] == pytest.approx(0.8)
    assert rows["ann"]["different"] == pytest.approx((ann @ ben.T).mean())
    assert rows["ann"]["identity"] == pytest.approx((0.9 - 0.09) / (0.8 - 0.09))
    assert rows["ben"]["identity"] == pytest.approx(0)


def test_pieces_are_as_long_as_the_clips_in_turn():
    pieces = cut(np.arange(12), [3, 2])
    assert [list(piece) for piece in pieces] == [[0, 1, 2], [3, 4], [5, 6, 7], [8, 9]]
    assert cut(np.arange(2), [3]) == []


def test_clips_are_joined_until_they_are_long_enough():
    clips = [np.full(3, 1), np.full(2, 2), np.full(6, 3), np.full(1, 4)]
    assert [list(clip) for clip in join(clips, 5)] == [[1, 1, 1, 2, 2], [3] * 6]


def test_identity_of_equal_lengths():
    # An encoder that hears the mean, and the more of the voice the longer it listens.
    def embed(clips):
        angles = [np.mean(clip) + 1 / len(clip) for clip in clips]
        return np.array([[np.cos(angle), np.sin(angle)] for angle in angles])

    recordings, clips = [np.zeros(20), np.zeros(20)], [np.full(5, 0.1)] * 8
    recorded, row = embed(recordings), dict(same=1.0, different=0.0)
    found = as_long(embed, recordings, clips, recorded, row)
    assert found["own"] == pytest.approx(np.cos(1 / 5 - 1 / 20))
    assert found["joined"] == pytest.approx(np.cos(0.1))
    assert as_long(embed, [np.zeros(4)] * 2, clips[:1], recorded, row)["own"] is None
    assert as_long(embed, recordings, clips[:2], recorded, row)["joined"] is None


def test_the_table_of_lengths_has_means_by_kind_and_leaves_out_what_was_not_measured():
    people = {"ann": {"kind": "recorded"}, "ben": {"kind": "recorded"}}
    rows = {e: {"ann": dict(identity=0.6, own=0.7, joined=0.8), "ben": dict(identity=0.8, own=0.9, joined=None)}
            for e in ("ge2e", "dvec")}
    assert list(lengths(people, rows, {"ann": (3, 10), "ben": (5, 14)}))[2:] == [
        "| recorded | clones, a sentence each | 4.0 | 0.700 | 0.700 |",
        "| recorded | their owners, cut as short | 4.0 | 0.800 | 0.800 |",
    ]


@pytest.mark.parametrize("way, expected", [({}, set()), ({"adapted": True}, {"ann.txt"}), ({"heard": True}, set())])
def test_a_text_beside_a_recording_counts_only_if_clones_adapt_to_it(tmp_path, monkeypatch, way, expected):
    (tmp_path / "ann.flac").touch()
    (tmp_path / "ann.txt").write_text("What Ann said.", encoding="utf8")
    commands = []
    monkeypatch.setattr("starling_training.evaluate_cloning.run", lambda *command: commands.append(command))
    monkeypatch.setattr("starling_training.evaluate_cloning.say", lambda *rest: [])
    people = {"ann": {"enroll": [str(tmp_path / "ann.flac")], "accent": "american"}}
    speak(people, ["Hello."], str(tmp_path / "out"), "starling", **way)
    (command,) = commands
    recording = next(part for part in command if part.endswith(".flac"))
    assert os.path.samefile(recording, tmp_path / "ann.flac")
    assert {name for name in os.listdir(os.path.dirname(recording)) if name.endswith(".txt")} == expected
    assert ("--transcript" in command) == bool(expected) and ("--adapt" in command) == ("heard" in way)

import os

import numpy as np
import pytest

from starling_training.evaluate_cloning import identity, speak


def test_identity_is_1_for_recordings_themselves_and_0_for_somebody_else():
    people = {"ann": {"kind": "recorded"}, "ben": {"kind": "recorded"}}
    ann, ben = np.array([[1.0, 0, 0], [0.8, 0.6, 0]]), np.array([[0, 0, 1.0], [0, 0.6, 0.8]])
    cloned = {"ann": np.array([[0.9, 0.3, 0.0]]), "ben": ann}
    rows = identity(people, {"ann": ann, "ben": ben}, cloned, {})
    assert rows["ann"]["same"] == rows["ben"]["same"] == pytest.approx(0.8)
    assert rows["ann"]["different"] == pytest.approx((ann @ ben.T).mean())
    assert rows["ann"]["identity"] == pytest.approx((0.9 - 0.09) / (0.8 - 0.09))
    assert rows["ben"]["identity"] == pytest.approx(0)


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

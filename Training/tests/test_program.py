"""What evaluations have the program speak."""

import subprocess

import pytest

from starling_training.program import say


def test_sentences_are_spoken_once(tmp_path):
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\nfor out; do :; done\necho "$@" > "$out"\n')
    program.chmod(0o755)
    paths = say(program, ["One.", "Two."], "ann", f"{tmp_path}/ann", "--model", "small")
    assert paths == [f"{tmp_path}/ann_01.wav", f"{tmp_path}/ann_02.wav"]
    assert open(paths[1]).read() == f"say Two. --voice ann --model small --output {paths[1]}\n"
    (tmp_path / "ann_01.wav").write_text("kept")
    assert say(program, ["One.", "Two."], "ann", f"{tmp_path}/ann") == paths
    assert open(paths[0]).read() == "kept"


def test_a_program_that_fails_is_told(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        say("false", ["One."], "ann", f"{tmp_path}/ann")

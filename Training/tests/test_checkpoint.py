"""What a run leaves behind to resume from."""

import itertools

import torch
from torch import nn

from starling_training import checkpoint


def test_frequent_snapshots_do_not_put_off_what_a_run_resumes_from(tmp_path, monkeypatch):
    clock = itertools.count(0, 20)  # every look at the clock, 20 s have passed
    monkeypatch.setattr(checkpoint.time, "time", lambda: next(clock))
    config = {"seed": 1, "snapshot": 1}
    run = checkpoint.Run(tmp_path, config, model=nn.Linear(2, 2))
    for _ in range(20):
        run.advance({"loss": torch.tensor(1.0)})
    assert (tmp_path / "000020.pt").exists()
    assert checkpoint.Run(tmp_path, config, model=nn.Linear(2, 2)).step > 1


def test_losses_that_not_every_step_has_are_averaged_over_the_steps_that_have_them(tmp_path, capsys):
    run = checkpoint.Run(tmp_path, {"seed": 1}, log_every=4, model=nn.Linear(2, 2))
    for step in range(4):
        run.advance({"always": torch.tensor(1.0)} | ({"seldom": torch.tensor(3.0)} if step == 2 else {}))
    assert "always 1.0000 seldom 3.0000" in capsys.readouterr().out

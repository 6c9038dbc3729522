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

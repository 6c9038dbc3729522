"""The pace head: what it is taught, and how it is stored."""

import numpy as np
import torch
from safetensors.torch import save_file

from starling_training.content import PaceHead
from starling_training.profile import SPOKEN, log_rate
from starling_training.train_pace import targets, write


def test_targets_add_up_to_the_pace():
    sound = sorted(SPOKEN)[:3]
    row = dict(tokens=[0, *sound, 0], durations=[6, 10, 7, 13, 4])
    wanted = targets(row, 1.0, 20, 2).sum(0)
    assert np.allclose(wanted, [15, 3], atol=1e-5), "30 frames are 15 steps; three phonemes"
    assert np.isclose(np.log(2 * wanted[0] / wanted[1]), log_rate(row["durations"], row["tokens"]), atol=1e-5)
    slower = targets(row, 1.5, 30, 2).sum(0)
    assert np.allclose(slower, [22.5, 3], atol=1e-4)


def test_a_stored_head_hears_the_same(tmp_path):
    torch.manual_seed(3)
    path = str(tmp_path / "content.safetensors")
    save_file({"input.bias": torch.zeros(4)}, path, {"config": "{}"})
    head, states = PaceHead(8, 6), torch.randn(2, 15, 6)
    head.scale = torch.rand(6) + 0.5
    write(head, torch.ones(1, 5), path)
    stored, condition = PaceHead.load(path)
    assert condition.shape == (1, 5)
    assert torch.allclose(stored.pace(states), head.pace(states), atol=0.02), "matrices are bfloat16 there"

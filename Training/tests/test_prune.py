"""Smaller networks that start from greater ones."""

from dataclasses import replace

import torch

from starling_training.acoustic import AcousticConfig, AcousticModel
from starling_training.prune import keep_hidden, prune, renumber
from starling_training.vocoder import Vocoder, VocoderConfig


def test_left_out_blocks_close_up():
    state = {f"decoder.blocks.{i}.x": torch.tensor(float(i)) for i in range(4)} | {"output.weight": torch.ones(1)}
    found = renumber(state, "decoder", [0, 2])
    assert {k: float(v) for k, v in found.items()} == {"decoder.blocks.0.x": 1.0, "decoder.blocks.1.x": 3.0, "output.weight": 1.0}


def test_the_greatest_hidden_channels_stay():
    up, down = torch.zeros(3, 2, 1), torch.ones(2, 3)
    up[1], up[2] = 5.0, 1.0
    state = {"b.up.weight": up, "b.up.bias": torch.arange(3.0), "b.down.weight": down}
    keep_hidden(state, "b", 2)
    assert state["b.up.bias"].tolist() == [1.0, 2.0] and state["b.down.weight"].shape == (2, 2)


def test_a_pruned_vocoder_keeps_the_blocks_that_stay():
    torch.manual_seed(1)
    config = VocoderConfig(width=16, blocks=3)
    old = Vocoder(config)
    new = prune(old.state_dict(), Vocoder(replace(config, blocks=2)), {"": [1]})
    assert torch.equal(new.blocks[1].up.weight, old.blocks[2].up.weight)
    assert torch.equal(new.output.weight, old.output.weight)
    narrow = prune(old.state_dict(), Vocoder(replace(config, blocks=2, expansion=2)), {"": [1]})
    assert narrow.blocks[1].up.weight.shape[0] == 32 and torch.equal(narrow.blocks[1].scale, old.blocks[2].scale)


def test_a_pruned_acoustic_model_changes_as_little_as_its_blocks_did():
    torch.manual_seed(2)
    config = AcousticConfig(
        width=32, condition=16, heads=2, encoder_blocks=3, decoder_blocks=3, prosody_blocks=2, hidden=32, decoder_hidden=24,
        stride=2, prosody_kernel=5, references=True, languages=3, kinds=4, version=4)
    old = AcousticModel(config).eval()
    silent = old.encoder.blocks[1]  # adds nothing to what passes it
    for layer in (silent.project, silent.down):
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    new = prune(old.state_dict(), AcousticModel(replace(config, encoder_blocks=2)), {"encoder": [1]}).eval()
    tokens, condition = torch.tensor([[0, 20, 30, 0]]), torch.randn(1, 16)
    there = torch.ones_like(tokens, dtype=torch.bool)
    for one, other in zip(old.encode(tokens, condition, there), new.encode(tokens, condition, there)):
        torch.testing.assert_close(one, other)
    assert new.decoder.blocks[0].up.weight.shape[0] == 24

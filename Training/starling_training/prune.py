"""Starts a smaller acoustic model or vocoder from an exported one: the same weights, without some blocks.

    python -m starling_training.prune ../data/acoustic.safetensors CONFIG.json OUT.safetensors

"leave_out" in the configuration names the blocks that go, by where they are: {"encoder": [1, 2], "decoder": [1]} of an acoustic
model, {"": [2, 4]} of a vocoder. Of the hidden channels of the decoder's or the vocoder's blocks those stay whose weights are
greatest. What stays must be what the configuration's "model" says.
"""

import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from .acoustic import AcousticConfig, AcousticModel
from .vocoder import Vocoder, VocoderConfig


def renumber(old: dict[str, torch.Tensor], part: str, leave_out: list[int]) -> dict[str, torch.Tensor]:
    """The state with the blocks of a part renumbered after some were left out."""
    out, prefix = {}, f"{part}.blocks.".removeprefix(".")
    for name, value in old.items():
        if name.startswith(prefix):
            index, rest = name.removeprefix(prefix).split(".", 1)
            if int(index) in leave_out:
                continue
            name = f"{prefix}{int(index) - sum(i < int(index) for i in leave_out)}.{rest}"
        out[name] = value
    return out


def keep_hidden(state: dict[str, torch.Tensor], block: str, count: int) -> None:
    """The feed-forward part of a block with the `count` hidden channels of the greatest weights."""
    up, down = state[f"{block}.up.weight"], state[f"{block}.down.weight"]
    size = up.flatten(1).norm(dim=1) * down.norm(dim=0)
    kept = size.topk(count).indices.sort().values
    state[f"{block}.up.weight"], state[f"{block}.up.bias"] = up[kept], state[f"{block}.up.bias"][kept]
    state[f"{block}.down.weight"] = down[:, kept]


def prune(old: dict[str, torch.Tensor], model: nn.Module, leave_out: dict[str, list[int]]) -> nn.Module:
    """`model`, which is the smaller one, with the weights that it keeps of the state `old`."""
    state = old
    for part, blocks in leave_out.items():
        state = renumber(state, part, blocks)
    narrowed, count, hidden = (
        ("decoder.blocks", model.config.decoder_blocks, model.config.decoder_hidden or model.config.hidden)
        if isinstance(model, AcousticModel)
        else ("blocks", model.config.blocks, model.config.width * model.config.expansion)
    )
    for index in range(count):
        keep_hidden(state, f"{narrowed}.{index}", hidden)
    model.load_state_dict(state)
    return model


def main(source, config, target):
    with open(config) as file:
        config = json.load(file)
    old = {name: value.float() for name, value in load_file(source).items()}
    with safe_open(source, "pt") as file:
        metadata = file.metadata()
    size = config["model"]
    small = AcousticModel(AcousticConfig(**size)) if "condition" in size else Vocoder(VocoderConfig(**size))
    model = prune(old, small, config["leave_out"])
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    save_file(state, target, metadata | dict(config=json.dumps(model.describe())))
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Starts an acoustic model of stride 2 from one of stride 1: its weights, as far as they have a place.

    python -m starling_training.upcycle_acoustic ../data/acoustic.safetensors CONFIG.json OUT.safetensors

What works on phonemes, and what works on every frame alone, stays as it is. Convolutions over frames become convolutions over
steps (upcycle_vocoder.spread_taps); layers that make a frame make every frame of a step alike at first. "leave_out" in the
configuration names the blocks of `decoder` and `prosody` that have no place. Of the decoder's hidden channels those stay whose
weights are greatest. The decoder attends to no reference frames yet, and languages make no difference.
"""

import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from .acoustic import AcousticConfig, AcousticModel
from .prune import keep_hidden, renumber
from .upcycle_vocoder import spread_taps


def upcycle(old: dict[str, torch.Tensor], config: AcousticConfig, leave_out: dict[str, list[int]]) -> AcousticModel:
    model = AcousticModel(config)
    state = old
    for part, blocks in leave_out.items():
        state = renumber(state, part, blocks)
    for index in range(config.decoder_blocks):
        block = f"decoder.blocks.{index}"
        state[f"{block}.up.weight"] = spread_taps(state[f"{block}.up.weight"], 3)
        if config.decoder_hidden:
            keep_hidden(state, block, config.decoder_hidden)
    for index in range(config.prosody_blocks):
        name = f"prosody.blocks.{index}.depthwise.weight"
        state[name] = spread_taps(state[name], config.prosody_kernel)
    controls = spread_taps(state["controls.weight"], 3) / config.stride  # [C, 4, taps], of frames that are alike
    state["controls.weight"] = controls.repeat(1, config.stride, 1)
    for name in ("prosody.output", "output", "gate"):
        state[f"{name}.weight"] = state[f"{name}.weight"].repeat(config.stride, 1)
        state[f"{name}.bias"] = state[f"{name}.bias"].repeat(config.stride)
    missing, unknown = model.load_state_dict(state, strict=False)
    assert not unknown and all(n.split(".")[0] in ("reference", "frame_mark", "language") for n in missing), (missing, unknown)
    return model


def main(source, config, target):
    config = json.load(open(config))
    old = {name: value.float() for name, value in load_file(source).items()}
    with safe_open(source, "pt") as file:
        metadata = file.metadata()
    model = upcycle(old, AcousticConfig(**config["model"]), config["leave_out"])
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, target, metadata | dict(config=json.dumps(model.describe())))
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Starts a vocoder of stride 2 from one of stride 1: its weights, as far as they have a place.

    python -m starling_training.upcycle_vocoder ../data/vocoder.safetensors CONFIG.json OUT.pt

A frame's point-wise layers, which hold most of what was learned, stay as they are. The taps of a convolution over frames go
to the steps that hold those frames, from odd frames half to each neighbour. Knots take the mean of the bins around them.
"leave_out" in the configuration names the blocks that have no place.
"""

import json
import sys

import torch
from safetensors.torch import load_file

from .signal import BINS, MEL_BANDS
from .vocoder import Vocoder, VocoderConfig, spread

PARTS = 5  # of BINS each, in stride 1


def spread_taps(kernel: torch.Tensor, taps: int) -> torch.Tensor:
    """Depthwise kernels [C, 1, K] over frames as [C, 1, taps] over steps of two frames."""
    out = kernel.new_zeros(*kernel.shape[:-1], taps)
    half, middle = kernel.shape[-1] // 2, taps // 2
    for offset in range(-half, half + 1):
        for step, share in ((offset // 2, 0.5), (-(-offset // 2), 0.5)):
            out[..., min(max(middle + step, 0), taps - 1)] += share * kernel[..., offset + half]
    return out


def first_layer(kernel: torch.Tensor, config: VocoderConfig) -> torch.Tensor:
    """A kernel [C, M + 2, K] over frames as [C, (M + 2) stride, taps], centred between the two frames of a step."""
    channels, inputs, taps = kernel.shape
    out = kernel.new_zeros(channels, config.stride, inputs, config.kernel)
    for tap in range(taps):
        for centre in range(config.stride):  # half as if seen from the step's first frame, half from its second
            frame = tap - taps // 2 + centre + config.kernel // 2 * config.stride
            step, place = divmod(frame, config.stride)
            if 0 <= step < config.kernel:
                out[:, place, :, step] += kernel[..., tap] / config.stride
    return out.flatten(1, 2)


def upcycle(old: dict[str, torch.Tensor], config: VocoderConfig, leave_out: list[int]) -> Vocoder:
    model = Vocoder(config)
    state = model.state_dict()
    count = len({name.split(".")[1] for name in old if name.startswith("blocks.")})
    for new, index in enumerate(i for i in range(count) if i not in leave_out):
        for name in [n for n in old if n.startswith(f"blocks.{index}.")]:
            value = old[name]
            state[name.replace(f".{index}.", f".{new}.", 1)] = (
                spread_taps(value, config.kernel) if name.endswith("depthwise.weight") else value)
    state["input.weight"], state["input.bias"] = first_layer(old["input.weight"], config), old["input.bias"]
    state |= {name: old[name] for name in ("norm.weight", "norm.bias")}
    knots = spread(torch.eye(config.knots)[None], config.fine)[0].T  # [G, F], the share of each knot in each bin
    knots = knots / knots.sum(1, keepdim=True)
    rows = lambda name: old[name].view(PARTS, BINS, -1)
    for name in ("output.weight", "output.bias"):
        parts = [knots @ rows(name)[i] if i < 3 else rows(name)[i][: config.fine] for i in range(PARTS)]
        state[name] = torch.cat(parts).repeat(config.stride, 1).view_as(state[name])
    model.load_state_dict(state)
    return model


if __name__ == "__main__":
    source, config, target = sys.argv[1:]
    config = json.load(open(config))
    old = {name: value.float() for name, value in load_file(source).items()}
    model = upcycle(old, VocoderConfig(**config["model"]), config["leave_out"])
    torch.save(dict(average=model.state_dict(), step=0, config=config), target)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters")

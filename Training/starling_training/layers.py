"""Layers as they are fast on a CPU: what is in time is [B, L, C], channels last, throughout.

Letters: B batch, L steps in time, C channels, K taps.
"""

import torch
from torch.nn import functional


def convolve(x, layer):
    """What an `nn.Conv1d` without groups makes of x [B, L, C], channels last: one product, and nothing is transposed."""
    (taps,), (stride,), (dilation,), (padding,) = layer.kernel_size, layer.stride, layer.dilation, layer.padding
    x = functional.pad(x, (0, 0, padding, padding))
    length = x.shape[1] - dilation * (taps - 1)
    columns = torch.cat([x[:, tap * dilation : tap * dilation + length : stride] for tap in range(taps)], -1)
    return functional.linear(columns, layer.weight.transpose(1, 2).flatten(1), layer.bias)


def convolve_each(x, layer):
    """What an `nn.Conv1d` with a group for each channel makes of x [B, L, C], channels last."""
    (taps,), (padding,) = layer.kernel_size, layer.padding
    x = functional.pad(x, (0, 0, padding, padding))
    length = x.shape[1] - taps + 1
    weight = layer.weight[:, 0].to(x.dtype)
    return sum(x[:, tap : tap + length] * weight[:, tap] for tap in range(taps)) + layer.bias.to(x.dtype)

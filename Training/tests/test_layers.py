"""Convolutions with channels last give what PyTorch's give."""

import pytest
import torch
from torch import nn

from starling_training.layers import convolve, convolve_each


@pytest.mark.parametrize("layer", [
    nn.Conv1d(5, 7, 3, padding=1), nn.Conv1d(5, 4, 3, padding=4, dilation=4), nn.Conv1d(5, 6, 6, stride=2, padding=2),
    nn.Conv1d(5, 6, 8, stride=2, padding=3)])
def test_convolution(layer):
    x = torch.randn(2, 19, 5)
    expected = layer(x.transpose(1, 2)).transpose(1, 2)
    assert torch.allclose(convolve(x, layer), expected, atol=1e-5)


@pytest.mark.parametrize("taps", [5, 9])
def test_convolution_of_each_channel(taps):
    layer, x = nn.Conv1d(6, 6, taps, padding=taps // 2, groups=6), torch.randn(2, 13, 6)
    expected = layer(x.transpose(1, 2)).transpose(1, 2)
    assert torch.allclose(convolve_each(x, layer), expected, atol=1e-5)

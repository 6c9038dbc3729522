"""The vocoder, its losses and its start from an older one."""

import numpy as np
import pytest
import torch

from starling_training.losses import counted_bands, mel_l1, multi_resolution_stft
from starling_training.signal import BINS, HOP, MEL_BANDS, log_mel
from starling_training.upcycle_vocoder import first_layer, spread_taps, upcycle
from starling_training.vocoder import COARSE, Vocoder, VocoderConfig, spread

SMALL = VocoderConfig(width=16, blocks=2)


def test_lines_between_knots():
    config = VocoderConfig()
    knots = torch.randn(1, 3, config.knots)
    places = np.concatenate([np.arange(config.fine), np.arange(config.fine, BINS, COARSE)])
    assert len(places) == config.knots and places[-1] == BINS - 1
    expected = np.stack([np.interp(np.arange(BINS), places, row) for row in knots[0].numpy()], 1)
    np.testing.assert_allclose(spread(knots, config.fine)[0].numpy(), expected, atol=1e-5)


def test_a_knot_for_every_bin_is_the_first_generation():
    config = VocoderConfig(stride=1, fine=BINS)
    assert config.parts == (BINS,) * 5
    knots = torch.randn(1, 2, BINS)
    torch.testing.assert_close(spread(knots, BINS), knots.transpose(1, 2))


@pytest.mark.parametrize("frames", [6, 7, 40, 41])
def test_every_length(frames):
    model = Vocoder(SMALL)
    samples = model(torch.full((1, MEL_BANDS, frames), -4.0), torch.full((1, frames), 150.0), torch.zeros(1, frames))
    assert samples.shape == (1, frames * HOP) and samples.isfinite().all()


def test_features_hold_the_frames_of_a_step_side_by_side():
    mel, f0 = torch.randn(1, MEL_BANDS, 5), torch.tensor([[0.0, 100, 200, 0, 300]])
    features = Vocoder(SMALL).features(mel, f0)
    assert features.shape == (1, 2 * (MEL_BANDS + 2), 3)
    torch.testing.assert_close(features[0, MEL_BANDS + 2 : 2 * MEL_BANDS + 2, 1], (mel[0, :, 3] + 5) / 3)
    assert features[0, MEL_BANDS + 1, 1] == 1 and features[0, 2 * MEL_BANDS + 3, 1] == 0
    assert (features[0, MEL_BANDS + 2 :, 2] == 0).all(), "the missing frame is filled with zeros"


def test_taps_keep_their_sum_and_even_ones_their_place():
    kernel = torch.tensor([[[0.0, 1, 0, 2, 0, 4, 0]]])  # frames -2, 0 and 2: steps -1, 0 and 1
    torch.testing.assert_close(spread_taps(kernel, 5), torch.tensor([[[0.0, 1, 2, 4, 0]]]))
    kernel = torch.randn(3, 1, 7)
    torch.testing.assert_close(spread_taps(kernel, 5).sum(2), kernel.sum(2))


def test_the_first_layer_hears_a_steady_spectrum_as_before():
    kernel = torch.randn(4, MEL_BANDS + 2, 7)
    steady = torch.randn(MEL_BANDS + 2)
    before = torch.einsum("cik,i->c", kernel, steady)
    after = torch.einsum("cik,i->c", first_layer(kernel, SMALL), steady.repeat(SMALL.stride))
    torch.testing.assert_close(before, after, atol=1e-3, rtol=1e-4)


def test_upcycling_keeps_pointwise_layers_and_averages_the_output():
    old = Vocoder(VocoderConfig(width=16, blocks=3, kernel=7, stride=1, fine=BINS)).state_dict()
    new = upcycle(old, SMALL, leave_out=[1]).state_dict()
    assert torch.equal(new["blocks.1.up.weight"], old["blocks.2.up.weight"])
    per_frame = len(new["output.bias"]) // SMALL.stride
    assert torch.equal(new["output.weight"][:per_frame], new["output.weight"][per_frame:])
    assert torch.equal(new["output.weight"][: SMALL.fine - 1], old["output.weight"][: SMALL.fine - 1])


def test_what_lies_above_the_limit_does_not_count():
    torch.manual_seed(0)
    target = 0.1 * torch.randn(1, 9600)
    spectrum = torch.fft.rfft(torch.randn(1, 9600))
    spectrum[:, : 9600 * 9 // 24] = 0  # below 9 kHz
    high = torch.fft.irfft(spectrum)
    limits = torch.tensor([7600.0])
    for loss in (multi_resolution_stft, lambda y, x, limits: mel_l1(y, log_mel(x), limits)):
        clean, noisy = float(loss(target, target, limits)), float(loss(target + high, target, limits))
        assert noisy < clean + 0.1, "leakage alone"
        assert float(loss(target + high, target, torch.tensor([12_000.0]))) > noisy + 0.1


def test_bands_below_7600():
    assert int(counted_bands(torch.tensor([7600.0])).sum()) == 85

"""The discriminators learn what is real, and their judgement reaches the mel."""

import torch

from starling_training.adversary import Adversary
from starling_training.discriminator import MelDiscriminator, SpectrogramDiscriminators
from starling_training.signal import MEL_BANDS, SAMPLE_RATE


def test_discriminator_of_mels_tells_fog_from_detail():
    torch.manual_seed(1)
    adversary, bands = Adversary(MelDiscriminator(4), 2e-3), torch.ones(6, MEL_BANDS)
    sharp = torch.randn(6, 40, MEL_BANDS) - 5
    fog = torch.full_like(sharp, -5.0)
    first = float(adversary.learn(fog, sharp, bands))
    for _ in range(60):
        last = float(adversary.learn(fog, sharp, bands))
    assert last < 0.3 * first
    fog.requires_grad_()
    losses = adversary.judge(fog, sharp, bands)
    assert float(losses["generator"].detach()) > 0.5
    (losses["generator"] + losses["features"]).backward()
    assert fog.grad.abs().sum() > 0
    assert all(parameter.grad is None or not parameter.requires_grad for parameter in adversary.discriminators.parameters())


def test_bands_that_were_not_recorded_do_not_count():
    torch.manual_seed(2)
    discriminator, bands = MelDiscriminator(4), torch.ones(2, MEL_BANDS)
    bands[:, 85:] = 0
    mel = torch.randn(2, 24, MEL_BANDS)
    other = mel.clone()
    other[..., 85:] += 3
    torch.testing.assert_close(discriminator(mel, bands)[0][0], discriminator(other, bands)[0][0])


def test_spectrogram_discriminators_look_up_to_the_limit():
    torch.manual_seed(3)
    discriminators, limit = SpectrogramDiscriminators(4), torch.tensor([4000.0])
    time = torch.arange(6000) / SAMPLE_RATE
    low = (torch.sin(2 * torch.pi * 500 * time) + 0.01 * torch.randn(6000))[None]
    high = low + torch.sin(2 * torch.pi * 9000 * time)

    def difference(limit):
        scores = [torch.cat([score.flatten() for score, _ in discriminators(samples, limit)]) for samples in (low, high)]
        return float((scores[0] - scores[1]).abs().mean())

    assert difference(torch.tensor([SAMPLE_RATE / 2])) > 5 * difference(limit)

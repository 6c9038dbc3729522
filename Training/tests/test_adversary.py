"""The discriminators learn what is real, and their judgement reaches the mel."""

import torch

from starling_training.adversary import Adversary
from starling_training.discriminator import MelDiscriminator, SpeakerDiscriminator, SpectrogramDiscriminators
from starling_training.signal import MEL_BANDS, SAMPLE_RATE


def test_discriminator_of_mels_tells_fog_from_detail():
    torch.manual_seed(1)
    adversary, bands = Adversary(MelDiscriminator(4), 2e-3), torch.ones(6, MEL_BANDS)
    sharp = torch.randn(6, 40, MEL_BANDS) - 5
    fog = torch.full_like(sharp, -5.0)
    first = float(adversary.learn((sharp, bands), (fog, bands)))
    for _ in range(60):
        last = float(adversary.learn((sharp, bands), (fog, bands)))
    assert last < 0.3 * first
    fog.requires_grad_()
    losses = adversary.judge((fog, bands), (sharp, bands))
    assert float(losses["generator"].detach()) > 0.5
    (losses["generator"] + losses["features"]).backward()
    assert fog.grad.abs().sum() > 0
    assert all(parameter.grad is None or not parameter.requires_grad for parameter in adversary.discriminators.parameters())


def test_discriminator_of_speakers_tells_whose_mel_it_is():
    torch.manual_seed(4)
    adversary = Adversary(SpeakerDiscriminator(16, 8), 4e-3)
    timbres, embeddings = torch.randn(6, 1, MEL_BANDS), torch.randn(6, 8)
    true = lambda: timbres + 0.3 * torch.randn(6, 40, MEL_BANDS) - 5
    for _ in range(150):
        mel = true()
        adversary.learn((mel, embeddings), (mel, embeddings.roll(1, 0)), (mel, embeddings.roll(2, 0)))
    mel = true()
    own, others = (float(adversary.discriminators(mel, embeddings.roll(shift, 0))[0][0].mean().detach()) for shift in (0, 1))
    assert own > others + 0.5


def test_speakers_are_not_told_by_how_far_up_a_recording_goes():
    torch.manual_seed(5)
    discriminator, embeddings = SpeakerDiscriminator(16, 8), torch.randn(2, 8)
    mel = torch.randn(2, 24, MEL_BANDS)
    cut = mel.clone()
    cut[..., 85:] = -11
    torch.testing.assert_close(discriminator(mel, embeddings)[0][0], discriminator(cut, embeddings)[0][0])


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

"""The acoustic model of several frames a step, its references, and its start from one of a frame a step."""

import torch

from starling_training.acoustic import EMBEDDING, STATISTICS, AcousticConfig, AcousticModel, whole_steps
from starling_training.signal import MEL_BANDS
from starling_training.upcycle_acoustic import upcycle

SMALL = dict(width=32, condition=16, heads=2, encoder_blocks=1, hidden=32, kinds=4)
ONE = AcousticConfig(**SMALL, decoder_blocks=3, prosody_blocks=2, version=3)
TWO = AcousticConfig(
    **SMALL, decoder_blocks=2, prosody_blocks=1, decoder_hidden=24, stride=2, prosody_kernel=5, references=True, languages=3,
    version=4)
PROFILE = EMBEDDING + STATISTICS + MEL_BANDS


def speak(model, references=None, language=None, **more):
    torch.manual_seed(1)
    profile = torch.randn(1, PROFILE)
    profile[:, EMBEDDING : EMBEDDING + 2] = torch.tensor([5.0, 0.2])
    return model.synthesize(
        torch.tensor([[0, 20, 30, 3, 0]]), profile, torch.ones(1, PROFILE), torch.randn(1, 4, MEL_BANDS), references=references,
        language=language, **more)


def test_durations_are_whole_steps():
    mel, f0, durations = speak(AcousticModel(TWO), torch.zeros(1, 6, MEL_BANDS), torch.tensor([1]))
    assert (durations % 2 == 0).all() and mel.shape == (1, int(durations.sum()), MEL_BANDS) and f0.shape == mel.shape[:2]


def test_another_speed_divides_what_is_said_at_speed_one():
    wanted = torch.tensor([0.2, 2.6, 3.4, 0.1, 5.5, 2.4])
    assert whole_steps(wanted, 1).tolist() == [1, 3, 3, 1, 6, 2]
    for speed in (0.8, 0.83, 1.2):
        assert abs(int(whole_steps(wanted, speed).sum()) - 16 / speed) <= 1


def test_frames_and_steps_are_inverse():
    model = AcousticModel(TWO)
    x = torch.randn(2, 3, 8)  # [B, L, T]
    steps = model.steps(x.transpose(1, 2))
    torch.testing.assert_close(model.frames(steps, 3).transpose(1, 2), x)


def test_empty_references_do_not_count():
    torch.manual_seed(2)
    model = AcousticModel(TWO).eval()
    for block in model.decoder.blocks:
        torch.nn.init.normal_(block.voice.project.weight)
    some = torch.cat([torch.randn(1, 5, MEL_BANDS) - 4, torch.zeros(1, 3, MEL_BANDS)], 1)
    padded = speak(model, some, torch.tensor([0]))[0]
    torch.testing.assert_close(speak(model, some[:, :5], torch.tensor([0]))[0], padded, atol=1e-4, rtol=1e-4)
    other = speak(model, some + 0.5 * (some != 0), torch.tensor([0]))[0]
    assert (other - padded).abs().max() > 1e-3, "what is there does count"


def test_without_references_the_voice_is_heard_all_the_same():
    model = AcousticModel(TWO).eval()
    assert speak(model, torch.zeros(1, 8, MEL_BANDS), torch.tensor([0]))[0].isfinite().all()


def test_upcycling_keeps_what_works_on_phonemes_and_changes_little():
    torch.manual_seed(3)
    old = AcousticModel(ONE).eval()
    new = upcycle(
        {k: v.clone() for k, v in old.state_dict().items()}, TWO, {"decoder": [1], "prosody": [0]}).eval()
    assert torch.equal(new.encoder.blocks[0].qkv.weight, old.encoder.blocks[0].qkv.weight)
    assert torch.equal(new.decoder.blocks[1].qkv.weight, old.decoder.blocks[2].qkv.weight)
    durations = torch.tensor([[4, 6, 8, 6, 4]])
    references, language = torch.zeros(1, 8, MEL_BANDS), torch.tensor([0])
    mel = speak(new, references, language, durations=durations)[0]
    assert torch.equal(mel[:, ::2], mel[:, 1::2]), "the frames of a step are alike at first"

"""The listeners in the acoustic model's loss hear what is said and who says it, and nothing of what is padded."""

import torch

from starling_training import aligner
from starling_training.aligner import Aligner, AlignerConfig
from starling_training.listener import Recognizer
from starling_training.signal import MEL_BANDS
from starling_training.train_acoustic import exchanged


def recognizer(tmp_path):
    torch.manual_seed(1)
    config = dict(width=16, dilations=(1, 2))
    model = Aligner(AlignerConfig(**config))
    torch.save(dict(average=model.state_dict(), config=dict(model=config)), tmp_path / "aligner.pt")
    return Recognizer(str(tmp_path / "aligner.pt"))


def test_the_same_sounds_are_no_distance_apart_and_others_teach_the_mel(tmp_path):
    ear, mask = recognizer(tmp_path), torch.ones(1, 40, dtype=torch.bool)
    true, other = torch.randn(2, 1, 40, MEL_BANDS) - 5
    assert float(ear.distance(true, true, mask)) < 1e-4
    other.requires_grad_()
    distance = ear.distance(other, true, mask)
    distance.backward()
    assert float(distance.detach()) > 1e-3 and other.grad.abs().sum() > 0


def test_padding_is_not_heard(tmp_path):
    ear, mel = recognizer(tmp_path), torch.randn(1, 40, MEL_BANDS) - 5
    padded = torch.cat([mel, torch.zeros(1, 24, MEL_BANDS)], 1)
    mask = torch.arange(64)[None] < 40
    torch.testing.assert_close(ear.logits(padded, mask)[:, :16], ear.logits(mel, mask[:, :40])[:, :16])


def test_features_of_whole_utterances_are_those_without_a_mask():
    power = torch.rand(2, 30, aligner.BINS)
    mel = power @ aligner.filters().T
    torch.testing.assert_close(aligner.features(power), aligner.log_features(mel, torch.ones(2, 30, 1)))


def test_loudness_and_equalisers_are_not_heard(tmp_path):
    ear, mask = recognizer(tmp_path), torch.ones(1, 40, dtype=torch.bool)
    mel = torch.randn(1, 40, MEL_BANDS) * 0.3 - 3
    torch.testing.assert_close(ear.logits(mel + 0.5, mask), ear.logits(mel, mask), atol=1e-3, rtol=1e-3)


def test_exchanged_utterances_keep_their_words_and_take_the_speaker_before():
    names = ("profile", "known", "colours", "references")
    batch = {name: torch.arange(3.0) for name in (*names, "tokens", "mel", "language")}
    others = exchanged(batch)
    assert all(others[name].tolist() == [2, 0, 1] for name in names)
    assert all(others[name].tolist() == [0, 1, 2] for name in ("tokens", "mel", "language"))

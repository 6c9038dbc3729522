"""Blending: what reads text is the new one's, what makes the sound lies between both."""

import pytest
import torch

from starling_training.acoustic import AcousticConfig, AcousticModel
from starling_training.blend import SOUND, blended

SMALL = AcousticConfig(
    width=16, condition=8, heads=2, encoder_blocks=1, decoder_blocks=1, prosody_blocks=1, hidden=16, stride=2,
    references=True, languages=3, version=4)


def test_sound_is_blended_and_text_is_not():
    torch.manual_seed(1)
    new, old = AcousticModel(SMALL).state_dict(), AcousticModel(SMALL).state_dict()
    result = blended(new, old, 0.25)
    assert result.keys() == new.keys()
    for name, value in result.items():
        expected = 0.25 * new[name] + 0.75 * old[name] if name.startswith(SOUND) else new[name]
        assert torch.allclose(value, expected, atol=1e-6), name
    text = {name.split(".")[0] for name in result if not name.startswith(SOUND)}
    assert {"embedding", "encoder", "language", "duration", "prosody"} <= text


def test_every_name_of_the_sound_is_in_the_network():
    names = AcousticModel(SMALL).state_dict()
    assert all(any(name.startswith(part) for name in names) for part in SOUND)


def test_other_networks_are_refused():
    with pytest.raises(SystemExit, match="only one has b"):
        blended({"a": torch.zeros(1)}, {"a": torch.zeros(1), "b": torch.zeros(1)}, 0.5)

"""Who speaks the teacher's corpora."""

import random

import numpy as np

from starling_training.teach import HELD_OUT, OWN, speakers

NAMES = ("af_heart", "af_bella", "am_echo", "bf_alice", "bm_george", *(name for names in OWN.values() for name in names))
PACKS = {name: np.full((3, 256), number, np.float32) for number, name in enumerate(NAMES)}


def mix(packs, recipe):
    return sum(share * packs[name] for name, share in recipe.items())


def test_polyglots_are_the_same_people_in_every_language():
    spanish, english = (speakers(PACKS, mix, language, ["polyglot:2"], random.Random(language), "5") for language in ("es", "en"))
    for number in range(8):
        (name, pack), (other, same) = spanish(number), english(number)
        assert name == other and np.array_equal(pack, same)
    assert len(spanish.recipes) == 4
    for recipe in spanish.recipes.values():
        assert abs(sum(recipe.values()) - 1) < 1e-3 and not set(recipe) & set(HELD_OUT)
        assert all(set(recipe) & set(OWN[language]) for language in ("es", "it", "fr"))


def test_new_voices_of_a_language_hold_a_part_of_its_own():
    speaker = speakers(PACKS, mix, "it", ["new:3"], random.Random(1), "5")
    names = [speaker(number)[0] for number in range(6)]
    assert names == ["itnew5_0000"] * 3 + ["itnew5_0001"] * 3
    assert all(set(recipe) & set(OWN["it"]) for recipe in speaker.recipes.values())

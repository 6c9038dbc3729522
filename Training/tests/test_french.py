"""The conventions that French words are put into, and the alignment of their letters."""

import pytest

from frontend.alignment import cost_of, train, units
from frontend.french import train_letters, words


@pytest.mark.parametrize("word, phonemes, expected", [
    ("appeler", "apəle", "aple"), ("gouvernement", "ɡuvɛʁnəmɑ̃", "ɡuvɛʁnəmɑ̃"), ("fenêtre", "fənɛtʁ", "fənɛtʁ"),
    ("atelier", "atəlje", "atəlje"), ("nuit", "nɥit", "nyit"), ("parking", "paʁkiŋɡ", "paʁkiŋ"), ("ouvrier", "uvʁije", "uvʁie"),
    ("produit", "pʁɔdɥi", "pʁodyi"), ("commence", "kɔmɑ̃s", "kɔmɑ̃s"), ("côte", "kot", "koːt"), ("cote", "kɔt", "kɔt"),
    ("hôtel", "otɛl", "otɛl"), ("promesse", "pʁɔmes", "pʁomɛs"), ("retrouve", "ʁetʁuv", "ʁətʁuv"), ("intelligence", "ɛ̃telliʒɑ̃s", "ɛ̃teliʒɑ̃s"),
])
def test_conventions(word, phonemes, expected):
    assert words.conventional(word, phonemes) == expected


@pytest.mark.parametrize("phonemes, expected", [("mɛzɔ̃", "mɛzˈɔ̃"), ("lə", "lˈə"), ("kɛlkə", "kˈɛlkə"), ("koːt", "kˈoːt")])
def test_stress_stands_before_the_last_full_vowel(phonemes, expected):
    assert words.stressed(phonemes) == expected


def test_nasal_vowels_are_one_unit():
    assert units("ɑ̃fˈɑ̃") == ("ɑ̃", "f", "ˈɑ̃")


def test_what_letters_do_not_say_costs_more():
    pairs = [("ami", "ami"), ("mali", "mali"), ("lima", "lima"), ("mila", "mila")] * 3
    cost = train(pairs)
    assert cost_of("mima", "mima", cost) < cost_of("mima", "llll", cost)


def test_features_do_not_look_beyond_the_reach():
    short, long = train_letters.padded("mot"), train_letters.padded("mot" + "s" * 9)
    assert train_letters.features(short, 0, 0, 0)[0] == train_letters.features(long, 0, 0, 0)[0]
    assert len(train_letters.features(short, 2, 1, 2)) == len(train_letters.features(long, 2, 1, 2))

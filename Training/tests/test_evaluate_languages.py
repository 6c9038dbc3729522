"""Error rates of what a recognizer heard."""

from frontend.alignment import edit_distance
from starling_training.evaluate_languages import ErrorRates, words


def test_numbers_count_as_what_is_said():
    assert words("Compré 2 kilos.", "es") == ["compré", "dos", "kilos"]
    assert words("Il y a 22 ans", "fr") == words("il y a vingt-deux ans", "fr")
    assert words("1.234 euro", "it") == words("milleduecentotrentaquattro euro", "it")
    assert words("3,5 kg", "es") == ["tres", "punto", "cinco", "kg"]


def test_accents_count_and_punctuation_does_not():
    assert words("¿Quién?", "es") == ["quién"]
    assert words("quien", "es") != words("quién", "es")


def test_distance_counts_what_differs_is_missing_or_too_much():
    assert edit_distance("abcd", "abcd") == 0
    assert edit_distance("abcd", "axd") == 2
    assert edit_distance("", "ab") == edit_distance("ab", "") == 2


def test_rates_are_over_all_sentences():
    rates = ErrorRates()
    rates.add("uno dos tres".split(), "uno dos".split())
    rates.add("cuatro".split(), "cuatro".split())
    assert str(rates) == "WER 25.0 %, CER 27.8 %"

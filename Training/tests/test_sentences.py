"""Sentences that are fit to be read, and the same ones every time."""

from starling_training.sentences import cleaned, is_fit, selected


def test_marks_are_put_in_order():
    assert cleaned("  ¿ Vienes  hoy ?") == "¿Vienes hoy?"
    assert cleaned("Hola , amigo") == "Hola, amigo."
    assert cleaned("No sé...") is None
    assert cleaned("") is None
    assert cleaned("Cafe\u0301 solo") == "Café solo."


def test_what_is_not_fit_is_left_out():
    good = "El perro duerme debajo de la mesa."
    assert is_fit(good, "es")
    for bad in (
        "El perro duerme.",  # too short
        " ".join(["palabra"] * 26) + ".",
        "Hay 3 perros debajo de la mesa.",
        "La ONU duerme debajo de la mesa.",
        "el perro duerme debajo de la mesa.",
        "El perro «duerme» debajo de la mesa.",
        "¿El perro duerme debajo de la mesa.",
        "El perro größe debajo de la mesa.",
        "El perro duerme, joder, en la mesa.",
    ):
        assert not is_fit(bad, "es"), bad


def test_selection_is_repeatable_and_has_no_twins():
    lines = [
        f"El {noun} duerme {where} de la {thing}."
        for noun in ("perro", "gato", "niño")
        for where in ("debajo", "encima", "detrás")
        for thing in ("mesa", "silla", "cama", "puerta")
    ]
    given = lines + [line.upper() for line in lines] + [line.rstrip(".") for line in lines]
    chosen = selected(given, "es", 20)
    assert len(chosen) == len(set(chosen)) == 20
    assert chosen == selected(list(reversed(given)), "es", 20)
    assert len(selected(given, "es", 1000)) == len(lines)

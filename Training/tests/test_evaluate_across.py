"""Likeness across languages: what a language does to everybody's embedding does not count."""

import numpy as np

from starling_training.evaluate_across import margin


def people(random, shift, noise=0.2, count=6):
    """Unit embeddings of two clips each of some people, all moved by a language's shift."""
    centres = np.random.default_rng(1).normal(size=(count, 64))
    clips = centres[:, None] + noise * random.normal(size=(count, 2, 64)) + shift
    return {str(i): rows / np.linalg.norm(rows, axis=1, keepdims=True) for i, rows in enumerate(clips)}


def test_same_people_have_a_margin_of_one_in_their_own_language():
    random = np.random.default_rng(2)
    assert abs(margin(people(random, 0), people(random, 0)) - 1) < 0.05


def test_a_language_that_moves_everyone_alike_changes_little():
    random = np.random.default_rng(3)
    shift = 0.5 * np.random.default_rng(4).normal(size=64)
    assert margin(people(random, shift), people(random, 0)) > 0.8


def test_strangers_have_no_margin():
    random = np.random.default_rng(5)
    recorded = people(random, 0)
    strangers = dict(zip(recorded, list(people(random, 0).values())[1:] + [recorded["0"]]))
    assert margin(strangers, recorded) < 0.1

"""Digits in other styles, and pictures that show no digit."""

import keras
import numpy as np
import pytest

from lib import handwriting, metrics, strangers
from lib.datasets import Split


def test_other_styles_are_drawn_in_the_form_of_digits():
    drawn = handwriting.drawn(40, seed=3)
    assert drawn.images.shape == (40, 28, 28)
    assert set(drawn.labels) <= set(handwriting.STYLES)
    assert (drawn.images.max(axis=(1, 2)) > 200).all()
    assert (handwriting.drawn(40, seed=3).images == drawn.images).all()


@pytest.mark.parametrize("label", handwriting.STYLES)
def test_a_style_stays_on_the_canvas(label):
    rng = np.random.default_rng(0)
    for pen in (2, 40):
        canvas = handwriting.draw(label, rng, pen=pen)
        assert canvas.shape == (280, 280)
        edge = np.concatenate([canvas[0], canvas[-1], canvas[:, 0], canvas[:, -1]])
        assert canvas.max() == 1
        assert edge.max() == 0


def test_strangers_to_learn_from_and_to_be_tested_on_are_of_other_kinds():
    classes = ["cat", "circle", "bus"]
    split = Split(np.random.default_rng(0).integers(0, 255, (30, 28, 28)).astype(np.uint8), np.repeat([0, 1, 2], 10))
    # Cats are for the test, and a circle is a zero.
    assert len(strangers.drawings(split, classes, 100, seed=0)) == 10
    assert len(strangers.drawings(split, classes, 100, seed=0, other=True)) == 10
    assert not set(strangers.LETTERS) & set(strangers.OTHER_LETTERS)
    for pictures in (strangers.letters(3, 0), strangers.scribbles(3, 0)):
        assert pictures.shape == (3, 28, 28)
        assert (pictures.max(axis=(1, 2)) > 100).all()


def test_familiarity_does_not_overflow():
    logits = np.array([[1000.0, 0, 0], [0, 0, 0]])
    assert metrics.familiarity(logits) == pytest.approx([1000, np.log(3)])
    assert keras.ops.convert_to_numpy(keras.ops.logsumexp(logits, axis=1)) == pytest.approx(metrics.familiarity(logits))

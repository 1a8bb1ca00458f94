"""What the digits' networks learn from besides MNIST: other styles, and pictures that show no digit."""

import keras
import numpy as np
import pytest

from lib import handwriting, metrics, strangers
from lib.datasets import Split
from lib.tasks.digits.training import STRANGER, DigitAccuracy, DigitOrStranger


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


def test_loss_asks_for_the_digit_or_for_no_answer():
    sure = np.full((1, 10), -20, np.float32)
    sure[0, 3] = 20
    undecided = np.zeros((1, 10), np.float32)
    loss = DigitOrStranger(weight=0.5)
    assert float(loss(np.array([3]), sure)) == pytest.approx(0, abs=1e-5)
    assert float(loss(np.array([3]), undecided)) == pytest.approx(np.log(10), rel=1e-5)
    assert float(loss(np.array([STRANGER]), undecided)) == pytest.approx(0, abs=1e-5)
    assert float(loss(np.array([STRANGER]), sure)) > 5


def test_accuracy_counts_digits_only():
    metric = DigitAccuracy()
    logits = np.eye(10, dtype=np.float32)[[3, 4, 5]]
    metric.update_state(np.array([3, 9, STRANGER]), logits)
    assert float(metric.result()) == 0.5


def test_familiarity_does_not_overflow():
    logits = np.array([[1000.0, 0, 0], [0, 0, 0]])
    assert metrics.familiarity(logits) == pytest.approx([1000, np.log(3)])
    assert keras.ops.convert_to_numpy(keras.ops.logsumexp(logits, axis=1)) == pytest.approx(metrics.familiarity(logits))


def test_a_compiled_network_can_be_cloned():
    """Which is how it is converted."""
    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Dense(10)(inputs))
    model.compile("sgd", DigitOrStranger(weight=0.25), metrics=[DigitAccuracy(name="accuracy")])
    assert keras.models.clone_model(model).loss.weight == 0.25

"""The figures of the notebooks: what is drawn, and how it is labelled."""

from collections.abc import Iterator
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from lib.training import plots


@pytest.fixture(autouse=True)
def figures(monkeypatch) -> Iterator[None]:
    """Figures stay in memory: no window opens, and each test starts without any."""
    plt.switch_backend("Agg")
    monkeypatch.setattr(plt, "show", lambda: None)
    yield
    plt.close("all")


def variant(epochs: int = 3, chosen: int = 2, metric: str = "accuracy") -> SimpleNamespace:
    values = np.linspace(1.0, 0.1, epochs)
    columns = dict.fromkeys(("loss", "val_loss", metric, f"val_{metric}"), values)
    return SimpleNamespace(history=pd.DataFrame({"epoch": range(1, epochs + 1)} | columns), chosen_epoch=chosen)


def named(axis: Axes) -> list[str]:
    """Labels of an axis' curves; matplotlib gives the vertical lines labels that begin with an underscore."""
    return [line.get_label() for line in axis.get_lines() if not line.get_label().startswith("_")]


def test_curves_of_training_and_validation():
    plots.curves(("good", variant()), ("memorised", variant(epochs=5, chosen=5)))
    labels = ["good, train", "good, validation", "memorised, train", "memorised, validation"]
    loss, accuracy = plt.gcf().axes
    assert named(loss) == named(accuracy) == labels
    assert [text.get_text() for text in accuracy.get_legend().get_texts()] == labels
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("epoch", "loss (nats)")
    assert (accuracy.get_xlabel(), accuracy.get_ylabel()) == ("epoch", "accuracy")
    assert loss.get_yscale() == accuracy.get_yscale() == "linear"


def test_training_is_dashed_and_has_the_colour_of_its_validation():
    plots.curves(("good", variant()), ("memorised", variant()))
    for axis in plt.gcf().axes:
        good_train, good_validation, _, memorised_train, memorised_validation, _ = axis.get_lines()
        assert (good_train.get_linestyle(), good_validation.get_linestyle()) == ("--", "-")
        assert good_train.get_color() == good_validation.get_color()
        assert memorised_train.get_color() == memorised_validation.get_color() != good_train.get_color()


def test_vertical_line_marks_the_kept_epoch():
    plots.curves(("good", variant(chosen=2)), ("not trained here", variant(chosen=0)))
    for axis in plt.gcf().axes:
        marks = [line for line in axis.get_lines() if line.get_label().startswith("_")]
        assert [list(line.get_xdata()) for line in marks] == [[2, 2]]


def test_metric_labels_and_logarithmic_loss():
    plots.curves(
        ("good", variant(metric="exact_match")),
        metric="exact_match",
        metric_label="exact answers",
        loss_label="loss (nats per character)",
        log=True,
    )
    loss, exact = plt.gcf().axes
    assert (loss.get_ylabel(), exact.get_ylabel()) == ("loss (nats per character)", "exact answers")
    assert (loss.get_yscale(), exact.get_yscale()) == ("log", "linear")


def test_pictures_in_rows():
    images = np.arange(5, dtype=np.uint8)[:, None, None] * np.full((1, 4, 4), 50, np.uint8)
    plots.show(images, titles=range(5), columns=3)
    axes = plt.gcf().axes
    assert len(axes) == 6
    assert [axis.get_title() for axis in axes] == ["0", "1", "2", "3", "4", ""]
    for axis, image in zip(axes, images, strict=False):
        assert np.array_equal(axis.images[0].get_array(), image)
        # One scale for all pictures: each would be stretched to its own black and white otherwise.
        assert axis.images[0].get_clim() == (0, 255)


def test_empty_places_and_frames_are_hidden():
    plots.show(np.zeros((13, 2, 2)))
    axes = plt.gcf().axes
    assert len(axes) == 24
    assert not any(axis.axison for axis in axes)
    assert [bool(axis.images) for axis in axes] == [True] * 13 + [False] * 11
    assert {axis.get_title() for axis in axes} == {""}

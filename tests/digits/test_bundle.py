"""The bundles of the digits say what the project promises."""

from __future__ import annotations

import numpy as np
import pytest

from lib import bundles, catalogue

SLUGS = catalogue.slugs("digits")

TARGETS = {"digits_mlp": 0.987, "digits_cnn": 0.9965}
WIDER = {"digits_mlp": 6, "digits_cnn": 5}
"""Epochs that a network goes on for with other styles and strangers."""
FREEHAND = {"digits_mlp": 0.97, "digits_cnn": 0.993}
MOST_PARAMETERS = {"digits_mlp": 700_000, "digits_cnn": 500_000}


@pytest.mark.parametrize("slug", SLUGS)
def test_scores_are_what_the_project_promises(slug):
    facts = bundles.load(slug).facts
    good, freehand = facts["variants"]["good"], facts["freehand"]
    assert good["test"]["n"] == 10_000
    assert good["test"]["accuracy"] >= TARGETS[slug]
    assert good["parameters"] <= MOST_PARAMETERS[slug]
    assert freehand["pasted"] >= FREEHAND[slug]
    assert freehand["pens"] >= freehand["pasted"] - 0.03


@pytest.mark.parametrize("slug", SLUGS)
def test_variants_teach_what_they_claim(slug):
    bundle = bundles.load(slug)
    history = bundle.history.set_index(["variant", "epoch"])
    scores = {name: bundle.variant(name)["test"]["accuracy"] for name in bundle.variants}
    assert scores["underfit"] < scores["overfit"] < scores["good"]
    memorised = history.loc["overfit"].iloc[-1]
    assert memorised["accuracy"] > 0.999
    assert memorised["val_loss"] > 10 * memorised["loss"]


@pytest.mark.parametrize("slug", SLUGS)
def test_parts_agree_with_each_other(slug):
    bundle = bundles.load(slug)
    for name in bundle.variants:
        facts, counts = bundle.variant(name), bundle.evaluation[f"confusion_{name}"]
        assert counts.sum() == facts["test"]["n"]
        assert np.trace(counts) / counts.sum() == pytest.approx(facts["test"]["accuracy"], abs=1e-6)
        rows = bundle.history[bundle.history["variant"] == name]
        assert rows["epoch"].tolist() == list(range(1, facts["epochs"] + 1))
        assert sum(layer["parameters"] for layer in facts["layers"]) == facts["parameters"]
    wrong = bundle.evaluation["samples_true"] != bundle.evaluation["samples_predicted"]
    counts = bundle.evaluation["confusion_good"]
    assert wrong.sum() == min(300, counts.sum() - np.trace(counts))
    good = bundle.variant("good")
    kept = bundle.history.query("variant == 'good'").set_index("epoch")["val_loss"]
    # It goes on from the best epoch of the training on digits alone, to the end.
    assert kept.iloc[: -WIDER[slug]].idxmin() == len(kept) - WIDER[slug]
    assert good["chosen_epoch"] == len(kept)

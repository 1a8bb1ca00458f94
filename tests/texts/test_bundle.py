"""The bundles of the texts say what the project promises."""

from __future__ import annotations

import numpy as np
import pytest

from lib import bundles, catalogue, recurrent
from lib.tasks.texts import analysis
from lib.tasks.texts.copying import Fingerprint

TEXTS = catalogue.slugs("texts")


def test_texts_are_predicted_as_well_as_the_project_promises():
    shakespeare, wikipedia = (bundles.load(slug) for slug in ("text_shakespeare", "text_wikipedia"))
    assert shakespeare.facts["dataset"]["validation"] == shakespeare.facts["dataset"]["test"] == 55_770
    assert shakespeare.variant("good")["validation"]["loss"] <= 1.50
    assert wikipedia.variant("good")["test"]["bits_per_character"] <= 2.2
    assert wikipedia.facts["elsewhere"]["WikiText-2 test"]["n"] > 1_000_000
    for bundle in (shakespeare, wikipedia):
        assert bundle.variant("good")["parameters"] <= 6_000_000


@pytest.mark.parametrize("slug", TEXTS)
def test_text_variants_teach_what_they_claim(slug):
    bundle = bundles.load(slug)
    facts = {name: bundle.variant(name) for name in bundle.variants}
    bits = {name: row["test"]["bits_per_character"] for name, row in facts.items()}
    assert bits["good"] < bits["underfit"] < bits["overfit"]
    assert facts["good"]["parameters"] == facts["overfit"]["parameters"] == facts["underfit"]["parameters"]
    copied = {name: row["copied"] for name, row in facts.items()}
    assert copied["overfit"]["share"] > 0.5
    assert copied["overfit"]["share"] > 10 * copied["good"]["share"]
    fingerprint = Fingerprint(bundle.arrays("fingerprint.npz")["bits"])
    for row in copied.values():
        assert fingerprint.copied(row["passage"]).longest == min(row["longest"], 400)
    memorised = bundle.history.query("variant == 'overfit'").iloc[-1]
    assert memorised["loss"] < 0.1
    assert memorised["val_loss"] > 2


@pytest.mark.parametrize("slug", TEXTS)
def test_text_parts_agree_with_each_other(slug):
    bundle = bundles.load(slug)
    evaluation, facts = bundle.evaluation, bundle.facts
    test = facts["variants"]["good"]["test"]
    assert test["bits_per_character"] == pytest.approx(test["loss"] / np.log(2), abs=1e-4)
    counts, bits = evaluation["kind_count"], np.nan_to_num(evaluation["kind_bits"])
    assert len(counts) == len(analysis.KINDS)
    assert counts.sum() == test["n"]
    assert (counts * bits).sum() / counts.sum() == pytest.approx(test["bits_per_character"], abs=1e-3)
    assert evaluation["calibration_count"].sum() == test["n"]
    epochs = bundle.history.query("variant == 'good'")["epoch"].tolist()
    assert [int(epoch) for epoch in facts["samples"]] == epochs
    assert all(text.startswith(facts["start"]) for text in facts["samples"].values())
    units = recurrent.load_network(bundle).layers[-1].units
    assert all(0 <= row["unit"] < units for row in facts["units"])
    assert abs(facts["units"][0]["correlation"]) > 0.5

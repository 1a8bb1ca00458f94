import json
import shutil

import numpy as np
import pytest

from lib import bundles
from lib.predict import Classifier, Timeline
from tests.conftest import SLUGS

TARGETS = {"digits_mlp": 0.987, "digits_cnn": 0.9965}
FREEHAND = {"digits_mlp": 0.97, "digits_cnn": 0.993}
MOST_PARAMETERS = {"digits_mlp": 700_000, "digits_cnn": 500_000}


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of a bundle that may be broken."""
    shutil.copytree(bundles.models_dir() / "digits_mlp", tmp_path / "digits_mlp")
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path))
    return tmp_path / "digits_mlp"


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
    assert kept.idxmin() == good["chosen_epoch"]


@pytest.mark.parametrize("slug", SLUGS)
def test_card_is_prose(slug):
    card = bundles.load(slug).card
    assert not card.startswith("---")
    assert "Where it fails" in card


def test_missing_bundle_says_how_to_make_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path))
    with pytest.raises(bundles.BundleError, match=r"digits_mlp is missing.*make train SLUG=digits_mlp"):
        bundles.load("digits_mlp")


@pytest.mark.parametrize("name", ["bundle.json", "history.csv", "evaluation.npz", "timeline.npz", "good.tflite"])
def test_missing_file_is_named(copied, name):
    (copied / name).unlink()
    with pytest.raises(bundles.BundleError, match=rf"{name} is missing.*make train SLUG=digits_mlp"):
        read_all()


@pytest.mark.parametrize("name", ["bundle.json", "history.csv", "evaluation.npz", "timeline.npz", "good.tflite"])
@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"\0" + data[1:]]
)
def test_damaged_file_is_named(copied, name, damage):
    path = copied / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(bundles.BundleError, match=rf"{name} is damaged.*make train SLUG=digits_mlp"):
        read_all()


def read_all() -> None:
    bundle = bundles.load("digits_mlp")
    assert bundle.facts
    assert len(bundle.history)
    assert bundle.evaluation
    Timeline(bundle)
    Classifier(bundle)


def test_facts_of_another_kind_are_damage(copied):
    (copied / "bundle.json").write_text(json.dumps([1, 2]))
    with pytest.raises(bundles.BundleError, match=r"bundle\.json is damaged"):
        assert bundles.load("digits_mlp").facts


def test_unknown_variant_lists_the_known_ones():
    with pytest.raises(bundles.BundleError, match="underfit, good, overfit"):
        Classifier(bundles.load("digits_mlp"), "better")

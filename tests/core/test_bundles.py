import json
import shutil

import numpy as np
import pytest

from lib import bundles, catalogue, recurrent
from lib.classifier import Classifier
from lib.tasks.digits.timeline import Timeline
from lib.tasks.texts import analysis as text_analysis
from lib.tasks.texts.copying import Fingerprint
from tests.conftest import ALL, SKETCHES, SLUGS, TEXTS

TARGETS = {"digits_mlp": 0.987, "digits_cnn": 0.9965}
FREEHAND = {"digits_mlp": 0.97, "digits_cnn": 0.993}
SKETCH_TARGETS = {"sketch_cnn": (0.62, 0.85), "sketch_mlp": (0.45, 0.7)}
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


@pytest.mark.parametrize("slug", SKETCHES)
def test_sketches_are_what_the_project_promises(slug):
    bundle = bundles.load(slug)
    good = bundle.variant("good")
    assert len(bundle.classes) == 345
    assert good["test"]["n"] == 3450
    assert good["test"]["accuracy"] >= SKETCH_TARGETS[slug][0]
    assert good["test"]["top_5_accuracy"] >= SKETCH_TARGETS[slug][1]
    assert good["parameters"] <= {"sketch_cnn": 3_000_000, "sketch_mlp": 2_000_000}[slug]
    assert good["test"]["calibration_error"] < 0.05
    # Any pen, any size, any place.
    drawn = bundle.facts["freehand"]
    assert drawn["normalised"] > drawn["as_they_are"] - 0.1
    assert drawn["normalised"] > drawn["naive"] + 0.2


@pytest.mark.parametrize("slug", SKETCHES)
def test_sketch_variants_teach_what_they_claim(slug):
    bundle = bundles.load(slug)
    tests = {name: bundle.variant(name)["test"] for name in bundle.variants}
    assert tests["underfit"]["accuracy"] < 0.25
    assert tests["overfit"]["accuracy"] < tests["good"]["accuracy"] - 0.1
    memorised = bundle.history.query("variant == 'overfit'").iloc[-1]
    assert memorised["accuracy"] > 0.9
    best = bundle.lesson.groupby(["how", "set"], sort=False)["accuracy"].max()
    better, worse = dict.fromkeys(bundle.lesson["how"])
    assert best[better, "validation"] > best[worse, "validation"]


@pytest.mark.parametrize("slug", SKETCHES)
def test_recorded_guesses_are_what_the_model_says(slug):
    bundle = bundles.load(slug)
    evaluation = bundle.evaluation
    probabilities = Classifier(bundle).probabilities(evaluation["test_images"][::10])
    same = probabilities.argmax(axis=1) == evaluation["test_guesses"][::10, 0]
    # Another processor may round a close call differently.
    assert same.mean() > 0.99
    assert np.allclose(probabilities.max(axis=1), evaluation["test_probabilities"][::10, 0], atol=0.01)


def test_sums_are_what_the_project_promises():
    facts = bundles.load("numbers_sum").facts
    good = facts["variants"]["good"]["test"]
    assert good["n"] > 100_000
    assert good["exact_match"] >= 0.995
    assert good["small_n"] == 10_000
    assert good["small_exact_match"] >= 0.995
    # Longer numbers than any in training are the lesson of the page.
    assert good["longer_exact_match"] < 0.1


def test_sum_variants_teach_what_they_claim():
    bundle = bundles.load("numbers_sum")
    tests = {name: bundle.variant(name)["test"]["exact_match"] for name in bundle.variants}
    assert max(tests["underfit"], tests["overfit"]) < 0.2
    memorised = bundle.history.query("variant == 'overfit'").iloc[-1]
    assert memorised["exact_match"] == 1
    assert memorised["val_exact_match"] < 0.2
    simple = bundle.history.query("variant == 'underfit'").iloc[-1]
    assert simple["exact_match"] < 0.2


def test_sum_parts_agree_with_each_other():
    bundle = bundles.load("numbers_sum")
    evaluation, good = bundle.evaluation, bundle.variant("good")["test"]
    wrong = round(good["n"] * (1 - good["exact_match"]))
    for what in ("heat", "carries"):
        assert evaluation[f"{what}_count"].sum() == good["n"]
        assert good["n"] - evaluation[f"{what}_right_good"].sum() == wrong
    assert len(evaluation["mistakes_a"]) == min(60, wrong)
    assert all(
        str(a + b) != text
        for a, b, text in zip(
            evaluation["mistakes_a"], evaluation["mistakes_b"], evaluation["mistakes_written"], strict=True
        )
    )
    assert evaluation["map_same"] < evaluation["map_other"]


def test_texts_are_foretold_as_well_as_the_project_promises():
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
    assert len(counts) == len(text_analysis.KINDS)
    assert counts.sum() == test["n"]
    assert (counts * bits).sum() / counts.sum() == pytest.approx(test["bits_per_character"], abs=1e-3)
    assert evaluation["calibration_count"].sum() == test["n"]
    epochs = bundle.history.query("variant == 'good'")["epoch"].tolist()
    assert [int(epoch) for epoch in facts["samples"]] == epochs
    assert all(text.startswith(facts["start"]) for text in facts["samples"].values())
    units = recurrent.load_network(bundle).layers[-1].units
    assert all(0 <= row["unit"] < units for row in facts["units"])
    assert abs(facts["units"][0]["correlation"]) > 0.5


@pytest.mark.parametrize("slug", ALL)
def test_files_are_small_and_half_precision(slug):
    bundle = bundles.load(slug)
    assert sum(path.stat().st_size for path in bundle.folder.iterdir()) < 25e6
    assert catalogue.get(slug).score(bundle.variant("good")["test"])


@pytest.mark.parametrize("slug", ALL)
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


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[: len(data) // 2]])
def test_damaged_network_is_named(tmp_path, monkeypatch, damage):
    shutil.copytree(bundles.models_dir() / "numbers_sum", tmp_path / "numbers_sum")
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path))
    path = tmp_path / "numbers_sum" / "good.keras"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(bundles.BundleError, match=r"good\.keras is damaged.*make train SLUG=numbers_sum"):
        recurrent.load_network(bundles.load("numbers_sum"))


def test_facts_of_another_kind_are_damage(copied):
    (copied / "bundle.json").write_text(json.dumps([1, 2]))
    with pytest.raises(bundles.BundleError, match=r"bundle\.json is damaged"):
        assert bundles.load("digits_mlp").facts


def test_unknown_variant_lists_the_known_ones():
    with pytest.raises(bundles.BundleError, match="underfit, good, overfit"):
        Classifier(bundles.load("digits_mlp"), "better")

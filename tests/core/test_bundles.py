import json
import shutil

import pytest

from lib import bundles, catalogue, recurrent
from lib.classifier import Classifier
from lib.tasks.digits.timeline import Timeline
from tests.conftest import ALL


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of a bundle that may be broken."""
    shutil.copytree(bundles.models_dir() / "digits_mlp", tmp_path / "digits_mlp")
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path))
    return tmp_path / "digits_mlp"


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

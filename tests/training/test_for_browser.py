"""From a bundle to the visitor's browser."""

from __future__ import annotations

import importlib.util
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from lib import bundles, litert
from lib.__main__ import main
from lib.take_home import bare_page, browser_files, tfjs_zip
from lib.training import for_browser
from lib.training.from_litert import Graph
from tests.conftest import ALL


@pytest.mark.parametrize("slug", ["digits_mlp", "sketch_cnn"])
def test_graph_does_the_same_sums_as_litert(slug):
    bundle = bundles.load(slug)
    images = bundle.evaluation["examples_images"][:1].astype(np.float32)
    expected = litert.Model(bundle, "good.tflite").run(images)["logits"]
    found = Graph(bundle.read("good.tflite"), "predict")(tf.constant(images))["logits"]
    assert np.abs(found.numpy() - expected).max() < 1e-4


def test_signature_that_is_missing_is_named():
    with pytest.raises(ValueError, match="no signature 'sing'"):
        Graph(bundles.load("digits_mlp").read("good.tflite"), "sing")


@pytest.mark.parametrize("slug", ALL)
def test_files_in_the_repository_are_those_that_were_written(slug):
    bundle = bundles.load(slug)
    assert sum(map(len, browser_files(bundle).values())) == bundle.facts["browser"]["bytes"]


@pytest.mark.skipif(
    importlib.util.find_spec("tensorflowjs") is None, reason="`make .venv/tfjs.done` installs the converter"
)
def test_bundle_is_converted_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ML_BROWSER_DIR", str(tmp_path / "browser"))
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path / "models"))
    shutil.copytree(bundles.ROOT / "models" / "numbers_sum", tmp_path / "models" / "numbers_sum")
    before = bundles.load("numbers_sum").facts
    assert main(["convert", "numbers_sum"]) == 0
    assert "numbers_sum" in capsys.readouterr().out
    bundle = bundles.load("numbers_sum")
    files, facts = browser_files(bundle), bundle.facts["browser"]
    weights = json.loads(files["model.json"])["weightsManifest"][0]["weights"]
    assert {row["quantization"]["dtype"] for row in weights if row["dtype"] == "float32"} == {"float16"}
    assert {key: value for key, value in bundle.facts.items() if key != "browser"} == {
        key: value for key, value in before.items() if key != "browser"
    }
    # A file that is damaged is named, together with what mends it.
    (tmp_path / "browser" / "numbers_sum" / facts["version"] / "model.json").write_text("{}")
    with pytest.raises(bundles.BundleError, match="python -m lib convert numbers_sum"):
        tfjs_zip(bundle)


def test_bare_page_asks_once_where_a_network_takes_any_number():
    page = bare_page(bundles.load("generate_digits"))
    assert "tf.zeros([1, 28, 28]" in page
    assert "None" not in page


def test_missing_converter_is_told_in_a_sentence(monkeypatch, capsys):
    def missing(slug: str) -> None:
        raise for_browser.ConverterMissingError("The converter is not installed.")

    monkeypatch.setattr(for_browser, "convert", missing)
    assert main(["convert", "numbers_sum"]) == 1
    assert "not installed" in capsys.readouterr().err

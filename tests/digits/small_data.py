"""A file of MNIST's form."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib import bundles


def write(data: Path, evaluation: Path) -> None:
    """Write it where notebooks look for it."""
    write_mnist(data / "mnist" / "mnist.npz")


def write_mnist(path: Path) -> None:
    """Digits of the bundle, again and again."""
    stored = bundles.load("digits_mlp").evaluation
    images, labels = stored["samples_images"], stored["samples_true"]
    repeats = -(-500 // len(images))
    x, y = np.tile(images, (repeats, 1, 1)), np.tile(labels, repeats)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, x_train=x, y_train=y, x_test=x[:100], y_test=y[:100])

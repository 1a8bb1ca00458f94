"""The pictures that networks learn to draw."""

from __future__ import annotations

from lib.datasets import ImageDataset
from lib.mnist import load_fashion, load_mnist

LOADERS = {"generate_digits": load_mnist, "generate_clothes": load_fashion}
"""By the slug of the experiment."""


def load(slug: str) -> ImageDataset:
    """The dataset of an experiment.

    Raises:
        DatasetError: it cannot be had.
    """
    return LOADERS[slug]()

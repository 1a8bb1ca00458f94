"""Photos of ImageNet to score a classifier on, and photos of one's own in the same form."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from lib import photos
from lib.datasets import DatasetError, load_arrays

EVALUATION = "imagenet_samples_heldout.npz"
"""500 photos, each of another class, of a public collection with one photo of each."""


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos, still packed as files, and what they show.

    Attributes:
        jpeg: uint8 (bytes), all files one after the other.
        offsets: int (n + 1), where each begins and the last one ends.
        labels: int64 (n), numbers of the classes.
    """

    jpeg: np.ndarray
    offsets: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[Image.Image]:
        """The photos in their order, one at a time.

        Raises:
            DatasetError: one is no picture.
        """
        for i in range(len(self)):
            try:
                yield photos.decode(self.jpeg, self.offsets, i)
            except (UnidentifiedImageError, OSError):
                raise DatasetError(f"Photo {i} of the file is damaged or no picture: please leave it out.") from None

    def head(self, n: int) -> LabelledPhotos:
        """The first `n` of them."""
        return LabelledPhotos(self.jpeg, self.offsets[: n + 1], self.labels[:n])


def load_photos(wnids: Sequence[str], path: str | Path | None = None) -> LabelledPhotos:
    """Photos from an ``.npz`` with ``jpeg``, ``offsets`` and ``wnid``, WordNet's number of what each one shows.

    Args:
        wnids: of the classes, in their order.
        path: of the file; None for the evaluation's own in ``ML_EVALUATION_DIR``.

    Raises:
        DatasetError: the file is missing or not of this form, or holds a class that the network does not know.
    """
    if path is None:
        folder = os.environ.get("ML_EVALUATION_DIR")
        if not folder:
            raise DatasetError(
                f"There are no photos to score on: set ML_EVALUATION_DIR to a folder that holds {EVALUATION}, "
                "or name a file of your own with --data (an .npz with jpeg, offsets and wnid)."
            )
        path = Path(folder) / EVALUATION
    arrays = load_arrays(path, ("jpeg", "offsets", "wnid"))
    jpeg, offsets, names = arrays["jpeg"], arrays["offsets"], [str(wnid) for wnid in arrays["wnid"].reshape(-1)]
    if not names or not photos.packed(jpeg, offsets, len(names)):
        raise DatasetError(
            f"{path}: jpeg must hold the bytes of all photos (uint8), and offsets where each of the {len(names)} begins and the last one ends."
        )
    number = {wnid: i for i, wnid in enumerate(wnids)}
    strange = [name for name in names if name not in number]
    if strange:
        raise DatasetError(f"{path}: {strange[0]!r} is no class of this network: please leave its photos out.")
    return LabelledPhotos(jpeg, offsets, np.array([number[name] for name in names], np.int64))

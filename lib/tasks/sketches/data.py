"""Quick, Draw!: drawings of 345 categories, each made in twenty seconds by a player of Google's game.

From ``ML_DATA_DIR`` where it holds ``quickdraw/quickdraw28.npz``; else the first drawings of each category from Google's
public bucket, of whose files, some 40 GB, only the beginnings are read. The data are Google's, under CC BY 4.0.
"""

from __future__ import annotations

import io
import os
import urllib.parse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pooch
import requests
from tqdm import tqdm

from lib.datasets import DatasetError, ImageDataset, Split, load_arrays, load_labelled_images
from lib.metrics import accuracy, photo_scores, top_k_accuracy

LOCAL = "quickdraw/quickdraw28.npz"
HELD_OUT = "quickdraw28_heldout.npz"
BUCKET = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap"
CATEGORIES = "https://raw.githubusercontent.com/googlecreativelab/quickdraw-dataset/master/categories.txt"
VALIDATION_EACH = 6
"""Drawings of each category that are kept for validation."""
TEST_EACH = 10
"""Drawings of each category that are kept for testing, where they come from the bucket."""
RESTORED = 2
"""In the local file, the source of drawings that are close to Google's bitmaps without being equal to them."""


def load_quickdraw(per_category: int = 100) -> ImageDataset:
    """Drawings to learn from, to choose by (6 of each category), and to be scored on once (10 of each).

    Args:
        per_category: how many to download of each category where there is no local file, the test included.

    Raises:
        DatasetError: they cannot be had; the message says why.
    """
    if os.environ.get("ML_DATA_DIR"):
        path = Path(os.environ["ML_DATA_DIR"]).expanduser() / LOCAL
        if not path.is_file():
            raise DatasetError(
                f"ML_DATA_DIR is set to {path.parent.parent}, but there is no {LOCAL} in it: "
                "put the file there, or unset ML_DATA_DIR to download the drawings."
            )
        arrays = load_arrays(path, ("images", "labels", "names", "source"))
        classes = [str(name) for name in arrays["names"]]
        test = load_labelled_images(_held_out(), classes, named=True)
        learn, choose = _split(arrays["labels"], arrays["source"] == RESTORED)
        images, labels, name = arrays["images"], arrays["labels"].astype(np.int64), "Quick, Draw! (local extract)"
    else:
        if per_category <= TEST_EACH + VALIDATION_EACH:
            raise DatasetError(f"per_category must be more than {TEST_EACH + VALIDATION_EACH}, but is {per_category}.")
        images, classes = download(per_category)
        each, labels = images.shape[1], np.repeat(np.arange(len(images)), images.shape[1] - TEST_EACH)
        test = Split(
            images[:, -TEST_EACH:].reshape(-1, *images.shape[2:]), np.repeat(np.arange(len(images)), TEST_EACH)
        )
        images = images[:, : each - TEST_EACH].reshape(-1, *images.shape[2:])
        learn, choose = _split(labels, np.zeros(len(labels), bool))
        name = f"Quick, Draw! (first {per_category} of each category)"
    return ImageDataset(
        name=name,
        train=Split(images[learn], labels[learn]),
        validation=Split(images[choose], labels[choose]),
        test=test,
        classes=tuple(classes),
    )


def load_validation() -> Split:
    """The drawings to choose by alone: see `load_quickdraw`, which also needs those to be scored on.

    Raises:
        DatasetError: they cannot be had; the message says why.
    """
    if not os.environ.get("ML_DATA_DIR"):
        return load_quickdraw().validation
    arrays = load_arrays(Path(os.environ["ML_DATA_DIR"]).expanduser() / LOCAL, ("images", "labels", "source"))
    choose = _split(arrays["labels"], arrays["source"] == RESTORED)[1]
    return Split(arrays["images"][choose], arrays["labels"][choose].astype(np.int64))


def _held_out() -> Path:
    folder = os.environ.get("ML_EVALUATION_DIR")
    path = Path(folder or ".").expanduser() / HELD_OUT
    if not folder or not path.is_file():
        raise DatasetError(
            f"The drawings to be scored on are missing: set ML_EVALUATION_DIR to the folder of {HELD_OUT}, "
            "or unset ML_DATA_DIR to download drawings."
        )
    return path


def _split(labels: np.ndarray, restored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices to learn from and to choose by: the same number of each category, exact bitmaps first."""
    generator = np.random.default_rng(0)
    chosen = []
    for label in range(int(labels.max()) + 1):
        members = generator.permutation(np.flatnonzero(labels == label))
        members = members[np.argsort(restored[members], kind="stable")]
        # At most a tenth, so that the small extracts that tests use keep something to learn from.
        chosen.append(members[: max(1, min(VALIDATION_EACH, len(members) // 10))])
    choose = np.concatenate(chosen)
    return np.setdiff1d(np.arange(len(labels)), choose), choose


def download(per_category: int, workers: int = 8) -> tuple[np.ndarray, list[str]]:
    """The first drawings of each category from Google's bucket, kept in the cache folder.

    Returns:
        uint8 (categories, per_category, 28, 28), and the categories' names in alphabetical order.

    Raises:
        DatasetError: there is no connection, or the answer is not what it should be.
    """
    cache = Path(os.environ.get("ML_CACHE_DIR") or pooch.os_cache("interactive-ml-experiments"))
    kept = cache / "quickdraw" / f"first-{per_category}.npz"
    if kept.is_file():
        arrays = load_arrays(kept, ("images", "names"))
        return arrays["images"], [str(name) for name in arrays["names"]]
    names = sorted(_get(CATEGORIES).decode().split("\n"))
    names = [name.strip() for name in names if name.strip()]
    with ThreadPoolExecutor(workers) as pool:
        drawings = pool.map(lambda name: first_drawings(name, per_category), names)
        images = np.stack(list(tqdm(drawings, total=len(names), desc="Quick, Draw!", unit="category")))
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Under its name only when it is whole.
    part = kept.with_suffix(f".{os.getpid()}.npz")
    np.savez_compressed(part, images=images, names=np.array(names))
    part.replace(kept)
    return images, names


def first_drawings(name: str, count: int) -> np.ndarray:
    """The first drawings of one category: uint8 (count, 28, 28), light on dark.

    Raises:
        DatasetError: see `download`.
    """
    url = f"{BUCKET}/{urllib.parse.quote(name)}.npy"
    # A .npy file is a short header and the numbers; Google's headers are 80 bytes long, others would be 128.
    data = io.BytesIO(_get(url, 128 + count * 28 * 28))
    try:
        if np.lib.format.read_magic(data) != (1, 0):
            raise ValueError("another version of the format")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(data)
        if fortran or dtype != np.uint8 or shape[1:] != (28 * 28,) or shape[0] < count:
            raise ValueError(f"{dtype} of shape {shape}")
        return np.frombuffer(data.read(count * 28 * 28), np.uint8).reshape(count, 28, 28)
    except ValueError as error:
        raise DatasetError(f"What came from {url} is not an array of drawings ({error}): please try again.") from None


def _get(url: str, most: int | None = None) -> bytes:
    """What is behind an address, or its first bytes."""
    try:
        answer = requests.get(url, headers={"Range": f"bytes=0-{most - 1}"} if most else {}, timeout=60, stream=True)
        answer.raise_for_status()
        # A server that knows no ranges would send everything.
        return answer.raw.read(most, decode_content=True) if most else answer.content
    except requests.RequestException as error:
        response = error.response
        reason = "no connection" if response is None else f"the server answered {response.status_code}"
        raise DatasetError(
            f"{url} cannot be downloaded ({reason}): connect to the network, "
            f"or set ML_DATA_DIR to a folder that holds {LOCAL}."
        ) from None


def sketch_scores(probabilities: np.ndarray, labels: np.ndarray, rich: Sequence[int] = ()) -> dict[str, float]:
    """`photo_scores`, and for `rich` categories alone ``rich_accuracy`` and ``rich_top_5_accuracy``."""
    scores = photo_scores(probabilities, labels)
    of_them = np.isin(labels, rich)
    if of_them.any():
        scores["rich_accuracy"] = accuracy(probabilities[of_them], labels[of_them])
        scores["rich_top_5_accuracy"] = top_k_accuracy(probabilities[of_them], labels[of_them])
    return {name: round(value, 6) for name, value in scores.items()}

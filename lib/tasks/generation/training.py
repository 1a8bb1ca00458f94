"""What the notebooks of generation call besides `lib.training`: the reader, what is measured, and what is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers

from lib.bundles import Bundle
from lib.datasets import ImageDataset, Split
from lib.tasks.generation import measure
from lib.tasks.generation.flow import (
    GUIDANCE,
    SIDE,
    STEPS,
    noise,
    pixels,
    scaled,
    steps_from_noise,
    wishes_for,
)
from lib.tasks.generation.generator import Generator
from lib.tasks.generation.reader import FILE, Reader
from lib.tasks.generation.training_networks import CLASSES, SHOWN, velocity_of
from lib.tasks.generation.training_rivals import LATENT, NOISE
from lib.training.bundle_writer import BundleWriter, Variant, keras_file
from lib.training.convert import Endpoints, converted, floats
from lib.training.fit import smoke
from lib.training.for_browser import Exported
from lib.training.from_litert import Graph

STEPS_COMPARED = (1, 2, 5, 10, 20, 50)
GUIDANCE_COMPARED = (0.0, 1.0, 2.0, 3.0, 5.0)
COMPARED = 500
"""Pictures by which settings are compared, on the validation set."""
BY_EPOCH = 500
"""Pictures by which moments of the training are compared."""
GUESSES = 200
"""Real and drawn pictures each, for the game."""
FIELD_TIMES = (0.1, 0.5, 0.9)
"""Moments of the way at which the page shows arrows."""
FIELD_SIDE = 13
"""Arrows along each side of the field."""
PATHS = 10
"""Ways of each class that the page draws."""
PLANE_SIDE = 21
"""Pictures along each side of the autoencoder's plane."""
PLANE_EDGE = 2.5
"""How far the plane reaches, in standard deviations."""


def to_flow_litert(model: keras.Model, inside: bool = True) -> bytes:
    """Convert a velocity network to LiteRT, weights as float16.

    Args:
        model: see `velocity_network`.
        inside: whether it gets the signature ``inside``, too: three places of the network, for one picture.
    """
    last = max(layer.name for layer in model.layers if layer.name.startswith("coarse_"))
    places = {"fine": "fine", "coarse": last, "joined": "joined"}
    inner = keras.Model(model.inputs, {name: model.get_layer(layer).output for name, layer in places.items()})

    def predict(images: tf.Tensor, time: tf.Tensor, wish: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"velocity": model([images, time, wish], training=False)}

    def look(images: tf.Tensor, time: tf.Tensor, wish: tf.Tensor) -> dict[str, tf.Tensor]:
        return inner([images, time, wish], training=False)

    def specs(n: int | None) -> list[keras.InputSpec]:
        return [floats("images", n, SIDE, SIDE), floats("time", n, 1), floats("wish", n, CLASSES + 1)]

    endpoints: Endpoints = {"predict": (predict, specs(None))} | ({"inside": (look, specs(1))} if inside else {})
    return converted([model], endpoints)


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it: any number of pictures at once."""
    graph = Graph(bundle.read("good.tflite"), "predict")

    def run(images: tf.Tensor, time: tf.Tensor, wish: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"velocity": graph(images, time=time, wish=wish)["velocity"]}

    shapes = {"images": (None, SIDE, SIDE), "time": (None, 1), "wish": (None, CLASSES + 1)}
    return Exported(run, {name: tf.TensorSpec(shape, tf.float32) for name, shape in shapes.items()}, graph.weights)


def reader_network() -> keras.Model:
    """A small classifier of 28 x 28 images, the judge of what is drawn."""
    images = keras.Input((SIDE, SIDE))
    x = layers.Reshape((SIDE, SIDE, 1))(layers.Rescaling(1 / 255)(images))
    for i, filters in enumerate((32, 64)):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU(name=f"maps_{i + 1}")(layers.BatchNormalization()(x))
        x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    x = layers.Dense(128, use_bias=False)(layers.Flatten()(x))
    x = layers.Dropout(0.4)(layers.ReLU(name="hidden")(layers.BatchNormalization()(x)))
    return keras.Model(images, layers.Dense(CLASSES, name="logits")(x), name="reader")


Draw = Callable[[np.ndarray], np.ndarray]
"""From classes (n) to pictures of them, uint8 (n, 28, 28)."""


def drawn_by_autoencoder(decoder: keras.Model, seed: int = measure.SEED) -> Draw:
    """Draws by the decoder of an autoencoder."""
    return lambda labels: _by_latent(decoder, labels, seed, LATENT, lambda made: (255 * made).round().astype(np.uint8))


def drawn_by_generator(generator: keras.Model, seed: int = measure.SEED) -> Draw:
    """Draws by the generator of a GAN."""
    return lambda labels: _by_latent(generator, labels, seed, NOISE, pixels)


def _by_latent(model: keras.Model, labels: np.ndarray, seed: int, numbers: int, finish: Draw) -> np.ndarray:
    start = np.random.default_rng(seed).standard_normal((len(labels), numbers)).astype(np.float32)
    asked = wishes_for(labels, CLASSES)
    return finish(model.predict({"noise": start, "wish": asked}, batch_size=256, verbose=0))


def milliseconds_of(draw: Draw, pictures: int = 20) -> float:
    """Time that a picture takes, when some are drawn at once: the shortest of some tries, which other work disturbs least."""
    labels = np.arange(pictures) % CLASSES
    draw(labels)
    tries = []
    for _ in range(smoke(5, 1)):
        begin = time.perf_counter()
        draw(labels)
        tries.append(time.perf_counter() - begin)
    return round(min(tries) / pictures * 1000, 2)


def load_drawings(folder: Path) -> tuple[dict[int, np.ndarray], dict[int, list[np.ndarray]]]:
    """Pictures and weights that `Drawings` kept, by their epoch, in order."""
    shown, weights = {}, {}
    for path in sorted(folder.glob("drawn-*.npz")):
        epoch = int(path.stem.split("-")[1])
        with np.load(path) as file:
            shown[epoch] = file["pictures"]
            weights[epoch] = [file[f"w{i}"].astype(np.float32) for i in range(len(file.files) - 1)]
    return shown, weights


def distance_by_epoch(
    model: keras.Model, weights: dict[int, list[np.ndarray]], epochs: Sequence[int], real: Split, reader: Reader
) -> pd.DataFrame:
    """Frechet distance, and share read as asked, of what the network drew after some epochs.

    Args:
        model: of the weights' form; it has those of the last epoch afterwards.
        weights: by epoch.
        epochs: to look at.
        real: validation pictures.
        reader: that judges.
    """
    some = real.head(smoke(BY_EPOCH, 20))
    features, asked, rows = reader.features(some.images), wishes_for(some.labels, CLASSES), []
    for epoch in epochs:
        model.set_weights(weights[epoch])
        start = noise(measure.SEED, len(some))
        *_, x = steps_from_noise(velocity_of(model), start, asked, steps=smoke(STEPS, 2), guidance=GUIDANCE)
        rows.append({"epoch": epoch} | measure.judged(pixels(x), some.labels, features, reader))
    return pd.DataFrame(rows)


class GenerationWriter:
    """Writes the bundle of an experiment, and measures on the way.

    Args:
        slug: of the experiment.
        data: real pictures.
        variants: ``"good"``, ``"underfit"`` and ``"overfit"``.
        memorised: the training pictures of ``"overfit"``.
        reader: LiteRT model of a classifier with the signatures ``predict`` and ``inside``, see `lib.training.convert.to_litert`.
        seed: that the notebook set.
    """

    def __init__(
        self,
        slug: str,
        data: ImageDataset,
        *,
        variants: dict[str, Variant],
        memorised: Split,
        reader: bytes,
        seed: int,
    ) -> None:
        self.data, self.memorised = data, memorised
        sizes = {"train": len(data.train), "validation": len(data.validation), "test": len(data.test)}
        self.writer = BundleWriter(
            slug, dataset=data.name, classes=data.classes, variants=variants, sizes=sizes, seed=seed
        )
        for name, variant in variants.items():
            self.writer.save(f"{name}.tflite", to_flow_litert(variant.model, inside=name == "good"))
        self.writer.save("good.keras", keras_file(variants["good"].model))
        self.writer.save(FILE, reader)
        self.bundle = self.writer.bundle()
        self.reader = Reader(self.bundle)
        self.generator = Generator(self.bundle)

    def keep(self, **arrays: np.ndarray) -> None:
        """Arrays for the page."""
        self.writer.evaluation.update(arrays)

    def compare_settings(self) -> pd.DataFrame:
        """``settings.csv``: what steps and guidance do, on validation pictures; and rows of pictures from the same noise."""
        some = self.data.validation.head(smoke(COMPARED, 20))
        features, rows = self.reader.features(some.images), []
        settings = dict.fromkeys([*((n, GUIDANCE) for n in STEPS_COMPARED), *((STEPS, g) for g in GUIDANCE_COMPARED)])
        for steps, guidance in settings:
            drawn = self._drawn(some.labels, measure.SEED, steps, guidance)
            milliseconds = milliseconds_of(lambda labels: self._drawn(labels, measure.SEED, steps, guidance))  # noqa: B023
            row = {"steps": steps, "guidance": guidance, "milliseconds": milliseconds}
            rows.append(row | measure.judged(drawn, some.labels, features, self.reader))
        table = pd.DataFrame(rows)
        self.writer.save_table("settings.csv", table)
        each = np.arange(CLASSES)
        self.keep(
            steps_compared=np.array(STEPS_COMPARED),
            guidance_compared=np.array(GUIDANCE_COMPARED),
            steps_shown=np.stack([self._drawn(each, 1, n) for n in STEPS_COMPARED]),
            guidance_shown=np.stack([self._drawn(each, 1, STEPS, g) for g in GUIDANCE_COMPARED]),
        )
        return table

    def compare_generators(self, rivals: dict[str, tuple[keras.Model, Draw, float]], minutes: float) -> pd.DataFrame:
        """Score all generators on the test set, once, and keep what the page shows of it.

        Args:
            rivals: by name: the network that draws, how, and minutes of training.
            minutes: of training of the good variant.

        Returns:
            A row for each: ``flow``, the rivals, and ``real``, training pictures in place of drawn ones: as good as can be.
        """
        test, train = self.data.test, self.data.train
        test = test.head(smoke(len(test), 40))
        features, rows = self.reader.features(test.images), []

        def flow(labels: np.ndarray) -> np.ndarray:
            return self._drawn(labels, measure.SEED)

        variants = self.writer.variants
        ways: dict[str, tuple[int, Draw, float]] = {"flow": (variants["good"].model.count_params(), flow, minutes)}
        ways |= {name: (model.count_params(), draw, spent) for name, (model, draw, spent) in rivals.items()}
        real_distances = measure.nearest(test.images, train.images)[1]
        self.keep(distance_real=real_distances.astype(np.float16))
        for name, (parameters, draw, spent) in ways.items():
            drawn = draw(test.labels)
            index, distances = measure.nearest(drawn, train.images)
            rows.append(
                {
                    "generator": name,
                    "parameters": parameters,
                    "minutes": round(spent, 1),
                    "milliseconds": milliseconds_of(draw),
                }
                | measure.judged(drawn, test.labels, features, self.reader)
                | {"distance_to_training": round(float(distances.mean()), 2)}
            )
            self.keep(
                **{
                    f"{name}_shown": _of_each_class(drawn, test.labels),
                    f"distance_{name}": distances.astype(np.float16),
                }
            )
            if name == "flow":
                self._look_at(drawn, test, index, distances)
        same = _same_classes(train, test.labels)
        rows.append(
            {"generator": "real", "parameters": 0, "minutes": 0.0, "milliseconds": 0.0}
            | measure.judged(train.images[same], test.labels, features, self.reader)
            | {"distance_to_training": round(float(real_distances.mean()), 2)}
        )
        self.keep(real_shown=_of_each_class(test.images, test.labels))
        table = pd.DataFrame(rows)
        self.writer.facts["generators"] = rows
        for name in variants:
            if name == "good":
                scored = {
                    key: rows[0][key] for key in ("read_as_asked", "frechet_distance", "precision", "recall", "n")
                }
            else:
                asked = test.labels[: measure.FEW]
                drawn = self._drawn(asked, measure.SEED, network=Generator(self.bundle, name))
                scored = measure.judged(drawn, asked, features[: measure.FEW], self.reader)
                self.keep(**{f"{name}_shown": _of_each_class(drawn, asked)})
                if name == "overfit":
                    self._look_for_copies(drawn, asked)
            self.writer.facts["variants"][name]["test"] = scored
        return table

    def _drawn(
        self,
        labels: np.ndarray,
        seed: int,
        steps: int = STEPS,
        guidance: float = GUIDANCE,
        network: Generator | None = None,
    ) -> np.ndarray:
        start = noise(seed, len(labels))
        return (network or self.generator).finish(labels.tolist(), start, smoke(steps, 2), guidance)

    def _look_at(self, drawn: np.ndarray, test: Split, index: np.ndarray, distances: np.ndarray) -> None:
        """Confusions, mistakes, the closest copies, and pictures for the game."""
        read = self.reader.read(drawn)
        confusion = np.zeros((CLASSES, CLASSES), np.int32)
        np.add.at(confusion, (test.labels, read), 1)
        wrong = np.flatnonzero(read != test.labels)[:60]
        # The most similar pairs of each class, and an ordinary one.
        close = np.concatenate(
            [
                np.flatnonzero(test.labels == label)[distances[test.labels == label].argsort()[:1]]
                for label in range(CLASSES)
            ]
        )
        some = np.random.default_rng(0).permutation(len(drawn))[:GUESSES]
        real = self.data.validation
        chosen = np.random.default_rng(1).permutation(len(real))[:GUESSES]
        self.keep(
            confusion=confusion,
            mistakes=drawn[wrong],
            mistakes_asked=test.labels[wrong],
            mistakes_read=read[wrong],
            copies_drawn=drawn[close],
            copies_train=self.data.train.images[index[close]],
            game_drawn=drawn[some],
            game_drawn_labels=test.labels[some],
            game_real=real.images[chosen],
            game_real_labels=real.labels[chosen],
        )

    def _look_for_copies(self, drawn: np.ndarray, labels: np.ndarray) -> None:
        """What the network that memorised gives back, beside its own training pictures."""
        index, distances = measure.nearest(drawn, self.memorised.images)
        shown = np.concatenate([np.flatnonzero(labels == label)[:2] for label in range(CLASSES)])
        self.keep(
            memorised_drawn=drawn[shown],
            memorised_train=self.memorised.images[index[shown]],
            distance_memorised=distances.astype(np.float16),
            distance_few=measure.nearest(self.data.test.images[: len(drawn)], self.memorised.images)[1].astype(
                np.float16
            ),
        )

    def keep_epochs(self, shown: dict[int, np.ndarray], by_epoch: pd.DataFrame) -> None:
        """What was drawn after each epoch, and ``epochs.csv``: the Frechet distance after some."""
        self.keep(epochs=np.array(list(shown)), epochs_shown=np.stack(list(shown.values())))
        self.writer.save_table("epochs.csv", by_epoch)

    def keep_field(self) -> None:
        """Where noise flows, on the plane of the first two principal components of real pictures.

        An arrow is the mean velocity of pictures that lie in this place of the plane and are random elsewhere.
        """
        some = scaled(self.data.validation.images[: smoke(2_000, 200)]).reshape(-1, SIDE * SIDE)
        middle = some.mean(axis=0)
        _, _, rows = np.linalg.svd(some - middle, full_matrices=False)
        axes = rows[:2]
        rng, arrows, grids = np.random.default_rng(0), [], []
        free = np.zeros((1, CLASSES + 1), np.float32)
        free[0, -1] = 1
        copies = smoke(8, 1)
        for moment in FIELD_TIMES:
            edge = 2.5 * ((1 - moment) + moment * np.abs((some - middle) @ axes.T).std() / 1.0)
            line = np.linspace(-edge, edge, FIELD_SIDE)
            grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
            around = rng.standard_normal((copies, SIDE * SIDE))
            around -= around @ axes.T @ axes
            total = np.zeros((len(grid), 2))
            for one in around:
                x = moment * (middle - middle @ axes.T @ axes) + (1 - moment) * one + grid @ axes
                at = np.full((len(grid), 1), moment, np.float32)
                found = self.generator.velocity(
                    x.astype(np.float32).reshape(-1, SIDE, SIDE), at, np.repeat(free, len(grid), axis=0)
                )
                total += found.reshape(len(grid), -1) @ axes.T
            arrows.append(total / copies)
            grids.append(grid)
        labels = np.repeat(np.arange(CLASSES), PATHS)
        start, paths = noise(3, len(labels)), []
        paths.append(start.reshape(len(labels), -1) @ axes.T)
        for x in steps_from_noise(
            self.generator.velocity, start, wishes_for(labels, CLASSES), steps=smoke(STEPS, 2), guidance=GUIDANCE
        ):
            paths.append(x.reshape(len(labels), -1) @ axes.T)
        self.keep(
            field_axes=axes.reshape(2, SIDE, SIDE).astype(np.float16),
            field_grid=np.stack(grids).astype(np.float32),
            field_arrows=np.stack(arrows).astype(np.float32),
            field_times=np.array(FIELD_TIMES),
            paths=np.stack(paths, axis=1).astype(np.float32),
            paths_labels=labels,
        )

    def keep_plane(self, encoder: keras.Model, decoder: keras.Model) -> None:
        """The plane of an autoencoder with two numbers: a picture for each place, and where real pictures lie."""
        line = np.linspace(-PLANE_EDGE, PLANE_EDGE, PLANE_SIDE)
        grid = np.stack(np.meshgrid(line, line[::-1]), axis=-1).reshape(-1, 2).astype(np.float32)
        free = np.zeros((len(grid), CLASSES + 1), np.float32)
        made = decoder.predict({"noise": grid, "wish": free}, verbose=0)
        some = self.data.validation.head(1_000)
        pictures = (some.images / 255).astype(np.float32)
        found = encoder.predict({"images": pictures, "wish": np.zeros((len(some), CLASSES + 1), np.float32)}, verbose=0)
        self.keep(
            plane_pictures=(255 * made).round().astype(np.uint8),
            plane_grid=grid,
            plane_points=found[:, :2].astype(np.float16),
            plane_labels=some.labels,
        )

    def finish(self, card: str, tags: Sequence[str], finished: Sequence[Variant] = ()) -> Path:
        """Write the rest of the bundle; see `BundleWriter.finish`."""
        return self.writer.finish("read_as_asked", card, tags, finished=finished)


def _of_each_class(pictures: np.ndarray, labels: np.ndarray, n: int = SHOWN) -> np.ndarray:
    """`n` pictures of each class, class by class."""
    return np.concatenate([pictures[np.flatnonzero(labels == label)[:n]] for label in range(CLASSES)])


def _same_classes(data: Split, labels: np.ndarray) -> np.ndarray:
    """Indices of as many pictures of each class as there are in `labels`, in their order."""
    found = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        own, places = np.flatnonzero(data.labels == label), np.flatnonzero(labels == label)
        found[places] = np.resize(own, len(places))
    return found

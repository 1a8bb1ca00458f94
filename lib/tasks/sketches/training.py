"""What the notebooks of the sketch experiments call besides `lib.training`: the distortions, the feed, the bundle."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from sklearn.manifold import TSNE
from tqdm import tqdm

from lib import freehand, metrics, strangers
from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.datasets import ImageDataset, Split
from lib.ink import shrink
from lib.tasks.sketches.data import sketch_scores
from lib.tasks.sketches.strokes import normalise_ink
from lib.training.augment import RandomDistortion
from lib.training.bundle_writer import BundleWriter, Variant
from lib.training.convert import SIGNATURES, save_models
from lib.training.familiar import recognised
from lib.training.fit import SMOKE, checkpoints, smoke
from lib.training.for_browser import Exported, image_network

Augment = Callable[[tf.Tensor], tf.Tensor]
"""From a batch of images, float32 (n, 28, 28) in 0..255, to another one."""


class RandomPen(keras.layers.Layer):
    """Draw with another pen: lines become up to a pixel thicker, or fainter at their edges.

    Args:
        thick: share of a 3x3 maximum that is mixed in at most, 0 to 1.
        thin: what is added to the exponent of the brightness at most.
        seed: of the random draws.
    """

    def __init__(self, thick: float = 0.6, thin: float = 1.5, seed: int | None = None) -> None:
        super().__init__()
        self.thick, self.thin = thick, thin
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, images: tf.Tensor) -> tf.Tensor:
        change = keras.random.uniform((ops.shape(images)[0], 1, 1), -1.0, 1.0, seed=self.generator)
        widest = ops.max_pool(images[..., None], 3, strides=1, padding="same")[..., 0]
        images = images + self.thick * ops.maximum(change, 0.0) * (widest - images)
        return 255.0 * ops.power(ops.clip(images / 255.0, 0.0, 1.0), 1.0 + self.thin * ops.maximum(-change, 0.0))


def redraw(seed: int, strength: float = 1.0, erase: float = 0.25, pens: float = 1.0, keep: float = 0.0) -> Augment:
    """All distortions in a row: mirrored, turned, slanted, resized, moved, bent, with another pen, and with a piece missing.

    Args:
        seed: of the random draws.
        strength: of the geometric ones, relative to what suits a convolutional network.
        erase: how many of the images lose a rectangle of up to a fifth of the picture.
        pens: how much the pens differ, relative to what suits a convolutional network.
        keep: how many of the images are mirrored at most, and stay as sharp as they are.
    """
    mirror = keras.layers.RandomFlip("horizontal", seed=seed)
    distort = RandomDistortion(
        rotation=15 * strength,
        slant=12 * strength,
        zoom=0.15 * strength,
        shift=2.0 * strength,
        elastic=strength,
        seed=seed,
    )
    pen = RandomPen(0.6 * pens, 1.5 * pens, seed=seed)
    lose = keras.layers.RandomErasing(erase, scale=(0.02, 0.2), fill_value=0.0, value_range=(0, 255), seed=seed)

    def augment(images: tf.Tensor) -> tf.Tensor:
        mirrored = mirror(images[..., None], training=True)[..., 0]
        changed = lose(pen(distort(mirrored))[..., None], training=True)[..., 0]
        if keep:
            stays = tf.random.uniform((tf.shape(images)[0], 1, 1), seed=seed) < keep
            changed = tf.where(stays, mirrored, changed)
        return changed

    return augment


def balanced(
    split: Split,
    classes: int,
    *,
    each: int,
    batch_size: int,
    augment: Augment | None = None,
    smoothing: float = 0.0,
    seed: int = 0,
) -> tuple[tf.data.Dataset, int]:
    """Training data in which every category counts the same, however many drawings it has.

    In every epoch, `each` drawings are drawn of each category: all that there are of a poor one, others every time of a rich one.

    Args:
        split: what to learn from.
        classes: number of categories.
        each: drawings of a category in an epoch.
        batch_size: drawings in a batch.
        augment: changes each batch of images.
        smoothing: share of the target that is spread over all categories (Szegedy et al., 2016).
        seed: of the choice and order.

    Returns:
        Batches without an end, float32 images (n, 28, 28) and targets (n, classes), and the number of batches in an epoch.
    """
    batch_size = smoke(batch_size, 16)
    members = [np.flatnonzero(split.labels == label) for label in range(classes)]
    per_epoch = sum(min(each, len(some)) for some in members)
    steps = smoke(per_epoch // batch_size, 2)

    def indices() -> Iterator[np.ndarray]:
        generator = np.random.default_rng(seed)
        while True:
            order = generator.permutation(np.concatenate([generator.permutation(some)[:each] for some in members]))
            yield from order[: steps * batch_size].reshape(-1, batch_size)

    images, labels = tf.constant(split.images), tf.constant(split.labels)

    def prepare(index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        batch = tf.cast(tf.gather(images, index), tf.float32)
        if augment:
            batch = tf.ensure_shape(augment(batch), (batch_size, *split.images.shape[1:]))
        target = tf.one_hot(tf.gather(labels, index), classes)
        return batch, target * (1 - smoothing) + smoothing / classes

    data = tf.data.Dataset.from_generator(indices, output_signature=tf.TensorSpec((batch_size,), tf.int64))
    return data.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).prefetch(4), steps


def one_hot(split: Split, classes: int, batch_size: int = 256) -> tf.data.Dataset:
    """Validation data with targets of the same form as `balanced` gives."""
    images = split.images.astype(np.float32)
    return tf.data.Dataset.from_tensor_slices((images, np.eye(classes, dtype=np.float32)[split.labels])).batch(
        batch_size
    )


def vote(members: Sequence[keras.Model], name: str, mirrored: bool = True) -> keras.Model:
    """One network that averages the logits of several.

    Args:
        members: each from images (28, 28) to logits.
        name: of the network.
        mirrored: whether each also looks at the image's mirror image, which shows the same thing.
    """
    inputs = keras.Input((28, 28), name="pixels")
    views = [inputs, ops.flip(inputs, axis=2)] if mirrored else [inputs]
    logits = [member(view) for member in members for view in views]
    return keras.Model(inputs, keras.layers.Average(name="vote")(logits) if len(logits) > 1 else logits[0], name=name)


def calibrated(model: keras.Model, validation: Split) -> tuple[keras.Model, float]:
    """The same network with its logits divided by the temperature that suits the validation set best, and that temperature."""
    logits = model.predict(validation.images.astype(np.float32), batch_size=256, verbose=0)
    temperature = metrics.best_temperature(logits, validation.labels)
    cooler = keras.layers.Rescaling(1 / temperature, name="temperature")
    return keras.Model(model.inputs, cooler(model.outputs[0]), name=model.name), temperature


def write_sketches_bundle(
    slug: str,
    data: ImageDataset,
    *,
    variants: dict[str, Variant],
    features: keras.Model,
    examples: Sequence[str],
    seed: int,
    card: str,
    lesson: dict[str, Variant],
    signatures: Sequence[str] = SIGNATURES,
    notes: dict | None = None,
    pictures: dict[str, np.ndarray] | None = None,
    finished: Sequence[Variant] = (),
    measure: Callable[[Callable[[np.ndarray], np.ndarray]], dict] | None = None,
) -> Path:
    """Write the bundle of a sketch experiment, and score each variant on the test set, once, in the form that the page runs.

    Args:
        slug: of the experiment.
        data: to score on, and to place the categories on a map by.
        variants: by name; ``"good"`` is calibrated on the validation set here.
        features: from images to what the good variant weighs last, (n, features).
        examples: categories of which the page offers a drawing.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.
        lesson: two ways to train the same network, by what they are called, for a chart of their curves.
        signatures: of the good variant's LiteRT model; the others can only predict.
        notes: further facts for ``bundle.json``.
        pictures: further arrays for ``evaluation.npz``.
        finished: trainings besides the variants whose checkpoints are no longer needed.
        measure: given a function from images to predicted labels of the good variant, measures drawings.

    Returns:
        The folder.
    """
    classes, test = data.classes, data.test
    logits = variants["good"].model.predict(test.images.astype(np.float32), batch_size=256, verbose=0)
    before = metrics.calibration_error(metrics.softmax(logits), test.labels)
    variants["good"].model, temperature = calibrated(variants["good"].model, data.validation)
    sizes = {"train": len(data.train), "validation": len(data.validation), "test": len(test)}
    writer = BundleWriter(slug, dataset=data.name, classes=classes, variants=variants, sizes=sizes, seed=seed)
    writer.facts["input_shape"] = list(test.images.shape[1:])
    writer.facts |= notes or {}
    writer.evaluation |= pictures or {}
    writer.save_lesson(lesson)
    writer.facts["rich"] = [classes[label] for label in rich_categories(data.train.labels)]
    writer.facts["variants"]["good"]["temperature"] = round(temperature, 4)
    save_models(writer, dict.fromkeys(variants, ("predict",)) | {"good": signatures}, half=True)

    bundle = writer.bundle()
    classifiers = {name: Classifier(bundle, name) for name in variants}
    for name, classifier in classifiers.items():
        probabilities = classifier.probabilities(test.images)
        scores = sketch_scores(probabilities, test.labels, [classes.index(one) for one in writer.facts["rich"]])
        if name == "good":
            writer.evaluation |= _answers(probabilities, test, examples, classes)
            scores["calibration_error_before"] = round(before, 6)
            writer.facts["strangers"] = recognised(
                classifier.logits, data.validation.images, test.images, no_sketches(seed)
            )
        writer.facts["variants"][name]["test"] = scores
    writer.evaluation["map"] = category_map(features, data)
    if measure:
        writer.facts["freehand"] = measure(lambda images: classifiers["good"].logits(images).argmax(axis=1))
    return writer.finish("accuracy", card, ["quickdraw"], finished=[*lesson.values(), *finished])


def no_sketches(seed: int) -> dict[str, np.ndarray]:
    """Pictures of nothing that can be drawn: letters and scribbles, uint8 (n, 28, 28) each."""
    n = smoke(300, 20)
    letters = strangers.letters(n, seed, strangers.LETTERS + strangers.OTHER_LETTERS)
    made = {"letters": letters, "scribbles": strangers.scribbles(n, seed)}
    return {
        kind: np.stack([normalise_ink(image.astype(np.float32) / 255) for image in images])
        for kind, images in made.items()
    }


def rich_categories(labels: np.ndarray, times: int = 20) -> np.ndarray:
    """The labels that have more than so many times as many drawings as the usual one."""
    count = np.bincount(labels)
    return np.flatnonzero(count > times * np.median(count))


def _answers(
    probabilities: np.ndarray, test: Split, examples: Sequence[str], classes: Sequence[str]
) -> dict[str, np.ndarray]:
    """What the page draws of the test set: every drawing with its five best guesses, and who is taken for whom."""
    n = len(classes)
    guesses = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    count = np.maximum(np.bincount(test.labels, minlength=n), 1)
    mean = np.zeros((n, n), np.float64)
    np.add.at(mean, test.labels, probabilities)
    right = np.bincount(test.labels[guesses[:, 0] == test.labels], minlength=n)
    shown = []
    for name in examples:
        own = np.flatnonzero(test.labels == classes.index(name))
        # The drawing that it is surest of.
        shown.append(own[probabilities[own, classes.index(name)].argmax()])
    bins = metrics.calibration_bins(probabilities, test.labels)
    return {
        "test_images": test.images,
        "test_labels": test.labels.astype(np.int16),
        "test_guesses": guesses.astype(np.int16),
        "test_probabilities": np.take_along_axis(probabilities, guesses, axis=1).astype(np.float16),
        "mean_probability": (mean / count[:, None]).astype(np.float16),
        "right_good": (right / count).astype(np.float32),
        "examples_images": test.images[shown],
        "examples_labels": test.labels[shown].astype(np.int16),
        **{f"calibration_{key}": values for key, values in bins.items()},
    }


def category_map(features: keras.Model, data: ImageDataset, each: int = 40) -> np.ndarray:
    """A place on a plane for each category, near those whose drawings have similar features (van der Maaten and Hinton, 2008).

    Returns:
        float32 (categories, 2).
    """
    labels = data.train.labels
    members = np.concatenate([np.flatnonzero(labels == label)[: smoke(each, 1)] for label in range(len(data.classes))])
    values = features.predict(data.train.images[members].astype(np.float32), batch_size=256, verbose=0)
    means = np.stack([values[labels[members] == label].mean(axis=0) for label in range(len(data.classes))])
    means = (means - means.mean(axis=0)) / (means.std(axis=0) + 1e-6)
    perplexity = min(12, (len(means) - 1) / 3)
    steps = smoke(1_000, 250)
    return TSNE(perplexity=perplexity, metric="cosine", init="pca", max_iter=steps, random_state=0).fit_transform(means)


def drawn_anywhere(
    predict: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray, seed: int = 2000
) -> dict[str, float]:
    """Accuracy on drawings that are pasted at any size anywhere on a canvas.

    Args:
        predict: from images (uint8, n x 28 x 28) to labels (n).
        images: drawings that the network has not learnt from, uint8 (n, 28, 28).
        labels: what they are (n).
        seed: of sizes and places.

    Returns:
        ``n``, and the accuracy ``as_they_are``, ``naive`` (the canvas simply shrunk) and ``normalised`` (through the preprocessing).
    """
    rng = np.random.default_rng(seed)
    canvases = [freehand.paste(image, rng) for image in images]

    def right(pictures: Sequence[np.ndarray]) -> float:
        return round(float((predict(np.stack(pictures)) == labels).mean()), 4)

    return {
        "n": len(images),
        "as_they_are": right(list(images)),
        "naive": right([shrink(canvas) for canvas in canvases]),
        "normalised": right([normalise_ink(canvas) for canvas in canvases]),
    }


@dataclass(frozen=True)
class Taught:
    """Distorted drawings with what a teacher says about them (Hinton, Vinyals and Dean, 2015).

    Attributes:
        images: uint8 (n, 28, 28).
        labels: what they were drawn as (n).
        logits: the teacher's, float16 (n, classes).
        seconds: that it took to ask.
        kept: the file that keeps them until the bundle is written.
    """

    images: np.ndarray
    labels: np.ndarray
    logits: np.ndarray
    seconds: float
    kept: Path

    def feed(
        self, classes: int, *, batch_size: int, per_epoch: int, seed: int, soft: bool = True
    ) -> tuple[tf.data.Dataset, int]:
        """Batches without an end, like `balanced`: with the teacher's probabilities as targets, or with smoothed labels."""
        batch_size = smoke(batch_size, 16)

        def pairs() -> Iterator[tuple[np.ndarray, np.ndarray]]:
            generator = np.random.default_rng(seed)
            while True:
                order = generator.permutation(len(self.images))
                for index in order[: len(order) // batch_size * batch_size].reshape(-1, batch_size):
                    if soft:
                        target = metrics.softmax(self.logits[index].astype(np.float32))
                    else:
                        target = 0.9 * np.eye(classes, dtype=np.float32)[self.labels[index]] + np.float32(0.1 / classes)
                    yield self.images[index].astype(np.float32), target

        shapes = (tf.TensorSpec((batch_size, 28, 28), tf.float32), tf.TensorSpec((batch_size, classes), tf.float32))
        data = tf.data.Dataset.from_generator(pairs, output_signature=shapes)
        return data.prefetch(8), smoke(per_epoch // batch_size, 2)

    def forget(self) -> None:
        """Delete what was kept to go on with."""
        self.kept.unlink(missing_ok=True)


def ask(
    teacher: keras.Model,
    split: Split,
    classes: int,
    *,
    copies: int,
    each: int,
    augment: Augment,
    seed: int,
    name: str,
) -> Taught:
    """Let a teacher say what it thinks of distorted drawings.

    Args:
        teacher: from images to logits.
        split: drawings, every category the same number of them.
        classes: number of categories.
        copies: how often the whole is gone through, distorted anew each time.
        each: drawings of a category each time.
        augment: distorts.
        seed: of the choice and order.
        name: of the file that keeps the answers, so that they need not be asked for twice.
    """
    kept = checkpoints() / f"{name}.npz"
    if not kept.exists():
        start = time.monotonic()
        batches, steps = balanced(split, classes, each=each, batch_size=128, augment=augment, seed=seed)
        images, labels, logits = [], [], []
        for batch, target in tqdm(
            batches.take(copies * steps), total=copies * steps, desc="asking the teacher", disable=SMOKE
        ):
            images.append(tf.cast(tf.round(batch), tf.uint8).numpy())
            labels.append(tf.argmax(target, axis=1).numpy())
            logits.append(teacher.predict_on_batch(images[-1].astype(np.float32)).astype(np.float16))
        arrays = {"images": images, "labels": labels, "logits": logits}
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part.npz")
        seconds = np.array(time.monotonic() - start)
        np.savez(
            part, allow_pickle=False, seconds=seconds, **{key: np.concatenate(values) for key, values in arrays.items()}
        )
        part.replace(kept)
    with np.load(kept) as found:
        return Taught(found["images"], found["labels"], found["logits"], float(found["seconds"]), kept)


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return image_network(bundle, (28, 28), ["logits"])

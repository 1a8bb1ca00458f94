"""What the notebooks of the hand experiments call besides `lib.training`: rendered hands in front of scenes, the feed, the bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from scipy import ndimage

from lib import metrics
from lib.bundles import Bundle
from lib.tasks.hands import data as hands
from lib.tasks.hands.data import CAST, HANDS, NOTHING, HandData, Photos, balance
from lib.tasks.hands.reader import SURER, HandReader
from lib.training.bundle_writer import BundleWriter, Variant, keras_file
from lib.training.convert import to_litert_with_maps
from lib.training.fit import smoke
from lib.training.for_browser import Exported
from lib.training.from_litert import Graph

RENDERED_SOURCE, SCENE_SOURCE, ARM_SOURCE = 100, 101, 102
"""Numbers of the sources that are made here: rendered hands before scenes, scenes alone, arms without a hand."""


def cut_out(rendered: np.ndarray) -> np.ndarray:
    """How far each pixel belongs to the hand: what is nearly white and grey, and hangs together with the edge, does not.

    Args:
        rendered: uint8 (height, width, 3), a hand on white.

    Returns:
        float32 (height, width), 0 to 1, soft at its edges.
    """
    low, high = rendered.min(axis=-1).astype(int), rendered.max(axis=-1).astype(int)
    pale = (low > 200) & (high - low < 16)
    regions, _ = ndimage.label(pale)
    edges = np.concatenate([regions[0], regions[:, 0], regions[:, -1]])
    hand = ~np.isin(regions, np.unique(edges[edges > 0]))
    hand = ndimage.binary_opening(hand)
    return ndimage.gaussian_filter(ndimage.binary_erosion(hand, border_value=1).astype(np.float32), 0.7)


def _affine(rng: np.random.Generator, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A random place for a hand: matrix and offset of `scipy.ndimage.affine_transform`, from output to input pixels."""
    angle = rng.uniform(-0.9, 0.9) + rng.choice([0.0, 0.0, np.pi / 2, -np.pi / 2])
    scale, mirror = np.exp(rng.uniform(-0.15, 0.75)), rng.choice([-1.0, 1.0])
    matrix = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = np.diag([1.0, mirror]) @ matrix
    middle = np.full(2, (side - 1) / 2)
    return matrix, middle - matrix @ (middle + rng.uniform(-0.16, 0.16, 2) * side)


def before_scenes(rendered: Photos, scenes: np.ndarray, seed: int, arms: int = 0) -> Photos:
    """Each rendered hand anywhere in front of a scene, its arm reaching out of the picture, in another skin and light.

    Args:
        rendered: hands on white.
        scenes: uint8 (n, side, side, 3).
        seed: of the random draws.
        arms: so many wrists without a hand are added, as `nothing`.
    """
    rng, side = np.random.default_rng(seed), rendered.images.shape[1]
    picked = [(i, False) for i in range(len(rendered))]
    picked += [(int(i), True) for i in rng.integers(0, len(rendered), arms)]
    images, labels = np.empty((len(picked), side, side, 3), np.uint8), []
    for k, (i, arm) in enumerate(picked):
        hand = rendered.images[i]
        alpha = cut_out(hand)
        if arm:
            # The lowest rows show the wrist; nothing of the hand above them is left.
            alpha = alpha * (np.arange(side) > side * 0.84)[:, None]
        # The arm goes on below the picture.
        layers = np.dstack([hand.astype(np.float32), alpha * 255])
        layers = np.pad(layers, ((0, side), (0, 0), (0, 0)), mode="edge")
        matrix, offset = _affine(rng, side)
        moved = np.stack(
            [ndimage.affine_transform(layers[..., c], matrix, offset, (side, side), order=1) for c in range(4)], axis=-1
        )
        skin = moved[..., :3] * np.exp(rng.normal(0, 0.35) + rng.normal(0, 0.1, 3))
        cover = moved[..., 3:] / 255
        scene = scenes[rng.integers(len(scenes))].astype(np.float32)
        images[k] = np.clip(cover * skin + (1 - cover) * scene, 0, 255)
        labels.append(NOTHING if arm else rendered.labels[i])
    source = np.array([ARM_SOURCE if arm else RENDERED_SOURCE for _, arm in picked])
    return Photos(images, np.array(labels, np.int64), source)


def walls(n: int, side: int, seed: int) -> np.ndarray:
    """Plain walls in uneven light: uint8 (n, side, side, 3), a gradient between two colours that are mostly grey."""
    rng = np.random.default_rng(seed)
    grid = np.linspace(-0.5, 0.5, side)
    angle = rng.uniform(0, 2 * np.pi, (n, 1, 1, 1))
    along = np.cos(angle) * grid[None, :, None, None] + np.sin(angle) * grid[None, None, :, None] + 0.5
    tone = rng.uniform(20, 245, (n, 1, 1, 1)) + rng.normal(0, 14, (n, 1, 1, 3))
    other = tone * np.exp(rng.normal(0, 0.3, (n, 1, 1, 1)))
    grain = rng.normal(0, 3, (n, side, side, 1))
    return np.clip(tone * along + other * (1 - along) + grain, 0, 255).astype(np.uint8)


def _transforms(n: tf.Tensor, side: int, strength: float) -> tf.Tensor:
    """Random moves, turns, sizes and mirrorings, from output to input pixels: float32 (n, 8)."""

    def draw(low: float, high: float) -> tf.Tensor:
        return tf.random.uniform((n,), low, high)

    quarter = tf.where(draw(0, 1) < 0.2 * strength, tf.sign(draw(-1, 1)) * np.pi / 2, 0.0)
    angle = strength * draw(-0.6, 0.6) + quarter
    size = tf.exp(-strength * draw(-0.5, 0.35))
    stretch = tf.exp(strength * draw(-0.15, 0.15))
    mirror = tf.sign(draw(-1, 1))
    cos, sin = tf.cos(angle) * size, tf.sin(angle) * size
    # x' = mirror * stretch * (cos x - sin y), y' = (sin x + cos y) / stretch, both from the middle.
    a, b, d, e = mirror * stretch * cos, -mirror * stretch * sin, sin / stretch, cos / stretch
    middle = (side - 1) / 2
    x, y = middle + strength * draw(-0.18, 0.18) * side, middle + strength * draw(-0.18, 0.18) * side
    zero = tf.zeros_like(a)
    return tf.stack([a, b, middle - a * x - b * y, d, e, middle - d * x - e * y, zero, zero], axis=1)


def augment(photos: tf.Tensor, scenes: tf.Tensor | None, strength: float = 1.0) -> tf.Tensor:
    """Other places, other light, other skin: each photo moved, turned, resized and mirrored before a scene, and recoloured.

    Args:
        photos: uint8 (n, side, side, 3).
        scenes: as many, to stand where a photo ends and before a small piece of it; None repeats the photo's edge.
        strength: of the moves, 0 to 1.

    Returns:
        float32 (n, side, side, 3) in 0..255.
    """
    n, side = tf.shape(photos)[0], int(photos.shape[1])
    images = tf.cast(photos, tf.float32) / 255.0
    fill = "NEAREST" if scenes is None else "CONSTANT"
    if scenes is not None:
        images = tf.concat([images, tf.ones((n, side, side, 1))], axis=-1)
    images = tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=_transforms(n, side, strength),
        output_shape=(side, side),
        interpolation="BILINEAR",
        fill_mode=fill,
        fill_value=0.0,
    )

    def each(low: float, high: float, channels: int = 1) -> tf.Tensor:
        return tf.random.uniform((n, 1, 1, channels), low, high)

    if scenes is not None:
        cover = images[..., 3:] * (1.0 - _patches(n, side, 0.25))
        images = images[..., :3] * cover + tf.cast(scenes, tf.float32) / 255.0 * (1.0 - cover)
    # A hand that moves: the photo and two shifted copies of it.
    along = tf.random.uniform((2,), -3, 4, tf.int32)
    blurred = (images + tf.roll(images, along, (1, 2)) + tf.roll(images, -along, (1, 2))) / 3.0
    images = tf.where(each(0, 1) < 0.25, blurred, images)
    grey = tf.reduce_mean(images, axis=-1, keepdims=True)
    saturation = tf.where(each(0, 1) < 0.12, 0.0, each(0.4, 1.4))
    images = grey + saturation * (images - grey)
    mean = tf.reduce_mean(images, axis=(1, 2, 3), keepdims=True)
    images = mean + each(0.6, 1.35) * (images - mean)
    images = images * tf.exp(each(-0.45, 0.45) + each(-0.15, 0.15, 3))
    images = tf.pow(tf.clip_by_value(images, 0.0, 1.0) + 1e-4, tf.exp(each(-0.4, 0.4)))
    images = images + each(0.0, 0.05) * tf.random.normal(tf.shape(images))
    return 255.0 * tf.clip_by_value(images, 0.0, 1.0)


def _patches(n: tf.Tensor, side: int, share: float) -> tf.Tensor:
    """Masks of a small rectangle in so many of the pictures (Zhong et al., 2020): float32 (n, side, side, 1)."""
    grid = tf.range(side, dtype=tf.float32)
    half = tf.random.uniform((2, n, 1), 0.06, 0.18) * side
    middle = tf.random.uniform((2, n, 1), 0.0, 1.0) * side
    rows, columns = tf.unstack(tf.cast(tf.abs(grid - middle) < half, tf.float32))
    there = tf.cast(tf.random.uniform((n, 1, 1)) < share, tf.float32)
    return (there * rows[:, :, None] * columns[:, None, :])[..., None]


def feed(
    photos: Photos,
    *,
    batch_size: int = 32,
    weights: np.ndarray | None = None,
    scenes: np.ndarray | None = None,
    augmented: bool = True,
    strength: float = 1.0,
    smoothing: float = 0.1,
    seed: int = 0,
) -> tf.data.Dataset:
    """Batches without an end: float32 images (n, side, side, 3) in 0..255 and targets (n, classes).

    Args:
        photos: what to learn from.
        batch_size: photos in a batch.
        weights: how often to draw each; classes and sources in balance if not given (`lib.tasks.hands.data.balance`).
        scenes: to stand behind the hands; see `augment`.
        augmented: False gives the photos as they are.
        strength: see `augment`.
        smoothing: share of the target that is spread over all classes (Szegedy et al., 2016).
        seed: of the choice.
    """
    batch_size = smoke(batch_size, 4)
    weights = balance(photos) if weights is None else weights
    behind = photos.images[:1] if scenes is None else scenes

    def draws() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        rng = np.random.default_rng(seed)
        while True:
            index = rng.choice(len(photos), batch_size, p=weights)
            yield photos.images[index], behind[rng.integers(len(behind), size=batch_size)], photos.labels[index]

    def prepare(images: tf.Tensor, scenes_: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        target = tf.one_hot(labels, len(HANDS)) * (1 - smoothing) + smoothing / len(HANDS)
        if not augmented:
            return tf.cast(images, tf.float32), target
        return augment(images, None if scenes is None else scenes_, strength), target

    shape = (batch_size, *photos.images.shape[1:])
    picture = tf.TensorSpec(shape, tf.uint8)
    signature = (picture, picture, tf.TensorSpec((batch_size,), tf.int64))
    data = tf.data.Dataset.from_generator(draws, output_signature=signature)
    return data.map(prepare, num_parallel_calls=2).prefetch(4)


def one_hot(photos: Photos, batch_size: int = 64) -> tf.data.Dataset:
    """Validation data with targets of the same form as `feed` gives."""
    targets = np.eye(len(HANDS), dtype=np.float32)[photos.labels]
    data = tf.data.Dataset.from_tensor_slices((photos.images, targets)).batch(batch_size)
    return data.map(lambda images, target: (tf.cast(images, tf.float32), target))


def pool(photos: Photos, rendered: Photos, scenes: np.ndarray, behind: np.ndarray, arms: int, seed: int) -> Photos:
    """Everything there is to learn from: photos, rendered hands before `behind`, arms without a hand, and `scenes` as `nothing`."""
    nothing = Photos(scenes, np.full(len(scenes), NOTHING), np.full(len(scenes), SCENE_SOURCE))
    return photos + before_scenes(rendered, behind, seed, arms) + nothing


def logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """What a network says to each picture and to its mirror image, in the mean: float32 (n, classes)."""
    parts = []
    for start in range(0, len(images), 64):
        batch = images[start : start + 64].astype(np.float32)
        parts.append((model.predict_on_batch(batch) + model.predict_on_batch(batch[:, :, ::-1])) / 2)
    return np.concatenate(parts)


def promised(model: keras.Model, own: Photos, test: Photos, among: int = len(HANDS)) -> tuple[float, float]:
    """Accuracy on photos of the training's own kind, and on hands of new people.

    Args:
        model: from images to logits.
        own: what a training would be judged by.
        test: photos of sources that nothing was learnt from.
        among: so many classes are chosen from, and only photos of them count.
    """
    found = []
    for photos in (own, test):
        known = photos[photos.labels < among]
        found.append(metrics.accuracy(logits(model, known.images)[:, :among], known.labels))
    return round(found[0], 4), round(found[1], 4)


def write_hands_bundle(
    slug: str,
    data: HandData,
    *,
    variants: dict[str, Variant],
    splits: Sequence[dict],
    few: dict[int, Variant],
    lesson: dict[str, Variant],
    seed: int,
    card: str,
    small: Sequence[str] = (),
    keep_keras: bool = False,
    turned: bool = False,
    finished: Sequence[Variant] = (),
    licence: str = "mit",
) -> Path:
    """Write the bundle of a hand experiment, and score each variant on the test set, once, in the form that the page runs.

    Args:
        slug: of the experiment.
        data: to score on.
        variants: by name; ``"good"`` is calibrated on the validation set here.
        splits: what each way to split promises and what comes of it: rows of ``how``, ``learnt``, ``own`` and ``new``.
        few: trainings on so many photos.
        lesson: trainings whose curves are compared, by what they are called.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.
        small: variants whose weights are written as 8-bit numbers.
        keep_keras: whether the good variant is also written as Keras saves it.
        turned: whether a picture is also seen upside down; see `HandReader`.
        finished: trainings besides the variants whose checkpoints are no longer needed.
        licence: of the weights.

    Returns:
        The folder.
    """
    every = [*variants.values(), *few.values(), *lesson.values(), *finished]
    trainings = list({id(one): one for one in every}.values())
    sizes = {"train": len(data.train), "validation": len(data.validation), "test": len(data.test)}
    writer = BundleWriter(slug, dataset=DATASET, classes=HANDS, variants=variants, sizes=sizes, seed=seed)
    side = data.test.images.shape[1]
    temperature = metrics.best_temperature(
        logits(variants["good"].model, data.validation.images), data.validation.labels
    )
    writer.facts["input_shape"] = [side, side, 3]
    writer.facts["turned"] = turned
    writer.facts["training_seconds"] = round(float(sum(one.history["seconds"].sum() for one in trainings)), 1)
    writer.facts["temperature"] = round(temperature, 4)
    writer.facts["splits"] = list(splits)
    writer.facts["validation_sources"] = len(np.unique(data.validation.source))
    writer.facts["train_sources"] = len(np.unique(data.train.source))
    writer.save_lesson(lesson)
    for name, variant in variants.items():
        cooler = temperature if name == "good" else 1.0
        writer.save(f"{name}.tflite", to_litert_with_maps(variant.model, cooler, name in small))
    if keep_keras:
        writer.save("good.keras", keras_file(variants["good"].model))

    writer.facts["few"] = [_needed(n, one.model, data) for n, one in few.items()]
    before = metrics.softmax(logits(variants["good"].model, data.test.images))
    writer.facts["calibration_error_before"] = round(metrics.calibration_error(before, data.test.labels), 6)
    score(writer.bundle(), data, writer.facts, writer.evaluation)
    writer.evaluation |= _rendered_mistakes(HandReader(writer.bundle()), data.rendered, seed)
    writer.evaluation["augmented"] = augmented(data.rendered, seed)
    return writer.finish("accuracy", card, ["rock-paper-scissors"], licence, trainings)


def score(bundle: Bundle, data: HandData, facts: dict[str, Any], evaluation: dict[str, np.ndarray]) -> None:
    """Score all variants of a bundle on the test set, and the good one on changed photos, too, into its facts and arrays."""
    for name in facts["variants"]:
        reader = HandReader(bundle, name)
        probabilities = reader.probabilities(data.test.images)
        predicted = probabilities.argmax(axis=1)
        evaluation[f"confusion_{name}"] = metrics.confusion_counts(predicted, data.test.labels, len(HANDS))
        facts["variants"][name]["test"] = hands.scores(probabilities, data.test.labels)
        if name == "good":
            facts["sources"] = _by_source(probabilities, data)
            facts["changed"] = [
                {
                    "how": how,
                    "accuracy": round(metrics.accuracy(reader.probabilities(images), data.validation.labels), 4),
                }
                for how, images in hands.changed(data.validation.images).items()
            ]
            facts["few"].append(
                {
                    "photos": len(data.train),
                    "validation": facts["changed"][0]["accuracy"],
                    "test": round(metrics.accuracy(probabilities, data.test.labels), 4),
                }
            )
            bins = metrics.calibration_bins(probabilities, data.test.labels)
            evaluation |= {f"calibration_{key}": values for key, values in bins.items()}
            facts["milliseconds"] = round(_milliseconds(reader, data.test.images[0]), 2)


DATASET = "Hands of 21 sources"
SHOWN = 64
"""Side of the rendered hands that a page shows, in pixels."""


def _needed(n: int, model: keras.Model, data: HandData) -> dict:
    """What a training on so many photos comes to."""
    own, new = promised(model, data.validation, data.test)
    return {"photos": n, "validation": own, "test": new}


def _by_source(probabilities: np.ndarray, data: HandData) -> list[dict]:
    """How well each held-out source is read: its repository, number of photos, accuracy, and the share of each class."""
    rows = []
    for source in np.unique(data.test.source):
        own = data.test.source == source
        rows.append(
            {
                "source": data.names[source] if source < len(data.names) else str(source),
                "n": int(own.sum()),
                "accuracy": round(metrics.accuracy(probabilities[own], data.test.labels[own]), 4),
                "recalls": hands.recalls(probabilities[own], data.test.labels[own]),
            }
        )
    return rows


def _milliseconds(reader: HandReader, image: np.ndarray, times: int = 30) -> float:
    """What a prediction takes, in the median."""
    return float(np.median([reader.see(image).milliseconds for _ in range(times)]))


def _rendered_mistakes(reader: HandReader, rendered: Photos, seed: int, most: int = 24) -> dict[str, np.ndarray]:
    """Rendered hands before plain walls, in poses and light that were not learnt, that are taken for something else, surest first."""
    side = rendered.images.shape[1]
    posed = before_scenes(rendered, walls(200, side, seed + 100), seed + 100)
    probabilities = reader.probabilities(posed.images)
    predicted, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != posed.labels)
    chosen = wrong[np.argsort(-sure[wrong])][:most]
    return {
        "rendered_confusion": metrics.confusion_counts(predicted, posed.labels, len(HANDS)),
        "samples_images": _small(posed.images[chosen]),
        "samples_true": posed.labels[chosen],
        "samples_predicted": predicted[chosen],
        "samples_probability": sure[chosen].astype(np.float32),
    }


def augmented(rendered: Photos, seed: int, rows: int = 2, columns: int = 8) -> np.ndarray:
    """Rendered hands as they are, each followed by what a training is shown of it: uint8 (rows * columns, side, side, 3)."""
    tf.random.set_seed(seed)
    side = rendered.images.shape[1]
    pictures: list[np.ndarray] = []
    for image in some_hands(rendered, rows, seed):
        behind = tf.constant(walls(columns - 1, side, seed + len(pictures)))
        changed = augment(tf.constant(np.repeat(image[None], columns - 1, axis=0)), behind).numpy()
        pictures += [image, *changed.astype(np.uint8)]
    return _small(np.stack(pictures))


def some_hands(rendered: Photos, n: int, seed: int) -> np.ndarray:
    """Some rendered hands of several classes: uint8 (n, side, side, 3)."""
    return hands.some_of_each(rendered, n, seed).images


def _small(images: np.ndarray) -> np.ndarray:
    """Images reduced to the size in which a page shows them: uint8 (n, 64, 64, 3)."""
    reduced = [np.asarray(Image.fromarray(image).resize((SHOWN, SHOWN), Image.Resampling.BOX)) for image in images]
    return np.stack(reduced) if reduced else np.zeros((0, SHOWN, SHOWN, 3), np.uint8)


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it: balances the light and looks at the picture and its mirror image as `HandReader` does."""
    side, turned = bundle.facts["input_shape"][0], bundle.facts["turned"]
    graph = Graph(bundle.read("good.tflite"), "predict")

    def run(images: tf.Tensor) -> dict[str, tf.Tensor]:
        strength = tf.maximum(tf.reduce_mean(images, axis=(1, 2), keepdims=True), 1.0)
        strongest, weakest = (reduce(strength, axis=-1, keepdims=True) for reduce in (tf.reduce_max, tf.reduce_min))
        share = tf.clip_by_value((tf.math.log(strongest / weakest) - CAST[0]) / (CAST[1] - CAST[0]), 0.0, 1.0)
        gain = tf.pow(tf.reduce_mean(strength, axis=-1, keepdims=True) / strength, share)
        image = tf.minimum(images * gain, 255.0)
        views = [image, tf.reverse(image, [2])]
        if turned:
            views += [tf.reverse(image, [1, 2]), tf.reverse(image, [1])]
        scores = graph(tf.concat(views, axis=0))["logits"]
        seen = [tf.reduce_mean(scores[i : i + 2], axis=0, keepdims=True) for i in range(0, len(views), 2)]
        if not turned:
            return {"logits": seen[0]}
        sure, surer = (tf.reduce_max(tf.nn.softmax(one)[:, :NOTHING], axis=1, keepdims=True) for one in seen)
        better = tf.cast(surer > sure + SURER, tf.float32)
        return {"logits": better * seen[1] + (1 - better) * seen[0]}

    return Exported(run, {"images": tf.TensorSpec((1, side, side, 3), tf.float32)}, graph.weights)

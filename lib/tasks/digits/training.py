"""What the digits' notebooks call: keep the weights on the way, and write the bundle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from lib import freehand, metrics
from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.datasets import Split
from lib.tasks.digits.timeline import dense_probabilities, pack_weights, unpack_weights
from lib.training.bundle_writer import BundleWriter, Variant, npz
from lib.training.convert import save_models
from lib.training.familiar import recognised
from lib.training.for_browser import Exported, image_network

STRANGER = 10
"""The label of a training picture that shows no digit."""


@keras.saving.register_keras_serializable("digits")
class DigitOrStranger(keras.losses.Loss):
    """Cross-entropy for digits; for a stranger, how far the answer is from being undecided.

    A stranger's loss is the Kullback-Leibler divergence from equal probabilities, so that it can fall to zero (Hendrycks,
    Mazeika and Dietterich, 2019, "Deep anomaly detection with outlier exposure").

    Args:
        weight: of strangers.
    """

    def __init__(self, weight: float = 0.5) -> None:
        super().__init__(name="digit_or_stranger")
        self.weight = weight

    def get_config(self) -> dict[str, float]:
        """What makes a copy of it."""
        return {"weight": self.weight}

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of each picture: (n), from labels (n) and logits (n, 10)."""
        labels = ops.cast(ops.reshape(y_true, (-1,)), "int32")
        log_probabilities = ops.log_softmax(y_pred, axis=-1)
        known = ops.cast(labels < STRANGER, log_probabilities.dtype)
        target = ops.one_hot(ops.minimum(labels, STRANGER - 1), STRANGER)
        digit = -ops.sum(target * log_probabilities, axis=-1)
        undecided = -ops.mean(log_probabilities, axis=-1) - np.log(STRANGER)
        return known * digit + self.weight * (1 - known) * undecided


@keras.saving.register_keras_serializable("digits")
class DigitAccuracy(keras.metrics.SparseCategoricalAccuracy):
    """Accuracy on the pictures that show a digit."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count a batch of labels (n) and logits (n, 10)."""
        known = ops.cast(ops.reshape(y_true, (-1,)) < STRANGER, "float32")
        super().update_state(y_true, y_pred, sample_weight=known)


class TimelineRecorder(keras.callbacks.Callback):
    """Keeps the weights of a multilayer perceptron at chosen moments, for the page's time machine.

    Args:
        batches: moments inside the first epoch, as numbers of batches seen (0 is before training).
        epochs: epochs after which to keep the weights, counted from 1.
        folder: the run's own, where the moments are kept for a training that was cut short.
    """

    def __init__(self, batches: Sequence[int], epochs: Sequence[int], folder: Path) -> None:
        super().__init__()
        self.batches, self.epochs, self.file = set(batches), set(epochs), folder / "moments.npz"
        self.moments: dict[float, list[np.ndarray]] = {}
        if self.file.exists():
            with np.load(self.file) as kept:
                for name in kept.files:
                    self.moments.setdefault(float(name.split()[0]), []).append(kept[name])

    def _keep(self, moment: float) -> None:
        self.moments[moment] = [value.astype(np.float16) for value in self.model.get_weights()]
        named = {f"{at} {i}": value for at, values in self.moments.items() for i, value in enumerate(values)}
        np.savez(self.file, **named)  # type: ignore[arg-type]

    def on_train_begin(self, logs: dict | None = None) -> None:
        if 0 in self.batches and not self.moments:
            self._keep(0.0)

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        if self.epoch == 0 and batch + 1 in self.batches:
            self._keep((batch + 1) / self.params["steps"])

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        if epoch + 1 in self.epochs:
            self._keep(float(epoch + 1))


def write_digits_bundle(
    slug: str,
    *,
    dataset: str,
    classes: Sequence[str],
    variants: dict[str, Variant],
    sizes: dict[str, int],
    validation: Split,
    test: Split,
    examples: Split,
    seed: int,
    card: str,
    styles: Split | None = None,
    strangers: dict[str, np.ndarray] | None = None,
    measure: Callable[[Callable[[np.ndarray], np.ndarray]], dict] | None = None,
    finished: Sequence[Variant] = (),
) -> Path:
    """Write the bundle of a classifier, and score each variant on the test set, once, in the form that the page runs.

    Args:
        slug: of the experiment.
        dataset: its name, for people.
        classes: their names, in the order of the labels.
        variants: by name; ``"good"`` is required.
        sizes: images for training, validation and testing.
        validation: scores the moments of a timeline.
        test: what to score on.
        examples: inputs that the page offers.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.
        styles: digits in the styles of other countries that nothing was learnt from, to score the good variant on.
        strangers: pictures that show no digit, of kinds that nothing was learnt from, uint8 (n, 28, 28), by kind.
        finished: trainings besides the variants whose checkpoints are no longer needed.
        measure: given a function from images to predicted labels of the good variant, measures drawings.

    Returns:
        The folder.
    """
    writer = BundleWriter(slug, dataset=dataset, classes=classes, variants=variants, sizes=sizes, seed=seed)
    writer.facts["input_shape"] = list(test.images.shape[1:])
    save_models(writer)
    if variants["good"].timeline:
        writer.save("timeline.npz", _timeline_npz(variants["good"], validation))

    bundle = writer.bundle()
    classifiers = {name: Classifier(bundle, name) for name in variants}
    writer.evaluation |= {"examples_images": examples.images, "examples_labels": examples.labels}
    for name, classifier in classifiers.items():
        probabilities = classifier.probabilities(test.images)
        writer.evaluation[f"confusion_{name}"] = metrics.confusion_counts(
            probabilities.argmax(axis=1), test.labels, len(classes)
        )
        writer.facts["variants"][name]["test"] = {
            "n": len(test),
            "accuracy": round(metrics.accuracy(probabilities, test.labels), 6),
            "loss": round(metrics.cross_entropy(probabilities, test.labels), 6),
        }
        if name == "good":
            writer.evaluation |= _samples(probabilities, test)
            bins = metrics.calibration_bins(probabilities, test.labels)
            writer.evaluation |= {f"calibration_{key}": values for key, values in bins.items()}
    if styles:
        right = classifiers["good"].probabilities(styles.images).argmax(axis=1) == styles.labels
        writer.facts["styles"] = {
            classes[label]: round(float(right[styles.labels == label].mean()), 4) for label in np.unique(styles.labels)
        }
    if strangers:
        some = validation.head(2_000).images
        own = np.concatenate([some, freehand.redraw_all(some, seed=seed + 2)])
        writer.facts["strangers"] = recognised(classifiers["good"].logits, own, test.images, strangers)
    if measure:
        writer.facts["freehand"] = measure(lambda images: classifiers["good"].logits(images).argmax(axis=1))
    return writer.finish("accuracy", card, [dataset.lower()], finished=finished)


def _samples(probabilities: np.ndarray, test: Split, most: int = 300, correct_each: int = 6) -> dict[str, np.ndarray]:
    """The test images behind the confusion matrix: the mistakes, most confident first, and close calls."""
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != test.labels)
    chosen = [wrong[np.argsort(-confidence[wrong])][:most]]
    for label in range(probabilities.shape[1]):
        right = np.flatnonzero((test.labels == label) & (predicted == label))
        chosen.append(right[np.argsort(confidence[right])][:correct_each])
    index = np.concatenate(chosen)
    return {
        "samples_index": index,
        "samples_images": test.images[index],
        "samples_true": test.labels[index],
        "samples_predicted": predicted[index],
        "samples_probability": confidence[index].astype(np.float32),
    }


def _timeline_npz(variant: Variant, validation: Split) -> bytes:
    """Weights of every moment, each with the validation scores that those very 8-bit weights give."""
    moments = sorted(variant.timeline)
    packed = [[pack_weights(value) for value in variant.timeline[moment]] for moment in moments]
    scores = [dense_probabilities([unpack_weights(*value) for value in values], validation.images) for values in packed]
    arrays = {
        "epoch": np.array(moments, np.float32),
        "arrays": np.array(len(packed[0])),
        "val_accuracy": np.array([metrics.accuracy(p, validation.labels) for p in scores], np.float32),
        "val_loss": np.array([metrics.cross_entropy(p, validation.labels) for p in scores], np.float32),
    }
    for i, values in enumerate(packed):
        for j, (whole, scale) in enumerate(values):
            arrays[f"weights_{i}_{j}"], arrays[f"scale_{i}_{j}"] = whole, scale
    return npz(arrays)


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return image_network(bundle, (28, 28), ["logits"])

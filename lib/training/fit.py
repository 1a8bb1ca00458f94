"""What the notebooks call: feed, fit, evaluate, and write the bundle that a page reads.

The notebooks hold the models and the lesson; what every one of them needs stands here.
Nothing in this module knows about Streamlit.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import ops

from lib import bundles, metrics
from lib.classifier import Classifier, dense_probabilities, pack_weights, unpack_weights
from lib.datasets import Split
from lib.training.bundle_writer import BundleWriter, Variant, keras_file, npz

SMOKE = bool(os.environ.get("ML_SMOKE"))
"""True when a test runs a notebook on a few samples, to see that it runs at all."""


def smoke(value: int, small: int) -> int:
    """`value`, or at most `small` when ``ML_SMOKE`` is set."""
    return min(value, small) if SMOKE else value


def checkpoints() -> Path:
    """Where trainings keep what they need to go on: ``ML_CHECKPOINT_DIR``, else ``checkpoints`` in the repository."""
    return Path(os.environ.get("ML_CHECKPOINT_DIR") or bundles.ROOT / "checkpoints")


class RandomDistortion(keras.layers.Layer):
    """Write each digit a little differently: turned, slanted, resized, moved and bent.

    All changes are composed into one map of coordinates, so that a picture is interpolated once
    and keeps its sharpness. The bending is a smooth random field, as in the elastic distortions of
    Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied to
    visual document analysis", but drawn on a coarse grid and enlarged, which is many times faster.

    Args:
        rotation: largest angle, in degrees.
        slant: largest slant, in degrees.
        zoom: largest relative change of size, of each axis on its own.
        shift: largest move along each axis, in pixels.
        elastic: standard deviation of the bending, in pixels.
        seed: of the random draws.
    """

    def __init__(
        self,
        rotation: float = 12.0,
        slant: float = 15.0,
        zoom: float = 0.12,
        shift: float = 2.0,
        elastic: float = 0.9,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self.rotation, self.slant, self.zoom, self.shift, self.elastic = rotation, slant, zoom, shift, elastic
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """Distort a batch: (n, height, width), any range of brightness."""
        n, side = ops.shape(images)[0], images.shape[1]

        def draw(limit: float) -> tf.Tensor:
            return keras.random.uniform((n, 1, 1), -limit, limit, seed=self.generator)

        angle, slope = draw(self.rotation * np.pi / 180), ops.tan(draw(self.slant * np.pi / 180))
        wide, high = ops.exp(draw(self.zoom)), ops.exp(draw(self.zoom))
        cos, sin = ops.cos(angle), ops.sin(angle)
        # Each output pixel, measured from the middle: where in the input it is read.
        grid = ops.arange(side, dtype="float32") - (side - 1) / 2
        y, x = ops.meshgrid(grid, grid, indexing="ij")
        coarse = self.elastic * keras.random.normal((n, 5, 5, 2), seed=self.generator)
        bend = ops.image.resize(coarse, (side, side), interpolation="bicubic")
        rows = high * (sin * x + cos * y) + draw(self.shift) + (side - 1) / 2 + bend[..., 0]
        columns = wide * ((cos + slope * sin) * x + (slope * cos - sin) * y) + draw(self.shift)
        columns = columns + (side - 1) / 2 + bend[..., 1]
        which = ops.broadcast_to(ops.arange(n, dtype="float32")[:, None, None], ops.shape(rows))
        return ops.image.map_coordinates(images, ops.stack([which, rows, columns]), order=1, fill_mode="constant")


def batches(
    split: Split,
    batch_size: int = 128,
    redrawn: np.ndarray | None = None,
    redrawn_share: float = 0.0,
    distortion: keras.layers.Layer | None = None,
    seed: int = 0,
) -> tf.data.Dataset:
    """Training data: shuffled, augmented anew in every epoch, in batches of float32 images and labels.

    Args:
        split: what to learn from.
        batch_size: images in a batch.
        redrawn: the same digits written with other pens (`lib.freehand.redraw_all`).
        redrawn_share: how many of the images are replaced by their redrawn twin, 0 to 1.
        distortion: applied to each batch of images.
        seed: of the shuffling and of the choice between twins.
    """
    twins = split.images if redrawn is None else redrawn
    generator = tf.random.Generator.from_seed(seed)

    def prepare(originals: tf.Tensor, twins: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        # One draw for each image of the batch.
        swap = generator.uniform((tf.shape(labels)[0], 1, 1)) < redrawn_share
        images = tf.cast(tf.where(swap, twins, originals), tf.float32)
        return (distortion(images) if distortion else images), labels

    data = tf.data.Dataset.from_tensor_slices((split.images, twins, split.labels))
    # A distortion needs to know the size of its batch, so that the few images left over wait for the next epoch.
    data = data.shuffle(len(split), seed=seed).batch(batch_size, drop_remainder=distortion is not None)
    return data.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


class _Seconds(keras.callbacks.Callback):
    """Adds the wall time of each epoch to its log."""

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        logs["seconds"] = time.perf_counter() - self.start


class TimelineRecorder(keras.callbacks.Callback):
    """Keeps the weights of a multilayer perceptron at chosen moments, for the page's time machine.

    Args:
        batches: moments inside the first epoch, as numbers of batches seen (0 is before training).
        epochs: epochs after which to keep the weights, counted from 1.
    """

    def __init__(self, batches: Sequence[int], epochs: Sequence[int]) -> None:
        super().__init__()
        self.batches, self.epochs = set(batches), set(epochs)
        self.moments: dict[float, list[np.ndarray]] = {}

    def _keep(self, moment: float) -> None:
        self.moments[moment] = [value.astype(np.float16) for value in self.model.get_weights()]

    def on_train_begin(self, logs: dict | None = None) -> None:
        if 0 in self.batches:
            self._keep(0.0)

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        if self.epoch == 0 and batch + 1 in self.batches:
            self._keep((batch + 1) / self.params["steps"])

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        if epoch + 1 in self.epochs:
            self._keep(float(epoch + 1))


def _normalisations(model: keras.Model) -> list[keras.layers.BatchNormalization]:
    """All batch normalisations of a model and of the models in it."""
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += _normalisations(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            found.append(layer)
    return found


class _AveragedWeights(keras.callbacks.SwapEMAWeights):
    """Validates and keeps the averaged weights, with the batch statistics that belong to them.

    A batch normalisation follows the signals of the weights that are trained. Averaged weights give other signals, and
    undistorted images do, too: measured anew on some of them, as for the weights averaged by Izmailov et al. (2018), the
    statistics fit what the network will meet.

    Args:
        images: undistorted training images, float32.
    """

    def __init__(self, images: np.ndarray) -> None:
        super().__init__(swap_on_epoch=True)
        self.images = images
        self.measured: list[list[np.ndarray]] = []
        self.followed: list[list[np.ndarray]] = []

    def _moving(self) -> list[list[np.ndarray]]:
        return [[layer.moving_mean.numpy(), layer.moving_variance.numpy()] for layer in _normalisations(self.model)]

    def _put(self, statistics: list[list[np.ndarray]]) -> None:
        for layer, (mean, variance) in zip(_normalisations(self.model), statistics, strict=True):
            layer.moving_mean.assign(mean)
            layer.moving_variance.assign(variance)

    def on_test_begin(self, logs: dict | None = None) -> None:
        super().on_test_begin(logs)
        self.followed = self._moving()
        layers = _normalisations(self.model)
        momenta = [layer.momentum for layer in layers]
        for layer in layers:
            # A momentum of nothing forgets all batches but the one that follows.
            layer.momentum = 0.0
        self.model(self.images, training=True)
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum
        self.measured = self._moving()

    def on_test_end(self, logs: dict | None = None) -> None:
        super().on_test_end(logs)
        self._put(self.followed)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        super().on_epoch_end(epoch, logs)
        self._put(self.measured)

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        super().on_epoch_begin(epoch, logs)
        if self.followed:
            self._put(self.followed)


def fit(
    model: keras.Model,
    train: tf.data.Dataset,
    validation: Split | tf.data.Dataset,
    *,
    name: str,
    description: str,
    epochs: int,
    train_size: int,
    steps_per_epoch: int | None = None,
    learning_rate: float = 1e-3,
    warmup_steps: int = 0,
    weight_decay: float = 0.0,
    clipnorm: float | None = None,
    ema_momentum: float | None = None,
    statistics: np.ndarray | None = None,
    choose_best: bool = True,
    patience: int | None = None,
    recorder: TimelineRecorder | None = None,
    loss: keras.losses.Loss | None = None,
    metric: keras.metrics.Metric | str = "accuracy",
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> Variant:
    """Train with AdamW and a cosine schedule, and keep the weights of the epoch with the lowest `val_loss`.

    A run that was cut short goes on where its last finished epoch left it, from ``checkpoints/<name>``, and one that was
    finished is not run again until its bundle has been written.

    Args:
        model: gives logits.
        train: batches of inputs and labels.
        validation: to choose the epoch by; never trained on.
        name: of the folder for checkpoints; unique to the experiment and variant.
        description: see `Variant`.
        epochs: length of the schedule.
        train_size: number of samples in `train`.
        steps_per_epoch: batches that are called an epoch; None for all of them. If given, `train` must go on for ever.
        learning_rate: at its highest; it falls to zero along half a cosine.
        warmup_steps: steps in which the learning rate rises from zero first.
        weight_decay: of AdamW (Loshchilov and Hutter, 2019).
        clipnorm: longest step of the gradient of a weight (Pascanu, Mikolov and Bengio, 2013); None for any.
        ema_momentum: if given, validation and the kept weights are those of an exponential moving average over the
            training steps (Polyak and Juditsky, 1992), which is steadier than any single step.
        statistics: with `ema_momentum`, undistorted training images by which batch normalisations are measured anew
            for the averaged weights; None keeps what they followed in training.
        choose_best: False keeps the last epoch, which is how one memorises on purpose.
        patience: end early when `val_loss` has not fallen for so many epochs; None never does.
        recorder: keeps weights on the way.
        loss: cross-entropy from logits if not given.
        metric: what is measured besides the loss.
        callbacks: more of Keras' callbacks.
    """
    steps = epochs * (steps_per_epoch or len(train))
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup_steps else learning_rate,
        max(1, steps - warmup_steps),
        warmup_target=learning_rate if warmup_steps else None,
        warmup_steps=min(warmup_steps, steps - 1),
    )
    # jit_compile: on a CPU, XLA's convolutions take twice the time of oneDNN's.
    model.compile(
        optimizer=keras.optimizers.AdamW(
            schedule,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            use_ema=ema_momentum is not None,
            ema_momentum=ema_momentum or 0.99,
        ),
        loss=loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[metric],
        jit_compile=False,
        # A few steps are done long before a graph of them is drawn, unless each reads a text letter by letter.
        run_eagerly=SMOKE and not any(isinstance(layer, keras.layers.RNN) for layer in model.layers),
    )
    folder = checkpoints() / f"{name}-{epochs}"
    folder.mkdir(parents=True, exist_ok=True)
    log, best = folder / "history.csv", folder / "best.weights.h5"
    so_far = pd.read_csv(log) if log.exists() else None
    followers: list[keras.callbacks.Callback] = [_Seconds(), keras.callbacks.CSVLogger(log, append=True)]
    # A recorder's moments would be lost when a run is resumed, so that one starts anew.
    followers.append(recorder or keras.callbacks.BackupAndRestore(folder / "backup"))
    if ema_momentum is not None:
        # From here on, callbacks find the averaged weights in the model.
        averaged = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
        followers.append(averaged if statistics is None else _AveragedWeights(statistics.astype(np.float32)))
    followers.append(
        keras.callbacks.ModelCheckpoint(
            best,
            monitor="val_loss",
            save_best_only=choose_best,
            save_weights_only=True,
            initial_value_threshold=None if so_far is None else so_far["val_loss"].min(),
        )
    )
    if patience is not None:
        followers.append(keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience))
    if isinstance(validation, Split):
        validation = (validation.images.astype(np.float32), validation.labels)
    finished = so_far is not None and best.exists() and recorder is None and _ended(so_far, epochs, patience)
    if not finished:
        model.fit(
            train,
            validation_data=validation,
            epochs=epochs,
            steps_per_epoch=steps_per_epoch,
            callbacks=[*callbacks, *followers],
            verbose=0 if SMOKE else 2,
        )
    model.load_weights(best)
    history = pd.read_csv(log).drop_duplicates("epoch", keep="last").reset_index(drop=True)
    history["epoch"] += 1
    chosen = history["epoch"].iloc[int(history["val_loss"].argmin()) if choose_best else -1]
    timeline = dict(recorder.moments) if recorder else {}
    if timeline:
        timeline[float(chosen)] = [value.astype(np.float16) for value in model.get_weights()]
    measured = metric if isinstance(metric, str) else metric.name
    columns = ["epoch", "loss", "val_loss", measured, f"val_{measured}", "seconds"]
    return Variant(model, description, history[columns], int(chosen), train_size, timeline, folder)


def _ended(history: pd.DataFrame, epochs: int, patience: int | None) -> bool:
    """Whether a training has had all its epochs, or its patience has run out."""
    last = history["epoch"].max()
    patient = patience is None or last - history.loc[history["val_loss"].idxmin(), "epoch"] < patience
    return last + 1 == epochs or not patient


class _Maximum(keras.layers.Layer):
    """ReLU spelt as a maximum, whose gradient LiteRT can run (it has no ReluGrad)."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return ops.maximum(inputs, 0.0)


class _Pooling(keras.layers.Layer):
    """Max pooling of 2x2 spelt as maxima, for the same reason (it has no MaxPoolGrad)."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        height, width, channels = (int(side) for side in inputs.shape[1:])
        # Keras drops an odd last row and column, too.
        even = tf.slice(inputs, [0, 0, 0, 0], [-1, height // 2 * 2, width // 2 * 2, -1])
        upper, lower = tf.unstack(tf.reshape(even, [-1, height // 2, 2, width // 2, 2, channels]), axis=2)
        left, right = tf.unstack(tf.maximum(upper, lower), axis=3)
        return tf.maximum(left, right)


SIGNATURES = ("predict", "inside", "saliency")


def to_litert(model: keras.Model, signatures: Sequence[str] = SIGNATURES) -> tuple[bytes, list[str]]:
    """Convert a classifier of 28x28 images to LiteRT, weights as float16.

    The file has up to three signatures: ``predict`` (n images to logits), ``inside`` (one image to the output of every
    ReLU layer) and ``saliency`` (one image to the gradient of its largest logit). Of a model that is made of models, the last two
    are those of the first one in it. Each takes room, since LiteRT keeps weights in the form that its sums need.

    Returns:
        The file's content, and the names of the layers in ``inside``, first layer first.
    """

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, keras.layers.ReLU) and layer.max_value is None:
            return _Maximum(name=layer.name)
        if isinstance(layer, keras.layers.MaxPooling2D):
            if (layer.pool_size, layer.strides, layer.padding) != ((2, 2), (2, 2), "valid"):
                raise ValueError("Only max pooling of 2x2 without padding can be converted with its gradient.")
            return _Pooling(name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    twin = keras.models.clone_model(model, clone_function=copy, recursive=True)
    twin.set_weights(model.get_weights())
    first = next((layer for layer in twin.layers if isinstance(layer, keras.Model)), twin)
    hidden = [layer.name for layer in first.layers if isinstance(layer, _Maximum)]
    inner = keras.Model(first.inputs, {name: first.get_layer(name).output for name in hidden})

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"logits": twin(images, training=False)}

    def inside(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return inner(images, training=False)

    def saliency(images: tf.Tensor) -> dict[str, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(images)
            best = tf.reduce_max(first(images, training=False), axis=-1)
        return {"gradient": tape.gradient(best, images)}

    def spec(n: int | None) -> list[keras.InputSpec]:
        return [keras.InputSpec(shape=(n, 28, 28), dtype="float32", name="images")]

    endpoints = {"predict": (predict, None), "inside": (inside, 1), "saliency": (saliency, 1)}
    archive = keras.export.ExportArchive()
    archive.track(twin)
    for name in signatures:
        function, n = endpoints[name]
        archive.add_endpoint(name, function, spec(n))
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(signatures))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        return converter.convert(), hidden if "inside" in signatures else []


def save_models(writer: BundleWriter, signatures: dict[str, Sequence[str]] | None = None, half: bool = False) -> None:
    """Write each variant twice: for LiteRT, which the pages run, and for Keras, to take home.

    Args:
        writer: of the bundle.
        signatures: of each variant's LiteRT model, see `to_litert`; all where it is not named.
        half: whether Keras' weights are written as float16, as LiteRT's are.
    """
    for name, variant in writer.variants.items():
        content, hidden = to_litert(variant.model, (signatures or {}).get(name, SIGNATURES))
        writer.save(f"{name}.tflite", content)
        writer.facts["variants"][name]["inside"] = hidden
        writer.save(f"{name}.keras", keras_file(variant.model, half))


def write_bundle(
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
    freehand: Callable[[Callable[[np.ndarray], np.ndarray]], dict] | None = None,
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
        freehand: given a function from images to predicted labels of the good variant, measures drawings.

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
    if freehand:
        writer.facts["freehand"] = freehand(lambda images: classifiers["good"].logits(images).argmax(axis=1))
    return writer.finish("accuracy", card, [dataset.lower()])


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

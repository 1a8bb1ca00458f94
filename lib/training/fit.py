"""What the notebooks call: feed, fit, evaluate, and write the bundle that a page reads.

The notebooks hold the models and the lesson; what every one of them needs stands here.
Nothing in this module knows about Streamlit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from lib import bundles
from lib.datasets import Split
from lib.tasks.digits.training import TimelineRecorder
from lib.training.bundle_writer import Variant

SMOKE = bool(os.environ.get("ML_SMOKE"))
"""True when a test runs a notebook on a few samples, to see that it runs at all."""


def smoke(value: int, small: int) -> int:
    """`value`, or at most `small` when ``ML_SMOKE`` is set."""
    return min(value, small) if SMOKE else value


def checkpoints() -> Path:
    """Where trainings keep what they need to go on: ``ML_CHECKPOINT_DIR``, else ``checkpoints`` in the repository."""
    return Path(os.environ.get("ML_CHECKPOINT_DIR") or bundles.ROOT / "checkpoints")


class _Seconds(keras.callbacks.Callback):
    """Adds the wall time of each epoch to its log."""

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        logs["seconds"] = time.perf_counter() - self.start


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


def joined(first: Variant, second: Variant) -> pd.DataFrame:
    """The histories of two trainings, of which the second went on where the first had ended."""
    return pd.concat(
        [first.history, second.history.assign(epoch=second.history["epoch"] + len(first.history))], ignore_index=True
    )

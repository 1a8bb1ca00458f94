"""What every notebook needs to fit a model: an optimizer, and a run that can be cut short.

The notebooks hold the models, their `compile` and `fit`, and the lesson.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import pandas as pd

from lib import bundles
from lib.training.bundle_writer import Variant

SMOKE = bool(os.environ.get("ML_SMOKE"))
"""True when a test runs a notebook on a few samples, to see that it runs at all."""

ON_CPU: dict[str, Any] = {"jit_compile": False, "run_eagerly": SMOKE}
"""Settings of `compile`: on a CPU, XLA's convolutions take twice the time of oneDNN's. And in a test a few steps are done long
before a graph of them is drawn."""


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
        self.images = images[: smoke(len(images), 16)]
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


def adamw(
    steps: int,
    learning_rate: float = 1e-3,
    *,
    warmup_steps: int = 0,
    weight_decay: float = 0.0,
    clipnorm: float | None = None,
    ema_momentum: float | None = None,
) -> keras.optimizers.AdamW:
    """AdamW (Loshchilov and Hutter, 2019) with a learning rate that falls to zero along half a cosine.

    Args:
        steps: batches of the whole training.
        learning_rate: at its highest.
        warmup_steps: in which it rises from zero first.
        weight_decay: how strongly weights are drawn to zero.
        clipnorm: longest step of the gradient of a weight (Pascanu, Mikolov and Bengio, 2013); None for any.
        ema_momentum: if given, an exponential moving average of the weights is kept over the training steps (Polyak and
            Juditsky, 1992), which is steadier than any single step; see `Run` for its use.
    """
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup_steps else learning_rate,
        max(1, steps - warmup_steps),
        warmup_target=learning_rate if warmup_steps else None,
        warmup_steps=min(warmup_steps, steps - 1),
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=weight_decay,
        clipnorm=clipnorm,
        use_ema=ema_momentum is not None,
        ema_momentum=ema_momentum or 0.99,
    )


class Run:
    """One training: what it needs to go on where it was cut short, and the epoch whose weights are kept.

    A notebook compiles the model, fits it with the callbacks of a run, and takes the `variant` from it:

        run = fit.Run("digits_mlp-good", epochs=20)
        model.compile(fit.adamw(run.epochs * len(train)), loss, metrics=["accuracy"], **fit.ON_CPU)
        model.fit(train, validation_data=validation, epochs=run.epochs, callbacks=run.callbacks)
        good = run.variant(model, "Two hidden layers.", train_size=55_000)

    A run that was cut short goes on after its last finished epoch, from ``checkpoints/<name>-<epochs>``, and one that was
    finished trains no more until its bundle has been written.

    Args:
        name: unique to the experiment and variant.
        epochs: length of the training.
        keep: ``"best"`` keeps the epoch with the lowest `val_loss`; ``"last"`` the last one, which is how one memorises on
            purpose.
        patience: end early when `val_loss` has not fallen for so many epochs; None never does.
        averaged: whether validation and the kept weights are those of the moving average that the optimizer keeps.
        statistics: with `averaged`, undistorted training images, by which batch normalisations are measured anew for the
            averaged weights; None keeps what they followed in training.

    Attributes:
        epochs: to fit; of a run that has ended early, those that it had.
        callbacks: to fit with.
    """

    def __init__(
        self,
        name: str,
        epochs: int,
        *,
        keep: Literal["best", "last"] = "best",
        patience: int | None = None,
        averaged: bool = False,
        statistics: np.ndarray | None = None,
    ) -> None:
        self.folder = checkpoints() / f"{name}-{epochs}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log, self._kept, self._keep = self.folder / "history.csv", self.folder / "best.weights.h5", keep
        so_far = pd.read_csv(self._log) if self._log.exists() else None
        self.epochs = epochs if so_far is None else _length(so_far, epochs, patience)
        self.callbacks: list[keras.callbacks.Callback] = [_Seconds(), keras.callbacks.CSVLogger(self._log, append=True)]
        self.callbacks.append(keras.callbacks.BackupAndRestore(self.folder / "backup", delete_checkpoint=False))
        if averaged:
            # From here on, callbacks find the averaged weights in the model.
            self.callbacks.append(
                keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
                if statistics is None
                else _AveragedWeights(statistics.astype(np.float32))
            )
        self.callbacks.append(
            keras.callbacks.ModelCheckpoint(
                self._kept,
                monitor="val_loss",
                save_best_only=keep == "best",
                save_weights_only=True,
                initial_value_threshold=None if so_far is None else so_far["val_loss"].min(),
            )
        )
        if patience is not None:
            self.callbacks.append(keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience))

    def variant(
        self,
        model: keras.Model,
        description: str,
        train_size: int,
        timeline: dict[float, list[np.ndarray]] | None = None,
    ) -> Variant:
        """The model with the weights of the epoch that is kept, and how it came about.

        Args:
            model: that was fitted.
            description: see `Variant`.
            train_size: number of samples that it learnt from.
            timeline: weights at moments of the training, by epoch; those of the kept epoch are added.
        """
        model.load_weights(self._kept)
        history = pd.read_csv(self._log).drop_duplicates("epoch", keep="last").reset_index(drop=True)
        history["epoch"] += 1
        chosen = int(history["epoch"].iloc[int(history["val_loss"].argmin()) if self._keep == "best" else -1])
        if timeline:
            timeline = timeline | {float(chosen): [value.astype(np.float16) for value in model.get_weights()]}
        metric = next(name for name in history if f"val_{name}" in history and name != "loss")
        columns = ["epoch", "loss", "val_loss", metric, f"val_{metric}", "seconds"]
        return Variant(model, description, history[columns], chosen, train_size, timeline or {}, self.folder)


def _length(history: pd.DataFrame, epochs: int, patience: int | None) -> int:
    """How many epochs a training has: all of them, unless its patience has run out already."""
    done = int(history["epoch"].max()) + 1
    impatient = patience is not None and done - 1 - history.loc[history["val_loss"].idxmin(), "epoch"] >= patience
    return done if impatient else epochs


def joined(first: Variant, second: Variant) -> pd.DataFrame:
    """The histories of two trainings, of which the second went on where the first had ended."""
    return pd.concat(
        [first.history, second.history.assign(epoch=second.history["epoch"] + len(first.history))], ignore_index=True
    )

"""The two figures that most notebooks draw: pictures side by side, and training curves."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from lib.training.bundle_writer import Variant


def show(images: Sequence[np.ndarray] | np.ndarray, titles: Sequence[object] | None = None, columns: int = 12) -> None:
    """Show grey pictures in rows.

    Args:
        images: n pictures (height, width), any dtype, 0 (black) to 255 (white).
        titles: one for each picture; None for none.
        columns: pictures in a row. Empty places in the last row stay blank.
    """
    rows = -(-len(images) // columns)
    _, axes = plt.subplots(rows, columns, figsize=(columns, 1.15 * rows), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for i, image in enumerate(images):
        axis = axes.flat[i]
        axis.imshow(image, cmap="gray", vmin=0, vmax=255)
        if titles is not None:
            axis.set_title(str(titles[i]), fontsize=8)
    plt.show()


def curves(
    *variants: tuple[str, Variant],
    metric: str = "accuracy",
    metric_label: str | None = None,
    loss_label: str = "loss (nats)",
    log: bool = False,
) -> None:
    """Draw the loss (left) and a metric (right) of each training, epoch by epoch.

    Dashed lines are the training data, solid lines the validation data. A thin vertical line marks the epoch whose weights
    are kept.

    Args:
        variants: name and trained model. Each history has one row per epoch with the columns ``epoch``, ``loss``,
            `metric`, and both of them with ``val_`` in front.
        metric: column of the history to draw on the right.
        metric_label: what the right axis is called; None takes `metric`.
        loss_label: what the left axis is called, with its unit.
        log: draw the loss on a logarithmic axis, where small losses stay apart.
    """
    _, axes = plt.subplots(1, 2, figsize=(12, 3.6))
    for axis, column, label in zip(axes, ("loss", metric), (loss_label, metric_label or metric), strict=True):
        for name, variant in variants:
            history = variant.history
            line = axis.plot(history["epoch"], history[column], "--", label=f"{name}, train")[0]
            axis.plot(history["epoch"], history[f"val_{column}"], color=line.get_color(), label=f"{name}, validation")
            if variant.chosen_epoch:
                axis.axvline(variant.chosen_epoch, color=line.get_color(), alpha=0.3)
        axis.set(xlabel="epoch", ylabel=label)
    if log:
        axes[0].set_yscale("log")
    axes[1].legend(fontsize=8)
    plt.show()

"""Sentences that read a chart aloud, made from the very numbers that the chart draws."""

from __future__ import annotations

import re

import pandas as pd

from lib.catalogue import Task

GAP = 0.05
"""A gap in loss (nats) below which two curves count as lying together."""
WIDE = 0.2
"""A gap in loss (nats) above which a network knows its own examples much better than new ones."""


def read_curves(history: pd.DataFrame, chosen_epoch: int, metric: str, words: Task) -> str:
    """What the training curves of one variant say.

    Args:
        history: rows of one variant: ``epoch``, ``loss``, ``val_loss``, the metric and its ``val_`` twin.
        chosen_epoch: the epoch whose weights were kept.
        metric: its name in the history.
        words: how to speak about the task.

    Returns:
        A few sentences in Markdown.
    """
    first = history.iloc[0]
    last = history.iloc[-1]
    kept = history.set_index("epoch").loc[chosen_epoch]
    val_metric = f"val_{metric}"
    told = f"After the first epoch {first[val_metric]:.1%} of the validation {words.noun} were right."
    if len(history) > 1:
        told += f" We kept the network from epoch **{chosen_epoch}**: **{kept[val_metric]:.2%}** right, loss {kept['val_loss']:.3f}."
    gap = kept["val_loss"] - kept["loss"]
    begins = memorises_from(history)
    if begins is not None:
        rise = last["val_loss"] - history["val_loss"].min()
        read = (
            f"Its validation loss was lowest at epoch {begins}. Then it rose by {rise:.2f}, while the training loss fell to "
            f"{last['loss']:.4f}. From there on the network memorised (*overfitting*)."
        )
    elif kept["loss"] > kept["val_loss"] and kept[metric] > kept[val_metric] + GAP:
        read = (
            f"At that epoch {kept[metric]:.0%} of its training {words.noun} were right, but {kept[val_metric]:.0%} of new ones: it begins to "
            f"memorise. The training loss is still higher, and that is normal: {words.harder}."
        )
    elif GAP < gap <= WIDE:
        read = f"The training loss is {gap:.2f} lower than the validation loss. Such a small gap is normal: it has seen its training {words.noun} before."
    elif gap > WIDE:
        read = (
            f"The training loss is {gap:.2f} lower than the validation loss: it knows its training {words.noun} better than "
            "new ones (*overfitting*)."
        )
    elif kept[val_metric] < words.enough:
        read = (
            f"Both curves stop far from good, and they lie close together. This network {words.short} (*underfitting*)."
        )
    elif kept["loss"] > 1.25 * kept["val_loss"]:
        read = f"Training looks worse than validation. That is normal: {words.harder}."
    else:
        read = "Both curves lie close together and no longer move: there was little left to learn."
    return f"{told} {read}"


def memorises_from(history: pd.DataFrame) -> int | None:
    """The epoch with the lowest validation loss, if that rose clearly after it; otherwise None.

    Args:
        history: rows of one variant, with ``epoch`` and ``val_loss``.
    """
    losses = history.set_index("epoch")["val_loss"]
    return int(losses.idxmin()) if losses.iloc[-1] - losses.min() > GAP else None


def times(count: int) -> str:
    """``once``, ``2 times``, ``1,003 times``."""
    return "once" if count == 1 else f"{count:,} times"


def ordinal(number: int) -> str:
    """``first`` to ``tenth``, then ``11th``, ``22nd``."""
    names = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    if number <= len(names):
        return names[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def percent(probability: float) -> str:
    """A probability in words that never claim to be nothing, or all."""
    if probability < 0.001:
        return "less than 0.1%"
    return "more than 99.9%" if 0.9995 <= probability < 1 else f"{probability:.1%}"


def plain(text: str) -> str:
    """A text of the person's, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$:^])", r"\\\1", text)

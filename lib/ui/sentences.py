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
    sentences = [
        f"After the first epoch it got {first[val_metric]:.1%} of the validation {words.noun} right; at epoch **{chosen_epoch}**, "
        f"whose weights were kept, **{kept[val_metric]:.2%}** with a loss of {kept['val_loss']:.3f} nats."
    ]
    rise = last["val_loss"] - history["val_loss"].min()
    best = history["val_loss"].idxmin()
    if rise > GAP:
        sentences.append(
            f"The validation loss was lowest at epoch {int(history.loc[best, 'epoch'])} and has since risen by {rise:.2f}, while the "
            f"training loss went on falling to {last['loss']:.4f}: from there on it memorised (*overfitting*)."
        )
    elif kept["loss"] > kept["val_loss"] and kept[metric] > kept[val_metric] + GAP:
        sentences.append(
            f"By then it got {kept[metric]:.0%} of its own {words.noun} right and {kept[val_metric]:.0%} of new ones: it begins to know its own "
            f"ones by heart. That its training loss is higher all the same is no mistake: {words.harder}."
        )
    elif GAP < kept["val_loss"] - kept["loss"] <= WIDE:
        sentences.append(
            f"The training loss is {kept['val_loss'] - kept['loss']:.2f} lower than the validation loss: a small gap, as is usual, since it "
            "has met its own examples before."
        )
    elif kept["val_loss"] - kept["loss"] > WIDE:
        sentences.append(
            f"The training loss is {kept['val_loss'] - kept['loss']:.2f} lower than the validation loss: it knows its own "
            "examples better than new ones (*overfitting*)."
        )
    elif kept[val_metric] < words.enough:
        sentences.append(
            f"Both curves stop far from good, the validation no worse than the training: this network {words.short} (*underfitting*)."
        )
    elif kept["loss"] > 1.25 * kept["val_loss"]:
        sentences.append(
            f"At that epoch the training curve lies on the worse side of the validation curve, which is no mistake: {words.harder}."
        )
    else:
        sentences.append("Both curves lie close together and have stopped moving: there was little left to learn.")
    return " ".join(sentences)


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

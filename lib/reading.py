"""Sentences that read a chart aloud, made from the very numbers that the chart draws."""

from __future__ import annotations

import pandas as pd

GAP = 0.05
"""A gap in loss (nats) below which two curves count as lying together."""


def read_curves(history: pd.DataFrame, chosen_epoch: int) -> str:
    """What the training curves of one variant say.

    Args:
        history: rows of one variant: ``epoch``, ``loss``, ``val_loss``, ``accuracy``, ``val_accuracy``.
        chosen_epoch: the epoch whose weights were kept.

    Returns:
        A few sentences in Markdown.
    """
    first = history.iloc[0]
    last = history.iloc[-1]
    kept = history.set_index("epoch").loc[chosen_epoch]
    sentences = [
        f"After the first epoch the validation accuracy was {first['val_accuracy']:.1%}; at epoch **{chosen_epoch}**, "
        f"whose weights were kept, it was **{kept['val_accuracy']:.2%}** with a loss of {kept['val_loss']:.3f} nats."
    ]
    rise = last["val_loss"] - history["val_loss"].min()
    if rise > GAP:
        best = int(history.loc[history["val_loss"].idxmin(), "epoch"])
        sentences.append(
            f"The validation loss was lowest at epoch {best} and has since risen by {rise:.2f}, while the training loss went "
            f"on falling to {last['loss']:.4f}: from there on it memorised (*overfitting*)."
        )
    elif kept["val_loss"] - kept["loss"] > GAP:
        sentences.append(
            f"The training loss is {kept['val_loss'] - kept['loss']:.2f} lower than the validation loss: it knows its own "
            "examples better than new ones (*overfitting*)."
        )
    elif kept["val_accuracy"] < 0.9:
        sentences.append(
            "Both curves stop far from good, the validation no worse than the training: the network is too small for the task "
            "(*underfitting*)."
        )
    elif kept["loss"] > 1.25 * kept["val_loss"]:
        sentences.append(
            "At that epoch the training curve lies on the worse side of the validation curve, which is no mistake: in training the digits "
            "are distorted and units are switched off at random, in validation neither."
        )
    else:
        sentences.append("Both curves lie close together and have stopped moving: there was little left to learn.")
    return " ".join(sentences)


def times(count: int) -> str:
    """``once``, ``2 times``, ``1,003 times``."""
    return "once" if count == 1 else f"{count:,} times"


def read_confusion(counts: list[list[int]], classes: list[str]) -> str:
    """How many mistakes there are and which is the most frequent one.

    Args:
        counts: rows are true classes, columns predicted ones.
        classes: their names.
    """
    n = sum(map(sum, counts))
    pairs = [
        (count, classes[true], classes[predicted])
        for true, row in enumerate(counts)
        for predicted, count in enumerate(row)
        if true != predicted
    ]
    wrong = sum(count for count, *_ in pairs)
    if not wrong:
        return f"All {n:,} test digits were read correctly."
    most, true, predicted = max(pairs)
    return (
        f"**{wrong:,} of {n:,}** test digits were misread. The most frequent mistake: "
        f"a **{true}** read as a **{predicted}**, {times(most)}."
    )

"""Charts of the page that classifies photos: learning from few of them, and what the network can bear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import altair as alt
import pandas as pd

from lib.ui.charts import BLUE, CURVES, GREY, ORANGE, RED, SETS, SHOWN, Spec, filled

GREEN = "#2A9D6F"
LEARNING_WAYS = {
    "early": "early features",
    "frozen": "frozen features",
    "fine_tuned": "fine-tuned",
    "scratch": "from scratch",
}
"""How a network learns from few photos, and what people call it."""
_WAY = alt.Scale(domain=list(LEARNING_WAYS.values()), range=[GREY, BLUE, GREEN, ORANGE])
_PERCENT = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])


def accuracy_by_photos(transfer: pd.DataFrame, height: int = 300) -> alt.Chart:
    """Accuracy on new photos against the number of photos learnt from, a line for each way to learn.

    Args:
        transfer: columns ``how``, ``photos`` (of each class), ``train`` and ``test``.
        height: in pixels.
    """
    data = transfer.assign(way=transfer["how"].map(LEARNING_WAYS))
    return (
        alt.Chart(data, height=height)
        .mark_line(point=alt.OverlayMarkDef(size=60), strokeWidth=2)
        .encode(
            x=_photos(data),
            y=alt.Y("test:Q", title="accuracy on new photos", scale=alt.Scale(domain=[0, 1]), axis=_PERCENT),
            color=alt.Color("way:N", scale=_WAY, title=None, legend=alt.Legend(orient="top", columns=2)),
            tooltip=[
                alt.Tooltip("way:N", title="how"),
                alt.Tooltip("photos:Q", title="photos of each class"),
                alt.Tooltip("test:Q", format=".1%", title="new photos"),
                alt.Tooltip("train:Q", format=".1%", title="its own photos"),
            ],
        )
    )


def _photos(data: pd.DataFrame) -> alt.X:
    return alt.X(
        "photos:Q",
        title="photos of each (log)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=sorted(data["photos"].unique().tolist()), format="d", grid=False),
    )


def own_and_new(transfer: pd.DataFrame, how: str, height: int = 320) -> alt.Chart:
    """Accuracy of one way to learn on its own photos and on new ones, against their number."""
    chosen = transfer[transfer["how"] == how]
    names = {"train": "its own photos", "test": "new photos"}
    data = chosen.melt(["how", "photos"], ["train", "test"], "set", "accuracy").assign(
        set=lambda d: d["set"].map(names)
    )
    return (
        alt.Chart(data, height=height)
        .mark_line(point=alt.OverlayMarkDef(size=50), strokeWidth=2)
        .encode(
            x=_photos(data),
            y=alt.Y("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]), axis=_PERCENT),
            color=alt.Color(
                "set:N",
                scale=alt.Scale(domain=list(names.values()), range=[ORANGE, BLUE]),
                title=None,
                legend=alt.Legend(orient="top", columns=1),
            ),
            tooltip=[
                alt.Tooltip("set:N", title="on"),
                alt.Tooltip("photos:Q", title="photos of each class"),
                alt.Tooltip("accuracy:Q", format=".1%"),
            ],
        )
    )


def few_photo_curves(history: pd.DataFrame, shown: str, height: int = 300) -> alt.Chart:
    """Training curves of two ways to learn from the same photos.

    Args:
        history: columns ``variant``, ``epoch``, ``loss``, ``accuracy`` and their ``val_`` twins, of one number of photos.
        shown: ``"loss"`` or ``"accuracy"``.
        height: in pixels.
    """
    data = pd.concat(
        [
            history[["variant", "epoch", column]].set_axis(["variant", "epoch", shown], axis=1).assign(set=name)
            for column, name in ((shown, "train"), (f"val_{shown}", "validation"))
        ]
    ).assign(way=lambda d: d["variant"].map(LEARNING_WAYS))
    title, axis = ("loss (nats)", alt.Axis(tickCount=5)) if shown == "loss" else ("accuracy", _PERCENT)
    domain = alt.Undefined if shown == "loss" else [0, 1]
    return (
        alt.Chart(data, height=height)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X("epoch:Q", title="tenths of the training", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y(f"{shown}:Q", title=title, axis=axis, scale=alt.Scale(domain=domain)),
            color=alt.Color(
                "way:N",
                scale=_WAY,
                title=None,
                legend=alt.Legend(orient="top", values=[LEARNING_WAYS["fine_tuned"], LEARNING_WAYS["scratch"]]),
            ),
            strokeDash=alt.StrokeDash("set:N", scale=SETS, legend=None),
            tooltip=[
                alt.Tooltip("way:N", title="how"),
                alt.Tooltip("set:N"),
                alt.Tooltip("epoch:Q", title="tenth"),
                alt.Tooltip(f"{shown}:Q", format=".3f" if shown == "loss" else ".1%"),
            ],
        )
    )


UNITS = {
    "blur": "blurred (pixels)",
    "turn": "turned (degrees)",
    "grey": "colour removed",
    "brightness": "brightness",
}
"""What can be done to a photo, and in which unit."""


def bearing(robustness: pd.DataFrame, what: str, height: int = 200) -> alt.Chart:
    """Accuracy against how much is done to the photos.

    Args:
        robustness: columns ``what``, ``value`` and ``accuracy``.
        what: one of `UNITS`.
        height: in pixels.
    """
    data = robustness[robustness["what"] == what]
    share = what in ("grey", "brightness")
    return (
        alt.Chart(data, height=height)
        .mark_line(point=alt.OverlayMarkDef(size=50, color=BLUE), color=BLUE, strokeWidth=2)
        .encode(
            x=alt.X(
                "value:Q",
                title=UNITS[what],
                axis=alt.Axis(
                    values=data["value"].tolist(),
                    format=".0%" if share else "d",
                    grid=False,
                    # On the right, like all others: a scale that is turned round begins there.
                    titleAnchor="start" if what == "brightness" else "end",
                    titleAlign="right",
                ),
                scale=alt.Scale(reverse=what == "brightness", nice=False),
            ),
            y=alt.Y("accuracy:Q", scale=alt.Scale(domain=[0, 1]), axis=_PERCENT),
            tooltip=[alt.Tooltip("value:Q", title=UNITS[what]), alt.Tooltip("accuracy:Q", format=".1%")],
        )
    )


def right_guess(rank: Sequence[int], height: int = 220) -> alt.Chart:
    """How many photos had the right answer as the first, second ... guess; the last number counts all later ones."""
    names = [str(i + 1) for i in range(len(rank) - 1)] + ["later"]
    data = pd.DataFrame({"guess": names, "photos": list(rank), "in five": [i < 5 for i in range(len(rank))]})
    return (
        alt.Chart(data, height=height)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("guess:N", sort=names, title="guess that was right", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("photos:Q", title="test photos"),
            color=alt.Color("in five:N", scale=alt.Scale(domain=[True, False], range=[BLUE, RED]), legend=None),
            tooltip=[alt.Tooltip("guess:N", title="guess"), "photos:Q"],
        )
    )


def head_curves(moments: pd.DataFrame, shown: str, steps: int, height: int = 220) -> Spec:
    """How a head learns: on its own photos and on each photo left out.

    Args:
        moments: columns ``step``, ``set`` and `shown`.
        shown: ``"loss"`` or ``"accuracy"``.
        steps: of the whole training, so that the axis stays while it goes on.
        height: in pixels.
    """
    columns = {column: moments[column].to_numpy() for column in ("step", "set", shown)}
    return filled(_head_curves(shown, steps, height), **columns)


@cache
def _head_curves(shown: str, steps: int, height: int) -> Spec:
    title, axis = ("loss (nats)", alt.Axis(tickCount=5)) if shown == "loss" else ("accuracy", _PERCENT)
    scale = alt.Scale(domainMin=0) if shown == "loss" else alt.Scale(domain=[0, 1])
    chart = (
        alt.Chart(SHOWN, height=height)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("step:Q", title="step", scale=alt.Scale(domain=[1, steps], nice=False)),
            y=alt.Y(f"{shown}:Q", title=title, axis=axis, scale=scale),
            color=alt.Color("set:N", scale=CURVES, title=None, legend=None),
            strokeDash=alt.StrokeDash("set:N", scale=SETS, legend=None),
            tooltip=["set:N", "step:Q", alt.Tooltip(f"{shown}:Q", format=".3f" if shown == "loss" else ".1%")],
        )
    )
    return chart.to_dict()

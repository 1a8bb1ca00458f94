"""Altair charts on a detector, from plain data; see `lib.ui.charts`."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib.ui.charts import BLUE, ORANGE

_SHARE = alt.Scale(domain=[0, 1])


def precision_recall(precision: np.ndarray, threshold: np.ndarray, reached: float, height: int = 300) -> alt.LayerChart:
    """Precision over recall of one class, with the score that a box must have for it.

    Args:
        precision: float (101), at recalls of 0, 0.01 ... 1.
        threshold: float (101), the score at each.
        reached: the highest recall of all.
        height: of the chart, in pixels.
    """
    recall = np.linspace(0, 1, len(precision))
    there = recall <= reached + 1e-9
    data = pd.DataFrame({"recall": recall[there], "precision": precision[there], "threshold": threshold[there]})
    base = alt.Chart(data, height=height).encode(
        x=alt.X("recall:Q", title="recall", scale=_SHARE, axis=alt.Axis(format=".0%")),
        y=alt.Y("precision:Q", title="precision", scale=_SHARE, axis=alt.Axis(format=".0%")),
        tooltip=[
            alt.Tooltip("recall:Q", format=".0%"),
            alt.Tooltip("precision:Q", format=".0%"),
            alt.Tooltip("threshold:Q", format=".2f", title="with a score of at least"),
        ],
    )
    area = base.mark_area(color=BLUE, opacity=0.18, interpolate="step-before")
    line = base.mark_line(color=BLUE, strokeWidth=2.5, interpolate="step-before")
    return area + line + base.mark_circle(color=BLUE, size=30, opacity=1)


def class_bars(
    names: Sequence[str], values: np.ndarray, things: np.ndarray, chosen: str | None = None
) -> alt.LayerChart:
    """Average precision of each class as bars, the best on top, with the number of things behind it."""
    data = pd.DataFrame({"class": list(names), "precision": values, "things": things})
    data = data.sort_values("precision", ascending=False)
    data["chosen"] = data["class"] == chosen
    base = alt.Chart(data, height=alt.Step(19)).encode(
        y=alt.Y(
            "class:N",
            sort=data["class"].tolist(),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelOverlap=False, labelLimit=140),
        ),
        x=alt.X(
            "precision:Q",
            title="average precision, overlaps of 0.5 to 0.95",
            scale=_SHARE,
            axis=alt.Axis(format=".0%", orient="top", tickCount=5),
        ),
        tooltip=[
            "class:N",
            alt.Tooltip("precision:Q", format=".1%", title="average precision"),
            alt.Tooltip("things:Q", title="of so many on the photos"),
        ],
    )
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        color=alt.Color("chosen:N", scale=alt.Scale(domain=[True, False], range=[ORANGE, BLUE]), legend=None)
    )
    return bars + base.mark_text(align="left", dx=5).encode(text="things:Q")


def size_bars(rows: pd.DataFrame, height: int = 220) -> alt.LayerChart:
    """Mean average precision by size of the things; columns ``size``, ``photos``, ``precision`` and ``things``."""
    photos = list(dict.fromkeys(rows["photos"]))
    grouped = len(photos) > 1
    encoding: dict = {"xOffset": alt.XOffset("photos:N", sort=photos)} if grouped else {}
    base = alt.Chart(rows, height=height).encode(
        x=alt.X(
            "size:N",
            sort=list(dict.fromkeys(rows["size"])),
            title="size of the things",
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y("precision:Q", title="mean average precision", scale=_SHARE, axis=alt.Axis(format=".0%", tickCount=5)),
        tooltip=[
            "size:N",
            alt.Tooltip("photos:N"),
            alt.Tooltip("precision:Q", format=".1%", title="mean average precision"),
            alt.Tooltip("things:Q", title="of so many"),
        ],
        **encoding,
    )
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        color=alt.Color(
            "photos:N",
            scale=alt.Scale(domain=photos, range=[BLUE, ORANGE][: len(photos)]),
            title=None,
            legend=alt.Legend(orient="top") if grouped else None,
        )
    )
    return bars + base.mark_text(dy=-8).encode(text=alt.Text("precision:Q", format=".0%"))


def count_bars(rows: pd.DataFrame, what: str, colour: str = BLUE) -> alt.LayerChart:
    """Counts as bars, in the order of the rows; columns ``name``, ``count`` and ``of``, how many there were in all."""
    base = alt.Chart(rows, height=alt.Step(24)).encode(
        y=alt.Y(
            "name:N",
            sort=rows["name"].tolist(),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelOverlap=False, labelLimit=220),
        ),
        x=alt.X("count:Q", title=what, axis=alt.Axis(tickMinStep=1)),
        tooltip=["name:N", alt.Tooltip("count:Q", title=what), alt.Tooltip("of:Q", title="of so many")],
    )
    return base.mark_bar(cornerRadiusEnd=3, color=colour) + base.mark_text(align="left", dx=5).encode(text="count:Q")


def part_bars(rows: pd.DataFrame) -> alt.LayerChart:
    """Parameters of the parts of a network; columns ``part`` and ``parameters``, in their order."""
    base = alt.Chart(rows, height=alt.Step(30)).encode(
        y=alt.Y(
            "part:N",
            sort=rows["part"].tolist(),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelOverlap=False, labelLimit=260),
        ),
        x=alt.X(
            "parameters:Q",
            title="parameters",
            # Room for the number beside the longest bar.
            scale=alt.Scale(domain=[0, 1.3 * float(rows["parameters"].max())]),
            axis=alt.Axis(format="~s", tickCount=5),
        ),
        tooltip=["part:N", alt.Tooltip("parameters:Q", format=",d")],
    )
    return base.mark_bar(cornerRadiusEnd=3, color=BLUE) + base.mark_text(align="left", dx=5).encode(
        text=alt.Text("parameters:Q", format=",d")
    )

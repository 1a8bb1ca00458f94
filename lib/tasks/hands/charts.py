"""Altair charts of the hand experiments, from plain data; see `lib.ui.charts` for the colours."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib.ui import charts
from lib.ui.charts import BLUE, GREY, INK, ORANGE

OWN, NEW = "own photos held back", "new people, new rooms"
"""What a training is scored on: pictures like its own, and the two sources that nobody learnt from."""


def promised_and_kept(splits: Sequence[dict], height: int = 84) -> alt.LayerChart:
    """What each way to split promises, and what it comes to with new people.

    Args:
        splits: rows of ``how``, ``learnt``, ``own`` and ``new``; see ``bundle.json``.
        height: of each pair of bars, in pixels.
    """
    rows = [
        {"how": split["how"], "scored on": kind, "accuracy": split[column], "learnt": split["learnt"]}
        for split in splits
        for kind, column in ((OWN, "own"), (NEW, "new"))
    ]
    # Rounded here: otherwise the chart and the words beside it could round a half in two ways.
    data = pd.DataFrame(rows).assign(said=lambda rows: [f"{share:.0%}" for share in rows["accuracy"]])
    base = alt.Chart(data, height=height * len(splits) + 80).encode(
        y=alt.Y(
            "how:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelExpr="split(datum.label, ', ')", ticks=False, domain=False),
        ),
        yOffset=alt.YOffset("scored on:N", sort=[OWN, NEW]),
        x=alt.X("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        tooltip=[
            alt.Tooltip("how:N", title="learnt from"),
            alt.Tooltip("learnt:Q", title="pictures", format=",d"),
            alt.Tooltip("scored on:N"),
            alt.Tooltip("accuracy:Q", format=".1%"),
        ],
    )
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        color=alt.Color(
            "scored on:N",
            scale=alt.Scale(domain=[OWN, NEW], range=[ORANGE, BLUE]),
            title=None,
            legend=alt.Legend(orient="top", symbolType="square", columns=1),
        )
    )
    text = base.mark_text(align="right", dx=-6, color="white", fontWeight="bold").encode(text="said:N")
    return bars + text


def photos_needed(rows: pd.DataFrame, height: int = 280) -> alt.LayerChart:
    """Accuracy on new people against the number of photos that were learnt from.

    Args:
        rows: columns ``network``, ``photos``, ``validation`` and ``test``.
        height: in pixels.
    """
    names = list(dict.fromkeys(rows["network"]))
    base = alt.Chart(rows, height=height).encode(
        x=alt.X(
            "photos:Q",
            title="photos learnt from (log scale)",
            scale=alt.Scale(type="log"),
            axis=alt.Axis(values=sorted(set(rows["photos"])), format=",d", labelOverlap="greedy"),
        ),
        y=alt.Y("test:Q", title="accuracy on new people", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        color=alt.Color(
            "network:N",
            scale=alt.Scale(domain=names, range=[BLUE, ORANGE]),
            title=None,
            legend=alt.Legend(orient="top", symbolType="stroke"),
        ),
        tooltip=[
            alt.Tooltip("network:N"),
            alt.Tooltip("photos:Q", format=",d"),
            alt.Tooltip("validation:Q", format=".1%", title="validation accuracy"),
            alt.Tooltip("test:Q", format=".1%", title="test accuracy"),
        ],
    )
    return base.mark_line(strokeWidth=2) + base.mark_circle(size=80, opacity=1)


def both_curves(history: pd.DataFrame, height: int = 280) -> alt.Chart:
    """Validation accuracy of both networks over their epochs: columns ``network``, ``epoch`` and ``val_accuracy``."""
    names = list(dict.fromkeys(history["network"]))
    return (
        alt.Chart(history, height=height)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)),
            y=alt.Y("val_accuracy:Q", title="validation accuracy", axis=alt.Axis(format=".0%", tickCount=5)),
            color=alt.Color(
                "network:N",
                scale=alt.Scale(domain=names, range=[BLUE, ORANGE]),
                title=None,
                legend=alt.Legend(orient="top", symbolType="stroke"),
            ),
            tooltip=["network:N", "epoch:Q", alt.Tooltip("val_accuracy:Q", format=".1%", title="validation accuracy")],
        )
    )


def confusion(counts: np.ndarray, classes: Sequence[str], height: int = 260) -> alt.LayerChart:
    """Who is taken for what; see `lib.ui.charts.confusion`."""
    return charts.confusion(
        counts,
        classes,
        true=("really", "really"),
        predicted=("read as", "read as"),
        noun="pictures",
        share="share of that class",
        height=height,
    )


def by_source(rows: pd.DataFrame, classes: Sequence[str], height: int = 330) -> alt.Chart:
    """The share of each class that is recognised, for each source: columns ``source``, ``class`` and ``share``."""
    return (
        alt.Chart(rows, height=height)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            y=alt.Y("class:N", sort=list(classes), title=None),
            yOffset=alt.YOffset("source:N"),
            x=alt.X("share:Q", title="recognised", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "source:N",
                scale=alt.Scale(range=[BLUE, ORANGE]),
                title=None,
                legend=alt.Legend(orient="top", columns=1, labelLimit=320),
            ),
            tooltip=["source:N", "class:N", alt.Tooltip("share:Q", format=".1%", title="recognised")],
        )
    )


def next_moves(counts: np.ndarray, moves: Sequence[str], last: str | None, height: int = 220) -> alt.LayerChart:
    """How often each of your moves followed each other one; the row of your last move is the one that counted."""
    n = len(moves)
    before, after = np.divmod(np.arange(n * n), n)
    data = pd.DataFrame(
        {
            "before": [moves[i] for i in before],
            "after": [moves[i] for i in after],
            "count": counts.reshape(-1),
            "probability": ((counts + 1) / (counts + 1).sum(axis=1, keepdims=True)).reshape(-1),
            "row": [moves[i] == last for i in before],
        }
    )
    base = alt.Chart(data, height=height).encode(
        x=alt.X("after:N", sort=list(moves), title="your next move", axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("before:N", sort=list(moves), title="your last move"),
        tooltip=[
            alt.Tooltip("before:N", title="after"),
            alt.Tooltip("after:N", title="you showed"),
            alt.Tooltip("count:Q", title="times"),
            alt.Tooltip("probability:Q", format=".0%"),
        ],
    )
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("row:N", scale=alt.Scale(domain=[True, False], range=[ORANGE, GREY]), legend=None),
        opacity=alt.Opacity("probability:Q", scale=alt.Scale(domain=[0, 1], range=[0.1, 1]), legend=None),
    )
    text = base.mark_text(fontSize=13, fontWeight="bold", color=INK).encode(
        text=alt.Text("probability:Q", format=".0%")
    )
    return cells + text

"""Altair charts of the emotions, from plain data; see `lib.ui.charts` for the colours."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib.tasks.emotions.data import EMOTIONS
from lib.ui import charts
from lib.ui.charts import BLUE, ORANGE


def confusion(counts: np.ndarray, height: int = 340) -> alt.LayerChart:
    """Which emotion is taken for which; see `lib.ui.charts.confusion`.

    Args:
        counts: int (7, 7), rows are labels.
        height: in pixels.
    """
    return charts.confusion(
        counts,
        EMOTIONS,
        true=("the label says", "label"),
        predicted=("the network says", "network"),
        noun="faces",
        share="share of that label",
        angle=-35,
        font_size=12,
        height=height,
    )


def _side_by_side(
    rows: pd.DataFrame, names: Sequence[str], y: alt.Y, x: tuple[str, str], tooltip: list, height: int
) -> alt.Chart:
    """Bars of shares, a pair for each row of the chart, of two trainings in the column ``how``."""
    field, title = x
    return (
        alt.Chart(rows, height=height)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            y=y,
            yOffset=alt.YOffset("how:N", sort=list(names)),
            x=alt.X(field, title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "how:N",
                scale=alt.Scale(domain=list(names), range=[ORANGE, BLUE]),
                title=None,
                legend=alt.Legend(orient="top", symbolType="square"),
            ),
            tooltip=tooltip,
        )
    )


def recalls(rows: pd.DataFrame, names: Sequence[str], height: int = 340) -> alt.Chart:
    """The share of each emotion that is recognised, by two trainings.

    Args:
        rows: columns ``how``, ``emotion``, ``recall`` and ``faces`` (to learn from).
        names: of the two trainings.
        height: in pixels.
    """
    tooltip = [
        "emotion:N",
        alt.Tooltip("how:N", title="training"),
        alt.Tooltip("recall:Q", format=".1%"),
        alt.Tooltip("faces:Q", format=",d", title="faces to learn from"),
    ]
    y = alt.Y("emotion:N", sort=list(EMOTIONS), title=None, axis=alt.Axis(labelFontSize=14))
    return _side_by_side(rows, names, y, ("recall:Q", "recall"), tooltip, height)


def sureness(rows: pd.DataFrame, names: Sequence[str], height: int = 220) -> alt.Chart:
    """How sure two trainings are, how often they are right, and how sure they are when they are wrong.

    Args:
        rows: columns ``how``, ``what`` and ``share``.
        names: of the two trainings.
        height: in pixels.
    """
    y = alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelFontSize=14, labelLimit=220))
    tooltip = [alt.Tooltip("what:N", title="what"), "how:N", alt.Tooltip("share:Q", format=".1%")]
    return _side_by_side(rows, names, y, ("share:Q", "mean"), tooltip, height)

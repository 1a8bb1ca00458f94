"""Altair charts of the emotions, from plain data; see `lib.ui.charts` for the colours."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib.tasks.emotions.data import EMOTIONS
from lib.ui.charts import BLUE, INK, ORANGE, RED


def confusion(counts: np.ndarray, height: int = 340) -> alt.LayerChart:
    """Which emotion is taken for which, in shares of each label; blue on the diagonal, red beside it.

    Args:
        counts: int (7, 7), rows are labels.
        height: in pixels.
    """
    n = len(EMOTIONS)
    true, predicted = np.divmod(np.arange(n * n), n)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    data = pd.DataFrame(
        {
            "label": [EMOTIONS[i] for i in true],
            "said": [EMOTIONS[i] for i in predicted],
            "count": counts.reshape(-1),
            "share": share.reshape(-1),
            "kind": np.where(true == predicted, "right", "wrong"),
        }
    )
    base = alt.Chart(data, height=height).encode(
        x=alt.X("said:N", sort=list(EMOTIONS), title="the network says", axis=alt.Axis(labelAngle=-35, orient="top")),
        y=alt.Y("label:N", sort=list(EMOTIONS), title="the label says"),
        tooltip=[
            alt.Tooltip("label:N", title="label"),
            alt.Tooltip("said:N", title="network"),
            alt.Tooltip("count:Q", title="faces"),
            alt.Tooltip("share:Q", format=".1%", title="share of that label"),
        ],
    )
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("kind:N", scale=alt.Scale(domain=["right", "wrong"], range=[BLUE, RED]), legend=None),
        opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None),
    )
    text = base.mark_text(fontSize=12, color=INK).encode(text=alt.Text("share:Q", format=".0%"))
    return cells + text


def recalls(rows: pd.DataFrame, names: Sequence[str], height: int = 340) -> alt.Chart:
    """The share of each emotion that is recognised, by two trainings.

    Args:
        rows: columns ``how``, ``emotion``, ``recall`` and ``faces`` (to learn from).
        names: of the two trainings.
        height: in pixels.
    """
    return (
        alt.Chart(rows, height=height)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            y=alt.Y("emotion:N", sort=list(EMOTIONS), title=None, axis=alt.Axis(labelFontSize=14)),
            yOffset=alt.YOffset("how:N", sort=list(names)),
            x=alt.X("recall:Q", title="recall", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "how:N",
                scale=alt.Scale(domain=list(names), range=[ORANGE, BLUE]),
                title=None,
                legend=alt.Legend(orient="top", symbolType="square"),
            ),
            tooltip=[
                "emotion:N",
                alt.Tooltip("how:N", title="training"),
                alt.Tooltip("recall:Q", format=".1%"),
                alt.Tooltip("faces:Q", format=",d", title="faces to learn from"),
            ],
        )
    )


def sureness(rows: pd.DataFrame, names: Sequence[str], height: int = 220) -> alt.Chart:
    """How sure two trainings are, how often they are right, and how sure they are when they are wrong.

    Args:
        rows: columns ``how``, ``what`` and ``share``.
        names: of the two trainings.
        height: in pixels.
    """
    return (
        alt.Chart(rows, height=height)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(labelFontSize=14, labelLimit=220)),
            yOffset=alt.YOffset("how:N", sort=list(names)),
            x=alt.X("share:Q", title="mean", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "how:N",
                scale=alt.Scale(domain=list(names), range=[ORANGE, BLUE]),
                title=None,
                legend=alt.Legend(orient="top", symbolType="square"),
            ),
            tooltip=[alt.Tooltip("what:N", title="what"), "how:N", alt.Tooltip("share:Q", format=".1%")],
        )
    )

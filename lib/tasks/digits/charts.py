"""Charts of the digit recognisers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from lib.ui.charts import BLUE, INK, ORANGE, SHOWN, Spec, filled


def confusion_matrix(counts: np.ndarray, classes: Sequence[str], height: int = 420) -> alt.LayerChart:
    """Heat map of mistakes, whose cells can be picked (the selection is called ``cell``).

    The colour follows the mistakes alone: correct answers are a hundred times as many and would hide them.
    """
    n = len(classes)
    true, predicted = np.divmod(np.arange(n * n), n)
    data = pd.DataFrame(
        {
            "true": [classes[i] for i in true],
            "predicted": [classes[i] for i in predicted],
            "count": counts.reshape(-1),
            "mistakes": np.where(true == predicted, np.nan, counts.reshape(-1)),
            "what": np.where(true == predicted, "read correctly", "misread"),
        }
    )
    most = max(1.0, float(np.nanmax(data["mistakes"])))
    data["dark"] = data["mistakes"] > 0.75 * most
    data["shown"] = [f"{count}" if count else "" for count in data["count"]]
    pick = alt.selection_point(name="cell", fields=["true", "predicted"], empty=False)
    base = alt.Chart(data, height=height).encode(
        x=alt.X("predicted:N", title="read as", axis=alt.Axis(labelAngle=0, orient="top", labelFontSize=13)),
        y=alt.Y("true:N", title="really a", axis=alt.Axis(labelFontSize=13)),
        tooltip=[
            alt.Tooltip("true:N", title="really a"),
            alt.Tooltip("predicted:N", title="read as"),
            alt.Tooltip("count:Q", title="test digits"),
            alt.Tooltip("what:N", title="which is"),
        ],
    )
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.condition(
            "datum.mistakes === null",
            alt.value("rgba(138, 143, 152, 0.28)"),
            alt.Color(
                "mistakes:Q",
                scale=alt.Scale(domain=[0, most], range=["rgba(208, 67, 59, 0.04)", "rgba(208, 67, 59, 1)"]),
                legend=None,
            ),
        ),
    )
    text = base.mark_text(fontSize=12).encode(
        text="shown:N",
        color=alt.condition("datum.dark", alt.value("white"), alt.value(INK)),
    )
    # On top, so that a click on a number is a click on its cell.
    picks = base.mark_rect(cursor="pointer", cornerRadius=2, fill="white", fillOpacity=0).encode(
        stroke=alt.condition(pick, alt.value(BLUE), alt.value("rgba(138, 143, 152, 0.25)")),
        strokeWidth=alt.condition(pick, alt.value(3), alt.value(1)),
    )
    return cells + text + picks.add_params(pick)


def moments(epochs: np.ndarray, val_accuracy: np.ndarray, chosen: int, height: int = 200) -> Spec:
    """Validation accuracy at the moments of a timeline, one of them marked.

    The axis is the number of epochs seen on a scale that spreads the first one, where most is learnt.
    """
    now = np.arange(len(epochs)) == chosen
    return filled(_moments(height), epoch=epochs, accuracy=val_accuracy, now=now)


@cache
def _moments(height: int) -> Spec:
    base = alt.Chart(SHOWN, height=height).encode(
        x=alt.X(
            "epoch:Q",
            title="epochs seen (the first one spread out)",
            scale=alt.Scale(type="symlog", constant=0.02),
            axis=alt.Axis(values=[0, 0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 60], format="~g"),
        ),
        y=alt.Y("accuracy:Q", title="validation accuracy", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        tooltip=[alt.Tooltip("epoch:Q", format=".2f"), alt.Tooltip("accuracy:Q", format=".2%")],
    )
    line = base.mark_line(color=BLUE, strokeWidth=2)
    dots = base.mark_circle().encode(
        size=alt.condition("datum.now", alt.value(220), alt.value(35)),
        color=alt.condition("datum.now", alt.value(ORANGE), alt.value(BLUE)),
        opacity=alt.value(1),
    )
    rule = base.mark_rule(color=ORANGE, strokeWidth=2).transform_filter("datum.now")
    return (line + rule + dots).to_dict()


def accuracy_by_pen(rows: list[dict], height: int = 260) -> alt.LayerChart:
    """Accuracy on redrawn digits against the width of the pen."""
    data = pd.DataFrame(rows)
    data["pen"] = (data["from"] + data["to"]) / 2
    data["wide"] = data["from"].astype(str) + "-" + data["to"].astype(str) + " px"
    base = alt.Chart(data, height=height).encode(
        x=alt.X("pen:Q", title="width of the pen (of 280 pixels)", scale=alt.Scale(domain=[0, 40])),
        y=alt.Y(
            "accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0.8, 1], clamp=True), axis=alt.Axis(format=".0%")
        ),
        tooltip=["wide:N", alt.Tooltip("accuracy:Q", format=".1%"), alt.Tooltip("n:Q", title="drawings")],
    )
    return base.mark_line(color=BLUE, strokeWidth=2) + base.mark_circle(color=BLUE, size=70, opacity=1)


def preprocessing_bars(pasted: float, naive: float, height: int = 120) -> alt.LayerChart:
    """Accuracy on drawings with and without the preprocessing."""
    data = pd.DataFrame({"how": ["whole canvas made small", "cropped, scaled, centred"], "accuracy": [naive, pasted]})
    base = alt.Chart(data, height=height).encode(
        y=alt.Y("how:N", title=None, sort=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
        x=alt.X("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        tooltip=["how:N", alt.Tooltip("accuracy:Q", format=".1%")],
    )
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        color=alt.Color("how:N", scale=alt.Scale(domain=list(data["how"]), range=[ORANGE, BLUE]), legend=None)
    )
    text = base.mark_text(align="right", dx=-6, color="white", fontWeight="bold").encode(
        text=alt.Text("accuracy:Q", format=".1%")
    )
    return bars + text

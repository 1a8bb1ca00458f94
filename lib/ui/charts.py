"""Altair charts, from plain data. No Streamlit here; its theme is applied when a page shows them.

The colours are told apart by colour-blind eyes and by both themes (Okabe and Ito, 2008, adjusted in brightness so
that they stand off from white and from black).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.metrics import Guess

BLUE = "#2E8BC0"
ORANGE = "#D98200"
GREY = "#8A8F98"
RED = "#D0433B"

CURVES = alt.Scale(domain=["train", "validation"], range=[ORANGE, BLUE])
TITLES = {"underfit": "Too simple", "good": "About right", "overfit": "Memorised"}
"""What people call the variants."""

_DARK = "background && luminance(background) < 0.5"
LABEL = alt.ExprRef(f"{_DARK} ? '#B9C0CA' : '#565E6B'")
"""Colour of words beside what a chart draws. Which theme a page has is known only in the browser."""
INK = alt.ExprRef(f"{_DARK} ? 'white' : '#1B1F24'")
"""Colour of words on what a chart draws."""


@alt.theme.register("readable", enable=True)
def _readable() -> alt.theme.ThemeConfig:
    """For all charts: labels and titles that can be read.

    Streamlit's grey for them is faint on white. Where they are wider than what is drawn, they reach out to the left, where the
    axis leaves room; to the right they would squash the drawing.
    """
    colour: Any = LABEL.to_dict()
    both: Any = {"labelColor": colour, "titleColor": colour}
    return {
        "config": {
            "axis": both,
            "axisX": {"titleAnchor": "end"},
            "header": both,
            "legend": both | {"layout": {"top": {"anchor": "end"}}},
            "text": {"color": colour},
        }
    }


def probability_bars(
    labels: Sequence[str], probabilities: Sequence[float] | np.ndarray, height: int = 300, title: str = "digit"
) -> alt.Chart:
    """Probabilities of classes as bars, the largest one highlighted; `title` names what they are."""
    data = pd.DataFrame({"label": list(labels), "probability": np.asarray(probabilities, float)})
    data["best"] = (data["probability"] == data["probability"].max()) & (data["probability"] > 0)
    base = alt.Chart(data, height=height).encode(
        # Sorted by name, lest a chart that gets other labels keeps the places of its old ones.
        y=alt.Y(
            "label:N",
            sort=list(labels),
            title=None,
            axis=alt.Axis(labelFontSize=14, labelOverlap=False, labelBound=False, ticks=False, domain=False),
        ),
        x=alt.X(
            "probability:Q",
            title="probability",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        ),
        tooltip=[alt.Tooltip("label:N", title=title), alt.Tooltip("probability:Q", format=".2%")],
    )
    return base.mark_bar(cornerRadiusEnd=3).encode(
        color=alt.Color("best:N", scale=alt.Scale(domain=[True, False], range=[BLUE, GREY]), legend=None)
    )


def guess_bars(guesses: Sequence[Guess], places: int = 5, height: int = 200, title: str = "category") -> alt.Chart:
    """The best guesses as bars; as many empty places where there are none yet."""
    labels = [guess.label for guess in guesses] or [" " * i for i in range(places)]
    probabilities = [guess.probability for guess in guesses] or [0.0] * places
    return probability_bars(labels, probabilities, height=height, title=title)


def curve_data(history: pd.DataFrame, metric: str = "accuracy") -> pd.DataFrame:
    """History in long form: columns ``variant``, ``epoch``, ``set``, ``loss`` and the metric."""
    columns = ["variant", "epoch", "loss", metric]
    train = history[columns].assign(set="train")
    validation = history[["variant", "epoch", "val_loss", f"val_{metric}"]].set_axis(columns, axis=1)
    return pd.concat([train, validation.assign(set="validation")], ignore_index=True)


def _curve(
    data: pd.DataFrame, shown: str, metric: str, measured: str, height: int, y: alt.Scale | None = None
) -> alt.Chart:
    losses = data["loss"]
    # Decades need room: losses that stay within one are easier to read on a plain scale.
    log = y is not None or losses.max() > 10 * losses.min()
    if shown == "loss":
        title = "loss (nats, log scale)" if log else "loss (nats)"
        axis = (
            alt.Axis(format="~g", values=[0.0001, 0.001, 0.01, 0.1, 1, 10])
            if log
            else alt.Axis(format="~g", tickCount=5)
        )
    else:
        title, axis = measured, alt.Axis(format=".0%", tickCount=5)
    return (
        alt.Chart(data, height=height)
        # Only a scale that is given may end above a loss.
        .mark_line(point=alt.OverlayMarkDef(size=18), strokeWidth=2, clip=y is not None)
        .encode(
            x=alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)),
            y=alt.Y(
                f"{shown}:Q",
                title=title,
                scale=y or alt.Scale(type="log" if shown == "loss" and log else "linear", zero=False),
                axis=axis,
            ),
            color=alt.Color("set:N", scale=CURVES, title=None, legend=alt.Legend(orient="top", symbolType="stroke")),
            strokeDash=alt.StrokeDash(
                "set:N", scale=alt.Scale(domain=["train", "validation"], range=[[5, 3], [1, 0]]), title=None
            ),
            tooltip=[
                alt.Tooltip("set:N"),
                alt.Tooltip("epoch:Q"),
                alt.Tooltip("loss:Q", format=".4f"),
                alt.Tooltip(f"{metric}:Q", format=".2%", title=measured),
            ],
        )
    )


def training_curve(
    history: pd.DataFrame,
    shown: str,
    chosen_epoch: int,
    metric: str = "accuracy",
    measured: str = "accuracy",
    height: int = 280,
) -> alt.LayerChart:
    """Train and validation curve of one variant with a rule at the epoch whose weights were kept.

    Args:
        history: rows of one variant.
        shown: ``"loss"`` or the name of the metric.
        chosen_epoch: where the rule stands.
        metric: its name in the history.
        measured: the metric in words.
        height: of the chart, in pixels.
    """
    mark = pd.DataFrame({"epoch": [chosen_epoch], "what": [f"kept: epoch {chosen_epoch}"]})
    rule = alt.Chart(mark).mark_rule(color=GREY, strokeWidth=2).encode(x="epoch:Q", tooltip="what:N")
    text = (
        alt.Chart(mark)
        # Where the curves leave room: loss falls to the right, accuracy rises.
        .mark_text(align="right", dx=-5, baseline="middle", dy=10 if shown == "loss" else -10)
        .encode(x="epoch:Q", y=alt.value(0 if shown == "loss" else "height"), text="what:N", tooltip="what:N")
    )
    return rule + text + _curve(curve_data(history, metric), shown, metric, measured, height)


def variant_curve(
    history: pd.DataFrame,
    bounds: tuple[float, float],
    metric: str = "accuracy",
    measured: str = "accuracy",
    height: int = 200,
) -> alt.Chart:
    """Loss curves of one variant on a scale that it shares with its neighbours."""
    scale = alt.Scale(type="log", domain=list(bounds), nice=False)
    return _curve(curve_data(history, metric), "loss", metric, measured, height, scale)


def loss_bounds(history: pd.DataFrame) -> tuple[float, float]:
    """Smallest and largest loss of all variants, for a scale that they share; never below 0.0001."""
    losses = history[["loss", "val_loss"]]
    return max(1e-4, float(losses.min().min()) * 0.8), float(losses.max().max()) * 1.2


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


def reliability(evaluation: dict[str, np.ndarray], noun: str = "digits", height: int = 260) -> alt.LayerChart:
    """How often the network was right against how sure it was; on the diagonal, 90 % means 90 %."""
    data = pd.DataFrame({key: evaluation[f"calibration_{key}"] for key in ("confidence", "accuracy", "count")}).dropna()
    scale = alt.Scale(domain=[0, 1])
    diagonal = (
        alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]}), height=height)
        .mark_line(strokeDash=[4, 4], color=GREY)
        .encode(x=alt.X("x:Q", scale=scale, title="how sure it was", axis=alt.Axis(format=".0%")), y="y:Q")
    )
    points = (
        alt.Chart(data)
        .mark_circle(color=BLUE, opacity=0.9)
        .encode(
            x=alt.X("confidence:Q", scale=scale),
            y=alt.Y("accuracy:Q", scale=scale, title="how often it was right", axis=alt.Axis(format=".0%")),
            size=alt.Size("count:Q", scale=alt.Scale(type="log", range=[30, 500]), legend=None),
            tooltip=[
                alt.Tooltip("confidence:Q", format=".1%", title="how sure"),
                alt.Tooltip("accuracy:Q", format=".1%", title="how often right"),
                alt.Tooltip("count:Q", title=f"test {noun}", format=",d"),
            ],
        )
    )
    return diagonal + points


def moments(epochs: np.ndarray, val_accuracy: np.ndarray, chosen: int, height: int = 200) -> alt.LayerChart:
    """Validation accuracy at the moments of a timeline, one of them marked.

    The axis is the number of epochs seen on a scale that spreads the first one, where most is learnt.
    """
    data = pd.DataFrame({"epoch": epochs, "accuracy": val_accuracy, "now": np.arange(len(epochs)) == chosen})
    base = alt.Chart(data, height=height).encode(
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
    return line + rule + dots


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
    data = pd.DataFrame({"how": ["canvas simply shrunk", "cropped, scaled, centred"], "accuracy": [naive, pasted]})
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

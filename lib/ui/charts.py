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


def with_and_without(curves: pd.DataFrame, height: int = 300) -> alt.Chart:
    """Accuracy over the epochs of the same network, trained in two ways.

    Args:
        curves: columns ``epoch``, ``how`` (it was trained), ``set`` (``train`` or ``validation``) and ``accuracy``.
        height: in pixels.
    """
    data = curves.assign(curve=curves["how"] + ", " + curves["set"])
    names = [f"{how}, {kind}" for how in dict.fromkeys(curves["how"]) for kind in ("train", "validation")]
    legend = alt.Legend(orient="top", columns=2, symbolType="stroke", labelLimit=220)
    return (
        alt.Chart(data, height=height)
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=12))
        .encode(
            x=alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)),
            y=alt.Y("accuracy:Q", title="accuracy", axis=alt.Axis(format=".0%", tickCount=5)),
            color=alt.Color(
                "curve:N", scale=alt.Scale(domain=names, range=[BLUE, BLUE, ORANGE, ORANGE]), title=None, legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "curve:N",
                scale=alt.Scale(domain=names, range=[[5, 3], [1, 0], [5, 3], [1, 0]]),
                title=None,
                legend=legend,
            ),
            tooltip=[
                alt.Tooltip("how:N", title="trained"),
                alt.Tooltip("set:N", title="measured on"),
                alt.Tooltip("epoch:Q"),
                alt.Tooltip("accuracy:Q", format=".1%"),
            ],
        )
    )


def state_map(text: str, states: np.ndarray, height: int = 420) -> alt.Chart:
    """Heat map of a state (float32, characters x units) over the characters of a text."""
    names = [f"{i} {character}" for i, character in enumerate(text)]
    units = states.shape[1]
    data = pd.DataFrame(
        {
            "place": np.repeat(names, units),
            "unit": np.tile(np.arange(units), len(text)),
            "value": states.reshape(-1).astype(float).round(3),
        }
    )
    return (
        alt.Chart(data, height=height)
        .mark_rect()
        .encode(
            x=alt.X(
                "place:O",
                title="character",
                sort=names,
                axis=alt.Axis(
                    labelAngle=0,
                    orient="top",
                    labelExpr="split(datum.label, ' ')[1]",
                    labelFontSize=15 if len(text) < 20 else 12,
                    labelOverlap=False,
                ),
            ),
            y=alt.Y("unit:O", title="units of the state", axis=None),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(
                    domain=[-1, 0, 1], range=[ORANGE, "rgba(138, 143, 152, 0.06)", BLUE], interpolate="rgb"
                ),
                legend=alt.Legend(title="state", orient="bottom", gradientLength=160),
            ),
            tooltip=[alt.Tooltip("place:O", title="character"), alt.Tooltip("value:Q", title="state")],
        )
    )

"""Altair charts, from plain data. No Streamlit here; its theme is applied when a page shows them.

Colour-blind people can tell the colours apart, and they stand out from white and from black (Okabe and Ito, 2008, with the
brightness adjusted).

A chart that depends on the bundle alone is an Altair chart, made once per server. A chart of what a person gives is a `Spec`:
Altair works out its form once, and each answer only fills in the data. That takes a hundredth of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from lib.metrics import Guess

BLUE = "#2E8BC0"
ORANGE = "#D98200"
GREY = "#8A8F98"
RED = "#D0433B"
PURPLE = "#9A6FB0"

LEAST_LOSS = 1e-4
"""Smaller losses are drawn here: a log scale has no end."""

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


Spec = dict[str, Any]
"""A chart in Vega-Lite's JSON, with its data as Arrow tables under ``datasets``."""

SHOWN = alt.NamedData("shown")
"""Stands for the data of a form, which `filled` puts there."""


def filled(form: Spec, **columns: Any) -> Spec:
    """A chart of that form.

    Args:
        form: a chart of `SHOWN`, as a dictionary.
        columns: of its data, all of one length.
    """
    return form | {"datasets": {SHOWN.name: pa.table(columns)}}


def finished(chart: alt.TopLevelMixin) -> Spec:
    """A chart that needs no more work when it is shown."""
    spec = chart.to_dict()
    tables: Mapping[str, list[dict]] = spec.get("datasets", {})
    return spec | {"datasets": {name: pa.Table.from_pylist(rows) for name, rows in tables.items()}}


def probability_bars(
    labels: Sequence[str], probabilities: Sequence[float] | np.ndarray, height: int = 300, title: str = "digit"
) -> Spec:
    """Probabilities of classes as bars, the largest one highlighted; `title` names what they are."""
    values = np.asarray(probabilities, float)
    best = (values == values.max()) & (values > 0)
    return filled(_bars(height, title), label=list(labels), probability=values, best=best, place=range(len(labels)))


@cache
def _bars(height: int, title: str) -> Spec:
    base = alt.Chart(SHOWN, height=height).encode(
        y=alt.Y(
            "label:N",
            sort=alt.EncodingSortField("place"),
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
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        color=alt.Color("best:N", scale=alt.Scale(domain=[True, False], range=[BLUE, GREY]), legend=None)
    )
    return bars.to_dict()


def guess_bars(guesses: Sequence[Guess], places: int = 5, height: int = 200, title: str = "category") -> Spec:
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


def _axis(data: pd.DataFrame, shown: str, measured: str) -> dict[str, Any]:
    """Title, axis and scale of curves: of losses, on a log scale where they need one, or of a share."""
    if shown != "loss":
        return {"title": measured, "axis": alt.Axis(format=".0%", tickCount=5), "scale": alt.Scale(zero=False)}
    losses = data["loss"].clip(lower=LEAST_LOSS)
    # Decades need room: losses that stay within one are easier to read on a plain scale.
    if losses.max() <= 10 * losses.min():
        axis = alt.Axis(format="~g", tickCount=5)
        return {"title": "loss (nats)", "axis": axis, "scale": alt.Scale(zero=False)}
    axis = alt.Axis(format="~g", values=[0.0001, 0.001, 0.01, 0.1, 1, 10])
    scale = alt.Scale(type="log", nice=False, domain=[0.8 * float(losses.min()), 1.2 * float(losses.max())])
    return {"title": "loss (nats, log scale)", "axis": axis, "scale": scale}


_EPOCHS = alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False))
SETS = alt.Scale(domain=["train", "validation"], range=[[5, 3], [1, 0]])
"""Dashes of a curve on training and of one on validation samples."""


def _mark(epoch: int, words: str, y: Any, line: dict[str, Any], label: dict[str, Any]) -> alt.LayerChart:
    """A line at an epoch, and what it means beside it, at this height; both in such marks."""
    mark = pd.DataFrame({"epoch": [epoch], "what": [words]})
    rule = alt.Chart(mark).mark_rule(**line).encode(x="epoch:Q", tooltip="what:N")
    text = alt.Chart(mark).mark_text(baseline="middle", **label)
    return rule + text.encode(x="epoch:Q", y=y, text="what:N", tooltip="what:N")


def _tooltip(metric: str, measured: str) -> list[alt.Tooltip]:
    """What a point of a curve says: its set and epoch, loss and metric."""
    return [
        alt.Tooltip("set:N"),
        alt.Tooltip("epoch:Q"),
        alt.Tooltip("loss:Q", format=".4f"),
        alt.Tooltip(f"{metric}:Q", format=".2%", title=measured),
    ]


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
    data = curve_data(history, metric)
    curves = (
        alt.Chart(data, height=height)
        .mark_line(point=alt.OverlayMarkDef(size=18), strokeWidth=2)
        .encode(
            x=_EPOCHS,
            y=alt.Y(f"{shown}:Q", **_axis(data, shown, measured)),
            color=alt.Color("set:N", scale=CURVES, title=None, legend=alt.Legend(orient="top", symbolType="stroke")),
            strokeDash=alt.StrokeDash("set:N", scale=SETS, title=None),
            tooltip=_tooltip(metric, measured),
        )
    )
    # Where the curves leave room: loss falls to the right, accuracy rises.
    y, down = (0, 10) if shown == "loss" else ("height", -10)
    line, label = {"color": GREY, "strokeWidth": 2}, {"align": "right", "dx": -5, "dy": down}
    return _mark(chosen_epoch, f"kept: epoch {chosen_epoch}", alt.value(y), line, label) + curves


def variant_curves(
    history: pd.DataFrame,
    shown: str,
    titles: Mapping[str, str],
    metric: str = "accuracy",
    measured: str = "accuracy",
    memorises_from: int | None = None,
    height: int = 320,
) -> alt.LayerChart:
    """Curves of all variants on common axes, the gap between training and validation filled.

    Args:
        history: rows of all variants.
        shown: ``"loss"`` or the name of the metric.
        titles: of the variants, by their names.
        metric: its name in the history.
        measured: the metric in words.
        memorises_from: the epoch at which the last variant's validation loss was lowest, to be marked.
        height: of the chart, in pixels.
    """
    data = curve_data(history, metric).assign(network=lambda d: d["variant"].map(titles))
    data["loss"] = data["loss"].clip(lower=LEAST_LOSS)
    gap = data.pivot(index=["network", "epoch"], columns="set", values=shown).reset_index()
    # Where training looks worse, since it is made harder, nothing was memorised.
    gap["better"] = gap[["train", "validation"]].agg("min" if shown == "loss" else "max", axis=1)
    networks = alt.Scale(domain=list(titles.values()), range=[PURPLE, BLUE, ORANGE][: len(titles)])
    legend = alt.Legend(orient="top", symbolType="stroke", symbolStrokeWidth=4)
    axis = _axis(data, shown, measured)
    area = (
        alt.Chart(gap, height=height)
        .mark_area(opacity=0.14)
        .encode(
            x=_EPOCHS,
            y=alt.Y("better:Q", **axis),
            y2="validation:Q",
            fill=alt.Fill("network:N", scale=networks, legend=None),
        )
    )
    curves = (
        alt.Chart(data, height=height)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=_EPOCHS,
            y=alt.Y(f"{shown}:Q", **axis),
            color=alt.Color("network:N", scale=networks, title=None, legend=legend),
            strokeDash=alt.StrokeDash(
                "set:N", scale=SETS, title=None, legend=alt.Legend(orient="top", symbolType="stroke")
            ),
            tooltip=["network:N", *_tooltip(metric, measured)],
        )
    )
    if memorises_from is None:
        return area + curves
    line = {"color": ORANGE, "strokeWidth": 1.5, "strokeDash": [2, 3]}
    label = {"align": "left", "dx": 5, "color": ORANGE, "fontWeight": "bold"}
    return area + curves + _mark(memorises_from, "from here on it memorises", alt.value(height - 10), line, label)


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


def state_map(text: str, states: np.ndarray, height: int = 420) -> Spec:
    """Heat map of a state (float32, characters x units) over the characters of a text."""
    units = states.shape[1]
    return filled(
        _states(height, 15 if len(text) < 20 else 12),
        place=np.repeat([f"{i} {character}" for i, character in enumerate(text)], units),
        number=np.repeat(np.arange(len(text)), units),
        unit=np.tile(np.arange(units), len(text)),
        value=states.reshape(-1).astype(float).round(3),
    )


@cache
def _states(height: int, font_size: int) -> Spec:
    chart = (
        alt.Chart(SHOWN, height=height)
        .mark_rect()
        .encode(
            x=alt.X(
                "place:O",
                title="character",
                sort=alt.EncodingSortField("number"),
                axis=alt.Axis(
                    labelAngle=0,
                    orient="top",
                    labelExpr="split(datum.label, ' ')[1]",
                    labelFontSize=font_size,
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
    return chart.to_dict()


def confusion(
    counts: np.ndarray,
    classes: Sequence[str],
    *,
    true: tuple[str, str],
    predicted: tuple[str, str],
    noun: str,
    share: str,
    angle: int = 0,
    font_size: int = 13,
    height: int = 260,
) -> alt.LayerChart:
    """Who is taken for what, in shares of each true class; blue on the diagonal, red beside it.

    Args:
        counts: int (n, n), rows are true classes.
        classes: their names (n).
        true: title of the rows, and what a tooltip calls them.
        predicted: the same for the columns.
        noun: what is counted, for the tooltip.
        share: what the share is called there.
        angle: of the columns' names, in degrees.
        font_size: of the shares, in pixels.
        height: in pixels.
    """
    n = len(classes)
    rows, columns = np.divmod(np.arange(n * n), n)
    data = pd.DataFrame(
        {
            "true": [classes[i] for i in rows],
            "predicted": [classes[i] for i in columns],
            "count": counts.reshape(-1),
            "share": (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).reshape(-1),
            "kind": np.where(rows == columns, "right", "wrong"),
        }
    )
    base = alt.Chart(data, height=height).encode(
        x=alt.X(
            "predicted:N",
            sort=list(classes),
            title=predicted[0],
            axis=alt.Axis(labelAngle=angle, labelOverlap=False, orient="top"),
        ),
        y=alt.Y("true:N", sort=list(classes), title=true[0]),
        tooltip=[
            alt.Tooltip("true:N", title=true[1]),
            alt.Tooltip("predicted:N", title=predicted[1]),
            alt.Tooltip("count:Q", title=noun),
            alt.Tooltip("share:Q", format=".1%", title=share),
        ],
    )
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("kind:N", scale=alt.Scale(domain=["right", "wrong"], range=[BLUE, RED]), legend=None),
        opacity=alt.Opacity("share:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None),
    )
    text = base.mark_text(fontSize=font_size, color=INK).encode(text=alt.Text("share:Q", format=".0%"))
    return cells + text

"""Altair charts of the recurrent networks, from plain data; see `lib.ui.charts`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from lib.bundles import Bundle
from lib.metrics import Guess
from lib.ui.charts import INK, ORANGE, RED, SHOWN, Spec, filled, finished


def considered(guesses: Sequence[Sequence[Guess]], chosen: Sequence[str], height: int = 330) -> Spec:
    """What a network considered for each character of its answer: a column for each, darker where it is more probable.

    Args:
        guesses: for each character, all candidates with their probabilities.
        chosen: the character that was written.
        height: of the chart, in pixels.
    """
    names = {"\n": "end"}
    rows = [
        {
            "place": i + 1,
            "character": names.get(guess.label, guess.label),
            "probability": guess.probability,
            "shown": f"{guess.probability:.0%}" if guess.probability >= 0.005 else "",
            "written": guess.label == chosen[i],
        }
        for i, candidates in enumerate(guesses)
        for guess in candidates
        if guess.label.isdigit() or guess.label in names
    ]
    columns = ("place", "character", "probability", "shown", "written")
    return filled(_considered(height), **{column: [row[column] for row in rows] for column in columns})


@cache
def _considered(height: int) -> Spec:
    order = [*"0123456789", "end"]
    base = alt.Chart(SHOWN, height=height).encode(
        x=alt.X("place:O", title="character of the answer", axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y("character:N", title=None, sort=order, scale=alt.Scale(domain=order), axis=alt.Axis(labelBound=False)),
        tooltip=[
            alt.Tooltip("place:O", title="character of the answer"),
            alt.Tooltip("character:N"),
            alt.Tooltip("probability:Q", format=".2%"),
        ],
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            "probability:Q",
            scale=alt.Scale(domain=[0, 1], range=["rgba(46, 139, 192, 0.06)", "rgba(46, 139, 192, 1)"]),
            legend=None,
        ),
        stroke=alt.condition("datum.written", alt.value(ORANGE), alt.value(None)),
        strokeWidth=alt.value(2),
    )
    return (cells + base.mark_text(fontSize=12, color=INK).encode(text="shown:N")).to_dict()


def answer_map(states: Spec, own: tuple[np.ndarray, str] | None = None) -> Spec:
    """States of many sums, and one's own sum as a diamond.

    Args:
        states: what `map_of_states` made.
        own: its place, float32 (2), and its text.
    """
    place, texts = (own[0], [own[1]]) if own else (np.zeros(2), [])
    xs, ys = ([float(value)] * len(texts) for value in place)
    mine = pa.table({"x": xs, "y": ys, "sum": texts})
    return states | {"datasets": states["datasets"] | {SHOWN.name: mine}}


def map_of_states(bundle: Bundle, height: int = 380) -> Spec:
    """States of many sums as dots, coloured by the answer.

    Args:
        bundle: whose evaluation has ``map_a``, ``map_b``, ``map_x`` and ``map_y``.
        height: of the chart, in pixels.
    """
    evaluation = bundle.evaluation
    a, b = evaluation["map_a"], evaluation["map_b"]
    data = pd.DataFrame(
        {
            "x": evaluation["map_x"].astype(float),
            "y": evaluation["map_y"].astype(float),
            "answer": a + b,
            "sum": [f"{x}+{y}" for x, y in zip(a, b, strict=True)],
        }
    )
    plain = alt.Axis(labels=False, ticks=False, grid=False)
    dots = (
        alt.Chart(data, height=height)
        .mark_circle(size=45, opacity=0.85)
        .encode(
            x=alt.X("x:Q", title="first principal component", axis=plain),
            y=alt.Y("y:Q", title="second principal component", axis=plain),
            color=alt.Color("answer:Q", scale=alt.Scale(scheme="viridis"), legend=alt.Legend(orient="bottom")),
            tooltip=[alt.Tooltip("sum:N"), alt.Tooltip("answer:Q")],
        )
    )
    diamond = (
        alt.Chart(SHOWN)
        .mark_point(shape="diamond", size=220, filled=True, color=RED, stroke="white", strokeWidth=1.5, opacity=1)
        .encode(x="x:Q", y="y:Q", tooltip=alt.Tooltip("sum:N", title="your sum"))
    )
    return finished(dots + diamond)


def operand_map(count: np.ndarray, right: np.ndarray, height: int = 420) -> alt.Chart:
    """Heat map of wrong answers over both operands (int64, squares of numbers; rows are first operands)."""
    side = len(count)
    step = 1000 // side
    first, second = np.divmod(np.arange(side * side), side)
    data = pd.DataFrame(
        {
            "first": first * step,
            "second": second * step,
            "first_end": (first + 1) * step,
            "second_end": (second + 1) * step,
            "sums": count.reshape(-1),
        }
    )
    data["wrong"] = count.reshape(-1) - right.reshape(-1)
    data = data[data["sums"] > 0]
    data["share"] = data["wrong"] / data["sums"]
    axis = alt.Axis(values=list(range(0, 1001, 200)), grid=False)
    return (
        alt.Chart(data, height=height)
        .mark_rect()
        .encode(
            x=alt.X("second:Q", title="second number", axis=axis, scale=alt.Scale(domain=[0, 1000])),
            x2="second_end:Q",
            y=alt.Y("first:Q", title="first number", axis=axis, scale=alt.Scale(domain=[0, 1000], reverse=True)),
            y2="first_end:Q",
            color=alt.Color(
                "share:Q",
                # Spread where a good network differs from a perfect one.
                scale=alt.Scale(
                    type="symlog",
                    constant=0.01,
                    domain=[0, 0.02, 1],
                    range=["rgba(46, 139, 192, 0.16)", ORANGE, RED],
                    interpolate="rgb",
                ),
                legend=alt.Legend(
                    title="wrong", format="~%", values=[0, 0.01, 0.1, 1], orient="bottom", gradientLength=240
                ),
            ),
            tooltip=[
                alt.Tooltip("first:Q", title="first number from"),
                alt.Tooltip("second:Q", title="second number from"),
                alt.Tooltip("sums:Q", title="unseen sums"),
                alt.Tooltip("wrong:Q", title="wrong answers"),
                alt.Tooltip("share:Q", format=".1%", title="wrong"),
            ],
        )
    )


def wrong_bars(
    names: Sequence[str], wrong: np.ndarray, count: np.ndarray, title: str, height: int = 220
) -> alt.LayerChart:
    """Share of wrong answers in each group, with the figures on the bars."""
    data = pd.DataFrame({"name": list(names), "wrong": wrong, "count": count})
    data["share"] = data["wrong"] / data["count"].clip(lower=1)
    data["shown"] = [f"{wrong:,}" for wrong in data["wrong"]]
    base = alt.Chart(data, height=height).encode(
        x=alt.X("name:N", title=title, sort=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("share:Q", title="wrong", axis=alt.Axis(format="~%", tickCount=4), scale=alt.Scale(domainMin=0)),
        tooltip=[
            alt.Tooltip("name:N", title=title),
            alt.Tooltip("share:Q", format=".3%", title="wrong"),
            alt.Tooltip("wrong:Q", title="wrong answers", format=",d"),
            alt.Tooltip("count:Q", title="of test sums", format=",d"),
        ],
    )
    bars = base.mark_bar(color=RED, cornerRadiusEnd=3)
    text = base.mark_text(dy=-8).encode(text="shown:N")
    return bars + text

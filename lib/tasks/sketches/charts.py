"""Altair charts of the sketch experiments, from plain data; see `lib.ui.charts` for the colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from lib.ui.charts import BLUE, GREY, ORANGE, SHOWN, Spec, filled

MOST_STROKES = 20
"""Strokes that are told apart by colour."""
DEEPEST = 0.25
"""Mean probability of a wrong category that is drawn in the deepest red, in every neighbourhood."""
_PERCENT = alt.Axis(format=".0%")


def over_the_strokes(thought: pd.DataFrame, height: int = 170) -> Spec:
    """Probability of the network's final answer after each stroke; blue where it was its best guess.

    Args:
        thought: columns ``stroke``, ``guess``, ``sure``, ``final``, ``probability``; may be empty.
        height: in pixels.
    """
    strokes = int(thought["stroke"].max()) if len(thought) else 1
    columns = {column: thought[column].to_numpy() for column in thought.columns}
    return filled(_over_the_strokes(max(4, strokes), height), knew=thought["guess"] == thought["final"], **columns)


@lru_cache(maxsize=64)
def _over_the_strokes(most: int, height: int) -> Spec:
    base = alt.Chart(SHOWN, height=height).encode(
        x=alt.X(
            "stroke:Q",
            title="strokes drawn",
            scale=alt.Scale(domain=[0.5, most + 0.5], nice=False),
            axis=alt.Axis(tickMinStep=1, format="d", grid=False),
        ),
        y=alt.Y(
            "probability:Q",
            title="its answer",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=".0%", values=[0, 0.5, 1]),
        ),
        tooltip=[
            alt.Tooltip("stroke:Q", title="after stroke"),
            alt.Tooltip("guess:N", title="best guess then"),
            alt.Tooltip("sure:Q", format=".1%", title="sure of that"),
            alt.Tooltip("final:N", title="final answer"),
            alt.Tooltip("probability:Q", format=".1%", title="probability of it"),
        ],
    )
    dots = base.mark_circle(size=80, opacity=1).encode(
        color=alt.Color("knew:N", scale=alt.Scale(domain=[True, False], range=[BLUE, GREY]), legend=None)
    )
    return (base.mark_line(color=GREY, strokeWidth=2) + dots).to_dict()


_SHADE = alt.Color(
    "shade:Q",
    scale=alt.Scale(domain=[-1, 0, 1], range=[ORANGE, "#B9BDC4", BLUE], interpolate="rgb"),
    legend=None,
)


def _shades(changes: np.ndarray) -> np.ndarray:
    """Changes of a probability, scaled so that the largest one gets the full colour."""
    return changes / max(0.05, float(np.abs(changes).max(initial=0)))


def coloured_strokes(strokes: Sequence[np.ndarray], changes: Mapping[int, float], height: int = 240) -> Spec:
    """The sketch, each stroke in the colour of what leaving it out does to the answer.

    Args:
        strokes: float (points, 2) each, y downwards.
        changes: of the answer's probability when the stroke of that index is left out.
        height: in pixels.
    """
    points = np.concatenate(strokes).astype(float)
    lengths = [len(stroke) for stroke in strokes]
    change = np.array([changes.get(i, 0.0) for i in range(len(strokes))])
    # One scale for both axes, so that a circle stays one in a picture that is about as wide as high.
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / max(1e-6, float((high - low).max()))
    return filled(
        _coloured_strokes(height),
        x=points[:, 0],
        y=points[:, 1],
        place=np.arange(len(points)),
        stroke=np.repeat(np.arange(1, len(strokes) + 1), lengths),
        change=np.repeat(change, lengths),
        shade=np.repeat(_shades(change), lengths),
    )


@lru_cache
def _coloured_strokes(height: int) -> Spec:
    around = [-0.55, 0.55]
    chart = (
        alt.Chart(SHOWN, height=height, width=height)
        .mark_line(strokeWidth=5, strokeCap="round", strokeJoin="round")
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=around, nice=False)),
            y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=around, nice=False, reverse=True)),
            order="place:Q",
            detail="stroke:N",
            color=_SHADE,
            tooltip=[alt.Tooltip("stroke:N"), alt.Tooltip("change:Q", format="+.1%", title="answer without it")],
        )
    )
    return chart.to_dict()


def without_each_stroke(rows: pd.DataFrame, label: str, height: int = 240) -> Spec:
    """How the answer's probability changes without each stroke.

    Args:
        rows: columns ``stroke`` (from 1), ``change`` and ``instead`` (the best guess then).
        label: the answer.
        height: in pixels.
    """
    columns = {column: rows[column].to_numpy() for column in ("stroke", "change", "instead")}
    return filled(_without_each_stroke(label, height), shade=_shades(columns["change"]), **columns)


@lru_cache(maxsize=512)
def _without_each_stroke(label: str, height: int) -> Spec:
    base = alt.Chart(SHOWN, height=height).encode(
        x=alt.X("stroke:O", title="stroke that is left out", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("change:Q", title=f"change for {label}", axis=alt.Axis(format="+.0%", tickCount=5)),
        tooltip=[
            alt.Tooltip("stroke:O", title="without stroke"),
            alt.Tooltip("change:Q", format="+.1%", title=label),
            alt.Tooltip("instead:N", title="best guess then"),
        ],
    )
    zero = base.mark_rule(color=GREY).encode(x=alt.X(), y=alt.datum(0))
    return (zero + base.mark_bar(cornerRadiusEnd=3).encode(color=_SHADE)).to_dict()


def ranking(rows: pd.DataFrame, colour: str, height: int = 340) -> alt.Chart:
    """Categories by how much probability their drawings give to the truth.

    Args:
        rows: columns ``category``, ``truth`` (mean probability), ``right`` and ``n``, in the order of the bars.
        colour: of the bars.
        height: in pixels.
    """
    data = rows.assign(read=[f"{right} of {n}" for right, n in zip(rows["right"], rows["n"], strict=True)])
    return (
        alt.Chart(data, height=height)
        .mark_bar(cornerRadiusEnd=3, color=colour)
        .encode(
            y=alt.Y(
                "category:N",
                sort=list(data["category"]),
                title=None,
                axis=alt.Axis(labelOverlap=False, labelLimit=150, ticks=False, domain=False),
            ),
            x=alt.X("truth:Q", title="mean probability of the truth", scale=alt.Scale(domain=[0, 1]), axis=_PERCENT),
            tooltip=[
                alt.Tooltip("category:N"),
                alt.Tooltip("truth:Q", format=".1%", title="probability of the truth"),
                alt.Tooltip("read:N", title="best guess right"),
            ],
        )
    )


def neighbourhood(names: Sequence[str], probabilities: np.ndarray, height: int = 520) -> alt.LayerChart:
    """Heat map of what drawings of some categories are taken for; its cells can be picked (``cell``).

    Args:
        names: of the categories, the picked one first.
        probabilities: float (n, n): row true, column guessed, mean probability.
        height: in pixels.
    """
    n = len(names)
    true, guessed = np.divmod(np.arange(n * n), n)
    data = pd.DataFrame(
        {
            "true": [names[i] for i in true],
            "guessed": [names[i] for i in guessed],
            "probability": probabilities.reshape(-1).astype(float),
            "kind": np.where(true == guessed, "right", "wrong"),
        }
    )
    pick = alt.selection_point(name="cell", fields=["true", "guessed"], empty=False)
    base = alt.Chart(data, height=height).encode(
        x=alt.X(
            "guessed:N",
            sort=list(names),
            title="taken for",
            axis=alt.Axis(orient="top", labelAngle=-90, labelOverlap=False, labelLimit=110),
        ),
        y=alt.Y("true:N", sort=list(names), title="really", axis=alt.Axis(labelOverlap=False, labelLimit=110)),
        tooltip=[
            alt.Tooltip("true:N", title="really"),
            alt.Tooltip("guessed:N", title="taken for"),
            alt.Tooltip("probability:Q", format=".1%", title="mean probability"),
        ],
    )
    right = (
        base.transform_filter("datum.kind == 'right'")
        .mark_rect(cornerRadius=2)
        .encode(
            color=alt.value(GREY), opacity=alt.Opacity("probability:Q", scale=alt.Scale(domain=[0, 1]), legend=None)
        )
    )
    wrong = (
        base.transform_filter("datum.kind == 'wrong'")
        .mark_rect(cornerRadius=2)
        .encode(
            color=alt.Color(
                "probability:Q",
                scale=alt.Scale(
                    domain=[0, DEEPEST], clamp=True, range=["rgba(208, 67, 59, 0.03)", "rgba(208, 67, 59, 1)"]
                ),
                legend=None,
            )
        )
    )
    picks = base.mark_rect(cursor="pointer", fill="white", fillOpacity=0, cornerRadius=2).encode(
        stroke=alt.condition(pick, alt.value(BLUE), alt.value("rgba(138, 143, 152, 0.2)")),
        strokeWidth=alt.condition(pick, alt.value(3), alt.value(0.5)),
    )
    return right + wrong + picks.add_params(pick)


def _apart(names: Sequence[str], places: Mapping[str, np.ndarray], extent: np.ndarray) -> set[str]:
    """Those names, the first ones first, that can be written at their places without lying over each other."""
    chosen: list[str] = []
    for name in names:
        distances = [np.abs(places[name] - places[other]) / extent for other in chosen]
        if all(x > 0.2 or y > 0.035 for x, y in distances):
            chosen.append(name)
    return set(chosen)


def category_map(
    names: Sequence[str], places: np.ndarray, picked: str, near: Sequence[str], height: int = 520
) -> alt.LayerChart:
    """All categories on a plane; a click picks one (the selection is called ``place``).

    Args:
        names: of the categories.
        places: float (n, 2).
        picked: the one that is highlighted.
        near: its neighbours, which get their names.
        height: in pixels.
    """
    kind = ["picked" if name == picked else "near" if name in set(near) else "other" for name in names]
    named = _apart([picked, *near], {name: places[i] for i, name in enumerate(names)}, np.ptp(places, axis=0))
    data = pd.DataFrame({"category": list(names), "x": places[:, 0], "y": places[:, 1], "kind": kind})
    data["named"] = [name in named for name in names]
    scale = alt.Scale(zero=False, nice=False, padding=24)
    base = alt.Chart(data, height=height).encode(
        x=alt.X("x:Q", axis=None, scale=scale),
        y=alt.Y("y:Q", axis=None, scale=scale),
        tooltip=alt.Tooltip("category:N"),
    )
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=["picked", "near", "other"], range=[ORANGE, BLUE, GREY]), legend=None
    )
    pick = alt.selection_point(name="place", fields=["category"], empty=False)
    dots = base.mark_circle(cursor="pointer", opacity=0.9).encode(
        color=colour,
        size=alt.Size("kind:N", scale=alt.Scale(domain=["picked", "near", "other"], range=[220, 90, 45]), legend=None),
    )
    named_ones = base.transform_filter("datum.named").encode(text="category:N")
    # A rim in the page's colour keeps the names apart from the dots that they lie over.
    rims = named_ones.mark_text(
        dy=-11, fontSize=12, stroke=alt.ExprRef("background"), strokeWidth=4, strokeJoin="round", strokeOpacity=0.8
    )
    return dots.add_params(pick) + rims + named_ones.mark_text(dy=-11, fontSize=12).encode(color=colour)

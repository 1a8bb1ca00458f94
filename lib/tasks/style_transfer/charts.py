"""Altair charts of style transfer, from plain data; see `lib.ui.charts` for the colours."""

from __future__ import annotations

import altair as alt
import pandas as pd

from lib.ui.charts import BLUE, GREY, LABEL, ORANGE, PURPLE, RED

WAYS = {"low": "too little style", "good": "about right", "high": "too much style"}
"""What the three networks are called, by their names in the history."""
METHODS = (
    "the photo itself",
    "Gatys, 100 steps",
    "too little style",
    "about right",
    "too much style",
    "any style",
)
"""In the order of ``losses`` in ``evaluation.npz``."""
_COLOURS = {
    "the photo itself": GREY,
    "Gatys, 100 steps": PURPLE,
    "too little style": BLUE,
    "about right": ORANGE,
    "too much style": RED,
    "any style": "#3A9D6E",
}
KINDS = ("painting", "a quarter of a painting", "photo", "your style")


def loss_curves(history: pd.DataFrame, loss: str, steps: int, height: int = 360) -> alt.Chart:
    """Content or style loss of networks in training and in validation, over the steps.

    Args:
        history: columns ``variant``, ``epoch``, the loss and its ``val_`` twin.
        loss: ``"content"`` or ``"style"``.
        steps: of an epoch.
        height: in pixels.
    """
    parts = [
        history[["variant", "epoch", name]].set_axis(["variant", "epoch", "loss"], axis=1).assign(set=kind)
        for name, kind in ((loss, "training"), (f"val_{loss}", "validation"))
    ]
    rows = pd.concat(parts)
    rows["step"] = rows["epoch"] * steps
    rows["network"] = rows["variant"].map(WAYS)
    # Air above and below: a loss that hardly changes shall look like one.
    around = [float(rows["loss"].min()) / 1.4, float(rows["loss"].max()) * 1.4]
    names = [name for key, name in WAYS.items() if key in set(history["variant"])]
    colour = alt.Color(
        "network:N",
        scale=alt.Scale(domain=names, range=[_COLOURS[name] for name in names]),
        title=None,
        legend=alt.Legend(orient="top", columns=2) if len(names) > 1 else None,
    )
    # The words beside the chart say which lines are dashed: two legends have no room on a phone.
    dash = alt.StrokeDash(
        "set:N", scale=alt.Scale(domain=["validation", "training"], range=[[1, 0], [5, 3]]), legend=None
    )
    return (
        alt.Chart(rows, height=height)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("step:Q", title="step"),
            y=alt.Y("loss:Q", title=f"{loss} loss", scale=alt.Scale(type="log", nice=False, domain=around)),
            color=colour,
            strokeDash=dash,
            tooltip=["network:N", "set:N", "step:Q", alt.Tooltip("loss:Q", format=".3f")],
        )
    )


def optimisation(content: list[float], style: list[float], height: int = 320) -> alt.Chart:
    """Content and style loss of one picture that is changed step by step, each relative to its highest value."""
    rows = pd.concat(
        [
            pd.DataFrame({"step": range(len(values)), "share": [one / max(values) for one in values], "loss": name})
            for name, values in (("content", content), ("style", style))
        ]
    )
    base = alt.Chart(rows, height=height).encode(
        x=alt.X("step:Q", title="step"),
        y=alt.Y("share:Q", title="of the highest value", axis=alt.Axis(format=".0%")),
        color=alt.Color(
            "loss:N",
            scale=alt.Scale(domain=["content", "style"], range=[BLUE, ORANGE]),
            title=None,
            legend=alt.Legend(orient="top"),
        ),
        tooltip=["loss:N", "step:Q", alt.Tooltip("share:Q", format=".1%")],
    )
    return base.mark_line(strokeWidth=2)


def compared(rows: pd.DataFrame, height: int = 380) -> alt.LayerChart:
    """Photos by content and style loss, and the mean of each way to paint.

    Args:
        rows: columns ``method``, ``photo``, ``content`` and ``style``.
        height: in pixels.
    """
    names = [name for name in METHODS if name in set(rows["method"])]
    scale = alt.Scale(type="log", nice=False, padding=20)
    x = alt.X("content:Q", title="content loss: how far from the photo", scale=alt.Scale(zero=True))
    y = alt.Y("style:Q", title="style loss: how far from the painting", scale=scale)
    colour = alt.Color(
        "method:N",
        scale=alt.Scale(domain=names, range=[_COLOURS[name] for name in names]),
        title=None,
        legend=None,
    )
    tooltip = [
        "method:N",
        "photo:Q",
        alt.Tooltip("content:Q", format=".1f"),
        alt.Tooltip("style:Q", format=".3f"),
    ]
    points = (
        alt.Chart(rows, height=height).mark_circle(size=45, opacity=0.45).encode(x, y, color=colour, tooltip=tooltip)
    )
    means = rows.groupby("method", as_index=False)[["content", "style"]].mean()
    base = alt.Chart(means).encode(x, y)
    large = base.mark_point(size=220, filled=True, shape="diamond", opacity=1).encode(
        color=colour, tooltip=tooltip[:1] + tooltip[2:]
    )
    # Three means lie close together on a phone: the names of two stand below their diamonds, that of the third above.
    chart = points + large
    for name in names:
        dy = {"Gatys, 100 steps": 20, "about right": 20, "too much style": -18}.get(name, 0)
        words = base.transform_filter(alt.datum.method == name).mark_text(
            align="center" if dy else "left", dx=0 if dy else 12, dy=dy, fontSize=13, fontWeight="bold", color=LABEL
        )
        chart += words.encode(text="method:N")
    return chart


def style_map(rows: pd.DataFrame, height: int = 420) -> alt.LayerChart:
    """Styles as places: near each other are those whose numbers are alike.

    Args:
        rows: columns ``name``, ``kind`` (one of `KINDS`), ``x`` and ``y``.
        height: in pixels.
    """
    ranges = [ORANGE, "#E8B563", GREY, RED]
    rows = rows.assign(size=rows["kind"].map(dict(zip(KINDS, (170, 40, 80, 200), strict=True))))
    base = alt.Chart(rows, height=height).encode(
        x=alt.X("x:Q", title=None, axis=None), y=alt.Y("y:Q", title=None, axis=None)
    )
    # No legend for a style of one's own where there is none.
    kinds = [kind for kind in KINDS if kind in set(rows["kind"])]
    points = base.mark_point(filled=True, opacity=0.9).encode(
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=kinds, range=ranges[: len(kinds)]),
            title=None,
            legend=alt.Legend(orient="top", columns=2),
        ),
        shape=alt.Shape(
            "kind:N", scale=alt.Scale(domain=kinds, range=["diamond", "circle", "circle", "square"][: len(kinds)])
        ),
        size=alt.Size("size:Q", scale=None),
        tooltip=["name:N", "kind:N"],
    )
    named = alt.FieldOneOfPredicate("kind", [KINDS[0], KINDS[2], KINDS[3]])
    words = base.transform_filter(named).mark_text(dy=-14, fontSize=12, color=LABEL).encode(text="name:N")
    return points + words

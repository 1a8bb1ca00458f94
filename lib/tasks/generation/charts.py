"""Charts of the networks that draw, from plain data; see `lib.ui.charts` for the colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lib.ui import charts
from lib.ui.charts import BLUE, GREY, LABEL, ORANGE, PURPLE, RED, SETS, TITLES

_NETWORKS = {"underfit": PURPLE, "good": BLUE, "overfit": ORANGE}
CLASSES = ("#2E8BC0", "#D98200", "#3A9D6E", "#D0433B", "#9A6FB0", "#8C6D4F", "#D977A8", "#8A8F98", "#A8A300", "#2BB3B1")
"""Colours of ten classes. Their names stand beside them wherever they are, since no ten colours can be told apart by all."""
PLANE = 336
"""Width and height of the autoencoder's plane, in pixels: on a phone there is no more room."""
_LARGE = 112


def confusion(counts: np.ndarray, classes: Sequence[str], height: int = 380) -> alt.LayerChart:
    """What was asked for, and what the reader took it for; see `lib.ui.charts.confusion`."""
    long = max(map(len, classes)) > 3
    return charts.confusion(
        counts,
        classes,
        true=("asked for", "asked for"),
        predicted=("read as", "read as"),
        noun="drawn pictures",
        share="share of what was asked for",
        angle=-90 if long else 0,
        font_size=11,
        height=height,
    )


def losses(history: pd.DataFrame, height: int = 300) -> alt.Chart:
    """Loss of networks in training (dashed) and in validation.

    Args:
        history: columns ``variant``, ``epoch``, ``loss`` and ``val_loss``.
        height: in pixels.
    """
    rows = pd.concat(
        [
            history[["variant", "epoch", name]].set_axis(["variant", "epoch", "loss"], axis=1).assign(set=kind)
            for name, kind in (("loss", "train"), ("val_loss", "validation"))
        ]
    )
    rows["network"] = rows["variant"].map(TITLES)
    shown = [name for name in _NETWORKS if name in set(history["variant"])]
    legend = alt.Legend(orient="top", symbolType="stroke", symbolStrokeWidth=4)
    return (
        alt.Chart(rows, height=height)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)),
            # From zero: how little it falls is what the chart is about.
            y=alt.Y("loss:Q", title="loss: mean squared error", scale=alt.Scale(zero=True)),
            color=alt.Color(
                "network:N",
                scale=alt.Scale(domain=[TITLES[one] for one in shown], range=[_NETWORKS[one] for one in shown]),
                title=None,
                legend=legend if len(shown) > 1 else None,
            ),
            strokeDash=alt.StrokeDash(
                "set:N", scale=SETS, title=None, legend=alt.Legend(orient="top", symbolType="stroke")
            ),
            tooltip=["network:N", "set:N", "epoch:Q", alt.Tooltip("loss:Q", format=".4f")],
        )
    )


def _line(rows: pd.DataFrame, x: alt.X, y: alt.Y, tooltip: list, height: int) -> alt.LayerChart:
    base = alt.Chart(rows, height=height).encode(x=x, y=y, tooltip=tooltip)
    return base.mark_line(color=BLUE, strokeWidth=2.5) + base.mark_circle(color=BLUE, size=70, opacity=1)


def _frechet(rows: pd.DataFrame) -> alt.Y:
    """An axis of Frechet distances: of equal factors where they differ much."""
    values = rows["frechet_distance"]
    log = values.min() > 0 and values.max() > 10 * values.min()
    scale = alt.Scale(type="log") if log else alt.Scale(zero=True)
    title = "Frechet distance" + (" (log scale)" if log else "")
    return alt.Y("frechet_distance:Q", title=title, scale=scale, axis=alt.Axis(format="~f", tickCount=5))


def distance_by_epoch(rows: pd.DataFrame, height: int = 300) -> alt.LayerChart:
    """Frechet distance of what was drawn after some epochs; columns ``epoch``, ``frechet_distance`` and ``read_as_asked``."""
    return _line(
        rows,
        alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)),
        _frechet(rows),
        [
            "epoch:Q",
            alt.Tooltip("frechet_distance:Q", title="Frechet distance", format=".2f"),
            alt.Tooltip("read_as_asked:Q", title="read as asked", format=".1%"),
        ],
        height,
    )


_STEPS_TOOLTIP = [
    alt.Tooltip("steps:Q"),
    alt.Tooltip("frechet_distance:Q", title="Frechet distance", format=".2f"),
    alt.Tooltip("milliseconds:Q", title="milliseconds a picture", format=".1f"),
]


def _steps(rows: pd.DataFrame) -> alt.X:
    # Each number of steps is one and a half to three times the last one.
    axis = alt.Axis(values=sorted(int(one) for one in rows["steps"]), format="d")
    return alt.X("steps:Q", title="steps (log scale)", scale=alt.Scale(type="log", nice=False), axis=axis)


def distance_by_steps(rows: pd.DataFrame, height: int = 260) -> alt.LayerChart:
    """Frechet distance against steps; columns ``steps``, ``frechet_distance`` and ``milliseconds``."""
    return _line(rows, _steps(rows), _frechet(rows), _STEPS_TOOLTIP, height)


def time_by_steps(rows: pd.DataFrame, height: int = 260) -> alt.LayerChart:
    """Milliseconds a picture against steps; the same columns."""
    y = alt.Y("milliseconds:Q", title="milliseconds a picture", scale=alt.Scale(zero=True))
    return _line(rows, _steps(rows), y, _STEPS_TOOLTIP, height)


def by_guidance(rows: pd.DataFrame, height: int = 300) -> alt.LayerChart:
    """Share read as asked, and recall, against guidance; columns ``guidance``, ``read_as_asked``, ``recall``."""
    names = {"read_as_asked": "read as asked", "recall": "recall: diversity"}
    data = pd.concat(
        [pd.DataFrame({"guidance": rows["guidance"], "share": rows[key], "what": name}) for key, name in names.items()]
    )
    base = alt.Chart(data, height=height).encode(
        x=alt.X("guidance:Q", title="guidance"),
        y=alt.Y("share:Q", title="share of pictures", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1])),
        color=alt.Color(
            "what:N",
            scale=alt.Scale(domain=list(names.values()), range=[BLUE, ORANGE]),
            title=None,
            legend=alt.Legend(orient="top", symbolType="stroke"),
        ),
        tooltip=["what:N", "guidance:Q", alt.Tooltip("share:Q", format=".1%")],
    )
    return base.mark_line(strokeWidth=2.5) + base.mark_circle(size=70, opacity=1)


def distances(
    sets: Mapping[str, np.ndarray], height: int = 380, title: str = "distance to the nearest training picture (of 255)"
) -> alt.Chart:
    """How far pictures are from the nearest training picture: a curve of shares for each set of them, by its name."""
    edges = np.linspace(0, max(float(np.max(values)) for values in sets.values()) * 1.02 + 1e-6, 41)
    middle = (edges[:-1] + edges[1:]) / 2
    rows = pd.concat(
        [
            pd.DataFrame({"distance": middle, "share": np.histogram(values, edges)[0] / len(values), "pictures": name})
            for name, values in sets.items()
        ]
    )
    colours = [GREY, BLUE, ORANGE, RED, PURPLE][: len(sets)]
    return (
        alt.Chart(rows, height=height)
        .mark_line(strokeWidth=2.5, interpolate="monotone")
        .encode(
            x=alt.X("distance:Q", title=title),
            y=alt.Y("share:Q", title="share of pictures", axis=alt.Axis(format=".0%", tickCount=5)),
            color=alt.Color(
                "pictures:N",
                scale=alt.Scale(domain=list(sets), range=colours),
                title=None,
                legend=alt.Legend(orient="top", columns=1, symbolType="stroke", labelLimit=320),
            ),
            tooltip=[
                "pictures:N",
                alt.Tooltip("distance:Q", format=".0f"),
                alt.Tooltip("share:Q", format=".1%"),
            ],
        )
    )


def field(
    grid: np.ndarray,
    arrows: np.ndarray,
    paths: np.ndarray,
    labels: np.ndarray,
    classes: Sequence[str],
    named: bool,
    height: int = 340,
) -> alt.LayerChart:
    """Where noise flows at one time, on the plane of two directions.

    Args:
        grid: places, float (n, 2).
        arrows: velocities there, float (n, 2).
        paths: of pictures until that time, float (m, points, 2).
        labels: their classes, int (m).
        classes: names of all classes.
        named: whether the classes' names stand at the ends of their paths.
        height: in pixels.
    """
    edge = float(np.abs(np.concatenate([grid, paths[:, -1]])).max()) * 1.08
    # As long as the way to the next place, at most.
    spacing = 2 * float(np.abs(grid).max()) / (np.sqrt(len(grid)) - 1)
    ends = grid + arrows * (0.9 * spacing / max(float(np.linalg.norm(arrows, axis=1).max()), 1e-9))
    rows = pd.DataFrame(np.concatenate([grid, ends], axis=1).round(3), columns=["x", "y", "x2", "y2"])
    # Clockwise from above.
    rows["angle"] = np.degrees(np.arctan2(arrows[:, 0], arrows[:, 1])).round(1)
    scale = alt.Scale(domain=[-edge, edge], nice=False)
    x, y = alt.X("x:Q", title="first direction", scale=scale), alt.Y("y:Q", title="second direction", scale=scale)
    flow = alt.Chart(rows, height=height)
    shafts = flow.mark_rule(color=GREY, opacity=0.75).encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
    heads = flow.mark_point(shape="triangle", filled=True, size=22, color=GREY, opacity=0.75).encode(
        x=alt.X("x2:Q", title="first direction", scale=scale),
        y=alt.Y("y2:Q", title="second direction", scale=scale),
        angle=alt.Angle("angle:Q", scale=None),
    )
    n, points = paths.shape[:2]
    ways = pd.DataFrame(paths.reshape(-1, 2).round(3), columns=["x", "y"])
    ways["path"], ways["point"] = np.repeat(np.arange(n), points), np.tile(np.arange(points), n)
    ways["class"] = np.repeat([classes[int(label)] for label in labels], points)
    colour = alt.Color("class:N", scale=alt.Scale(domain=list(classes), range=list(CLASSES)), legend=None)
    base = alt.Chart(ways).encode(x=x, y=y, color=colour)
    lines = base.mark_line(strokeWidth=1.5, opacity=0.8).encode(detail="path:N", order="point:Q")
    last = ways[ways["point"] == points - 1]
    dots = alt.Chart(last).mark_circle(size=60, opacity=1).encode(x=x, y=y, color=colour, tooltip=["class:N"])
    chart = shafts + heads + lines + dots
    return (
        chart + _names(_apart(last.groupby("class", as_index=False)[["x", "y"]].mean(), edge), x, y) if named else chart
    )


def _apart(means: pd.DataFrame, edge: float) -> pd.DataFrame:
    """Those of the places whose names do not lie on a name before them; all have their name in the dots' tooltips."""
    kept: list[int] = []
    for i, row in means.iterrows():
        others = means.loc[kept]
        near = (np.abs(others["x"] - row["x"]) < 0.5 * edge) & (np.abs(others["y"] - row["y"]) < 0.12 * edge)
        if not near.any():
            kept.append(i)
    return means.loc[kept]


def _names(means: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.LayerChart:
    """Names of classes in the middle of what belongs to them, readable on any colour."""
    base = alt.Chart(means).encode(x=x, y=y, text="class:N")
    paper = alt.ExprRef("background && luminance(background) < 0.5 ? '#12161B' : 'white'")
    halo = base.mark_text(fontSize=14, fontWeight="bold", stroke=paper, strokeWidth=4, color=paper, opacity=0.9)
    return halo + base.mark_text(fontSize=14, fontWeight="bold", color=LABEL)


def places(
    points: np.ndarray, labels: np.ndarray, classes: Sequence[str], edge: float, height: int = 400
) -> alt.LayerChart:
    """Where real pictures lie on the autoencoder's plane.

    Args:
        points: float (n, 2).
        labels: their classes, int (n).
        classes: names of all classes.
        edge: of what is shown.
        height: in pixels.
    """
    rows = pd.DataFrame(points.astype(float).clip(-edge, edge).round(2), columns=["x", "y"])
    rows["class"] = [classes[int(label)] for label in labels]
    scale = alt.Scale(domain=[-edge, edge], nice=False)
    x, y = alt.X("x:Q", title="first number", scale=scale), alt.Y("y:Q", title="second number", scale=scale)
    dots = (
        alt.Chart(rows, height=height)
        .mark_circle(size=28, opacity=0.75)
        .encode(
            x=x,
            y=y,
            color=alt.Color("class:N", scale=alt.Scale(domain=list(classes), range=list(CLASSES)), legend=None),
            tooltip=["class:N", alt.Tooltip("x:Q", title="first"), alt.Tooltip("y:Q", title="second")],
        )
    )
    return dots + _names(rows.groupby("class", as_index=False)[["x", "y"]].median(), x, y)


def plane(urls: Sequence[str], grid: np.ndarray) -> alt.VConcatChart:
    """All pictures of the autoencoder's plane; the one under the pointer, or the finger, stands enlarged below.

    Args:
        urls: of the pictures, as addresses that hold them (n).
        grid: their places, float (n, 2).
    """
    side = round(len(urls) ** 0.5)
    spacing = 2 * float(np.abs(grid).max()) / (side - 1)
    edge = float(np.abs(grid).max()) + spacing / 2
    rows = pd.DataFrame({"i": range(len(urls)), "url": list(urls), "x": grid[:, 0].round(3), "y": grid[:, 1].round(3)})
    rows["told"] = [f"first number {x:+.2f}" for x in grid[:, 0]]
    rows["told2"] = [f"second number {y:+.2f}" for y in grid[:, 1]]
    # A finger that moves scrolls the page, so a tap counts, too.
    pick = alt.selection_point(
        name="place",
        fields=["i"],
        on="pointermove, pointerdown",
        nearest=True,
        empty=False,
        clear=False,
        toggle=False,
        value=[{"i": len(urls) // 2 + 4}],
    )
    scale = alt.Scale(domain=[-edge, edge], nice=False)
    base = alt.Chart(rows, width=PLANE, height=PLANE).encode(
        x=alt.X("x:Q", scale=scale, axis=None), y=alt.Y("y:Q", scale=scale, axis=None)
    )
    tile = PLANE / side
    all_pictures = base.mark_image(width=tile, height=tile).encode(url="url:N")
    under = base.mark_point(opacity=0, size=60).encode(tooltip=alt.value(None)).add_params(pick)
    frame = (
        base.transform_filter(pick)
        .mark_point(shape="square", size=(tile + 4) ** 2, stroke=ORANGE, strokeWidth=3, filled=False, opacity=1)
        .encode()
    )
    below = alt.Chart(rows, width=PLANE, height=_LARGE).transform_filter(pick)
    middle = alt.value(_LARGE / 2)
    large = below.mark_image(width=_LARGE, height=_LARGE, align="left", baseline="middle").encode(
        url="url:N", x=alt.value(0), y=middle
    )
    words = [
        below.mark_text(align="left", baseline="middle", fontSize=15, color=LABEL, dy=dy).encode(
            text=f"{field}:N", x=alt.value(_LARGE + 16), y=middle
        )
        for field, dy in (("told", -12), ("told2", 12))
    ]
    return alt.vconcat(all_pictures + frame + under, alt.layer(large, *words), spacing=12).configure_view(strokeWidth=0)

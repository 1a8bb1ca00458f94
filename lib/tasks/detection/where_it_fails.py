"""How the detector learnt, where it fails, and whether it learnt by heart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.detection import charts
from lib.tasks.detection.data import SIZES
from lib.ui.charts import ORANGE, RED

MOST_BARS = 10
"""Bars of the commonest mistakes."""


def where_detection_fails(bundle: Bundle) -> None:
    """Average precision by size and class, precision-recall curves, and the commonest mistakes."""
    test, published, evaluation = bundle.variant("good")["test"], bundle.facts["published"], bundle.evaluation
    few = int(((evaluation["things"] > 0) & (evaluation["things"] < 5)).sum())
    st.markdown(
        f"On {test['n']} photos with {test['things']} things its **mean average precision** is **{test['mean_average_precision']:.3f}**, and "
        f"{test['mean_average_precision_50']:.3f} if a box needs to overlap a thing by half only. Take these figures with a grain of salt: the photos are few "
        f"({few} of the {test['classes']} classes on them have fewer than five things), and its makers split COCO in their own way, so that it may have learnt from some of them. "
        f"On thousands of photos they report **{published:.2f}**."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Small things")
        st.altair_chart(charts.size_bars(by_size(bundle)[lambda rows: rows["photos"] == "new"]))
        small, _, large = evaluation["by_size"]
        st.markdown(
            f"Every photo is squeezed into 300 x 300 pixels. Little is left of a thing that is small to begin with (below 32 x 32 pixels): **{small:.0%}**, where large "
            f"ones (from 96 x 96) reach **{large:.0%}**."
        )
    with right:
        _curve(bundle)
    _mistakes(bundle)


def by_size(bundle: Bundle) -> pd.DataFrame:
    evaluation = bundle.evaluation
    return pd.DataFrame(
        [
            {
                "size": size,
                "photos": photos,
                "precision": float(evaluation[key][i]),
                "things": int(evaluation[f"things_{key}"][i]),
            }
            for photos, key in (("new", "by_size"), ("learnt from", "by_size_learnt"))
            for i, size in enumerate(SIZES)
        ]
    ).fillna(0)


@st.fragment
def _curve(bundle: Bundle) -> None:
    """The precision-recall curve of a class that one picks, and the average precision of all."""
    evaluation = bundle.evaluation
    there = np.flatnonzero(evaluation["things"])
    names = sorted(bundle.classes[i] for i in there)
    st.subheader("Class by class")
    default = names.index("person") if "person" in names else 0
    name = st.selectbox("Class", names, index=default, key=f"{bundle.slug}_class", label_visibility="collapsed")
    i = bundle.classes.index(name)
    st.altair_chart(
        charts.precision_recall(
            evaluation["precision"][i], evaluation["threshold"][i], float(evaluation["recall"][i]), height=280
        ),
        key=f"{bundle.slug}_curve",
    )
    things, average = int(evaluation["things"][i]), float(evaluation["average_precision_50"][i])
    st.markdown(
        f"**{name}**: {things} on the photos. Walk down its boxes, the surest first: each right one moves the curve to the right (*recall*, the share of things found so far), each wrong "
        f"one lets it sink (*precision*, the share of boxes that are right so far). In the end {evaluation['recall'][i]:.0%} are found. The area below is the average precision, **{average:.2f}** at an overlap of half."
    )
    with (
        st.expander("All classes, measured more strictly", icon=":material/bar_chart:"),
        st.container(height=420, border=False),
    ):
        st.caption(
            "The mean over ten overlaps, from 0.5 to 0.95, so that boxes have to fit closely: lower than the figure above, which asks for an overlap of half only. The numbers beside the bars count the things."
        )
        st.altair_chart(
            charts.class_bars(
                [bundle.classes[j] for j in there],
                evaluation["average_precision"][there].astype(float),
                evaluation["things"][there],
                name,
            )
        )


def _mistakes(bundle: Bundle) -> None:
    """What was taken for what, what was missed, and what was seen where nothing is."""
    counts, classes = bundle.evaluation["confusion"], bundle.classes
    n = len(classes)
    threshold = bundle.facts["rules"]["threshold"]
    named = counts[:n, :n]
    things, right, missed, made_up = (
        int(counts[:n].sum()),
        int(np.trace(named)),
        int(counts[:n, n].sum()),
        int(counts[n].sum()),
    )
    st.subheader("Missed, mixed up, made up")
    st.markdown(
        f"With the page's threshold of {threshold:.0%}: of {things} things it finds and names **{right}** rightly, misses **{missed}** and "
        f"mixes up **{int(named.sum()) - right}**. Another **{made_up}** boxes have nothing in them that COCO's people have drawn a box around."
    )
    left, middle, right_column = st.columns(3, gap="medium")
    of = counts[:n].sum(axis=1)
    with left:
        st.altair_chart(charts.count_bars(_largest(counts[:n, n], classes, of), "missed"))
    wrong = named.copy()
    np.fill_diagonal(wrong, 0)
    true, said = np.divmod(np.argsort(-wrong, axis=None, kind="stable")[:MOST_BARS], n)
    rows = pd.DataFrame(
        {
            "name": [f"{classes[i]}, called {classes[j]}" for i, j in zip(true, said, strict=True)],
            "count": wrong[true, said],
            "of": of[true],
        }
    )
    with middle:
        st.altair_chart(charts.count_bars(rows[rows["count"] > 0], "mixed up", ORANGE))
    with right_column:
        st.altair_chart(charts.count_bars(_largest(counts[n], classes, counts[:, :n].sum(axis=0)), "made up", RED))


def _largest(values: np.ndarray, classes: list[str], of: np.ndarray) -> pd.DataFrame:
    order = [i for i in np.argsort(-values, kind="stable")[:MOST_BARS] if values[i] > 0]
    return pd.DataFrame({"name": [classes[i] for i in order], "count": values[order], "of": of[order]})

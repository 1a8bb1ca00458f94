"""Where the detector fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.detection import charts
from lib.tasks.detection.data import SIZES
from lib.ui import cached
from lib.ui.charts import ORANGE, RED, Spec, finished
from lib.ui.header import fragment

MOST_BARS = 10
"""Bars of the commonest mistakes."""


def where_detection_fails(bundle: Bundle) -> None:
    """Average precision by size and class, precision-recall curves, and the commonest mistakes."""
    cached.show(_scores, bundle.slug)
    left, right = st.columns(2, gap="large")
    with left:
        cached.show(_small_things, bundle.slug)
    with right:
        _curve(bundle)
    cached.show(_mistakes, bundle.slug)


def _scores(bundle: Bundle) -> None:
    test, published, evaluation = bundle.variant("good")["test"], bundle.facts["published"], bundle.evaluation
    few = int(((evaluation["things"] > 0) & (evaluation["things"] < 5)).sum())
    st.markdown(
        f"The test has {test['n']} photos with {test['things']} things. The **mean average precision** is **{test['mean_average_precision']:.3f}**. If a box "
        f"needs to overlap a thing only by half, it is {test['mean_average_precision_50']:.3f}."
    )
    st.caption(
        f"These numbers are uncertain: few photos ({few} of the {test['classes']} classes have fewer than five things), and the network may have seen some "
        f"before. On thousands of photos its makers report {published:.2f}."
    )


def _small_things(bundle: Bundle) -> None:
    st.subheader("Small things")
    st.altair_chart(
        charts.size_bars(by_size(bundle)[lambda rows: rows["photos"] == "new"]),
        alt="Precision by the size of the things",
    )
    small, _, large = bundle.evaluation["by_size"]
    st.markdown(
        f"We squeeze every photo into 300 x 300 pixels. Little is left of a small thing (below 32 x 32 pixels): **{small:.0%}**. Large things "
        f"(from 96 x 96 pixels) reach **{large:.0%}**."
    )


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


@fragment
def _curve(bundle: Bundle) -> None:
    """The precision-recall curve of a class that one picks, and the average precision of all."""
    evaluation = bundle.evaluation
    there = np.flatnonzero(evaluation["things"])
    names = sorted(bundle.classes[i] for i in there)
    st.subheader("Class by class")
    default = names.index("person") if "person" in names else 0
    name = st.selectbox("Class", names, index=default, key=f"{bundle.slug}_class", label_visibility="collapsed")
    i = bundle.classes.index(name)
    st.vega_lite_chart(
        cached.load(_precision_recall, bundle.slug, i),
        alt=f"Precision against recall for {name}",
        key=f"{bundle.slug}_curve",
    )
    things, average = int(evaluation["things"][i]), float(evaluation["average_precision_50"][i])
    st.markdown(
        f"**{name}**: {things} on the photos. Go through its boxes, the surest first. Each right one moves the curve to the right: *recall* is the share "
        "of things found so far. Each wrong one lets it sink: *precision* is the share of right boxes so far. In the end it finds "
        f"{evaluation['recall'][i]:.0%}. The area below the curve is the average precision, **{average:.2f}**."
    )
    with (
        st.expander("All classes, measured more strictly", icon=":material/bar_chart:"),
        st.container(height=420, border=False),
    ):
        st.caption(
            "Here boxes must fit more closely: this is the mean over ten overlaps from 0.5 to 0.95. So the values are lower than above. The numbers beside "
            "the bars count the things."
        )
        st.vega_lite_chart(cached.load(_class_bars, bundle.slug, name), alt="Average precision of all classes")


def _precision_recall(bundle: Bundle, i: int) -> Spec:
    evaluation = bundle.evaluation
    return finished(
        charts.precision_recall(
            evaluation["precision"][i], evaluation["threshold"][i], float(evaluation["recall"][i]), height=280
        )
    )


def _class_bars(bundle: Bundle, chosen: str) -> Spec:
    evaluation = bundle.evaluation
    there = np.flatnonzero(evaluation["things"])
    precision = evaluation["average_precision"][there].astype(float)
    return finished(
        charts.class_bars([bundle.classes[j] for j in there], precision, evaluation["things"][there], chosen)
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
        f"The page shows boxes from a score of {threshold:.0%} on. Then, of {things} things, it finds and names **{right}** correctly. It misses "
        f"**{missed}** and gives **{int(named.sum()) - right}** a wrong name. In another **{made_up}** boxes there is nothing that people have marked."
    )
    left, middle, right_column = st.columns(3, gap="medium")
    of = counts[:n].sum(axis=1)
    with left:
        st.altair_chart(
            charts.count_bars(_largest(counts[:n, n], classes, of), "missed"), alt="The classes that it misses most"
        )
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
        st.altair_chart(
            charts.count_bars(rows[rows["count"] > 0], "mixed up", ORANGE), alt="The classes that it mixes up most"
        )
    with right_column:
        st.altair_chart(
            charts.count_bars(_largest(counts[n], classes, counts[:, :n].sum(axis=0)), "made up", RED),
            alt="The classes that it makes up most",
        )


def _largest(values: np.ndarray, classes: list[str], of: np.ndarray) -> pd.DataFrame:
    order = [i for i in np.argsort(-values, kind="stable")[:MOST_BARS] if values[i] > 0]
    return pd.DataFrame({"name": [classes[i] for i in order], "count": values[order], "of": of[order]})

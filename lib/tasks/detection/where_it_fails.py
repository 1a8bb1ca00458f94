"""How the detector learnt, where it fails, and whether it learnt by heart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.detection import charts
from lib.tasks.detection.data import SIZES
from lib.ui.charts import ORANGE, RED

MOST = 10
"""Bars of the commonest mistakes."""


def learnt_elsewhere(experiment: Experiment, bundle: Bundle) -> None:
    """Who trained it, on what, how, and what its parts cost."""
    st.header("How it learnt", divider="gray")
    train, classes = bundle.facts["dataset"]["train"], len(bundle.classes)
    st.markdown(
        f"This network was **not trained here**. Its makers at Google trained it on the photos of [COCO](https://cocodataset.org), on about {round(train, -3):,} of which "
        f"people have drawn boxes around things of {classes} classes, and published its weights in 2018. The notebook builds the same network in Keras, gives it "
        "those weights and scores it."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "**What it was told.** For each photo, every anchor that overlaps a thing by at least half is told the name of that thing and "
            "how far it is off; all others are told: *nothing here*. The loss adds up how surprised it was by the names and how far its boxes were "
            "off. Since nearly all anchors see nothing, only the worst of their mistakes count, three for each anchor that saw a thing (*hard "
            "negative mining*, Liu et al., 2016)."
        )
    with right:
        st.markdown(
            "**What it cost.** Most of what it knows sits in MobileNetV2, which began with what it had learnt from ImageNet."
        )
        st.altair_chart(charts.part_bars(_parts(bundle)))


def _parts(bundle: Bundle) -> pd.DataFrame:
    """Parameters of the network's parts, from the names of its layers."""
    parts = {"MobileNetV2": 0, "four smaller sizes": 0, "heads: where to move": 0, "heads: which class": 0}
    for layer in bundle.variant("good")["layers"]:
        name = layer["name"]
        if "BoxEncoding" in name:
            part = "heads: where to move"
        elif "ClassPredictor" in name:
            part = "heads: which class"
        else:
            part = "four smaller sizes" if name.startswith("layer_") else "MobileNetV2"
        parts[part] += layer["parameters"]
    return pd.DataFrame({"part": list(parts), "parameters": list(parts.values())})


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
        st.altair_chart(charts.size_bars(_by_size(bundle)[lambda rows: rows["photos"] == "new"]))
        small, _, large = evaluation["by_size"]
        st.markdown(
            f"Every photo is squeezed into 300 x 300 pixels. Little is left of a thing that is small to begin with (below 32 x 32 pixels): **{small:.0%}**, where large "
            f"ones (from 96 x 96) reach **{large:.0%}**."
        )
    with right:
        _curve(bundle)
    _mistakes(bundle)


def _by_size(bundle: Bundle) -> pd.DataFrame:
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
    true, said = np.divmod(np.argsort(-wrong, axis=None, kind="stable")[:MOST], n)
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
    order = [i for i in np.argsort(-values, kind="stable")[:MOST] if values[i] > 0]
    return pd.DataFrame({"name": [classes[i] for i in order], "count": values[order], "of": of[order]})


def learnt_by_heart(bundle: Bundle) -> None:
    """Whether it does better on photos that it has learnt from."""
    test, learnt, evaluation = bundle.variant("good")["test"], bundle.facts["learnt"], bundle.evaluation
    st.markdown(
        "There is one network here, not three. But the question can be asked of it, too: a network that has *memorised* its photos does far better on "
        "them than on others. So it was also scored on photos of train2017, which it has learnt from."
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.altair_chart(charts.size_bars(_by_size(bundle), height=260))
    with right:
        small, small_learnt = (
            float(evaluation[key][0] / evaluation[key].sum()) for key in ("things_by_size", "things_by_size_learnt")
        )
        # Of what the bars show, so that the words say the same.
        apart = float(np.nanmax(np.round(evaluation["by_size_learnt"], 2) - np.round(evaluation["by_size"], 2)))
        st.markdown(
            f"On {learnt['n']} photos that it has learnt from it scores **{learnt['mean_average_precision']:.3f}**, on {test['n']} others "
            f"**{test['mean_average_precision']:.3f}**. The former are stored smaller here, so that {small_learnt:.0%} of their things are small ones "
            f"(against {small:.0%}). Of things of one size it finds "
            + (
                f"much more on what it knows, up to {100 * apart:.0f} percentage points: it has learnt some of it by heart."
                if apart > 0.15
                else f"at most {100 * max(apart, 0):.0f} percentage points more: it has learnt what things look like, and not those photos by heart."
            )
        )
        st.markdown(
            "*Too simple* shows, too. In the [collection that it comes from](https://github.com/tensorflow/models/blob/master/research/object_detection/g3doc/tf1_detection_zoo.md) "
            "it is listed with 0.22; a larger single-shot detector (ResNet-50, photos of 640 x 640) with 0.35 for three times the work, and the slowest network with 0.43 for seventy times."
        )

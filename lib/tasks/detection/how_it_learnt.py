"""How the detector learnt, and its under- and overfitting."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.detection import charts


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

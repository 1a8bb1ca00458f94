"""How the detector learnt."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.detection import charts
from lib.ui import cached


def learnt_elsewhere(experiment: Experiment, bundle: Bundle) -> None:
    """Who trained it, on what, how, and what its parts cost."""
    st.header("How it learnt", divider="gray")
    cached.show(_elsewhere, bundle.slug)


def _elsewhere(bundle: Bundle) -> None:
    train, classes = bundle.facts["dataset"]["train"], len(bundle.classes)
    st.markdown(
        f"This network was **not trained here**. Its makers at Google trained it on about {round(train, -3):,} photos of "
        f"[COCO](https://cocodataset.org), where people have drawn boxes around things of {classes} classes. They published its weights in 2018. Our "
        "notebook builds the same network in Keras, loads these weights and scores it."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "**How it was taught.** The network starts from fixed boxes, the *anchors*. If an anchor covers half of a thing, it learns its name and "
            "position. All others learn *nothing here*. The loss adds up two errors: wrong names and wrong positions. Nearly all anchors see nothing, "
            "so only their worst mistakes count, three for each anchor that sees a thing (*hard negative mining*, Liu et al., 2016)."
        )
    with right:
        st.markdown(
            "**Its parts.** Most of its parameters are in MobileNetV2, which started with weights trained on ImageNet."
        )
        st.altair_chart(charts.part_bars(_parts(bundle)), alt="Parameters of the network's parts")


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

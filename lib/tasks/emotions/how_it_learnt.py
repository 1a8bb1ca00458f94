"""What the emotions teach about learning: clean data, labels that people disagree on, and an emotion with few examples."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.emotions import charts

WEIGHTED = ("all faces count the same", "rare emotions count more")
SMOOTHED = ("labels of 100%", "smoothed labels")


def labels_and_numbers(bundle: Bundle) -> None:
    """The lessons of this page."""
    _cleaned(bundle)
    _smoothed(bundle)
    _rare(bundle)


def _cleaned(bundle: Bundle) -> None:
    found, shown = bundle.facts["cleaning"], bundle.evaluation["augmented"]
    st.subheader("Clean the data first")
    st.markdown(
        f"A search engine found the photos in 2013. Of {found['before']:,} training pictures we removed **{found['before'] - found['after']:,}**. "
        f"{found['held_out'] + found['nearly_held_out']:,} of them were also in the validation or test set, or nearly so: with them, the network would know answers "
        f"before the test. {found['disputed']:,} were copies of one picture with different labels, {found['repeated']:,} were further copies, and "
        f"{found['empty']:,} showed nothing. We left the validation and test set as they are, so that scores can be compared."
    )
    st.image(
        pictures.sheet(list(shown[..., None].repeat(3, axis=-1)), columns=7, factor=2),
        caption="First row: drawn faces. Below: what the network sees instead, a new one each time.",
        alt="Drawn faces, and distorted forms of each",
        width="stretch",
    )
    st.markdown(
        "A face keeps its expression when we turn it a little, move it, mirror it, change the light or hide a piece of it. So the network never sees a "
        "picture twice in the same form (*augmentation*)."
    )


def _smoothed(bundle: Bundle) -> None:
    plain, soft = bundle.facts["smoothing"][1], bundle.facts["smoothing"][0]
    st.subheader("Labels that people disagree on")
    st.markdown(
        "The label says: 100% fear. But the next person says: sad. With **label smoothing** we tell the network 91% fear, and spread the rest over all seven "
        "words. Two trainings of the same length, with and without it, on the validation faces:"
    )
    rows = [
        {"how": name, "what": what, "share": row[key]}
        for what, key in (
            ("right", "accuracy"),
            ("how sure it is", "confidence"),
            ("how sure when wrong", "when_wrong"),
        )
        for name, row in zip(SMOOTHED, (plain, soft), strict=True)
    ]
    st.altair_chart(
        charts.sureness(pd.DataFrame(rows), SMOOTHED),
        alt="How sure and how right the network is, with and without label smoothing",
    )
    st.markdown(
        f"With labels of 100% it is {plain['accuracy']:.1%} right and {plain['confidence']:.1%} sure. With smoothed labels it is {soft['accuracy']:.1%} right "
        f"and {soft['confidence']:.1%} sure. Where it is wrong, it is {plain['when_wrong']:.0%} and {soft['when_wrong']:.0%} sure. Smoothing makes it more careful, "
        "not more right. How sure it should be is set after the training; see *Where it fails*."
    )


def _rare(bundle: Bundle) -> None:
    facts = bundle.facts
    plain, weighted = facts["weighting"]
    counts = dict(zip(bundle.classes, facts["counts"], strict=True))
    before = dict(zip(bundle.classes, plain["recalls"], strict=True))
    after = dict(zip(bundle.classes, weighted["recalls"], strict=True))
    st.subheader(f"{counts['disgust']} faces of disgust")
    st.markdown(
        f"The network learns from {counts['happy']:,} happy faces, but from {counts['disgust']} of disgust. *Accuracy* is the share of all faces that it reads "
        "correctly. *Recall* is that share among the faces of one emotion. A network that never says *disgust* loses almost no accuracy. With **class weights**, "
        "each face counts more, the rarer its emotion is."
    )
    rows = [
        {"how": name, "emotion": emotion, "recall": share or 0.0, "faces": counts[emotion]}
        for name, shares in zip(WEIGHTED, (before, after), strict=True)
        for emotion, share in shares.items()
    ]
    st.altair_chart(
        charts.recalls(pd.DataFrame(rows), WEIGHTED), alt="Recall of each emotion with and without class weights"
    )
    st.markdown(
        f"Class weights change the recall of *disgust* from {before['disgust'] or 0:.0%} to **{after['disgust'] or 0:.0%}**. The mean recall goes from "
        f"{plain['macro_recall']:.1%} to {weighted['macro_recall']:.1%}, the accuracy from {plain['accuracy']:.1%} to **{weighted['accuracy']:.1%}**. What is better? "
        "That depends on which mistake is worse. The network of this page learnt without class weights."
    )

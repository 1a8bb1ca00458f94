"""What the hands teach about learning: splits, and the number of photos."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.hands import charts
from lib.tasks.hands.inside import NETWORKS, in_a_sentence
from lib.ui import cached
from lib.ui.charts import with_and_without

SHEET = 8
"""Rendered hands in a row."""


def splits_and_photos(bundle: Bundle) -> None:
    """The lessons of these pages: how to split, how to make more of few photos, and how many are needed."""
    _splits(bundle)
    _augmented(bundle)
    _few(bundle)


def _splits(bundle: Bundle) -> None:
    st.subheader("A test that flatters")
    facts = bundle.facts
    st.markdown(
        "Most hand photos are frames of videos. Shuffle them and hold some back, and for almost each of these there is one of the same hand in the same room among those "
        "that were learnt from: the test asks whether the network remembers. What counts is whether it reads **your** hand in **your** room. So here the photos are "
        f"split by where they come from: {facts['train_sources']} collections to learn from, {facts['validation_sources']} others to choose by, and two more for the test."
    )
    st.altair_chart(charts.promised_and_kept(facts["splits"]))
    rendered, random, fair, good = facts["splits"]
    st.markdown(
        f"Learnt from **rendered hands** alone, as in the demo that this page follows (it told of 94.6 % on rendered test hands), the network reads {rendered['own']:.0%} of the rendered hands that "
        f"were held back, and **{rendered['new']:.0%}** of real rock, paper and scissors. Split **at random**, its photos promise {random['own']:.0%}; new people get **{random['new']:.0%}**: "
        f"{_points(random['own'], random['new'])}. The same training, split **by source**, promises {fair['own']:.0%} and gives **{fair['new']:.0%}**; the whole one {good['own']:.0%} and **{good['new']:.0%}**."
        + _too_low(fair)
    )
    # A phone has room for so many words only.
    names = {how: how.removeprefix("split ") for how in bundle.lesson["how"].unique()}
    st.altair_chart(with_and_without(bundle.lesson.replace({"how": names})))
    st.caption(
        "Accuracy while it learns. Each dashed curve is measured on distorted training pictures, each full one on what its split calls validation. "
        "The two are equally long, the whole training is longer; the notebook has both."
    )


def _points(promise: float, kept: float) -> str:
    """The difference of two shares, as they are rounded in the sentence."""
    gap = round(100 * promise) - round(100 * kept)
    if gap > 0:
        return f"{gap} points too much was promised"
    return "here the promise was kept" if gap == 0 else f"here it gave {-gap} points more"


def _too_low(split: dict) -> str:
    """What a promise says that was exceeded by far."""
    if split["new"] - split["own"] < 0.05:
        return ""
    return (
        " So low a promise says that the collections to choose by are harder than those of the test: from one person and room to the next it differs a lot, "
        "which no split at random shows."
    )


def _augmented(bundle: Bundle) -> None:
    st.subheader("Few rooms, and how to make more of them")
    shown = bundle.evaluation["augmented"]
    st.image(
        pictures.sheet(list(shown), columns=SHEET, factor=2),
        caption="Left: rendered hands (Laurence Moroney, CC BY 2.0). To their right: what a network was shown instead, another one each time.",
        width="stretch",
    )
    st.markdown(
        "A hand stays a hand when it is mirrored, turned, nearer, elsewhere, in other light, of another skin, before another wall, or half hidden. So no picture is shown twice in the same form "
        "(*augmentation*). The photos of people are not ours to show; these are drawn by a computer."
    )


def _few(bundle: Bundle) -> None:
    st.subheader("How many photos does it take?")
    rows = pd.DataFrame(
        [{"network": name, **row} for slug, name in NETWORKS.items() for row in cached.bundle(slug).facts["few"]]
    )
    st.altair_chart(charts.photos_needed(rows))
    table = rows.set_index(["network", "photos"])["test"]
    least, middle = sorted(set(rows["photos"]))[0], 1000
    chance = ""
    if any((network[1:] < network[:-1]).any() for network in (table[name].to_numpy() for name in NETWORKS.values())):
        chance = " Each point is one training, so that chance plays its part: more photos are not worse, though a curve may fall."
    told = " ".join(
        f"With **{least}** photos {in_a_sentence(name)} reads {table[name, least]:.0%} of new people's photos, with **{middle:,}** it reads {table[name, middle]:.0%}."
        for name in NETWORKS.values()
    )
    st.markdown(
        f"{told} Guessing would give about a quarter. The trainings on few photos are shorter than those on all, which also had the rendered "
        f"hands.{chance}"
    )

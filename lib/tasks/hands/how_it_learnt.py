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
        "Most hand photos are frames of videos. Shuffle them and keep some for the test: now almost every test photo has a twin in the training, with "
        "the same hand in the same room. Such a test asks what the network remembers. But it should read **your** hand in **your** room. So we split "
        f"the photos by where they come from: {facts['train_sources']} collections for training, {facts['validation_sources']} for validation, two "
        "for the test."
    )
    st.altair_chart(
        charts.promised_and_kept(facts["splits"]), alt="Accuracy that each split promises, and accuracy on new people"
    )
    rendered, random, fair, good = facts["splits"]
    st.markdown(
        f"Each bar pair is one training. The first promises, the second is the truth: photos of new people. Split **at random**, the promise is "
        f"{random['own']:.0%} and the truth **{random['new']:.0%}**: {_points(random['own'], random['new'])}. Split **by source**, the same training promises "
        f"{fair['own']:.0%} and gives **{fair['new']:.0%}**.{_too_low(fair)} The whole training promises {good['own']:.0%} and gives "
        f"**{good['new']:.0%}**. Learning from **rendered hands** alone, as in an earlier demo, gives {rendered['own']:.0%} of rendered hands, but "
        f"**{rendered['new']:.0%}** of real ones."
    )
    # A phone has room for so many words only.
    names = {how: how.removeprefix("split ") for how in bundle.lesson["how"].unique()}
    st.altair_chart(
        with_and_without(bundle.lesson.replace({"how": names})), alt="Accuracy over the epochs, split in two ways"
    )
    st.caption(
        "Accuracy while it learns. Dashed: distorted training pictures. Full: what this split calls validation. These two trainings are equally "
        "long. The whole training is longer; the notebook shows it."
    )


def _points(promise: float, kept: float) -> str:
    """The difference of two shares, as they are rounded in the sentence."""
    gap = round(100 * promise) - round(100 * kept)
    if gap > 0:
        return f"{gap} points less"
    return "the promise is kept" if gap == 0 else f"{-gap} points more"


def _too_low(split: dict) -> str:
    """What a promise says that was exceeded by far."""
    if split["new"] - split["own"] < 0.05:
        return ""
    return " Here the validation collections are harder than the test collections. People and rooms differ a lot, and no random split shows that."


def _augmented(bundle: Bundle) -> None:
    st.subheader("Few rooms, and how to make more of them")
    shown = bundle.evaluation["augmented"]
    st.image(
        pictures.sheet(list(shown), columns=SHEET, factor=2),
        caption="Left: rendered hands (Laurence Moroney, CC BY 2.0). To their right: what the network sees instead, a new one each time.",
        alt="Rendered hands, and distorted forms of each",
        width="stretch",
    )
    st.markdown(
        "A hand stays a hand when we mirror it, turn it, move it, change the light, the skin or the wall behind it, or hide half of it. So the network "
        "never sees a picture twice in the same form (*augmentation*). We may not show the photos of people; a computer drew these hands."
    )


def _few(bundle: Bundle) -> None:
    st.subheader("How many photos does it take?")
    rows = pd.DataFrame(
        [{"network": name, **row} for slug, name in NETWORKS.items() for row in cached.bundle(slug).facts["few"]]
    )
    st.altair_chart(charts.photos_needed(rows), alt="Accuracy on new people against the number of training photos")
    table = rows.set_index(["network", "photos"])["test"]
    least, middle = sorted(set(rows["photos"]))[0], 1000
    chance = ""
    if any((network[1:] < network[:-1]).any() for network in (table[name].to_numpy() for name in NETWORKS.values())):
        chance = " Each point is one training, so there is some chance in it: a curve may fall although more photos do not hurt."
    told = " ".join(
        f"With **{least}** photos {in_a_sentence(name)} reads {table[name, least]:.0%} of new people's photos, with **{middle:,}** {table[name, middle]:.0%}."
        for name in NETWORKS.values()
    )
    st.markdown(
        f"{told} Blind guessing gets about a quarter. The trainings on few photos are shorter, and they do not use the rendered hands.{chance}"
    )

"""What a network that has seen a million photos learns from a few, and where it fails: the parts below the demo."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.digits.where_it_fails import calibration
from lib.tasks.photos import charts
from lib.tasks.photos.try_it import robustness

CURVES_OF = 10
"""Photos of each class in the training whose curves are shown."""


def _transfer(bundle: Bundle) -> pd.DataFrame:
    return bundle.table("transfer.csv", ["how", "photos", "train", "test"])


def learnt_elsewhere(experiment: Experiment, bundle: Bundle) -> None:
    """That it was trained by others, and what was trained here: learning new things from few photos."""
    st.header("How it learnt", divider="gray")
    facts = bundle.facts["transfer"]
    st.markdown(
        f"**Not here.** Others trained it on ImageNet's {bundle.facts['dataset']['train']:,} photos, for days on many processors, and published its weights. What *was* trained here, for this "
        f"page: the same network learns **ten new things from few photos**, clothes and bags of Fashion-MNIST ({', '.join(facts['classes'])}). They are small, grey, and unlike anything in ImageNet. How "
        "many photos of each does it need?"
    )
    table = _transfer(bundle)
    left, right = st.columns([3, 2], gap="medium")
    left.altair_chart(charts.accuracy_by_photos(table))
    right.markdown(_read(table, facts["test"]))
    st.subheader("Two trainings side by side")
    history = bundle.history
    counts = sorted(history["photos"].unique())
    count = CURVES_OF if CURVES_OF in counts else counts[-1]
    shown = history[history["photos"] == count]
    left, right = st.columns(2, gap="medium")
    left.altair_chart(charts.few_photo_curves(shown, "loss"))
    right.altair_chart(charts.few_photo_curves(shown, "accuracy"))
    st.markdown(_read_curves(shown, int(count), facts["validation"]))


def _read(table: pd.DataFrame, tested: int) -> str:
    """What the lines say."""
    scores = table.pivot(index="photos", columns="how", values="test")
    few, many = scores.index.min(), scores.index.max()
    best = scores.loc[many].idxmax()
    needed = scores.index[scores["frozen"] >= scores.loc[many, "scratch"]]
    reaches = (
        f"A head on frozen features is as good with **{needed.min()}** photos of each as the network from scratch is with {many}."
        if len(needed) and needed.min() < many
        else f"With {many} photos of each, the network from scratch comes to {scores.loc[many, 'scratch']:.0%}, a head on frozen features to {scores.loc[many, 'frozen']:.0%}."
    )
    return (
        f"- With {'a single photo' if few == 1 else f'{few} photos'} of each, *frozen features* get **{scores.loc[few, 'frozen']:.0%}** of {tested:,} new photos right, *from scratch* "
        f"**{scores.loc[few, 'scratch']:.0%}**. Guessing would give 10%.\n"
        f"- {reaches}\n"
        f"- Best with {many} of each: *{charts.WAYS[str(best)]}*, **{scores.loc[many, best]:.0%}**.\n"
        "- *Frozen*: only a new last layer learns. *Fine-tuned*: then all weights learn a little. *From scratch*: the same network from random weights. *Early features*: a last layer on what "
        "the first blocks see."
    )


def _read_curves(history: pd.DataFrame, count: int, validation: int) -> str:
    last = history[history["epoch"] == history["epoch"].max()].set_index("variant")
    tuned, scratch = last.loc["fine_tuned"], last.loc["scratch"]
    return (
        f"{count} photos of each class. Dashed: the photos that it learnt from; solid: {validation:,} validation photos. *From scratch*, it ends with {scratch['accuracy']:.0%} of its own photos right and {scratch['val_accuracy']:.0%} of new ones. "
        f"*Fine-tuned* from what ImageNet taught it and a head that already fits, it begins high on new photos and ends with {tuned['accuracy']:.0%} and **{tuned['val_accuracy']:.0%}**."
    )


WORDS = {
    "early": (
        "Too simple",
        "A last layer on the **early features**: edges and patches of 16 channels, averaged over the photo.",
    ),
    "frozen": (
        "About right",
        "A last layer on the **frozen features** of the whole network: 1,280 numbers that a million photos have shaped.",
    ),
    "scratch": (
        "Memorised",
        "The same network **from scratch**: 2.2 million weights, and a handful of photos to set them by.",
    ),
}


def three_ways(bundle: Bundle) -> None:
    """Under- and overfitting when data are few: own and new photos for three of the ways to learn."""
    st.markdown(
        "The same photos, three ways to learn from them. The **gap** between the two lines is what was learnt by heart (*overfitting*); a low line for its own photos means that it cannot "
        "even learn those (*underfitting*). See how each changes as the photos become more."
    )
    table = _transfer(bundle)
    shown = CURVES_OF if CURVES_OF in set(table["photos"]) else table["photos"].max()
    for (how, (title, words)), column in zip(WORDS.items(), st.columns(3, gap="medium"), strict=True):
        with column:
            st.subheader(title)
            st.altair_chart(charts.own_and_new(table, how))
            st.markdown(words)
            row = table[(table["how"] == how) & (table["photos"] == shown)].iloc[0]
            gap = 100 * (row["train"] - row["test"])
            st.caption(
                f"With {shown} photos of each: {row['train']:.0%} of its own right, {row['test']:.0%} of new ones, a gap of {gap:.0f} points."
            )


def where_it_fails(bundle: Bundle) -> None:
    """Which guess is right, the surest mistakes, what it can bear, and how sure it is."""
    test, evaluation, classes = bundle.variant("good")["test"], bundle.evaluation, bundle.classes
    preparation = bundle.facts["preparation"]
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Which guess was right?")
        st.altair_chart(charts.right_guess(evaluation["rank"].tolist()))
        st.markdown(
            f"Of {test['n']:,} photos of as many classes, the first guess is right for **{test['accuracy']:.1%}**, one of the first five for "
            f"**{test['top_5_accuracy']:.1%}**. These photos were set apart here, but most probably are among those that the network's makers trained it on: on ImageNet's own validation photos they report "
            "71.9% and 90.3%."
        )
    with right:
        st.subheader("The surest mistakes")
        table = pd.DataFrame(
            {
                "it shows": [classes[i] for i in evaluation["mistakes_true"]],
                "it said": [classes[i] for i in evaluation["mistakes_guessed"]],
                "how sure": evaluation["mistakes_probability"],
                "rank": evaluation["mistakes_rank"],
            }
        )
        st.dataframe(
            table,
            hide_index=True,
            height=300,
            column_config={
                "how sure": st.column_config.NumberColumn(format="percent", width="small"),
                "rank": st.column_config.NumberColumn(width="small", help="At which guess it would have been right"),
            },
        )
        st.caption(
            "Many are no real mistakes: some classes are hard to tell apart even by their names, and a photo may show both things."
        )
    st.subheader("What it can bear")
    robustness(bundle)
    st.caption(
        "500 other photos, changed as in *What if?* above: a quarter turn, which changes nothing for you, costs it much, for no photo that it learnt from lay on its side."
    )
    calibration(bundle, "photos")
    st.subheader("A pixel of padding")
    crop, wrong = preparation["crop"], preparation["crop, padded as Keras does"]
    st.markdown(
        f"This network's weights were learnt in PyTorch, which pads photos on all four sides where a layer skips every second pixel. Keras pads at the right and below only. With the same weights, and this one "
        f"difference, **{crop:.1%}** of 500 other photos become **{wrong:.1%}**: what a network is given must be *exactly* what it learnt with."
    )
    st.dataframe(
        pd.DataFrame({"how the photo was given": list(preparation), "accuracy": list(preparation.values())}),
        hide_index=True,
        width="content",
        column_config={"accuracy": st.column_config.NumberColumn(format="percent")},
    )

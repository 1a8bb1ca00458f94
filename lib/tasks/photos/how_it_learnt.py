"""What a network that has seen a million photos learns from a few."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.photos import charts
from lib.ui import cached

CURVES_OF = 10
"""Photos of each class in the training whose curves are shown."""


def transfer_table(bundle: Bundle) -> pd.DataFrame:
    return bundle.table("transfer.csv", ["how", "photos", "train", "test"])


def learnt_elsewhere(experiment: Experiment, bundle: Bundle) -> None:
    """That it was trained by others, and what was trained here: learning new things from few photos."""
    st.header("How it learnt", divider="gray")
    cached.show(_transfer, bundle.slug)


def _transfer(bundle: Bundle) -> None:
    facts = bundle.facts["transfer"]
    st.markdown(
        f"**Not here.** Others trained it on ImageNet's {bundle.facts['dataset']['train']:,} photos, for days on many processors, and published its "
        "weights. Here we trained something else: the same network learns **ten new things from few photos**. They are clothes and bags of "
        f"Fashion-MNIST ({', '.join(facts['classes'])}): small, grey, and unlike anything in ImageNet. How many photos of each does it need?"
    )
    table = transfer_table(bundle)
    left, right = st.columns([3, 2], gap="medium")
    left.altair_chart(
        charts.accuracy_by_photos(table),
        alt="Accuracy on new photos against the number of photos, for four ways to learn",
    )
    right.markdown(_read(table, facts["test"]))
    st.subheader("Two trainings side by side")
    history = bundle.history
    counts = sorted(history["photos"].unique())
    count = CURVES_OF if CURVES_OF in counts else counts[-1]
    shown = history[history["photos"] == count]
    left, right = st.columns(2, gap="medium")
    left.altair_chart(charts.few_photo_curves(shown, "loss"), alt="Loss of two trainings")
    right.altair_chart(charts.few_photo_curves(shown, "accuracy"), alt="Accuracy of two trainings")
    st.markdown(_read_curves(shown, int(count), facts["validation"]))


def _read(table: pd.DataFrame, tested: int) -> str:
    """What the lines say."""
    scores = table.pivot(index="photos", columns="how", values="test")
    few, many = scores.index.min(), scores.index.max()
    best = scores.loc[many].idxmax()
    needed = scores.index[scores["frozen"] >= scores.loc[many, "scratch"]]
    reaches = (
        f"*Frozen features* with **{needed.min()}** photos of each are as good as *from scratch* with {many}."
        if len(needed) and needed.min() < many
        else f"With {many} photos of each, *from scratch* gets {scores.loc[many, 'scratch']:.0%} and *frozen features* "
        f"{scores.loc[many, 'frozen']:.0%}."
    )
    return (
        f"- With {'one photo' if few == 1 else f'{few} photos'} of each, *frozen features* get **{scores.loc[few, 'frozen']:.0%}** of {tested:,} new "
        f"photos right, *from scratch* **{scores.loc[few, 'scratch']:.0%}**. Blind guessing gets 10%.\n"
        f"- {reaches}\n"
        f"- Best with {many} of each: *{charts.LEARNING_WAYS[str(best)]}*, **{scores.loc[many, best]:.0%}**.\n\n"
        "| way | what learns |\n| --- | --- |\n"
        "| frozen features | only a new last layer |\n"
        "| fine-tuned | the last layer, then all weights a little |\n"
        "| from scratch | the same network, from random weights |\n"
        "| early features | a last layer on what the first blocks see |"
    )


def _read_curves(history: pd.DataFrame, count: int, validation: int) -> str:
    last = history[history["epoch"] == history["epoch"].max()].set_index("variant")
    tuned, scratch = last.loc["fine_tuned"], last.loc["scratch"]
    return (
        f"{count} photos of each class. Dashed: its training photos. Full: {validation:,} validation photos. *From scratch* ends with "
        f"{scratch['accuracy']:.0%} of its training photos right and {scratch['val_accuracy']:.0%} of new ones. *Fine-tuned* starts with what it learnt "
        f"on ImageNet: it ends with {tuned['accuracy']:.0%} and **{tuned['val_accuracy']:.0%}**."
    )

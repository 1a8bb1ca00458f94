"""Training curves."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.ui import cached, charts
from lib.ui.sentences import read_curves


def learning(experiment: Experiment, bundle: Bundle) -> None:
    """Loss and metric over the epochs of the good variant, and a sentence that reads them."""
    st.header("How it learnt", divider="gray")
    cached.show(_curves, bundle.slug, experiment)


def _curves(bundle: Bundle, experiment: Experiment) -> None:
    facts, history, words = bundle.variant("good"), bundle.history, experiment.words
    good = history[history["variant"] == "good"]
    st.markdown(
        f"An **epoch** is {words.epoch.format(train=facts['train_size'])}. After each epoch we test the network on "
        f"{bundle.facts['dataset']['validation']:,} **validation** {words.noun}. It does not learn from these. The **loss** says how wrong "
        "and how sure it was: lower is better."
    )
    left, right = st.columns(2)
    metric = bundle.measured
    left.altair_chart(
        charts.training_curve(good, "loss", facts["chosen_epoch"], metric, words.measured),
        alt="Loss over the epochs, in training and in validation",
    )
    right.altair_chart(
        charts.training_curve(good, metric, facts["chosen_epoch"], metric, words.measured),
        alt=f"{words.measured.capitalize()} over the epochs, in training and in validation",
    )
    st.markdown(f"{facts['description']} {read_curves(good, facts['chosen_epoch'], metric, words)}")

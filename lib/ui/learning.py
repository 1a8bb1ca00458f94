"""Training curves."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.ui import charts
from lib.ui.sentences import read_curves


def learning(experiment: Experiment, bundle: Bundle) -> None:
    """Loss and metric over the epochs of the good variant, and a sentence that reads them."""
    st.header("How it learnt", divider="gray")
    facts, history, words = bundle.variant("good"), bundle.history, experiment.words
    good = history[history["variant"] == "good"]
    st.markdown(
        f"An **epoch** is {words.epoch.format(train=facts['train_size'])}. After each one the network is asked about "
        f"{bundle.facts['dataset']['validation']:,} **validation** {words.noun} that it does not learn from. The *loss* says how "
        "surprised it was by the right answers: less is better."
    )
    left, right = st.columns(2)
    metric = bundle.measured
    left.altair_chart(charts.training_curve(good, "loss", facts["chosen_epoch"], metric, words.measured))
    right.altair_chart(charts.training_curve(good, metric, facts["chosen_epoch"], metric, words.measured))
    st.markdown(f"{facts['description']} {read_curves(good, facts['chosen_epoch'], metric, words)}")

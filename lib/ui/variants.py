"""Too simple, about right, memorised: three variants of a model side by side."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.ui import charts
from lib.ui.sentences import read_curves

FIT_TITLE = "Too simple, about right, memorised"


@dataclass(frozen=True)
class Place:
    """Where a variant stands: its answer to what the person gives, and its curves and figures below that."""

    answer: DeltaGenerator
    about: DeltaGenerator


def fit_places(experiment: Experiment, bundle: Bundle) -> tuple[DeltaGenerator, dict[str, Place]]:
    """The heading of the section, a place below it, and a column for each variant."""
    st.header(FIT_TITLE, divider="gray")
    st.markdown(
        f"The same task, three networks. {experiment.words.fit} The three loss axes are the same; the numbers of epochs are not."
    )
    before, places = st.container(), {}
    for variant, column in zip(bundle.variants, st.columns(len(bundle.variants), gap="medium"), strict=True):
        title = experiment.words.underfit if variant == "underfit" else charts.TITLES[variant]
        column.subheader(title)
        places[variant] = Place(answer=column.container(border=True), about=column.container())
    return before, places


def fit_explorer(experiment: Experiment, bundle: Bundle, places: dict[str, Place]) -> None:
    """Curves and figures of the variants, on one scale."""
    words, metric = experiment.words, bundle.measured
    bounds = charts.loss_bounds(bundle.history)
    for variant, place in places.items():
        facts = bundle.variant(variant)
        history = bundle.history[bundle.history["variant"] == variant]
        with place.about:
            st.altair_chart(charts.variant_curve(history, bounds, metric, words.measured))
            st.markdown(
                f"**{experiment.score(facts['test'])}**, {facts['parameters']:,} parameters, "
                f"learnt from {facts['train_size']:,} {words.noun}. {facts['description']}"
            )
            st.caption(read_curves(history, facts["chosen_epoch"], metric, words))

"""Too simple, about right, memorised: three variants of a model side by side."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import charts
from lib.bundles import Bundle
from lib.reading import read_curves


@dataclass(frozen=True)
class Place:
    """Where a variant stands: its answer to what the person gives, and its curves and figures below that."""

    answer: DeltaGenerator
    about: DeltaGenerator


def fit_places(bundle: Bundle) -> dict[str, Place]:
    """The heading of the section and a column for each variant."""
    st.header("Too simple, about right, memorised", divider="gray")
    st.markdown(
        "The same task, three networks. One is too small to learn it (*underfitting*), one learnt what digits have in common, and "
        "one had so few digits that it learnt them by heart (*overfitting*). The three loss axes are the same; the numbers of epochs are not."
    )
    places = {}
    for variant, column in zip(bundle.variants, st.columns(len(bundle.variants), gap="medium"), strict=True):
        column.subheader(charts.TITLES[variant])
        places[variant] = Place(answer=column.container(border=True), about=column.container())
    return places


def fit_explorer(bundle: Bundle, places: dict[str, Place]) -> None:
    """Curves and figures of the variants, on one scale."""
    bounds = charts.loss_bounds(bundle.history)
    for variant, place in places.items():
        facts = bundle.variant(variant)
        history = bundle.history[bundle.history["variant"] == variant]
        with place.about:
            st.altair_chart(charts.variant_curve(history, bounds))
            st.markdown(
                f"**{facts['test']['accuracy']:.1%}** of the test set, {facts['parameters']:,} parameters, "
                f"learnt from {facts['train_size']:,} digits. {facts['description']}"
            )
            st.caption(read_curves(history, facts["chosen_epoch"]))

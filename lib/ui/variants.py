"""Too simple, about right, memorised: three variants of a model side by side."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.ui import cached, charts
from lib.ui.sentences import memorises_from, read_curves

FIT_TITLE = "Too simple, about right, memorised"


@dataclass(frozen=True)
class FitPlaces:
    """Where the parts of the section go: the common curves, what stands above the cards, and in each card an answer and the facts."""

    curves: DeltaGenerator
    before: DeltaGenerator
    answers: dict[str, DeltaGenerator]
    about: dict[str, DeltaGenerator]


def fit_places(experiment: Experiment, bundle: Bundle) -> FitPlaces:
    """The heading of the section, and a card for each variant."""
    st.header(FIT_TITLE, divider="gray")
    places = FitPlaces(st.container(), st.container(), {}, {})
    for variant, column in zip(bundle.variants, st.columns(len(bundle.variants), gap="medium"), strict=True):
        with column.container(border=True, height="stretch"):
            st.subheader(_titles(experiment, bundle)[variant])
            places.answers[variant], places.about[variant] = st.container(), st.container()
    return places


def fit_explorer(experiment: Experiment, bundle: Bundle, places: FitPlaces) -> None:
    """The curves of all variants on common axes, their figures, and what each is."""
    with places.curves:
        cached.show(_curves, bundle.slug, experiment)
    for variant, place in places.about.items():
        with place:
            cached.show(_about, bundle.slug, experiment, variant)


def _titles(experiment: Experiment, bundle: Bundle) -> dict[str, str]:
    titles = charts.TITLES | {"underfit": experiment.words.underfit}
    return {variant: titles[variant] for variant in bundle.variants}


def _curves(bundle: Bundle, experiment: Experiment) -> None:
    words, metric, history = experiment.words, bundle.measured, bundle.history
    titles = _titles(experiment, bundle)
    st.markdown(
        f"The same task, three networks. {words.fit} Dashed lines: the samples it learns from (*training*). Full lines: new ones "
        "(*validation*). **The filled gap between them is what it memorised.**"
    )
    begins = memorises_from(history[history["variant"] == bundle.variants[-1]])
    left, right = st.columns(2, gap="medium")
    left.altair_chart(
        charts.variant_curves(history, metric, titles, metric, words.measured, begins),
        alt=f"{words.measured.capitalize()} of the three networks over the epochs, in training and in validation",
    )
    right.altair_chart(
        charts.variant_curves(history, "loss", titles, metric, words.measured, begins),
        alt="Loss of the three networks over the epochs, in training and in validation",
    )
    st.dataframe(pd.DataFrame([_row(experiment, bundle, variant) for variant in bundle.variants]), hide_index=True)


def _row(experiment: Experiment, bundle: Bundle, variant: str) -> dict[str, str]:
    facts, metric = bundle.variant(variant), bundle.measured
    kept = bundle.history[bundle.history["variant"] == variant].set_index("epoch").loc[facts["chosen_epoch"]]
    return {
        "network": _titles(experiment, bundle)[variant],
        "parameters": f"{facts['parameters']:,}",
        f"training {experiment.words.noun}": f"{facts['train_size']:,}",
        "right in training": f"{kept[metric]:.1%}",
        "in validation": f"{kept[f'val_{metric}']:.1%}",
        "test": experiment.score(facts["test"]),
    }


def _about(bundle: Bundle, experiment: Experiment, variant: str) -> None:
    facts, history = bundle.variant(variant), bundle.history
    st.markdown(facts["description"])
    one = history[history["variant"] == variant]
    st.caption(read_curves(one, facts["chosen_epoch"], bundle.measured, experiment.words))

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
    """Where the parts of the section go: the common curves, what stands above the variants, and for each one title, answer and facts."""

    curves: DeltaGenerator
    before: DeltaGenerator
    titles: dict[str, DeltaGenerator]
    answers: dict[str, DeltaGenerator]
    about: dict[str, DeltaGenerator]


def fit_places(variants: list[str]) -> FitPlaces:
    """Places for the section, which take no room as long as they are empty."""
    places = FitPlaces(st.container(), st.container(), {}, {}, {})
    if not variants:
        return places
    for variant, column in zip(variants, st.columns(len(variants), gap="large"), strict=True):
        with column:
            for parts in (places.titles, places.answers, places.about):
                parts[variant] = st.container()
    return places


def fit_explorer(experiment: Experiment, bundle: Bundle, places: FitPlaces) -> None:
    """The curves of all variants on common axes, their figures, and what each is."""
    with places.curves:
        st.header(FIT_TITLE, divider="gray")
        cached.show(_curves, bundle.slug, experiment)
    for variant, title in _titles(experiment, bundle).items():
        places.titles[variant].subheader(title)
        with places.about[variant]:
            cached.show(_about, bundle.slug, experiment, variant)


def _titles(experiment: Experiment, bundle: Bundle) -> dict[str, str]:
    titles = charts.TITLES | {"underfit": experiment.words.underfit}
    return {variant: titles[variant] for variant in bundle.variants}


def _curves(bundle: Bundle, experiment: Experiment) -> None:
    words, metric, history = experiment.words, bundle.measured, bundle.history
    titles = _titles(experiment, bundle)
    st.markdown(
        f"The same task, three networks. {words.fit} Dashed lines: the samples it learns from (*training*). Full lines: new ones "
        "(*validation*). **The filled gap shows how much it memorised.**"
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

"""A whole page: the parts that every experiment shows, in their order, around what only this one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import catalogue
from lib.bundles import ROOT, Bundle
from lib.catalogue import Experiment
from lib.tasks.digits.where_it_fails import mistakes
from lib.ui import session
from lib.ui.header import guarded, header, open_bundle
from lib.ui.inside import layer_table
from lib.ui.learning import learning
from lib.ui.reproduce import reproduce
from lib.ui.variants import FIT_TITLE, Place, fit_explorer, fit_places

Given = TypeVar("Given")


def experiment_page(
    slug: str,
    *,
    try_it: Callable[[Bundle], Given],
    inside: Callable[[Bundle, Given], None],
    variant_answer: Callable[[Bundle, str, Given], None] | None = None,
    time_machine: Callable[[Bundle, Given], None] | None = None,
    where_it_fails: Callable[[Bundle], None] = mistakes,
    lesson: Callable[[Bundle], None] | None = None,
    set_up: Callable[[Bundle], bool | None] | None = None,
    how_it_learnt: Callable[[Experiment, Bundle], None] = learning,
    three_ways: Callable[[Bundle], None] | None = None,
) -> None:
    """Show an experiment.

    What follows the person's input (the demo, the time machine, the variants' answers and the inside) is one
    fragment spread over the page: a stroke reruns it and nothing else, the answer first.

    Args:
        slug: of the experiment.
        try_it: shows the live demo and returns what the person gave.
        inside: shows what the model does with it.
        variant_answer: shows what the named variant says about it.
        time_machine: shows what earlier moments of the training made of it.
        where_it_fails: shows the mistakes of the good variant.
        lesson: shows, below the training curves, what this experiment has to teach about learning.
        set_up: shows, above the demo, what must not stand in a fragment, such as live video; it shares what it finds
            through the session. True if it stands in the demo's place, so that there is nothing to follow.
        how_it_learnt: shows the training, in place of the curves of the good variant.
        three_ways: shows under- and overfitting where the bundle has no variants that could; such a page has no section on it
            without this.
    """
    experiment, bundle, places = _frame(slug, three_ways is not None)
    instead = False
    if set_up:
        with places.demo, guarded():
            instead = bool(set_up(bundle))
    demo = places.demo.container() if set_up else places.demo

    def follow() -> None:
        with demo, guarded():
            given = try_it(bundle)
            if time_machine:
                with places.time, guarded():
                    time_machine(bundle, given)
            for variant, place in places.variants.items():
                if variant_answer:
                    with place.answer, guarded():
                        variant_answer(bundle, variant, given)
            with places.inside, guarded():
                inside(bundle, given)

    # A component of the demo may speak up when the person has just left it. As long as the fragment that it speaks to is
    # known, Streamlit runs that at once, and loses what the page had still to say.
    (follow if instead else st.fragment(follow))()
    _fill(experiment, bundle, places, where_it_fails, lesson, how_it_learnt)
    if three_ways:
        with places.before_variants, guarded():
            three_ways(bundle)


def writing_page(
    slug: str,
    *,
    lay_out: Callable[[Bundle], Given],
    try_it: Callable[[Bundle, Given], None],
    side_by_side: Callable[[Bundle], None],
    time_machine: Callable[[Bundle], None],
    compare: Callable[[Bundle, dict[str, DeltaGenerator]], None],
    inside: Callable[[Bundle], None],
    where_it_fails: Callable[[Bundle], None],
) -> None:
    """Show an experiment whose demo goes on for seconds.

    The demo and the inside are one fragment, the other parts one each, so that nothing else waits, or looks out of date,
    while one of them writes. What they share stands in the session.

    Args:
        slug: of the experiment.
        lay_out: makes the demo's places, and what in it may interrupt it: within a fragment, Streamlit lets a click wait
            until what runs has ended, but a click outside of it ends it.
        try_it: the live demo, in those places.
        side_by_side: the same in several ways at once.
        time_machine: shows what it wrote at earlier moments of the training.
        compare: lets all variants do the same, each in its place.
        inside: shows what the model does with the person's text.
        where_it_fails: shows what it foretells badly.
    """
    experiment, bundle, places = _frame(slug)

    with places.demo:
        layout, second = lay_out(bundle), st.container()

    @st.fragment
    def follow() -> None:
        with guarded():
            try_it(bundle, layout)
        with places.inside, guarded():
            inside(bundle)

    @st.fragment
    def part(show: Callable[..., None], *given: object) -> None:
        with guarded():
            show(bundle, *given)

    follow()
    with second:
        part(side_by_side)
    with places.time:
        part(time_machine)
    with places.before_variants:
        part(compare, {variant: place.answer for variant, place in places.variants.items()})
    _fill(experiment, bundle, places, where_it_fails)


@dataclass(frozen=True)
class _Places:
    """Where the parts of a page go; all are made first, so that the demo comes onto the screen before the charts."""

    demo: DeltaGenerator
    learning: DeltaGenerator
    time: DeltaGenerator
    mistakes: DeltaGenerator
    before_variants: DeltaGenerator
    variants: dict[str, Place]
    inside: DeltaGenerator
    rest: DeltaGenerator


def _frame(slug: str, three_ways: bool = False) -> tuple[Experiment, Bundle, _Places]:
    """The header, and the places of all parts; `three_ways` makes one for under- and overfitting where there are no variants."""
    experiment = catalogue.get(slug)
    _leave_to_router(experiment)
    bundle = open_bundle(experiment)
    header(experiment, bundle)
    st.header("Try it", divider="gray")
    demo, learning_place, time, mistakes_place = (st.container() for _ in range(4))
    if len(bundle.variants) > 1:
        before, variants = fit_places(experiment, bundle)
    else:
        if three_ways:
            st.header(FIT_TITLE, divider="gray")
        before, variants = st.container(), {}
    st.header("Inside", divider="gray")
    return (
        experiment,
        bundle,
        _Places(demo, learning_place, time, mistakes_place, before, variants, st.container(), st.container()),
    )


def _fill(
    experiment: Experiment,
    bundle: Bundle,
    places: _Places,
    where_it_fails: Callable[[Bundle], None],
    lesson: Callable[[Bundle], None] | None = None,
    how_it_learnt: Callable[[Experiment, Bundle], None] = learning,
) -> None:
    """The parts that do not depend on the person's input."""
    with places.learning, guarded():
        how_it_learnt(experiment, bundle)
        if lesson:
            lesson(bundle)
    with places.mistakes, guarded():
        st.header("Where it fails", divider="gray")
        where_it_fails(bundle)
    if places.variants:
        with guarded():
            fit_explorer(experiment, bundle, places.variants)
    with places.rest:
        with guarded():
            layer_table(bundle)
        with guarded():
            reproduce(experiment, bundle)


def _leave_to_router(experiment: Experiment) -> None:
    """Start over with Home.py if this page runs without it.

    Until a server has run `st.navigation` for the first time, Streamlit takes the folder ``pages`` for its older
    kind of multipage app and runs a page that is opened by its address by itself, without sidebar sections and
    settings. Calling `st.navigation` ends that.
    """
    if session.routed():
        return
    session.arrive(experiment.slug)
    # The default page has no address of its own, which the one that was asked for needs.
    home = st.Page(lambda: None, title="Home", default=True)
    st.navigation([home, st.Page(ROOT / experiment.page, url_path=experiment.slug)], position="hidden")
    st.rerun()

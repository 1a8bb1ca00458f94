"""Title, facts and links of a page, and the guard that keeps a broken part from breaking the rest."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitInvalidLayoutContextError
from streamlit.runtime.scriptrunner import StopException

from lib import catalogue
from lib.bundles import Bundle, BundleError
from lib.catalogue import Experiment
from lib.ui import cached

_LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Show a missing or damaged part of a bundle as a sentence in its place, and go on with the page.

    Where a newer run of the page has begun in the meantime, which takes the places of this one away, this one ends.
    """
    try:
        yield
    except BundleError as error:
        _show(error)
    except StreamlitInvalidLayoutContextError as error:
        # Streamlit starts a full run in a thread of its own, and ends a fragment's run only when that writes the next time. So
        # `st.stop` would fail here as well: it writes something first.
        _LOG.warning("A run of a fragment ends without a place to write to: %s", str(error).split("\n")[0])
        raise StopException from None


def _show(error: BundleError) -> None:
    _LOG.warning("%s", error)
    st.error(str(error), icon=":material/build:")


def open_bundle(experiment: Experiment) -> Bundle:
    """The bundle of a page; where there is none, the page says so and ends there."""
    try:
        bundle = cached.bundle(experiment.slug)
        # Everything else on the page depends on these facts.
        bundle.variant("good")
    except BundleError as error:
        st.title(experiment.title)
        _show(error)
        st.stop()
    return bundle


def header(experiment: Experiment, bundle: Bundle) -> None:
    """Title, one sentence, facts, links to the notebook, and to the neighbouring pages."""
    st.title(experiment.title)
    st.markdown(experiment.sentence)
    with guarded(), st.container(horizontal=True, gap="small"):
        good = bundle.variant("good")
        size = bundle.size(bundle.served()) / 1e6
        st.badge(
            experiment.score(good["test"]), icon=":material/check:", color="green", help=_test_help(experiment, bundle)
        )
        st.badge(experiment.family.removesuffix("s"), icon=":material/account_tree:", color="blue")
        st.badge(bundle.facts["dataset"]["name"], icon=":material/database:", color="gray")
        st.badge(f"{good['parameters']:,} parameters", icon=":material/tune:", color="gray")
        st.badge(f"{size:.1f} MB", icon=":material/save:", color="gray", help="The file that this page runs")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.link_button("Notebook", experiment.notebook_url, icon=":material/menu_book:", type="tertiary")
        st.link_button("Open in Colab", experiment.colab_url, icon=":material/science:", type="tertiary")
        before, after = catalogue.neighbours(experiment)
        # A page that is run by itself, as a test may do, has no neighbours to link to.
        with contextlib.suppress(StreamlitAPIException):
            if before:
                st.page_link(before.page, label=before.title, icon=":material/arrow_back:")
            if after:
                st.page_link(after.page, label=after.title, icon=":material/arrow_forward:", icon_position="right")


def _test_help(experiment: Experiment, bundle: Bundle) -> str:
    test = bundle.variant("good")["test"]
    return f"On {test['n']:,} {experiment.words.noun} {experiment.words.tested}"

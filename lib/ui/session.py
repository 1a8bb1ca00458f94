"""What the router notes in a session, for pages and inputs. Light, since Home.py imports it."""

from __future__ import annotations

import streamlit as st

_PAGE, _VISIT = "page", "visit"


def arrive(page: str) -> None:
    """Called by the router in every run, with the address of the page that is about to run."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_VISIT] = visit() + 1


def routed() -> bool:
    """True when the router has run in this session."""
    return _PAGE in st.session_state


def visit() -> int:
    """A number that grows whenever the person comes to another page."""
    return st.session_state.get(_VISIT, 0)

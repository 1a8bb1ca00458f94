"""When 90 % means 90 %."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.ui import charts


def calibration(bundle: Bundle, noun: str) -> None:
    """Reliability diagram: when 90 % means 90 %."""
    st.subheader("Is it as sure as it should be?")
    st.altair_chart(
        charts.reliability(bundle.evaluation, noun), alt="How often the network was right, against how sure it was"
    )
    st.caption(
        f"Each dot is a group of test {noun}; a larger dot is a larger group. On the line, '90% sure' is right 90% of the time. Below the "
        "line it is too sure, above it not sure enough."
    )

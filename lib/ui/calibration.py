"""When 90 % means 90 %."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.ui import charts


def calibration(bundle: Bundle, noun: str) -> None:
    """Reliability diagram: when 90 % means 90 %."""
    st.subheader("Is it as sure as it should be?")
    st.altair_chart(charts.reliability(bundle.evaluation, noun))
    st.caption(
        f"Each dot is a group of test {noun}, larger where there are more. Above the line the network is too modest, below it too sure."
    )

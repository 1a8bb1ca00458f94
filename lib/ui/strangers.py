"""What a network says about what it has never seen: a sentence at the answer, and what it is worth."""

from __future__ import annotations

import streamlit as st

from lib import strangers
from lib.bundles import Bundle


def warn(classifier_knows: str) -> None:
    """Say that this input is like nothing that the network learnt from.

    Args:
        classifier_knows: for people, ``"ten digits"``.
    """
    st.warning(strangers.sentence(classifier_knows), icon=":material/help:")


def strangers_section(bundle: Bundle, knows: str) -> None:
    """How many pictures of other things are recognised as such; nothing where a bundle has not been asked."""
    found = bundle.facts.get("strangers")
    if not found:
        return
    st.subheader("What it has never seen")
    st.markdown(
        f"This network knows {knows} and nothing else. It must always choose one of them, even for a picture of something else. But its scores "
        "are lower then. When they are very low, the page says: *This looks like nothing I know.* We chose the limit so that it says so about "
        f"1 in 100 pictures of the things it knows. On the test pictures it stays silent for **{found['kept']:.1%}**. We then showed it pictures "
        "that it had never seen:"
    )
    rows = "\n".join(
        f"| {kind} | {one['n']:,} | {one['caught']:.0%} | {one['auroc']:.3f} |" for kind, one in found["kinds"].items()
    )
    st.markdown(
        f"| shown | pictures | recognised as strange | area under the ROC curve |\n| --- | --- | --- | --- |\n{rows}"
    )
    st.caption(
        "The last column compares any limit: 0.5 is guessing, 1 means that every strange picture has lower scores than every known one. The "
        "measure is the energy of [Liu et al., 2020](https://arxiv.org/abs/2010.03759)."
    )

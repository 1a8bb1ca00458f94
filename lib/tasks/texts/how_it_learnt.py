"""What the network wrote while it learnt."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.tasks.texts.try_it import TALL


def samples(bundle: Bundle) -> None:
    """What the network wrote after each epoch."""
    texts = {int(epoch): text for epoch, text in bundle.facts["samples"].items()}
    st.subheader("What it wrote while it learnt")
    names = {f"epoch {epoch}": text for epoch, text in sorted(texts.items())}
    chosen = st.select_slider("After", list(names), value=next(iter(names)), key=f"{bundle.slug}_epoch")
    history = bundle.history.query("variant == 'good'").set_index("epoch")
    loss = float(history.loc[int(chosen.split()[1]), "val_loss"])
    with st.container(key=f"{bundle.slug}_sample"):
        st.code(names[chosen], language=None, wrap_lines=True, height=TALL)
    st.caption(
        f"After {chosen} the validation loss was {loss:.3f} nats, or {loss / np.log(2):.2f} bits per character. The prompt, the temperature "
        "(0.8) and the random numbers are the same each time."
    )

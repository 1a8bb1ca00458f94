"""Charts of the language models."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from lib.ui.charts import BLUE, ORANGE


def bits_bars(kinds: pd.DataFrame, height: int = 260) -> alt.LayerChart:
    """Bits per character for each kind of character (columns ``name``, ``bits``, ``accuracy``, ``count``)."""
    base = alt.Chart(kinds, height=height).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=200, ticks=False, domain=False)),
        x=alt.X("bits:Q", title="bits per character"),
        tooltip=[
            alt.Tooltip("name:N", title="kind"),
            alt.Tooltip("bits:Q", format=".2f"),
            alt.Tooltip("accuracy:Q", format=".1%", title="predicted correctly"),
            alt.Tooltip("count:Q", format=",d", title="test characters"),
        ],
    )
    text = base.mark_text(align="left", dx=5).encode(text=alt.Text("bits:Q", format=".1f"))
    return base.mark_bar(color=ORANGE, cornerRadiusEnd=3) + text


def context_curve(lengths: np.ndarray, bits: np.ndarray, height: int = 260) -> alt.Chart:
    """Bits per character against the number of characters that were read before."""
    data = pd.DataFrame({"length": lengths, "bits": bits})
    return (
        alt.Chart(data, height=height)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(size=60, color=BLUE), strokeWidth=2)
        .encode(
            x=alt.X(
                "length:Q",
                title="characters read before (log scale)",
                scale=alt.Scale(type="log", base=2),
                axis=alt.Axis(values=[int(length) for length in lengths], format="d"),
            ),
            y=alt.Y("bits:Q", title="bits per character", scale=alt.Scale(zero=False)),
            tooltip=[alt.Tooltip("length:Q", title="characters read"), alt.Tooltip("bits:Q", format=".2f")],
        )
    )


def place_curve(bits: np.ndarray, count: np.ndarray, height: int = 260) -> alt.Chart:
    """Bits per character from the first letter of a word to the twelfth."""
    data = pd.DataFrame({"place": np.arange(1, len(bits) + 1), "bits": bits, "count": count}).dropna()
    return (
        alt.Chart(data, height=height)
        .mark_line(color=BLUE, point=alt.OverlayMarkDef(size=60, color=BLUE), strokeWidth=2)
        .encode(
            x=alt.X("place:Q", title="letter of the word", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("bits:Q", title="bits per character", scale=alt.Scale(domainMin=0)),
            tooltip=[
                alt.Tooltip("place:Q", title="letter"),
                alt.Tooltip("bits:Q", format=".2f"),
                alt.Tooltip("count:Q", format=",d", title="test letters"),
            ],
        )
    )

"""What a style is inside: 100 numbers, their neighbours on a map, Gram matrices, and what VGG16's blocks keep of a photo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.style_transfer import charts
from lib.tasks.style_transfer.how_it_learnt import packed
from lib.tasks.style_transfer.input import GivenStyle
from lib.tasks.style_transfer.painter import Painter
from lib.tasks.style_transfer.paintings import PAINTINGS, PHOTOS
from lib.ui import cached
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays

QUARTERS = 4
"""Pieces into which each painting is cut for the map."""


def inside_style(bundle: Bundle, given: GivenStyle) -> None:
    """All that the page shows of what happens inside."""
    _numbers(bundle, given)
    _map(bundle, given)
    cached.show(_grams, bundle.slug)
    cached.show(_rebuilt, bundle.slug)


def _numbers(bundle: Bundle, given: GivenStyle) -> None:
    st.subheader("A style is 100 numbers")
    st.markdown(
        "This is all that the painting part ever sees of a painting: 100 numbers, here as 100 squares. **Blue**: above zero. **Orange**: below. The photo has "
        "such numbers, too. The slider *Strength* moves from the photo's numbers to the painting's. Blending two styles is the mean of their numbers."
    )
    say_that_own_photo_stays(bundle)
    shown = [(given.name, given.style)]
    if given.picture is not None:
        shown.append(("the photo", cached.load(Painter, bundle.slug).style(given.picture)))
    limit = max(float(np.abs(style).max()) for _, style in shown)
    with st.container(horizontal=True, gap="medium"):
        for name, style in shown:
            st.image(
                pictures.enlarge(pictures.diverging(style.reshape(10, 10), limit), 32),
                caption=name,
                alt=f"The 100 style numbers of {name}",
                width=160,
            )


def _map(bundle: Bundle, given: GivenStyle) -> None:
    evaluation = bundle.evaluation
    styles, mean, directions = (evaluation[f"map_{name}"] for name in ("styles", "mean", "directions"))
    names = [one.name for one in PAINTINGS]
    labels = [
        *((name, charts.KINDS[0]) for name in names),
        *((f"a quarter of {name}", charts.KINDS[1]) for name in names for _ in range(QUARTERS)),
        *((one.name, charts.KINDS[2]) for one in PHOTOS),
    ]
    everything = styles
    if given.name not in names:
        labels.append((given.name, charts.KINDS[3]))
        everything = np.concatenate([styles, given.style[None]])
    places = (everything - mean) @ directions.T
    rows = pd.DataFrame(
        [
            {"name": name, "kind": kind, "x": float(x), "y": float(y)}
            for (name, kind), (x, y) in zip(labels, places, strict=True)
        ]
    )
    apart = np.linalg.norm(evaluation["styles"] - given.style, axis=1)
    nearest = [name for name in np.array(names)[np.argsort(apart, kind="stable")] if name != given.name][:2]
    st.subheader("Neighbours")
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(charts.style_map(rows), alt="Styles on a map: paintings, their quarters, and photos")
    pieces = styles[len(names) : (1 + QUARTERS) * len(names)]
    closest = np.linalg.norm(pieces[:, None] - styles[None, : len(names)], axis=-1).argmin(axis=1)
    own = int((closest == np.repeat(np.arange(len(names)), QUARTERS)).sum())
    right.markdown(
        f"A map of the 100 numbers: styles that are alike lie close together. A *quarter* is a piece of a painting. It shows other things than the whole, "
        f"in the same style. For **{own} of {len(pieces)}** quarters, the nearest whole painting is their own: so the numbers say more about strokes and "
        "colours than about things.\n\n"
        f"The neighbours of **{given.name}** are **{nearest[0]}** and **{nearest[1]}**, by all 100 numbers. The map shows only the two directions in which these "
        "styles differ most."
    )


def _grams(bundle: Bundle) -> None:
    grams = bundle.evaluation["grams"]
    st.subheader("Gram matrices: which features come together")
    st.markdown(
        f"The style loss compares these tables. Each row and each column is one of {grams.shape[1]} filters in VGG16's first block. A bright square: both filters "
        "answer in the same places. Where that is in the picture does not count."
    )
    shown = [0, 1, 2, len(PAINTINGS)]
    names = [*(one.name for one in PAINTINGS), *(f"the photo: {one.name}" for one in PHOTOS)]
    with st.container(horizontal=True, gap="medium"):
        for i in shown:
            table = np.sqrt(grams[i])
            st.image(
                pictures.enlarge(pictures.heat(table), 3), caption=names[i], alt=f"Gram matrix of {names[i]}", width=160
            )


def _rebuilt(bundle: Bundle) -> None:
    photo, *left = packed(bundle, "rebuilt")
    st.subheader("What each block of VGG16 still knows of a photo")
    st.markdown(
        "We began with noise and changed it until VGG16 gave the same features as for the photo. The first blocks keep nearly everything. Later ones still know what is "
        "where, but lose colours and small lines. So content is compared in block 3: there the picture may change its strokes."
    )
    with st.container(horizontal=True, gap="small"):
        st.image(photo, caption="the photo", alt="The photo", width=170)
        for i, one in enumerate(left, start=1):
            st.image(one, caption=f"from block {i}", alt=f"The photo rebuilt from block {i} of VGG16", width=170)

"""Inside the photo classifier: maps, and where it looked."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.photos.try_it import GivenLook
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays


def inside_photo(bundle: Bundle, given: GivenLook, most: int = 24) -> None:
    """What the layers make of the photo."""
    if given.look is None or given.square is None:
        st.info(f"{given.missing} Then you see here what its layers do with it.", icon=":material/add_a_photo:")
        return
    say_that_own_photo_stays(bundle)
    st.markdown(
        "**Inverted residuals** are MobileNetV2's blocks. Each block makes more channels, filters each one alone, then reduces them. Its input is added "
        "to its output. This needs a tenth of the calculations of a usual layer. From 224 x 224 down to 7 x 7 pixels, the maps say less about *where* "
        "and more about *what*."
    )
    layers = {_layer_name(name): maps for name, maps in given.look.inside.items()} | {"last": given.look.maps}
    name = st.segmented_control(
        "Layer",
        list(layers),
        default=next(iter(layers)),
        required=True,
        key=f"{bundle.slug}_layer",
        format_func=lambda name: f"{name}: {' x '.join(map(str, layers[name].shape))}",
    )
    maps = layers[name or next(iter(layers))]
    strongest = np.argsort(-maps.max(axis=(0, 1)))[:most]
    coloured = pictures.heat(maps[..., strongest])
    st.image(
        pictures.sheet(
            [coloured[:, :, i] for i in range(len(strongest))], columns=8, factor=max(1, 112 // maps.shape[0])
        ),
        caption=f"The {len(strongest)} strongest of {maps.shape[-1]:,} maps. Bright: here a filter found what it looks for",
        alt="Maps of the chosen layer",
        width="stretch",
    )
    awake = float((given.look.features > 0.1).mean())
    st.markdown(
        f"The answer depends only on the mean of each of the last 1,280 maps. For this photo **{awake:.0%}** of these means are clearly above zero. You "
        "teach your own classes with these 1,280 numbers."
    )
    given.finish()


def _layer_name(name: str) -> str:
    return "first" if name == "Conv1_relu" else name.removesuffix("_expand_relu").replace("_", " ")

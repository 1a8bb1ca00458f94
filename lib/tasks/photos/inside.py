"""Inside the photo classifier: maps, and where it looked."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.photos.try_it import RECOGNISE, GivenLook


def inside_photo(bundle: Bundle, given: GivenLook, most: int = 24) -> None:
    """What the layers make of the photo."""
    if given.look is None or given.square is None:
        st.info(
            f'Choose "{RECOGNISE}" above and give it a photo to see what its layers make of it.',
            icon=":material/add_a_photo:",
        )
        return
    st.markdown(
        "**Inverted residuals**: where a usual layer compares everything with everything, MobileNetV2 widens its channels by six, lets a "
        "small filter slide over each of them alone (*depthwise*), and narrows them again; what goes in is added to what comes out. "
        "That needs a tenth of the sums. On its way from 224 x 224 to 7 x 7 a photo loses place and gains meaning:"
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
        caption=f"The {len(strongest)} most excited of {maps.shape[-1]:,} maps: bright where a filter found what it looks for",
        width="stretch",
    )
    awake = float((given.look.features > 0.1).mean())
    st.markdown(
        f"The mean of each of the last 1,280 maps is all that the answer depends on: **{awake:.0%}** of them are awake (above 0.1) for this photo. "
        "These 1,280 numbers are what it gives to the heads that you can teach."
    )


def _layer_name(name: str) -> str:
    return "first" if name == "Conv1_relu" else name.removesuffix("_expand_relu").replace("_", " ")

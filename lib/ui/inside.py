"""Inside: the layers, and what they do with the drawing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.classifier import Classifier

_WORDS = {
    "Rescaling": "brings the pixels of 0-255 to a smaller scale",
    "Reshape": "adds a channel, so it is a picture",
    "Flatten": "puts the numbers in one row",
    "Conv2D": "slides filters over the picture",
    "DepthwiseConv2D": "slides one small filter over each channel alone",
    "ZeroPadding2D": "adds an edge of zeros",
    "Add": "adds what went into the block to what comes out",
    "BatchNormalization": "keeps the signals at one scale",
    "ReLU": "lets positive signals pass",
    "Dropout": "switches off units at random while learning",
    "SpatialDropout2D": "switches off whole channels at random while learning",
    "AveragePooling2D": "makes the picture smaller",
    "Dense": "gives every unit a weighted sum of all numbers",
    "Embedding": "gives each character a vector of numbers",
    "GRU": "carries a state from character to character",
    "MaxPooling2D": "keeps the strongest of each four neighbours",
    "Resizing": "enlarges the picture",
    "Concatenate": "puts channels side by side",
    "Activation": "lets positive signals pass, and a little of the others",
    "LayerNormalization": "keeps the signals of each picture at one scale",
    "Multiply": "makes signals stronger or weaker",
    "Permute": "changes the order of the numbers",
    "UpSampling2D": "makes the picture larger",
    "Functional": "the first blocks of MobileNetV2, a network of its own",
    "Average": "the mean of all votes",
    "GlobalAveragePooling2D": "averages each channel over the picture",
}


def layer_table(bundle: Bundle, variant: str = "good") -> None:
    """The layers with their shapes and parameters."""
    rows = [
        {
            "layer": row["name"],
            "kind": row["type"],
            "gives": " x ".join("characters" if size is None else str(size) for size in row["output_shape"]),
            "parameters": row["parameters"],
            "what it does": _WORDS.get(row["type"], ""),
        }
        for row in bundle.variant(variant)["layers"]
    ]
    with st.expander(f"All {len(rows)} layers with shapes and parameters", icon=":material/layers:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True)


def first_layer(
    classifier: Classifier, weights: np.ndarray, image: np.ndarray | None, thing: str = "digit", most: int = 12
) -> None:
    """The units of a perceptron's first layer (weights: 28 x 28 x units) that answer the picture of a thing most strongly."""
    st.subheader("What the first layer looks for")
    st.markdown(
        f"Each of the {weights.shape[-1]} units of the first layer has one weight for every pixel, so its weights make a picture. **Blue**: ink here "
        "switches the unit on. **Orange**: ink here switches it off."
    )
    if image is None:
        strongest = np.argsort(-np.abs(weights).max(axis=(0, 1)))[:most]
        caption = f"The units with the strongest weights. Draw a {thing} above to see which ones it switches on."
        shown = [pictures.diverging(weights[..., i]) for i in strongest]
        st.image(
            pictures.sheet(shown, columns=6, factor=3),
            caption=caption,
            alt="Weights of the first layer",
            width="stretch",
        )
        return
    activations = next(iter(classifier.activations(image).values()))
    strongest = np.argsort(-activations)[:most]
    awake = int((activations > 0).sum())
    st.markdown(f"Your {thing} switches on **{awake} of {len(activations)}** units. The {most} strongest ones:")
    left, right = st.columns(2, gap="medium")
    with left:
        shown = [pictures.diverging(weights[..., i]) for i in strongest]
        st.image(
            pictures.sheet(shown, columns=4, factor=3),
            caption="What they look for: their weights",
            alt="Weights of the strongest units",
            width="stretch",
        )
    with right:
        ink = image.astype(np.float32) / 255
        shown = [pictures.diverging(weights[..., i] * ink) for i in strongest]
        st.image(
            pictures.sheet(shown, columns=4, factor=3),
            caption="What they find: their weights where there is ink",
            alt="Weights of the strongest units where there is ink",
            width="stretch",
        )


def feature_maps(
    classifier: Classifier,
    image: np.ndarray | None,
    page: str,
    thing: str = "digit",
    question: str = "is there a loop at the top?",
    most: int = 32,
) -> None:
    """What each convolution makes of the picture of a thing, and the saliency map; the last layers answer such a question."""
    if image is None:
        st.info(f"Draw a {thing} above to see what each layer does with it.", icon=":material/draw:")
        return
    left, right = st.columns([3, 2], gap="large")
    activations = classifier.activations(image)
    layers = [name for name, values in activations.items() if values.ndim == 3]
    with left:
        st.subheader("Feature maps")
        layer = st.segmented_control(
            "Convolution",
            layers,
            default=layers[0],
            required=True,
            key=f"{page}_layer",
            format_func=lambda name: name.rsplit("_", 1)[-1],
        )
        maps = activations[layer]
        height, width, channels = maps.shape
        strongest = np.argsort(-maps.max(axis=(0, 1)))[:most]
        # One scale for the whole layer: a dark map found nothing.
        coloured = pictures.heat(maps[..., strongest])
        st.image(
            pictures.sheet([coloured[:, :, i] for i in range(len(strongest))], columns=8, factor=max(1, 56 // width)),
            caption=f"{len(strongest)} of {channels} maps of {height} x {width} pixels. Bright: here the filter found what it looks for",
            alt="Feature maps of the chosen layer",
            width="stretch",
        )
        st.markdown(
            f"Early maps still look like your {thing}: edges, or one side of a stroke. Later maps are small and answer questions such as "
            f"*{question}*"
        )
    with right:
        st.subheader("Saliency")
        gradient = classifier.saliency(image)
        st.image(
            pictures.saliency_on_digit(gradient, image, 10),
            caption="Blue: more ink here makes it surer. Orange: less sure.",
            alt="How much the score changes if one pixel changes",
            width="stretch",
        )
        best = classifier.classify(image, top=1)[0]
        st.markdown(
            f"How much does the score of **{best.label}** change if one pixel changes? This is a *gradient* "
            "([Simonyan et al., 2014](https://arxiv.org/abs/1312.6034)). The network learnt by the same calculation, with its weights in "
            "place of the pixels."
        )

"""What two networks see in a hand, how they learnt it, and where they fail."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from PIL import Image

from lib.bundles import Bundle
from lib.tasks.hands import charts
from lib.tasks.hands.data import to_input
from lib.tasks.hands.pictures import SHOWN, evidence
from lib.tasks.hands.reader import HandReader, Sight
from lib.ui import cached
from lib.ui.charts import probability_bars
from lib.ui.header import guarded
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays, shows_example_instead

NETWORKS = {"rps_cnn": "From scratch", "rps_mobilenet": "MobileNetV2"}
"""What the pages call their networks."""


def variant_says(bundle: Bundle, variant: str, image: Image.Image | None) -> None:
    """Probabilities of one variant for the person's hand."""
    if image is None:
        st.info("Show a hand above to see this network's answer.", icon=":material/back_hand:")
        return
    reader = cached.load(HandReader, bundle.slug, variant)
    probabilities = reader.probabilities(to_input(image, reader.side)[None])[0]
    best = int(probabilities.argmax())
    if shows_example_instead(bundle):
        st.caption("About the example. Your own picture stays in your browser.")
    st.markdown(f"I see **{bundle.classes[best]}** ({probabilities[best]:.0%})")
    st.vega_lite_chart(
        probability_bars(bundle.classes, probabilities, 190, "class"),
        alt="Probabilities of the classes",
        key=f"{bundle.slug}_{variant}_bars",
    )


def both_networks(bundle: Bundle, image: Image.Image | None) -> None:
    """Both networks on the same hand: probabilities, where they look, parameters, milliseconds, and curves."""
    st.subheader("Two networks, one hand")
    st.markdown(
        "One network learnt from hands alone. The other had seen a million photos before. **Bright** is where a network finds evidence for the class "
        "(*Grad-CAM*, [Selvaraju et al., 2017](https://arxiv.org/abs/1610.02391))."
    )
    say_that_own_photo_stays(bundle)
    if image is None:
        st.info("Show a hand above to see where each network looks.", icon=":material/back_hand:")
    chosen = None
    if image is not None:
        chosen = st.segmented_control(
            "Evidence for",
            ["its best guess", *bundle.classes],
            default="its best guess",
            required=True,
            key=f"{bundle.slug}_evidence",
        )
    for (slug, name), column in zip(NETWORKS.items(), st.columns(2, gap="large"), strict=True):
        with column, guarded():
            other = cached.bundle(slug)
            good = other.variant("good")
            st.markdown(f"**{name}**" + (" (this page)" if slug == bundle.slug else f", see its [own page](/{slug})"))
            if image is not None:
                reader = cached.load(HandReader, slug)
                _sight(other, reader, reader.see(to_input(image, reader.side)), image, chosen, bundle.slug)
            st.caption(
                f"{good['parameters']:,} parameters, {other.size('good.tflite') / 1e6:.1f} MB. It sees {other.facts['input_shape'][0]} x "
                f"{other.facts['input_shape'][0]} pixels. Test accuracy: {good['test']['accuracy']:.1%}."
            )
    with guarded():
        cached.show(_curves, bundle.slug)


def _sight(other: Bundle, reader: HandReader, sight: Sight, image: Image.Image, chosen: str | None, page: str) -> None:
    label = other.classes.index(chosen) if chosen in other.classes else int(sight.probabilities.argmax())
    st.image(
        evidence(image, sight.maps[..., label]), alt=f"Where the network finds {other.classes[label]}", width=SHOWN
    )
    st.markdown(
        f"Evidence for **{other.classes[label]}**. The answer took **{sight.milliseconds:.0f} ms**, with the mirror image."
    )
    st.vega_lite_chart(
        probability_bars(other.classes, sight.probabilities, 190, "class"),
        alt="Probabilities of the classes",
        key=f"{page}_{other.slug}_sight",
    )


def _curves(bundle: Bundle) -> None:
    parts = []
    for slug, name in NETWORKS.items():
        history = cached.bundle(slug).history
        parts.append(history[history["variant"] == "good"].assign(network=name))
    st.altair_chart(
        charts.both_curves(pd.concat(parts)[["network", "epoch", "val_accuracy"]]),
        alt="Validation accuracy of both networks over the epochs",
    )
    last = {part["network"].iloc[0]: part["val_accuracy"].max() for part in parts}
    first, second = last
    st.markdown(
        f"At its best, {in_a_sentence(first)} reads **{last[first]:.0%}** of the validation photos, {in_a_sentence(second)} **{last[second]:.0%}**. "
        "Their epochs do not have the same number of pictures; the notebooks give both."
    )


def in_a_sentence(name: str) -> str:
    """What a network is called within a sentence."""
    return name if name == "MobileNetV2" else "the network from scratch"

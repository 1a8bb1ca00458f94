"""What two networks see in a hand, how they learnt it, and where they fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.digits.where_it_fails import calibration
from lib.tasks.hands import charts as charts_hands
from lib.tasks.hands.data import to_input
from lib.tasks.hands.pictures import SHOWN, evidence
from lib.tasks.hands.reader import HandReader, Sight
from lib.tasks.sketches import charts as charts_sketch
from lib.ui import cached, charts
from lib.ui.header import guarded

NETWORKS = {"rps_cnn": "From scratch", "rps_mobilenet": "MobileNetV2"}
"""What the pages call their networks."""
SHEET = 8
"""Rendered hands in a row."""
MISTAKES = 12
"""Misread ones that are shown."""


def variant_says(bundle: Bundle, variant: str, image: Image.Image | None) -> None:
    """Probabilities of one variant for the person's hand."""
    if image is None:
        st.info("Show a hand above to see what this network makes of it.", icon=":material/back_hand:")
        return
    reader = cached.hand_reader(bundle.slug, variant)
    probabilities = reader.probabilities(to_input(image, reader.side)[None])[0]
    best = int(probabilities.argmax())
    st.markdown(f"I see **{bundle.classes[best]}** ({probabilities[best]:.0%})")
    st.altair_chart(
        charts.probability_bars(bundle.classes, probabilities, 190, "class"), key=f"{bundle.slug}_{variant}_bars"
    )


def both_networks(bundle: Bundle, image: Image.Image | None) -> None:
    """Both networks on the same hand: probabilities, where they look, parameters, milliseconds, and curves."""
    st.subheader("Two networks, one hand")
    st.markdown(
        "One network learnt from hands alone, the other one had seen a million photos before. **Bright** is where a network finds evidence for the class below: the maps of its last layer, weighed as that class weighs them "
        "(*Grad-CAM*, [Selvaraju et al., 2017](https://arxiv.org/abs/1610.02391))."
    )
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
                reader = cached.hand_reader(slug)
                _sight(other, reader, reader.see(to_input(image, reader.side)), image, chosen, bundle.slug)
            st.caption(
                f"{good['parameters']:,} parameters, {len(other.read('good.tflite')) / 1e6:.1f} MB, a picture of {other.facts['input_shape'][0]} x {other.facts['input_shape'][0]} pixels. "
                f"Test accuracy {good['test']['accuracy']:.1%}; {other.facts['milliseconds']:.0f} ms where it was trained."
            )
    with guarded():
        _curves()


def _sight(other: Bundle, reader: HandReader, sight: Sight, image: Image.Image, chosen: str | None, page: str) -> None:
    label = other.classes.index(chosen) if chosen in other.classes else int(sight.probabilities.argmax())
    st.image(evidence(image, sight.maps[..., label]), width=SHOWN)
    st.markdown(
        f"Evidence for **{other.classes[label]}**. Its answer took **{sight.milliseconds:.0f} ms**, mirror image included."
    )
    st.altair_chart(
        charts.probability_bars(other.classes, sight.probabilities, 190, "class"), key=f"{page}_{other.slug}_sight"
    )


def _curves() -> None:
    parts = []
    for slug, name in NETWORKS.items():
        history = cached.bundle(slug).history
        parts.append(history[history["variant"] == "good"].assign(network=name))
    st.altair_chart(charts_hands.both_curves(pd.concat(parts)[["network", "epoch", "val_accuracy"]]))
    last = {part["network"].iloc[0]: part["val_accuracy"].max() for part in parts}
    first, second = last
    st.markdown(
        f"At best, {_in_a_sentence(first)} reads **{last[first]:.0%}** of the validation photos, {_in_a_sentence(second)} **{last[second]:.0%}**. An epoch is not the same "
        "number of pictures for both, as the notebooks tell."
    )


def splits_and_photos(bundle: Bundle) -> None:
    """The lessons of these pages: how to split, how to make more of few photos, and how many are needed."""
    _splits(bundle)
    _augmented(bundle)
    _few(bundle)


def _splits(bundle: Bundle) -> None:
    st.subheader("A test that flatters")
    facts = bundle.facts
    st.markdown(
        "Most hand photos are frames of videos. Shuffle them and hold some back, and for almost each of these there is one of the same hand in the same room among those "
        "that were learnt from: the test asks whether the network remembers. What counts is whether it reads **your** hand in **your** room. So here the photos are "
        f"split by where they come from: {facts['train_sources']} collections to learn from, {facts['validation_sources']} others to choose by, and two more for the test."
    )
    st.altair_chart(charts_hands.promised_and_kept(facts["splits"]))
    rendered, random, fair, good = facts["splits"]
    st.markdown(
        f"Learnt from **rendered hands** alone, as in the demo that this page follows (it told of 94.6 % on rendered test hands), the network reads {rendered['own']:.0%} of the rendered hands that "
        f"were held back, and **{rendered['new']:.0%}** of real rock, paper and scissors. Split **at random**, its photos promise {random['own']:.0%}; new people get **{random['new']:.0%}**: "
        f"{_points(random['own'], random['new'])}. The same training, split **by source**, promises {fair['own']:.0%} and gives **{fair['new']:.0%}**; the whole one {good['own']:.0%} and **{good['new']:.0%}**."
        + _too_low(fair)
    )
    # A phone has room for so many words only.
    names = {how: how.removeprefix("split ") for how in bundle.lesson["how"].unique()}
    st.altair_chart(charts_sketch.with_and_without(bundle.lesson.replace({"how": names})))
    st.caption(
        "Accuracy while it learns. Each dashed curve is measured on distorted training pictures, each full one on what its split calls validation. "
        "The two are equally long, the whole training is longer; the notebook has both."
    )


def _points(promise: float, kept: float) -> str:
    """The difference of two shares, as they are rounded in the sentence."""
    gap = round(100 * promise) - round(100 * kept)
    if gap > 0:
        return f"{gap} points too much was promised"
    return "here the promise was kept" if gap == 0 else f"here it gave {-gap} points more"


def _too_low(split: dict) -> str:
    """What a promise says that was exceeded by far."""
    if split["new"] - split["own"] < 0.05:
        return ""
    return (
        " So low a promise says that the collections to choose by are harder than those of the test: from one person and room to the next it differs a lot, "
        "which no split at random shows."
    )


def _augmented(bundle: Bundle) -> None:
    st.subheader("Few rooms, and how to make more of them")
    shown = bundle.evaluation["augmented"]
    st.image(
        pictures.sheet(list(shown), columns=SHEET, factor=2),
        caption="Left: rendered hands (Laurence Moroney, CC BY 2.0). To their right: what a network was shown instead, another one each time.",
        width="stretch",
    )
    st.markdown(
        "A hand stays a hand when it is mirrored, turned, nearer, elsewhere, in other light, of another skin, before another wall, or half hidden. So no picture is shown twice in the same form "
        "(*augmentation*). The photos of people are not ours to show; these are drawn by a computer."
    )


def _few(bundle: Bundle) -> None:
    st.subheader("How many photos does it take?")
    rows = pd.DataFrame(
        [{"network": name, **row} for slug, name in NETWORKS.items() for row in cached.bundle(slug).facts["few"]]
    )
    st.altair_chart(charts_hands.photos_needed(rows))
    table = rows.set_index(["network", "photos"])["test"]
    least, middle = sorted(set(rows["photos"]))[0], 1000
    chance = ""
    if any((network[1:] < network[:-1]).any() for network in (table[name].to_numpy() for name in NETWORKS.values())):
        chance = " Each point is one training, so that chance plays its part: more photos are not worse, though a curve may fall."
    told = " ".join(
        f"With **{least}** photos {_in_a_sentence(name)} reads {table[name, least]:.0%} of new people's photos, with **{middle:,}** it reads {table[name, middle]:.0%}."
        for name in NETWORKS.values()
    )
    st.markdown(
        f"{told} Guessing would give about a quarter. The trainings on few photos are shorter than those on all, which also had the rendered "
        f"hands.{chance}"
    )


def _in_a_sentence(name: str) -> str:
    """What a network is called within a sentence."""
    return name if name == "MobileNetV2" else "the network from scratch"


def where_hands_fail(bundle: Bundle) -> None:
    """Scores by class and source, the calibration, and rendered hands that are misread."""
    facts, evaluation = bundle.facts, bundle.evaluation
    test = bundle.variant("good")["test"]
    st.markdown(
        f"On {test['n']:,} photos of two collections that nothing was learnt from or chosen by, it reads **{test['hands_accuracy']:.1%}** of rock, paper and scissors, and sees in "
        f"**{test['nothing_recall']:.1%}** of the pictures without a hand that there is none. The photos are other people's, so they are not shown here."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Who is taken for what**")
        st.altair_chart(charts_hands.confusion(evaluation["confusion_good"], bundle.classes))
    with right:
        st.markdown("**The two collections**")
        rows = pd.DataFrame(
            [
                {"source": source["source"], "class": name, "share": share}
                for source in facts["sources"]
                for name, share in zip(bundle.classes, source["recalls"], strict=True)
                if share is not None
            ]
        )
        st.altair_chart(charts_hands.by_source(rows, bundle.classes))
        st.markdown(
            " ".join(
                f"**{source['source']}**: {source['accuracy']:.0%} of {source['n']} photos."
                for source in facts["sources"]
            )
        )
    calibration(bundle, "photos")
    st.markdown(
        f"Its logits are divided by a *temperature* of {facts['temperature']:.2f}, chosen on the validation photos "
        f"([Guo et al., 2017](https://arxiv.org/abs/1706.04599)): on the test photos sureness and truth lie {test['calibration_error']:.1%} apart on average, "
        f"without it {facts['calibration_error_before']:.1%}."
        + (
            ""
            if test["calibration_error"] < facts["calibration_error_before"]
            else " Here it did not help: the validation photos are harder than those of the test, and made it more modest than it needs to be."
        )
    )
    _rendered(bundle)


def _rendered(bundle: Bundle) -> None:
    """Mistakes that may be shown."""
    evaluation = bundle.evaluation
    counts = evaluation["rendered_confusion"]
    wrong = int(counts.sum() - np.trace(counts))
    st.subheader("Rendered hands that it misreads")
    st.markdown(
        f"To see mistakes without showing people: each rendered hand before a plain wall, in a pose, light and skin that it was not shown. **{wrong:,} of {counts.sum():,}** are misread; "
        "the surest mistakes first."
    )
    images, predicted = evaluation["samples_images"], evaluation["samples_predicted"]
    true, sure = evaluation["samples_true"], evaluation["samples_probability"]
    with st.container(horizontal=True, gap="small"):
        for i in range(min(len(images), MISTAKES)):
            said, really = bundle.classes[predicted[i]], bundle.classes[true[i]]
            st.image(pictures.enlarge(images[i], 2), caption=f"{really}, read as {said} ({sure[i]:.0%})", width=120)

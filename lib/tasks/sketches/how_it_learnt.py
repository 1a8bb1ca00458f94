"""What the sketch experiments have to teach about learning from few examples."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.ui.charts import with_and_without


def distortions(bundle: Bundle) -> None:
    """The same network with and without distorted drawings, and the vote of two networks."""
    st.subheader("Ninety drawings of each thing, and how to make more of them")
    st.markdown(
        "Most categories have about ninety training drawings. A network of a million parameters soon memorises those. But a cat stays a cat when we "
        "mirror it, turn it, bend it, draw it with another pen, or rub out half of it. So the network hardly ever sees a drawing twice in the same form "
        "(*augmentation*):"
    )
    distorted = bundle.evaluation["distorted"]
    st.image(
        pictures.sheet([pictures.grey(image) for image in distorted], columns=12, factor=2),
        caption="Left: training drawings as they are. To their right: what the network sees instead, a new one each time.",
        alt="Training drawings, and distorted forms of each",
        width="stretch",
    )
    st.altair_chart(
        with_and_without(bundle.lesson), alt="Accuracy over the epochs of the same network, trained in two ways"
    )
    st.markdown(_compare(bundle.lesson))
    _members(bundle)


def _compare(lesson: pd.DataFrame) -> str:
    """What the two pairs of curves say."""
    best = lesson.groupby(["how", "set"], sort=False)["accuracy"].max()
    epochs = lesson.groupby("how", sort=False)["epoch"].max()
    first, second = epochs.index
    # Of the rounded figures, since those are what stands in the sentence.
    gain = round(100 * best[first, "validation"]) - round(100 * best[second, "validation"])
    return (
        f"The same network, the same drawings, two ways to train. **{second.capitalize()}**, {best[second, 'train']:.0%} of its training drawings "
        f"are right after {epochs[second]} epochs, but only **{best[second, 'validation']:.0%}** of new ones: it memorises. "
        f"**{first.capitalize()}**, training is harder and takes longer: {best[first, 'train']:.0%} after {epochs[first]} epochs. But of new drawings "
        f"**{best[first, 'validation']:.0%}** are right: {gain} points more, without one more drawing."
    )


def _members(bundle: Bundle) -> None:
    members = bundle.facts.get("members")
    if not members:
        return
    st.markdown(
        "**Two networks vote.** One was trained from scratch: the curves above are its own. The other started from "
        "[MobileNetV2](https://arxiv.org/abs/1801.04381), which had learnt from a million photos (ImageNet). They make different mistakes, so "
        "their average is better than either. Each one also looks at the mirror image. On the validation drawings:"
    )
    rows = pd.DataFrame({"network": list(members), "accuracy": list(members.values())})
    st.dataframe(
        rows,
        hide_index=True,
        width="content",
        column_config={"accuracy": st.column_config.NumberColumn("validation accuracy", format="percent")},
    )


def teacher(bundle: Bundle) -> None:
    """A network that learns from another network's answers, and the same one that learns from the labels alone."""
    st.subheader("Taught by another network")
    share, sure = bundle.facts["teacher"]["right"], bundle.evaluation["taught_probabilities"]
    st.markdown(
        "This network does not know which pixels are neighbours, and ninety drawings are too few to find out. So it had a teacher: the "
        "[convolutional network](/sketch_cnn) for sketches. The teacher looked at distorted drawings and gave its guesses: not only *cat*, but *cat, a "
        "little dog, perhaps a tiger*. Such soft answers say which things look alike. A label does not "
        "(*distillation*, [Hinton et al., 2015](https://arxiv.org/abs/1503.02531))."
    )
    columns = st.columns(3, gap="medium")
    for column, image, label, guesses, probabilities in zip(
        columns,
        bundle.evaluation["taught_images"],
        bundle.evaluation["taught_labels"],
        bundle.evaluation["taught_guesses"],
        sure,
        strict=False,
    ):
        with column, st.container(horizontal=True, vertical_alignment="center"):
            st.image(pictures.digit(image, 4), alt=f"A drawing of {bundle.classes[label]}", width=112)
            said = "  \n".join(
                f"{bundle.classes[guess]} {probability:.0%}"
                for guess, probability in zip(guesses, probabilities, strict=True)
            )
            st.markdown(f"Label: **{bundle.classes[label]}**. The teacher:  \n{said}")
    st.altair_chart(
        with_and_without(bundle.lesson), alt="Accuracy over the epochs of the same network, trained in two ways"
    )
    best = bundle.lesson.groupby(["how", "set"], sort=False)["accuracy"].max()
    with_teacher, alone = dict.fromkeys(bundle.lesson["how"])
    st.markdown(
        f"The same network, the same drawings: **{best[alone, 'validation']:.1%}** of the validation drawings are right {alone}, and "
        f"**{best[with_teacher, 'validation']:.1%}** {with_teacher}. With a teacher, 'training accuracy' means how often the network agrees with it. "
        f"The teacher itself is right about {share:.0%} of the training drawings."
    )

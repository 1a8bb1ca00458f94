"""How painting is learnt: step by step for one picture, by a network for one painting, and by others for any style."""

from __future__ import annotations

import streamlit as st

from lib import photos
from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.style_transfer import charts
from lib.tasks.style_transfer.input import GivenStyle
from lib.tasks.style_transfer.learnt import SIDE, OneStyle, moment_file, square
from lib.ui import cached
from lib.ui.inputs.photo_in_browser import say_that_own_photo_stays

STEPS = 50
"""Of an epoch: `lib.catalogue` says the same in words."""


def how_style_is_learnt(experiment: Experiment, bundle: Bundle) -> None:
    """The lessons of this page."""
    st.header("How it learnt", divider="gray")
    cached.show(_lessons, bundle.slug)


def packed(bundle: Bundle, name: str) -> list:
    """Pictures of ``evaluation.npz``."""
    jpeg, offsets = bundle.evaluation[f"{name}_jpeg"], bundle.evaluation[f"{name}_offsets"]
    return [photos.decode(jpeg, offsets, i) for i in range(len(offsets) - 1)]


def _lessons(bundle: Bundle) -> None:
    facts, parts = bundle.facts["learnt"], bundle.facts["parts"]
    st.markdown(
        f"The network above was **not trained here**. Its makers showed it about 80,000 paintings and many photos. One part looks at a painting "
        f"({parts['styler']:,} parameters), a small one paints ({parts['painter']:,}). To see how such a network learns, we trained smaller ones that "
        f"know a single painting: **{facts['painting']}**."
    )
    st.subheader("What is to be learnt?")
    st.markdown(
        "Nobody can say what the right picture is. So another network judges: VGG16, which others trained to name the things in photos. Its *features* say "
        "what is where: edges, strokes, parts of things.\n"
        "- **Content loss**: how different are the features of the painted picture and of the photo, place by place?\n"
        "- **Style loss**: which features come together, no matter where? How different is that from the painting? A photo that nobody painted is at about 1.\n\n"
        "Learning makes the sum of both small. It is a compromise: more style costs content."
    )
    st.subheader("One picture, step by step")
    evaluation = bundle.evaluation
    steps = [int(step) for step in evaluation["gatys_steps"]]
    st.markdown(
        f"The first way with a neural network ([Gatys et al., 2015](https://arxiv.org/abs/1508.06576)) trains nothing. It starts with the photo and changes its pixels, "
        f"a little in each step. After {steps[-1]} steps the style loss has fallen from {evaluation['gatys_style'][0]:.2f} to "
        f"**{evaluation['gatys_style'][-1]:.2f}**. That takes minutes for one picture. "
        "The content loss starts at zero, because the first picture is the photo itself."
    )
    frames = packed(bundle, "gatys")
    with st.container(horizontal=True, gap="small"):
        for step, frame in list(zip(steps, frames, strict=True))[:: 2 if len(frames) > 6 else 1]:
            st.image(frame, caption=f"step {step}", alt=f"The picture after {step} steps", width=170)
    st.altair_chart(
        charts.optimisation(evaluation["gatys_content"].tolist(), evaluation["gatys_style"].tolist()),
        alt="Content loss and style loss of one picture over the steps",
    )
    st.subheader("A network that paints at once")
    good = bundle.history[bundle.history["variant"] == "good"]
    last = good.iloc[-1]
    st.markdown(
        f"A network can learn to do this for any photo ([Johnson et al., 2016](https://arxiv.org/abs/1603.08155)). Ours has {facts['parameters']:,} parameters. "
        f"It trained for {facts['moments'][-1]:,} steps. In each it sees four pieces of photos and changes its parameters a little. "
        f"Validation: {bundle.facts['dataset']['validation']} photos that it does not learn from. There its style loss ends at **{last['val_style']:.2f}**, its "
        f"content loss at **{last['val_content']:.1f}**. Dashed lines: training. Full lines: validation."
    )
    left, right = st.columns(2, gap="medium")
    for place, loss in ((left, "content"), (right, "style")):
        place.altair_chart(
            charts.loss_curves(good, loss, STEPS),
            alt=f"{loss.capitalize()} loss over the steps, in training and in validation",
        )
    st.markdown(
        "Training and validation lie close together: it did not memorise the photos. A new photo is no harder than one that it has seen."
    )


def moments(bundle: Bundle, given: GivenStyle) -> None:
    """A slider over the training: what the network of that moment made of the photo."""
    st.subheader("Time machine")
    steps = bundle.facts["learnt"]["moments"]
    st.markdown(
        f"We kept this network at {len(steps)} moments of its training. Slide through them: how did it paint **your photo**? It takes {SIDE} x {SIDE} pixels "
        f"from the middle, and knows only {bundle.facts['learnt']['painting']}."
    )
    say_that_own_photo_stays(bundle)
    if given.picture is None:
        st.info("Give the network a photo above.", icon=":material/add_a_photo:")
        return
    names = ["untrained" if step == 0 else f"step {step:,}" for step in steps]
    name = st.select_slider("Moment of the training", names, value=names[-1], key=f"{bundle.slug}_moment")
    moment = names.index(name)
    with st.container(horizontal=True, gap="medium"):
        # The painted one first: on a phone it stands right below the slider.
        painted = cached.load(OneStyle, bundle.slug, moment_file(moment)).paint(given.picture)
        st.image(painted, caption=name, alt=f"The photo, painted by the network: {name}", width=SIDE)
        st.image(square(given.picture), caption="the photo", alt="The photo", width=SIDE)
    if moment:
        history = bundle.history
        good = history[history["variant"] == "good"].set_index("epoch")
        row = good.loc[steps[moment] // STEPS]
        st.markdown(f"Validation: style loss **{row['val_style']:.3f}**, content loss **{row['val_content']:.1f}**.")
    else:
        st.markdown(
            "An untrained network has random parameters. What it paints is a random mixture of neighbouring pixels."
        )

"""How drawing is learnt: what is to be learnt, the loss, the Frechet distance, and a time machine."""

from __future__ import annotations

import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.catalogue import Experiment
from lib.tasks.generation import charts
from lib.tasks.generation.flow import noise, pixels, scaled
from lib.tasks.generation.how_good import figure, how_good, reader_name
from lib.tasks.generation.shown import still
from lib.ui import cached
from lib.ui.header import fragment

MOMENTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Times at which a real picture on its way is shown."""


def how_drawing_is_learnt(experiment: Experiment, bundle: Bundle) -> None:
    """All of the section."""
    st.header("How it learnt", divider="gray")
    cached.show(_lesson, bundle.slug, experiment)
    cached.show(_curves, bundle.slug)
    time_machine(bundle)
    cached.show(how_good, bundle.slug)


def _lesson(bundle: Bundle, experiment: Experiment) -> None:
    good, words = bundle.variant("good"), experiment.words
    st.markdown(
        "The method is called **flow matching** ([Lipman et al., 2023](https://arxiv.org/abs/2210.02747)). We take a real picture and mix it with noise. At *time* 0 "
        "there is only noise, at time 1 only the picture. The network sees the mix, the time and the class. It learns the **velocity**: in which direction, and how "
        "fast, each pixel must change to get from the noise to the picture."
    )
    images = bundle.evaluation["real_shown"][[0, len(bundle.evaluation["real_shown"]) // 2]]
    start = noise(0, len(images))
    rows = []
    for image, first in zip(images, start, strict=True):
        goal = scaled(image)
        rows += [pictures.grey(pixels((1 - time) * first + time * goal)) for time in MOMENTS]
        rows.append(pictures.diverging(goal - first, 4))
    left, _ = st.columns([3, 1])
    left.image(
        pictures.sheet(rows, len(MOMENTS) + 1, 4),
        caption="Two real pictures on their way from noise, at the times "
        + ", ".join(f"{time:g}" for time in MOMENTS)
        + ". Last: their velocities. Blue: this pixel gets brighter. Orange: darker.",
        alt="Real pictures mixed with noise, and their velocities",
        width="stretch",
    )
    st.markdown(
        "To draw, we go the other way round. We start with new noise, ask the network for the velocity, take a small step, and ask again. For one picture in "
        f"ten, the network is not told the class. So it can also say where to go for *any class*. **Guidance** exaggerates the difference between both answers. "
        f"An **epoch** is {words.epoch.format(train=good['train_size'])}."
    )


def _curves(bundle: Bundle) -> None:
    history, epochs = bundle.history, bundle.table("epochs.csv", ["epoch", "frechet_distance", "read_as_asked", "n"])
    good = history[history["variant"] == "good"]
    st.subheader("The loss, and why it says little")
    left, right = st.columns(2, gap="medium")
    with left:
        st.altair_chart(charts.losses(good), alt="Loss over the epochs, in training and in validation")
        st.markdown(
            "The **loss** says how far the network's velocity is from the right one. It cannot fall to zero: out of one mix of noise and picture, **many** pictures "
            "could still come. The best answer is the mean over all of them, and that is never quite right for one.\n\n"
            "Validation, and drawing, use the **average** of the weights over the last steps. It draws better than the weights of any one step. In the first epochs "
            "it still holds much of the beginning, so its loss is higher."
        )
    with right:
        st.altair_chart(charts.distance_by_epoch(epochs), alt="Frechet distance over the epochs")
        st.markdown(
            f"The **Frechet distance** compares many drawn pictures with real ones: {reader_name(bundle)} turns each picture into numbers (*features*), and we "
            "compare the mean and the spread of both sets. 0 means that both are the same; the larger, the worse."
        )
    st.markdown(_read(bundle))


def _read(bundle: Bundle) -> str:
    """What both curves say together, from the numbers that they draw."""
    history, epochs = bundle.history, bundle.table("epochs.csv", ["epoch", "frechet_distance", "n"])
    good = history[history["variant"] == "good"].set_index("epoch")
    losses = good["loss"]
    trained = epochs[epochs["epoch"] >= losses.index.min()]
    if len(trained) < 2:
        return ""
    # After the first third: before that, everything gets better quickly.
    first, last = trained.iloc[len(trained) // 3], trained.iloc[-1]
    begin, end = int(first["epoch"]), int(last["epoch"])
    if not {begin, end} <= set(losses.index):
        return ""
    less = 1 - losses[end] / losses[begin]
    better = 1 - last["frechet_distance"] / first["frechet_distance"]
    averaged = 1 - good["val_loss"][end] / good["val_loss"][begin]
    told = (
        f"From epoch {begin} to epoch {end} the training loss {_changed(less)}, and the validation loss, that of the averaged weights, {_changed(averaged)}. "
        f"The Frechet distance {_changed(better)}. "
    )
    if better > 1.5 * max(less, averaged, 0.01):
        told += "So the pictures improved much more than the loss. **To judge a network that draws, look at what it draws.** "
    return told + (
        f"The distance was measured on {int(last['n']):,} validation pictures. Fewer pictures give larger distances, so compare only figures of equally many."
    )


def _changed(share: float) -> str:
    if abs(share) < 0.005:
        return "stayed the same"
    return f"fell by {share:.0%}" if share > 0 else f"rose by {-share:.0%}"


@fragment
def time_machine(bundle: Bundle) -> None:
    """A slider over the epochs: what was drawn after each, from the same noise."""
    evaluation = bundle.evaluation
    epochs, shown = evaluation["epochs"].tolist(), evaluation["epochs_shown"]
    st.subheader("Time machine")
    st.markdown(
        "After each epoch the network drew from **the same noise**. Go back in time: what comes first, what comes late?"
    )
    names = ["untrained" if epoch == 0 else f"epoch {epoch}" for epoch in epochs]
    name = st.select_slider("Moment of the training", names, value=names[-1], key=f"{bundle.slug}_moment")
    chosen = names.index(name)
    still(shown[chosen], "", f"What the network drew: {name}")
    table = bundle.table("epochs.csv", ["epoch", "frechet_distance", "read_as_asked"]).set_index("epoch")
    words = f"**{name[:1].upper()}{name[1:]}.** "
    if epochs[chosen] in table.index:
        row = table.loc[epochs[chosen]]
        words += f"Frechet distance {figure(row['frechet_distance'])}, {row['read_as_asked']:.0%} read as asked."
    elif chosen == 0:
        words += "It knows nothing, so the noise stays noise."
    else:
        words += "The Frechet distance was measured after some epochs only."
    st.markdown(words)

"""Where drawing fails: pictures that are read as something else, few steps, and strong guidance."""

from __future__ import annotations

import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.tasks.generation import charts
from lib.tasks.generation.flow import GUIDANCE, STEPS
from lib.tasks.generation.how_good import figure, reader_name
from lib.tasks.generation.shown import still
from lib.ui import cached
from lib.ui.sentences import times

MOST_MISTAKES = 15
COLUMNS = ["steps", "guidance", "milliseconds", "read_as_asked", "frechet_distance", "recall", "n"]


def where_drawing_fails(bundle: Bundle) -> None:
    """All of the section."""
    cached.show(_mistakes, bundle.slug)
    cached.show(_few_steps, bundle.slug)
    cached.show(_strong_guidance, bundle.slug)


def _mistakes(bundle: Bundle) -> None:
    evaluation, classes = bundle.evaluation, bundle.classes
    counts, reader = evaluation["confusion"], reader_name(bundle)
    n, wrong = int(counts.sum()), int(counts.sum() - counts.trace())
    st.subheader("Asked for one thing, drew another")
    told = (
        f"We asked for {n:,} pictures. {reader[:1].upper()}{reader[1:]} reads **{wrong:,}** of them as something else. "
    )
    if wrong:
        pairs = ((int(counts[a, b]), a, b) for a in range(len(classes)) for b in range(len(classes)) if a != b)
        most, asked, read = max(pairs)
        told += f"Most often: asked for **{classes[asked]}**, read as **{classes[read]}** ({times(most)}). "
    st.markdown(told + "The reader makes mistakes, too. What would you read?")
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(
        charts.confusion(counts, classes), alt="For each class that was asked for: what the reader took it for"
    )
    with right, st.container(horizontal=True, gap="small"):
        shown = zip(evaluation["mistakes"], evaluation["mistakes_asked"], evaluation["mistakes_read"], strict=True)
        for image, asked, read in list(shown)[:MOST_MISTAKES]:
            st.image(
                pictures.digit(image, 4),
                caption=f"asked {classes[asked]}, read {classes[read]}",
                alt=f"A drawing of {classes[asked]} that was read as {classes[read]}",
                width=64,
            )


def _few_steps(bundle: Bundle) -> None:
    table = bundle.table("settings.csv", COLUMNS)
    rows = table[table["guidance"] == GUIDANCE].sort_values("steps")
    few, usual, many = rows.iloc[0], rows[rows["steps"] == STEPS].iloc[0], rows.iloc[-1]
    st.subheader("Few steps")
    gain = 1 - many["frechet_distance"] / usual["frechet_distance"]
    more = (
        f"From {STEPS} to {int(many['steps'])} steps it falls by {gain:.0%}: is that worth the time?"
        if gain > 0.005
        else f"More than {STEPS} steps gain nothing, and take more time."
    )
    st.markdown(
        f"The network says where to go *from here*. Who takes long steps walks past the bends of the way. With **{int(few['steps'])} step** the network must answer at once, out of "
        "pure noise: it gives the mean of all pictures of the class, a blur. With a few steps the pictures are rough. The Frechet distance is "
        f"{figure(few['frechet_distance'])} with one step, and {figure(usual['frechet_distance'])} with {STEPS}. {more}"
    )
    _rows(bundle, "steps_shown", [f"{int(steps)} step{'s' if steps > 1 else ''}" for steps in rows["steps"]])
    left, right = st.columns(2, gap="medium")
    left.altair_chart(charts.distance_by_steps(rows), alt="Frechet distance against the number of steps")
    right.altair_chart(charts.time_by_steps(rows), alt="Milliseconds a picture against the number of steps")
    st.caption(
        f"On {int(usual['n']):,} validation pictures, many at once. Time grows with the steps: each is one more look through the network."
    )


def _strong_guidance(bundle: Bundle) -> None:
    table = bundle.table("settings.csv", COLUMNS)
    rows = table[table["steps"] == STEPS].sort_values("guidance")
    plain, strong = rows[rows["guidance"] == 1].iloc[0], rows.iloc[-1]
    st.subheader("Strong guidance")
    st.markdown(
        "**Guidance** exaggerates what makes the class different. At 0 your choice does not count. At 1 it counts as the network learnt it. Far above, all becomes "
        "bright and plain, and the pictures of a class look more and more alike."
    )
    _rows(bundle, "guidance_shown", [f"guidance {guidance:g}" for guidance in rows["guidance"]])
    left, right = st.columns([3, 2], gap="large")
    left.altair_chart(charts.by_guidance(rows), alt="Share read as asked, and recall, against guidance")
    less = strong["recall"] < plain["recall"]
    right.markdown(
        f"*Read as asked* goes from {plain['read_as_asked']:.0%} at guidance 1 to **{strong['read_as_asked']:.0%}** at {strong['guidance']:g}. "
        f"*Recall*, the measure of diversity, goes from {plain['recall']:.0%} to **{strong['recall']:.0%}**.\n\n"
        + (
            "So this is a trade: the clearer each picture, the less varied all of them. "
            if less and strong["read_as_asked"] >= plain["read_as_asked"]
            else "Too much of it makes the pictures less varied, and no clearer. "
            if less
            else ""
        )
        + f"This page starts at {GUIDANCE:g}."
    )


def _rows(bundle: Bundle, name: str, captions: list[str]) -> None:
    """Rows of pictures from the same noise, one of each class, in two columns of the page."""
    rows = list(zip(bundle.evaluation[name], captions, strict=True))
    # Two at a time, so that on a phone they stay in their order.
    for first in range(0, len(rows), 2):
        for (images, caption), column in zip(rows[first : first + 2], st.columns(2, gap="medium"), strict=False):
            with column:
                still(images, caption, f"One picture of each class: {caption}")

"""The demo of the sketch networks: what they say about a drawing, stroke by stroke."""

from __future__ import annotations

import streamlit as st

from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.drawing_demo import examples
from lib.tasks.sketches import charts, game
from lib.tasks.sketches import input as sketch
from lib.tasks.sketches.demo import KNOWS
from lib.tasks.sketches.input import GivenSketch
from lib.tasks.sketches.stroke_by_stroke import stages, when_it_knew
from lib.ui import cached
from lib.ui.charts import guess_bars
from lib.ui.header import guarded
from lib.ui.inputs.browser import in_browser
from lib.ui.inputs.canvas import CANVAS_SIDE, Canvas
from lib.ui.inputs.drawing import enlarged, pen_width, variant_answer, what_had_to_go
from lib.ui.layout import wrapping_columns
from lib.ui.sentences import percent
from lib.ui.strangers import warn

TOP = 5
"""Guesses that are shown."""
FACTOR = 4
"""Enlargement of the 28x28 pictures."""
DRAW, PLAY, UPLOAD = "Draw", "Play against the clock", "Upload a picture"


def try_sketch(bundle: Bundle) -> GivenSketch:
    """The live demo: ways to give a sketch, and the answer beside them."""
    slug = bundle.slug
    source = st.segmented_control(
        "How to give a sketch",
        [DRAW, PLAY, UPLOAD],
        default=DRAW,
        required=True,
        key=f"{slug}_source",
        label_visibility="collapsed",
    )
    if source == PLAY:
        Canvas("sketch").leave()
        return game.play(bundle)
    Canvas("game", kept=False).leave()
    if source == DRAW and in_browser(bundle):
        given = sketch.drawn_in_browser(bundle)
        with guarded():
            _over_the_strokes(cached.load(Classifier, slug), given)
        return given
    left, right = wrapping_columns(CANVAS_SIDE, "stretch")
    # Below, so that on a phone the answer comes before them.
    tools, seen = st.columns([4, 5], gap="medium")
    with left:
        if source == DRAW:
            canvas, (images, labels) = Canvas("sketch"), examples(bundle)
            # Before the tools below it, which it would push down.
            given = sketch.drawn(canvas, slug, pen_width(slug, sketch.PEN), "Draw one thing here:")
            sketch.pen_and_examples(canvas, slug, images, labels, tools)
        else:
            Canvas("sketch").leave()
            given = sketch.uploaded(slug)
    with right, guarded():
        classifier = cached.load(Classifier, slug)
        _answer(classifier, given)
        _over_the_strokes(classifier, given)
        with seen:
            _seen(classifier, given)
    what_had_to_go(given)
    return given


def _answer(classifier: Classifier, given: GivenSketch) -> None:
    """The best guess, and the five most probable ones as bars."""
    guesses = classifier.classify(given.image, TOP) if given.image is not None else []
    if guesses:
        best = guesses[0]
        if given.image is not None and classifier.is_strange(given.image):
            warn(KNOWS)
        with st.container(key="answer"):
            st.metric(
                f"Its best guess, {percent(best.probability)} sure",
                best.label,
                help=f"The most probable of {len(classifier.classes)} categories",
            )
    else:
        given.show_message()
    st.vega_lite_chart(
        guess_bars(guesses, TOP), alt="Probabilities of the five best guesses", height=200, key="probabilities"
    )


def _over_the_strokes(classifier: Classifier, given: GivenSketch) -> None:
    """How the probability of what it says now grew, stroke by stroke."""
    thought = stages(classifier, given.strokes)
    st.vega_lite_chart(
        charts.over_the_strokes(thought), alt="Probability of the answer after each stroke", height=170, key="strokes"
    )
    with st.container(key="knew"):
        if len(thought):
            st.caption(when_it_knew(thought))
        elif given.image is not None:
            st.caption("A picture has no strokes to follow. Draw on an empty canvas to see when it knows.")
        else:
            st.caption("Here you see at which stroke it knew.")


def _seen(classifier: Classifier, given: GivenSketch) -> None:
    """The picture that the network really sees, and the sheet simply shrunk; of the same height if there is none."""
    side = 28 * FACTOR
    seen, naive = st.columns(2, gap="small")
    with seen.container(key="seen"):
        st.image(enlarged(given.image, FACTOR), alt="Your sketch as the network sees it", width=side)
        st.caption("What the network sees: cropped, scaled, and drawn again with Quick, Draw!'s pen")
    with naive:
        st.image(enlarged(given.naive, FACTOR), alt="The whole sheet made small", width=side)
        if given.naive is None:
            st.caption("Without cropping: the whole sheet made small")
        else:
            guess = classifier.classify(given.naive, top=1)[0]
            st.caption(f"Without cropping it would say **{guess.label}** ({percent(guess.probability)})")


def sketch_variant(bundle: Bundle, variant: str, given: GivenSketch) -> None:
    """What one variant says about the sketch, of the same height whether there is one or not."""
    if given.image is None:
        variant_answer(variant, "sketch", None, "Draw a sketch above  \nto see this network's answer.")
        return
    best, second = cached.load(Classifier, bundle.slug, variant).classify(given.image, top=2)
    sure = f"{percent(best.probability)} sure.  \nNext: {second.label} with {percent(second.probability)}."
    variant_answer(variant, "sketch", best.label, sure)

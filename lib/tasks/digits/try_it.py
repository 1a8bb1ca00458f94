"""What the network says about a digit."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.bundles import Bundle
from lib.classifier import Classifier, Guess
from lib.tasks.digits import input as given_by
from lib.tasks.digits.demo import KNOWS
from lib.tasks.digits.input import GivenDigits
from lib.ui import cached, charts
from lib.ui.header import guarded
from lib.ui.inputs.browser import in_browser
from lib.ui.inputs.canvas import CANVAS_SIDE
from lib.ui.inputs.drawing import GivenDrawing, enlarged, variant_answer, what_had_to_go
from lib.ui.layout import wrapping_columns
from lib.ui.sentences import percent
from lib.ui.strangers import warn

FACTOR = 5
"""Enlargement of the 28x28 pictures."""


def _confidence(guess: Guess) -> str:
    if guess.probability > 0.95:
        return "It is sure."
    return "It thinks so." if guess.probability > 0.6 else "It is guessing."


def digit_answer(classifier: Classifier, given: GivenDigits) -> None:
    """The digit, the ten probabilities, and the picture that the network really sees."""
    classes = classifier.classes
    if given.image is None:
        given.show_message()
    elif given.advice:
        st.warning(given.advice, icon=":material/warning:")
    elif any(classifier.is_strange(image) for image in given.images):
        warn(KNOWS)
    if len(given.images) > 1:
        row_of_digits(classifier, given)
        return
    seen, bars = wrapping_columns(28 * FACTOR, "stretch")
    if given.image is None:
        seen.image(enlarged(None, FACTOR), caption="Nothing yet", alt="An empty picture", width=28 * FACTOR)
        probabilities = np.zeros(len(classes))
    else:
        guesses = classifier.classify(given.image)
        best, second = guesses[:2]
        with seen:
            with st.container(key="answer"):
                st.metric("The network reads", best.label, help="The most probable of ten digits")
            st.markdown(
                f"**{best.probability:.1%}** {_confidence(best)} Next: **{second.label}** with {percent(second.probability)}."
            )
            with st.container(key="seen"):
                st.image(
                    enlarged(given.image, FACTOR),
                    width=28 * FACTOR,
                    caption="What the network sees: 28 x 28 pixels, cropped, scaled and centred",
                    alt="Your digit as the network sees it",
                )
        by_label = {guess.label: guess.probability for guess in guesses}
        probabilities = np.array([by_label[label] for label in classes])
    with bars:
        height = 360 if given.image is not None else 305
        st.vega_lite_chart(
            charts.probability_bars(classes, probabilities, height),
            alt="Probabilities of the ten digits",
            height=height,
            key="probabilities",
        )


def row_of_digits(classifier: Classifier, given: GivenDigits) -> None:
    """Several digits from left to right, each with its bars."""
    each = [classifier.classify(image) for image in given.images]
    with st.container(key="answer"):
        st.metric("The network reads", "".join(guesses[0].label for guesses in each), help="Each digit on its own")
    st.markdown(f"**{len(each)} digits**, from left to right. The network looks at each one alone.")
    with st.container(key="digits_in_a_row", horizontal=True, gap="medium"):
        for i, (image, guesses) in enumerate(zip(given.images, each, strict=True)):
            with st.container(width=150):
                st.image(
                    enlarged(image, 3),
                    width=28 * 3,
                    caption=f"**{guesses[0].label}** with {percent(guesses[0].probability)}",
                    alt=f"Digit {i + 1} as the network sees it",
                )
                by_label = {guess.label: guess.probability for guess in guesses}
                st.vega_lite_chart(
                    charts.probability_bars(
                        classifier.classes, np.array([by_label[label] for label in classifier.classes]), 260
                    ),
                    alt=f"Probabilities of the ten digits for digit {i + 1}",
                    height=260,
                    key=f"probabilities_{i}",
                )


def without_preprocessing(classifier: Classifier, given: GivenDrawing) -> None:
    """The same sheet simply shrunk, and what the network makes of that; of the same height if there is none."""
    picture, words = wrapping_columns(84, "stretch")
    picture.image(enlarged(given.naive, 3), alt="The whole sheet made small", width=84)
    if given.naive is None:
        words.caption(
            "Without cropping: the whole sheet made small. Draw a small digit in a corner to see the difference."
        )
    else:
        guess = classifier.classify(given.naive, top=1)[0]
        words.caption(
            f"Without cropping, the network would see this and read **{guess.label}** ({percent(guess.probability)}). Draw a small digit "
            "in a corner to see the difference."
        )


def try_digit(bundle: Bundle) -> GivenDigits:
    """The live demo: ways to give a digit, and the answer beside them."""
    source = given_by.choose_source(bundle)
    if source == given_by.DRAW and in_browser(bundle):
        return given_by.drawn_in_browser(bundle)
    left, right = wrapping_columns(CANVAS_SIDE, "stretch")
    # Below, so that on a phone the answer comes before them.
    below = st.container()
    with left:
        given = given_by.drawn(bundle) if source == given_by.DRAW else given_by.uploaded(bundle)
    if source == given_by.DRAW:
        with below:
            given_by.pen_and_examples(bundle)
    with right, guarded():
        classifier = cached.load(Classifier, bundle.slug)
        digit_answer(classifier, given)
        without_preprocessing(classifier, given)
    with below:
        what_had_to_go(given)
    return given


def digit_variant(bundle: Bundle, variant: str, given: GivenDigits) -> None:
    """What one variant says about the digit, of the same height whether there is one or not."""
    if given.image is None:
        variant_answer(variant, "digit", None, "Draw a digit above to see this network's answer.")
        return
    classifier = cached.load(Classifier, bundle.slug, variant)
    if len(given.images) > 1:
        each = [classifier.classify(image, top=1)[0] for image in given.images]
        least = min(each, key=lambda guess: guess.probability)
        sure = f"Least sure of the {least.label}, with {percent(least.probability)}."
        variant_answer(variant, "digits", "".join(guess.label for guess in each), sure)
        return
    best, second = classifier.classify(given.image, top=2)
    sure = f"{best.probability:.1%} sure. Next: {second.label} with {percent(second.probability)}."
    variant_answer(variant, "digit", best.label, sure)

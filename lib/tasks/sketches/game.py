"""Draw a thing against the clock, while the network guesses."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from lib import pictures
from lib.bundles import Bundle
from lib.classifier import Classifier
from lib.images import BlankInputError
from lib.metrics import Guess
from lib.tasks.sketches import input as sketch
from lib.tasks.sketches import strokes
from lib.tasks.sketches.input import GivenSketch
from lib.ui import cached, session
from lib.ui.charts import guess_bars
from lib.ui.inputs.canvas import CANVAS_SIDE, Canvas
from lib.ui.inputs.countdown import countdown
from lib.ui.layout import wrapping_columns

SECONDS = 20.0
GRACE = 0.5
"""A stroke that was on its way when the time ran out still counts."""
GIVEN_UP = "given up"
KNOWN, ANY = "Things it knows well", "Any of them"
REAL = 10
"""Drawings by others that stand beside one's own."""
HISTORY = 12


def play(bundle: Bundle) -> GivenSketch:
    """A round of the game on a canvas of its own; the score stays in the session."""
    slug = bundle.slug
    state = st.session_state.setdefault(
        f"{slug}_game", {"word": None, "status": "waiting", "started": 0.0, "round": 0, "visit": 0, "rounds": []}
    )
    canvas = Canvas("game", kept=False)

    if state["status"] == "playing" and state["visit"] != session.visit():
        # Whoever left the page has left the round.
        state["status"] = "waiting"

    def press() -> None:
        if state["status"] == "playing":
            _give_up(state, canvas)
            return
        state["word"] = random.choice(_words(bundle, st.session_state[f"{slug}_words"], state["rounds"]))
        state.update(status="playing", started=time.monotonic(), round=state["round"] + 1, visit=session.visit())
        canvas.clear()

    # Above, so that on a phone the word and the clock are not below the canvas.
    prompt = st.container()
    left, right = wrapping_columns(CANVAS_SIDE, "stretch")
    with left:
        given = sketch.drawn(canvas, f"{slug}_game", sketch.PEN, "Draw here when the clock runs:")
    guesses = cached.load(Classifier, slug).classify(given.image, 5) if given.image is not None else []
    if state["status"] == "playing":
        _referee(state, given, guesses)
    with prompt:
        _prompt(slug, state, press)
    with right:
        if state["status"] == "playing":
            _guesses(guesses)
        elif state["status"] != "waiting":
            _result(bundle, state)
    _score(state)
    return given


def _words(bundle: Bundle, which: str, rounds: list[dict[str, Any]]) -> list[str]:
    """What may be asked for: nothing twice before everything was there."""
    right = bundle.evaluation["right_good"]
    known = [name for name, share in zip(bundle.classes, right, strict=True) if which == ANY or share >= 0.6]
    asked = {one["word"] for one in rounds}
    return [name for name in known if name not in asked] or known or bundle.classes


def _referee(state: dict[str, Any], given: GivenSketch, guesses: list[Guess]) -> None:
    """Whether the round is won, or over."""
    seconds = time.monotonic() - state["started"]
    won = bool(guesses) and guesses[0].label == state["word"] and seconds <= SECONDS + GRACE
    if not won and seconds < SECONDS:
        return
    state["status"] = "won" if won else "lost"
    said = guesses[0].label if guesses else None
    image = np.zeros((28, 28), np.uint8) if given.image is None else given.image
    state["rounds"].append(
        {"word": state["word"], "won": won, "seconds": min(seconds, SECONDS), "image": image, "said": said}
    )


def _give_up(state: dict[str, Any], canvas: Canvas) -> None:
    """End a round that is not played to its end, and count it as lost."""
    state["status"] = "lost"
    try:
        image = strokes.drawn_to_sketch(canvas.objects, canvas.rgba)
    except BlankInputError:
        image = np.zeros((28, 28), np.uint8)
    state["rounds"].append({"word": state["word"], "won": False, "seconds": SECONDS, "image": image, "said": GIVEN_UP})


def _prompt(slug: str, state: dict[str, Any], press: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = {"waiting": "Start", "playing": "Give up"}.get(state["status"], "Next round")
        st.button(label, key=f"{slug}_start", icon=":material/timer:", type="primary", on_click=press)
        st.segmented_control(
            "Words",
            [KNOWN, ANY],
            default=KNOWN,
            required=True,
            key=f"{slug}_words",
            disabled=state["status"] == "playing",
        )
    with st.container(key="prompt"):
        if state["status"] == "waiting":
            st.info(
                f"Press *Start*. You get a word and {SECONDS:.0f} seconds. You win when it is the network's best guess.",
                icon=":material/sports_esports:",
            )
        else:
            st.subheader(f"Draw {strokes.with_article(state['word'])} in {SECONDS:.0f} seconds")
    if state["status"] == "playing":
        left = SECONDS - (time.monotonic() - state["started"])
        countdown(max(0.0, left), SECONDS, state["round"], key=f"{slug}_clock")


def _guesses(guesses: list[Guess]) -> None:
    with st.container(key="said"):
        st.markdown(f"I see **{guesses[0].label}** …" if guesses else "I see nothing yet …")
    st.vega_lite_chart(guess_bars(guesses), alt="Probabilities of the five best guesses", key="game_bars")


def _result(bundle: Bundle, state: dict[str, Any]) -> None:
    last = state["rounds"][-1]
    with st.container(key="verdict"):
        if last["won"]:
            st.success(f"Guessed in {last['seconds']:.1f} seconds!", icon=":material/celebration:")
        elif last["said"] == GIVEN_UP:
            st.warning("You gave up. Here is what others drew.", icon=":material/flag:")
        elif last["said"]:
            st.warning(f"Time is up. The network saw: **{last['said']}**.", icon=":material/timer_off:")
        else:
            st.warning("Time is up, and the canvas is empty.", icon=":material/timer_off:")
    mine, others = st.columns([1, 3], gap="medium")
    mine.image(
        pictures.digit(last["image"], 4),
        caption="Yours, as the network saw it",
        alt="Your drawing as the network saw it",
        width="stretch",
    )
    drawings = _real(bundle, last["word"])
    others.image(
        pictures.sheet([pictures.grey(image) for image in drawings], columns=5, factor=3),
        caption=f"{last['word'][0].upper()}{last['word'][1:]}, drawn by {len(drawings)} players of Quick, Draw!",
        alt=f"{last['word']}, drawn by players of Quick, Draw!",
        width="stretch",
    )


def _real(bundle: Bundle, word: str) -> np.ndarray:
    evaluation = bundle.evaluation
    return evaluation["test_images"][evaluation["test_labels"] == bundle.classes.index(word)][:REAL]


def _score(state: dict[str, Any]) -> None:
    rounds = state["rounds"]
    if not rounds:
        return
    with st.container(key="score"):
        st.markdown(f"**{sum(one['won'] for one in rounds)} of {len(rounds)}** guessed so far")
    with st.container(horizontal=True, gap="small"):
        for one in rounds[: -HISTORY - 1 : -1]:
            what = f"in {one['seconds']:.0f} s" if one["won"] else f"not guessed ({one['said'] or 'nothing'})"
            st.image(
                pictures.digit(one["image"], 3), caption=f"{one['word']}, {what}", alt=f"Your {one['word']}", width=96
            )

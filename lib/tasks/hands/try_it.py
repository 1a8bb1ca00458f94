"""Rock, paper, scissors against the machine: the game of both hand experiments."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from lib.bundles import Bundle
from lib.tasks.hands import charts
from lib.tasks.hands.demo import demo
from lib.tasks.hands.input import CAMERA, LIVE, GivenHand, show_hand
from lib.tasks.hands.pictures import EXAMPLES
from lib.tasks.hands.reader import HandReader, views
from lib.tasks.hands.rules import CHANCE, MOVES, PREDICTOR, TO_WIN, Game, Predictor, beats, read_hand
from lib.ui import cached
from lib.ui.inputs.browser import in_browser
from lib.ui.inputs.countdown import countdown
from lib.ui.inputs.photo_in_browser import photo_demo

SECONDS = 3.0
"""From the click to "shoot"."""
FRAMES = 6
"""Frames of live video that a move is read from."""
PATIENCE, SLOWEST = 0.9, 3.0
"""Seconds after "shoot" in which they have to come, and in which the first one has to, where the video is slow."""
LISTED = 20
"""Rounds that the history lists."""
_WON = {1: "you", 0: "nobody", -1: "the machine"}


def game() -> Game:
    """The session's game."""
    return st.session_state.setdefault("rps_game", Game())


def play(bundle: Bundle) -> Image.Image | None:
    """The game, and what the person showed last, for the parts below."""
    if in_browser(bundle):
        return photo_demo(bundle, demo(bundle), EXAMPLES)
    now = game()
    left, right = st.columns(2, gap="large")
    with left:
        # Places first: what stands below keeps its own, however much there is to the hand.
        hand, button, clock, verdict = st.container(), st.container(), st.container(), st.container()
        with hand:
            given = show_hand(bundle)
    with right:
        _opponent(bundle, now)
        sealed, score = st.container(), st.container()
    with button:
        pressed = st.button(
            "Shoot!",
            key=f"{bundle.slug}_shoot",
            icon=":material/bolt:",
            type="primary",
            disabled=not given.ready,
            width="stretch",
            help=None if given.ready else "Start the camera, or give a picture, first.",
        )
    _referee(bundle, now, given, pressed, clock)
    with sealed:
        _sealed(now)
    with verdict:
        _verdict(now)
    with score:
        _after_the_round(now)
    _history(now)
    return now.frame if given.way == LIVE else given.image


def _opponent(bundle: Bundle, now: Game) -> None:
    chosen = st.segmented_control(
        "Your opponent",
        [CHANCE, PREDICTOR],
        default=now.opponent,
        required=True,
        key=f"{bundle.slug}_opponent",
        help="Chance draws its move. The mind reader guesses your next move from your earlier ones and plays what beats it.",
    )
    if chosen and chosen != now.opponent:
        now.opponent = chosen
        now.seal()


def _referee(bundle: Bundle, now: Game, given: GivenHand, pressed: bool, place: DeltaGenerator) -> None:
    """Run the clock, and read the hand when it is time."""
    if given.way != LIVE:
        now.started = None
        # A picture that was just taken is a move; others wait for the button.
        taken = given.way == CAMERA and given.photo is not now.judged.get(bundle.slug)
        if given.photo and given.image and (pressed or taken):
            if given.way == CAMERA:
                now.judged[bundle.slug] = given.photo
            reader = cached.load(HandReader, bundle.slug)
            now.decide(read_hand(list(reader.probabilities(views(given.image, reader.side)))))
        return
    if given.watcher is None:
        now.started = None
        return
    if pressed:
        now.started, now.clock = time.monotonic(), now.clock + 1
    if now.started is None:
        return
    left = SECONDS - (time.monotonic() - now.started)
    if left > 0.1:
        with place:
            countdown(left, SECONDS, now.clock, f"{bundle.slug}_clock", unit="", over="Shoot!")
        return
    now.started = None
    shoot = time.monotonic()
    while len(seen := given.watcher.since(shoot)) < FRAMES and time.monotonic() - shoot < (
        PATIENCE if seen else SLOWEST
    ):
        time.sleep(0.02)
    if seen:
        now.frame = Image.fromarray(seen[-1].picture)
    now.decide(read_hand([one.result for one in seen]), time.monotonic() - shoot)


def _sealed(now: Game) -> None:
    """The promise for the next round."""
    with st.container(border=True, key="sealed"):
        number = 1 if now.match.over else len(now.match.rounds) + 1
        st.markdown(
            f"**Round {number}.** The machine has already chosen its move. This is its seal: the SHA-256 of the move and a random number."
        )
        st.code(now.sealed.digest, language=None, wrap_lines=True)


def _verdict(now: Game) -> None:
    reading = now.reading
    with st.container(key="verdict"):
        if reading is None:
            st.info("Show your hand and press *Shoot!*", icon=":material/back_hand:")
            return
        if reading.move is None:
            st.warning(f"{reading.why} The machine keeps its move.", icon=":material/help:")
            return
        last = now.history[-1]
        said = {1: "**You win the round.**", 0: "**A draw.**", -1: "**The machine wins the round.**"}[last.outcome]
        show, icon = {
            1: (st.success, ":material/celebration:"),
            0: (st.info, ":material/handshake:"),
            -1: (st.warning, ":material/smart_toy:"),
        }[last.outcome]
        show(f"You: **{last.yours}**. The machine: **{last.commitment.move}**. {said}", icon=icon)
        how = f"Read from {last.frames} {'frames' if last.seconds is not None else 'views of the picture'}, {last.probability:.0%} sure"
        st.caption(how + (f", {last.seconds:.1f} s after *shoot*." if last.seconds is not None else "."))


def _after_the_round(now: Game) -> None:
    """The score, and how the machine came to its move of the last round that was read."""
    if not now.history:
        return
    last = now.history[-1]
    _score(now)
    with st.expander("Did it really move first? Check the seal of this round", icon=":material/lock_open:"):
        st.markdown(
            "The machine showed this seal before the round. Nobody can find another move and number with the same seal, so it could not change its "
            "mind."
        )
        st.code(last.commitment.digest, language=None, wrap_lines=True)
        st.markdown("Here are its move and its random number. Run this in a shell and compare:")
        st.code(last.commitment.check, language="bash", wrap_lines=True)
    if last.opponent == PREDICTOR:
        _mind_reading(now)


def _score(now: Game) -> None:
    you, machine = now.match.score
    with st.container(horizontal=True, key="score"):
        st.metric("You", you, width="stretch")
        st.metric("Machine", machine, width="stretch")
        st.metric("First to win", TO_WIN, width="stretch", help="The best of five; a draw counts for nobody.")
    if now.match.over:
        winner = "You win" if you > machine else "The machine wins"
        st.markdown(
            f"**{winner} the match {max(you, machine)} : {min(you, machine)}.** The next round begins a new one."
        )


def _mind_reading(now: Game) -> None:
    """What the mind reader knew before the last round, and what it made of it."""
    before = [one.yours for one in now.history[:-1]]
    last, model = now.history[-1], Predictor(before)
    with st.expander("What the mind reader was thinking", icon=":material/psychology:", expanded=True):
        if not before:
            st.markdown(
                "It knew nothing about you yet, so it drew its move. From now on it counts which move you show after which."
            )
            return
        expected = next(move for move in MOVES if beats(move) == last.commitment.move)
        chance_of = model.probabilities()[MOVES.index(expected)]
        st.markdown(
            f"Your move before was **{before[-1]}**. After that it expected **{expected}** ({chance_of:.0%}), so it played "
            f"**{last.commitment.move}**. You showed **{last.yours}**."
        )
        st.altair_chart(
            charts.next_moves(model.counts, MOVES, before[-1]),
            alt="How often each of your moves followed each other",
            key="next_moves",
        )
        st.caption(
            "This is a *Markov chain*: it counts how often each of your moves followed each other one. We add one to each count, so that nothing "
            "is impossible. It sees only your last move. It cannot read a person who plays truly at random, but few people do."
        )


def _history(now: Game) -> None:
    if not now.history:
        return
    rows = [
        {
            "round": i + 1,
            "you": one.yours,
            "machine": one.commitment.move,
            "won by": _WON[one.outcome],
            "opponent": one.opponent,
            "how sure": one.probability,
        }
        for i, one in enumerate(now.history)
    ]
    outcomes = [one.outcome for one in now.history]
    count = "One round" if len(rows) == 1 else f"{len(rows):,} rounds"
    title = f"{count}: {outcomes.count(1)} won, {outcomes.count(-1)} lost, {outcomes.count(0)} drawn"
    with st.expander(title, icon=":material/history:"):
        st.dataframe(
            pd.DataFrame(rows[: -LISTED - 1 : -1]),
            hide_index=True,
            column_config={"how sure": st.column_config.NumberColumn(format="percent")},
        )
        if len(rows) > LISTED:
            st.caption(f"The last {LISTED} of them.")
        st.button("Forget all rounds", key="rps_forget", icon=":material/delete:", on_click=_forget)


def _forget() -> None:
    old = game()
    st.session_state["rps_game"] = Game(opponent=old.opponent, judged=old.judged)

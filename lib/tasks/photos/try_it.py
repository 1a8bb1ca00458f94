"""The demo that recognises photos: what is on them, where the network looked, and what if."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from lib import pictures
from lib.bundles import Bundle
from lib.metrics import Guess
from lib.photos import CENTRE_SHARE, EXAMPLES, PAD_GREY, SQUARE_WAYS, to_square
from lib.tasks.photos import teaching
from lib.tasks.photos.demo import KNOWS, demo, teaching_demo
from lib.tasks.photos.recogniser import INPUT_SIDE, Look, Recogniser, change, cover
from lib.ui import cached
from lib.ui.charts import guess_bars
from lib.ui.inputs.browser import in_browser, show
from lib.ui.inputs.canvas import CANVAS_SIDE, Canvas
from lib.ui.inputs.photo import CAMERA, GivenPhotos, photo_input, show_credit, show_message
from lib.ui.inputs.photo_in_browser import photo_demo, say_that_own_photo_stays
from lib.ui.layout import wrapping_columns
from lib.ui.sentences import percent, plain
from lib.ui.strangers import warn

RECOGNISE, TEACH = "Recognise photos", "Teach it your own classes"
TOP = 5
UNCHANGED: dict[str, float] = {"blur": 0.0, "turn": 0, "grey": 0.0, "brightness": 1.0}
"""What the sliders of "What if?" say where nothing is changed."""
NAMES = {"crop": "Cut the middle out", "squeeze": "Squeeze", "pad": "Add bars"}


@dataclass(frozen=True)
class GivenLook:
    """A photo and what the network makes of it.

    Attributes:
        square: uint8 (224, 224, 3), as the network sees it; None when there is nothing to look at.
        look: of the network at it, or None.
        missing: what the person has to do first, when there is no look.
        finish: shows what takes longest, when all else is on the screen.
    """

    square: np.ndarray | None = None
    look: Look | None = None
    missing: str = ""
    finish: Callable[[], None] = lambda: None


def choose_task(bundle: Bundle) -> bool:
    """Let the person choose between asking and teaching; teaching is shown here, since on the server it may use live video.

    Returns:
        Whether teaching is shown, in the demo's place.
    """
    task = st.segmented_control(
        "What to do",
        [RECOGNISE, TEACH],
        default=RECOGNISE,
        required=True,
        key=f"{bundle.slug}_task",
        format_func=lambda task: f"{':material/search:' if task == RECOGNISE else ':material/school:'} {task}",
        label_visibility="collapsed",
    )
    if task == TEACH:
        Canvas("cover", kept=False).leave()
        if in_browser(bundle):
            show(teaching_demo(bundle), bundle, {})
        else:
            teaching.teach(bundle)
    return task == TEACH


def try_photo(bundle: Bundle) -> GivenLook:
    """The live demo: ways to give photos, the square, the guesses, where it looked, and what if."""
    if st.session_state.get(f"{bundle.slug}_task") == TEACH:
        return GivenLook(missing=f'Choose "{RECOGNISE}" above and give it a photo.')
    slug, recogniser = bundle.slug, cached.load(Recogniser, bundle.slug)
    if in_browser(bundle):
        square = to_square(photo_demo(bundle, demo(bundle), EXAMPLES), INPUT_SIDE)
        say_that_own_photo_stays(bundle)
        return _more(recogniser, slug, square, _look(recogniser, slug, square))
    left, right = st.columns([4, 5], gap="medium")
    with left:
        given = photo_input(slug)
        show_message(given)
        if given.image is None:
            return GivenLook(missing="Give the network a photo above.")
        # What was just taken still stands in the camera's own place.
        if st.session_state.get(f"{slug}_source") != CAMERA:
            st.image(given.image, width="stretch", alt=f"Your photo: {given.chosen.name if given.chosen else ''}")
        show_credit(given)
    with right:
        # Above what one can choose, so that on a phone it stands directly below the photo.
        answer = st.container(height=330, border=False)
        square, way = _square(slug, given.image)
        look = _look(recogniser, slug, square)
        with answer:
            _answer(recogniser, look)
        _other_squares(slug, given.image, way)
    _several(slug, given)
    return _more(recogniser, slug, square, look)


def _more(recogniser: Recogniser, slug: str, square: np.ndarray, look: Look) -> GivenLook:
    """Where the network looked, and what if."""
    finish = _where(recogniser, slug, square, look)
    _what_if(recogniser, slug, square, look)
    return GivenLook(square, look, finish=finish)


def _square(slug: str, image: Image.Image) -> tuple[np.ndarray, str]:
    """How the photo becomes a square, as the person chooses; the square and the way."""
    seen, choice = st.columns([2, 3], gap="medium")
    with choice:
        way = (
            st.radio(
                "The network takes squares. How to make one:",
                SQUARE_WAYS,
                key=f"{slug}_way",
                format_func=lambda way: NAMES[way],
            )
            or SQUARE_WAYS[0]
        )
        # Always there, so that it keeps what it says.
        share = st.slider(
            "Share of the shorter side",
            0.2,
            1.0,
            CENTRE_SHARE,
            0.025,
            key=f"{slug}_share",
            format="percent",
            disabled=way != "crop",
        )
    square = to_square(image, INPUT_SIDE, way, share)
    seen.image(
        square,
        caption=f"As the network sees it: {INPUT_SIDE} x {INPUT_SIDE} pixels",
        alt="The photo as the network sees it",
        width="stretch",
    )
    return square, way


def _look(recogniser: Recogniser, slug: str, square: np.ndarray) -> Look:
    """What the network makes of a square; the newest one of a session is remembered, for what else reruns."""
    state, mark = st.session_state, (recogniser, hashlib.sha1(square.tobytes()).digest())
    if state.get(f"{slug}_look", (None,))[0] != mark:
        state[f"{slug}_look"] = (mark, recogniser.look(square))
    return state[f"{slug}_look"][1]


def _answer(recogniser: Recogniser, look: Look) -> None:
    guesses = recogniser.guesses(look.probabilities, TOP)
    if look.strange:
        warn(KNOWS)
    with st.container(key="answer"):
        st.metric("It sees", guesses[0].label, percent(guesses[0].probability), delta_color="off", delta_arrow="off")
    st.vega_lite_chart(
        guess_bars(guesses, title="class"),
        alt="Probabilities of the five best guesses",
        height=200,
        key="probabilities",
    )


def _other_squares(slug: str, image: Image.Image, chosen: str) -> None:
    """What it says about the other squares."""
    others = [way for way in SQUARE_WAYS if way != chosen]
    said = [_best_guess(slug, to_square(image, INPUT_SIDE, way), cached.written(slug)) for way in others]
    st.caption(
        "Another square, another answer? "
        + "; ".join(
            f"*{NAMES[way].lower()}*: {guess.label}, {percent(guess.probability)}"
            for way, guess in zip(others, said, strict=True)
        )
    )


def _several(slug: str, given: GivenPhotos) -> None:
    """All photos that were given, each with the best guess."""
    shown = [photo for photo in given.photos if photo.image is not None]
    if len(given.photos) < 2:
        return
    st.subheader("All your photos")
    with st.container(horizontal=True, gap="small", key="several"):
        for photo in shown:
            square = to_square(photo.image, INPUT_SIDE)  # type: ignore[arg-type]  # those without one are not shown
            best = _best_guess(slug, square, cached.written(slug))
            st.image(
                square,
                caption=f"{plain(photo.name)}: {best.label}, {percent(best.probability)}",
                alt=photo.name,
                width=150,
            )
    for photo in given.photos:
        if photo.message:
            st.warning(f"{plain(photo.name)}: {photo.message}", icon=":material/warning:")


def _where(recogniser: Recogniser, slug: str, square: np.ndarray, look: Look) -> Callable[[], None]:
    """Two maps of what the answer depends on. The second one takes a hundred looks: what is returned makes and shows it."""
    st.subheader("Where it looked")
    guesses = recogniser.guesses(look.probabilities, TOP)
    label = st.pills(
        "For which answer",
        [guess.label for guess in guesses],
        default=guesses[0].label,
        required=True,
        wrap=True,
        # Another photo has other answers, of which the first is chosen anew.
        key=f"{slug}_label_{'_'.join(guess.label for guess in guesses)}",
        label_visibility="collapsed",
    )
    number = recogniser.classes.index(label or guesses[0].label)
    first, second, third = st.columns(3, gap="medium")
    first.image(
        square, caption="The photo as the network sees it", alt="The photo as the network sees it", width="stretch"
    )
    cam = recogniser.grad_cam(look, number)
    second.image(
        pictures.heat_on_photo(cam, square),
        caption=f"Grad-CAM: yellow where something speaks for {recogniser.classes[number]}",
        alt=f"Where something speaks for {recogniser.classes[number]}",
        width="stretch",
    )
    st.markdown(
        "Two ways to ask the same question. **Grad-CAM** ([Selvaraju et al., 2017](https://arxiv.org/abs/1610.02391)) looks inside: it adds up the "
        "last layer's 7 x 7 maps, each with its weight for this answer. **Occlusion** ([Zeiler and Fergus, 2014](https://arxiv.org/abs/1311.2901)) "
        "only watches from outside: it covers one part after the other and sees how the probability falls."
    )
    return partial(_show_occlusion, third, slug, square, number, recogniser.classes[number])


def _show_occlusion(place: DeltaGenerator, slug: str, square: np.ndarray, number: int, label: str) -> None:
    lost = _occlusion(slug, square, number, cached.written(slug))
    place.image(
        pictures.loss_on_photo(lost, square),
        caption=f"Occlusion, {lost.size} grey patches: blue where one makes it less sure of {label} (at most by "
        f"{100 * max(0.0, float(lost.max())):.0f} points), orange where surer",
        alt=f"Where a grey patch makes it less sure of {label}",
        width="stretch",
    )


def _what_if(recogniser: Recogniser, slug: str, square: np.ndarray, look: Look) -> None:
    st.subheader("What if?")
    st.markdown("Change the photo, or **cover a part of it with mouse or finger**. Watch the probabilities move.")
    sliders, drawing, result = wrapping_columns("stretch", CANVAS_SIDE, "stretch")
    for what, value in UNCHANGED.items():
        st.session_state.setdefault(f"{slug}_{what}", value)
    with sliders:
        blur = st.slider("Blur", 0.0, 10.0, step=0.5, key=f"{slug}_blur", format="%.1f px")
        turn = st.slider("Turn", -180, 180, step=5, key=f"{slug}_turn", format="%d°")
        grey = st.slider("Colour taken away", 0.0, 1.0, step=0.1, key=f"{slug}_grey", format="percent")
        brightness = st.slider("Brightness", 0.1, 2.0, step=0.1, key=f"{slug}_brightness", format="percent")
        st.button("Undo all changes", icon=":material/restart_alt:", key=f"{slug}_reset", on_click=_reset, args=(slug,))
    changed = change(square, blur=blur, turn=turn, grey=grey, brightness=brightness)
    with drawing:
        canvas = Canvas("cover", kept=False)
        mark = st.session_state[f"{slug}_look"][0]
        if st.session_state.setdefault(f"{slug}_covered", mark) != mark:
            # What covers one photo says nothing about the next.
            st.session_state[f"{slug}_covered"] = mark
            canvas.clear()
        pen = st.slider("Width of the pen", 10, 90, 40, key=f"{slug}_pen", format="%d px")
        covered = canvas.draw(
            pen, background=Image.fromarray(changed), colour=f"#{PAD_GREY:02X}{PAD_GREY:02X}{PAD_GREY:02X}"
        )
    final = cover(changed, covered)
    after = recogniser.probabilities(final[None])[0] if final is not square else look.probabilities
    with result:
        before = recogniser.guesses(look.probabilities, 1)[0]
        number = recogniser.classes.index(before.label)
        points = 100 * float(after[number] - before.probability)
        with st.container(key="what_if"):
            st.metric(
                f"Still: {before.label}?",
                percent(float(after[number])),
                f"{points:+.0f} points",
                delta_arrow="off" if abs(points) < 0.5 else "auto",
                delta_color="off" if abs(points) < 0.5 else "normal",
            )
        st.vega_lite_chart(
            guess_bars(recogniser.guesses(after, TOP), title="class"),
            alt="Probabilities of the five best guesses for the changed photo",
            key="what_if_probabilities",
        )


def _reset(slug: str) -> None:
    """Put the sliders back and empty the canvas."""
    st.session_state.update({f"{slug}_{what}": value for what, value in UNCHANGED.items()})
    Canvas("cover", kept=False).clear()


@st.cache_data(show_spinner=False, max_entries=128)
def _best_guess(slug: str, square: np.ndarray, written: str) -> Guess:
    """The best guess for a photo, uint8 (224, 224, 3); remembered, as sliders rerun what stands beside them."""
    network = cached.load(Recogniser, slug)
    return network.guesses(network.probabilities(square[None])[0], 1)[0]


@st.cache_data(show_spinner=False, max_entries=64)
def _occlusion(slug: str, square: np.ndarray, label: int, written: str) -> np.ndarray:
    """See `Recogniser.occlusion`; remembered, like `_best_guess`."""
    return cached.load(Recogniser, slug).occlusion(square, label)

"""Teach it your own classes: a handful of photos each, a head that learns in a moment, and then it answers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from lib import photos
from lib.bundles import Bundle
from lib.images import ENDINGS, InputError
from lib.tasks.photos import charts, few_shot, pieces
from lib.tasks.photos.few_shot import Head
from lib.tasks.photos.recogniser import INPUT_SIDE, Recogniser
from lib.ui import cached
from lib.ui.charts import probability_bars
from lib.ui.header import fragment
from lib.ui.inputs.live import live_video
from lib.ui.inputs.photo import CAMERA, EXAMPLE, RESOLUTION, UPLOAD, given_photos, photo_way, show_message, switch_to
from lib.ui.sentences import percent, plain

MOST_PHOTOS = 20
"""Of one class; more say little more, and the session's memory is for all."""
THUMBNAIL = 64
"""Side of the pictures of what was given, in pixels."""
LIVE = "Live video"
SHOWN_EVERY = 4
"""Steps of a training between two looks at its curves."""


@dataclass
class _Taught:
    """A class of the person's: its name, and what was given for it."""

    name: str
    thumbnails: list[np.ndarray] = field(default_factory=list)
    features: list[np.ndarray] = field(default_factory=list)


@dataclass
class _Lesson:
    """All that a session teaches."""

    classes: list[_Taught] = field(default_factory=lambda: [_Taught("first thing"), _Taught("second thing")])
    head: Head | None = None
    moments: pd.DataFrame | None = None
    message: str | None = None
    turn: int = 0
    before: _Lesson | None = None
    """What the person had made before it was begun anew."""


def _lesson(slug: str) -> _Lesson:
    return st.session_state.setdefault(f"{slug}_lesson", _Lesson())


def teach(bundle: Bundle) -> None:
    """Classes and their photos, the training, and the taught network's answers. To be called in the main script."""
    slug = bundle.slug
    st.markdown(
        "Make two to five classes, give each one some photos, and press *Train*. The network itself does not change. It turns each photo into 1,280 "
        "numbers, and a new last layer, the **head**, learns from these. Your photos stay in this session's memory and are never stored."
    )
    lesson = _lesson(slug)
    _gather(slug, lesson)
    if lesson.head is None:
        _bring_back(slug)
        return
    _results(slug)
    st.subheader("Ask it")
    way = photo_way(f"{slug}_ask", (UPLOAD, CAMERA, LIVE, EXAMPLE), {LIVE: ":material/videocam:"})
    if way == LIVE:
        recogniser, head = cached.load(Recogniser, slug), lesson.head
        video, answer = st.columns([4, 5], gap="medium")
        with video:
            watcher = live_video(
                f"{slug}_ask",
                partial(_look_at, recogniser, head),
                instead={way: partial(switch_to, f"{slug}_ask", way) for way in (CAMERA, UPLOAD)},
            )
        with answer:
            if watcher:
                _follow(slug)
        return
    _ask(slug, way or UPLOAD)


def _look_at(recogniser: Recogniser, head: Head, picture: np.ndarray) -> np.ndarray:
    """Probabilities of the taught classes for a picture of the camera's, uint8 (height, width, 3)."""
    square = photos.to_square(Image.fromarray(picture), INPUT_SIDE)
    return head.probabilities(recogniser.features(square[None]))[0]


@fragment
def _gather(slug: str, shown: _Lesson) -> None:
    """The classes with their photos, the buttons that fill them, and the training.

    Args:
        slug: of the page.
        shown: the lesson that the rest of the page tells of.
    """
    lesson = _lesson(slug)
    if lesson is not shown:
        # Begun anew: what the old one had learnt is to go from the page, too.
        st.rerun()
    # A new set of classes gets widgets of its own.
    key = f"{slug}_teach_{lesson.turn}"
    for column, (i, taught) in zip(
        st.columns(len(lesson.classes), gap="small"), enumerate(lesson.classes), strict=True
    ):
        with column.container(border=True, height="stretch"):
            taught.name = (
                st.text_input(f"Class {i + 1}", taught.name, max_chars=30, key=f"{key}_name_{i}").strip()
                or f"class {i + 1}"
            )
            st.file_uploader(
                f"Photos of {plain(taught.name)}",
                type=list(ENDINGS),
                accept_multiple_files=True,
                key=f"{key}_files_{i}_{len(taught.features)}",
                on_change=_add_files,
                args=(slug, i, f"{key}_files_{i}_{len(taught.features)}"),
                label_visibility="collapsed",
            )
            _thumbnails(taught)
    if lesson.message:
        st.warning(lesson.message, icon=":material/warning:")
    with st.container(horizontal=True, gap="small"):
        least, most = few_shot.CLASSES
        st.button(
            "Add a class",
            icon=":material/add:",
            key=f"{slug}_add",
            disabled=len(lesson.classes) >= most,
            on_click=_add_class,
            args=(slug,),
        )
        st.button(
            "Remove the last",
            icon=":material/remove:",
            key=f"{slug}_remove",
            disabled=len(lesson.classes) <= least,
            on_click=_remove_class,
            args=(slug,),
        )
        st.button(
            "Start over", icon=":material/delete:", key=f"{slug}_start_over", on_click=_start_over, args=(slug, False)
        )
        if lesson.before:
            st.button(
                "Undo: bring back my classes", icon=":material/undo:", key=f"{slug}_undo", on_click=_undo, args=(slug,)
            )
        st.button(
            "No photos? Take pieces of three examples",
            icon=":material/photo_library:",
            key=f"{slug}_fill",
            on_click=_start_over,
            args=(slug, True),
        )
    _camera(slug, lesson)
    if st.button("Train", type="primary", icon=":material/model_training:", key=f"{slug}_train"):
        _train(slug, lesson)


def _thumbnails(taught: _Taught) -> None:
    count = len(taught.thumbnails)
    if not count:
        st.caption("No photos yet.")
        return
    with st.container(horizontal=True, gap="xsmall"):
        for thumbnail in taught.thumbnails[-6:]:
            st.image(thumbnail, alt=f"A photo of {taught.name}", width=48)
    st.caption(f"{count} photos" if count > 1 else "1 photo")


def _camera(slug: str, lesson: _Lesson) -> None:
    with st.expander(
        "Take photos with the camera", icon=":material/photo_camera:", key=f"{slug}_taking", on_change="rerun"
    ) as taking:
        if not taking.open:
            # The browser would switch the camera on, seen or not.
            return
        names = [taught.name for taught in lesson.classes]
        which = st.segmented_control(
            "The next photo is one of",
            range(len(names)),
            default=0,
            required=True,
            key=f"{slug}_teach_{lesson.turn}_which",
            format_func=lambda i: plain(names[i]) if i < len(names) else "",
        )
        st.camera_input(
            "Take a photo",
            key=f"{slug}_teach_camera",
            resolution=RESOLUTION,
            on_change=_add_taken,
            args=(slug, which or 0),
            label_visibility="collapsed",
        )


def _add(slug: str, index: int, images: list[Image.Image]) -> None:
    """Look at photos once, and keep what the network says and a thumbnail."""
    taught = _lesson(slug).classes[index]
    room = MOST_PHOTOS - len(taught.features)
    if len(images) > room:
        _lesson(
            slug
        ).message = f"{plain(taught.name)} has {MOST_PHOTOS} photos now, which is enough. We left out the others."
    recogniser = cached.load(Recogniser, slug)
    for image in images[:room]:
        square = photos.to_square(image, INPUT_SIDE)
        taught.features.append(recogniser.features(square[None])[0])
        taught.thumbnails.append(np.asarray(Image.fromarray(square).resize((THUMBNAIL, THUMBNAIL))))


def _add_files(slug: str, index: int, key: str) -> None:
    lesson = _lesson(slug)
    if not key.startswith(f"{slug}_teach_{lesson.turn}_") or index >= len(lesson.classes):
        # Of a class that is no more: a widget that goes away may tell so by its callback.
        return
    images, messages = [], []
    for file in st.session_state.get(key) or []:
        try:
            images.append(photos.read_photo(file.getvalue()))
        except InputError as error:
            messages.append(f"{plain(file.name)}: {error}")
    lesson.message = "\n\n".join(messages) or None
    _add(slug, index, images)


def _add_taken(slug: str, index: int) -> None:
    file = st.session_state.get(f"{slug}_teach_camera")
    if file:
        _lesson(slug).message = None
        _add(slug, min(index, len(_lesson(slug).classes) - 1), [photos.read_photo(file.getvalue())])


def _add_class(slug: str) -> None:
    lesson = _lesson(slug)
    lesson.classes.append(_Taught(f"{('third', 'fourth', 'fifth')[len(lesson.classes) - 2]} thing"))


def _remove_class(slug: str) -> None:
    _lesson(slug).classes.pop()


def _start_over(slug: str, fill: bool) -> None:
    """Begin anew; fill the classes with pieces of the examples if asked to. One's own classes can be brought back."""
    old = _lesson(slug)
    own = old.head is not None or any(taught.features for taught in old.classes)
    # One step back is enough, and all that the session's memory should hold.
    before = dataclasses.replace(old, before=None) if own else old.before
    lesson = st.session_state[f"{slug}_lesson"] = _Lesson(turn=old.turn + 1, before=before)
    if not fill:
        return
    lesson.classes = [_Taught(name) for name in pieces.EXAMPLES]
    for i, (name, boxes) in enumerate(pieces.boxes().items()):
        image = photos.example(name).open()
        _add(slug, i, [image.crop(box) for box in boxes])


def _undo(slug: str) -> None:
    """Bring back what was there before it was begun anew."""
    lesson = _lesson(slug)
    if lesson.before:
        st.session_state[f"{slug}_lesson"] = dataclasses.replace(lesson.before, turn=lesson.turn + 1)


def _train(slug: str, lesson: _Lesson) -> None:
    """Learn before the person's eyes, and show the page anew with what was learnt."""
    names = [taught.name for taught in lesson.classes]
    lesson.message = None
    try:
        if len(set(names)) < len(names):
            raise InputError("Two classes have the same name: please give each its own.")
        few_shot.check({taught.name: len(taught.features) for taught in lesson.classes})
    except InputError as error:
        st.warning(str(error), icon=":material/warning:")
        return
    features = np.array([one for taught in lesson.classes for one in taught.features])
    labels = np.repeat(np.arange(len(names)), [len(taught.features) for taught in lesson.classes])
    place, rows = st.empty(), []
    for moment in few_shot.train(features, labels, names):
        rows += [
            {"step": moment.step, "set": "train", "loss": moment.loss, "accuracy": moment.accuracy},
            {
                "step": moment.step,
                "set": "validation",
                "loss": moment.left_out_loss,
                "accuracy": moment.left_out_accuracy,
            },
        ]
        if moment.step % SHOWN_EVERY == 0:
            with place.container():
                _curves(pd.DataFrame(rows), f"{slug}_live_{moment.step}")
        lesson.head = moment.head
    lesson.moments = pd.DataFrame(rows)
    # The whole page, since live video may not stand in a fragment.
    st.rerun()


def _curves(moments: pd.DataFrame, key: str) -> None:
    left, right = st.columns(2, gap="medium")
    left.vega_lite_chart(
        charts.head_curves(moments, "accuracy", few_shot.STEPS), alt="Accuracy over the training", key=f"{key}_accuracy"
    )
    right.vega_lite_chart(
        charts.head_curves(moments, "loss", few_shot.STEPS), alt="Loss over the training", key=f"{key}_loss"
    )


def _results(slug: str) -> None:
    """The curves, what they say, and the head to take home."""
    lesson = _lesson(slug)
    head, moments = lesson.head, lesson.moments
    if head is None:
        return
    if moments is None:
        st.success(f"Your head is back. It knows {plain(_listed(head.classes))}.", icon=":material/check:")
    else:
        st.subheader("How it learnt your classes")
        _curves(moments, f"{slug}_taught")
        last = moments[moments["step"] == moments["step"].max()].set_index("set")
        own, new = last.loc["train", "accuracy"], last.loc["validation", "accuracy"]
        st.markdown(
            f"Dashed: its training photos, **{own:.0%}** right in the end. Full: for each photo, a head that learnt from all *others* "
            f"(*leave-one-out*), **{new:.0%}** right. Expect this for new photos of the same kind. {_advice(own, new)}"
        )
    st.download_button(
        "Download the head",
        head.to_bytes(),
        "head.npz",
        icon=":material/download:",
        key=f"{slug}_head",
        on_click="ignore",
    )


def _advice(own: float, new: float) -> str:
    if new >= 0.95:
        return "Now show it the same things in another light, in front of another wall, from another side."
    if own - new > 0.15:
        return "It knows its own photos much better. More photos help, and more different ones."
    return "Even its own photos are hard for it. Are the classes really different?"


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _bring_back(slug: str) -> None:
    with st.expander("Bring back a head that you downloaded", icon=":material/upload_file:"):
        file = st.file_uploader("The file head.npz", type=["npz"], key=f"{slug}_head_file")
        if not file:
            return
        try:
            head = few_shot.read_head(file.getvalue())
        except InputError as error:
            st.warning(str(error), icon=":material/warning:")
            return
        lesson = _lesson(slug)
        lesson.head, lesson.moments = head, None
        lesson.classes = [_Taught(name) for name in head.classes[: few_shot.CLASSES[1]]]
        lesson.turn += 1
        st.rerun()


@fragment
def _ask(slug: str, way: str) -> None:
    """A photo, and what the head says about it."""
    head = _lesson(slug).head
    left, right = st.columns([4, 5], gap="medium")
    with left:
        given = given_photos(f"{slug}_ask", way, several=True)
        show_message(given)
        if given.image is None or head is None:
            return
        # What was just taken still stands in the camera's own place.
        if way != CAMERA:
            st.image(given.image, alt="Your photo", width=280)
    square = photos.to_square(given.image, INPUT_SIDE)
    with right:
        _say(head, head.probabilities(cached.load(Recogniser, slug).features(square[None]))[0], f"{slug}_asked")


@partial(fragment, run_every=0.5)
def _follow(slug: str) -> None:
    """What the head says about the live video."""
    watcher, head = st.session_state.get(f"{slug}_ask_watcher"), _lesson(slug).head
    seen = watcher.latest() if watcher else None
    if watcher is None or seen is None or head is None or len(seen.result) != len(head.classes):
        st.caption("Waiting for the first picture ...")
        return
    _say(head, seen.result, f"{slug}_live")
    st.caption(f"{watcher.frames_per_second:.0f} pictures looked at per second, {seen.milliseconds:.0f} ms each")


def _say(head: Head, probabilities: np.ndarray, key: str) -> None:
    best = int(probabilities.argmax())
    with st.container(key="taught_answer"):
        st.metric(
            "Your network says",
            plain(head.classes[best]),
            percent(float(probabilities[best])),
            delta_color="off",
            delta_arrow="off",
        )
    st.vega_lite_chart(
        probability_bars(head.classes, probabilities, height=40 * len(head.classes) + 50, title="class"),
        alt="Probabilities of your classes",
        key=f"{key}_bars",
    )

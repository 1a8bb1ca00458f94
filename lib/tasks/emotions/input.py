"""Ways to give a face where the server does the work: a drawn one, live video, the camera, an upload."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st
from PIL import Image

from lib.bundles import Bundle
from lib.tasks.emotions import drawn
from lib.tasks.emotions.demo import FIRST
from lib.tasks.emotions.drawn import EXPRESSIONS, RANGES, Expression
from lib.tasks.emotions.faces import FaceFinder
from lib.tasks.emotions.pictures import with_boxes_on_array
from lib.tasks.emotions.reader import EmotionReader, read_faces
from lib.ui import cached
from lib.ui.inputs.browser import in_browser
from lib.ui.inputs.live import live_video, video_troubled
from lib.ui.inputs.photo import CAMERA, EXAMPLE, UPLOAD, instead_of_video, photo_way

LIVE = "Live video"
INPUT_WAYS = (EXAMPLE, LIVE, CAMERA, UPLOAD)
AT_ONCE = 5
"""So many faces of a frame are read, the largest ones, so that the video does not wait."""
PRIVATE = "The camera's pictures go to the server that runs this page, are looked at there, and are neither stored nor passed on."
SLIDERS = {
    "smile": "Corners of the mouth: down to up",
    "mouth": "Mouth: closed to open",
    "brows": "Brows: low to high",
    "frown": "Inner ends of the brows: up to down",
    "eyes": "Eyes: closed to wide open",
    "wrinkles": "Wrinkles of the nose",
}
"""What the sliders move, by the parts of an `Expression`."""


@dataclass(frozen=True)
class GivenFace:
    """The face that all parts of the page look at.

    Attributes:
        image: as the network takes it, uint8 (48, 48); None when there is none.
        drawn: whether it is a drawn one.
    """

    image: np.ndarray | None = None
    drawn: bool = False


def choose_way(bundle: Bundle) -> None:
    """The ways to give a face, and the live video, which must not stand in a fragment."""
    slug = bundle.slug
    if in_browser(bundle) or photo_way(slug, INPUT_WAYS, {LIVE: ":material/videocam:"}) != LIVE:
        return
    finder, reader = cached.load(FaceFinder, slug), cached.load(EmotionReader, slug)
    video, beside = st.columns([3, 2], gap="large")
    with video:
        watcher = live_video(
            slug,
            lambda picture: read_faces(finder, reader, Image.fromarray(picture), (1,), AT_ONCE),
            with_boxes_on_array,
            instead_of_video(slug),
        )
    if watcher:
        beside.caption(f"Each face gets a box with the most probable word. {PRIVATE}")
    elif not video_troubled(slug):
        beside.info(f"Start the camera and make a face. {PRIVATE}", icon=":material/videocam:")


def drawn_face(slug: str) -> Expression:
    """The drawn faces to choose from and the sliders; the expression that they are at."""
    name = st.pills(
        "Drawn face",
        list(EXPRESSIONS),
        default=FIRST,
        required=True,
        key=f"{slug}_example",
        on_change=_move_sliders,
        args=(slug,),
        label_visibility="collapsed",
    )
    at_first = asdict(EXPRESSIONS[name or FIRST])
    values = {}
    for part, words in SLIDERS.items():
        # Set here and not as the widget's default, since the pills set them, too.
        st.session_state.setdefault(f"{slug}_{part}", at_first[part])
        values[part] = st.slider(words, *RANGES[part], step=0.05, key=f"{slug}_{part}")
    return drawn.expression(values)


def _move_sliders(slug: str) -> None:
    for part, value in asdict(EXPRESSIONS[st.session_state.get(f"{slug}_example") or FIRST]).items():
        st.session_state[f"{slug}_{part}"] = value

"""Ways to show a hand: rendered examples, live video, the camera, an upload."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from lib.bundles import Bundle
from lib.tasks.hands.data import to_input
from lib.tasks.hands.pictures import EXAMPLES, labelled
from lib.tasks.hands.reader import HandReader
from lib.ui import cached
from lib.ui.inputs.browser import in_browser
from lib.ui.inputs.live import Watcher, live_video, video_troubled
from lib.ui.inputs.photo import (
    CAMERA,
    EXAMPLE,
    UPLOAD,
    Photo,
    given_photos,
    instead_of_video,
    photo_way,
    show_credit,
    show_message,
)

LIVE = "Live video"
INPUT_WAYS = (EXAMPLE, LIVE, CAMERA, UPLOAD)
PRIVATE = "The camera's pictures go to the server that runs this page, are looked at there, and are neither stored nor passed on."


HIGH = 280
"""Longer side of the picture as it is shown, in pixels."""


@dataclass(frozen=True)
class GivenHand:
    """What a person shows.

    Attributes:
        way: one of `INPUT_WAYS`.
        photo: the picture that was given; None when there is none yet, or video.
        watcher: of the live video while it plays.
    """

    way: str
    photo: Photo | None = None
    watcher: Watcher[np.ndarray] | None = None

    @property
    def image(self) -> Image.Image | None:
        return self.photo.image if self.photo else None

    @property
    def ready(self) -> bool:
        """Whether there is anything to read a hand from."""
        return self.image is not None or self.watcher is not None


def choose_way(bundle: Bundle) -> None:
    """The ways to show a hand, and the live video, which must not stand in a fragment."""
    slug = bundle.slug
    st.session_state[f"{slug}_live"] = None
    if in_browser(bundle):
        return
    if photo_way(slug, INPUT_WAYS, {LIVE: ":material/videocam:"}) != LIVE:
        return
    reader = cached.load(HandReader, slug)
    video, beside = st.columns(2, gap="large")
    with video:
        watcher = st.session_state[f"{slug}_live"] = live_video(
            slug,
            lambda picture: reader.probabilities(to_input(Image.fromarray(picture), reader.side)[None])[0],
            labelled,
            instead_of_video(slug),
        )
    if watcher:
        beside.caption(
            f"Hold one hand in the middle of the picture, so that it fills about half of it. Then press *Shoot!* {PRIVATE}"
        )
    elif not video_troubled(slug):
        beside.info(
            "Start the camera. Hold one hand in the middle of the picture, so that it fills about half of it. Avoid a bright window behind "
            f"it. Then press *Shoot!* {PRIVATE}",
            icon=":material/videocam:",
        )


def show_hand(bundle: Bundle) -> GivenHand:
    """Show the way that was chosen, other than the live video, which stands above, and return what was given."""
    slug = bundle.slug
    way = st.session_state.get(f"{slug}_source") or EXAMPLE
    if way == LIVE:
        return GivenHand(way, watcher=st.session_state.get(f"{slug}_live"))
    given = given_photos(slug, way, EXAMPLES, several=False)
    show_message(given)
    chosen = given.chosen
    if chosen and chosen.image is not None and way != CAMERA:
        # Of one height, so that nothing moves when another picture comes.
        with st.container(key="hand", height=HIGH + 16, border=False):
            width, height = chosen.image.size
            st.image(chosen.image, alt="Your picture", width=round(HIGH * min(1, width / height)))
    show_credit(given)
    if way == CAMERA:
        st.caption(PRIVATE)
    return GivenHand(way, chosen if chosen and chosen.image is not None else None)

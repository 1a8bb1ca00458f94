"""The demo of the detector: what it finds on a photo or on live video."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from lib.bundles import Bundle
from lib.tasks.detection import boxes
from lib.tasks.detection import detector as detect
from lib.tasks.detection.demo import EXAMPLES, demo
from lib.tasks.detection.detector import Detection, Detector, Raw
from lib.ui import cached
from lib.ui.header import fragment
from lib.ui.inputs.browser import in_browser
from lib.ui.inputs.live import Watcher, live_video, video_troubled
from lib.ui.inputs.photo import (
    CAMERA,
    EXAMPLE,
    UPLOAD,
    given_photos,
    instead_of_video,
    photo_way,
    show_credit,
    show_message,
)
from lib.ui.inputs.photo_in_browser import photo_demo

LIVE = "Live video"
INPUT_WAYS = (EXAMPLE, UPLOAD, CAMERA, LIVE)
LEAST = 0.1
"""The lowest threshold that one may choose."""
REFRESH = 0.5
"""Seconds between two looks at what the live video shows."""


@dataclass(frozen=True)
class GivenThings:
    """A photo and what the network says about it.

    Attributes:
        image: RGB; None when there is nothing to look at.
        raw: of the network, or None.
        threshold: that the person chose.
        classes: the only ones that count, or None for all.
    """

    image: Image.Image | None = None
    raw: Raw | None = None
    threshold: float = detect.THRESHOLD
    classes: Sequence[str] | None = None


@dataclass
class _Wish:
    """What is to be drawn on live video; read by the thread that draws."""

    threshold: float = detect.THRESHOLD
    classes: frozenset[str] = field(default_factory=frozenset)

    def chosen(self, found: Sequence[Detection]) -> list[Detection]:
        return [one for one in found if one.score >= self.threshold and (not self.classes or one.label in self.classes)]


def choose_way(bundle: Bundle) -> None:
    """The ways to give a photo, and the live video, which must not stand in a fragment."""
    slug = bundle.slug
    if in_browser(bundle):
        return
    way = photo_way(slug, INPUT_WAYS, {LIVE: ":material/videocam:"})
    if way != LIVE:
        return
    detector = cached.load(Detector, slug)
    wish: _Wish = st.session_state.setdefault(f"{slug}_wish", _Wish())
    video, beside = st.columns([3, 2], gap="medium")
    with video:
        watcher = live_video(
            slug,
            lambda picture: detector.detect(picture, LEAST),
            lambda picture, found: boxes.draw_on_array(picture, wish.chosen(found)),
            instead_of_video(slug),
        )
    with beside:
        # Only while it plays is there anything to ask again and again.
        fragment(_beside_video, REFRESH if watcher else None)(bundle, watcher, wish)


def _beside_video(bundle: Bundle, watcher: Watcher[list[Detection]] | None, wish: _Wish) -> None:
    """What was seen last, how fast, and what is to be drawn."""
    slug = bundle.slug
    wish.threshold, wish.classes = _settings(bundle, "live")
    if watcher is None:
        if video_troubled(slug):
            return
        st.info(
            "Start the camera and hold things in front of it: a cup, a book, a phone, a banana. The video goes to the server that runs this "
            "page. The server looks at it and does not store it or pass it on.",
            icon=":material/videocam:",
        )
        return
    recent = watcher.since(time.monotonic() - 2)
    rate, delay = watcher.frames_per_second, np.median([seen.milliseconds for seen in recent]) if recent else 0
    with st.container(horizontal=True, key="live_speed"):
        st.metric("Frames per second", f"{rate:.0f}" if recent else "–", width="stretch")
        st.metric(
            "Latency", f"{delay:.0f} ms" if recent else "–", help="From a frame's arrival to its boxes", width="stretch"
        )
    newest = watcher.latest()
    with st.container(key="live_found"):
        if newest is None:
            st.info("Waiting for the first frame ...", icon=":material/hourglass_empty:")
        else:
            _table(wish.chosen(newest.result), bundle, sorted(wish.classes), with_boxes=False)
    if newest and st.button(
        "Look inside at this moment", icon=":material/screenshot_frame:", key=f"{slug}_freeze", width="stretch"
    ):
        st.session_state[f"{slug}_frozen"] = Image.fromarray(newest.picture)
        st.rerun()


def try_detection(bundle: Bundle) -> GivenThings:
    """The photo with its boxes, what may be chosen, and a table; of live video the moment that was kept, if any."""
    slug = bundle.slug
    if in_browser(bundle):
        image = photo_demo(bundle, demo(bundle), EXAMPLES)
        return GivenThings(image, _raw(slug, image))
    way = st.session_state.get(f"{slug}_source") or EXAMPLE
    if way == LIVE:
        frozen: Image.Image | None = st.session_state.get(f"{slug}_frozen")
        if frozen is None:
            return GivenThings()
        st.caption("*Inside* below shows the moment that you chose.")
        return GivenThings(frozen, _raw(slug, frozen), _live_threshold(slug))
    photo, beside = st.columns([3, 2], gap="medium")
    with photo:
        given = given_photos(slug, way, EXAMPLES)
        show_message(given)
    with beside:
        threshold, classes = _settings(bundle, "photo")
    if given.image is None:
        return GivenThings(threshold=threshold)
    raw = _raw(slug, given.image)
    wanted = sorted(classes) or None
    found = cached.load(Detector, slug).detections(raw, threshold, classes=wanted)
    with photo.container(key="photo"):
        st.image(boxes.draw_detections(given.image, found), alt="Your photo with the boxes", width="stretch")
        show_credit(given)
    with beside.container(key="found"):
        _table(found, bundle, wanted)
    return GivenThings(given.image, raw, threshold, wanted)


def nothing_found(bundle: Bundle, wanted: Sequence[str] | None) -> str:
    """Why there are no boxes, and what to do."""
    if wanted:
        return f"No {' or '.join(wanted)} has this score. Lower the score, or choose other classes, too."
    return f"Nothing has this score. It knows only {len(bundle.classes)} kinds of things. Lower the score, or show it other things."


def _settings(bundle: Bundle, where: str) -> tuple[float, frozenset[str]]:
    """The threshold and the classes that a person chooses."""
    threshold = st.slider(
        "Show boxes from this score on",
        LEAST,
        0.95,
        detect.THRESHOLD,
        0.05,
        key=f"{bundle.slug}_{where}_threshold",
        help="Lower: it finds more things, and more boxes are wrong. The network does not run again.",
    )
    classes = st.multiselect(
        "Only these classes",
        sorted(bundle.classes),
        key=f"{bundle.slug}_{where}_classes",
        placeholder=f"All {len(bundle.classes)} classes",
    )
    return threshold, frozenset(classes)


def _live_threshold(slug: str) -> float:
    return st.session_state.get(f"{slug}_live_threshold", detect.THRESHOLD)


def _raw(slug: str, image: Image.Image) -> Raw:
    """What the network says about a photo, asked once as long as the photo stays the same."""
    kept: tuple[Image.Image, Raw] | None = st.session_state.get(f"{slug}_raw")
    if kept is None or kept[0] is not image:
        detector: Detector = cached.load(Detector, slug)
        kept = st.session_state[f"{slug}_raw"] = (image, detector.raw(image))
    return kept[1]


def _table(found: Sequence[Detection], bundle: Bundle, wanted: Sequence[str] | None, with_boxes: bool = True) -> None:
    """What was found, the surest first."""
    if not found:
        st.info(nothing_found(bundle, wanted), icon=":material/search_off:")
        return
    st.markdown(detect.in_words(found))
    rows = []
    for one in found:
        left, top, right, bottom = (round(side) for side in one.box)
        row: dict[str, object] = {"found": one.label, "score": 100 * one.score}
        if with_boxes:
            row["box"] = f"{left}, {top} to {right}, {bottom}"
        rows.append(row)
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=min(36 * (len(rows) + 1) + 2, 254),
        column_config={
            # Beside a box there is no room for a bar.
            "score": st.column_config.NumberColumn("score", format="%.0f %%", width="small")
            if with_boxes
            else st.column_config.ProgressColumn("score", min_value=0, max_value=100, format="%.0f %%"),
            "box": st.column_config.TextColumn(
                "box", help="Upper left and lower right corner, in pixels from the upper left corner of the picture"
            ),
        },
    )

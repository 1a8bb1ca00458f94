"""Emotions in a real browser, whose camera plays a clip of an astronaut."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.camera import (
    ALLOWED,
    PAINTED,
    SIZE,
    camera_flags,
    choose_in_browser,
    nothing_leaves,
    start_in_browser,
    write_frames,
)
from tests.emotions.people import astronaut, black, forty
from tests.gestures import leave

HAPPY = [240, 190, 60]
"""Colour of a happy face's box."""


def write_face(path: Path) -> Path:
    """A clip of a face that moves a little."""
    face = astronaut().resize((480, 480))
    frames = [Image.new("RGB", SIZE, (120, 130, 140)) for _ in range(10)]
    for i, frame in enumerate(frames):
        frame.paste(face, (60 + 3 * abs(5 - i), 0))
    return write_frames(path, frames)


def upload(page: Page, picture: Image.Image) -> None:
    file = io.BytesIO()
    picture.save(file, "PNG")
    page.locator(".iml-drop input").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )


def word(page: Page):
    return page.locator(".iml-faces .iml-metric strong")


@pytest.mark.alone
def test_drawn_faces_photos_and_live_video_stay_in_the_browser(launch, server, tmp_path):
    context = launch(ALLOWED, *camera_flags(write_face(tmp_path / "face.mjpeg")))
    page = context.new_page()
    with nothing_leaves(page):
        page.goto(f"{server}/emotions?run=browser")
        expect(page.locator(".iml-faces[data-ready][data-finds]")).to_be_visible()
        page.get_by_label("Mouth: closed to open").fill("0.5")
        page.get_by_label("Corners of the mouth").fill("1")
        expect(word(page)).to_have_text("happy")
        # The rest of the page follows.
        expect(page.get_by_text("I see happy").first).to_be_visible()

        choose_in_browser(page, "Upload")
        upload(page, forty())
        expect(page.get_by_text("40 faces. The largest one is number 1.")).to_be_visible()
        expect(page.get_by_role("radio", name="Face 12", exact=True)).to_be_attached()
        upload(page, black())
        expect(page.get_by_text("The picture is almost black.")).to_be_visible()
        expect(word(page)).to_have_text("\u2013")
        upload(page, astronaut())
        expect(word(page)).to_have_text("happy")
        expect(page.get_by_text("Your photo stays in your browser.").first).to_be_visible()

        choose_in_browser(page, "Live video")
        start_in_browser(page)
        expect(word(page)).to_have_text("happy")
        page.wait_for_function(
            f"(colour) => ({PAINTED})(document.querySelector('.iml-stage .iml-over'), colour) > 200", arg=HAPPY
        )
        # Who looks into a camera expects a mirror.
        expect(page.locator(".iml-stage video.iml-mirrored")).to_be_visible()
    leave(context)

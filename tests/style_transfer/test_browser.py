"""Style transfer in a real browser, whose camera plays a clip of a cat."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from lib import bundles
from lib.tasks.style_transfer.painter import Painter
from lib.tasks.style_transfer.paintings import PAINTINGS, PHOTOS
from tests.camera import ALLOWED, camera_flags, choose_in_browser, nothing_leaves, start_in_browser, write_clip
from tests.gestures import leave

# The network needs a second for a photo, and much more where several tests share the processor.
PATIENCE = 90_000


def png(picture: Image.Image) -> dict[str, object]:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return {"name": "picture.png", "mimeType": "image/png", "buffer": file.getvalue()}


def downloaded(page: Page) -> np.ndarray:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as PNG", exact=True).click()
    with Image.open(waiting.value.path()) as picture:
        return np.asarray(picture.convert("RGB")).astype(float)


def painted(page: Page, name: str) -> None:
    expect(page.locator(f'.iml-repaint[data-painted="{name}"]')).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".iml-speed")).to_contain_text("Painted in", timeout=PATIENCE)


@pytest.mark.alone
def test_photos_and_live_video_are_painted_in_the_browser(launch, server, tmp_path):
    context = launch(ALLOWED, *camera_flags(write_clip(tmp_path / "cat.mjpeg")))
    page = context.new_page()
    painter = Painter(bundles.load("style_transfer"))
    with nothing_leaves(page):
        page.goto(f"{server}/style_transfer?run=browser")
        painted(page, "Starry Night")
        _, expected = painter.paint_with(PHOTOS[0].open(), (painter.style(PAINTINGS[0].open()), None))
        assert np.abs(downloaded(page) - expected).mean() < 2

        # Half of the way from the photo's own style to that of another painting, with the photo's colours.
        page.locator(".iml-paintings label", has_text="Great Wave").click()
        painted(page, "Great Wave")
        page.get_by_label("Keep the colours of the photo").check()
        page.get_by_label("Strength of the style").fill("50")
        painted(page, "Great Wave")
        style = painter.style(PAINTINGS[1].open())
        _, expected = painter.paint_with(PHOTOS[0].open(), (style, None), strength=0.5, own_colours=True)
        assert np.abs(downloaded(page) - expected).mean() < 2
        # The rest of the page follows.
        expect(page.get_by_text("The neighbours of Great Wave")).to_be_visible()

        # Pictures that are hardly any.
        styles = page.get_by_label("A picture as the style")
        styles.set_input_files(png(Image.new("RGB", (1, 1))))  # type: ignore[arg-type]
        expect(page.get_by_text("This picture is too small")).to_be_visible()
        styles.set_input_files(png(Image.new("RGBA", (40, 40), (0, 0, 0, 0))))  # type: ignore[arg-type]
        painted(page, "Your picture")
        choose_in_browser(page, "Upload")
        page.get_by_label("A photo", exact=True).set_input_files(png(Image.new("RGB", (320, 240))))  # type: ignore[arg-type]
        expect(page.get_by_text("The photo is almost black.")).to_be_visible()
        expect(page.get_by_text("Your photo stays in your browser.").first).to_be_visible()

        page.locator(".iml-paintings label", has_text="Udnie").click()
        choose_in_browser(page, "Live video")
        start_in_browser(page)
        expect(page.locator(".iml-speed")).to_contain_text(
            re.compile(r"frames a second, \d+ x \d+ pixels"), timeout=PATIENCE
        )
    leave(context)

"""Rock, paper, scissors in a real browser, whose camera plays a clip of a rendered hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from lib import photos
from tests.camera import ALLOWED, SIZE, camera_flags, start_video, stop_video, take_photo, write_frames
from tests.gestures import leave

SLUG = "rps_mobilenet"
VERDICT = re.compile(r"You: paper\. The machine: (rock|paper|scissors)\.")


def write_hand(path: Path) -> Path:
    """A clip of an open hand that sways a little before white."""
    hand = photos.Example("paper", "", "").open().resize((460, 460), Image.Resampling.BICUBIC)
    frames = [Image.new("RGB", SIZE, (250, 250, 250)) for _ in range(12)]
    for i, frame in enumerate(frames):
        frame.paste(hand, (90 + 2 * abs(6 - i), 20))
    return write_frames(path, frames)


@pytest.fixture(scope="module")
def with_camera(launch, tmp_path_factory) -> BrowserContext:
    return launch(ALLOWED, *camera_flags(write_hand(tmp_path_factory.mktemp("camera") / "hand.mjpeg")))


@pytest.fixture
def camera_page(with_camera, server) -> Iterator[Page]:
    page = with_camera.new_page()
    page.goto(f"{server}/{SLUG}?run=server")
    yield page
    leave(with_camera)


def choose(page: Page, way: str) -> None:
    page.get_by_role("radio", name=way).click()


def shoot(page: Page) -> None:
    page.get_by_role("button", name="Shoot!").click()


@pytest.mark.alone
def test_a_round_with_live_video_is_decided_within_a_second(camera_page):
    page = camera_page
    choose(page, "Live video")
    expect(page.get_by_role("button", name="Shoot!")).to_be_disabled()
    start_video(page)
    expect(page.get_by_role("button", name="Shoot!")).to_be_enabled()
    shoot(page)
    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.locator(".st-key-verdict")).to_contain_text(VERDICT)
    told = page.locator(".st-key-verdict").get_by_text(re.compile(r"Read from \d+ frames")).inner_text()
    frames, seconds = (float(found) for found in re.search(r"Read from (\d+) frames.* ([\d.]+) s after", told).groups())
    assert frames > 1
    assert seconds <= 1.0
    # A second round needs no new start.
    shoot(page)
    expect(page.get_by_text("2 rounds:")).to_be_visible()
    stop_video(page)


def test_a_picture_from_the_camera_is_a_move(camera_page):
    page = camera_page
    choose(page, "Camera")
    expect(page.get_by_text("neither stored nor passed on")).to_be_visible()
    take_photo(page)
    expect(page.locator(".st-key-verdict")).to_contain_text(VERDICT)
    expect(page.get_by_text("One round:")).to_be_visible()


def test_an_upload_and_a_file_that_is_none(page, server):
    page.goto(f"{server}/{SLUG}?run=server")
    choose(page, "Upload")
    picker = page.locator("input[type=file]").first
    picker.set_input_files([photos.Example("scissors", "", "").path])
    shoot(page)
    expect(page.locator(".st-key-verdict")).to_contain_text("You: scissors.")
    picker.set_input_files({"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_text("This file is not a picture")).to_be_visible()
    expect(page.get_by_role("button", name="Shoot!")).to_be_disabled()

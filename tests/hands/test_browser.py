"""Rock, paper, scissors in a real browser, whose camera plays a clip of a rendered hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from lib import photos
from tests.camera import (
    ALLOWED,
    SIZE,
    camera_flags,
    choose_in_browser,
    nothing_leaves,
    start_in_browser,
    start_video,
    stop_video,
    take_photo,
    write_frames,
)
from tests.gestures import arrive, leave

SLUG = "rps_mobilenet"
VERDICT = re.compile(r"You: paper\. The machine: (rock|paper|scissors)\.")

VERDICT_IN_BROWSER = re.compile(
    r"^You: paper\. The machine: (rock|paper|scissors)\. (You win the round|A draw|The machine wins the round)\.$"
)


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
    page = arrive(with_camera)
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


def verdict(page: Page):
    """What the referee in the browser says."""
    return page.locator(".iml-verdict")


def read_seal(page: Page) -> str:
    seal = page.locator(".iml-card .iml-code")
    expect(seal).to_have_text(re.compile("^[0-9a-f]{64}$"))
    return seal.inner_text()


@pytest.mark.alone
def test_a_round_with_live_video_in_the_browser(with_camera, server):
    page = arrive(with_camera)
    with nothing_leaves(page):
        page.goto(f"{server}/{SLUG}?run=browser")
        choose_in_browser(page, "Live video")
        expect(page.get_by_role("button", name="Shoot!")).to_be_disabled()
        start_in_browser(page)
        expect(page.locator(".iml-best")).to_contain_text("paper")
        seal = read_seal(page)
        shoot(page)
        expect(page.get_by_role("timer")).to_be_visible()
        expect(verdict(page)).to_have_text(VERDICT_IN_BROWSER)
        told = page.get_by_text(re.compile(r"Read from \d+ looks")).inner_text()
        assert float(re.search(r"([\d.]+) s after", told)[1]) <= 1.0
        # The move is the one that was sealed before the hand was seen.
        line = page.get_by_text("sha256sum").text_content()
        text = re.search("'((rock|paper|scissors) [0-9a-f]{32})'", line)
        assert hashlib.sha256(text[1].encode()).hexdigest() == seal
        assert f"The machine: {text[2]}." in verdict(page).inner_text()
        assert read_seal(page) != seal
    leave(with_camera)


def test_pictures_are_moves_in_the_browser(page, server):
    page.goto(f"{server}/{SLUG}?run=browser")
    seal = read_seal(page)
    shoot(page)
    expect(verdict(page)).to_contain_text("You: rock. The machine: ")
    expect(page.get_by_text("One round:")).to_be_visible()
    # Where there is no hand, the machine keeps its move.
    after = read_seal(page)
    assert after != seal
    page.locator(".iml-demo").get_by_role("radio", name="espresso").check()
    expect(page.locator(".iml-best")).to_contain_text("nothing")
    shoot(page)
    expect(verdict(page)).to_have_text(re.compile("I see no hand.*The machine keeps its move"))
    assert read_seal(page) == after
    choose_in_browser(page, "Upload")
    page.locator(".iml-drop input").set_input_files([photos.Example("scissors", "", "").path])
    expect(page.locator(".iml-best")).to_contain_text("scissors")
    shoot(page)
    expect(verdict(page)).to_contain_text("You: scissors.")
    expect(page.get_by_text("2 rounds:")).to_be_visible()
    expect(page.get_by_text("Your photo stays in your browser.").first).to_be_visible()
    page.locator(".iml-demo").get_by_role("radio", name="Mind reader").check()
    shoot(page)
    expect(page.get_by_text("3 rounds:")).to_be_visible()
    page.get_by_text("What the mind reader was thinking").click()
    expect(page.get_by_text("Your move before was scissors.")).to_be_visible()

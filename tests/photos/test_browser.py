"""Image classification in a real browser: uploads, covering with the mouse, the camera, and teaching."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib import photos
from tests import files
from tests.camera import ALLOWED, camera_flags, start_video, take_photo, write_clip
from tests.gestures import draw, go, leave

SLUG = "image_classification"


@pytest.fixture(scope="module")
def with_camera(launch, tmp_path_factory) -> BrowserContext:
    """A visitor whose camera plays a clip of a cat."""
    return launch(ALLOWED, *camera_flags(write_clip(tmp_path_factory.mktemp("camera") / "cat.mjpeg")))


@pytest.fixture
def camera_page(with_camera) -> Iterator[Page]:
    yield with_camera.new_page()
    leave(with_camera)


def visit(page: Page, address: str) -> None:
    page.goto(f"{address}/{SLUG}?run=server")
    expect(answer(page)).to_have_text("Egyptian cat")
    # A click before the page is whole could be lost.
    expect(page.get_by_text("Make it yourself")).to_be_attached()


def answer(page: Page):
    return page.locator(".st-key-answer").get_by_test_id("stMetricValue")


def taught(page: Page):
    return page.locator(".st-key-taught_answer").get_by_test_id("stMetricValue")


def teach_examples(page: Page) -> None:
    page.get_by_role("radio", name="Teach it your own classes").click()
    page.get_by_role("button", name="No photos? Take pieces of three examples").click()
    expect(page.get_by_text("6 photos")).to_have_count(3)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("How it learnt your classes")).to_be_visible()


def test_several_photos_are_uploaded_at_once_and_bad_ones_get_a_sentence(page, server):
    visit(page, server)
    page.get_by_role("radio", name="Upload").click()
    given = [
        {"name": one.path.name, "mimeType": "image/jpeg", "buffer": one.path.read_bytes()}
        for one in map(photos.example, ("espresso", "macaw"))
    ]
    bad = {"name": "bad.png", "mimeType": "image/png", "buffer": files.BAD["text.png"][0]}
    page.locator('input[type="file"]').first.set_input_files([*given, bad])
    expect(answer(page)).to_have_text("espresso")
    expect(page.locator(".st-key-several img")).to_have_count(2)
    expect(page.get_by_text("bad.png: This file is not a picture")).to_be_visible()
    page.locator(f".st-key-{SLUG}_upload_which").get_by_text("macaw.jpg").click()
    expect(answer(page)).to_have_text("macaw")
    # Whoever comes back from another page finds them again.
    go(page)
    expect(page.get_by_role("heading", name="Interactive Machine Learning Experiments")).to_be_visible()
    go(page, "Image classification")
    expect(page.locator(".st-key-several img")).to_have_count(2)
    expect(answer(page)).to_have_text("espresso")


def test_covering_the_cat_makes_it_unsure(page, server):
    visit(page, server)
    still = page.locator(".st-key-what_if").get_by_test_id("stMetricValue")
    before = still.inner_text()
    draw(page, [[(40, y), (240, y)] for y in (60, 95, 130, 165, 200)])
    expect(still).not_to_have_text(before)
    page.get_by_role("button", name="Undo all changes").click()
    expect(still).to_have_text(before)


def test_the_cameras_picture_is_recognised(camera_page, server):
    visit(camera_page, server)
    camera_page.get_by_role("radio", name="Camera").click()
    take_photo(camera_page)
    expect(answer(camera_page)).to_contain_text("cat")


@pytest.mark.alone
def test_own_classes_are_taught_asked_live_and_taken_home(camera_page, server):
    page = camera_page
    visit(page, server)
    teach_examples(page)
    page.get_by_role("radio", name="Live video").click()
    start_video(page)
    expect(taught(page)).to_have_text("cat")
    expect(page.get_by_text("pictures looked at per second")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the head").click()
    head = download.value.path().read_bytes()
    # The video plays on until the page has nothing left to ask.
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("How it learnt your classes")).to_have_count(0)
    expect(page.get_by_text("No photos yet.")).to_have_count(2)
    expect(page.get_by_text("encountered an error")).to_have_count(0)
    page.reload()
    page.get_by_role("radio", name="Teach it your own classes").click()
    page.get_by_text("Bring back a head that you downloaded").click()
    chooser = page.locator('input[type="file"]').last
    chooser.set_input_files({"name": "head.npz", "mimeType": "application/zip", "buffer": b"no head"})
    expect(page.get_by_text("This file does not hold a trained head")).to_be_visible()
    chooser.set_input_files({"name": "head.npz", "mimeType": "application/zip", "buffer": head})
    expect(page.get_by_text("It knows cat, espresso and panda")).to_be_visible()


def test_the_camera_gives_photos_of_a_class(camera_page, server):
    visit(camera_page, server)
    camera_page.get_by_role("radio", name="Teach it your own classes").click()
    camera_page.get_by_text("Take photos with the camera").click()
    take_photo(camera_page)
    expect(camera_page.get_by_text("1 photo", exact=True)).to_be_visible()

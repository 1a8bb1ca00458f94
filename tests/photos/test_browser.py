"""Image classification in a real browser: uploads, covering with the mouse, the camera, and teaching."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from lib import photos
from lib.tasks.photos import few_shot
from tests import files
from tests.camera import (
    ALLOWED,
    camera_flags,
    choose_in_browser,
    nothing_leaves,
    start_in_browser,
    start_video,
    take_photo,
    write_clip,
)
from tests.gestures import arrive, draw, go, leave

SLUG = "image_classification"


@pytest.fixture(scope="module")
def with_camera(launch, tmp_path_factory) -> BrowserContext:
    """A visitor whose camera plays a clip of a cat."""
    return launch(ALLOWED, *camera_flags(write_clip(tmp_path_factory.mktemp("camera") / "cat.mjpeg")))


@pytest.fixture
def camera_page(with_camera) -> Iterator[Page]:
    yield arrive(with_camera)
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


def seen(page: Page):
    """What the network in the browser sees."""
    return page.locator(".iml-photos .iml-answer strong")


def test_photos_are_recognised_in_the_browser_and_stay_there(page, server, espresso):
    # As large as what phones take, turned on its side, as its own data say.
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = espresso.resize((1600, 1200)).transpose(Image.Transpose.ROTATE_90)
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (600, 900, 3), np.uint8))
    given = [
        {"name": "turned.jpg", "mimeType": "image/jpeg", "buffer": files.encode(turned, "JPEG", exif=exif)},
        {"name": "noise.png", "mimeType": "image/png", "buffer": files.encode(noise)},
        {"name": "bad.png", "mimeType": "image/png", "buffer": files.BAD["text.png"][0]},
    ]
    with nothing_leaves(page):
        page.goto(f"{server}/{SLUG}?run=browser")
        expect(seen(page)).to_have_text("Egyptian cat")
        choose_in_browser(page, "Upload")
        page.locator(".iml-drop input").set_input_files(given)
        expect(seen(page)).to_have_text("espresso")
        expect(page.locator(".iml-several canvas")).to_have_count(2)
        expect(page.get_by_text("bad.png: This browser cannot read this file")).to_be_visible()
        expect(page.get_by_text("Your photo stays in your browser.").first).to_be_visible()
        size = page.locator(".iml-stage canvas").first.evaluate("canvas => [canvas.width, canvas.height]")
        assert size == [1280, 960]
        page.locator(".iml-demo").get_by_role("radio", name="noise.png").check()
        expect(seen(page)).not_to_have_text("espresso")
        # The parts below go with the example, whose name is all that is told.
        choose_in_browser(page, "Example")
        page.locator(".iml-demo").get_by_role("radio", name="panda").check()
        expect(seen(page)).to_have_text("giant panda")
        expect(page.get_by_text("Your photo stays in your browser.")).to_have_count(0)
        expect(page.get_by_text("Grad-CAM: yellow where something speaks for giant panda")).to_be_visible()


def test_another_square_is_made_in_the_browser(page, server):
    page.goto(f"{server}/{SLUG}?run=browser")
    expect(page.get_by_text("Another square, another answer? squeeze: Egyptian cat")).to_be_visible()
    page.locator(".iml-demo").get_by_role("radio", name="Add bars").check()
    expect(page.get_by_text("Another square, another answer? cut the middle out:")).to_be_visible()
    expect(page.get_by_label("Share of the shorter side").last).to_be_hidden()


@pytest.mark.alone
def test_the_camera_is_recognised_in_the_browser(camera_page, server):
    page = camera_page
    page.goto(f"{server}/{SLUG}?run=browser")
    choose_in_browser(page, "Live video")
    start_in_browser(page)
    expect(seen(page)).to_contain_text("cat")
    choose_in_browser(page, "Camera")
    start_in_browser(page)
    page.get_by_role("button", name="Take a picture").click()
    expect(page.get_by_role("button", name="Take another picture")).to_be_visible()
    expect(seen(page)).to_contain_text("cat")
    # Only one thing at a time: the camera is off.
    assert page.evaluate("document.querySelector('.iml-stage video').srcObject === null")


def says(page: Page):
    """What the network that was taught in the browser says."""
    return page.locator(".iml-taught strong")


def open_teaching(page: Page, server: str) -> None:
    page.goto(f"{server}/{SLUG}?run=browser")
    expect(seen(page)).to_have_text("Egyptian cat")
    # A click before the page is whole could be lost.
    expect(page.get_by_text("Make it yourself")).to_be_attached()
    page.get_by_role("radio", name="Teach it your own classes").click()
    expect(page.locator(".iml-teach[data-ready]")).to_be_visible()


def teach_pieces(page: Page) -> None:
    page.get_by_role("button", name="No photos? Take pieces of three examples").click()
    expect(page.get_by_text("6 photos.")).to_have_count(3)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("leave-one-out")).to_be_visible()


def test_own_classes_are_taught_in_the_browser_and_stay_there(page, server, espresso):
    large = espresso.resize((1600, 1200))
    given = [
        {"name": f"{i}.jpg", "mimeType": "image/jpeg", "buffer": files.encode(large.rotate(i), "JPEG")}
        for i in range(2)
    ]
    bad = {"name": "bad.png", "mimeType": "image/png", "buffer": files.BAD["text.png"][0]}
    with nothing_leaves(page):
        open_teaching(page, server)
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.get_by_text("Please give first thing and second thing at least two photos")).to_be_visible()
        teach_pieces(page)
        page.get_by_role("button", name="Add a class").click()
        page.get_by_label("Class 4", exact=True).fill("<b>mine</b>")
        page.get_by_label("Photos of class 4").set_input_files([*given, bad])
        expect(page.get_by_text("bad.png: This browser cannot read this file")).to_be_visible()
        expect(page.get_by_text("2 photos.")).to_be_visible()
        # What was removed comes back.
        page.get_by_role("button", name="Remove photo 1").last.click()
        expect(page.get_by_text("1 photo.")).to_be_visible()
        page.get_by_role("button", name="Undo: bring back the photo").click()
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.locator(".iml-teach .iml-label", has_text="<b>mine</b>")).to_be_visible()
        page.get_by_label("Photos", exact=True).set_input_files(given)
        expect(says(page)).to_have_text("<b>mine</b>")
        choose_in_browser(page, "Example")
        expect(says(page)).to_have_text("cat")


def test_a_head_is_taken_home_from_the_browser_and_brought_back(page, server):
    open_teaching(page, server)
    teach_pieces(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the head").click()
    head = download.value.path().read_bytes()
    assert few_shot.read_head(head).classes == ("cat", "espresso", "panda")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("leave-one-out")).to_be_hidden()
    page.get_by_text("Bring back a head that you downloaded").click()
    chooser = page.get_by_label("The file head.npz")
    chooser.set_input_files({"name": "head.npz", "mimeType": "application/zip", "buffer": head[:-100]})
    expect(page.get_by_text("This file does not hold a trained head")).to_be_visible()
    chooser.set_input_files({"name": "head.npz", "mimeType": "application/zip", "buffer": head})
    expect(page.get_by_text("It knows cat, espresso and panda")).to_be_visible()
    choose_in_browser(page, "Example")
    expect(says(page)).to_have_text("cat")


@pytest.mark.alone
def test_the_camera_records_a_class_in_the_browser(camera_page, server):
    page = camera_page
    open_teaching(page, server)
    teach_pieces(page)
    page.get_by_text("Take photos with the camera").click()
    recorder = page.locator(".iml-fold[open]")
    recorder.get_by_role("button", name="Start the camera").click()
    recorder.get_by_role("button", name="Take a picture").click()
    expect(recorder.get_by_text("Photo 7 of cat.")).to_be_visible()
    recorder.get_by_role("button", name="Hold to record").hover()
    page.mouse.down()
    expect(recorder.get_by_text("Photo 9 of cat.")).to_be_visible()
    page.mouse.up()
    choose_in_browser(page, "Live video")
    page.locator(".iml-ask").get_by_role("button", name="Start the camera").click()
    expect(says(page)).to_have_text("cat")
    # Only one of the two uses the camera.
    assert recorder.locator("video").evaluate("video => video.srcObject === null")

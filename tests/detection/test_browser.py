"""Object detection in a real browser: uploads, the camera's picture, and live video, from a camera that plays a clip of a cat."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib import bundles, photos
from lib.tasks.detection import boxes
from tests.camera import (
    ALLOWED,
    PAINTED,
    camera_flags,
    choose_in_browser,
    nothing_leaves,
    start_in_browser,
    start_video,
    stop_video,
    take_photo,
    video,
    write_clip,
)
from tests.gestures import arrive, go, leave

SLUG = "object_detection"
BUSY = 60_000
"""Milliseconds that two videos may need on a machine that does other things, too."""
CAT = boxes.colour_of(bundles.load(SLUG).classes.index("cat"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return write_clip(tmp_path_factory.mktemp("camera") / "cat.mjpeg")


@pytest.fixture(scope="module")
def with_camera(launch, clip) -> BrowserContext:
    return launch(ALLOWED, *camera_flags(clip))


@pytest.fixture
def visit(server) -> Iterator[Callable[[BrowserContext], Page]]:
    """Opens the page for a visitor, and closes it after the test. Otherwise its video would go on."""
    visitors: set[BrowserContext] = set()
    scripted: list[Page] = []

    def open_page(visitor: BrowserContext, script: str | None = None, run: str = "server") -> Page:
        page = visitor.new_page() if visitor in visitors or script else arrive(visitor)
        visitors.add(visitor)
        page.set_default_timeout(60_000)
        if script:
            page.add_init_script(script)
            scripted.append(page)
        page.goto(f"{server}/{SLUG}?run={run}")
        return page

    yield open_page
    for page in scripted:
        page.close()
    for visitor in visitors:
        leave(visitor)


def choose(page: Page, way: str) -> None:
    page.get_by_role("radio", name=way).click()


def painted(page: Page) -> int:
    """How many pixels of the video have the colour of the boxes around cats."""
    return video(page).locator("video").evaluate(PAINTED, list(CAT))


def wait_for_paint(page: Page, there: bool = True) -> None:
    deadline = 300
    while (painted(page) > 300) != there:
        deadline -= 1
        assert deadline, f"{painted(page)} pixels have the colour of the box"
        page.wait_for_timeout(100)


def see_a_cat(page: Page) -> None:
    start_video(page)
    expect(page.locator(".st-key-live_found")).to_contain_text("Found: cat", timeout=BUSY)
    wait_for_paint(page)


def test_uploaded_photos_and_bad_ones(page, server):
    page.goto(f"{server}/{SLUG}?run=server")
    expect(page.locator(".st-key-found")).to_contain_text("Found: cup, dining table.")
    choose(page, "Upload")
    picker = page.locator("input[type=file]").first
    picker.set_input_files([photos.example("macaw").path])
    expect(page.locator(".st-key-found")).to_contain_text("Found: bird.")
    expect(page.locator(".st-key-photo img")).to_be_visible()
    expect(page.locator(".st-key-origin")).to_contain_text("From anchor")
    picker.set_input_files({"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.locator(f".st-key-{SLUG}_upload_which").get_by_text("bad.png").click()
    expect(page.get_by_text("This file is not a picture")).to_be_visible()


def test_a_picture_from_the_camera(with_camera, visit):
    page = visit(with_camera)
    choose(page, "Camera")
    take_photo(page)
    expect(page.locator(".st-key-found")).to_contain_text("Found: cat.")
    # The photo stays when its widget goes.
    choose(page, "Example")
    expect(page.locator(".st-key-found")).to_contain_text("cup")
    choose(page, "Camera")
    expect(page.locator(".st-key-found")).to_contain_text("Found: cat.")


@pytest.mark.alone
def test_live_video_has_boxes_and_can_be_looked_into(with_camera, visit):
    page = visit(with_camera)
    choose(page, "Live video")
    see_a_cat(page)
    speed = page.locator(".st-key-live_speed")
    expect(speed).to_contain_text("ms")
    # A class that is not there: the boxes go at once, the video goes on.
    page.get_by_role("combobox", name="Only these classes").fill("zebra")
    page.get_by_role("option", name="zebra").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("No zebra has this score")).to_be_visible()
    wait_for_paint(page, there=False)
    # Of a frame that came through badly the network may be less sure.
    threshold = page.get_by_role("slider", name="Show boxes from this score")
    for _ in range(6):
        threshold.press("ArrowLeft")
    expect(threshold).to_have_value("0.1")
    page.get_by_role("button", name="Look inside at this moment").click()
    expect(page.get_by_text("shows the moment that you chose")).to_be_visible()
    expect(page.locator(".st-key-origin")).to_contain_text("From anchor")
    expect(speed).to_contain_text("ms")
    stop_video(page)
    expect(page.get_by_text("Start the camera and hold things in front of it")).to_be_visible()


@pytest.mark.alone
def test_two_viewers_at_once(with_camera, visit):
    first, second = visit(with_camera), visit(with_camera)
    for page in (first, second):
        choose(page, "Live video")
        see_a_cat(page)
    # Who stops does not stop the other.
    stop_video(first)
    wait_for_paint(second)


@pytest.mark.alone
def test_video_starts_again_after_a_stop_and_after_another_page(with_camera, visit):
    page = visit(with_camera)
    choose(page, "Live video")
    see_a_cat(page)
    stop_video(page)
    see_a_cat(page)
    # Leaving the page ends the video; coming back finds it ready.
    go(page, "Digits recognition (MLP)")
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (MLP)")
    go(page, "Object detection")
    choose(page, "Live video")
    see_a_cat(page)


def test_no_camera_is_told_and_the_upload_offered(visitor, visit):
    page = visit(visitor)
    choose(page, "Live video")
    expect(page.get_by_text("This browser finds no camera.")).to_be_visible()
    expect(page.get_by_text("Start the camera")).to_have_count(0)
    page.get_by_role("button", name="Upload a photo").click()
    expect(page.get_by_role("radio", name="Upload")).to_be_checked()
    expect(page.locator("input[type=file]").first).to_be_attached()


def test_a_refused_camera_is_told_and_the_picture_offered(launch, clip, visit):
    # Without the flag that allows it, a browser without a window refuses.
    page = visit(launch(*camera_flags(clip)))
    choose(page, "Live video")
    start_video(page)
    expect(page.get_by_text("The camera is blocked for this page")).to_be_visible()
    page.get_by_role("button", name="Take a picture").click()
    expect(page.get_by_test_id("stCameraInput")).to_be_visible()


def test_a_connection_that_does_not_come_up_is_given_up(with_camera, visit):
    page = visit(with_camera, "RTCPeerConnection.prototype.setRemoteDescription = async () => {};")
    choose(page, "Live video")
    start_video(page)
    expect(page.get_by_text("Connecting ...")).to_be_visible()
    expect(page.get_by_text("did not arrive within 10 seconds")).to_be_visible(timeout=25_000)
    page.get_by_role("button", name="Take a picture").click()
    expect(page.get_by_test_id("stCameraInput")).to_be_visible()


def found(page: Page):
    """What the demo in the browser says."""
    return page.locator(".iml-things [role=status]").last


def drawn(page: Page) -> int:
    """How many pixels over the picture have the colour of the boxes around cats."""
    return page.locator(".iml-over").evaluate(PAINTED, list(CAT))


def test_photos_are_looked_at_in_the_browser_and_stay_there(page, server):
    with nothing_leaves(page):
        page.goto(f"{server}/{SLUG}?run=browser")
        expect(found(page)).to_have_text("Found: cup, dining table.")
        page.locator(".iml-demo").get_by_role("radio", name="cat").check()
        expect(found(page)).to_have_text("Found: cat.")
        assert drawn(page) > 300
        # What follows on the page shows the same example.
        expect(page.get_by_role("img", name="The anchor behind the box of cat")).to_be_visible()
        choose_in_browser(page, "Upload")
        picker = page.locator(".iml-drop input")
        picker.set_input_files([photos.example("macaw").path])
        expect(found(page)).to_have_text("Found: bird.")
        expect(page.get_by_text("Your photo stays in your browser.")).to_be_visible()
        # Settings act without another look.
        page.get_by_label("Only these classes").last.select_option("zebra")
        expect(found(page)).to_contain_text("No zebra has this score")
        page.get_by_role("button", name="Without zebra").click()
        expect(found(page)).to_have_text("Found: bird.")
        picker.set_input_files({"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"})
        expect(page.get_by_text("bad.png: This browser cannot read this file as a picture")).to_be_visible()
        choose_in_browser(page, "Example")
        expect(found(page)).to_have_text("Found: cat.")
        expect(page.get_by_text("Your photo stays in your browser.")).to_have_count(0)


@pytest.mark.alone
def test_live_video_is_looked_at_in_the_browser(with_camera, visit):
    page = visit(with_camera, run="browser")
    choose_in_browser(page, "Live video")
    start_in_browser(page)
    expect(found(page)).to_have_text("Found: cat.", timeout=BUSY)
    page.wait_for_function("document.querySelector('.iml-speed').textContent.includes('looks a second')")
    assert drawn(page) > 300
    # Back from another page in front, from which a phone comes with its video stopped, it goes on.
    page.evaluate("document.querySelector('.iml-stage video').pause()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("!document.querySelector('.iml-stage video').paused")
    page.locator(".iml-demo").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Start the camera and hold things in front of it")).to_be_visible()
    assert drawn(page) == 0
    # And it starts again.
    start_in_browser(page)
    expect(found(page)).to_have_text("Found: cat.", timeout=BUSY)
    # A camera that is pulled out.
    page.evaluate(
        "document.querySelector('.iml-stage video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    expect(page.get_by_text("The camera was switched off or taken away.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(found(page)).to_have_text("Found: cat.", timeout=BUSY)


def test_a_picture_is_taken_in_the_browser(with_camera, visit):
    page = visit(with_camera, run="browser")
    choose_in_browser(page, "Camera")
    start_in_browser(page)
    page.get_by_role("button", name="Take a picture").click()
    expect(found(page)).to_have_text("Found: cat.")
    expect(page.get_by_role("button", name="Take another picture")).to_be_visible()


FAILING = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s'); };"


@pytest.mark.parametrize(
    ("script", "says", "at_once"),
    [
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });", "only on pages with HTTPS", True),
        ("navigator.mediaDevices.enumerateDevices = async () => [];", "This browser finds no camera.", True),
        (FAILING % "NotAllowedError", "The camera is blocked for this page.", False),
        (FAILING % "NotReadableError", "Perhaps another program uses it.", False),
    ],
)
def test_without_a_camera_there_is_a_sentence_and_a_way_out(with_camera, visit, script, says, at_once):
    page = visit(with_camera, script, run="browser")
    choose_in_browser(page, "Live video")
    if not at_once:
        page.locator(".iml-demo").get_by_role("button", name="Start the camera").click()
    expect(page.get_by_text(says)).to_be_visible()
    page.locator(".iml-demo").get_by_role("button", name="Upload a photo").click()
    expect(page.locator(".iml-drop")).to_be_visible()
    expect(page.get_by_text(says)).to_be_hidden()

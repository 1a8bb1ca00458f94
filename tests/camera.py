"""A camera that is none: Chromium plays a clip of a cat instead."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect
from skimage import data

SIZE = (640, 480)
"""Of what the camera sees of the cat."""
SENT = (320, 240)
"""Of the pictures in a clip: a quarter of the work for those who pack and unpack them, which is most of the work with live video."""
FRAMES = 30
ALLOWED = "--use-fake-ui-for-media-stream"
"""Flag with which the browser grants the camera without a question."""


def cat() -> Image.Image:
    """The cat that the clip shows, larger than the clip."""
    return Image.fromarray(data.chelsea()).resize((903, 600), Image.Resampling.BICUBIC)


def write_clip(path: Path) -> Path:
    """A clip that pans to and fro over the cat."""
    picture = cat()
    lefts = [round((picture.width - SIZE[0]) / 2 * (1 + math.sin(2 * math.pi * i / FRAMES))) for i in range(FRAMES)]
    return write_frames(path, [picture.crop((left, 60, left + SIZE[0], 60 + SIZE[1])) for left in lefts])


def write_frames(path: Path, frames: Sequence[Image.Image]) -> Path:
    """A clip of these pictures, made smaller: JPEG files one after the other, which Chromium takes for motion JPEG."""
    with path.open("wb") as file:
        for picture in frames:
            frame = io.BytesIO()
            picture.resize(SENT, Image.Resampling.BICUBIC).save(frame, "JPEG", quality=85, subsampling="4:2:0")
            file.write(frame.getvalue())
    return path


def camera_flags(clip: Path) -> list[str]:
    """Flags of a browser whose camera plays the clip."""
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={clip}"]


def video(page: Page) -> FrameLocator:
    """The frame that the live video lives in."""
    return page.frame_locator("iframe[title*=webrtc]")


def start_video(page: Page) -> None:
    video(page).get_by_role("button", name="Start the camera").click()


def stop_video(page: Page) -> None:
    video(page).get_by_role("button", name="Stop").click()
    # Only then has the server forgotten the old connection, too.
    expect(page.get_by_text("The camera does not start?")).to_be_visible()
    expect(video(page).get_by_role("button", name="Start the camera")).to_be_visible()


def choose_in_browser(page: Page, way: str) -> None:
    """Choose a way to give a photo, in a demo that runs in the browser."""
    page.locator(".iml-demo[data-ready]").get_by_role("radio", name=way, exact=True).check()


def start_in_browser(page: Page) -> None:
    page.locator(".iml-demo").get_by_role("button", name="Start the camera").click()
    page.wait_for_function("document.querySelector('.iml-stage video').videoWidth > 0")


@contextlib.contextmanager
def nothing_leaves(page: Page, largest: int = 10_000, most: int = 60_000) -> Iterator[None]:
    """Fails if a page sends anything of the size of a picture meanwhile.

    Args:
        page: to watch, from before it is opened.
        largest: bytes of one message or request.
        most: bytes in all.
    """
    sent: list[tuple[str, int]] = []

    def note(frame: str | bytes) -> None:
        sent.append(("websocket", len(frame)))

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.on(
        "request",
        lambda request: sent.append((f"{request.method} {request.url[:80]}", len(request.url) + len(request.post_data_buffer or b""))),
    )  # fmt: skip
    yield
    sizes = [size for _, size in sent]
    assert max(sizes) < largest, sorted(sent, key=lambda one: -one[1])[:5]
    assert sum(sizes) < most
    assert not [what for what, _ in sent if what.startswith(("POST", "PUT"))]


PAINTED = """(video, colour) => {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth ?? video.width; canvas.height = video.videoHeight ?? video.height;
  if (!canvas.width) return 0;
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let i = 0; i < data.length; i += 4)
    if (Math.abs(data[i] - colour[0]) + Math.abs(data[i + 1] - colour[1]) + Math.abs(data[i + 2] - colour[2]) < 90) count += 1;
  return count;
}"""
"""How many pixels of a video, or of a canvas, have about this colour."""


def take_photo(page: Page) -> None:
    """Take a picture with `st.camera_input`, but none before the camera's first frame has come."""
    # Below the screen the browser lets it rest.
    page.locator("[data-testid=stCameraInput] video").scroll_into_view_if_needed()
    page.wait_for_function(
        """() => {
            const video = document.querySelector("[data-testid=stCameraInput] video");
            if (!video?.videoWidth || video.readyState < 2) return false;
            // The size is known before there is more than one colour to see.
            const sheet = Object.assign(document.createElement("canvas"), {width: 32, height: 32});
            const context = sheet.getContext("2d");
            context.drawImage(video, 0, 0, 32, 32);
            const greens = context.getImageData(0, 0, 32, 32).data.filter((_, i) => i % 4 === 1);
            return Math.max(...greens) - Math.min(...greens) > 50;
        }"""
    )
    page.get_by_role("button", name="Take Photo").click()

"""How fast is object detection? ``python -m benchmarks.detection [--soak MINUTES]``

Prints the time from a decoded picture to boxes, and what the page itself tells of live video in headless Chromium, whose camera
plays a clip. With ``--soak`` the video then goes on for so many minutes, and is stopped and started ten times, while the
server's memory and threads are printed. Run it on a machine that does nothing else.
"""

import argparse
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.speed import goto_when_up, serving, timed
from lib import bundles
from lib.tasks.detection import detector as detect
from tests.camera import ALLOWED, SIZE, camera_flags, cat, start_video, stop_video, write_clip
from tests.conftest import BROWSER_FLAGS

SLUG = "object_detection"
RECONNECTS = 10
SECONDS = 30


def pictures() -> None:
    """One picture, from pixels to boxes."""
    detector = detect.Detector(bundles.load(SLUG))
    image = cat().resize(SIZE)
    raw = detector.raw(image)
    print(f"one picture of {SIZE[0]} x {SIZE[1]} pixels, from pixels to boxes: {timed(lambda: detector.detect(image))}")
    print(f"  of which the square that the network takes: {timed(lambda: detect.to_input(image))}")
    print(f"  boxes anew with another threshold:          {timed(lambda: detector.detections(raw, 0.2))}")


def told(page: Page) -> tuple[float, float]:
    """Frames per second and milliseconds of latency, as the page shows them."""
    values = re.findall(r"\d+", page.locator(".st-key-live_speed").inner_text())
    # A machine that is busy with something else may see nothing for two seconds.
    return (float(values[0]), float(values[1])) if len(values) > 1 else (0.0, float("nan"))


def watch(page: Page, seconds: float) -> None:
    """Print what the page tells of its speed, once a second."""
    values = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.wait_for_timeout(1000)
        values.append(told(page))
    rates, delays = np.array(values).T
    print(
        f"live video over {seconds:.0f} s: {np.median(rates):.0f} frames/s (at least {rates.min():.0f}), "
        f"latency {np.nanmedian(delays):.0f} ms (95th percentile {np.nanpercentile(delays, 95):.0f} ms)"
    )


def state(process: psutil.Process) -> str:
    return f"{process.memory_info().rss / 1e6:.0f} MB, {process.num_threads()} threads"


def begin(page: Page) -> None:
    start_video(page)
    expect(page.locator(".st-key-live_found")).to_contain_text("Found: cat", timeout=30_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", type=float, default=0, help="minutes of video to watch")
    minutes = parser.parse_args().soak
    pictures()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clip = write_clip(Path(folder) / "cat.mjpeg")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=[*BROWSER_FLAGS, ALLOWED, *camera_flags(clip)],
        )
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        with serving() as (address, process):
            goto_when_up(page, f"{address}/{SLUG}")
            expect(page.locator(".st-key-found")).to_contain_text("Found: cup", timeout=30_000)
            print(f"server with a photo: {state(process)}")
            page.get_by_role("radio", name="Live video").click()
            begin(page)
            page.wait_for_timeout(5000)
            watch(page, SECONDS)
            print(f"server with live video: {state(process)}")
            for minute in range(round(minutes)):
                watch(page, 60)
                print(f"  after {minute + 1} min: {state(process)}")
            if minutes:
                for i in range(RECONNECTS):
                    stop_video(page)
                    page.wait_for_timeout(1500)
                    print(f"  stopped {i + 1} times: {state(process)}")
                    begin(page)
                page.wait_for_timeout(5000)
                watch(page, SECONDS)
                print(f"  after {RECONNECTS} reconnects: {state(process)}")
                page.close()
                time.sleep(5)
                print(f"  after the page was closed: {state(process)}")
        browser.close()


if __name__ == "__main__":
    main()

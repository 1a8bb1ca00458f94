"""How fast are the networks in the visitor's browser? ``python -m benchmarks.browser``

Headless Chromium and a server on this machine; its camera plays a clip. Prints, for the browser's way and next to it for the server's:
from the click on a page until its network is ready; from a move of the pen, and from pen-up, until the answer is painted;
frames of live video that are looked at in a second; a photo; characters of text in a second.
Everything is local, so that the way over the network, which only the server's way has, is not in it.
"""

from __future__ import annotations

import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import camera
from tests.conftest import BROWSER_FLAGS, running_server
from tests.gestures import DIGITS, draw, open_page, wait_for_answer

ROUNDS = 20
SECONDS = 8

# Until the next picture of the screen: what was answered is painted then.
WATCH = """() => {
  window.took = { move: [], up: [] };
  let moved, lifted;
  addEventListener("pointermove", (event) => { moved ??= event.timeStamp; }, true);
  addEventListener("pointerup", (event) => { lifted = event.timeStamp; moved = undefined; }, true);
  const painted = (kind, since) => requestAnimationFrame(() => setTimeout(() => window.took[kind].push(performance.now() - since)));
  addEventListener("answered", () => {
    if (lifted) painted("up", lifted); else if (moved) painted("move", moved);
    moved = lifted = undefined;
  });
}"""


def visit(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(60_000)
    return page


def drawing(browser: Browser, address: str, slug: str) -> str:
    """From pen to answer, both ways."""
    page = visit(browser)
    open_page(page, address, slug, "browser")
    page.locator("[data-ready]").first.wait_for()
    page.evaluate(WATCH)
    pad = page.locator(".iml-pad")
    for _ in range(ROUNDS):
        draw(page, DIGITS["7"], pad)
        page.locator(".iml-clear").click()
        page.wait_for_timeout(300)
    took = page.evaluate("window.took")
    page.get_by_role("radio", name="On the server").click()
    there = []
    if slug.startswith("digits"):
        expect(page.locator("canvas.upper-canvas")).to_be_visible()
        for _ in range(ROUNDS // 2):
            draw(page, DIGITS["7"])
            start = time.perf_counter()
            wait_for_answer(page, "7")
            there.append(1000 * (time.perf_counter() - start))
            page.locator(f".st-key-{slug}_clear button").click()
            expect(page.locator(".st-key-answer")).to_have_count(0)
    page.close()
    words = f"move to bars {statistics.median(took['move']):.0f} ms, pen-up to answer {statistics.median(took['up']):.0f} ms"
    return words + (f"; server: pen-up to answer {statistics.median(there):.0f} ms" if there else "")


def ready(browser: Browser, address: str, slug: str) -> str:
    """From the click on a page until its network is ready, when the dashboard is open."""
    times = []
    for _ in range(3):
        page = visit(browser)
        open_page(page, address)
        start = time.perf_counter()
        page.get_by_test_id("stMain").locator(f'a[href$="{slug}"]').first.click()
        page.locator("[data-ready]").first.wait_for()
        times.append(time.perf_counter() - start)
        page.context.close()
    return f"{statistics.median(times):.1f} s from the click to ready"


def live(browser: Browser, address: str, slug: str) -> str:
    """Looks at live video in a second."""
    page = visit(browser)
    open_page(page, address, slug, "browser")
    page.get_by_role("radio", name="Live video").or_(
        page.locator(".iml-demo label", has_text="Live video")
    ).first.click()
    page.get_by_role("button", name=re.compile("start the camera", re.I)).click()
    speed = page.get_by_text(re.compile(r"\d+ looks a second"))
    speed.wait_for()
    rates = []
    for _ in range(SECONDS):
        page.wait_for_timeout(1000)
        rates.append(speed.inner_text())
    page.close()
    return max(rates, key=lambda text: int(text.split()[0])) + f" (middle: {sorted(rates)[len(rates) // 2]})"


def photo(browser: Browser, address: str) -> str:
    """From the choice of an example to its answer, without the first one."""
    page = visit(browser)
    open_page(page, address, "image_classification", "browser")
    page.locator("[data-ready]").first.wait_for()
    page.evaluate("""() => {
      window.took = [];
      let since;
      addEventListener("change", () => { since = performance.now(); }, true);
      addEventListener("click", () => { since = performance.now(); }, true);
      addEventListener("answered", () => { window.took.push(performance.now() - since); });
    }""")
    for name in ("espresso", "panda", "cat", "macaw", "rocket", "moose", "cat", "panda"):
        page.locator(".iml-demo").get_by_role("radio", name=name, exact=True).first.evaluate("one => one.click()")
        page.wait_for_timeout(700)
    took = page.evaluate("window.took")
    page.close()
    return f"{statistics.median(took):.0f} ms from the choice of a photo to the answer"


def text(browser: Browser, address: str, slug: str) -> str:
    page = visit(browser)
    open_page(page, address, slug, "browser")
    page.locator("[data-ready]").first.wait_for()
    page.get_by_text("Temperature, length and more").first.click()
    page.locator(".iml-demo input[type=range]").nth(1).fill("1000")
    page.get_by_role("button", name="Continue").click()
    stop = page.get_by_role("button", name="Stop").first
    expect(stop).to_be_enabled()
    start = time.perf_counter()
    expect(stop).to_be_disabled(timeout=60_000)
    seconds = time.perf_counter() - start
    page.close()
    return f"1,000 characters in {seconds:.1f} s: {1000 / seconds:.0f} a second"


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        Path(folder, "log").open("w+") as log,
    ):
        clip = camera.write_clip(Path(folder) / "clip.mjpeg")
        flags = [*BROWSER_FLAGS, *camera.camera_flags(clip), camera.ALLOWED]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        with running_server(log) as (address, _):
            for slug in ("digits_mlp", "digits_cnn", "sketch_cnn"):
                print(f"{slug:21}{drawing(browser, address, slug)}", flush=True)
            for slug in ("digits_cnn", "object_detection"):
                print(f"{slug:21}{ready(browser, address, slug)}", flush=True)
            for slug in ("object_detection", "rps_mobilenet", "rps_cnn"):
                print(f"{slug:21}{live(browser, address, slug)}", flush=True)
            print(f"{'image_classification':21}{photo(browser, address)}", flush=True)
            for slug in ("text_shakespeare", "text_wikipedia"):
                print(f"{slug:21}{text(browser, address, slug)}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()

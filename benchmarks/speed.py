"""How fast is the dashboard, and how large? ``python -m benchmarks.speed``

Prints the time of one prediction by each way to run a model, the time from the server's start to its first page, the
time from pen-up to the answer on the screen over 30 strokes in headless Chromium, the time each page takes to open, and the
server's memory after the pages to draw on were used. Run it on a machine that does nothing else.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from lib import bundles, catalogue
from tests.conftest import BROWSER_FLAGS, free_port
from tests.gestures import DIGITS, answer, canvas, draw, go

STROKES = 30
EMPTY = re.compile("canvas is empty|nothing drawn here")
"""What a page says when nothing is drawn."""

# Notes when the pen leaves the canvas and when the next frame with an answer is painted.
STOPWATCH = """() => {
  window.times = []; let up = null;
  document.addEventListener('pointerup', event => { if (event.composedPath()[0].tagName === 'CANVAS') up = performance.now(); }, true);
  new MutationObserver(() => {
    if (up === null || !document.querySelector('.st-key-answer [data-testid=stMetricValue]')) return;
    const start = up; up = null;
    requestAnimationFrame(() => window.times.push(performance.now() - start));
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def timed(call: Callable[[], object], repeats: int = 200) -> str:
    """Median and 95th percentile in milliseconds, in words."""
    for _ in range(5):
        call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return f"median {np.median(times):7.2f} ms, 95th percentile {np.percentile(times, 95):7.2f} ms"


def predictions(slug: str) -> None:
    """One prediction by Keras, by a tf.function, and by LiteRT."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    from lib.classifier import Classifier

    bundle = bundles.load(slug)
    image = bundle.evaluation["examples_images"][3]
    model = keras.saving.load_model(bundle.folder / "good.keras")
    x = tf.constant(image[None], tf.float32)
    graph = tf.function(lambda images: model(images, training=False))
    classifier = Classifier(bundle)
    print(f"one prediction, {slug}")
    print(f"  model.predict(x)    {timed(lambda: model.predict(x, verbose=0), 30)}")
    print(f"  model(x)            {timed(lambda: model(x, training=False).numpy())}")
    print(f"  tf.function         {timed(lambda: graph(x).numpy())}")
    print(f"  LiteRT              {timed(lambda: classifier.probabilities(image[None]))}")


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, psutil.Process]]:
    """A running server; yields at once, before it answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=bundles.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://localhost:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium where there is one, else Playwright's own."""
    return playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=BROWSER_FLAGS
    )


def goto_when_up(page: Page, address: str) -> None:
    while True:
        try:
            page.goto(address)
            return
        except Exception:
            time.sleep(0.05)


def strokes(page: Page, slug: str) -> list[float]:
    """Milliseconds from pen-up to the answer, for each of the strokes."""
    page.evaluate(STOPWATCH)
    for i in range(STROKES):
        draw(page, DIGITS["37"[i % 2]])
        page.wait_for_function(f"window.times.length === {i + 1}")
        page.locator(f".st-key-{slug}_clear button").click()
        expect(answer(page)).to_have_count(0)
        # The canvas itself follows a moment later.
        expect(page.get_by_text(EMPTY)).to_be_visible()
        page.wait_for_timeout(300)
    return page.evaluate("window.times")


def main() -> None:
    drawn = [experiment for experiment in catalogue.EXPERIMENTS if experiment.task in ("digits", "sketches")]
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        start = time.perf_counter()
        with serving() as (address, process):
            goto_when_up(page, address)
            expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
            print(f"server start to first page: {time.perf_counter() - start:.1f} s")
            print(f"server memory after the first page: {process.memory_info().rss / 1e6:.0f} MB")
            for experiment in drawn:
                page.goto(address)
                expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
                page.wait_for_timeout(3000)
                start = time.perf_counter()
                go(page, experiment.title)
                expect(canvas(page)).to_be_visible(timeout=30_000)
                print(
                    f"{experiment.slug}: canvas ready {time.perf_counter() - start:.1f} s after the click in the menu"
                )
                expect(page.get_by_text("Make it yourself")).to_be_attached(timeout=30_000)
                page.wait_for_timeout(2000)
                times = strokes(page, experiment.slug)
                print(
                    f"{experiment.slug}: pen-up to answer over {len(times)} strokes: median {np.median(times):.0f} ms, "
                    f"95th percentile {np.percentile(times, 95):.0f} ms"
                )
            print(f"server memory after the pages to draw on: {process.memory_info().rss / 1e6:.0f} MB")
            for experiment in catalogue.EXPERIMENTS:
                page.goto(f"{address}/{experiment.slug}?run=server")
                expect(page.get_by_text("Make it yourself")).to_be_attached(timeout=30_000)
                page.wait_for_timeout(2000)
            print(f"server memory after all pages: {process.memory_info().rss / 1e6:.0f} MB")
        browser.close()
    for experiment in drawn:
        predictions(experiment.slug)


if __name__ == "__main__":
    main()

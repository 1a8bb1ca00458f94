"""How fast do the language models write? ``python -m benchmarks.generation``

Prints the time of one step by each way to run a model, and what one and four people at once get in headless Chromium: the time from
the click to the first character, characters per second, and how long another page takes to open meanwhile. Run it on a machine that
does nothing else.
"""

import contextlib
import itertools
import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.speed import goto_when_up, launch, serving, timed
from lib import bundles, catalogue
from lib.tasks.texts import writer
from lib.tasks.texts.writer import LOOK, TURN

SLUG = "text_shakespeare"
LENGTH = 1000
CLICKS = 5

# Notes when the button is clicked and how long the text is whenever it changes.
STOPWATCH = """() => {
  window.looks = [];
  const box = document.querySelector('.st-key-SLUG_text');
  document.addEventListener('click', () => { if (!window.looks.length) window.looks.push([performance.now(), 0]); }, true);
  new MutationObserver(() => {
    const code = box.querySelector('code');
    if (code && window.looks.length) window.looks.push([performance.now(), code.textContent.length]);
  }).observe(box, {subtree: true, childList: true, characterData: true});
}""".replace("SLUG", SLUG)


def steps(slug: str) -> None:
    """One character by Keras' `predict`, by a tf.function that carries the state, and by NumPy."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    bundle = bundles.load(slug)
    network = writer.load_writer(bundle).network
    model = keras.saving.load_model(bundle.folder / "good.keras")
    embedding, *rest = [layer for layer in model.layers if layer.weights]
    cells, dense = [layer.cell for layer in rest[:-1]], rest[-1]

    @tf.function
    def step(ids: tf.Tensor, states: list[tf.Tensor]) -> tuple[tf.Tensor, list[tf.Tensor]]:
        values, after = embedding(ids), []
        for cell, state in zip(cells, states, strict=True):
            values, [state] = cell(values, [state])
            after.append(state)
        return dense(values), after

    ids = np.array([5])
    states = network.start()
    tensors = [tf.constant(state) for state in states]
    context = np.full((1, 100), 5)
    print(f"one character, {slug}")
    print(f"  model.predict(the last 100)     {timed(lambda: model.predict(context, verbose=0), 20)}")
    print(f"  tf.function with carried state  {timed(lambda: step(tf.constant(ids), tensors)[0].numpy())}")
    print(f"  NumPy with carried state        {timed(lambda: network.step(ids, states))}")


def prepared(browser: Browser, address: str) -> Page:
    """A page that is ready to write a long text."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.goto(f"{address}/{SLUG}?run=server")
    expect(page.get_by_text("Make it yourself")).to_be_attached(timeout=60_000)
    slider = page.locator(f".st-key-{SLUG}_length").get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(f".st-key-{SLUG}_length")).to_contain_text(str(LENGTH))
    # Until all charts of the page are drawn, which shares the processor with the server here.
    page.wait_for_timeout(5000)
    page.evaluate(STOPWATCH)
    return page


def write(pages: list[Page]) -> list[tuple[float, float]]:
    """Clicks on each page; milliseconds to the first character and characters per second of each."""
    for page in pages:
        page.evaluate("window.looks = []")
    for page in pages:
        page.get_by_role("button", name="Continue", exact=True).click(no_wait_after=True)
    rows = []
    for page in pages:
        # The text has come and gone, and its coloured twin is there.
        page.wait_for_function(
            f"window.looks.length > 3 && !document.querySelector('.st-key-{SLUG}_text code')", timeout=60_000
        )
        looks = page.evaluate("window.looks")
        # The first look holds the prompt and one character.
        click, first = looks[0][0], next(look for look in looks if look[1] > 0)
        last = max(looks, key=lambda look: look[1])
        rows.append((first[0] - click, 1000 * (last[1] - first[1]) / (last[0] - first[0])))
    return rows


def main() -> None:
    with sync_playwright() as playwright, serving() as (address, process):
        browser = launch(playwright)
        goto_when_up(browser.new_page(), address)
        pages = [prepared(browser, address) for _ in range(4)]
        for people in (1, 4):
            rows = []
            for _ in range(CLICKS):
                rows += write(pages[:people])
                pages[0].wait_for_timeout(2000)
            waits, rates = zip(*rows, strict=True)
            print(
                f"{people} at once: first character after {np.median(waits):.0f} ms (median; at most {max(waits):.0f}), "
                f"then {np.median(rates):.0f} characters/s for each (median; at least {min(rates):.0f})"
            )
        for page in pages[1:]:
            page.close()
        pages[0].get_by_role("button", name="Write on").click(no_wait_after=True)
        start = time.perf_counter()
        other = browser.new_page()
        other.goto(f"{address}/numbers_sum?run=server")
        expect(other.locator(".st-key-answer")).to_be_visible(timeout=60_000)
        print(
            f"while one writes, another page answers {time.perf_counter() - start:.1f} s after its address was opened"
        )
        for experiment in catalogue.EXPERIMENTS:
            other.goto(f"{address}/{experiment.slug}?run=server")
            expect(other.get_by_text("Make it yourself")).to_be_attached(timeout=60_000)
            if experiment.task == "texts":
                other.get_by_role("button", name="Let all three write").click()
                expect(other.locator(f".st-key-{experiment.slug}_good_text .text span").first).to_be_attached(
                    timeout=60_000
                )
        memory = psutil.Process(process.pid).memory_info().rss
        print(f"server memory after all pages were used: {memory / 1e6:.0f} MB")
        browser.close()
    at_once(4)
    for experiment in catalogue.EXPERIMENTS:
        if experiment.task == "texts":
            steps(experiment.slug)


def at_once(people: int) -> None:
    """Characters per second without a browser, for several threads at once."""
    model = writer.load_writer(bundles.load(SLUG))

    def write(in_turns: bool) -> float:
        start = time.perf_counter()
        ways = model.write("ROMEO:", 960)
        while True:
            with TURN if in_turns else contextlib.nullcontext():
                if not list(itertools.islice(ways, LOOK)):
                    return 960 / (time.perf_counter() - start)

    for n, in_turns in ((1, False), (people, False), (people, True)):
        with ThreadPoolExecutor(n) as pool:
            rates = list(pool.map(write, [in_turns] * n))
        how = " in turns" if in_turns else ""
        print(f"without a browser and as fast as can be, {n} at once{how}: {min(rates):.0f} characters/s or more each")


if __name__ == "__main__":
    main()

"""How fast do the language models write? ``python -m benchmarks.generation``

Prints the time of one step by each way to run a model, and what one and four people at once get in headless Chromium: the time from
the click to the first character, characters per second, and how long another page takes to open meanwhile. Run it on a machine that
does nothing else.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.speed import goto_when_up, launch, serving, timed
from lib import bundles, experiments, writer

SLUG = "text_shakespeare"
LENGTH = 1000

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
    network = writer.load(bundle).network
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
    page.goto(f"{address}/{SLUG}")
    expect(page.get_by_text("Make it yourself")).to_be_attached(timeout=60_000)
    slider = page.locator(f".st-key-{SLUG}_length").get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(f".st-key-{SLUG}_length")).to_contain_text(str(LENGTH))
    page.wait_for_timeout(2000)
    page.evaluate(STOPWATCH)
    return page


def figures(page: Page) -> str:
    """Waits for the end of the text, and tells how it came."""
    expect(page.locator(f".st-key-{SLUG}_text .text span").first).to_be_attached(timeout=120_000)
    looks = page.evaluate("window.looks")
    prompt = looks[1][1]
    click, first = looks[0][0], next(look for look in looks if look[1] > 0)
    longer = next((look for look in looks if look[1] > prompt), first)
    last = max(looks, key=lambda look: look[1])
    rate = 1000 * (last[1] - longer[1]) / (last[0] - longer[0])
    return f"first character after {longer[0] - click:.0f} ms, then {rate:.0f} characters/s"


def main() -> None:
    with sync_playwright() as playwright, serving() as (address, process):
        browser = launch(playwright)
        goto_when_up(browser.new_page(), address)
        page = prepared(browser, address)
        page.get_by_role("button", name="Continue", exact=True).click()
        print(f"one person: {figures(page)}")
        page.close()
        pages = [prepared(browser, address) for _ in range(4)]
        for page in pages:
            page.get_by_role("button", name="Continue", exact=True).click(no_wait_after=True)
        start = time.perf_counter()
        other = browser.new_page()
        other.goto(f"{address}/numbers_sum")
        expect(other.locator(".st-key-answer")).to_be_visible(timeout=60_000)
        print(f"meanwhile another page answers {time.perf_counter() - start:.1f} s after its address was opened")
        for i, page in enumerate(pages):
            print(f"person {i + 1} of 4: {figures(page)}")
        for experiment in experiments.EXPERIMENTS:
            other.goto(f"{address}/{experiment.slug}")
            expect(other.get_by_text("Make it yourself")).to_be_attached(timeout=60_000)
            if experiment.task == "text":
                other.get_by_role("button", name="Let all three write").click()
                expect(other.locator(f".st-key-{experiment.slug}_good_text .text span").first).to_be_attached(
                    timeout=60_000
                )
        memory = psutil.Process(process.pid).memory_info().rss
        print(f"server memory after all pages were used: {memory / 1e6:.0f} MB")
        browser.close()
    at_once(4)
    for experiment in experiments.EXPERIMENTS:
        if experiment.task == "text":
            steps(experiment.slug)


def at_once(people: int) -> None:
    """Characters per second without a browser, for several threads at once."""
    model = writer.load(bundles.load(SLUG))

    def write(_: int) -> float:
        start = time.perf_counter()
        for _ in model.write("ROMEO:", 500):
            pass
        return 500 / (time.perf_counter() - start)

    for n in (1, people):
        with ThreadPoolExecutor(n) as pool:
            rates = list(pool.map(write, range(n)))
        print(f"without a browser, {n} at once: {min(rates):.0f} characters/s or more for each")


if __name__ == "__main__":
    main()

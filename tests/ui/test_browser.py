"""What only a browser shows: drawing, touching, uploading, picking, and finding one's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lib import catalogue
from tests.conftest import ALL
from tests.gestures import (
    DIGITS,
    canvas,
    draw,
    open_page,
    wait_for_answer,
)

SHIFTS = """window.shifted = 0;
const own = source => source.node?.dataset?.testid === "stMainBlockContainer";
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput && !entry.sources.some(own)) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});"""
"""Adds up how much of the page jumped without having been asked to, except that Streamlit shows each page narrow at first."""
CLIPPED = """() => [...document.querySelectorAll(
    "[data-testid=stMain] :is(p, h1, h2, h3, label, button, [data-testid=stMetricValue], [data-testid=stMetricLabel])"
)].find(one => one.clientWidth && one.scrollWidth > one.clientWidth + 2 && getComputedStyle(one).overflowX !== "visible")"""
"""An element with text whose end is cut off."""

ANSWERS = {
    "image_classification": (".st-key-image_classification_example", ".st-key-answer"),
    "numbers_sum": (".st-key-numbers_sum_typed", ".st-key-answer"),
    "text_shakespeare": (".st-key-text_shakespeare_continue", ".st-key-text_shakespeare_text"),
}
"""Where pages ask and answer from the beginning."""

DRAWN_ON = ("digits", "sketches", "photos")
"""Tasks whose pages have a canvas."""


def test_links_lead_to_pages_and_survive_a_reload(page, server):
    open_page(page, server)
    for experiment in catalogue.EXPERIMENTS:
        expect(page.get_by_text(experiment.sentence)).to_be_visible()
    # The first one stands under the multilayer perceptrons.
    page.get_by_test_id("stMain").get_by_role("link", name="Digits recognition").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (CNN)")
    assert page.url.endswith("/digits_cnn")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (CNN)")
    expect(page.locator(".iml-pad")).to_be_visible()


def test_link_to_a_page_works_on_a_server_that_has_just_started(page, new_server):
    open_page(page, new_server, "digits_cnn")
    expect(page.get_by_test_id("stTopNav").get_by_text("Convolutional networks")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (CNN)")
    expect(page.get_by_role("dialog")).to_have_count(0)
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    assert page.url.endswith("/digits_cnn?run=server")


@pytest.fixture(scope="module")
def watched(browser) -> Iterator[Page]:
    """A page that adds up by how much what it shows moves while it loads."""
    with browser.new_context() as context:
        context.set_default_timeout(20_000)
        context.add_init_script(SHIFTS)
        yield context.new_page()


@pytest.mark.parametrize("slug", ["", *ALL])
def test_page_is_whole_in_both_themes_and_widths(watched, server, slug):
    page, errors = watched, list[str]()
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.emulate_media(color_scheme="light")
    page.on("pageerror", lambda error: errors.append(str(error)))
    # Streamlit itself first asks below the page's own address whether a server is there.
    page.on(
        "response",
        lambda answer: errors.append(answer.url) if answer.status >= 400 and "/_stcore/" not in answer.url else None,
    )
    open_page(page, server, slug, "browser")
    if slug:
        expect(page.get_by_text("Make it yourself")).to_be_attached()
        expect(page.locator(".iml-demo")).to_have_count(2)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    assert page.evaluate("window.shifted") < 0.1
    assert page.evaluate("[...document.querySelectorAll('[data-testid=stMain] img')].every(one => one.alt)")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stSpinner")).to_have_count(0)
    for width, scheme in ((1280, "light"), (820, "dark"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            """dark => {
                const [red] = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/\\d+/);
                return red < 128 === dark;
            }""",
            arg=scheme == "dark",
        )
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
        page.wait_for_function(f"!({CLIPPED})()")
    if slug:
        page.get_by_role("radio", name="On the server").click()
        expect(page.locator(".iml-demo")).to_have_count(1)
    if slug and catalogue.get(slug).task in DRAWN_ON:
        expect(canvas(page)).to_be_visible()
        # A place that is too narrow would let it scroll, and hide a part of it.
        page.wait_for_function(
            """canvas => {
                const frame = canvas.closest(".dc-scroll");
                return frame.scrollWidth <= frame.clientWidth;
            }""",
            arg=canvas(page).element_handle(),
        )
    # On a phone, the answer stands on the screen together with the question.
    if slug in ANSWERS:
        expect(page.locator(ANSWERS[slug][1])).to_be_visible()
        question, answer = (page.locator(selector).bounding_box() for selector in ANSWERS[slug])
        assert answer["y"] + min(answer["height"], 100) - question["y"] <= 844
    page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
    assert not errors

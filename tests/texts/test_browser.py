"""Texts in a real browser."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from lib import bundles, catalogue
from lib.tasks.texts.writer import load_writer
from tests.gestures import go, open_page

TEXTS = catalogue.slugs("texts")


def written(page: Page, slug: str):
    return page.locator(f".st-key-{slug}_text .text span")


def ask_for_1000(page: Page, slug: str):
    """Move the slider of the length to its end, and give it back."""
    page.get_by_text("Temperature, length and more").click()
    slider = page.locator(f".st-key-{slug}_length").get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(f".st-key-{slug}_length")).to_contain_text("1000")
    return slider


@pytest.mark.parametrize("slug", TEXTS)
def test_text_streams_and_its_characters_can_be_picked(page, server, slug):
    open_page(page, server, slug)
    page.evaluate(
        """slug => {
          window.seen = new Set();
          new MutationObserver(() => {
            const code = document.querySelector(`.st-key-${slug}_text code`);
            if (code) window.seen.add(code.textContent);
          }).observe(document.body, {subtree: true, childList: true, characterData: true});
        }""",
        slug,
    )
    # For long enough that a browser that is still busy with charts shows some of it, too.
    ask_for_1000(page, slug)
    page.get_by_role("textbox", name="Prompt").fill("The king")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(written(page, slug)).to_have_count(len("The king") + 1000)
    # It could be read while it was being written.
    seen = page.evaluate("Array.from(window.seen)")
    assert len(seen) > 2
    assert all(text.startswith("The king") for text in seen)
    expected = page.locator(f".st-key-{slug}_expected p").first
    written(page, slug).nth(2).click()
    expect(expected).to_have_text("After The it expects (what came: space):")
    page.keyboard.press("ArrowRight")
    expect(expected).to_have_text("After The  it expects (what came: k):")
    expect(page.get_by_text("This is an example")).to_have_count(0)


def test_writing_can_be_stopped_and_continued(page, server):
    slug = "text_shakespeare"
    open_page(page, server, slug)
    slider = ask_for_1000(page, slug)
    # In the page itself: a slow test would come too late.
    page.evaluate(
        """slug => new MutationObserver((_, observer) => {
          if (!document.querySelector(`.st-key-${slug}_text code`)) return;
          observer.disconnect();
          document.querySelector(`.st-key-${slug}_stop button`).click();
        }).observe(document.body, {subtree: true, childList: true})""",
        slug,
    )
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(written(page, slug).first).to_be_attached()
    n = written(page, slug).count()
    assert len("ROMEO:") < n < len("ROMEO:") + 1000
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(f".st-key-{slug}_length")).to_contain_text("50")
    page.get_by_role("button", name="Write on").click()
    expect(written(page, slug)).to_have_count(n + 50)


def test_variants_show_what_they_copied(page, server):
    slug = "text_shakespeare"
    open_page(page, server, slug)
    page.get_by_role("button", name="Let all three write").click()
    for variant in ("underfit", "good", "overfit"):
        expect(page.locator(f".st-key-{slug}_{variant}_text .text span").first).to_be_attached()
    copied = page.locator(f".st-key-{slug}_overfit_text .text span.copied")
    expect(copied.first).to_be_attached()
    assert copied.count() > page.locator(f".st-key-{slug}_good_text .text span.copied").count()


def test_two_people_write_at_once(page, phone, server):
    slug = "text_shakespeare"
    prompts = {page: "First", phone: "Second"}
    for one, prompt in prompts.items():
        open_page(one, server, slug)
        one.get_by_role("textbox", name="Prompt").fill(prompt)
    for one in prompts:
        one.get_by_role("button", name="Continue", exact=True).click()
    for one, prompt in prompts.items():
        expect(written(one, slug)).to_have_count(len(prompt) + 300)
        assert "".join(written(one, slug).all_inner_texts()).startswith(prompt)


def test_prompt_is_still_there_after_a_look_elsewhere(page, server):
    slug = "text_shakespeare"
    open_page(page, server, slug)
    page.get_by_role("textbox", name="Prompt").fill("A new prompt")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(written(page, slug)).to_have_count(len("A new prompt") + 300)
    text = written(page, slug).all_inner_texts()
    go(page, "Summing numbers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Summing numbers (RNN)")
    go(page, "Writing like Shakespeare")
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A new prompt")
    expect(written(page, slug)).to_have_count(len(text))
    assert written(page, slug).all_inner_texts() == text


def open_writer(page: Page, server: str, slug: str) -> None:
    """Open the page whose network runs in the browser, and wait until it can write."""
    open_page(page, server, slug, "browser")
    expect(page.locator(".iml-writer[data-ready]")).to_be_visible()


def written_here(page: Page):
    return page.locator(".iml-tinted span")


def text_here(page: Page) -> str:
    return page.locator(".iml-tinted").evaluate("one => one.textContent")


def set_up(page: Page, length: int, seed: int | None = None) -> None:
    """Give the writer in the browser a length and a seed."""
    if not page.get_by_label("Characters to write").is_visible():
        page.locator(".iml-writer summary").click()
    page.get_by_label("Characters to write").fill(str(length))
    if seed is not None:
        page.get_by_label("Seed").fill(str(seed))


@pytest.mark.parametrize("slug", TEXTS)
def test_same_seed_writes_the_servers_text_in_the_browser(page, server, slug):
    open_writer(page, server, slug)
    set_up(page, 300, seed=3)
    page.get_by_role("textbox", name="Prompt").fill("The king")
    begin = time.monotonic()
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(written_here(page)).to_have_count(len("The king") + 300)
    # On an idle machine, several hundreds of characters a second; others may be at work here.
    assert time.monotonic() - begin < 10
    *_, [trace] = load_writer(bundles.load(slug)).write("The king", 300, seed=3)
    assert text_here(page) == trace.text
    # Each character has a colour, and can be asked what comes next.
    expect(written_here(page).last).to_have_attribute("title", re.compile("bits"))
    expect(page.locator(".iml-after")).to_contain_text("it expects:")
    written_here(page).nth(2).click()
    expect(page.locator(".iml-after")).to_have_text("After The it expects (what came: space):")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".iml-after")).to_have_text("After The it expects (what came: k):")
    # The rest of the page follows.
    expect(page.get_by_text("This is an example")).to_have_count(0)
    expect(page.get_by_text("Copied word for word from the training text: ").first).to_be_visible()


def test_writing_in_the_browser_can_be_stopped_and_continued(page, server):
    slug = "text_shakespeare"
    open_writer(page, server, slug)
    set_up(page, 1000)
    # In the page itself: a slow test would come too late.
    page.evaluate(
        """() => new MutationObserver((_, observer) => {
          if (document.querySelectorAll(".iml-tinted span").length < 60) return;
          observer.disconnect();
          document.querySelector(".iml-stop").click();
        }).observe(document.querySelector(".iml-tinted"), {childList: true})"""
    )
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("button", name="Write on")).to_be_enabled()
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    n = written_here(page).count()
    assert 60 <= n < 200
    text = text_here(page)
    # The rest of the page is about the text as far as it came.
    expect(page.get_by_text("This is an example")).to_have_count(0)
    set_up(page, 250)
    page.get_by_role("button", name="Write on").click()
    expect(written_here(page)).to_have_count(n + 250)
    expect(page.get_by_role("button", name="Write on")).to_be_enabled()
    # Longer than what is read again.
    page.get_by_role("button", name="Write on").click()
    expect(written_here(page)).to_have_count(n + 500)
    assert text_here(page).startswith(text)
    assert written_here(page).evaluate_all("all => all.every(one => one.title.endsWith('bits'))")


def test_text_of_the_browser_survives_a_look_elsewhere_the_servers_way_and_a_reload(page, server):
    slug = "text_shakespeare"
    open_writer(page, server, slug)
    set_up(page, 100, seed=5)
    page.get_by_role("textbox", name="Prompt").fill("A new prompt")
    page.get_by_role("button", name="Continue", exact=True).click()
    n = len("A new prompt") + 100
    expect(written_here(page)).to_have_count(n)
    expect(page.get_by_text("Copied word for word from the training text: ").first).to_be_visible()
    text = text_here(page)
    go(page, "Summing numbers")
    expect(page.get_by_role("heading", level=1)).to_have_text("Summing numbers (RNN)")
    go(page, "Writing like Shakespeare")
    expect(written_here(page)).to_have_count(n)
    assert text_here(page) == text
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A new prompt")
    page.reload()
    expect(written_here(page)).to_have_count(n)
    assert text_here(page) == text
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A new prompt")
    expect(page.get_by_label("Seed")).to_have_value("5")
    expect(page.get_by_text("This is an example")).to_have_count(0)
    page.get_by_role("radio", name="On the server").click()
    expect(written(page, slug)).to_have_count(n)
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A new prompt")
    page.get_by_role("radio", name="In your browser").click()
    expect(written_here(page)).to_have_count(n)
    assert text_here(page) == text


def test_what_is_left_out_of_a_prompt_is_named_in_the_browser(page, server):
    open_writer(page, server, "text_shakespeare")
    prompt = page.get_by_role("textbox", name="Prompt")
    said = page.locator(".iml-writer .iml-caption p")
    prompt.fill("Rome 7 £`")
    expect(said).to_have_text(
        [
            "The network never saw some of these signs in training. It reads near ones: ' for the backtick.",
            "Left out, because this network never saw them in training: 7, £.",
        ]
    )
    prompt.fill("")
    expect(said).to_have_text("The prompt is empty, so the network starts from ROMEO:.")
    prompt.fill("word " * 100)
    expect(said).to_have_text("The network reads only the last 200 characters.")


def test_writer_fits_a_phone(phone, server):
    open_writer(phone, server, "text_wikipedia")
    phone.get_by_role("button", name="Continue", exact=True).tap()
    expect(phone.get_by_role("button", name="Write on")).to_be_enabled()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_server_writes_where_the_network_does_not_arrive(page, server):
    page.route("**/models/text_shakespeare/**", lambda route: route.abort())
    open_page(page, server, "text_shakespeare", "browser")
    expect(page.get_by_text("The server does the work now.")).to_be_visible()
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(written(page, "text_shakespeare")).to_have_count(len("ROMEO:") + 300)

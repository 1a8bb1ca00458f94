"""Texts in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lib import catalogue
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

"""Digits in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lib import bundles, catalogue
from tests import files
from tests.gestures import DIGITS, draw, draw_by_touch, go, open_page, read_answer, wait_for_answer, wait_for_ink

SLUGS = catalogue.slugs("digits")


@pytest.mark.parametrize("slug", SLUGS)
def test_mouse_draws_and_the_network_answers(page, server, slug):
    open_page(page, server, slug)
    for digit in ("3", "7"):
        expect(page.get_by_text("The canvas is empty: please draw a digit.")).to_be_visible()
        draw(page, DIGITS[digit])
        wait_for_answer(page, digit)
        expect(page.get_by_text("The canvas is empty")).to_have_count(0)
        page.locator(f".st-key-{slug}_clear button").click()


@pytest.mark.parametrize("slug", SLUGS)
def test_finger_draws_on_a_phone(phone, server, slug):
    open_page(phone, server, slug)
    for digit in ("3", "7"):
        draw_by_touch(phone, DIGITS[digit])
        wait_for_answer(phone, digit)
        phone.locator(f".st-key-{slug}_clear button").tap()
        expect(phone.get_by_text("The canvas is empty")).to_be_visible()
    # Nothing sticks out of a phone's screen.
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_small_drawing_in_a_corner_is_understood_and_survives_a_reload(page, server):
    open_page(page, server, "digits_cnn")
    expect(page.locator(".st-key-digits_cnn_undo button")).to_be_disabled()
    draw(page, [[(0.45 * x + 150, 0.45 * y + 5) for x, y in stroke] for stroke in DIGITS["3"]])
    wait_for_answer(page, "3")
    expect(page.locator(".st-key-digits_cnn_undo button")).to_be_enabled()
    page.reload()
    wait_for_answer(page, "3")
    wait_for_ink(page)


def test_undo_and_clear(page, server):
    open_page(page, server, "digits_cnn")
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    seven = page.locator(".st-key-seen img").get_attribute("src")
    draw(page, [[(20, 20), (30, 260), (250, 265)]])
    # While a picture takes another one's place, both are there for a moment.
    expect(page.locator(f".st-key-seen img[src='{seven}']")).to_have_count(0)
    page.locator(".st-key-digits_cnn_undo button").click()
    expect(page.locator(f".st-key-seen img[src='{seven}']")).to_have_count(1)
    wait_for_answer(page, "7")
    page.locator(".st-key-digits_cnn_clear button").click()
    expect(page.get_by_text("The canvas is empty: please draw a digit.")).to_be_visible()
    expect(page.locator(".st-key-answer")).to_have_count(0)


def test_example_can_be_drawn_on(page, server):
    open_page(page, server, "digits_cnn")
    page.get_by_role("button", name="1", exact=True).click()
    wait_for_answer(page, "1")
    page.get_by_role("button", name="8", exact=True).click()
    wait_for_answer(page, "8")


def test_drawing_follows_to_the_next_page(page, server):
    open_page(page, server, "digits_mlp")
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    go(page, "Digits recognition (CNN)")
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (CNN)")
    wait_for_answer(page, "7")
    wait_for_ink(page)


def test_drawing_is_still_there_after_a_look_elsewhere(page, server):
    open_page(page, server, "digits_cnn")
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    go(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Interactive machine learning experiments")
    go(page, "Digits recognition (CNN)")
    wait_for_answer(page, "7")
    wait_for_ink(page)
    # And it can be drawn on, stroke by stroke, and taken back.
    seven = page.locator(".st-key-seen img").get_attribute("src")
    draw(page, [[(20, 20), (30, 260), (250, 265)]])
    # While a picture takes another one's place, both are there for a moment.
    expect(page.locator(f".st-key-seen img[src='{seven}']")).to_have_count(0)
    page.locator(".st-key-digits_cnn_undo button").click()
    expect(page.locator(f".st-key-seen img[src='{seven}']")).to_have_count(1)


def test_every_good_upload_is_read(page, server, tmp_path):
    open_page(page, server, "digits_cnn")
    page.get_by_text("Upload a photo", exact=True).click()
    chooser = page.locator('input[type="file"]')
    for name, data in files.GOOD.items():
        chooser.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
        expect(
            page.get_by_role("img").locator(f"xpath=//figcaption[contains(., '{name}')] | //*[text()='{name}']").first
        ).to_be_attached()
        wait_for_answer(page, "7")


def test_bad_uploads_get_a_sentence_and_the_session_lives_on(page, server):
    open_page(page, server, "digits_cnn")
    draw(page, DIGITS["3"])
    wait_for_answer(page, "3")
    page.get_by_text("Upload a photo", exact=True).click()
    expect(page.get_by_text("Upload a photo of one or several handwritten digits: a phone")).to_be_visible()
    for name, (data, part) in files.BAD.items():
        page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
        expect(page.get_by_test_id("stAlert").filter(has_text=part)).to_be_visible()
        expect(page.locator(".st-key-answer")).to_have_count(0)
    page.locator('input[type="file"]').set_input_files(
        {"name": "plain.png", "mimeType": "image/png", "buffer": files.GOOD["plain.png"]}
    )
    wait_for_answer(page, "7")
    # What was drawn before is still there.
    page.get_by_text("Draw", exact=True).click()
    wait_for_answer(page, "3")
    wait_for_ink(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_cell_of_the_confusion_matrix_opens_its_mistakes(page, server):
    open_page(page, server, "digits_mlp")
    samples = page.locator(".st-key-mistakes")
    expect(samples.get_by_role("heading")).to_contain_text("The surest mistakes")
    cell = page.locator('.st-key-digits_mlp_confusion path[aria-label^="read as: 9; really a: 4"]').last
    cell.evaluate("element => element.scrollIntoView({block: 'center'})")
    cell.click()
    expect(samples.get_by_role("heading")).to_contain_text("A 4 read as a 9")
    count = int(bundles.load("digits_mlp").evaluation["confusion_good"][4, 9])
    expect(samples.get_by_role("img")).to_have_count(count)


def test_time_machine_goes_back(page, server):
    open_page(page, server, "digits_mlp")
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    slider = page.locator(".st-key-digits_mlp_moment").get_by_role("slider")
    slider.scroll_into_view_if_needed()
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".st-key-moment_answer")).to_contain_text("untrained")
    # The drawing is still on the canvas, and its answer as it was.
    assert read_answer(page) == "7"


def test_two_people_draw_at_once(page, phone, server):
    for one in (page, phone):
        open_page(one, server, "digits_cnn")
    draw(page, DIGITS["3"])
    draw_by_touch(phone, DIGITS["7"])
    wait_for_answer(page, "3")
    wait_for_answer(phone, "7")

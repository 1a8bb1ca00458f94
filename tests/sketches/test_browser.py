"""Sketches in a real browser."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from lib import catalogue
from tests import files
from tests.gestures import CAT, draw, open_page, wait_for_answer

SKETCHES = catalogue.slugs("sketches")


@pytest.mark.parametrize("slug", SKETCHES)
def test_network_guesses_after_every_stroke(page, server, slug):
    open_page(page, server, slug)
    expect(page.get_by_text("please draw something")).to_be_visible()
    knew = page.locator(".st-key-knew")
    draw(page, CAT[:1])
    expect(knew).to_contain_text("One stroke so far")
    # The same drawing, small and in a corner, is the same picture to the network.
    draw(page, CAT[1:])
    wait_for_answer(page, "cat")
    expect(page.locator(".st-key-answer_good")).to_contain_text("cat")
    expect(knew).to_contain_text("cat")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("please draw something")).to_be_visible()
    draw(page, [[(0.3 * x + 190, 0.3 * y + 5) for x, y in stroke] for stroke in CAT])
    wait_for_answer(page, "cat")


def test_round_is_played_against_the_clock(page, server):
    open_page(page, server, "sketch_cnn")
    page.get_by_role("radio", name="Play against the clock").click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".st-key-prompt")).to_contain_text("in 20 seconds")
    expect(page.get_by_role("timer")).to_contain_text(" s")
    # Whatever the word is, it is not this.
    draw(page, [[(20, 20), (30, 30), (60, 260)]])
    expect(page.locator(".st-key-said")).to_contain_text("I see")
    expect(page.locator(".st-key-verdict")).to_be_visible(timeout=40_000)
    expect(page.get_by_text("drawn by 10 players of Quick, Draw!")).to_be_visible()
    expect(page.locator(".st-key-score")).to_contain_text("of 1")
    page.get_by_role("button", name="Next round").click()
    expect(page.locator(".st-key-said")).to_contain_text("I see nothing yet")


def test_uploaded_sketch_is_recognised(page, server):
    image = Image.new("L", (700, 900), 240)
    for stroke in CAT:
        ImageDraw.Draw(image).line([(2 * x + 60, 2 * y + 200) for x, y in stroke], fill=50, width=8)
    open_page(page, server, "sketch_cnn")
    page.get_by_text("Upload a picture", exact=True).click()
    chooser = page.locator('input[type="file"]')
    chooser.set_input_files({"name": "cat.png", "mimeType": "image/png", "buffer": files.encode(image)})
    wait_for_answer(page, "cat")
    for name, (data, part) in files.BAD.items():
        if "ink" not in part and "contrast" not in part:
            chooser.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
            expect(page.get_by_test_id("stAlert").filter(has_text=part)).to_be_visible()


def test_category_is_found_and_its_neighbours_open(page, server):
    open_page(page, server, "sketch_cnn")
    search = page.get_by_role("combobox", name="Search the 345 categories")
    search.click()
    search.press_sequentially("octop")
    expect(page.get_by_role("option")).to_have_count(1)
    search.press("Enter")
    expect(page.get_by_text("of 10 drawings guessed at once").filter(has_text="octopus")).to_be_visible()
    expect(page.locator(".st-key-category_drawings img")).to_have_count(10)
    cell = page.locator('.st-key-sketch_cnn_neighbourhood path[aria-label^="taken for: octopus; really: octopus"]').last
    cell.evaluate("element => element.scrollIntoView({block: 'center'})")
    cell.click()
    expect(page.locator(".st-key-cell")).to_contain_text("octopus, recognised")

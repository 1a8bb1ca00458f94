"""Sums in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.gestures import open_page


def test_sum_is_answered_while_one_types_and_survives_a_reload(page, server):
    open_page(page, server, "numbers_sum")
    field = page.get_by_label("A sum of two numbers")
    expect(read_metric(page)).to_have_text("55")
    field.fill("")
    expect(page.get_by_text("Type a sum, for example 17+38.")).to_be_visible()
    field.press_sequentially("586+749")
    # Without Enter, and the field keeps the focus.
    expect(read_metric(page)).to_have_text("1335")
    expect(field).to_be_focused()
    field.press_sequentially("x")
    expect(page.get_by_test_id("stAlert").filter(has_text="no letters")).to_be_visible()
    field.press("Backspace")
    expect(read_metric(page)).to_have_text("1335")
    field.fill("12345+1")
    expect(page.get_by_test_id("stAlert").filter(has_text="5 digits")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    field.fill("20+22")
    expect(read_metric(page)).to_have_text("42")
    # It stands in the address, too.
    page.wait_for_url("**numbers_sum_typed=**")
    page.reload()
    expect(field).to_have_value("20+22")
    expect(read_metric(page)).to_have_text("42")


def read_metric(page: Page):
    return page.locator(".st-key-answer [data-testid=stMetricValue]")


def test_quiz_is_played(page, server):
    open_page(page, server, "numbers_sum")
    page.get_by_role("button", name="Quiz me").click()
    question = page.get_by_test_id("stMetric").filter(has_text="The sum")
    expect(question).to_be_visible()
    a, b = map(int, question.get_by_test_id("stMetricValue").inner_text().split("+"))
    page.get_by_label("Your answer").fill(str(a + b))
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"You: {a + b}, right")).to_be_visible()
    expect(page.get_by_text("You: 1 of 1")).to_be_visible()

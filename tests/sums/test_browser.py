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


def test_sum_is_answered_in_the_browser(page, server):
    open_page(page, server, "numbers_sum", "browser")
    field = page.get_by_label("A sum of two numbers")
    answer = page.locator(".iml-sum .iml-answer strong")
    said = page.locator(".iml-sum .iml-message:visible")
    expect(answer).to_have_text("55")
    expect(said).to_have_text("Right, and it was 99.8% sure.")
    field.fill("")
    expect(said).to_have_text("Type a sum, for example 17+38.")
    field.press_sequentially("586+749")
    # Without Enter, and the field keeps the focus.
    expect(answer).to_have_text("1335")
    expect(field).to_be_focused()
    written = page.locator(".iml-considered .iml-written")
    expect(written).to_have_count(5)
    # The rest of the page follows.
    variants = page.get_by_test_id("stMetric").filter(has_text="About your sum").get_by_test_id("stMetricValue")
    expect(variants.nth(1)).to_have_text("1335")
    expect(field).to_be_focused()
    field.press_sequentially("x")
    expect(said).to_contain_text("no letters")
    page.get_by_role("button", name="1234+1", exact=True).click()
    expect(page.locator(".iml-sum .iml-bad")).to_contain_text("Wrong")
    expect(page.get_by_text("In training no number had more than 3 digits")).to_be_visible()
    field.fill("20+22")
    field.press("Enter")
    expect(answer).to_have_text("42")
    # It stands in the address, too.
    page.wait_for_url("**numbers_sum_typed=20**")
    page.reload()
    expect(field).to_have_value("20+22")
    expect(answer).to_have_text("42")
    # And it follows to the server's way.
    page.get_by_role("radio", name="On the server").click()
    expect(read_metric(page)).to_have_text("42")
    field.fill("1+2")
    expect(read_metric(page)).to_have_text("3")
    page.get_by_role("radio", name="In your browser").click()
    expect(answer).to_have_text("3")


def test_sum_in_the_browser_fits_a_phone(phone, server):
    open_page(phone, server, "numbers_sum", "browser")
    phone.get_by_role("button", name="586+749", exact=True).tap()
    expect(phone.locator(".iml-sum .iml-answer strong")).to_have_text("1335")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

"""What only a browser shows: drawing, touching, uploading, picking, and finding one's way."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from lib import bundles, catalogue
from tests import files
from tests.conftest import ALL, SKETCHES, SLUGS, TEXTS
from tests.gestures import CAT, DIGITS, canvas, draw, draw_by_touch, read_answer, wait_for_answer, wait_for_ink


def open_page(page: Page, server: str, slug: str = "") -> None:
    page.goto(f"{server}/{slug}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("digit", ["3", "7"])
def test_mouse_draws_and_the_network_answers(page, server, slug, digit):
    open_page(page, server, slug)
    expect(page.get_by_text("The canvas is empty: please draw a digit.")).to_be_visible()
    draw(page, DIGITS[digit])
    wait_for_answer(page, digit)
    expect(page.get_by_text("The canvas is empty")).to_have_count(0)
    expect(page.get_by_text("Give a digit above")).to_have_count(0)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("digit", ["3", "7"])
def test_finger_draws_on_a_phone(browser, server, slug, digit):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.set_default_timeout(20_000)
    page = context.new_page()
    open_page(page, server, slug)
    draw_by_touch(page, DIGITS[digit])
    wait_for_answer(page, digit)
    # Nothing sticks out of a phone's screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_small_drawing_in_a_corner_is_understood(page, server):
    open_page(page, server, "digits_cnn")
    draw(page, [[(0.45 * x + 150, 0.45 * y + 5) for x, y in stroke] for stroke in DIGITS["3"]])
    wait_for_answer(page, "3")


def test_undo_and_clear(page, server):
    open_page(page, server, "digits_cnn")
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    seven = page.locator(".st-key-seen img").get_attribute("src")
    draw(page, [[(20, 20), (30, 260), (250, 265)]])
    expect(page.locator(".st-key-seen img")).not_to_have_attribute("src", seven)
    page.locator(".st-key-digits_cnn_undo button").click()
    expect(page.locator(".st-key-seen img")).to_have_attribute("src", seven)
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
    page.get_by_test_id("stSidebarNav").get_by_text("Digits recognition (CNN)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (CNN)")
    wait_for_answer(page, "7")
    wait_for_ink(page)


def test_drawing_is_still_there_after_a_look_elsewhere(page, server):
    open_page(page, server, "digits_cnn")
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    page.get_by_test_id("stSidebarNav").get_by_text("Home", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Interactive machine learning experiments")
    page.get_by_test_id("stSidebarNav").get_by_text("Digits recognition (CNN)").click()
    wait_for_answer(page, "7")
    wait_for_ink(page)
    # And it can be drawn on, stroke by stroke, and taken back.
    seven = page.locator(".st-key-seen img").get_attribute("src")
    draw(page, [[(20, 20), (30, 260), (250, 265)]])
    expect(page.locator(".st-key-seen img")).not_to_have_attribute("src", seven)
    page.locator(".st-key-digits_cnn_undo button").click()
    expect(page.locator(".st-key-seen img")).to_have_attribute("src", seven)


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
    expect(page.get_by_text("Upload a photo of one handwritten digit: a phone")).to_be_visible()
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


def test_sum_is_answered_while_one_types(page, server):
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


def read_metric(page: Page):
    return page.locator(".st-key-answer [data-testid=stMetricValue]")


def test_quiz_is_played(page, server):
    open_page(page, server, "numbers_sum")
    page.get_by_role("button", name="Quiz me").click()
    question = page.get_by_test_id("stMetric").filter(has_text="The sum")
    expect(question).to_be_visible()
    a, b = map(int, question.get_by_test_id("stMetricValue").inner_text().split("+"))
    page.get_by_label("Your answer").fill(str(a + b))
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text(f"You: {a + b}, right")).to_be_visible()
    expect(page.get_by_text("You: 1 of 1")).to_be_visible()


def written(page: Page, slug: str):
    return page.locator(f".st-key-{slug}_text .text span")


def ask_for_1000(page: Page, slug: str):
    """Move the slider of the length to its end, and give it back."""
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
    # In the page itself, lest a slow test comes too late.
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


def test_two_people_write_at_once(browser, server):
    slug = "text_shakespeare"
    contexts = [browser.new_context(viewport={"width": 1280, "height": 1000}) for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page, prompt in zip(pages, ("First", "Second"), strict=True):
        page.set_default_timeout(20_000)
        open_page(page, server, slug)
        page.get_by_role("textbox", name="Prompt").fill(prompt)
    for page in pages:
        page.get_by_role("button", name="Continue", exact=True).click()
    for page, prompt in zip(pages, ("First", "Second"), strict=True):
        expect(written(page, slug)).to_have_count(len(prompt) + 300)
        assert "".join(written(page, slug).all_inner_texts()).startswith(prompt)
    for context in contexts:
        context.close()


def test_prompt_is_still_there_after_a_look_elsewhere(page, server):
    slug = "text_shakespeare"
    open_page(page, server, slug)
    page.get_by_role("textbox", name="Prompt").fill("A new prompt")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(written(page, slug)).to_have_count(len("A new prompt") + 300)
    text = written(page, slug).all_inner_texts()
    page.get_by_test_id("stSidebarNav").get_by_text("Summing numbers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Summing numbers (RNN)")
    page.get_by_test_id("stSidebarNav").get_by_text("Writing like Shakespeare").click()
    expect(page.get_by_role("textbox", name="Prompt")).to_have_value("A new prompt")
    expect(written(page, slug)).to_have_count(len(text))
    assert written(page, slug).all_inner_texts() == text


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
    expect(canvas(page)).to_be_visible()


def test_link_to_a_page_works_on_a_server_that_has_just_started(page, new_server):
    open_page(page, new_server, "digits_cnn")
    navigation = page.get_by_test_id("stSidebarNav")
    expect(navigation.get_by_text("Convolutional networks")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digits recognition (CNN)")
    expect(page.get_by_role("dialog")).to_have_count(0)
    draw(page, DIGITS["7"])
    wait_for_answer(page, "7")
    assert page.url.endswith("/digits_cnn")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("slug", ["", *ALL])
def test_page_is_whole_in_both_themes_and_widths(browser, server, slug, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(20_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, server, slug)
    if slug:
        expect(page.get_by_text("Make it yourself")).to_be_attached()
    drawn_on = slug in (*SLUGS, *SKETCHES, "image_classification")
    if drawn_on:
        expect(canvas(page)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stSpinner")).to_have_count(0)
    for width in (1280, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
        if drawn_on:
            # A place that is too narrow would let it scroll, and hide a part of it.
            page.wait_for_function(
                """canvas => {
                    const frame = canvas.closest(".dc-scroll");
                    return frame.scrollWidth <= frame.clientWidth;
                }""",
                arg=canvas(page).element_handle(),
            )
    assert not errors
    context.close()


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
    expect(page.get_by_text("players of Quick, Draw! drew it")).to_be_visible()
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


def test_two_people_draw_at_once(browser, server):
    contexts = [browser.new_context(viewport={"width": 1280, "height": 1000}) for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.set_default_timeout(20_000)
        open_page(page, server, "digits_cnn")
    draw(pages[0], DIGITS["3"])
    draw(pages[1], DIGITS["7"])
    wait_for_answer(pages[0], "3")
    wait_for_answer(pages[1], "7")
    for context in contexts:
        context.close()

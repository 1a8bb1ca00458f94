"""Pictures come out of noise in a real browser."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lib import bundles, catalogue, site
from lib.tasks.generation import flow
from lib.tasks.generation.demo import demo
from lib.tasks.generation.generator import MOST_SEED, Generator
from tests.camera import nothing_leaves
from tests.gestures import DIGITS, draw_on_pad, open_page
from tests.static_server import serving

SLUG = "generate_digits"
# Many steps on a busy machine.
PATIENCE = 60_000


@pytest.fixture(scope="module")
def generator() -> Generator:
    return Generator(bundles.load(SLUG))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page without a server."""
    folder = tmp_path_factory.mktemp("site") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "EXPERIMENTS", (catalogue.get(SLUG),))
        site.export(folder)
    with serving(folder) as address:
        yield f"{address}/{SLUG}.html"


def shown(place: Locator) -> np.ndarray:
    """The pictures in a place: int (n, 28, 28)."""
    found = place.locator("canvas").evaluate_all(
        """all => all.map(one => Array.from(one.getContext("2d").getImageData(0, 0, 28, 28).data).filter((_, i) => i % 4 === 0))"""
    )
    return np.array(found).reshape(-1, 28, 28)


def sixteen(page: Page) -> np.ndarray:
    return shown(page.get_by_role("group", name="What is drawn"))


def finished(page: Page, drawn: str) -> None:
    """Wait until class, seed, steps and guidance have led to pictures."""
    expect(page.locator(f'.iml-generate[data-drawn="{drawn}"]')).to_be_visible(timeout=PATIENCE)


def told(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator(".iml-said")).to_contain_text(text, timeout=PATIENCE)


def come_to(page: Page, mode: str) -> None:
    page.get_by_role("radio", name=mode, exact=True).check()


def test_same_seed_draws_the_servers_pictures_in_the_browser(page, server, generator):
    with nothing_leaves(page):
        open_page(page, server, SLUG, "browser")
        # One drawing is there without a question, and of a seed of one's own.
        page.get_by_label("Steps", exact=True).fill("4")
        expect(page.locator(".iml-generate[data-drawn]")).to_be_visible(timeout=PATIENCE)
        seed = page.get_by_label("Seed", exact=True)
        assert 0 <= int(seed.input_value()) <= MOST_SEED
        seed.fill("42")
        seed.press("Enter")
        finished(page, f"7 42 4 {flow.GUIDANCE:g}")
        expect(page.get_by_role("img", name="7, number 16", exact=True)).to_be_visible()
        *_, expected = generator.draw([7] * 16, 42, steps=4)
        assert np.abs(sixteen(page) - expected).max() <= 3

        # Another class comes out of the same noise, with other guidance, too.
        page.get_by_label("Guidance", exact=True).fill("3")
        page.get_by_role("radio", name="3", exact=True).check()
        finished(page, "3 42 4 3")
        *_, expected = generator.draw([3] * 16, 42, steps=4, guidance=3)
        assert np.abs(sixteen(page) - expected).max() <= 3

        before = sixteen(page)
        for bad in ("-1", "1.5", "", str(MOST_SEED + 1)):
            seed.fill(bad)
            page.get_by_role("button", name="Draw", exact=True).click()
            expect(page.get_by_text(f"The seed must be a whole number from 0 to {MOST_SEED}.")).to_be_visible()
        assert (sixteen(page) == before).all()
        page.get_by_role("button", name="New noise").click()
        expect(page.get_by_text("The seed must be")).to_be_hidden()
        finished(page, f"3 {seed.input_value()} 4 3")

        # It stops where one stops it; the click comes from the page itself, since a busy test would come too late.
        page.evaluate(
            """() => new MutationObserver((_, observer) => {
              if (document.querySelector(".iml-counter").textContent !== "Step 2 of 50") return;
              observer.disconnect();
              document.querySelector(".iml-stop").click();
            }).observe(document.querySelector(".iml-generate"), {subtree: true, childList: true, characterData: true})"""
        )
        page.get_by_label("Steps", exact=True).fill("50")
        told(page, "Stopped. The pictures are not finished.")
        expect(page.locator(".iml-counter")).to_have_text("Step 2 of 50")
        expect(page.get_by_role("button", name="Stop")).to_be_disabled()


@pytest.fixture
def without_server(page, address):
    """The page without a server, whose network is there; it may not complain."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    page.get_by_label("Steps", exact=True).fill("3")
    expect(page.locator(".iml-generate[data-drawn]")).to_be_visible(timeout=PATIENCE)
    yield page
    assert not complaints


def test_walk_goes_along_the_arc_from_one_noise_to_the_other(without_server, generator):
    page = without_server
    come_to(page, "Walk")
    for name, seed in (("Seed of the first picture", "1"), ("Seed of the last picture", "2")):
        page.get_by_label(name).fill(seed)
        page.get_by_label(name).press("Enter")
    page.get_by_label("To", exact=True).select_option("5")
    told(page, "Drawn in")
    little = page.get_by_role("group", name="All pictures on the way")
    shares = [0, 0.5, 1]
    starts = [flow.blended_noise(flow.noise(1, 1), flow.noise(2, 1), share) for share in shares]
    wishes = [flow.wish({3: 1 - share, 5: share}, len(generator.classes)) for share in shares]
    *_, expected = flow.steps_from_noise(generator.velocity, np.concatenate(starts), np.concatenate(wishes), steps=3)
    assert np.abs(shown(little)[[0, 10, 20]].astype(int) - flow.pixels(expected)).max() <= 3
    page.get_by_label("Place on the way").fill("50")
    large = page.get_by_role("img", name="50% of the way from 3 to 5", exact=True).first
    expect(large).to_be_visible()
    # It plays only when it is asked to, since this visitor wants no motion.
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_label("Place on the way")).not_to_have_value("50")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_upper_half_is_kept_and_the_lower_half_is_drawn(without_server):
    page = without_server
    come_to(page, "Finish")
    page.get_by_role("button", name="Finish it").click()
    told(page, "The upper half is empty. Please draw something there first.")
    draw_on_pad(page, DIGITS["3"])
    page.get_by_role("button", name="Finish it").click()
    told(page, "Drawn in")
    found = shown(page.get_by_role("group", name="How the network finishes it"))
    assert len(found) == 8
    upper, lower = found[:, :14], found[:, 14:]
    assert upper.max() > 200
    assert upper.min() == 0
    assert (upper == upper[0]).all()
    assert len(np.unique(lower.reshape(8, -1), axis=0)) == 8
    # Any class first, then one that is asked for.
    page.get_by_label("Finish it as").select_option("8")
    expect(page.get_by_role("img", name="Your drawing, finished as 8, number 1")).to_be_visible()
    told(page, "Drawn in")
    again = shown(page.get_by_role("group", name="How the network finishes it"))
    assert (again[:, :14] == upper).all()
    assert (again[:, 14:] != lower).any()


def test_children_come_from_the_parents_that_one_picks(without_server):
    page = without_server
    come_to(page, "Breed")
    told(page, "Drawn in")
    page.get_by_role("button", name="Breed", exact=True).click()
    told(page, "Pick one picture or more first.")
    for name in ("2, number 3", "5, number 6"):
        page.get_by_role("button", name=name, exact=True).click()
    told(page, "2 parents are picked.")
    page.get_by_role("button", name="Breed", exact=True).click()
    expect(page.get_by_text("Generation 2")).to_be_visible()
    told(page, "Drawn in")
    names = page.locator(".iml-picture").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len(names) == 16
    assert {name.split(",")[0] for name in names} <= {"2", "5"}
    expect(page.locator('.iml-picture[aria-pressed="true"]')).to_have_count(0)
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("Generation 1")).to_be_visible()


def test_game_tells_real_pictures_from_drawn_ones_and_keeps_the_score(without_server):
    page = without_server
    come_to(page, "Real or drawn?")
    expect(page.get_by_text("Guessing gives 10 of 20 on average.")).to_be_visible()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Mark at least one picture first.")).to_be_visible()
    pictures = page.locator(".iml-game .iml-picture")
    for i in range(3):
        pictures.nth(i).click()
    # Another press takes a mark away.
    pictures.nth(2).click()
    expect(page.get_by_text("2 marked as drawn")).to_be_visible()
    page.get_by_role("button", name="Check").click()
    words = page.locator(".iml-game .iml-word").all_inner_texts()
    score = sum("✓" in word for word in words)
    expect(page.get_by_text(f"You: {score} of 20 right. Guessing gives 10 on average.")).to_be_visible()
    # As it says: real ones are those of the dataset.
    real = {one.tobytes() for one in (bundles.load(SLUG).evaluation["game_real"] / 17).round().astype(np.uint8) * 17}
    found = [one.astype(np.uint8).tobytes() in real for one in shown(page.locator(".iml-game"))]
    assert found == ["real" in word for word in words]
    assert sum(found) == 10
    assert score == sum(is_real == (i > 1) for i, is_real in enumerate(found))
    page.get_by_role("button", name="Next round").click()
    pictures.first.click()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text(re.compile(r"2 rounds: \d+ at best, \d+\.\d on average\."))).to_be_visible()
    page.reload()
    come_to(page, "Real or drawn?")
    expect(page.get_by_text("2 rounds:")).to_be_visible()


def test_demo_is_small_enough_to_travel_with_each_page():
    data = demo(bundles.load(SLUG)).data
    assert sum(len(data[kind]["url"]) for kind in ("real", "drawn")) < 100_000
    for kind in ("real", "drawn"):
        assert len(data[kind]["labels"]) >= 10

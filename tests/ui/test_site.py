"""Pages without a server: every demo is there, asks for nothing from elsewhere, and reads a 7."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lib import site
from lib.__main__ import main
from tests.conftest import ALL
from tests.gestures import DIGITS, draw_on_pad
from tests.static_server import serving


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    assert site.export(folder) == len(ALL) + 1
    with serving(folder) as address:
        yield address


def test_a_seven_is_read_without_a_server(page, address):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/index.html")
    expect(page.locator(".site-card")).to_have_count(len(ALL))
    page.get_by_role("link", name="Digits recognition (CNN)").click()
    expect(page.locator(".iml-draw[data-ready]")).to_be_visible()
    draw_on_pad(page, DIGITS["7"])
    expect(page.locator(".iml-answer strong")).to_have_text("7")
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_every_page_without_a_server_shows_its_demo(page, address):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("response", lambda answer: errors.append(answer.url) if answer.status >= 400 else None)
    for slug in ALL:
        page.goto(f"{address}/{slug}.html")
        expect(page.locator(".site-demo .iml-demo").first).to_be_visible()
        expect(page.locator(".site-demo")).to_have_count(2 if slug == "image_classification" else 1)
    assert not errors


def test_folder_that_is_there_is_left_alone(tmp_path, capsys):
    assert main(["export", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

"""Coming and going, drawing on the canvas of a page, and reading what the page answers."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

from lib import catalogue

Stroke = list[tuple[float, float]]

DIGITS: dict[str, list[Stroke]] = {
    "3": [[(85, 70), (110, 48), (150, 42), (185, 60), (190, 95), (165, 122), (130, 132), (168, 142), (196, 170),
           (192, 210), (160, 236), (115, 238), (80, 215)]],
    "7": [[(75, 60), (205, 60), (175, 115), (150, 170), (130, 235)]],
}  # fmt: skip
"""Strokes of handwritten digits on a canvas of 280 x 280 pixels."""

CAT: list[Stroke] = [
    [(70, 90), (62, 150), (90, 205), (140, 220), (190, 205), (218, 150), (210, 90)],
    [(70, 90), (72, 40), (112, 72), (168, 72), (208, 40), (210, 90)],
    [(110, 125), (114, 131)],
    [(168, 125), (172, 131)],
    [(132, 160), (148, 160), (140, 170), (132, 160)],
    [(120, 165), (25, 150)],
    [(120, 172), (28, 180)],
    [(160, 165), (255, 150)],
    [(160, 172), (252, 180)],
]
"""Strokes of a cat's head: face, ears, eyes, nose and whiskers."""


def canvas(page: Page) -> Locator:
    """The layer of the canvas that takes the pointer."""
    return page.locator("canvas.upper-canvas")


def _corner(page: Page, pad: Locator | None = None) -> tuple[float, float]:
    where = pad or canvas(page)
    where.scroll_into_view_if_needed()
    # What still loads above it may move it.
    where.element_handle().wait_for_element_state("stable")
    box = where.bounding_box()
    assert box
    return box["x"], box["y"]


def draw(page: Page, strokes: list[Stroke], pad: Locator | None = None) -> None:
    """Draw with the mouse, on the server's canvas or on another one."""
    for (x, y), *rest in strokes:
        left, top = _corner(page, pad)
        page.mouse.move(left + x, top + y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(left + x, top + y, steps=4)
        page.mouse.up()


def draw_on_pad(page: Page, strokes: list[Stroke]) -> None:
    """Draw with the mouse where the network runs in the browser."""
    draw(page, strokes, page.locator(".iml-pad"))


def draw_by_touch(page: Page, strokes: list[Stroke]) -> None:
    """Draw with a finger; Playwright itself can only tap, so Chromium is told by its own protocol."""
    left, top = _corner(page)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, points: list[dict]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for (x, y), *rest in strokes:
        touch("touchStart", [{"x": left + x, "y": top + y}])
        for x, y in rest:
            touch("touchMove", [{"x": left + x, "y": top + y}])
        touch("touchEnd", [])


def answer(page: Page) -> Locator:
    """Where the network's answer stands."""
    return page.locator(".st-key-answer").get_by_test_id("stMetricValue")


def read_answer(page: Page) -> str:
    return answer(page).inner_text().strip()


def wait_for_answer(page: Page, digit: str) -> None:
    """Wait until the network reads `digit`."""
    expect(answer(page)).to_have_text(digit)


def wait_for_ink(page: Page) -> None:
    """Wait until there is something on the canvas itself."""
    page.wait_for_function(
        """() => {
            const find = root => {
                const found = root.querySelector('.dc-canvas.lower-canvas');
                if (found) return found;
                for (const element of root.querySelectorAll('*')) {
                    const inner = element.shadowRoot && find(element.shadowRoot);
                    if (inner) return inner;
                }
            };
            const canvas = find(document);
            if (!canvas) return false;
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return data.some((value, i) => i % 4 === 3 && value > 0);
        }"""
    )


def open_page(page: Page, server: str, slug: str = "", run: str = "server") -> None:
    """Open a page; `run` says where its network runs."""
    page.goto(f"{server}/{slug}" + (f"?run={run}" if slug else ""))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def go(page: Page, title: str = "") -> None:
    """Go to the page of that title by the menu at the top; to the gallery without one."""
    menu = page.get_by_test_id("stTopNav")
    if not title:
        menu.get_by_text("Home", exact=True).click()
        return
    experiment = next(one for one in catalogue.EXPERIMENTS if one.title.startswith(title))
    menu.get_by_role("button", name=experiment.family).click()
    page.get_by_test_id("stTopNavPopover").get_by_text(experiment.title).click()


def arrive(visitor: BrowserContext) -> Page:
    """An empty page of a visitor: the one that they left, since in a new one all scripts would have to be compiled anew."""
    return visitor.pages[0] if visitor.pages else visitor.new_page()


def leave(visitor: BrowserContext) -> None:
    """Leave the first of a visitor's pages, close the others, and forget what they kept, except the scripts."""
    for number, page in enumerate(visitor.pages):
        page.evaluate("try { localStorage.clear(); sessionStorage.clear() } catch {}")
        if number:
            page.close()
            continue
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")
        page.mouse.move(0, 0)
    visitor.clear_cookies()

"""Pages without a browser, and what tests look for on them."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def open_page(slug: str | None = None) -> AppTest:
    """The page of an experiment, or the gallery, as a visitor finds it who comes by its address."""
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    if slug:
        app.switch_page(f"pages/{slug}.py")
    app.run()
    assert not app.exception
    return app


def metrics(app: AppTest, label: str) -> list[str]:
    """Values of the figures whose label begins so."""
    return [metric.value for metric in app.metric if metric.label.startswith(label)]


def button(app: AppTest, label: str):
    """The first button of that label."""
    return next(button for button in app.button if button.label == label)


def everything(app: AppTest) -> str:
    """All that is said on the page in prose."""
    return " ".join(
        str(element.value) for kind in ("markdown", "caption", "info", "error") for element in app.get(kind)
    )

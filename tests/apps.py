"""Pages without a browser, and what tests look for on them."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def open_page(slug: str | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
    if slug:
        app.switch_page(f"pages/{slug}.py").run()
    assert not app.exception
    return app


def metrics(app: AppTest, label: str) -> list[str]:
    return [metric.value for metric in app.metric if metric.label.startswith(label)]


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def everything(app: AppTest) -> str:
    return " ".join(
        str(element.value) for kind in ("markdown", "caption", "info", "error") for element in app.get(kind)
    )

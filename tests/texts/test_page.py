"""The pages of the texts."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles, catalogue
from tests.apps import button, everything, open_page

TEXTS = catalogue.slugs("texts")


def write(app: AppTest, slug: str, **settings) -> str:
    app.number_input(key=f"{slug}_seed").set_value(settings.get("seed", 1))
    app.slider(key=f"{slug}_length").set_value(50)
    app.text_area(key=f"{slug}_prompt").set_value(settings.get("prompt", "The king"))
    button(app, "Continue").click().run()
    assert not app.exception
    return app.session_state[f"{slug}_writing"]["trace"].text


@pytest.mark.parametrize("slug", TEXTS)
def test_prompt_is_continued(slug):
    app = open_page(slug)
    text = write(app, slug)
    assert text.startswith("The king")
    assert len(text) == len("The king") + 50
    assert write(app, slug) == text
    assert write(app, slug, seed=2) != text
    assert "it expects" in everything(app)
    button(app, "Write on").click().run()
    longer = app.session_state[f"{slug}_writing"]["trace"]
    assert len(longer.text) == len("The king") + 100
    assert len(longer.scores) == len(longer.text) + 1


def test_what_is_left_out_is_named():
    app = open_page("text_shakespeare")
    assert write(app, "text_shakespeare", prompt="Rome 7 £").startswith("Rome  ")
    assert "Left out" in everything(app)
    assert "`7`, `£`" in everything(app)
    start = bundles.load("text_shakespeare").facts["start"]
    assert write(app, "text_shakespeare", prompt="").startswith(start)
    assert "The prompt is empty" in everything(app)
    text = write(app, "text_shakespeare", prompt="word " * 100)
    assert "last 200 characters" in everything(app)
    assert len(text) == 250
    assert write(app, "text_shakespeare", prompt="`:red[x]` $a$ **b**\n# c")


@pytest.mark.parametrize("slug", TEXTS)
def test_three_temperatures_and_three_variants(slug):
    app = open_page(slug)
    button(app, "Write all three").click().run()
    assert not app.exception
    traces = app.session_state[f"{slug}_temperatures"]["traces"]
    assert len({trace.text for trace in traces}) == 3
    button(app, "Let all three write").click().run()
    assert not app.exception
    assert set(app.session_state[f"{slug}_variants"]) == {"underfit", "good", "overfit"}
    assert "Copied:" in everything(app)


@pytest.mark.parametrize("slug", TEXTS)
def test_epochs_units_and_passages_can_be_looked_through(slug):
    app = open_page(slug)
    slider = app.select_slider(key=f"{slug}_epoch")
    slider.set_value(slider.options[-1]).run()
    loss = bundles.load(slug).history.query("variant == 'good'")["val_loss"].iloc[-1]
    assert f"{loss:.3f} nats" in everything(app)
    units = app.selectbox(key=f"{slug}_unit")
    units.set_value(units.options and [row["property"] for row in bundles.load(slug).facts["units"]][-1]).run()
    assert not app.exception
    app.segmented_control(key=f"{slug}_passages").set_value("least").run()
    assert not app.exception


def test_sessions_do_not_share_a_text():
    one, other = open_page("text_shakespeare"), open_page("text_shakespeare")
    write(one, "text_shakespeare")
    other.run()
    assert other.session_state["text_shakespeare_writing"]["trace"] is None

"""What a person typed or named is shown as plain text, wherever it is shown."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from lib import catalogue, photos
from tests import files
from tests.apps import button, open_page

SIGNS = "*7* $x$ :smile: [a](b)"
SHOWN = ("markdown", "caption", "info", "warning", "error", "success", "image", "metric", "button", "button_group")


def said(app: AppTest) -> str:
    """All that Streamlit is given for a page, in its protocol's own words: labels, captions and texts."""
    words = "\n".join(str(element.proto) for kind in SHOWN for element in app.get(kind)).replace("\\\\", "\\")
    # What is read aloud instead of a picture is never formatted.
    return "\n".join(line for line in words.splitlines() if not line.strip().startswith("alt:"))


def formatted(text: str) -> list[str]:
    """Places in which the signs stand without a backslash before them, and so would be formatted."""
    return re.findall(r".{0,40}(?<!\\)\*7\\?\* .{0,40}", text)


def check(app: AppTest, times: int = 1) -> None:
    assert not app.exception
    text = said(app)
    assert text.count("\\*7\\* \\$x\\$ \\:smile\\: \\[a\\](b)") >= times
    assert not formatted(text)


@pytest.mark.parametrize(
    ("slug", "way"),
    [(catalogue.slugs("digits")[0], "Upload a photo"), (catalogue.slugs("sketches")[0], "Upload a picture")],
)
def test_name_of_a_picture_of_a_drawing(slug, way):
    app = open_page(slug)
    app.session_state[f"{slug}_file"] = (f"{SIGNS}.png", files.GOOD["plain.png"])
    next(one for one in app.get("button_group") if one.key == f"{slug}_source").set_value(way).run()
    check(app)


@pytest.mark.parametrize("slug", ["image_classification", "object_detection", catalogue.slugs("hands")[0]])
def test_names_of_photos(slug):
    app = open_page(slug)
    # Its components can only be declared once an app has been started.
    from lib.ui.inputs.photo import Photo

    picture = photos.example("macaw").open()
    kept = [Photo(f"{SIGNS}.jpg", picture), Photo(f"{SIGNS} 2.jpg", message="This picture is damaged.")]
    app.session_state[f"{slug}_upload_kept"] = kept
    app.session_state[f"{slug}_source"] = "Upload"
    app.run()
    assert not app.exception
    assert not formatted(said(app))


def test_names_of_classes():
    app = open_page("image_classification")
    app.session_state["image_classification_task"] = "Teach it your own classes"
    app.run()
    app.text_input[0].set_value(SIGNS).run()
    button(app, "No photos? Take pieces of three examples").click().run()
    assert not app.exception
    assert not formatted(said(app))


@pytest.mark.parametrize("slug", ["numbers_sum", catalogue.slugs("texts")[0]])
def test_what_is_typed(slug):
    app = open_page(slug)
    field = app.text_area[0] if app.text_area else app.text_input[0]
    field.set_value(SIGNS).run()
    assert not app.exception
    # Where a text is quoted, it stands between backticks.
    assert not [place for place in formatted(said(app)) if "`" not in place]

import shutil

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib import bundles, experiments
from tests.conftest import ROOT, SLUGS


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


def test_home_has_a_card_for_every_experiment():
    app = open_page()
    text = everything(app)
    for experiment in experiments.EXPERIMENTS:
        assert experiment.sentence in text
        test = bundles.load(experiment.slug).variant("good")["test"]
        assert f"{test['accuracy']:.2%}" in text
    headers = [header.value for header in app.header]
    assert headers == list(experiments.by_family())


@pytest.mark.parametrize("slug", SLUGS)
def test_page_has_its_parts_in_order(slug):
    app = open_page(slug)
    assert app.title[0].value == experiments.get(slug).title
    assert [header.value for header in app.header] == [
        "Try it",
        "How it learnt",
        "Where it fails",
        "Too simple, about right, memorised",
        "Inside",
        "Make it yourself",
    ]
    assert not app.error


@pytest.mark.parametrize("slug", SLUGS)
def test_page_runs_by_itself(slug):
    app = AppTest.from_file(str(ROOT / "pages" / f"{slug}.py"), default_timeout=60).run()
    assert not app.exception
    assert app.title[0].value == experiments.get(slug).title


@pytest.mark.parametrize("slug", SLUGS)
def test_empty_canvas_gets_an_invitation(slug):
    app = open_page(slug)
    assert "please draw a digit" in app.info[0].value
    assert not metrics(app, "The network reads")
    assert metrics(app, "About your digit") == ["–", "–", "–"]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("digit", ["0", "4", "9"])
def test_example_is_one_click_away(slug, digit):
    app = open_page(slug)
    button(app, digit).click().run()
    assert not app.exception
    assert metrics(app, "The network reads")[0] == digit
    assert metrics(app, "About your digit")[1] == digit


@pytest.mark.parametrize("slug", SLUGS)
def test_clear_brings_the_invitation_back(slug):
    app = open_page(slug)
    button(app, "4").click().run()
    button(app, "Clear").click().run()
    assert "please draw a digit" in app.info[0].value
    button(app, "Undo").click().run()
    assert not app.exception


def test_drawing_follows_to_the_next_page():
    app = open_page("digits_mlp")
    button(app, "4").click().run()
    app.switch_page("pages/digits_cnn.py").run()
    assert metrics(app, "The network reads")[0] == "4"


def test_sessions_do_not_share_a_drawing():
    one, other = open_page("digits_mlp"), open_page("digits_mlp")
    button(one, "4").click().run()
    other.run()
    assert not metrics(other, "The network reads")


def test_time_machine_asks_the_network_of_that_moment():
    app = open_page("digits_mlp")
    button(app, "7").click().run()
    slider = app.select_slider(key="digits_mlp_moment")
    assert slider.options[0] == "untrained"
    assert metrics(app, "The network reads (epoch")[0] == "7"
    slider.set_value("untrained").run()
    assert not app.exception
    assert len(metrics(app, "The network reads (untrained)")) == 1
    timeline = bundles.load("digits_mlp").arrays("timeline.npz")
    assert f"{float(timeline['val_accuracy'][0]):.1%} of the validation digits" in everything(app)


def test_feature_maps_of_every_convolution():
    app = open_page("digits_cnn")
    button(app, "8").click().run()
    layer = app.segmented_control(key="digits_cnn_layer") if hasattr(app, "segmented_control") else None
    control = layer or next(c for c in app.get("button_group") if c.key == "digits_cnn_layer")
    for name in bundles.load("digits_cnn").variant("good")["inside"]:
        if name.startswith("maps"):
            control.set_value(name).run()
            assert not app.exception


def broken(tmp_path, monkeypatch, slug: str, name: str | None) -> AppTest:
    shutil.copytree(bundles.models_dir(), tmp_path / "models")
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path / "models"))
    if name is None:
        shutil.rmtree(tmp_path / "models" / slug)
    else:
        (tmp_path / "models" / slug / name).write_bytes(np.random.default_rng(0).bytes(500))
    import streamlit as st

    st.cache_resource.clear()
    return open_page(slug)


@pytest.fixture(autouse=True)
def _fresh_caches():
    yield
    import streamlit as st

    st.cache_resource.clear()


@pytest.mark.parametrize(
    "name", ["bundle.json", "history.csv", "evaluation.npz", "timeline.npz", "good.tflite", "card.md"]
)
def test_damaged_file_is_named_on_the_page(tmp_path, monkeypatch, name):
    app = broken(tmp_path, monkeypatch, "digits_mlp", name)
    if name != "card.md":
        # Prose has no sum to check: whatever it says is shown.
        assert any(name in error.value and "make train SLUG=digits_mlp" in error.value for error in app.error)
    app.switch_page("pages/digits_cnn.py").run()
    assert not app.error
    button(app, "4").click().run()
    assert metrics(app, "The network reads")[0] == "4"


def test_missing_bundle_leaves_the_rest_alone(tmp_path, monkeypatch):
    app = broken(tmp_path, monkeypatch, "digits_mlp", None)
    assert any("digits_mlp" in error.value and "is missing" in error.value for error in app.error)
    app.switch_page("Home.py").run()
    assert not app.exception
    assert any("make train" in error.value for error in app.error)
    assert experiments.get("digits_cnn").sentence in everything(app)

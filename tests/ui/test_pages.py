import json
import shutil

import numpy as np
import pytest
from streamlit.errors import StreamlitInvalidLayoutContextError
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from lib import bundles, catalogue
from tests.apps import button, everything, metrics, open_page
from tests.conftest import ALL, ROOT


def test_home_has_a_card_for_every_experiment():
    app = open_page()
    text = everything(app)
    for experiment in catalogue.EXPERIMENTS:
        assert experiment.sentence in text
        test = bundles.load(experiment.slug).variant("good")["test"]
        assert experiment.score(test) in text
    headers = [header.value for header in app.header]
    assert headers == list(catalogue.by_family())


@pytest.mark.parametrize("slug", ALL)
def test_page_has_its_parts_in_order(slug):
    app = open_page(slug)
    assert app.title[0].value == catalogue.get(slug).title
    assert [header.value for header in app.header] == [
        "Try it",
        "How it learnt",
        "Where it fails",
        "Too simple, about right, memorised",
        "Inside",
        "Make it yourself",
    ]
    assert not app.error


@pytest.mark.parametrize("slug", ALL)
def test_page_runs_by_itself(slug):
    app = AppTest.from_file(str(ROOT / "pages" / f"{slug}.py"), default_timeout=60).run()
    assert not app.exception
    assert app.title[0].value == catalogue.get(slug).title


@pytest.mark.parametrize("slug", ["numbers_sum", "text_shakespeare"])
@pytest.mark.parametrize("name", ["good.keras", "overfit.keras", "evaluation.npz", "history.csv"])
def test_damaged_network_leaves_the_rest_of_the_page(tmp_path, monkeypatch, slug, name):
    app = broken(tmp_path, monkeypatch, slug, name)
    if slug == "text_shakespeare" and name == "overfit.keras":
        button(app, "Let all three write").click().run()
    assert any(name in error.value and f"make train SLUG={slug}" in error.value for error in app.error)
    assert app.header[-1].value == "Make it yourself"


def broken(tmp_path, monkeypatch, slug: str, name: str | None) -> AppTest:
    """A page of which a file of its bundle is damaged, or the whole bundle missing."""
    models = tmp_path / "models"
    models.mkdir()
    for folder in bundles.models_dir().iterdir():
        if folder.name != slug:
            (models / folder.name).symlink_to(folder)
    monkeypatch.setenv("ML_MODELS_DIR", str(models))
    if name is not None:
        shutil.copytree(ROOT / "models" / slug, models / slug)
        (models / slug / name).write_bytes(np.random.default_rng(0).bytes(500))
    return open_page(slug)


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
    app = open_page()
    assert any("make train" in error.value for error in app.error)
    assert catalogue.get("digits_cnn").sentence in everything(app)


def test_page_of_a_training_that_goes_on_says_so(tmp_path, monkeypatch):
    shutil.copytree(bundles.models_dir() / "digits_mlp", tmp_path / "models" / "digits_mlp")
    path = tmp_path / "models" / "digits_mlp" / "bundle.json"
    facts = json.loads(path.read_text())
    del facts["variants"]["good"]["test"]
    path.write_text(json.dumps(facts))
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path / "models"))
    for page in ("Home.py", "pages/digits_mlp.py"):
        app = AppTest.from_file(str(ROOT / page), default_timeout=60).run()
        assert not app.exception
        assert any("training is still under way" in error.value for error in app.error)


def _page_of_a_lost_run():
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from lib.ui.header import guarded

    outside = st.container()

    @st.fragment
    def part():
        with outside, guarded():
            st.markdown("before")
            # What a full run does, in a thread of its own, to a fragment's run that is still under way.
            context = get_script_run_ctx()
            context.fragment_storage.clear_outside_wrappers()
            context.fragment_ids_this_run = ["this"]
            st.markdown("after")

    part()


def test_run_that_lost_its_places_ends_without_a_word():
    app = AppTest.from_function(_page_of_a_lost_run).run()
    assert not app.exception
    assert not app.error
    assert [text.value for text in app.markdown] == ["before"]


def test_run_that_lost_its_places_writes_nothing_on_its_way_out():
    from lib.ui.header import guarded

    # `st.stop` would ask Streamlit for a place first, where there is none.
    with pytest.raises(StopException), guarded():
        raise StreamlitInvalidLayoutContextError("A newer run has taken the places away.")


def test_run_that_reads_what_a_newer_one_changes_ends_without_a_word():
    from lib.ui.header import guarded

    with pytest.raises(StopException), guarded():
        raise RuntimeError("dictionary changed size during iteration")
    # Anything else is a fault of ours.
    with pytest.raises(RuntimeError, match="other"), guarded():
        raise RuntimeError("other")

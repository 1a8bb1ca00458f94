import json
import shutil

import numpy as np
import pytest
from streamlit.errors import StreamlitInvalidLayoutContextError
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from lib import bundles, catalogue
from tests.conftest import ALL, ROOT, SKETCHES, SLUGS, TEXTS
from tests.gestures import CAT


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


def type_sum(app: AppTest, text: str) -> None:
    app.text_input(key="numbers_sum_typed").set_value(text).run()
    assert not app.exception


def test_typed_sum_is_answered():
    app = open_page("numbers_sum")
    type_sum(app, "586+749")
    assert metrics(app, "The network writes") == ["1335"]
    assert metrics(app, "The true sum") == ["1335"]
    assert "Right" in app.success[0].value
    variants = metrics(app, "About your sum")
    assert variants[1] == "1335"
    assert len(variants) == 3


def test_longer_numbers_fail_and_the_page_says_why():
    app = open_page("numbers_sum")
    type_sum(app, "1234+4321")
    assert metrics(app, "The network writes") != ["5555"]
    assert "Wrong" in app.error[0].value
    assert "longer than any that it learnt from" in everything(app)


@pytest.mark.parametrize(
    ("typed", "part"), [("1 7+38", "space"), ("a+b", "no letters"), ("-1+2", "minus"), ("12345+1", "5 digits")]
)
def test_what_is_no_sum_gets_a_sentence(typed, part):
    app = open_page("numbers_sum")
    type_sum(app, typed)
    assert part in app.warning[0].value
    assert not metrics(app, "The network writes")
    assert metrics(app, "About your sum") == ["–", "–", "–"]
    type_sum(app, "")
    assert "Type a sum" in app.info[0].value
    type_sum(app, "2+2")
    assert metrics(app, "The network writes") == ["4"]


def test_example_sum_is_one_click_away():
    app = open_page("numbers_sum")
    button(app, "999+1").click().run()
    assert metrics(app, "The network writes") == ["1000"]


def test_quiz_keeps_two_scores():
    app = open_page("numbers_sum")
    button(app, "Quiz me").click().run()
    a, b = map(int, metrics(app, "The sum")[0].split("+"))
    app.text_input(key="numbers_sum_quiz_answer").set_value(str(a + b)).run()
    button(app, "Show").click().run()
    assert "You: **1 of 1**" in everything(app)
    button(app, "Quiz me").click().run()
    app.text_input(key="numbers_sum_quiz_answer").set_value("*no* [idea](x)").run()
    button(app, "Show").click().run()
    text = everything(app)
    assert "You: **1 of 2**" in text
    assert "of 2**" in text.split("Network:")[1][:12]
    assert not app.exception
    button(app, "Quiz me").click().run()
    button(app, "Show").click().run()
    # Who leaves it to the network is not asked.
    assert "You: **1 of 2**" in everything(app)


@pytest.mark.parametrize("variant", ["underfit", "overfit"])
def test_heat_map_of_every_variant(variant):
    app = open_page("numbers_sum")
    app.segmented_control(key="numbers_sum_heat").set_value(variant).run()
    assert not app.exception


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
    assert "empty prompt" in everything(app)
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


@pytest.mark.parametrize("slug", ["numbers_sum", "text_shakespeare"])
@pytest.mark.parametrize("name", ["good.keras", "overfit.keras", "evaluation.npz", "history.csv"])
def test_damaged_network_leaves_the_rest_of_the_page(tmp_path, monkeypatch, slug, name):
    app = broken(tmp_path, monkeypatch, slug, name)
    if slug == "text_shakespeare" and name == "overfit.keras":
        button(app, "Let all three write").click().run()
    assert any(name in error.value and f"make train SLUG={slug}" in error.value for error in app.error)
    assert app.header[-1].value == "Make it yourself"


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
    assert catalogue.get("digits_cnn").sentence in everything(app)


def test_page_of_a_training_that_goes_on_says_so(tmp_path, monkeypatch):
    shutil.copytree(bundles.models_dir(), tmp_path / "models", symlinks=True)
    path = tmp_path / "models" / "digits_mlp" / "bundle.json"
    facts = json.loads(path.read_text())
    del facts["variants"]["good"]["test"]
    path.write_text(json.dumps(facts))
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path / "models"))
    for page in ("Home.py", "pages/digits_mlp.py"):
        app = AppTest.from_file(str(ROOT / page), default_timeout=60).run()
        assert not app.exception
        assert any("training is still under way" in error.value for error in app.error)


def sketch_on(app: AppTest, canvas: str = "sketch") -> None:
    """Put the strokes of a cat on a canvas, as the browser would."""
    state = app.session_state[f"canvas_{canvas}"]
    state["objects"] = [{"type": "path", "path": [["L", *point] for point in stroke]} for stroke in CAT]
    state["rgba"] = np.full((280, 280, 4), 255, np.uint8)
    app.run()
    assert not app.exception


@pytest.mark.parametrize("slug", SKETCHES)
def test_empty_sketch_gets_an_invitation(slug):
    app = open_page(slug)
    assert "please draw something" in app.info[0].value
    assert not metrics(app, "Its best guess")
    assert metrics(app, "About your sketch") == ["–", "–", "–"]


@pytest.mark.parametrize("slug", SKETCHES)
def test_sketch_is_followed_stroke_by_stroke(slug):
    app = open_page(slug)
    sketch_on(app)
    text = everything(app)
    assert metrics(app, "Its best guess") == ["cat"]
    assert metrics(app, "About your sketch")[1] == "cat"
    assert "stroke**" in text or "from the first stroke on" in text
    assert "matters most" in text or "No single stroke" in text


@pytest.mark.parametrize("slug", SKETCHES)
def test_example_sketch_is_one_click_away(slug):
    app = open_page(slug)
    button(app, "bicycle").click().run()
    assert not app.exception
    assert metrics(app, "Its best guess") == ["bicycle"]
    assert "no strokes to follow" in everything(app)
    button(app, "Clear").click().run()
    assert not metrics(app, "Its best guess")


def test_sketch_follows_to_the_next_page():
    app = open_page("sketch_mlp")
    sketch_on(app)
    app.switch_page("pages/sketch_cnn.py").run()
    assert metrics(app, "Its best guess") == ["cat"]


@pytest.mark.parametrize("slug", SKETCHES)
def test_any_category_can_be_looked_up(slug):
    app = open_page(slug)
    search = app.selectbox(key=f"{slug}_category")
    assert len(search.options) == 345
    for name in ("The Mona Lisa", "zigzag"):
        search.set_value(name).run()
        assert not app.exception
        mine = next(value for value in (m.value for m in app.markdown) if value.startswith(f"**{name}**: "))
        assert "of 10 drawings guessed at once" in mine


def play(slug: str) -> AppTest:
    app = open_page(slug)
    mode = next(control for control in app.get("button_group") if control.key == f"{slug}_source")
    mode.set_value("Play against the clock").run()
    assert not app.exception
    return app


def test_round_is_won_when_the_word_is_its_best_guess():
    app = play("sketch_cnn")
    button(app, "Start").click().run()
    state = app.session_state["sketch_cnn_game"]
    assert state["word"] in bundles.load("sketch_cnn").classes
    assert f"in {20} seconds" in app.subheader[0].value
    state["word"] = "cat"
    sketch_on(app, "game")
    assert "Guessed in" in app.success[0].value
    assert "1 of 1" in everything(app)
    # A stroke after the end changes nothing.
    app.run()
    assert "1 of 1" in everything(app)
    button(app, "Next round").click().run()
    assert app.session_state["sketch_cnn_game"]["status"] == "playing"
    assert app.session_state["sketch_cnn_game"]["word"] != "cat"


def test_round_is_lost_when_the_time_is_up():
    app = play("sketch_mlp")
    button(app, "Start").click().run()
    state = app.session_state["sketch_mlp_game"]
    state["word"] = "zebra"
    sketch_on(app, "game")
    assert "I see **cat**" in everything(app)
    state["started"] -= 21
    app.run()
    assert "Time is up. It took your drawing for: **cat**" in app.warning[0].value
    assert "0 of 1" in everything(app)


def test_giving_up_counts_and_leaving_does_not_end_a_round():
    app = play("sketch_cnn")
    button(app, "Start").click().run()
    button(app, "Give up").click().run()
    assert not app.exception
    assert "0 of 1" in everything(app)
    app.switch_page("pages/digits_cnn.py").run()
    app.switch_page("pages/sketch_cnn.py").run()
    assert app.session_state["sketch_cnn_game"]["status"] == "playing"
    assert button(app, "Give up")


def test_score_belongs_to_a_session():
    one = play("sketch_cnn")
    button(one, "Start").click().run()
    one.session_state["sketch_cnn_game"]["started"] -= 21
    one.run()
    assert "nothing was drawn" in one.warning[0].value
    other = play("sketch_cnn")
    assert not other.session_state["sketch_cnn_game"]["rounds"]


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

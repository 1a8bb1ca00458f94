import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib import bundles
from lib.__main__ import main
from tests import files
from tests.conftest import ALL, ROOT, SKETCHES, SLUGS, TEXTS
from tests.gestures import CAT


@pytest.fixture
def seven(tmp_path):
    path = tmp_path / "seven.png"
    files.seven().save(path)
    return str(path)


def test_list_names_every_experiment(capsys):
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert all(slug in text for slug in ALL)
    assert main(["list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["slug"] for row in rows] == list(ALL)


@pytest.mark.parametrize("slug", SLUGS)
def test_predict_prints_one_object_per_input(capsys, slug, seven, tmp_path, examples):
    Image.fromarray(examples[0][3]).save(tmp_path / "three.png")
    assert main(["predict", slug, seven, str(tmp_path / "three.png"), "--top", "2", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["input"] for row in rows] == [seven, str(tmp_path / "three.png")]
    assert [row["top"][0]["label"] for row in rows] == ["7", "3"]
    assert [len(row["top"]) for row in rows] == [2, 2]
    assert 0.5 < rows[0]["top"][0]["probability"] <= 1


def test_predict_for_people(capsys, seven):
    assert main(["predict", "digits_cnn", seven]) == 0
    assert capsys.readouterr().out.startswith(f"{seven}: 7 (")


@pytest.mark.parametrize("slug", SKETCHES)
def test_predict_recognises_a_sketch(capsys, slug, tmp_path):
    image = Image.new("L", (900, 700), 235)
    for stroke in CAT:
        ImageDraw.Draw(image).line([(x + 400, y + 50) for x, y in stroke], fill=40, width=9)
    image.save(tmp_path / "cat.png")
    assert main(["predict", slug, str(tmp_path / "cat.png"), "--json", "--top", "5"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["top"][0]["label"] == "cat"
    assert len(row["top"]) == 5
    Image.new("L", (300, 300), 235).save(tmp_path / "blank.png")
    assert main(["predict", slug, str(tmp_path / "blank.png")]) == 1
    assert "clear lines" in capsys.readouterr().err


@pytest.mark.parametrize("slug", SKETCHES)
def test_evaluate_scores_drawings_by_the_names_in_their_file(capsys, slug, tmp_path):
    bundle = bundles.load(slug)
    evaluation, names = bundle.evaluation, np.array(bundle.classes)
    labels = evaluation["test_labels"].astype(int)
    # The same drawings under names in another order.
    order = np.random.default_rng(0).permutation(len(names))
    np.savez(
        tmp_path / "own.npz", images=evaluation["test_images"], labels=np.argsort(order)[labels], names=names[order]
    )
    assert main(["evaluate", slug, "--data", str(tmp_path / "own.npz"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundle.variant("good")["test"]
    assert result["n"] == recorded["n"] == 3450
    for metric in ("accuracy", "top_5_accuracy", "rich_accuracy"):
        assert result[metric] == pytest.approx(recorded[metric], abs=1e-3)
    np.savez(tmp_path / "unnamed.npz", images=evaluation["test_images"], labels=labels)
    assert main(["evaluate", slug, "--data", str(tmp_path / "unnamed.npz")]) == 1
    assert "names" in capsys.readouterr().err


def test_predict_adds(capsys):
    assert main(["predict", "numbers_sum", "17+38", "999 + 1", "--json", "--top", "2"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["top"][0]["label"] for row in rows] == ["55", "1000"]
    assert [row["true"] for row in rows] == ["55", "1000"]
    assert all(len(row["top"]) == 2 for row in rows)
    assert main(["predict", "numbers_sum", "17+38"]) == 0
    assert capsys.readouterr().out.startswith("17+38 = 55 (")


def test_bad_sums_get_a_sentence_each(capsys):
    assert main(["predict", "numbers_sum", "-3+5", "12345+1", "17", "2+2", "--json"]) == 1
    captured = capsys.readouterr()
    rows = [json.loads(line) for line in captured.out.splitlines()]
    assert ["error" in row for row in rows] == [True, True, True, False]
    assert "minus" in rows[0]["error"]
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("slug", TEXTS)
def test_predict_writes_on(capsys, slug):
    command = ["predict", slug, "ROMEO:", "--length", "40", "--temperature", "0.8", "--seed", "1"]
    assert main(command) == 0
    first = capsys.readouterr().out
    assert first.startswith("ROMEO:")
    assert len(first) == len("ROMEO:") + 40 + 1
    assert main(command) == 0
    assert capsys.readouterr().out == first
    assert main([*command, "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["prompt"] + row["text"] + "\n" == first
    assert main([*command[:-1], "2"]) == 0
    assert capsys.readouterr().out != first


def test_unknown_characters_are_named_and_left_out(capsys):
    assert main(["predict", "text_shakespeare", "RÖMEO 7:", "--length", "5", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["prompt"] == "RMEO :"
    assert "Ö7" in captured.err
    assert main(["predict", "text_shakespeare", "", "--length", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["prompt"] == bundles.load("text_shakespeare").facts["start"]


def test_evaluate_scores_sums_of_ones_own(capsys, tmp_path):
    np.savez(tmp_path / "own.npz", a=np.array([17, 5000]), b=np.array([38, 5000]))
    assert main(["evaluate", "numbers_sum", "--data", str(tmp_path / "own.npz"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["n"], result["exact_match"]) == (2, 0.5)


def test_evaluate_finds_the_score_of_the_sums(capsys):
    assert main(["evaluate", "numbers_sum", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundles.load("numbers_sum").variant("good")["test"]
    assert result["n"] == recorded["n"]
    assert result["exact_match"] == pytest.approx(recorded["exact_match"], abs=2e-4)
    assert result["small_exact_match"] == pytest.approx(recorded["small_exact_match"], abs=2e-4)


def test_evaluate_scores_a_text_of_ones_own(capsys, tmp_path):
    evaluation = bundles.load("text_shakespeare").evaluation
    (tmp_path / "own.txt").write_text("\n".join(map(str, evaluation["easy_texts"])) + "é")
    assert main(["evaluate", "text_shakespeare", "--data", str(tmp_path / "own.txt"), "--json"]) == 0
    easy = json.loads(capsys.readouterr().out)["bits_per_character"]
    (tmp_path / "own.txt").write_text("\n".join(map(str, evaluation["hard_texts"])))
    assert main(["evaluate", "text_shakespeare", "--data", str(tmp_path / "own.txt"), "--json"]) == 0
    assert easy < json.loads(capsys.readouterr().out)["bits_per_character"]
    (tmp_path / "own.txt").write_text("éé")
    assert main(["evaluate", "text_shakespeare", "--data", str(tmp_path / "own.txt")]) == 1
    assert "no character that this network knows" in capsys.readouterr().err


@pytest.mark.skipif("ML_DATA_DIR" not in os.environ, reason="ML_DATA_DIR names no folder with the real texts")
@pytest.mark.parametrize("slug", TEXTS)
def test_evaluate_finds_the_bits_that_the_page_shows(capsys, slug):
    assert main(["evaluate", slug, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundles.load(slug).variant("good")["test"]
    assert result["n"] == recorded["n"]
    assert result["bits_per_character"] == pytest.approx(recorded["bits_per_character"], abs=1e-3)


def test_one_bad_input_does_not_stop_the_others(capsys, seven):
    assert main(["predict", "digits_cnn", "missing.png", seven, "--json"]) == 1
    captured = capsys.readouterr()
    first, second = (json.loads(line) for line in captured.out.splitlines())
    assert "no file missing.png" in first["error"]
    assert second["top"][0]["label"] == "7"
    assert "missing.png" in captured.err


def test_evaluate_scores_a_file_of_ones_own(capsys, tmp_path, examples):
    labels = examples[1].copy()
    labels[0] = 9
    np.savez(tmp_path / "own.npz", images=examples[0], labels=labels)
    assert main(["evaluate", "digits_cnn", "--data", str(tmp_path / "own.npz"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["slug"], result["variant"], result["n"]) == ("digits_cnn", "good", 10)
    assert result["accuracy"] == pytest.approx(0.9)


def test_evaluate_takes_a_variant(capsys, small_mnist, monkeypatch):
    monkeypatch.setenv("ML_DATA_DIR", str(small_mnist))
    assert main(["evaluate", "digits_mlp", "--variant", "underfit", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["variant"], result["n"]) == ("underfit", 100)


@pytest.mark.skipif("ML_DATA_DIR" not in os.environ, reason="ML_DATA_DIR names no folder with the real MNIST")
@pytest.mark.parametrize("slug", SLUGS)
def test_evaluate_finds_the_score_that_the_page_shows(capsys, slug):
    assert main(["evaluate", slug, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    recorded = bundles.load(slug).variant("good")["test"]
    assert result["n"] == recorded["n"] == 10_000
    # Another processor may round a close call differently.
    assert result["accuracy"] == pytest.approx(recorded["accuracy"], abs=2e-4)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["predict", "digits", "x.png"], "choose one of digits_mlp, digits_cnn"),
        (["predict", "digits_mlp", "x.png", "--variant", "best"], "choose one of underfit, good, overfit"),
        (["evaluate", "digits_mlp", "--data", "missing.npz"], "no file missing.npz"),
    ],
)
def test_mistakes_get_one_sentence(capsys, arguments, part):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert part in error
    assert "Traceback" not in error


def test_command_line_does_without_tensorflow_and_streamlit(seven):
    code = (
        "import sys; from lib.__main__ import main; "
        f"main(['predict', 'digits_mlp', {seven!r}]); main(['predict', 'numbers_sum', '1+1']); "
        "sys.exit(bool({'tensorflow', 'keras', 'streamlit', 'skimage'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)

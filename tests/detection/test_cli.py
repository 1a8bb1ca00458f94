"""Object detection on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from lib import __main__ as command_line
from lib import photos
from tests.files import encode

SLUG = "object_detection"


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    status = command_line.main(arguments)
    told = capsys.readouterr()
    return status, told.out, told.err


def test_predict_names_boxes_in_pixels(capsys):
    path = str(photos.example("espresso").path)
    status, out, _ = run(capsys, "predict", SLUG, path, "--json")
    row = json.loads(out)
    assert status == 0
    assert row["size"] == [600, 400]
    assert [one["label"] for one in row["detections"]] == ["cup", "dining table"]
    left, top, right, bottom = row["detections"][0]["box"]
    assert 100 < left < right < 500
    assert 0 < top < bottom < 300
    _, out, _ = run(capsys, "predict", SLUG, path, "--threshold", "0.9", "--top", "5")
    assert out.splitlines()[1].startswith("  cup (96")
    assert "dining table" not in out


def test_boxes_are_in_pixels_of_the_whole_upright_photo(capsys, tmp_path, espresso):
    # Larger than anything that is decoded in full, and stored on its side.
    exif = Image.Exif()
    exif[0x0112] = 6
    large = espresso.resize((3000, 2000))
    large.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "photo.jpg", exif=exif)
    _, out, _ = run(
        capsys, "predict", SLUG, str(tmp_path / "photo.jpg"), str(photos.example("espresso").path), "--json"
    )
    whole, small = map(json.loads, out.splitlines())
    assert whole["size"] == [3000, 2000]
    assert np.array(whole["detections"][0]["box"]) == pytest.approx(5 * np.array(small["detections"][0]["box"]), abs=60)


def test_predict_says_what_is_wrong_with_a_file(capsys, tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    status, out, err = run(capsys, "predict", SLUG, str(tmp_path / "text.jpg"), str(tmp_path / "none.jpg"), "--json")
    assert status == 1
    assert ["not a picture" in line or "no file" in line for line in out.splitlines()] == [True, True]
    assert "Traceback" not in err


@pytest.mark.parametrize("wrong", ["0", "1.5", "much"])
def test_a_threshold_that_is_none_is_refused(wrong):
    with pytest.raises(SystemExit):
        command_line.main(["predict", SLUG, "photo.jpg", "--threshold", wrong])


def test_evaluate_scores_a_file_of_ones_own(capsys, tmp_path, espresso):
    width, height = espresso.size
    box = np.array([174, 21, 413, 239]) / [width, height, width, height]
    data = encode(espresso, "JPEG", quality=95)
    np.savez(
        tmp_path / "mine.npz",
        jpeg=np.frombuffer(data, np.uint8), offsets=np.array([0, len(data)]), image_id=np.array([1]),
        size=np.array([[width, height]]), class_names=np.array(["cup"]),
        boxes=np.array([[0, 0, *(box[:2] + box[2:]) / 2, *(box[2:] - box[:2])]]),
    )  # fmt: skip
    status, out, _ = run(capsys, "evaluate", SLUG, "--data", str(tmp_path / "mine.npz"), "--json")
    figures = json.loads(out)
    assert status == 0
    assert figures["n"] == 1
    assert figures["mean_average_precision_50"] == 1
    assert figures["mean_average_precision"] > 0.8


def test_evaluate_says_where_the_photos_should_be(capsys, monkeypatch, tmp_path):
    monkeypatch.delenv("ML_EVALUATION_DIR", raising=False)
    status, _, err = run(capsys, "evaluate", SLUG)
    assert status == 1
    assert "set ML_EVALUATION_DIR" in err
    monkeypatch.setenv("ML_EVALUATION_DIR", str(tmp_path))
    assert "There is no file" in run(capsys, "evaluate", SLUG)[2]

"""Sketches on the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib import bundles, catalogue
from lib.__main__ import main
from tests.gestures import CAT

SKETCHES = catalogue.slugs("sketches")


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

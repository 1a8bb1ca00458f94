"""Every notebook runs from its first cell to its last, on a few samples."""

import json
import os
import subprocess
import sys

import nbformat
import pytest

from lib import bundles, catalogue
from lib.__main__ import main
from tests.conftest import ALL, ROOT


@pytest.mark.parametrize("slug", ALL)
def test_notebook_writes_a_bundle(slug, small_data, tmp_path, monkeypatch, capsys):
    environment = os.environ | {
        "ML_SMOKE": "1",
        **small_data,
        "ML_MODELS_DIR": str(tmp_path / "models"),
        "ML_CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
    }
    command = [sys.executable, "notebooks/run.py", slug, "--output", str(tmp_path / "out.ipynb")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-3000:]
    bundle = bundles.Bundle(slug, tmp_path / "models" / slug)
    real = bundles.load(slug)
    assert bundle.variants == real.variants
    assert bundle.evaluation.keys() == real.evaluation.keys()
    assert bundle.facts.keys() == real.facts.keys()
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path / "models"))
    for variant in bundle.variants:
        # What is no file gets a sentence, once the model has been loaded.
        assert main(["predict", slug, "?", "--variant", variant, "--json"]) in (0, 1)
        assert "make train" not in capsys.readouterr().err
    # Nothing is left to go on with, once the bundle is whole.
    assert not list((tmp_path / "checkpoints").glob("*"))


@pytest.mark.parametrize("slug", ALL)
def test_notebook_is_committed_as_it_was_executed(slug):
    notebook = nbformat.read(ROOT / catalogue.get(slug).notebook, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert catalogue.get(slug).colab_url in notebook.cells[0].source
    outputs = json.dumps([cell.outputs for cell in code])
    assert "stderr" not in outputs
    test = bundles.load(slug).variant("good")["test"]
    metric = catalogue.get(slug).metric
    assert (f"{test[metric]:.3f}" if metric == "bits_per_character" else f"{test[metric]:.2%}") in outputs

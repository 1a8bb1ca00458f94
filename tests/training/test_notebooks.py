"""Every notebook runs from its first cell to its last, on a few samples."""

import json
import os
from collections.abc import Callable, Iterator

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from lib import bundles, catalogue
from lib.__main__ import main
from notebooks.run import HERE, run
from tests.conftest import ALL, ROOT

FRESH = """
%reset -f
import gc
import os
os.environ.update({environment!r})
import keras
keras.backend.clear_session()
gc.collect()
gc.freeze()
"""


@pytest.fixture(scope="module")
def kernel(small_data) -> Iterator[Callable[[dict[str, str]], KernelManager]]:
    """Makes the kernel, which all notebooks of a worker share, as good as new: its libraries take long to import."""
    manager = KernelManager()
    # One thread each: several would wait for those of the other worker.
    settings = {"ML_SMOKE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}
    manager.start_kernel(cwd=str(HERE), env=os.environ | small_data | settings)
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=120)

    def fresh(environment: dict[str, str]) -> KernelManager:
        reply = client.execute_interactive(
            FRESH.format(environment=environment), timeout=300, output_hook=lambda _: None
        )
        assert reply["content"]["status"] == "ok"
        return manager

    yield fresh
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("slug", ALL)
def test_notebook_writes_a_bundle(slug, kernel, tmp_path, monkeypatch, capsys):
    folders = {"ML_MODELS_DIR": str(tmp_path / "models"), "ML_CHECKPOINT_DIR": str(tmp_path / "checkpoints")}
    run(slug, tmp_path / "out.ipynb", kernel(folders))
    bundle = bundles.Bundle(slug, tmp_path / "models" / slug)
    real = bundles.load(slug)
    assert bundle.variants == real.variants
    assert bundle.evaluation.keys() == real.evaluation.keys()
    # A trial run writes no model for browsers.
    assert bundle.facts.keys() == real.facts.keys() - {"browser"}
    monkeypatch.setenv("ML_MODELS_DIR", folders["ML_MODELS_DIR"])
    for variant in bundle.variants:
        # What is no input gets a sentence, once the model has been loaded.
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

"""Execute a notebook and keep its outputs: ``python notebooks/run.py digits_mlp``."""

import argparse
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent


def noise(output: nbformat.NotebookNode) -> bool:
    """Whether an output is of the libraries' own making, about drivers, temporary files and speed."""
    return output.get("name") == "stderr" or output.get("text", "").startswith(
        ("INFO:tensorflow:", "WARNING:tensorflow:")
    )


def run(slug: str, output: Path, kernel: KernelManager | None = None) -> None:
    """Execute ``notebooks/<slug>.ipynb`` from its own folder and write it, with its outputs, to `output`.

    What the libraries print about themselves is dropped.

    Args:
        slug: name of the experiment.
        output: where to write the notebook.
        kernel: one that runs already, in the notebooks' folder; a new one if not given.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    notebook = nbformat.read(HERE / f"{slug}.ipynb", as_version=4)
    client = NotebookClient(
        notebook, kernel, timeout=None, record_timing=False, resources={"metadata": {"path": str(HERE)}}
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if not noise(out)]
    # The kernel's own version would change with every machine.
    notebook.metadata.get("language_info", {}).pop("version", None)
    nbformat.write(notebook, output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slug", help="name of the experiment")
    parser.add_argument("--output", type=Path, help="where to write the notebook (default: in place)")
    arguments = parser.parse_args()
    run(arguments.slug, arguments.output or HERE / f"{arguments.slug}.ipynb")

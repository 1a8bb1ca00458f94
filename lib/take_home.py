"""The model for browsers to take home: its files, and a bare page that runs it."""

from __future__ import annotations

import io
import zipfile

from lib import bundles
from lib.bundles import Bundle, BundleError

TFJS = "https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0"


def bare_page(bundle: Bundle) -> str:
    """A page in HTML that loads the model and runs it once, on nothing."""
    facts = bundle.facts["browser"]
    inputs = ", ".join(
        f'"{facts["given"][name]}": tf.zeros({[side or 1 for side in shape]}, "{"int32" if name == "character" else "float32"}")'
        for name, shape in facts["inputs"].items()
    )
    output, node = next(
        (name, node) for name, node in facts["gives"].items() if not name.startswith(("features", "state"))
    )
    return f"""<!doctype html>
<script src="{TFJS}"></script>
<script type="module">
  const model = await tf.loadGraphModel("model.json");
  const {output} = model.execute({{ {inputs} }}, "{node}");
  document.body.append(`{output}: ${{await {output}.data()}}`);
</script>
"""


def browser_files(bundle: Bundle) -> dict[str, bytes]:
    """The files of the model for browsers.

    Raises:
        BundleError: one is missing or damaged.
    """
    facts, files = bundle.facts["browser"], {}
    for name, expected in facts["sha256"].items():
        try:
            files[name] = (bundles.browser_dir() / bundle.slug / facts["version"] / name).read_bytes()
        except OSError:
            files[name] = b""
        if bundles.sha256(files[name]) != expected:
            raise BundleError(
                f"{name} of the model for browsers is missing or damaged. Restore it with `git checkout -- static/browser/models/{bundle.slug}`, "
                f"or write it anew with `python -m lib convert {bundle.slug}`."
            )
    return files


def tfjs_zip(bundle: Bundle) -> bytes:
    """`browser_files`, and `bare_page` as ``index.html``, in a ``.zip`` file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, data in ({"index.html": bare_page(bundle).encode()} | browser_files(bundle)).items():
            file.writestr(name, data)
    return content.getvalue()

"""From a bundle to the form in which the visitor's browser runs its network: a graph model of TensorFlow.js, weights as float16."""

from __future__ import annotations

import importlib
import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import tensorflow as tf

from lib import bundles, catalogue
from lib.bundles import Bundle
from lib.recurrent import load_network
from lib.training.from_litert import Graph


@dataclass(frozen=True)
class Exported:
    """A network as the browser runs it, a single sample at a time.

    Attributes:
        function: takes the inputs in their order, and returns all outputs by name.
        inputs: their names and forms.
        weights: its variables.
    """

    function: Callable[..., dict[str, tf.Tensor]]
    inputs: dict[str, tf.TensorSpec]
    weights: list[tf.Variable]


class ConverterMissingError(RuntimeError):
    """The package ``tensorflowjs`` is not installed. The message says how to install it."""


def image_network(
    bundle: Bundle,
    shape: tuple[int, ...],
    outputs: list[str],
    signature: str = "predict",
    mirrored: bool = False,
    name: str = "good.tflite",
) -> Exported:
    """A network that takes an image, from a LiteRT model of the bundle.

    Args:
        bundle: where the model is.
        shape: of the image.
        outputs: names of those that the browser needs.
        signature: of the LiteRT model.
        mirrored: whether the answer is the mean of those to the image and to its mirror image.
        name: of the model's file.
    """
    graph = Graph(bundle.read(name), signature)

    def run(images: tf.Tensor) -> dict[str, tf.Tensor]:
        found = graph(tf.concat([images, tf.reverse(images, [2])], axis=0) if mirrored else images)
        return {name: tf.reduce_mean(found[name], 0, True) if mirrored else found[name] for name in outputs}

    return Exported(run, {"images": tf.TensorSpec((1, *shape), tf.float32)}, graph.weights)


def recurrent_network(bundle: Bundle) -> Exported:
    """One step of a recurrent network: the number of a character and the states before it, to the scores of the next one and the states after."""
    network = load_network(bundle)
    layers = [
        [tf.Variable(values) for values in (one.kernel, one.recurrent_kernel, one.bias)] for one in network.layers
    ]
    embedding, dense, bias = (tf.Variable(values) for values in (network.embedding, network.kernel, network.bias))

    def step(character: tf.Tensor, *states: tf.Tensor) -> dict[str, tf.Tensor]:
        given, after = tf.gather(embedding, character), list[tf.Tensor]()
        for (kernel, recurrent, both), state in zip(layers, states, strict=True):
            from_below, from_before = given @ kernel + both[0], state @ recurrent + both[1]
            update, reset, candidate = tf.split(from_below, 3, axis=1)
            kept, forgotten, remembered = tf.split(from_before, 3, axis=1)
            update, reset = tf.sigmoid(update + kept), tf.sigmoid(reset + forgotten)
            given = update * state + (1 - update) * tf.tanh(candidate + reset * remembered)
            after.append(given)
        return {"scores": given @ dense + bias} | {f"state_{i}": one for i, one in enumerate(after)}

    states = {f"before_{i}": tf.TensorSpec((1, one.units), tf.float32) for i, one in enumerate(network.layers)}
    return Exported(
        step,
        {"character": tf.TensorSpec((1,), tf.int32)} | states,
        [embedding, *(one for layer in layers for one in layer), dense, bias],
    )


def convert(slug: str) -> Path:
    """Write ``static/browser/models/<slug>/<version>/``, and what the page needs to know about it into ``bundle.json``.

    A task whose demo needs more networks, such as one that finds what the main one looks at, names them in its function
    ``helpers_for_browser``. Each lies in a folder of its own beside the files of the main one, and has facts of the same form.

    Args:
        slug: of a bundle whose good variant is there.

    Returns:
        The folder.

    Raises:
        BundleError: the model is missing or damaged.
        ConverterMissingError: see there.
    """
    bundle = bundles.load(slug)
    task = importlib.import_module(f"lib.tasks.{catalogue.get(slug).task}.training")
    exported = task.for_browser(bundle)
    helpers = task.helpers_for_browser(bundle) if hasattr(task, "helpers_for_browser") else {}
    main, files = _converted(exported)
    helping = {name: _converted(one) for name, one in helpers.items()}
    everything = [*files.values(), *(data for _, own in helping.values() for data in own.values())]
    version = bundles.sha256(b"".join(everything))[:12]
    target = bundles.browser_dir() / slug
    shutil.rmtree(target, ignore_errors=True)
    for folder, content in ((".", files), *((name, own) for name, (_, own) in helping.items())):
        (target / version / folder).mkdir(parents=True, exist_ok=True)
        for name, data in content.items():
            (target / version / folder / name).write_bytes(data)
    browser: dict[str, Any] = {"version": version, **main}
    if helping:
        # With such a slug and version, `runtime.js` finds their files as it finds those of any network.
        browser["helpers"] = {
            name: {"slug": f"{slug}/{version}", "version": name, **own} for name, (own, _) in helping.items()
        }
    facts = bundle.facts | {"browser": browser}
    (bundle.folder / "bundle.json").write_text(json.dumps(facts, indent=1) + "\n")
    return target / version


def _converted(exported: Exported) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What ``bundle.json`` says about a network, and its files."""
    with tempfile.TemporaryDirectory() as folder:
        names = _write(exported, Path(folder))
        files = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    facts = {
        "bytes": sum(map(len, files.values())),
        "sha256": {name: bundles.sha256(data) for name, data in files.items()},
        "inputs": {name: list(spec.shape) for name, spec in exported.inputs.items()},
        **names,
    }
    return facts, files


def _write(exported: Exported, folder: Path) -> dict[str, dict[str, str]]:
    """Write the model's files.

    Returns:
        By ``given`` and ``gives``, what the graph calls each input and output: names of one shape get lost on the way to TensorFlow.js.
    """
    converter, module = _converter(), tf.Module()
    module.weights = exported.weights
    specs = [tf.TensorSpec(spec.shape, spec.dtype, name) for name, spec in exported.inputs.items()]
    function = tf.function(exported.function).get_concrete_function(*specs)
    with tempfile.TemporaryDirectory() as saved:
        tf.saved_model.save(module, saved, signatures=function)
        converter.convert_tf_saved_model(saved, str(folder), quantization_dtype_map={"float16": "*"})
    path = folder / "model.json"
    model = json.loads(path.read_text())
    # What it says about the versions of its makers would give the same weights another name.
    model = {
        key: value for key, value in model.items() if key not in ("generatedBy", "convertedBy", "userDefinedMetadata")
    }
    path.write_text(json.dumps(model, separators=(",", ":")))
    # TensorFlow puts the outputs in the order of their names.
    gives = {
        name: f"Identity_{i}:0" if i else "Identity:0" for i, name in enumerate(sorted(function.structured_outputs))
    }
    return {"given": {name: f"{name}:0" for name in exported.inputs}, "gives": gives}


def _converter() -> ModuleType:
    """The module of ``tensorflowjs`` that converts, without the packages that its other parts ask for.

    Raises:
        ConverterMissingError: see there.
    """
    if importlib.util.find_spec("tensorflowjs") is None:
        raise ConverterMissingError("The converter is not installed: `make .venv/tfjs.done` installs it.")
    for name in ("tensorflowjs", "tensorflowjs.converters"):
        spec = importlib.util.find_spec(name)
        assert spec
        # Known, but not run: they would import all of their parts.
        sys.modules[name] = importlib.util.module_from_spec(spec)
    for name in ("tensorflow_decision_forests", "tensorflow_hub"):
        sys.modules.setdefault(name, ModuleType(name))
    return importlib.import_module("tensorflowjs.converters.tf_saved_model_conversion_v2")

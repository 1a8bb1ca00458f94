"""The same network in the visitor's browser and on the server: an input that both can make, and what the server says to it."""

from __future__ import annotations

import importlib
import time

import numpy as np

from lib import catalogue, litert, recurrent
from lib.bundles import Bundle

SHOWN = 20
"""Values of each output that are compared."""


def sample(bundle: Bundle) -> dict[str, np.ndarray]:
    """An input of the network that a browser can make, too: a pattern for images, the first character and no memory for texts.

    One of each, where a network takes any number of them.
    """
    inputs = bundle.facts["browser"]["inputs"]
    made = {}
    for name, sides in inputs.items():
        shape = [side or 1 for side in sides]
        index = np.arange(int(np.prod(shape)))
        pattern = (31 * index + 7 * (index // 32)) % 256 if name == "images" else 0 * index
        made[name] = pattern.astype(np.int32 if name == "character" else np.float32).reshape(shape)
    return made


class Server:
    """The server's side.

    Where more happens to a picture than the network's sums, the task's module ``demo`` has a function ``server`` that gives the
    whole from a bundle: from images (n, height, width, channels) to outputs by name.

    Raises:
        BundleError: the model is missing or damaged.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._facts, self._given = bundle.facts["browser"], sample(bundle)
        self._network = recurrent.load_network(bundle) if "character" in self._given else None
        own = getattr(importlib.import_module(f"lib.tasks.{catalogue.get(bundle.slug).task}.demo"), "server", None)
        self._ask = own(bundle) if own else None
        if self._network is None and self._ask is None:
            signature = "detect" if "boxes" in self._facts["gives"] else "predict"
            self._model = litert.Model(bundle, "good.tflite", signature, threads=2)

    def answer(self) -> tuple[dict[str, list[float]], float]:
        """What the network says to the sample: the first values of each output; and milliseconds that it took."""
        start = time.perf_counter()
        outputs = self.outputs(self._given)
        milliseconds = 1000 * (time.perf_counter() - start)
        return {name: outputs[name].ravel()[:SHOWN].tolist() for name in self._facts["gives"]}, milliseconds

    def outputs(self, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What the network says to an input of the form that `sample` has."""
        if self._network:
            before = [given[f"before_{i}"] for i in range(len(self._network.layers))]
            scores, states = self._network.step(given["character"], before)
            return {"scores": scores} | {f"state_{i}": state for i, state in enumerate(states)}
        if self._ask:
            return self._ask(given["images"])
        others = {name: values for name, values in given.items() if name != "images"}
        return self._model.run(given["images"], None, **others)

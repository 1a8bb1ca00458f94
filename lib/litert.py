"""Models of bundles in LiteRT. No TensorFlow, no Streamlit."""

from __future__ import annotations

import threading

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from lib.bundles import Bundle, BundleError


class Model:
    """A model of a bundle, safe to share between threads.

    An interpreter has one set of buffers, so that calls take turns. What they return are copies, which later calls leave alone.

    Args:
        bundle: where it is.
        name: of its file.
        signature: that it must have.
        threads: to compute with; LiteRT's choice if not given.

    Raises:
        BundleError: the file is missing or damaged.
    """

    def __init__(self, bundle: Bundle, name: str, signature: str = "predict", threads: int | None = None) -> None:
        content = bundle.read(name)
        try:
            self._interpreter = Interpreter(model_content=content, num_threads=threads)
            names = {signature, *self._interpreter.get_signature_list()}
            self._runners = {name: self._interpreter.get_signature_runner(name) for name in names}
        except (ValueError, RuntimeError) as error:
            raise BundleError(f"{bundle.folder / name} cannot be loaded ({error}).") from None
        self._signature = signature
        self._lock = threading.Lock()

    def run(self, images: np.ndarray, signature: str | None = None, **others: np.ndarray) -> dict[str, np.ndarray]:
        """All outputs by name.

        Args:
            images: of any number type, as the signature takes them; (n, height, width) or (n, height, width, channels).
            signature: the one that the model must have if not given.
            others: what the signature takes besides, by name, of its own types.
        """
        images = images.astype(np.float32, copy=False)
        with self._lock:
            # What the runner gives is already a copy (`Interpreter.get_tensor`).
            return self._runners[signature or self._signature](images=images, **others)

    def run_in_batches(self, images: np.ndarray, output: str, size: int) -> np.ndarray:
        """One output for any number of images, `size` of which go through the network at once, which bounds the memory."""
        parts = [self.run(images[start : start + size])[output] for start in range(0, len(images), size)]
        return np.concatenate(parts)

    def constant(self, shape: tuple[int, ...]) -> np.ndarray | None:
        """The first tensor of that shape, such as the weights of a layer; None if there is none."""
        for details in self._interpreter.get_tensor_details():
            if tuple(details["shape"]) == shape:
                return self._interpreter.get_tensor(details["index"])
        return None

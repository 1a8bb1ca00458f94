"""Recurrent networks in NumPy: one step at a time, as typing and writing go.

The models are saved by Keras; here their weights are read from the same file, and a step is a few matrix products.
That is faster than any call into a framework (`benchmarks/generation.py` prints the comparison), several people's
texts need no lock since a network is never changed, and the state can be looked at after every character.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass

import h5py
import numpy as np

from lib.bundles import Bundle, BundleError

State = list[np.ndarray]
"""What a network remembers: one float32 (n, units) for each of its recurrent layers, for `n` texts at once."""


@dataclass(frozen=True)
class GRULayer:
    """The weights of a gated recurrent unit (Cho et al., 2014) in the form of Keras' ``GRU(reset_after=True)``.

    Attributes:
        kernel: float32 (inputs, 3 x units), in the order update, reset, candidate.
        recurrent_kernel: float32 (units, 3 x units).
        bias: float32 (2, 3 x units), for the input and for the state.
    """

    kernel: np.ndarray
    recurrent_kernel: np.ndarray
    bias: np.ndarray

    @property
    def units(self) -> int:
        return self.recurrent_kernel.shape[0]

    def step(self, given: np.ndarray, state: np.ndarray) -> np.ndarray:
        """The next state.

        Args:
            given: float32 (n, 3 x units), the input times `kernel`, plus its bias.
            state: float32 (n, units).
        """
        units = self.units
        remembered = state @ self.recurrent_kernel + self.bias[1]
        gates = _sigmoid(given[:, : 2 * units] + remembered[:, : 2 * units])
        update, reset = gates[:, :units], gates[:, units:]
        candidate = np.tanh(given[:, 2 * units :] + reset * remembered[:, 2 * units :])
        return update * state + (1 - update) * candidate


class Network:
    """An embedding, recurrent layers, and a dense layer that scores every character as the next one.

    Nothing in it changes after it was made, so that threads share it freely.

    Args:
        embedding: float32 (characters, dimensions).
        layers: from the embedding upwards.
        kernel: float32 (units, characters) of the dense layer.
        bias: float32 (characters) of the dense layer.
    """

    def __init__(self, embedding: np.ndarray, layers: list[GRULayer], kernel: np.ndarray, bias: np.ndarray) -> None:
        self.embedding, self.layers, self.kernel, self.bias = embedding, layers, kernel, bias
        # The first layer sees one of a few vectors: what its kernel makes of each is worked out once.
        self._first = embedding @ layers[0].kernel + layers[0].bias[0]

    @property
    def characters(self) -> int:
        """Size of the vocabulary."""
        return len(self.bias)

    def start(self, n: int = 1) -> State:
        """The state before anything was read: zeros, for `n` texts."""
        return [np.zeros((n, layer.units), np.float32) for layer in self.layers]

    def step(self, ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """Read one character of each text.

        Args:
            ids: int (n), a character of each text.
            state: after the characters before; not changed.

        Returns:
            Scores of every character as the next one, float32 (n, characters), and the state after this one.
        """
        given, states = self._first[ids], list[np.ndarray]()
        for i, layer in enumerate(self.layers):
            if i:
                given = states[-1] @ layer.kernel + layer.bias[0]
            states.append(layer.step(given, state[i]))
        return states[-1] @ self.kernel + self.bias, states

    def read(self, ids: np.ndarray, state: State) -> tuple[np.ndarray, State, list[np.ndarray]]:
        """Read texts to their end.

        Args:
            ids: int (n, length).
            state: before the first character.

        Returns:
            Scores after every character, float32 (n, length, characters); the state after the last one; and the states
            after every one, float32 (n, length, units) for each layer.
        """
        n, length = ids.shape
        kept = [np.zeros((n, length, layer.units), np.float32) for layer in self.layers]
        for i in range(length):
            _, state = self.step(ids[:, i], state)
            for layer, values in enumerate(state):
                kept[layer][:, i] = values
        return kept[-1] @ self.kernel + self.bias, state, kept


def _sigmoid(values: np.ndarray) -> np.ndarray:
    # By the hyperbolic tangent, which never overflows.
    return 0.5 + 0.5 * np.tanh(0.5 * values)


def read_keras(content: bytes) -> Network:
    """A network from the content of a ``.keras`` file: ``Embedding``, ``GRU`` layers, ``Dense``; others are passed over.

    Raises:
        ValueError: the file holds no such network.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            layers = json.loads(archive.read("config.json"))["config"]["layers"]
            weights = archive.read("model.weights.h5")
        with h5py.File(io.BytesIO(weights)) as file:
            found: dict[str, list[list[np.ndarray]]] = {"Embedding": [], "GRU": [], "Dense": []}
            for i, row in enumerate(layers):
                if row["class_name"] in found:
                    name = _stored_name(row["class_name"], layers[:i])
                    path = f"layers/{name}/cell/vars" if row["class_name"] == "GRU" else f"layers/{name}/vars"
                    values = [file[f"{path}/{j}"][()].astype(np.float32) for j in range(len(file[path]))]
                    found[row["class_name"]].append(values)
        [[embedding]], [[kernel, bias]] = found["Embedding"], found["Dense"]
        return Network(embedding, [GRULayer(*values) for values in found["GRU"]], kernel, bias)
    except (zipfile.BadZipFile, OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a recurrent network saved by Keras ({error})") from None


def _stored_name(kind: str, before: list[dict]) -> str:
    """How Keras calls a layer inside the weights file: its class, numbered in the order of the network."""
    number = sum(row["class_name"] == kind for row in before)
    return kind.lower() + (f"_{number}" if number else "")


def load_network(bundle: Bundle, variant: str = "good") -> Network:
    """The recurrent network of a bundle.

    Raises:
        BundleError: the model is missing or damaged, or there is no such variant.
    """
    bundle.variant(variant)
    name = f"{variant}.keras"
    content = bundle.read(name)
    try:
        return read_keras(content)
    except ValueError as error:
        raise BundleError(f"{bundle.folder / name} cannot be loaded ({error}).") from None

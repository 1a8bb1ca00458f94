"""What the notebook of the adding network calls besides `lib.training`."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from lib.bundles import Bundle
from lib.metrics import calibration
from lib.tasks.sums import adder
from lib.tasks.sums import data as sums
from lib.tasks.sums.adder import Adder
from lib.tasks.sums.data import Pairs
from lib.training.bundle_writer import BundleWriter, Variant, keras_file
from lib.training.for_browser import Exported, recurrent_network

CELL = 25
"""Operands that share a row or column of the heat map."""
FAMILIES, MEMBERS = 12, 40
"""Answers in the map of states, and sums of each."""


class ExactMatch(keras.metrics.MeanMetricWrapper):
    """Share of texts of which every character that counts is predicted right.

    Labels below zero do not count. A text that is predicted right character by character from the right ones before is
    the very text that the network writes by itself when it always takes the most probable character.
    """

    def __init__(self, name: str = "exact_match") -> None:
        super().__init__(self._matches, name=name)

    @staticmethod
    def _matches(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        y_true = keras.ops.cast(y_true, "int32")
        right = keras.ops.equal(keras.ops.cast(keras.ops.argmax(y_pred, axis=-1), "int32"), y_true)
        return keras.ops.cast(keras.ops.all(keras.ops.logical_or(right, y_true < 0), axis=-1), "float32")


def masked_loss() -> keras.losses.Loss:
    """Cross-entropy in nats per character, from logits, of the characters whose label is not below zero."""
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=sums.IGNORED)


class SumBatches(keras.utils.PyDataset):
    """Sums to learn from, drawn anew for every batch.

    Args:
        pairs: to draw from.
        weights: how often each is drawn, float64, which sum to one.
        batch_size: sums in a batch.
        steps: batches in what is called an epoch here.
        seed: of the draws.
    """

    def __init__(self, pairs: Pairs, weights: np.ndarray, batch_size: int, steps: int, seed: int = 0) -> None:
        super().__init__()
        self.pairs, self.edges = pairs, np.cumsum(weights)
        self.batch_size, self.steps, self.seed, self.epoch = batch_size, steps, seed, 0

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng([self.seed, self.epoch, index])
        drawn = np.searchsorted(self.edges, rng.random(self.batch_size) * self.edges[-1], side="right")
        return sums.encode(self.pairs.take(drawn), sums.LENGTH)

    def on_epoch_end(self) -> None:
        self.epoch += 1


def write_sums_bundle(
    slug: str,
    *,
    variants: dict[str, Variant],
    pairs: dict[str, Pairs],
    validated: int,
    test: Pairs,
    small: int,
    seed: int,
    card: str,
) -> Path:
    """Write ``models/<slug>/``, and score each variant on the sums that none has seen, once.

    Args:
        slug: of the experiment.
        variants: by name; ``"good"`` is required.
        pairs: all sums, by what they are for (`lib.tasks.sums.data.split_pairs`).
        validated: sums that the epochs were judged by.
        test: what to score on.
        small: all sums of numbers below this are scored besides, seen ones and unseen ones.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.

    Returns:
        The folder.
    """
    writer = BundleWriter(
        slug,
        dataset="All sums up to 999+999",
        classes=list(sums.VOCABULARY.characters),
        variants=variants,
        sizes={"train": len(pairs["train"]), "validation": validated, "test": len(test)},
        seed=seed,
    )
    for name, variant in variants.items():
        writer.save(f"{name}.keras", keras_file(variant.model))
    bundle = writer.bundle()
    evaluation = writer.evaluation
    rng = np.random.default_rng(seed)
    longer = Pairs(*rng.integers(sums.LIMIT, 10 * sums.LIMIT, (2, min(2000, len(test)))))
    everything = Pairs(*np.divmod(np.arange(small * small), small))
    evaluation["carries_count"] = np.bincount(sums.carries(test.a, test.b), minlength=4)
    longest = sums.lengths(np.maximum(test.a, test.b))
    evaluation["lengths_count"] = np.append(np.bincount(longest, minlength=4)[1:], len(longer))
    evaluation["heat_count"] = _heat(test, np.ones(len(test)))
    for name in variants:
        network = adder.load_adder(bundle, name)
        right = network.written_right(test)
        small_right = network.written_right(everything)
        longer_right = network.written_right(longer)
        writer.facts["variants"][name]["test"] = {
            "n": len(test),
            "exact_match": round(float(right.mean()), 6),
            "small_n": len(everything),
            "small_exact_match": round(float(small_right.mean()), 6),
            "longer_exact_match": round(float(longer_right.mean()), 6),
        }
        evaluation[f"heat_right_{name}"] = _heat(test, right)
        evaluation[f"carries_right_{name}"] = np.bincount(sums.carries(test.a, test.b), right, minlength=4).astype(int)
        by_length = np.bincount(longest, right, minlength=4)[1:].astype(int)
        evaluation[f"lengths_right_{name}"] = np.append(by_length, int(longer_right.sum()))
        evaluation |= {f"places_{key}_{name}": values for key, values in _places(network, test, right).items()}
        if name == "good":
            evaluation |= _mistakes(network, test.take(np.flatnonzero(~right)))
            evaluation |= _sureness(network, test.take(rng.permutation(len(test))[:3000]))
            evaluation |= state_map(network, pairs["test"], rng)
    return writer.finish("exact_match", card, ["made by the notebook"])


def _heat(pairs: Pairs, values: np.ndarray) -> np.ndarray:
    """Sum of the values over squares of operands: int64 (40, 40), rows are first operands."""
    side = -(-sums.LIMIT // CELL)
    return np.bincount(pairs.a // CELL * side + pairs.b // CELL, values, side * side).reshape(side, side).astype(int)


def _places(network: Adder, test: Pairs, right: np.ndarray) -> dict[str, np.ndarray]:
    """How often the digit of each place is wrong, in the answers that the network writes: ones, tens, hundreds, thousands."""
    wrong, count = np.zeros(4, int), np.zeros(4, int)
    for place in range(4):
        count[place] = int((sums.lengths(test.a + test.b) > place).sum())
    index = np.flatnonzero(~right)
    # The too simple network errs nearly always: a few thousand of its answers tell enough.
    some = index[:3000]
    for a, b in zip(test.a[some].tolist(), test.b[some].tolist(), strict=True):
        written = network.answer(sums.Sum(a, b)).text.zfill(4)[-4:]
        for place in range(len(str(a + b))):
            wrong[place] += written[3 - place] != str(a + b).zfill(4)[3 - place]
    return {"count": count, "wrong": np.round(wrong * (len(index) / max(1, len(some)))).astype(int)}


def _mistakes(network: Adder, wrong: Pairs, most: int = 60) -> dict[str, np.ndarray]:
    """Sums that it gets wrong, the surest first."""
    rows = []
    for a, b in zip(wrong.a[:600].tolist(), wrong.b[:600].tolist(), strict=True):
        answer = network.answer(sums.Sum(a, b))
        rows.append((answer.probability, a, b, answer.text))
    rows = sorted(rows, reverse=True)[:most]
    return {
        "mistakes_a": np.array([row[1] for row in rows], int),
        "mistakes_b": np.array([row[2] for row in rows], int),
        "mistakes_written": np.array([row[3] for row in rows], "U8"),
        "mistakes_probability": np.array([row[0] for row in rows], np.float32),
    }


def _sureness(network: Adder, some: Pairs) -> dict[str, np.ndarray]:
    """Calibration of whole answers."""
    answers = [network.answer(sums.Sum(a, b)) for a, b in zip(some.a.tolist(), some.b.tolist(), strict=True)]
    confidence = np.array([answer.probability for answer in answers])
    right = np.array([answer.text == str(s) for answer, s in zip(answers, some.a + some.b, strict=True)])
    return {f"calibration_{key}": values for key, values in calibration(confidence, right).items()}


def state_map(network: Adder, pairs: Pairs, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The states after the ``=`` of sums with the same answers, on the plane along which they differ most.

    Principal components (Pearson, 1901) of the states of `FAMILIES` answers between 100 and 999, `MEMBERS` sums of each.

    Returns:
        ``map_a``, ``map_b``: the sums; ``map_x``, ``map_y``: where they lie; ``map_mean`` and ``map_axes``, to place
        another state; ``map_same`` and ``map_other``: mean distance between states of the same and of other answers.
    """
    answers = np.linspace(110, 990, FAMILIES).astype(int)
    chosen = []
    for answer in answers:
        members = np.flatnonzero(pairs.a + pairs.b == answer)
        chosen.append(rng.permutation(members)[:MEMBERS])
    some = pairs.take(np.concatenate(chosen))
    states = np.stack([network.states(f"{a}+{b}=")[-1] for a, b in zip(some.a, some.b, strict=True)])
    mean = states.mean(axis=0)
    _, _, axes = np.linalg.svd(states - mean, full_matrices=False)
    places = (states - mean) @ axes[:2].T
    total = some.a + some.b
    distance = np.linalg.norm(states[:, None] - states[None], axis=-1)
    same = total[:, None] == total[None]
    off = ~np.eye(len(total), dtype=bool)
    return {
        "map_a": some.a,
        "map_b": some.b,
        "map_x": places[:, 0].astype(np.float32),
        "map_y": places[:, 1].astype(np.float32),
        "map_mean": mean.astype(np.float32),
        "map_axes": axes[:2].astype(np.float32),
        "map_same": np.array(distance[same & off].mean() if (same & off).any() else 0.0),
        "map_other": np.array(distance[~same].mean() if (~same).any() else 0.0),
    }


def for_browser(bundle: Bundle) -> Exported:
    """The good network as the browser runs it."""
    return recurrent_network(bundle)

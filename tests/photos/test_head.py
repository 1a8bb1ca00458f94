"""The browser teaches a head as Python does, and both read each other's files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lib.tasks.photos import few_shot
from tests import node

TRAIN = """
const { Training, probabilities } = await import(`${browser}/head.js`);
const rows = (flat) => Array.from({ length: flat.length / 1280 }, (_, i) => flat.subarray(1280 * i, 1280 * (i + 1)));
const training = new Training(rows(given.features), [...given.labels], given.classes);
const moments = [];
while (!training.done) {
  const { loss, accuracy, leftOutLoss, leftOutAccuracy } = training.next();
  moments.push([loss, accuracy, leftOutLoss, leftOutAccuracy]);
}
const head = training.head();
return [...moments, ...rows(given.others).map((one) => [...probabilities(head, one)])];
"""
READ = """
const { probabilities, readHead } = await import(`${browser}/head.js`);
const head = readHead(given.file);
return [[head.classes.join() === given.classes.join() ? 1 : 0], ...[0, 1, 2].map((i) => [...probabilities(head, given.features.subarray(1280 * i, 1280 * (i + 1)))])];
"""
WRITE = """
const { writeHead } = await import(`${browser}/head.js`);
return [...writeHead({ classes: given.classes, kernel: given.kernel, bias: given.bias })];
"""
CLASSES = ["Ünsinn", "a, 'b' \\", "🐈🐈"]


def photos(counts: tuple[int, ...], spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Features as of photos, and the numbers of their classes."""
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    noise = rng.normal(size=(len(labels), few_shot.FEATURES))
    return np.abs(rng.random((len(counts), few_shot.FEATURES))[labels] + spread * noise).astype(np.float32), labels


@pytest.mark.parametrize(("counts", "spread"), [((2, 2), 0.5), ((6, 6, 6), 1.5), ((2, 9, 4, 20, 5), 2.0)])
def test_the_browser_learns_the_same_head(tmp_path: Path, counts: tuple[int, ...], spread: float) -> None:
    features, labels = photos(counts, spread)
    others, _ = photos((3,) * len(counts), 2.0)
    classes = list("abcde"[: len(counts)])
    there = node.run(tmp_path, TRAIN, features=features, labels=labels, others=others, classes=classes)
    moments = list(few_shot.train(features, labels, classes))
    curves = np.array([[one.loss, one.accuracy, one.left_out_loss, one.left_out_accuracy] for one in moments])
    np.testing.assert_allclose(there[: curves.size].reshape(curves.shape), curves, atol=1e-3)
    here = moments[-1].head.probabilities(others)
    np.testing.assert_allclose(there[curves.size :].reshape(here.shape), here, atol=1e-3)


def test_a_head_goes_from_the_server_to_the_browser_and_back(tmp_path: Path) -> None:
    features, labels = photos((4, 4, 4), 1.0)
    *_, last = few_shot.train(features, labels, CLASSES)
    here = last.head.probabilities(features[:3])
    file = np.frombuffer(last.head.to_bytes(), np.uint8)
    same, *there = node.run(tmp_path, READ, file=file, classes=CLASSES, features=features[:3])
    assert same == 1
    np.testing.assert_allclose(np.reshape(there, here.shape), here, atol=1e-6)
    kernel, bias = (np.ascontiguousarray(one, np.float32) for one in (last.head.kernel, last.head.bias))
    written = node.run(tmp_path, WRITE, classes=CLASSES, kernel=kernel, bias=bias)
    back = few_shot.read_head(written.astype(np.uint8).tobytes())
    assert back.classes == tuple(CLASSES)
    np.testing.assert_array_equal(back.kernel, kernel)
    np.testing.assert_array_equal(back.bias, bias)

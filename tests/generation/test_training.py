"""Networks that draw, on the smallest scale, and what was reached with the whole."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from lib import bundles
from lib.datasets import Split
from lib.tasks.generation import training, training_rivals
from lib.tasks.generation import training_networks as networks
from lib.tasks.generation.generator import Generator
from lib.training.from_litert import Graph


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return Split(rng.integers(0, 256, (40, 28, 28), np.uint8), np.arange(40) % 10)


def test_batches_lie_on_straight_ways(data):
    batches = networks.on_their_way(data, 20, 2, seed=0)
    given, velocity = batches[0]
    ends = given["images"] + (1 - given["time"][..., None]) * velocity
    # Each way leads to one of the pictures.
    apart = np.abs(ends[:, None] - networks.scaled(data.images)).max(axis=(2, 3)).min(axis=1)
    assert apart.max() < 1e-4
    # All times, evenly.
    assert np.all(np.histogram(given["time"], bins=10, range=(0, 1))[0] == 2)
    assert np.all(given["wish"].sum(axis=1) == 1)


def test_some_classes_are_not_told(data):
    told = np.concatenate([networks.on_their_way(data, 40, 1, seed)[0][0]["wish"] for seed in range(10)])
    assert 0.04 < told[:, -1].mean() < 0.2


def test_browser_computes_what_litert_does():
    bundle = bundles.load("generate_digits")
    generator, rng = Generator(bundle), np.random.default_rng(0)
    x, time = rng.standard_normal((3, 28, 28), np.float32), rng.random((3, 1), np.float32)
    wishes = generator.wishes([1, 2, 9])
    graph = Graph(bundle.read("good.tflite"), "predict")
    found = graph(tf.constant(x), time=tf.constant(time), wish=tf.constant(wishes))["velocity"].numpy()
    assert np.abs(found - generator.velocity(x, time, wishes)).max() < 1e-3


def test_adversaries_learn(data):
    keras.utils.set_random_seed(0)
    gan = training_rivals.Adversaries(training_rivals.generator(), training_rivals.discriminator())
    gan.compile(run_eagerly=True)
    before = [weights.copy() for weights in gan.generator.get_weights()]
    real = {"images": networks.scaled(data.images), "wish": np.eye(11, dtype=np.float32)[data.labels]}
    log = gan.fit(real, batch_size=20, epochs=1, verbose=0).history
    assert np.isfinite([*log["loss"], *log["generator"]]).all()
    assert any(not np.array_equal(a, b) for a, b in zip(before, gan.generator.get_weights(), strict=True))
    drawn = training.drawn_by_generator(gan.generator)(np.array([3, 4]))
    assert (drawn.shape, drawn.dtype) == ((2, 28, 28), np.uint8)


GOALS = {"generate_digits": 0.98, "generate_clothes": 0.90}


@pytest.mark.parametrize("slug", GOALS)
def test_scores_reach_the_goals(slug):
    facts = bundles.load(slug).facts
    rows = {row["generator"]: row for row in facts["generators"]}
    flow, vae, gan = rows["flow"], rows["vae"], rows["gan"]
    assert flow["n"] == 10_000
    assert flow["read_as_asked"] >= GOALS[slug]
    assert flow["frechet_distance"] < vae["frechet_distance"] / 2
    assert flow["frechet_distance"] < gan["frechet_distance"]
    # No copies: drawn pictures are no nearer to training pictures than test pictures are.
    assert flow["distance_to_training"] >= rows["real"]["distance_to_training"]
    assert flow["parameters"] <= 2_000_000
    assert max(vae["parameters"], gan["parameters"]) <= 1_000_000

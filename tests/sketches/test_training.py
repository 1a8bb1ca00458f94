"""The training side of the sketches, on tiny models."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from lib import metrics
from lib.datasets import ImageDataset, Split
from lib.tasks.sketches import training as training_sketches
from lib.tasks.sketches.data import sketch_scores
from lib.training import fit
from lib.training.convert import to_litert

CLASSES = 4


@pytest.fixture
def split():
    """Lines at four places with noise, one class far more often than the others."""
    generator = np.random.default_rng(0)
    labels = np.concatenate([np.repeat(np.arange(CLASSES), 12), np.zeros(200, int)])
    images = generator.integers(0, 40, (len(labels), 28, 28))
    for image, label in zip(images, labels, strict=True):
        image[4 + 6 * label : 7 + 6 * label, 4:24] += 200
    return Split(images.astype(np.uint8), labels)


def build(name="net"):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((28, 28))
    x = keras.layers.Reshape((28, 28, 1))(keras.layers.Rescaling(1 / 255)(inputs))
    x = keras.layers.Conv2D(4, 3, padding="same", use_bias=False)(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.ReLU(name="maps_1")(x)
    # 28 is halved to 14 and to 7, and 7 to 3: an odd side, too.
    for _ in range(3):
        x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Flatten(name="features")(x)
    return keras.Model(inputs, keras.layers.Dense(CLASSES)(x), name=name)


def test_every_category_counts_the_same(split):
    data, steps = training_sketches.balanced(split, CLASSES, each=12, batch_size=16, smoothing=0.1)
    assert steps == 3
    batches = list(data.take(2 * steps))
    epoch = np.concatenate([tf.argmax(target, axis=1) for _, target in batches[:steps]])
    assert np.bincount(epoch).tolist() == [12] * CLASSES
    images, target = batches[0]
    assert images.shape == (16, 28, 28)
    assert np.allclose(target.numpy().sum(axis=1), 1)
    assert target.numpy().max() == pytest.approx(0.925)
    # Another epoch draws others of the rich category.
    rich = [
        {
            image.numpy().tobytes()
            for images, target in part
            for image, t in zip(images, target, strict=True)
            if t[0] > 0.5
        }
        for part in (batches[:steps], batches[steps:])
    ]
    assert rich[0] != rich[1]


def test_redrawn_sketches_differ_but_stay_sketches(split):
    images = np.repeat(split.images[:1], 32, axis=0).astype(np.float32)
    drawn = training_sketches.redraw(1)(tf.constant(images)).numpy()
    assert drawn.shape == images.shape
    assert drawn.min() >= 0
    assert drawn.max() <= 255
    assert len({image.tobytes() for image in drawn}) == 32
    # Some lose a piece, none loses all.
    assert (drawn.max(axis=(1, 2)) > 100).mean() > 0.9


def test_vote_is_the_mean_over_members_and_mirror_images(split):
    members = [build("one"), build("two")]
    members[1].set_weights([value + 0.1 for value in members[1].get_weights()])
    images = split.images[:8].astype(np.float32)
    expected = np.mean([m.predict(v, verbose=0) for m in members for v in (images, images[:, :, ::-1])], axis=0)
    assert np.allclose(training_sketches.vote(members, "v").predict(images, verbose=0), expected, atol=1e-4)


def test_calibration_finds_how_much_too_sure_a_network_is():
    generator = np.random.default_rng(0)
    true = generator.normal(0, 2, (4000, 10))
    labels = np.array(
        [
            generator.choice(10, p=row)
            for row in metrics.softmax(true).astype(float)
            / metrics.softmax(true).astype(float).sum(axis=1, keepdims=True)
        ]
    )
    assert metrics.best_temperature(3 * true, labels) == pytest.approx(3, rel=0.1)
    assert metrics.calibration_error(metrics.softmax(3 * true), labels) > 0.1
    assert metrics.calibration_error(metrics.softmax(true), labels) < 0.03


def test_calibrated_network_keeps_its_order(split):
    model = build()
    cooler, temperature = training_sketches.calibrated(model, split)
    images = split.images[:8].astype(np.float32)
    assert np.allclose(cooler.predict(images, verbose=0) * temperature, model.predict(images, verbose=0), atol=1e-3)


def test_litert_looks_into_the_first_member_and_knows_its_slope(split):
    members = [build("one"), build("two")]
    content, hidden = to_litert(training_sketches.vote(members, "v"))
    assert hidden == ["maps_1"]
    runner = Interpreter(model_content=content).get_signature_runner
    image = split.images[:1].astype(np.float32)
    with tf.GradientTape() as tape:
        x = tf.constant(image)
        tape.watch(x)
        best = tf.reduce_max(members[0](x, training=False))
    gradient = tape.gradient(best, x).numpy()
    found = runner("saliency")(images=image)["gradient"]
    assert np.abs(gradient).max() > 0
    assert np.corrcoef(gradient.ravel(), found.ravel())[0, 1] > 0.98
    only, none = to_litert(members[0], ("predict",))
    assert none == []
    assert list(Interpreter(model_content=only).get_signature_list()) == ["predict"]


def test_averaged_weights_are_kept_with_statistics_of_their_own(split, tmp_path, monkeypatch):
    monkeypatch.setenv("ML_CHECKPOINT_DIR", str(tmp_path))
    model, plain = build(), split.images[:48]
    data, steps = training_sketches.balanced(split, CLASSES, each=12, batch_size=16)
    run = fit.Run("t", 4, averaged=True, statistics=plain)
    model.compile(
        fit.adamw(run.epochs * steps, 0.01, ema_momentum=0.9),
        keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        **fit.ON_CPU,
    )
    model.fit(
        data,
        validation_data=training_sketches.one_hot(split, CLASSES),
        epochs=run.epochs,
        steps_per_epoch=steps,
        callbacks=run.callbacks,
        verbose=0,
    )
    variant = run.variant(model, "a test", len(split))
    convolution = keras.Model(model.input, model.layers[3].output).predict(plain.astype(np.float32), verbose=0)
    normalisation = next(layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization))
    assert np.allclose(normalisation.moving_mean, convolution.mean(axis=(0, 1, 2)), atol=1e-3)
    # What was validated is what is kept.
    logits = variant.model.predict(split.images.astype(np.float32), verbose=0)
    best = variant.history["val_loss"].min()
    assert metrics.cross_entropy(metrics.softmax(logits), split.labels) == pytest.approx(best, rel=1e-3)
    assert best < variant.history["val_loss"].iloc[0]


def test_teacher_is_asked_once(split, tmp_path, monkeypatch):
    monkeypatch.setenv("ML_CHECKPOINT_DIR", str(tmp_path))
    options = {"copies": 2, "each": 8, "augment": training_sketches.redraw(1), "seed": 0, "name": "asked"}
    # Batches of 128: four categories of eight would not fill one.
    many = Split(np.tile(split.images[:48], (16, 1, 1)), np.tile(split.labels[:48], 16))
    taught = training_sketches.ask(build(), many, CLASSES, **options | {"each": 64})
    again = training_sketches.ask(None, many, CLASSES, **options | {"each": 64})
    assert np.array_equal(taught.logits, again.logits)
    data, steps = taught.feed(CLASSES, batch_size=32, per_epoch=64, seed=0)
    assert steps == 2
    images, target = next(iter(data))
    expected = metrics.softmax(build().predict(images.numpy(), verbose=0))
    assert np.allclose(target.numpy(), expected, atol=0.01)
    taught.forget()
    assert not list(tmp_path.glob("*"))


def test_rich_categories_stand_out(split):
    labels = np.concatenate([np.repeat(np.arange(9), 10), np.zeros(400, int)])
    assert training_sketches.rich_categories(labels).tolist() == [0]
    assert not len(training_sketches.rich_categories(labels[:90]))


def test_scores_tell_the_rich_ones_apart():
    probabilities = metrics.softmax(np.eye(10)[[0, 1, 2, 3]] * 5)
    scores = sketch_scores(probabilities, np.array([0, 1, 2, 9]), [0, 1])
    assert scores["accuracy"] == 0.75
    assert scores["rich_accuracy"] == 1
    assert scores["n"] == 4


def test_map_puts_like_beside_like(split):
    model = build()
    names = tuple("abcd")
    data = ImageDataset("t", split, split, split, names)
    features = keras.Model(model.input, model.get_layer("features").output)
    places = training_sketches.category_map(features, data)
    assert places.shape == (4, 2)
    assert np.isfinite(places).all()

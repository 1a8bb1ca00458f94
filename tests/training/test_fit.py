"""The training side, on tiny models."""

import keras
import numpy as np
import pytest

from lib import bundles
from lib.classifier import Classifier
from lib.datasets import Split
from lib.tasks.digits.timeline import Timeline, dense_probabilities
from lib.tasks.digits.training import TimelineRecorder, write_digits_bundle
from lib.training import fit
from lib.training.augment import RandomDistortion, batches


@pytest.fixture
def split(examples):
    images, labels = examples
    return Split(np.tile(images, (8, 1, 1)), np.tile(labels, 8))


def build(units=(16,)):
    keras.utils.set_random_seed(1)
    inputs = keras.Input((28, 28))
    x = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    for i, width in enumerate(units):
        x = keras.layers.ReLU(name=f"hidden_{i}")(keras.layers.Dense(width)(x))
    return keras.Model(inputs, keras.layers.Dense(10)(x))


def train(split, tmp_path, monkeypatch, epochs=3, learning_rate=0.01, moments=None, model=None, **options):
    monkeypatch.setenv("ML_CHECKPOINT_DIR", str(tmp_path / "checkpoints"))
    model, data = model or build(), batches(split, batch_size=20)
    run = fit.Run("t", epochs, **options)
    recorder = TimelineRecorder(*moments, run.folder) if moments else None
    model.compile(
        fit.adamw(run.epochs * len(data), learning_rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        **fit.ON_CPU,
    )
    callbacks = [*([recorder] if recorder else []), *run.callbacks]
    validation = split.images.astype("float32"), split.labels
    model.fit(data, validation_data=validation, epochs=run.epochs, callbacks=callbacks, verbose=0)
    return run.variant(model, "a test", len(split), recorder.moments if recorder else None)


def test_fit_keeps_the_best_epoch_and_what_it_needs_to_go_on(split, tmp_path, monkeypatch):
    variant = train(split, tmp_path, monkeypatch)
    history = variant.history
    assert history["epoch"].tolist() == [1, 2, 3]
    assert variant.chosen_epoch == history.loc[history["val_loss"].idxmin(), "epoch"]
    loss = variant.model.evaluate(split.images.astype("float32"), split.labels, verbose=0)[0]
    assert loss == pytest.approx(history["val_loss"].min(), rel=1e-4)
    # Until the bundle is written, which the tests of the notebooks see to.
    assert list((tmp_path / "checkpoints").iterdir()) == [variant.checkpoint]


def test_fit_goes_on_where_it_was_cut_short(split, tmp_path, monkeypatch):
    class PowerCutError(Exception):
        pass

    real, calls = fit._Seconds.on_epoch_end, []

    def cut(self, epoch, logs):
        calls.append(epoch)
        if epoch == 2 and calls.count(2) == 1:
            raise PowerCutError
        real(self, epoch, logs)

    monkeypatch.setattr(fit._Seconds, "on_epoch_end", cut)
    with pytest.raises(PowerCutError):
        train(split, tmp_path, monkeypatch, epochs=4)
    variant = train(split, tmp_path, monkeypatch, epochs=4)
    assert calls == [0, 1, 2, 2, 3]
    assert variant.history["epoch"].tolist() == [1, 2, 3, 4]


def test_fit_ends_early_and_knows_that_it_has(split, tmp_path, monkeypatch):
    nothing = {"learning_rate": 0.0, "epochs": 6, "patience": 2}
    variant = train(split, tmp_path, monkeypatch, **nothing)
    assert len(variant.history) == 3
    assert variant.chosen_epoch == 1
    again = train(split, tmp_path, monkeypatch, **nothing)
    assert again.history.equals(variant.history)


def test_distortion_moves_digits_but_keeps_their_form(examples):
    images = np.repeat(examples[0][4:5], 64, axis=0).astype("float32")
    distorted = RandomDistortion(seed=3)(images).numpy()
    assert distorted.shape == images.shape
    assert distorted.min() >= 0
    assert distorted.max() <= 255.01
    assert not np.allclose(distorted[0], distorted[1])
    # The same amount of ink, more or less, and where it was, more or less.
    assert np.median(distorted.sum((1, 2))) == pytest.approx(images[0].sum(), rel=0.2)
    overlap = [(d > 100)[images[0] > 100].mean() for d in distorted]
    assert np.mean(overlap) > 0.35


def test_no_distortion_is_the_identity(examples):
    still = RandomDistortion(rotation=0, slant=0, zoom=0, shift=0, elastic=0)
    images = examples[0].astype("float32")
    assert np.allclose(still(images).numpy(), images, atol=0.01)


def test_batches_mix_in_the_twins(split):
    twins = np.full_like(split.images, 7)
    data = batches(split, batch_size=80, redrawn=twins, redrawn_share=0.5, seed=1)
    images = np.concatenate([x for x, _ in data])
    share = (images == 7).all((1, 2)).mean()
    assert 0.3 < share < 0.7
    labels = np.concatenate([y for _, y in batches(split, batch_size=30)])
    # Those that are left over wait for the next round.
    assert len(labels) == len(split) // 30 * 30


def test_bundle_says_the_same_as_keras(split, tmp_path, monkeypatch):
    monkeypatch.setenv("ML_MODELS_DIR", str(tmp_path / "models"))
    moments = [0, 2], [1, 2, 3]
    good = train(split, tmp_path, monkeypatch, moments=moments)
    # A training that was cut short remembers its beginning.
    recorder = TimelineRecorder(*moments, good.checkpoint)
    assert sorted(recorder.moments) == [0, 0.5, 1, 2, 3]
    underfit = train(split, tmp_path, monkeypatch, keep="last", epochs=1)
    assert underfit.chosen_epoch == 1
    write_digits_bundle(
        "tiny",
        dataset="MNIST",
        classes=[str(i) for i in range(10)],
        variants={"underfit": underfit, "good": good},
        sizes={"train": 80, "validation": 80, "test": 80},
        validation=split,
        test=split,
        examples=split.head(10),
        seed=1,
        card="Prose.",
    )
    bundle = bundles.load("tiny")
    images = split.images[:10]
    expected = good.model.predict(images.astype("float32"), verbose=0)
    classifier = Classifier(bundle)
    assert np.allclose(classifier.logits(images), expected, atol=0.05)
    reloaded = keras.saving.load_model(bundle.folder / "good.keras")
    assert np.allclose(reloaded.predict(images.astype("float32"), verbose=0), expected, atol=1e-5)
    assert bundle.variants == ["underfit", "good"]
    assert bundle.card == "Prose."

    timeline = Timeline(bundle)
    assert timeline.epochs.tolist() == [0, 0.5, 1, 2, 3]
    last = recorder.moments[3.0]
    assert np.allclose(timeline.probabilities(4, images), dense_probabilities(last, images), atol=5e-3)

    image = images[3]
    import tensorflow as tf

    with tf.GradientTape() as tape:
        pixels = tf.constant(image[None], tf.float32)
        tape.watch(pixels)
        best = tf.reduce_max(good.model(pixels))
    assert np.allclose(classifier.saliency(image), tape.gradient(best, pixels)[0].numpy(), atol=1e-4)

"""The training side of the texts, on tiny models."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.tasks.texts import training as training_text
from lib.training import fit
from lib.training.bundle_writer import Variant


def test_streams_go_on_from_batch_to_batch():
    ids = np.arange(1000, dtype=np.int32)
    given, wanted = zip(*[(x.numpy(), y.numpy()) for x, y in training_text.streams(ids, 4, 10)], strict=True)
    rows = np.concatenate(given, axis=1)
    assert rows.shape == (4, 240)
    assert (np.diff(rows, axis=1) == 1).all()
    assert (np.concatenate(wanted, axis=1) == rows + 1).all()
    with pytest.raises(ValueError, match="too few"):
        training_text.streams(ids[:30], 4, 10)


def stateful(batch_size: int) -> keras.Model:
    keras.utils.set_random_seed(1)
    characters = keras.Input((None,), batch_size=batch_size, dtype="int32")
    values = keras.layers.Embedding(20, 4)(characters)
    values = keras.layers.GRU(5, return_sequences=True, stateful=True)(values)
    return keras.Model(characters, keras.layers.Dense(20)(values))


def test_validation_starts_in_the_middle_of_the_text():
    before = np.arange(16, dtype=np.int32)
    validation = np.arange(16, 20, dtype=np.int32).repeat(11)[:41]
    carry = training_text.CarryState(before, validation, 2, 10)
    assert carry.context.shape == (2, 16)
    assert carry.context[0].tolist() == before.tolist()
    whole = np.concatenate([before, validation])
    assert carry.context[1].tolist() == whole[20:36].tolist()
    model = stateful(2)
    carry.set_model(model)
    carry.on_test_begin()
    [layer] = [layer for layer in model.layers if isinstance(layer, keras.layers.RNN)]
    assert np.abs(layer.states[0].numpy()).max() > 0
    carry.on_epoch_begin(0)
    assert np.abs(layer.states[0].numpy()).max() == 0


def test_finished_training_is_not_run_again(tmp_path, monkeypatch):
    monkeypatch.setenv("ML_CHECKPOINT_DIR", str(tmp_path))
    ids = np.random.default_rng(0).integers(0, 20, 400).astype(np.int32)

    steps = []

    class Count(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(batch)

    def train() -> Variant:
        run, model, data = fit.Run("small", 2), stateful(2), training_text.streams(ids, 2, 10)
        model.compile(
            fit.adamw(run.epochs * len(data)),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            jit_compile=False,
        )
        carry = training_text.CarryState(ids[:8], ids, 2, 10)
        model.fit(data, validation_data=data, epochs=run.epochs, callbacks=[carry, Count(), *run.callbacks], verbose=0)
        return run.variant(model, "", 400)

    first, taken = train(), len(steps)
    second = train()
    assert len(steps) == taken > 0
    assert second.history.equals(first.history)
    assert first.checkpoint == second.checkpoint == tmp_path / "small-2"
    for one, other in zip(first.model.trainable_weights, second.model.trainable_weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())

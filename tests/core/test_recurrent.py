import keras
import numpy as np
import pytest
import tensorflow as tf

from lib import recurrent
from lib.tasks.sums import training as training_sums
from lib.tasks.texts import training as training_text
from lib.training import fit
from lib.training.bundle_writer import Variant, keras_file


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    characters = keras.Input((None,), dtype="int32")
    values = keras.layers.Embedding(11, 6)(characters)
    for units in (9, 7):
        values = keras.layers.GRU(units, return_sequences=True, bias_initializer="random_normal")(values)
        values = keras.layers.Dropout(0.5)(values)
    return keras.Model(characters, keras.layers.Dense(11, bias_initializer="random_normal")(values))


@pytest.fixture(scope="module")
def network(model) -> recurrent.Network:
    return recurrent.read_keras(keras_file(model))


def test_numpy_computes_what_keras_does(model, network, tmp_path):
    ids = np.random.default_rng(0).integers(0, 11, (3, 25))
    (tmp_path / "half.keras").write_bytes(keras_file(model))
    loaded = keras.saving.load_model(tmp_path / "half.keras")
    assert loaded.weights[0].dtype == "float32"
    scores, _, _ = network.read(ids, network.start(3))
    np.testing.assert_allclose(scores, loaded(ids).numpy(), atol=1e-5)
    # Half precision on disk changes next to nothing.
    np.testing.assert_allclose(scores, model(ids).numpy(), atol=5e-3)


def test_steps_are_the_same_as_reading(network):
    ids = np.random.default_rng(1).integers(0, 11, (2, 8))
    scores, after, states = network.read(ids, network.start(2))
    state = network.start(2)
    for i in range(8):
        step, state = network.step(ids[:, i], state)
        np.testing.assert_allclose(step, scores[:, i], atol=1e-6)
        np.testing.assert_allclose(state[1], states[1][:, i], atol=1e-6)
    np.testing.assert_allclose(after[0], state[0], atol=1e-6)


def test_a_step_does_not_change_the_state_that_it_was_given(network):
    state = network.start(1)
    network.step(np.array([3]), state)
    assert all((layer == 0).all() for layer in state)


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x05\x06" + b"\0" * 18])
def test_another_file_is_refused(content):
    with pytest.raises(ValueError, match="not a recurrent network"):
        recurrent.read_keras(content)


def test_another_network_is_refused():
    inputs = keras.Input((4,))
    plain = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    with pytest.raises(ValueError, match="not a recurrent network"):
        recurrent.read_keras(keras_file(plain))


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


def test_exact_match_wants_every_character_that_counts():
    wanted = np.array([[-1, 2, 1], [-1, 2, 1], [-1, -1, 0]])
    scores = tf.one_hot([[0, 2, 1], [0, 2, 0], [2, 2, 0]], 3)
    metric = training_sums.ExactMatch()
    metric.update_state(wanted, scores)
    assert float(metric.result()) == pytest.approx(2 / 3)


def test_loss_counts_the_answer_alone():
    loss = training_sums.masked_loss()
    scores = tf.constant([[[9.0, 0, 0], [0, 0, 0]]])
    assert float(loss(np.array([[-1, 1]]), scores)) == pytest.approx(np.log(3), abs=1e-5)


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

import keras
import numpy as np
import pytest

from lib import recurrent
from lib.training.bundle_writer import keras_file


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

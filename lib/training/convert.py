"""From Keras to LiteRT, the form that the pages run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from lib.training.bundle_writer import BundleWriter, keras_file

SIGNATURES = ("predict", "inside", "saliency")


class _Maximum(keras.layers.Layer):
    """ReLU spelt as a maximum, whose gradient LiteRT can run (it has no ReluGrad)."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        return ops.maximum(inputs, 0.0)


class _Pooling(keras.layers.Layer):
    """Max pooling of 2x2 spelt as maxima, for the same reason (it has no MaxPoolGrad)."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        height, width, channels = (int(side) for side in inputs.shape[1:])
        # Keras drops an odd last row and column, too.
        even = tf.slice(inputs, [0, 0, 0, 0], [-1, height // 2 * 2, width // 2 * 2, -1])
        upper, lower = tf.unstack(tf.reshape(even, [-1, height // 2, 2, width // 2, 2, channels]), axis=2)
        left, right = tf.unstack(tf.maximum(upper, lower), axis=3)
        return tf.maximum(left, right)


Endpoints = dict[str, tuple[Callable[..., Any], list[keras.InputSpec]]]
"""Signatures by name: a function from tensors to tensors by name, and the form of what it takes."""


def converted(models: Sequence[keras.Model], endpoints: Endpoints, small: bool = False) -> bytes:
    """A LiteRT file with a signature for each endpoint, weights as float16.

    Args:
        models: whose weights the endpoints use.
        endpoints: see there.
        small: weights as 8-bit numbers, not as 16-bit ones.
    """
    # Keras' own export would save the layers too, which takes twice the time and changes nothing.
    module = tf.Module()
    module.weights = [weight.value for model in models for weight in model.weights]
    signatures = {
        name: tf.function(function).get_concrete_function(
            *(tf.TensorSpec(one.shape, one.dtype, one.name) for one in specs)
        )
        for name, (function, specs) in endpoints.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures=signatures)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(endpoints))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if not small:
            converter.target_spec.supported_types = [tf.float16]
        return converter.convert()


def floats(name: str, *shape: int | None) -> keras.InputSpec:
    """What an endpoint takes: float32 of this shape, under this name."""
    return keras.InputSpec(shape=shape, dtype="float32", name=name)


def to_litert(model: keras.Model, signatures: Sequence[str] = SIGNATURES) -> tuple[bytes, list[str]]:
    """Convert a classifier of 28x28 images to LiteRT, weights as float16.

    The file has up to three signatures: ``predict`` (n images to logits), ``inside`` (one image to the output of every
    ReLU layer) and ``saliency`` (one image to the gradient of its largest logit). Of a model that is made of models, the last two
    are those of the first one in it. Each takes room, since LiteRT keeps weights in the form that its sums need.

    Returns:
        The file's content, and the names of the layers in ``inside``, first layer first.
    """

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, keras.layers.ReLU) and layer.max_value is None:
            return _Maximum(name=layer.name)
        if isinstance(layer, keras.layers.MaxPooling2D):
            if (layer.pool_size, layer.strides, layer.padding) != ((2, 2), (2, 2), "valid"):
                raise ValueError("Only max pooling of 2x2 without padding can be converted with its gradient.")
            return _Pooling(name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    twin = keras.models.clone_model(model, clone_function=copy, recursive=True)
    twin.set_weights(model.get_weights())
    first = next((layer for layer in twin.layers if isinstance(layer, keras.Model)), twin)
    hidden = [layer.name for layer in first.layers if isinstance(layer, _Maximum)]
    inner = keras.Model(first.inputs, {name: first.get_layer(name).output for name in hidden})

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"logits": twin(images, training=False)}

    def inside(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return inner(images, training=False)

    def saliency(images: tf.Tensor) -> dict[str, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(images)
            best = tf.reduce_max(first(images, training=False), axis=-1)
        return {"gradient": tape.gradient(best, images)}

    endpoints: dict[str, tuple[Callable[..., Any], int | None]]
    endpoints = {"predict": (predict, None), "inside": (inside, 1), "saliency": (saliency, 1)}
    asked = {name: (endpoints[name][0], [floats("images", endpoints[name][1], 28, 28)]) for name in signatures}
    return converted([twin], asked), hidden if "inside" in signatures else []


def to_litert_with_maps(model: keras.Model, temperature: float = 1.0, small: bool = False) -> bytes:
    """Convert a network whose last layers are called ``mean``, ``dropout`` and ``logits`` to LiteRT.

    Its one signature, ``predict``, gives the logits and, from the same sums, the maps of which they are the means (see
    Zhou et al., 2016, "Learning deep features for discriminative localization"), so that nothing is stored twice.

    Args:
        model: from images to logits.
        temperature: by which both are divided.
        small: weights as 8-bit numbers, not as 16-bit ones.
    """
    features = keras.Model(model.inputs, model.get_layer("mean").input)
    kernel, bias = (value / temperature for value in model.get_layer("logits").get_weights())

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        maps = tf.nn.conv2d(features(images, training=False), kernel[None, None].astype(np.float32), 1, "VALID")
        return {"logits": tf.reduce_mean(maps, axis=(1, 2)) + bias, "maps": maps}

    return converted([features], {"predict": (predict, [floats("images", None, *model.input_shape[1:])])}, small)


def save_models(writer: BundleWriter, signatures: dict[str, Sequence[str]] | None = None, half: bool = False) -> None:
    """Write each variant for LiteRT, which the pages run, and the good one for Keras, too, to take home.

    Args:
        writer: of the bundle.
        signatures: of each variant's LiteRT model, see `to_litert`; all where it is not named.
        half: whether Keras' weights are written as float16, as LiteRT's are.
    """
    for name, variant in writer.variants.items():
        content, hidden = to_litert(variant.model, (signatures or {}).get(name, SIGNATURES))
        writer.save(f"{name}.tflite", content)
        writer.facts["variants"][name]["inside"] = hidden
        if name == "good":
            writer.save(f"{name}.keras", keras_file(variant.model, half))

"""Two older ways to make pictures, to compare with: a variational autoencoder, and two networks that compete."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from lib.datasets import Split
from lib.tasks.generation.flow import SIDE
from lib.tasks.generation.training_networks import CLASSES

LATENT = 16
"""Numbers from which the autoencoder's decoder makes a picture."""
NOISE = 64
"""Numbers from which the GAN's generator makes one."""
_WISH = (CLASSES + 1,)


@keras.saving.register_keras_serializable("generation")
class Sample(layers.Layer):
    """Draws from the normal distribution whose mean and logarithm of the variance it is given.

    It adds the Kullback-Leibler divergence from the standard normal distribution to the loss, a share of it for each pixel
    (Kingma and Welling, 2014, "Auto-encoding variational Bayes").
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator()

    def call(self, inputs: Any) -> Any:
        mean, log_variance = ops.split(inputs, 2, axis=-1)
        divergence = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1)
        self.add_loss(ops.mean(divergence) / (SIDE * SIDE))
        return mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.seeds)


def autoencoder(
    latent: int = LATENT, told: bool = True, name: str = "vae"
) -> tuple[keras.Model, keras.Model, keras.Model]:
    """A variational autoencoder.

    Args:
        latent: numbers between encoder and decoder.
        told: whether both parts are told the class.
        name: of the model.

    Returns:
        The whole, from ``images`` (28, 28), 0 to 1, and ``wish`` (11) to pictures; its encoder, to mean and logarithm of the
        variance (2 x latent); and its decoder, from ``noise`` (latent) and ``wish`` to ``pictures`` (28, 28), 0 to 1.
    """
    images, asked = keras.Input((SIDE, SIDE), name="images"), keras.Input(_WISH, name="wish")
    x = layers.Reshape((SIDE, SIDE, 1))(images)
    for filters in (32, 48):
        x = layers.Conv2D(filters, 4, 2, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(layers.Concatenate()([x, asked]) if told else x)
    encoder = keras.Model([images, asked], layers.Dense(2 * latent)(x), name="encoder")

    given, wanted = keras.Input((latent,), name="noise"), keras.Input(_WISH, name="wish")
    x = layers.Dense(128, activation="relu")(layers.Concatenate()([given, wanted]) if told else given)
    x = layers.Reshape((7, 7, 48))(layers.Dense(7 * 7 * 48, activation="relu")(x))
    x = layers.Conv2DTranspose(32, 4, 2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid")(x)
    decoder = keras.Model([given, wanted], layers.Reshape((SIDE, SIDE), name="pictures")(x), name="decoder")

    pictures = decoder([Sample(name="sample")(encoder([images, asked])), asked])
    return keras.Model([images, asked], pictures, name=name), encoder, decoder


def for_autoencoder(data: Split) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What an autoencoder learns from: pictures from 0 to 1, and the same again."""
    pictures = (data.images / 255).astype(np.float32)
    return {"images": pictures, "wish": np.eye(CLASSES + 1, dtype=np.float32)[data.labels]}, pictures


def generator() -> keras.Model:
    """From ``noise`` (64) and ``wish`` (11) to ``pictures`` (28, 28), -1 to 1 (DCGAN; Radford, Metz and Chintala, 2016)."""
    given, asked = keras.Input((NOISE,), name="noise"), keras.Input(_WISH, name="wish")
    x = layers.Dense(7 * 7 * 64, use_bias=False)(layers.Concatenate()([given, asked]))
    x = layers.Reshape((7, 7, 64))(layers.ReLU()(layers.BatchNormalization()(x)))
    x = layers.Conv2DTranspose(48, 4, 2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2DTranspose(1, 4, 2, padding="same", activation="tanh")(x)
    return keras.Model([given, asked], layers.Reshape((SIDE, SIDE), name="pictures")(x), name="generator")


def discriminator() -> keras.Model:
    """From ``images`` (28, 28), -1 to 1, and ``wish`` (11) to one logit: real, or made.

    The class is asked about by a product with what was seen (Miyato and Koyama, 2018, "cGANs with projection discriminator").
    """
    images, asked = keras.Input((SIDE, SIDE), name="images"), keras.Input(_WISH, name="wish")
    x = layers.Reshape((SIDE, SIDE, 1))(images)
    for filters in (32, 64):
        x = layers.Conv2D(filters, 4, 2, padding="same")(x)
        x = layers.Dropout(0.3)(layers.LeakyReLU(0.2)(x))
    x = layers.Dense(96, activation="leaky_relu")(layers.Flatten()(x))
    fits = layers.Dot(axes=1)([x, layers.Dense(96, use_bias=False)(asked)])
    return keras.Model([images, asked], layers.Add()([layers.Dense(1)(x), fits]), name="discriminator")


class Adversaries(keras.Model):
    """A generator that makes pictures, and a discriminator that tells them from real ones (Goodfellow et al., 2014).

    Fitted to real pictures from -1 to 1 and their wishes: ``({"images": ..., "wish": ...},)``.

    Args:
        generator: see there.
        discriminator: see there.
        learning_rate: of both.
    """

    def __init__(self, generator: keras.Model, discriminator: keras.Model, learning_rate: float = 4e-4) -> None:
        super().__init__(name="gan")
        self.generator, self.discriminator = generator, discriminator
        self.seeds = keras.random.SeedGenerator(0)
        self.generator_optimizer = keras.optimizers.Adam(learning_rate, beta_1=0.5)
        self.discriminator_optimizer = keras.optimizers.Adam(learning_rate, beta_1=0.5)
        self.generator_loss, self.discriminator_loss = keras.metrics.Mean("generator"), keras.metrics.Mean("loss")

    def call(self, inputs: Any, training: bool = False) -> Any:
        return self.generator(inputs, training=training)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [self.discriminator_loss, self.generator_loss]

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step of each. Keras has no loss for two that want the opposite, so the step is written out."""
        [given] = data if isinstance(data, tuple) else (data,)
        images, asked = given["images"], given["wish"]
        start = keras.random.normal((ops.shape(images)[0], NOISE), seed=self.seeds)
        # Both learn from the same look at the same pictures.
        with tf.GradientTape(persistent=True) as tape:
            made = self.generator([start, asked], training=True)
            real, fake = (self.discriminator([one, asked], training=True) for one in (images, made))
            loss = ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))
            wanted = ops.mean(ops.softplus(-fake))
        for network, optimizer, goal in (
            (self.discriminator, self.discriminator_optimizer, loss),
            (self.generator, self.generator_optimizer, wanted),
        ):
            optimizer.apply(tape.gradient(goal, network.trainable_variables), network.trainable_variables)
        self.discriminator_loss.update_state(loss)
        self.generator_loss.update_state(wanted)
        return {"loss": self.discriminator_loss.result(), "generator": self.generator_loss.result()}

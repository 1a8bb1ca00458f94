"""What the notebook of style transfer calls besides `lib.training`: what is compared, what is learnt from, and what is kept.

Everything here works with each backend of Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from lib.tasks.style_transfer.data import MEAN, VGG_LAYERS
from lib.training.fit import smoke


class Vgg:
    """The first four blocks of VGG16, whose weights never change (Simonyan and Zisserman, 2015).

    Args:
        weights: kernels and biases of its ten convolutions, see `lib.tasks.style_transfer.data.load_vgg`.
    """

    def __init__(self, weights: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
        self._weights = [(ops.convert_to_tensor(kernel), ops.convert_to_tensor(bias)) for kernel, bias in weights]

    def __call__(self, images: Any, blocks: int = len(VGG_LAYERS)) -> list[Any]:
        """What the last layer of each of the first `blocks` blocks answers.

        Args:
            images: float (n, height, width, 3), RGB, 0 to 255.
            blocks: how many are needed.

        Returns:
            Features (n, height / 2^i, width / 2^i, filters) with i = 0, 1, 2, 3: relu1_2, relu2_2, relu3_3 and relu4_3.
        """
        # PyTorch gives a loss its batches where they were made, not on the GPU.
        x = ops.convert_to_tensor(images, dtype="float32") - ops.convert_to_tensor(MEAN.astype(np.float32))
        found, layers = [], iter(self._weights)
        for block, count in enumerate(VGG_LAYERS[:blocks]):
            if block:
                x = ops.max_pool(x, 2, 2)
            for _ in range(count):
                kernel, bias = next(layers)
                x = ops.relu(ops.conv(x, kernel, padding="same") + bias)
            found.append(x)
        return found


def gram(features: Any) -> Any:
    """How often pairs of filters answer in the same places: (n, filters, filters), the mean over places and filters.

    This is what is left of a picture when all places are forgotten: its style (Gatys et al., 2016).

    Args:
        features: (n, height, width, filters).
    """
    _, high, wide, filters = features.shape
    flat = ops.reshape(features, (-1, high * wide, filters))
    return ops.matmul(ops.transpose(flat, (0, 2, 1)), flat) / float(high * wide * filters)


class Perception:
    """How far pictures are from a content and from a style, as VGG16 sees them (Johnson et al., 2016).

    Args:
        vgg: the network that looks.
        painting: uint8 (height, width, 3), whose style is wanted.
        content_block: index of the block of VGG16 that content is compared in.
    """

    def __init__(self, vgg: Vgg, painting: np.ndarray, content_block: int = 2) -> None:
        self.vgg, self.content_block = vgg, content_block
        features = vgg(ops.convert_to_tensor(painting[None].astype(np.float32)))
        # Constants from here on, not steps to be differentiated.
        self._style = [ops.convert_to_tensor(ops.convert_to_numpy(gram(one))) for one in features]

    def content(self, images: Any) -> Any:
        """What is compared of photos (n, height, width, 3), 0 to 255."""
        return ops.stop_gradient(self.vgg(images, self.content_block + 1)[-1])

    def losses(self, images: Any, content: Any) -> tuple[Any, Any]:
        """Content loss and style loss, each one number.

        The first is the mean squared difference of features from `content`. The second is the squared distance of the Gram
        matrices, relative to those of the painting, in the mean over blocks: 1 is what a plain grey picture gets.

        Args:
            images: (n, height, width, 3), 0 to 255.
            content: of the same photos, see `content`.
        """
        features = self.vgg(images)
        different = ops.mean(ops.square(features[self.content_block] - content))
        strange = [
            ops.mean(ops.sum(ops.square(gram(one) - wanted), axis=(1, 2))) / ops.sum(ops.square(wanted))
            for one, wanted in zip(features, self._style, strict=True)
        ]
        return different, sum(strange) / len(strange)


def roughness(images: Any) -> Any:
    """Mean squared difference of neighbouring pixels of pictures (n, height, width, 3), of 255: the total variation."""
    down = ops.mean(ops.square(images[:, 1:] - images[:, :-1]))
    return down + ops.mean(ops.square(images[:, :, 1:] - images[:, :, :-1]))


class StyleLearner(keras.Model):
    """A network that paints, and the loss that it learns from.

    Args:
        painter: from photos to pictures, (n, height, width, 3), 0 to 255.
        perception: what compares them.
        style_weight: how much the style loss counts.
        content_weight: how much the content loss counts.
        smooth_weight: how much `roughness` counts.
    """

    def __init__(
        self,
        painter: keras.Model,
        perception: Perception,
        style_weight: float,
        content_weight: float = 1.0,
        smooth_weight: float = 0.0,
    ) -> None:
        super().__init__(name=painter.name)
        self.painter, self.perception = painter, perception
        self.style_weight, self.content_weight, self.smooth_weight = style_weight, content_weight, smooth_weight
        self.content_loss, self.style_loss = keras.metrics.Mean("content"), keras.metrics.Mean("style")

    def call(self, images: Any, training: bool = False) -> Any:
        return self.painter(images, training=training)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """The weighted sum of all losses of painted photos `y_pred` of photos `x`."""
        content, style = self.perception.losses(y_pred, self.perception.content(x))
        self.content_loss.update_state(content)
        self.style_loss.update_state(style)
        loss = self.content_weight * content + self.style_weight * style
        return loss + self.smooth_weight * roughness(y_pred) if self.smooth_weight else loss

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        return self.get_metrics_result()


class Crops(keras.utils.PyDataset):
    """Batches of random squares from photos, mirrored or not: float32 (n, side, side, 3), 0 to 255, anew in each epoch.

    Args:
        photos: uint8 (height, width, 3), each at least as large as a square.
        side: of a square, in pixels.
        batch_size: squares in a batch.
        steps: batches in an epoch.
        seed: of all draws.
    """

    def __init__(
        self, photos: Sequence[np.ndarray], side: int = 256, batch_size: int = 4, steps: int = 50, seed: int = 0
    ) -> None:
        super().__init__()
        self.photos, self.side, self.batch_size, self.steps = photos, side, smoke(batch_size, 1), steps
        self.rng = np.random.default_rng(seed)

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, index: int) -> tuple[np.ndarray]:
        return (np.stack([self._crop() for _ in range(self.batch_size)]).astype(np.float32),)

    def _crop(self) -> np.ndarray:
        photo = self.photos[int(self.rng.integers(len(self.photos)))]
        top, left = (int(self.rng.integers(0, length - self.side + 1)) for length in photo.shape[:2])
        square = photo[top : top + self.side, left : left + self.side]
        return square[:, ::-1] if self.rng.random() < 0.5 else square


class Moments(keras.callbacks.Callback):
    """Keeps the weights of a painter after some epochs, one file each, so that they are there when a training is cut short.

    Args:
        folder: for the files ``moment-<epoch>.npz``, with the weights as float16 under ``w0``, ``w1`` and so on.
        epochs: to keep, counted from 1; 0 keeps the beginning.
    """

    def __init__(self, folder: Path, epochs: Sequence[int]) -> None:
        super().__init__()
        self.folder, self.epochs = folder, set(epochs)

    def on_train_begin(self, logs: dict | None = None) -> None:
        if 0 in self.epochs and not (self.folder / "moment-0000.npz").exists():
            self._keep(0)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        if epoch + 1 in self.epochs:
            self._keep(epoch + 1)

    def _keep(self, epoch: int) -> None:
        weights = {f"w{i}": value.astype(np.float16) for i, value in enumerate(self.model.painter.get_weights())}
        np.savez(self.folder / f"moment-{epoch:04}.npz", allow_pickle=False, **weights)


def load_moments(folder: Path) -> dict[int, list[np.ndarray]]:
    """Weights that `Moments` kept, float32, by their epoch, in order."""
    found = {}
    for path in sorted(folder.glob("moment-*.npz")):
        with np.load(path) as file:
            found[int(path.stem.split("-")[1])] = [file[f"w{i}"].astype(np.float32) for i in range(len(file.files))]
    return found


def paint(painter: keras.Model, photos: np.ndarray) -> np.ndarray:
    """Photos uint8 (n, side, side, 3), painted: uint8, of the same shape."""
    painted = [painter.predict_on_batch(photo[None].astype(np.float32))[0] for photo in photos]
    return np.stack(painted).clip(0, 255).round().astype(np.uint8)


class Canvas(keras.Model):
    """One picture whose pixels are the parameters (Gatys et al., 2016).

    Args:
        photo: uint8 (height, width, 3), the content.
        perception: with the style.
        style_weight: how much the style loss counts; the content loss counts once.
        smooth_weight: how much `roughness` counts.
        noise: share of noise in the picture to begin with, 0 to 1.
        seed: of the noise.
    """

    def __init__(
        self,
        photo: np.ndarray,
        perception: Perception,
        style_weight: float,
        smooth_weight: float = 0.0,
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__(name="canvas")
        self.perception, self.style_weight, self.smooth_weight = perception, style_weight, smooth_weight
        start: np.ndarray = photo[None].astype(np.float32)
        self._content = ops.convert_to_tensor(ops.convert_to_numpy(perception.content(ops.convert_to_tensor(start))))
        if noise:
            start = (1 - noise) * start + noise * np.random.default_rng(seed).uniform(0, 255, start.shape)
        self.pixels = self.add_weight(shape=start.shape, initializer="zeros", name="pixels")
        self.pixels.assign(start.astype(np.float32))
        self.content_loss, self.style_loss = keras.metrics.Mean("content"), keras.metrics.Mean("style")

    def call(self, images: Any) -> Any:
        return ops.clip(self.pixels + 0.0 * ops.sum(images), 0.0, 255.0)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """The weighted sum of all losses of the picture `y_pred`."""
        content, style = self.perception.losses(y_pred, self._content)
        self.content_loss.update_state(content)
        self.style_loss.update_state(style)
        return content + self.style_weight * style + self.smooth_weight * roughness(y_pred)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        return self.get_metrics_result()


def optimise(
    canvas: Canvas,
    steps: int,
    *,
    keep: Sequence[int] = (),
    learning_rate: float = 4.0,
    settings: dict[str, Any] | None = None,
    told: Callable[[str], None] = print,
) -> tuple[dict[int, np.ndarray], dict[str, list[float]]]:
    """Change the pixels of a canvas step by step, so that its loss falls.

    Args:
        canvas: to be changed.
        steps: of the optimiser.
        keep: steps after which the picture is kept; 0 is the beginning, and the last one is always kept.
        learning_rate: how much a pixel changes in a step, about, of 255.
        settings: of `keras.Model.compile`.
        told: gets a line of progress now and then.

    Returns:
        The pictures, uint8 (height, width, 3), by step, and the ``loss``, ``content`` and ``style`` after each step.
    """
    canvas.compile(optimizer=keras.optimizers.Adam(learning_rate), **(settings or {}))
    nothing = np.zeros((1, 1), np.float32)
    wanted, frames = {*keep, steps}, {}
    curves: dict[str, list[float]] = {"loss": [], "content": [], "style": []}
    for step in range(steps + 1):
        if step in wanted:
            pixels = ops.convert_to_numpy(canvas.pixels)[0]
            frames[step] = pixels.clip(0, 255).round().astype(np.uint8)
        if step == steps:
            break
        canvas.reset_metrics()
        said = canvas.train_on_batch(nothing, return_dict=True)
        for name, values in curves.items():
            values.append(float(said[name]))
        if step % max(1, steps // 5) == 0:
            told(f"step {step:>4}: content {curves['content'][-1]:,.1f}, style {curves['style'][-1]:.4f}")
    return frames, curves

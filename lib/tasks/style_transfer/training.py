"""What the notebook of style transfer calls besides `lib.training`: what is compared, what is learnt from, and what is kept.

All that learns works with each backend of Keras.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import ops
from PIL import Image, ImageDraw, ImageFont

from lib.bundles import Bundle
from lib.tasks.style_transfer import measure
from lib.tasks.style_transfer.data import MEAN, VGG_LAYERS, middle, pack
from lib.tasks.style_transfer.learnt import SIDE, OneStyle, way_file
from lib.tasks.style_transfer.painter import LONGEST, NUMBERS, STYLE_SIDE, Painter
from lib.tasks.style_transfer.paintings import LEARNT, PAINTINGS, PHOTOS
from lib.training.bundle_writer import BundleWriter, Variant
from lib.training.convert import Endpoints, converted, floats
from lib.training.fit import smoke
from lib.training.for_browser import Exported, image_network
from lib.training.from_litert import Graph


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


class _Pixels(keras.Model):
    """One picture whose pixels are the parameters.

    Args:
        start: float (1, height, width, 3), the picture to begin with.
        name: of the model.
    """

    def __init__(self, start: np.ndarray, name: str) -> None:
        super().__init__(name=name)
        self.pixels = self.add_weight(shape=start.shape, initializer="zeros", name="pixels")
        self.pixels.assign(start.astype(np.float32))

    def call(self, images: Any) -> Any:
        return ops.clip(self.pixels + 0.0 * ops.sum(images), 0.0, 255.0)

    def step(self) -> dict[str, Any]:
        """Change the pixels once; what the losses are."""
        return self.train_on_batch(np.zeros((1, 1), np.float32), return_dict=True)

    def picture(self) -> np.ndarray:
        """The picture as it is now: uint8 (height, width, 3)."""
        return ops.convert_to_numpy(self.pixels)[0].clip(0, 255).round().astype(np.uint8)


class Canvas(_Pixels):
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
        plain: np.ndarray = photo[None].astype(np.float32)
        start = (
            (1 - noise) * plain + noise * np.random.default_rng(seed).uniform(0, 255, plain.shape) if noise else plain
        )
        super().__init__(start, "canvas")
        self.perception, self.style_weight, self.smooth_weight = perception, style_weight, smooth_weight
        self._content = ops.convert_to_tensor(ops.convert_to_numpy(perception.content(ops.convert_to_tensor(plain))))
        self.content_loss, self.style_loss = keras.metrics.Mean("content"), keras.metrics.Mean("style")

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
    wanted, frames = {*keep, steps}, {}
    curves: dict[str, list[float]] = {"loss": [], "content": [], "style": []}
    for step in range(steps + 1):
        if step in wanted:
            frames[step] = canvas.picture()
        if step == steps:
            break
        canvas.reset_metrics()
        said = canvas.step()
        for name, values in curves.items():
            values.append(float(said[name]))
        if step % max(1, steps // 5) == 0:
            told(f"step {step:>4}: content {curves['content'][-1]:,.1f}, style {curves['style'][-1]:.4f}")
    return frames, curves


class Rebuilt(_Pixels):
    """One picture whose pixels are the parameters: they learn to give the features that a photo gives (Mahendran and Vedaldi, 2015).

    Args:
        photo: uint8 (height, width, 3).
        vgg: the network that looks.
        block: index of the block of VGG16 whose features count.
        seed: of the noise to begin with.
    """

    def __init__(self, photo: np.ndarray, vgg: Vgg, block: int, seed: int = 0) -> None:
        super().__init__(np.random.default_rng(seed).normal(128, 20, (1, *photo.shape)), "rebuilt")
        self.vgg, self.block = vgg, block
        wanted = vgg(ops.convert_to_tensor(photo[None].astype(np.float32)), block + 1)[-1]
        self._wanted = ops.convert_to_tensor(ops.convert_to_numpy(wanted))
        self._scale = float(np.square(ops.convert_to_numpy(wanted)).mean())

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """How far the features of the picture `y_pred` are from those of the photo, relative to these."""
        found = self.vgg(y_pred, self.block + 1)[-1]
        return ops.mean(ops.square(found - self._wanted)) / self._scale + 2e-5 * roughness(y_pred)


def rebuild(photo: np.ndarray, vgg: Vgg, steps: int, settings: dict[str, Any] | None = None) -> list[np.ndarray]:
    """What is left of a photo, uint8 (height, width, 3), in each block of VGG16: pictures with the same features, made from noise."""
    found = []
    for block in range(len(VGG_LAYERS)):
        canvas = Rebuilt(photo, vgg, block)
        canvas.compile(optimizer=keras.optimizers.Adam(8.0), **(settings or {}))
        for _ in range(steps):
            canvas.step()
        found.append(canvas.picture())
    return found


def whole_network(styler: keras.Model, painter: keras.Model) -> keras.Model:
    """Both parts of the network for any style as one, to be counted: from a photo and a painting to the painted photo."""
    photo = keras.Input(painter.inputs[0].shape[1:], name="photo")
    painting = keras.Input(styler.inputs[0].shape[1:], name="painting")
    return keras.Model([photo, painting], painter([photo, styler(painting)]), name="any_style")


def to_litert(styler: keras.Model, painter: keras.Model) -> bytes:
    """Both parts for LiteRT, with weights as float16.

    Signatures: ``predict`` gives the ``style`` (n, 100) of ``images`` (n, 256, 256, 3); ``paint`` gives ``painted``, of the form of its
    ``images`` (1, height, width, 3), in the ``style`` (1, 100).
    """

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"style": styler(images, training=False)}

    def paint(images: tf.Tensor, style: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"painted": painter([images, style], training=False)}

    endpoints: Endpoints = {
        "predict": (predict, [floats("images", None, STYLE_SIDE, STYLE_SIDE, 3)]),
        "paint": (paint, [floats("images", 1, None, None, 3), floats("style", 1, NUMBERS)]),
    }
    return converted([styler, painter], endpoints)


def one_style_to_litert(painter: keras.Model) -> bytes:
    """A network that knows one style for LiteRT, with weights of 8 bits: ``predict`` gives ``painted`` from one of ``images``."""

    def predict(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"painted": painter(images, training=False)}

    return converted([painter], {"predict": (predict, [floats("images", 1, *painter.input_shape[1:])])}, small=True)


@dataclass
class Learnt:
    """A network that was trained here, and how.

    Attributes:
        variant: the network and its checkpoint.
        history: one row an epoch, as `lib.training.fit.Run` writes it.
        style_weight: how much the style loss counted.
    """

    variant: Variant
    history: pd.DataFrame
    style_weight: float


def hard_photos() -> list[np.ndarray]:
    """What style transfer is bad at: an animal's face, a text, and a photo with much flat sky; uint8 (height, width, 3)."""
    page = Image.new("RGB", (SIDE, SIDE), (250, 248, 240))
    pen = ImageDraw.Draw(page)
    for i, line in enumerate(("The quick", "brown fox", "jumps over", "the lazy dog.")):
        pen.text((14, 12 + 60 * i), line, font=ImageFont.load_default(38), fill=(30, 30, 40))
    examples = {one.name: one for one in PHOTOS}
    cat, rocket = (np.asarray(examples[name].open()) for name in ("cat", "rocket"))
    return [middle(cat, SIDE), np.asarray(page), middle(rocket, SIDE)]


def write_style_bundle(
    slug: str,
    parts: tuple[keras.Model, keras.Model],
    *,
    any_size: keras.Model,
    learnt: dict[str, Learnt],
    painters: dict[str, keras.Model],
    moments: Sequence[int],
    gatys: dict[str, np.ndarray],
    by_gatys: np.ndarray,
    rebuilt: Sequence[np.ndarray],
    test: Sequence[np.ndarray],
    weights: measure.Weights,
    sizes: dict[str, int],
    seed: int,
    card: str,
    hardware: str,
    kept: Sequence[Path] = (),
) -> Path:
    """Write the bundle, and score it on the test photos, once, in the form that the page runs.

    Args:
        slug: of the experiment.
        parts: of the network for any style: what looks at paintings, and what paints.
        any_size: what paints, for photos of any size.
        learnt: the networks trained here: ``"low"``, ``"good"``, ``"high"``.
        painters: these networks for photos of 256 x 256 pixels: ``"low"``, ``"high"``, and ``"moment_0"`` and so on, which are the good one
            at moments of its training.
        moments: steps of the training after which these were kept, in order.
        gatys: one picture changed step by step: ``steps``, ``frames``, and the curves ``content`` and ``style``.
        by_gatys: the test photos changed so, uint8 (n, side, side, 3).
        rebuilt: a photo, and what is left of it in each block of VGG16.
        test: photos, uint8 (height, width, 3).
        weights: of VGG16.
        sizes: photos for training and validation.
        seed: that the notebook set.
        card: prose of the model card, in Markdown.
        hardware: that trained them, in words.
        kept: files whose folders are no longer needed when the bundle has been written.

    Returns:
        The folder.
    """
    whole = whole_network(*parts)
    words = "It looks at any picture, says its style in 100 numbers, and paints any photo with these numbers. Others trained it."
    variants = {"good": Variant(whole, words, pd.DataFrame(), 0, sizes["train"])}
    writer = BundleWriter(
        slug,
        dataset="BSDS500 and seven paintings",
        classes=[one.name for one in PAINTINGS],
        variants=variants,
        sizes=sizes | {"test": len(test)},
        seed=seed,
    )
    writer.save("good.tflite", to_litert(parts[0], any_size))
    for name, model in painters.items():
        writer.save(f"{name}.tflite", one_style_to_litert(model))
    histories = [one.history.assign(variant=name, epoch=one.history["epoch"] + 1) for name, one in learnt.items()]
    columns = ["variant", "epoch", "loss", "val_loss", "content", "val_content", "style", "val_style", "seconds"]
    writer.save_table("history.csv", pd.concat(histories)[columns])
    writer.facts |= {
        "licence": "apache-2.0",
        "hardware": hardware,
        "training_seconds": round(float(sum(one.history["seconds"].sum() for one in learnt.values())), 1),
        "parts": {"styler": parts[0].count_params(), "painter": parts[1].count_params()},
        "learnt": {
            "painting": LEARNT,
            "parameters": learnt["good"].variant.model.painter.count_params(),
            "moments": list(moments),
            "style_weights": {name: one.style_weight for name, one in learnt.items()},
        },
    }
    bundle = writer.bundle()
    painter = Painter(bundle)
    writer.facts["variants"]["good"]["test"] = measure.scores(bundle, test, weights, PAINTINGS[: smoke(7, 1)])
    writer.facts["seconds"] = _seconds(painter)
    writer.evaluation["styles"] = np.stack([painter.style(one.open()) for one in PAINTINGS])
    writer.evaluation |= _map(painter)
    writer.evaluation |= _losses(bundle, painter, test, by_gatys, weights)
    writer.evaluation |= _named("gatys", pack(list(gatys["frames"])))
    writer.evaluation |= {f"gatys_{name}": gatys[name] for name in ("steps", "content", "style")}
    writer.evaluation |= _named("rebuilt", pack(rebuilt))
    hard = hard_photos()
    style = writer.evaluation["styles"][0]
    writer.evaluation |= _named("hard", pack([*hard, *(painter.paint(one, style) for one in hard)]))
    writer.evaluation |= _grams(weights)
    folder = writer.finish(
        "style_reached", card, ["bsds500"], "apache-2.0", finished=[one.variant for one in learnt.values()]
    )
    for path in kept:
        shutil.rmtree(path.parent, ignore_errors=True)
    return folder


def _named(name: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{name}_{key}": values for key, values in arrays.items()}


def _seconds(painter: Painter) -> dict[str, float]:
    """The middle of several times that looking at a painting and painting a photo of 384 x 384 pixels take, in seconds."""
    picture = PHOTOS[0].open()
    photo, style = middle(np.asarray(picture), LONGEST), painter.style(picture)
    painter.paint(photo, style)

    def taken(act: Callable[[], object]) -> float:
        times = []
        for _ in range(smoke(7, 1)):
            begin = time.perf_counter()
            act()
            times.append(time.perf_counter() - begin)
        return round(float(np.median(times)), 3)

    return {"look": taken(lambda: painter.style(picture)), "paint": taken(lambda: painter.paint(photo, style))}


def _map(painter: Painter) -> dict[str, np.ndarray]:
    """Styles of paintings, of their quarters and of the example photos, and the two directions in which they differ most."""
    whole = [np.asarray(one.open()) for one in PAINTINGS]
    quarters = [
        picture[top : top + picture.shape[0] // 2, left : left + picture.shape[1] // 2]
        for picture in whole
        for top in (0, picture.shape[0] // 2)
        for left in (0, picture.shape[1] // 2)
    ]
    pictures = [*whole, *quarters, *(np.asarray(one.open()) for one in PHOTOS)]
    styles = np.stack([painter.style(Image.fromarray(one)) for one in pictures])
    mean = styles.mean(axis=0)
    _, _, directions = np.linalg.svd(styles - mean, full_matrices=False)
    return {"map_styles": styles, "map_mean": mean, "map_directions": directions[:2]}


def _losses(
    bundle: Bundle, painter: Painter, test: Sequence[np.ndarray], by_gatys: np.ndarray, weights: measure.Weights
) -> dict[str, np.ndarray]:
    """Content and style loss of the test photos: as they are, by Gatys' way, by the three networks trained here, and by the one for any style.

    All in the style of the painting that was learnt: float32 (6, n, 2).
    """
    wanted = measure.painting_grams(LEARNT, weights)
    style = painter.style(next(one for one in PAINTINGS if one.name == LEARNT).open())
    networks = [OneStyle(bundle, way_file(bundle, name)) for name in ("low", "good", "high")]
    rows = []
    for picture, optimised in zip(test, by_gatys, strict=True):
        # Each is measured in the size in which it paints: smaller strokes would be another style.
        photo, large = middle(picture, len(optimised)), middle(picture, SIDE)
        small = [photo, optimised, painter.paint(photo, style)]
        painted = [one.paint(Image.fromarray(large)) for one in networks]
        found = []
        for first, shown in ((photo, small), (large, painted)):
            seen = measure.features(first, weights)
            looks = [measure.features(one, weights) for one in shown]
            found.append([(measure.content_loss(one, seen), measure.style_loss(one, wanted)) for one in looks])
        rows.append([*found[0][:2], *found[1], found[0][2]])
    return {"losses": np.array(rows, np.float32).transpose(1, 0, 2)}


def _grams(weights: measure.Weights) -> dict[str, np.ndarray]:
    """Gram matrices of all paintings and example photos in the first block of VGG16, float32 (n, 64, 64)."""
    pictures = [np.asarray(one.open()) for one in (*PAINTINGS, *PHOTOS)]
    found = [measure.gram(measure.features(middle(one, smoke(128, 32)), weights)[0]) for one in pictures]
    return {"grams": np.stack(found).astype(np.float32)}


def for_browser(bundle: Bundle) -> Exported:
    """What looks at paintings, as the browser runs it."""
    return image_network(bundle, (STYLE_SIDE, STYLE_SIDE, 3), ["style"])


def helpers_for_browser(bundle: Bundle) -> dict[str, Exported]:
    """What paints, at any size."""
    graph = Graph(bundle.read("good.tflite"), "paint")

    def paint(images: tf.Tensor, style: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"painted": graph(images, style=style)["painted"]}

    inputs = {
        "images": tf.TensorSpec((1, None, None, 3), tf.float32),
        "style": tf.TensorSpec((1, NUMBERS), tf.float32),
    }
    return {"painter": Exported(paint, inputs, graph.weights)}

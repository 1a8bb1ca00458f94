"""Networks of others, rebuilt from their files, and converted."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from onnx import TensorProto, helper

from lib import bundles
from lib.tasks.style_transfer import training_adain, training_any_style
from lib.tasks.style_transfer.painter import Painter
from lib.training.from_litert import Graph


def test_graph_paints_as_litert_does():
    bundle = bundles.load("style_transfer")
    photo = np.random.default_rng(0).integers(0, 256, (4, 6, 3)).repeat(8, axis=0).repeat(8, axis=1).astype(np.uint8)
    style = bundle.evaluation["styles"][0]
    graph = Graph(bundle.read("good.tflite"), "paint")
    found = graph(tf.constant(photo[None].astype(np.float32)), style=tf.constant(style[None]))["painted"].numpy()[0]
    assert np.abs(found.clip(0, 255) - Painter(bundle).paint(photo, style)).max() < 1.5


def test_weights_of_8_bits_are_read():
    kernel = np.arange(-12, 12, dtype=np.int8).reshape(2, 3, 2, 2)
    scales = np.array([0.5, 2.0], np.float32)
    bias = np.array([3, -1], np.int32)
    tensors = {
        "part/conv/weights": (TensorProto.INT8, kernel),
        "scale": (TensorProto.FLOAT, scales),
        "zero": (TensorProto.INT8, np.zeros(2, np.int8)),
        "part/conv/Conv2D_bias": (TensorProto.INT32, bias),
        "zero_bias": (TensorProto.INT32, np.zeros(2, np.int32)),
    }
    nodes = [
        helper.make_node(
            "DequantizeLinear", ["part/conv/weights", "scale", "zero"], ["part/conv/weights_dequant"], axis=0
        ),
        helper.make_node("DequantizeLinear", ["part/conv/Conv2D_bias", "scale", "zero_bias"], ["b"], axis=0),
        helper.make_node("Conv", ["x", "part/conv/weights_dequant", "b"], ["y"]),
    ]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, n, 4, 4]) for name, n in (("x", 3), ("y", 2)))
    stored = [
        helper.make_tensor(name, kind, values.shape, values.tobytes(), raw=True)
        for name, (kind, values) in tensors.items()
    ]
    model = helper.make_model(helper.make_graph(nodes, "graph", [x], [y], stored))
    found = training_any_style.read_weights(model.SerializeToString())
    assert found.keys() == {"part/conv/kernel", "part/conv/bias"}
    assert (found["part/conv/kernel"][..., 0] == 0.5 * kernel[0].transpose(1, 2, 0)).all()
    assert (found["part/conv/kernel"][..., 1] == 2.0 * kernel[1].transpose(1, 2, 0)).all()
    assert found["part/conv/bias"].tolist() == [1.5, -2.0]


def test_painter_is_told_the_style_in_each_of_its_layers():
    painter = training_any_style.build_painter({}, 16)
    assert painter.output_shape == (None, 16, 16, 3)
    assert sum(layer.name.endswith(".contrast") for layer in painter.layers) == 13
    assert painter.count_params() == 178_065


def test_pickles_that_could_run_code_are_refused(tmp_path):
    import pickle

    path = tmp_path / "bad.pth"
    path.write_bytes(pickle.dumps(print))
    with pytest.raises(pickle.UnpicklingError, match="no tensor"):
        training_adain._Forms(path.open("rb")).load()

"""From LiteRT back to TensorFlow: the very sums that a page runs, as a function that other converters take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema

_NAMES = {number: name for name, number in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
_ACTIVATIONS: dict[int, Callable[[Any], Any]] = {0: lambda x: x, 1: tf.nn.relu, 3: tf.nn.relu6}
_PADDING = {0: "SAME", 1: "VALID"}
_TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 4: np.int64, 6: np.bool_}


class Graph:
    """One signature of a LiteRT model.

    Attributes:
        weights: its variables.

    Args:
        content: of the file.
        signature: its name.

    Raises:
        ValueError: there is no such signature, or it uses an operation that is not known here.
    """

    def __init__(self, content: bytes, signature: str) -> None:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
        found = next((one for one in model.signatureDefs if one.signatureKey.decode() == signature), None)
        if found is None:
            raise ValueError(f"The model has no signature {signature!r}.")
        self._tensors = model.subgraphs[found.subgraphIndex].tensors
        self._buffers, self._read = model.buffers, dict[int, np.ndarray]()
        self._weights = dict[int, tf.Variable]()
        self._by_output: dict[int, tuple[str, Any]] = {}
        for one in model.subgraphs[found.subgraphIndex].operators:
            code = model.operatorCodes[one.opcodeIndex]
            name = _NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]
            for output in one.outputs:
                self._by_output[output] = (name, one)
        self._inputs = {one.name.decode(): one.tensorIndex for one in found.inputs}
        self._outputs = {one.name.decode(): one.tensorIndex for one in found.outputs}
        self._turned = dict[int, bool]()
        self._twins = self._find_twins()
        # Made now, since a function that is being traced may make none.
        for name, operator in self._by_output.values():
            if name == "DEQUANTIZE":
                self._weight(operator.inputs[0])
        self.weights = list(self._weights.values())

    def __call__(self, image: tf.Tensor, **others: tf.Tensor) -> dict[str, tf.Tensor]:
        """All outputs by name, for one image (1, ...), and for what the signature takes besides, by name.

        A network that is asked twice, about a picture and about its mirror image, is asked once about both: the same in half the time.
        """
        [given] = [index for name, index in self._inputs.items() if name not in others]
        values: dict[int, Any] = {given: image} | {self._inputs[name]: value for name, value in others.items()}
        if self._twins:
            both: dict[int, Any] = {given: tf.concat([image, tf.reverse(image, [2])], axis=0)}
            for plain, turned in self._twins:
                values[plain], values[turned] = tf.split(self._value(plain, both), 2)
        return {name: self._value(index, values) for name, index in self._outputs.items()}

    def _find_twins(self) -> list[tuple[int, int]]:
        """What is added up in the end: each part about the picture with the same part about its mirror image; empty if there are none."""
        parts = [part for index in self._outputs.values() for part in self._parts(index)]
        plain = [part for part in parts if not self._turns(part)]
        turned = [part for part in parts if self._turns(part)]
        return list(zip(plain, turned, strict=True)) if turned else []

    def _parts(self, index: int) -> list[int]:
        name, operator = self._by_output.get(index, ("", None))
        if name not in ("ADD", "MUL"):
            return [index] if name and name != "DEQUANTIZE" else []
        return [part for one in operator.inputs for part in self._parts(one)]

    def _turns(self, index: int) -> bool:
        """Whether something in it is about the mirror image. Remembered: many paths may lead to one place."""
        if index not in self._turned:
            name, operator = self._by_output.get(index, ("", None))
            inputs = operator.inputs if operator else ()
            self._turned[index] = name == "REVERSE_V2" or any(self._turns(one) for one in inputs)
        return self._turned[index]

    def _constant(self, index: int) -> np.ndarray | None:
        """A tensor that does not depend on the input, as it is stored."""
        if index not in self._read:
            tensor = self._tensors[index]
            data = self._buffers[tensor.buffer].data
            if data is None or not len(data):
                return None
            shape = [] if tensor.shape is None else list(tensor.shape)
            self._read[index] = np.frombuffer(bytes(data), _TYPES[tensor.type]).reshape(shape)
        return self._read[index]

    def _value(self, index: int, values: dict[int, Any]) -> Any:
        if index < 0:
            return None
        if index not in values:
            constant = self._constant(index)
            if constant is not None:
                values[index] = constant
            else:
                name, operator = self._by_output[index]
                values.update(zip(operator.outputs, self._run(name, operator, values), strict=True))
        return values[index]

    def _weight(self, index: int) -> tf.Variable:
        """Weights of one buffer are one variable, however often they are used."""
        buffer = self._tensors[index].buffer
        if buffer not in self._weights:
            constant = self._constant(index)
            assert constant is not None
            self._weights[buffer] = tf.Variable(constant.astype(np.float32), trainable=False)
        return self._weights[buffer]

    def _run(self, name: str, operator: Any, values: dict[int, Any]) -> list[Any]:
        if name == "DEQUANTIZE" and self._constant(operator.inputs[0]) is not None:
            return [self._weight(operator.inputs[0])]
        pooled = self._pooled(name, operator)
        if pooled is not None:
            return [tf.nn.max_pool2d(self._value(pooled, values), 2, 2, "VALID")]
        given, options = [self._value(one, values) for one in operator.inputs], operator.builtinOptions
        one = _OPERATIONS.get(name)
        if one is None:
            raise ValueError(f"LiteRT's operation {name} is not known here.")
        result = one(given, options)
        results = result if isinstance(result, list) else [result]
        activation = getattr(options, "fusedActivationFunction", 0)
        return [_ACTIVATIONS[activation](value) for value in results]

    def _pooled(self, name: str, operator: Any) -> int | None:
        """Where max pooling of 2x2 is spelt as maxima (see `lib.training.convert`): the tensor that is pooled. Spelt out, it takes a browser
        most of its time."""
        whole = None
        for _ in range(2):
            # The maximum of both parts of one tensor.
            parts = {self._by_output.get(one, ("",))[0] for one in operator.inputs} if name == "MAXIMUM" else set()
            if parts != {"UNPACK"}:
                return None
            halves = [self._by_output[one][1] for one in operator.inputs]
            if halves[0] is not halves[1]:
                return None
            whole = halves[0].inputs[0]
            name, operator = self._by_output.get(whole, ("", None))
        return int(operator.inputs[0]) if name == "RESHAPE" else None


def _convolution(given: list[Any], options: Any) -> Any:
    strides = (options.strideH, options.strideW)
    # Keras and TensorFlow keep the filters last, LiteRT keeps them first.
    filters = tf.transpose(tf.convert_to_tensor(given[1]), [1, 2, 3, 0])
    return _plus(tf.nn.conv2d(given[0], filters, strides, _PADDING[options.padding]), given)


def _depthwise(given: list[Any], options: Any) -> Any:
    strides = [1, options.strideH, options.strideW, 1]
    kernel = tf.convert_to_tensor(given[1])
    height, width, channels = kernel.shape[1:]
    multiplier = options.depthMultiplier
    filters = tf.reshape(kernel, [height, width, channels // multiplier, multiplier])
    return _plus(tf.nn.depthwise_conv2d(given[0], filters, strides, _PADDING[options.padding]), given)


def _dense(given: list[Any], options: Any) -> Any:
    # Turned here and not by the product: the WebAssembly of TensorFlow.js passes over a turned factor without a word.
    return _plus(tf.linalg.matmul(given[0], tf.transpose(tf.convert_to_tensor(given[1]))), given)


def _plus(value: Any, given: list[Any]) -> Any:
    return value + given[2] if len(given) > 2 and given[2] is not None else value


def _max_pool(given: list[Any], options: Any) -> Any:
    size, strides = (options.filterHeight, options.filterWidth), (options.strideH, options.strideW)
    return tf.nn.max_pool2d(given[0], size, strides, _PADDING[options.padding])


def _strided_slice(given: list[Any], options: Any) -> Any:
    return tf.strided_slice(
        *given,
        begin_mask=options.beginMask,
        end_mask=options.endMask,
        ellipsis_mask=options.ellipsisMask,
        new_axis_mask=options.newAxisMask,
        shrink_axis_mask=options.shrinkAxisMask,
    )


def _tile(given: list[Any], options: Any) -> Any:
    """By joining copies, where their number is known: TensorFlow.js tiles number by number, which took a third of the time of a network that
    makes its pictures larger so."""
    value, times = given
    if not isinstance(times, np.ndarray):
        return tf.tile(value, times)
    for axis, n in enumerate(times.tolist()):
        value = tf.concat([value] * n, axis) if n > 1 else value
    return value


def _resize(given: list[Any], options: Any) -> Any:
    return tf.compat.v1.image.resize_bilinear(
        given[0], given[1], align_corners=options.alignCorners, half_pixel_centers=options.halfPixelCenters
    )


_OPERATIONS: dict[str, Callable[[list[Any], Any], Any]] = {
    "ADD": lambda given, _: given[0] + given[1],
    "SUB": lambda given, _: given[0] - given[1],
    "MUL": lambda given, _: given[0] * given[1],
    "MAXIMUM": lambda given, _: tf.maximum(*given),
    "EXP": lambda given, _: tf.exp(given[0]),
    "LOGISTIC": lambda given, _: tf.sigmoid(given[0]),
    "CONV_2D": _convolution,
    "DEPTH_TO_SPACE": lambda given, options: tf.nn.depth_to_space(given[0], options.blockSize),
    "DEPTHWISE_CONV_2D": _depthwise,
    "EXPAND_DIMS": lambda given, _: tf.expand_dims(given[0], int(given[1])),
    "FULLY_CONNECTED": _dense,
    "MAX_POOL_2D": _max_pool,
    "MEAN": lambda given, options: tf.reduce_mean(given[0], given[1], keepdims=options.keepDims),
    "CONCATENATION": lambda given, options: tf.concat(given, options.axis),
    "MIRROR_PAD": lambda given, options: tf.pad(*given, mode="SYMMETRIC" if options.mode else "REFLECT"),
    "NEG": lambda given, _: -given[0],
    "PACK": lambda given, options: tf.stack(given, options.axis),
    "UNPACK": lambda given, options: tf.unstack(given[0], options.num, options.axis),
    "PAD": lambda given, _: tf.pad(*given),
    "RELU": lambda given, _: tf.nn.relu(given[0]),
    # Older models keep the new shape beside the operation, and not as an input.
    "RESHAPE": lambda given, options: tf.reshape(given[0], given[1] if len(given) > 1 else options.newShape),
    "RESIZE_BILINEAR": _resize,
    "REVERSE_V2": lambda given, _: tf.reverse(*given),
    "RSQRT": lambda given, _: tf.math.rsqrt(given[0]),
    "SHAPE": lambda given, _: tf.shape(given[0]),
    "SLICE": lambda given, _: tf.slice(*given),
    "SQUARED_DIFFERENCE": lambda given, _: tf.math.squared_difference(*given),
    "STRIDED_SLICE": _strided_slice,
    "TRANSPOSE": lambda given, _: tf.transpose(*given),
    "TILE": _tile,
}

"""ONNX graphs: what they declare, the same graph with other shapes or precision, and whether its nodes allow these."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EngineError
from .declared import Declared
from .modules import library

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto

#: Nodes whose output has the size that their window leaves; nothing is left where the window is the larger one.
_WINDOWS = ("AveragePool", "Conv", "ConvTranspose", "LpPool", "MaxPool")
_QUANTIZED = ("DequantizeLinear", "QLinearConv", "QLinearMatMul", "QuantizeLinear")
#: The first version of the format in which a weight need not be listed among the inputs.
_WEIGHTS_ALONE = 4
_MOST_SHOWN = 6
#: The shapes of values by name, as far as they are known.
Shapes = Mapping[str, tuple[int | str, ...]]


def read_graph(path: Path, *, weights: bool = True) -> ModelProto:
    """The graph in an ONNX file, without the weights that lie in other files if they are not needed."""
    onnx = library("onnx", str(path))
    if not path.is_file():
        raise EngineError.of("engine_file_missing", str(path))
    try:
        model = onnx.load(path, load_external_data=weights)
    except Exception as error:  # protobuf has errors of its own
        raise EngineError.of("not_an_onnx_file", str(path), [f"{type(error).__name__}: {error}"]) from None
    if not model.graph.node:
        raise EngineError.of("not_an_onnx_file", str(path), ["it has no node"])
    return model


def inputs_of(model: ModelProto) -> list[Declared]:
    """The inputs of a graph, without the weights that old files list among them."""
    weights = {one.name for one in model.graph.initializer}
    return [_declared(one) for one in model.graph.input if one.name not in weights]


def outputs_of(model: ModelProto) -> list[Declared]:
    """The outputs of a graph."""
    return [_declared(one) for one in model.graph.output]


def _declared(value: ValueInfoProto) -> Declared:
    from onnx.helper import tensor_dtype_to_np_dtype

    tensor = value.type.tensor_type
    dtype = str(tensor_dtype_to_np_dtype(tensor.elem_type)) if tensor.elem_type else "no tensor"
    return Declared(value.name, _lengths(value), dtype)


def _lengths(value: ValueInfoProto) -> tuple[int | str, ...]:
    """The lengths of a value; one that is left open is a text, "?" where it has no name."""
    dims = value.type.tensor_type.shape.dim
    return tuple(dim.dim_value if dim.HasField("dim_value") else dim.dim_param or "?" for dim in dims)


def precision_of(model: ModelProto) -> str:
    """The precision in which a graph is written: "fp32", "fp16", or "int8" where it holds quantized nodes."""
    from onnx import TensorProto

    if any(node.op_type in _QUANTIZED for node in model.graph.node):
        return "int8"
    kinds = {one.data_type for one in model.graph.initializer}
    kinds |= {one.type.tensor_type.elem_type for one in model.graph.input}
    return "fp16" if kinds & {TensorProto.FLOAT16, TensorProto.BFLOAT16} else "fp32"


def with_shapes(model: ModelProto, shapes: Mapping[str, Sequence[int]], where: str) -> ModelProto:
    """A copy of a graph whose inputs have these shapes, and all its values the shapes that follow.

    Raises `EngineError` with the nodes that do not allow it, such as a Reshape to fixed lengths.
    """
    from onnx.shape_inference import InferenceError, infer_shapes

    before = {one.name: one.lengths for one in (*inputs_of(model), *outputs_of(model))}
    copy = type(model)()
    copy.CopyFrom(model)
    copy.ir_version = max(copy.ir_version, _WEIGHTS_ALONE)
    weights = {one.name for one in copy.graph.initializer}
    for n, value in reversed(list(enumerate(copy.graph.input))):
        if value.name in weights:
            del copy.graph.input[n]
        elif value.name in shapes:
            _set_lengths(value, shapes[value.name])
    del copy.graph.value_info[:]
    for value in copy.graph.output:
        value.type.tensor_type.ClearField("shape")
    try:
        inferred = infer_shapes(as_bytes(copy, where), data_prop=True)
    except InferenceError as error:
        raise EngineError.of("not_an_onnx_file", where, [f"{error}"]) from None
    if bad := [*misfits(inferred), *_lost_batch(before, inferred)] or _refused(copy, model):
        raise EngineError.of("graph_does_not_fit", where, bad[:_MOST_SHOWN], count=len(bad), shapes=dict(shapes))
    return inferred


def _set_lengths(value: ValueInfoProto, shape: Sequence[int]) -> None:
    dims = value.type.tensor_type.shape.dim
    del dims[:]
    for length in shape:
        dims.add().dim_value = length


def misfits(model: ModelProto) -> list[str]:
    """The nodes of a graph with inferred shapes that cannot work: each with its kind, its name and both shapes."""
    known = {
        value.name: _lengths(value) for value in (*model.graph.input, *model.graph.value_info, *model.graph.output)
    }
    known |= {weight.name: tuple(weight.dims) for weight in model.graph.initializer}
    return [f"{node.op_type} {_name(node)}: {why}" for node in model.graph.node for why in _why_not(node, known)]


def _name(node: NodeProto) -> str:
    return node.name or f"of {node.output[0]!r}"


def _why_not(node: NodeProto, known: Shapes) -> Iterator[str]:
    """Why a node does not work with the shapes around it."""
    came, goes = known.get(node.input[0] if node.input else ""), known.get(node.output[0])
    if came is None or goes is None:
        return
    held, needed = _values_in(came), _values_in(goes)
    if node.op_type == "Reshape" and held != needed and None not in (held, needed):
        yield f"{came} has {held} values, and {goes} needs {needed}"
    if node.op_type in _WINDOWS and 0 in goes and 0 not in came:
        yield f"its window is larger than {came}"
    if node.op_type == "Gemm" and len(node.input) > 1 and node.input[1] in known:
        flags = {one.name: one.i for one in node.attribute}
        rows, columns = came[0 if flags.get("transA") else -1], known[node.input[1]]
        needs = columns[1 if flags.get("transB") else 0]
        if isinstance(rows, int) and isinstance(needs, int) and rows != needs:
            yield f"{came} has {rows} columns and its weights need {needs}"


def _values_in(lengths: Sequence[int | str]) -> int | None:
    """The number of values in a shape; None where a length is open."""
    known = [length for length in lengths if isinstance(length, int)]
    return prod(known) if len(known) == len(lengths) else None


def _lost_batch(before: Shapes, model: ModelProto) -> list[str]:
    """The outputs that had the batch of the first input as their first length, and have it no more."""
    first = next((one for one in inputs_of(model) if one.lengths), None)
    if first is None or not before[first.name]:
        return []
    old, new = before[first.name][0], first.lengths[0]
    outputs = [one for one in outputs_of(model) if before[one.name][:1] == (old,)]
    lost = [one for one in outputs if one.lengths and isinstance(one.lengths[0], int) and one.lengths[0] != new]
    return [f"output {one.name}: {one.lengths}, where the batch is {new}" for one in lost]


def _refused(copy: ModelProto, model: ModelProto) -> list[str]:
    """What ONNX says against the new shapes, where it says nothing against the old ones."""
    from onnx.shape_inference import InferenceError, infer_shapes

    def said(graph: ModelProto) -> list[str]:
        try:
            infer_shapes(graph, strict_mode=True, data_prop=True)
        except InferenceError as error:
            return [line.removeprefix("[ShapeInferenceError] ") for line in str(error).splitlines() if line.strip()]
        return []

    return [] if not (found := said(copy)) or said(model) else found


def in_float16(model: ModelProto, where: str) -> ModelProto:
    """The graph in half precision, by the converter of ONNX Runtime. Its inputs and outputs stay as they were."""
    library("onnxruntime", where)
    before = list(sys.path)
    try:
        from onnxruntime.transformers.float16 import convert_float_to_float16
    finally:
        sys.path[:] = before  # that package adds its own folder
    convert: Callable[..., ModelProto] = convert_float_to_float16
    return convert(model, keep_io_types=True)


def as_bytes(model: ModelProto, where: str) -> bytes:
    """The graph as one piece. Raises `EngineError` where that is more than the format of ONNX files holds (2 GB)."""
    try:
        return bytes(model.SerializeToString())
    except Exception as error:  # protobuf has errors of its own
        raise EngineError.of("graph_too_large", where, [f"{error}"]) from None

"""ONNX graphs for tests: those that the `onnx` wheel ships, and small ones written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
SQUEEZENET, RESNET, SHUFFLENET = (LIGHT / f"light_{name}.onnx" for name in ("squeezenet", "resnet50", "shufflenet"))
INCEPTION, DENSENET = LIGHT / "light_inception_v1.onnx", LIGHT / "light_densenet121.onnx"

Lengths = Sequence[int | str | None]


def value(name: str, lengths: Lengths, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, lengths)


def written(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    weights: Sequence[tuple[str, np.ndarray]] = (),
    domains: Sequence[str] = ("",),
) -> Path:
    """A graph in a file."""
    tensors = [numpy_helper.from_array(array, name) for name, array in weights]
    graph = helper.make_graph(nodes, "small", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid(one, 17) for one in domains], ir_version=8)
    onnx.save(model, path)
    return path


def scaled(path: Path, lengths: Lengths = ("N", 4)) -> Path:
    """y = x + x, of any lengths."""
    return written(
        path, [helper.make_node("Add", ["x", "x"], ["y"], "twice")], [value("x", lengths)], [value("y", lengths)]
    )


def tokens(path: Path) -> Path:
    """A table of 10 rows looked up by tokens, and multiplied by a mask."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"], "lookup"),
        helper.make_node("Cast", ["attention_mask"], ["mask"], "cast", to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"], "unsqueeze"),
        helper.make_node("Mul", ["rows", "column"], ["y"], "multiply"),
    ]
    ids = [value(name, ("N", "S"), TensorProto.INT64) for name in ("input_ids", "attention_mask")]
    table = np.arange(30, dtype=np.float32).reshape(10, 3)
    weights = [("table", table), ("last", np.array([2], dtype=np.int64))]
    return written(path, nodes, ids, [value("y", ("N", "S", 3))], weights)

"""Graphs with other shapes and precision: those that allow it, and the nodes of those that do not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnx_graphs
import pytest
from onnx import TensorProto, helper

from lca.engines.declared import Wanted, shapes_of
from lca.engines.onnx_graph import as_bytes, in_float16, inputs_of, outputs_of, precision_of, read_graph, with_shapes
from lca.errors import EngineError


def changed(path: Path, **wanted: int) -> onnx.ModelProto:
    graph = read_graph(path)
    return with_shapes(graph, shapes_of(inputs_of(graph), Wanted(**wanted), str(path)), str(path))


def refused(path: Path, **wanted: int) -> tuple[str, ...]:
    with pytest.raises(EngineError, match="does not allow the shapes") as raised:
        changed(path, **wanted)
    return raised.value.sides


def test_squeezenet_takes_any_batch_and_size() -> None:
    graph = changed(onnx_graphs.SQUEEZENET, batch=4, height=120, width=392)
    assert [one.lengths for one in inputs_of(graph)] == [(4, 3, 120, 392)]
    assert [one.lengths for one in outputs_of(graph)] == [(4, 1000, 1, 1)]


def test_the_graph_that_was_given_stays_as_it_was() -> None:
    graph = read_graph(onnx_graphs.SQUEEZENET)
    before = graph.SerializeToString()
    with_shapes(graph, {"data_0": (2, 3, 224, 224)}, "")
    assert graph.SerializeToString() == before


def test_old_files_list_weights_among_the_inputs_and_they_are_none() -> None:
    graph = read_graph(onnx_graphs.SQUEEZENET)
    assert len(graph.graph.input) > 1
    assert [one.name for one in inputs_of(graph)] == ["data_0"]
    assert len(changed(onnx_graphs.SQUEEZENET).graph.input) == 1


def test_a_reshape_to_fixed_lengths_is_named() -> None:
    """ResNet50 and ShuffleNet of the onnx wheel."""
    assert (
        refused(onnx_graphs.RESNET, batch=2)[0]
        == "Reshape n173: (2, 2048, 1, 1) has 4096 values, and (1, 2048) needs 2048"
    )
    assert refused(onnx_graphs.SHUFFLENET, batch=2)[0].startswith("Reshape n7: (2, 112, 56, 56) has 702464 values")


def test_a_window_larger_than_its_input_is_named_before_a_runtime_divides_by_zero() -> None:
    """ONNX Runtime 1.32 ends the process there (SIGFPE), so this is found without running."""
    assert refused(onnx_graphs.INCEPTION, height=192, width=192)[0] == (
        "AveragePool n138: its window is larger than (1, 1024, 5, 5)"
    )


def test_a_gemm_whose_columns_do_not_fit_is_named(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"], "flat"),
        helper.make_node("Gemm", ["flat", "w"], ["y"], "classify", transB=1),
    ]
    weights = [("w", np.ones((5, 12), np.float32))]
    path = onnx_graphs.written(
        tmp_path / "gemm.onnx", nodes, [onnx_graphs.value("x", (1, 3, 2, 2))], [onnx_graphs.value("y", (1, 5))], weights
    )
    assert outputs_of(changed(path, batch=7))[0].lengths == (7, 5)
    assert refused(path, height=3, width=3) == ("Gemm classify: (1, 27) has 27 columns and its weights need 12",)


def test_a_batch_that_is_lost_on_the_way_is_found(tmp_path: Path) -> None:
    """Reshape to (1, -1) works with any batch, and makes one row of it."""
    nodes = [helper.make_node("Reshape", ["x", "to"], ["y"], "row")]
    path = onnx_graphs.written(
        tmp_path / "row.onnx", nodes, [onnx_graphs.value("x", (1, 6))], [onnx_graphs.value("y", (1, 6))],
        [("to", np.array([1, -1], np.int64))],
    )  # fmt: skip
    assert refused(path, batch=2) == ("output y: (1, 12), where the batch is 2",)


def test_what_only_onnx_itself_finds_is_said_with_the_node(tmp_path: Path) -> None:
    nodes = [helper.make_node("Add", ["x", "w"], ["y"], "shift")]
    ports = [[onnx_graphs.value(name, ("N", 3, 4, 4))] for name in "xy"]
    weights = [("w", np.ones((1, 3, 4, 4), np.float32))]
    path = onnx_graphs.written(tmp_path / "add.onnx", nodes, *ports, weights)
    assert outputs_of(changed(path, batch=2))[0].lengths == (2, 3, 4, 4)
    assert "shift" in refused(path, batch=2, height=5)[0]


def test_what_onnx_says_against_the_old_shapes_too_is_not_held_against_the_new(tmp_path: Path) -> None:
    """Whether such a graph runs is for the runtime to say."""
    nodes = [helper.make_node("Relu", ["x"], ["y"], "rectify"), helper.make_node("Add", ["w", "v"], ["z"], "wrong")]
    ports = [onnx_graphs.value("x", (1, 4))], [onnx_graphs.value("y", (1, 4))]
    weights = [("w", np.ones((1, 4), np.float32)), ("v", np.ones((1, 3), np.float32))]
    path = onnx_graphs.written(tmp_path / "wrong.onnx", nodes, *ports, weights)
    assert outputs_of(changed(path, batch=2))[0].lengths == (2, 4)


def test_half_precision_keeps_inputs_and_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("onnxruntime.transformers")]:
        monkeypatch.delitem(sys.modules, name)  # its import adds a folder to the path
    path_before = list(sys.path)
    half = in_float16(changed(onnx_graphs.DENSENET), "")
    assert precision_of(half) == "fp16"
    assert [one.dtype for one in (*inputs_of(half), *outputs_of(half))] == ["float32", "float32"]
    assert sys.path == path_before


def test_the_precision_of_a_graph_is_read_from_its_weights_and_nodes(tmp_path: Path) -> None:
    assert precision_of(read_graph(onnx_graphs.SQUEEZENET)) == "fp32"
    nodes = [helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["y"], "quantize")]
    weights = [("scale", np.array(0.1, np.float32)), ("zero", np.array(0, np.int8))]
    outputs = [onnx_graphs.value("y", (1, 4), TensorProto.INT8)]
    path = onnx_graphs.written(tmp_path / "q.onnx", nodes, [onnx_graphs.value("x", (1, 4))], outputs, weights)
    assert precision_of(read_graph(path)) == "int8"


def test_files_that_are_no_graphs_raise(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no file of this name"):
        read_graph(tmp_path / "none.onnx")
    for content in (b"", b"text of some kind", b"\x00" * 99):
        (tmp_path / "bad.onnx").write_bytes(content)
        with pytest.raises(EngineError, match="not a file of an ONNX graph"):
            read_graph(tmp_path / "bad.onnx")


def test_a_graph_above_two_gigabytes_is_refused_where_it_has_to_be_one_piece() -> None:
    class Large:
        def SerializeToString(self) -> bytes:
            raise ValueError("exceeds maximum protobuf size of 2GB: 3000000000")

    with pytest.raises(EngineError, match="above the 2 GB"):
        as_bytes(Large(), "large.onnx")

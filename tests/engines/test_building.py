"""Plans from graphs with a fake builder: what it is given, what the sidecar says, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import onnx
import onnx_graphs
import pytest
from fake_cuda import FakeCuda
from fake_tensor_rt import FakeTensorRT
from onnx import TensorProto, helper

from lca.engines import Plan, TensorRT, build
from lca.engines.onnx_graph import inputs_of, precision_of
from lca.errors import DomainError, EngineError


@pytest.fixture
def rtx(monkeypatch: pytest.MonkeyPatch) -> FakeTensorRT:
    """The module that builds without a device, on a machine without one."""
    fake = FakeTensorRT(called="tensorrt_rtx")
    monkeypatch.setitem(sys.modules, "tensorrt_rtx", fake)
    monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", FakeCuda(driver=0))
    return fake


def built(folder: Path, **wanted: object) -> Plan:
    return build(onnx_graphs.SQUEEZENET, folder / "net.plan", module="tensorrt_rtx", **wanted)  # type: ignore[arg-type]


def test_batch_size_and_precision_are_set_in_the_graph(tmp_path: Path, rtx: FakeTensorRT) -> None:
    built(tmp_path, batch=4, height=120, width=392, precision="fp16")
    graph = onnx.load_from_string(rtx.parsed[0])
    assert [one.lengths for one in inputs_of(graph)] == [(4, 3, 120, 392)]
    assert precision_of(graph) == "fp16"
    built(tmp_path)
    graph = onnx.load_from_string(rtx.parsed[1])
    assert [one.lengths for one in inputs_of(graph)] == [(1, 3, 224, 224)]
    assert precision_of(graph) == "fp32"


def test_the_sidecar_says_what_the_plan_is(tmp_path: Path, rtx: FakeTensorRT) -> None:
    """A10: versions, flags, layers, shapes and the hash of the graph stand beside the plan."""
    plan = built(tmp_path, batch=2, precision="fp16")
    assert (tmp_path / "net.plan").read_bytes() == b"a plan"
    said = json.loads((tmp_path / "net.plan.json").read_text())
    assert said.pop("seconds") >= 0
    assert said == {
        "format": 1, "name": "light_squeezenet_2_224_224_fp16", "backbone": "light_squeezenet", "batch": 2,
        "height": 224, "width": 224, "sequence": None, "precision": "fp16", "shapes": {"data_0": [2, 3, 224, 224]},
        "module": "tensorrt_rtx", "version": "10.1", "device": "", "flags": ["TF32"],
        "layers": [["conv", "kgen"], ["pool", "kgen"]], "layers_from": "the log of the builder", "network_layers": 212,
        "size": 6, "onnx_sha256": hashlib.sha256(onnx_graphs.SQUEEZENET.read_bytes()).hexdigest(),
        "plan_sha256": hashlib.sha256(b"a plan").hexdigest(),
    }  # fmt: skip
    assert repr(plan) == "<plan light_squeezenet_2_224_224_fp16: 2 of 212 layers, 0.00 MB, tensorrt_rtx 10.1>"


def test_a_plan_is_given_to_the_engine_like_a_path(
    tmp_path: Path, rtx: FakeTensorRT, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sidecar names the module and the batch; an error says who wrote the plan and who loads it."""
    plan = built(tmp_path, batch=2)
    engine = TensorRT(plan)
    assert (engine.name, engine.batch) == ("light_squeezenet_2_224_224_fp32", 2)
    assert engine.about.startswith("tensorrt_rtx 10.1, ")
    monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", FakeCuda())
    rtx.fails = {"deserialize_cuda_engine"}
    with pytest.raises(EngineError) as raised:
        TensorRT(plan).load()
    assert raised.value.sides == (rtx.says, "written by: tensorrt_rtx 10.1", "loaded by: tensorrt_rtx 10.1")


def test_on_a_device_the_layers_are_those_of_the_engine(
    tmp_path: Path, rtx: FakeTensorRT, monkeypatch: pytest.MonkeyPatch
) -> None:
    cuda = FakeCuda()
    monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", cuda)
    plan = built(tmp_path)
    assert [tuple(layer) for layer in plan.layers] == [("fused", ""), ("conv + relu", "CaskConvolution")]
    assert plan.layers_from == "the inspector of the engine"
    assert plan.device == "Fake 0, driver for CUDA 13.1"
    assert cuda.clean


def test_without_a_list_of_layers_the_plan_says_so(tmp_path: Path, rtx: FakeTensorRT) -> None:
    rtx.layers = ()
    plan = built(tmp_path)
    assert (plan.layers, plan.layers_from) == ((), "not known")


@pytest.mark.parametrize(
    ("old", "precision", "network", "flags"),
    [
        (False, "fp16", 2, ("TF32",)),
        (True, "fp32", 1, ("TF32",)),
        (True, "fp16", 1, ("FP16", "TF32")),
    ],
)
def test_types_are_those_of_the_graph_and_older_versions_are_told(
    tmp_path: Path, rtx: FakeTensorRT, old: bool, precision: str, network: int, flags: tuple[str, ...]
) -> None:
    """A network is strongly typed where the module can (bit 1 of the fake); older ones need explicit batch and FP16."""
    rtx.old = old
    assert built(tmp_path, precision=precision).flags == flags
    assert rtx.network_flags == network


def test_a_graph_that_does_not_allow_the_batch_is_refused_before_the_build(tmp_path: Path, rtx: FakeTensorRT) -> None:
    with pytest.raises(EngineError, match="does not allow the shapes") as raised:
        build(onnx_graphs.SHUFFLENET, tmp_path / "net.plan", batch=2, module="tensorrt_rtx")
    assert raised.value.sides[0].startswith("Reshape n7: ")
    assert not rtx.parsed
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("call", ["Builder", "build_serialized_network"])
def test_what_the_builder_refuses_is_said_in_its_words_and_nothing_is_written(
    tmp_path: Path, rtx: FakeTensorRT, call: str
) -> None:
    rtx.fails = {call}
    with pytest.raises(EngineError, match=f"did not build the plan: {call}") as raised:
        built(tmp_path)
    assert raised.value.sides == (rtx.says, "module: tensorrt_rtx 10.1")
    assert not list(tmp_path.iterdir())


def test_what_the_parser_refuses_is_said_with_the_node(tmp_path: Path, rtx: FakeTensorRT) -> None:
    rtx.fails = {"parse"}
    with pytest.raises(EngineError, match="tensorrt_rtx 10.1 cannot read the graph") as raised:
        built(tmp_path)
    assert raised.value.sides == ("Reshape n7: Invalid Node - n7 Shape Error",)


def test_a_folder_that_cannot_be_written_to_raises(tmp_path: Path, rtx: FakeTensorRT) -> None:
    (tmp_path / "file").write_text("")
    for plan in (tmp_path / "file" / "net.plan", ""):
        with pytest.raises(EngineError, match="cannot be written"):
            build(onnx_graphs.SQUEEZENET, plan, module="tensorrt_rtx")


def test_a_plan_never_takes_the_place_of_its_graph(tmp_path: Path, rtx: FakeTensorRT) -> None:
    path = onnx_graphs.scaled(tmp_path / "twice.onnx")
    before = path.read_bytes()
    with pytest.raises(EngineError, match="would take the place of the graph"):
        build(path, tmp_path / "." / "twice.onnx", batch=1, module="tensorrt_rtx")
    assert path.read_bytes() == before


def test_tensorrt_itself_needs_a_device_to_build(tmp_path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    plan = build(onnx_graphs.SQUEEZENET, tmp_path / "net.plan", module="tensorrt")
    assert plan.device == "Fake 0, driver for CUDA 13.1"
    cuda.driver, trt.fails = 0, {"Builder"}
    with pytest.raises(EngineError, match="no NVIDIA driver with a device"):
        build(onnx_graphs.SQUEEZENET, tmp_path / "other.plan", module="tensorrt")


@pytest.mark.parametrize(("there", "taken"), [("tensorrt_rtx", "tensorrt_rtx"), ("none", "tensorrt")])
def test_the_first_module_that_is_installed_is_taken(
    tmp_path: Path, rtx: FakeTensorRT, monkeypatch: pytest.MonkeyPatch, there: str, taken: str
) -> None:
    monkeypatch.setattr("lca.engines.tensor_rt.from_onnx.installed", lambda name: name == there)
    monkeypatch.setitem(sys.modules, "tensorrt", None)
    if there == taken:
        assert build(onnx_graphs.SQUEEZENET, tmp_path / "net.plan").module == taken
    else:
        with pytest.raises(EngineError, match=f"{taken} cannot be imported"):
            build(onnx_graphs.SQUEEZENET, tmp_path / "net.plan")


@pytest.mark.parametrize("wrong", [{"precision": "fp8"}, {"module": "tensorrt_lean"}])
def test_q4_unknown_words_raise(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(DomainError, match="there is no "):
        build(onnx_graphs.SQUEEZENET, tmp_path / "net.plan", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["fp32", "fp16", "int8"])
def test_a_precision_that_the_graph_has_already_is_not_called_another(
    tmp_path: Path, rtx: FakeTensorRT, asked: str
) -> None:
    nodes = [helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["y"], "quantize")]
    weights = [("scale", onnx.numpy_helper.to_array(helper.make_tensor("s", TensorProto.FLOAT, [], [0.1])))]
    weights.append(("zero", onnx.numpy_helper.to_array(helper.make_tensor("z", TensorProto.INT8, [], [0]))))
    ports = [onnx_graphs.value("x", (1, 4))], [onnx_graphs.value("y", (1, 4), TensorProto.INT8)]
    path = onnx_graphs.written(tmp_path / "q.onnx", nodes, *ports, weights)
    if asked == "int8":
        assert build(path, tmp_path / "q.plan", precision=asked, module="tensorrt_rtx").name == "q_1_int8"
        return
    with pytest.raises(EngineError, match="not written in the precision") as raised:
        build(path, tmp_path / "q.plan", precision=asked, module="tensorrt_rtx")
    assert raised.value.sides == (f"asked: {asked}", "graph: int8")


def test_a_network_of_tokens_has_a_sequence_in_its_name(tmp_path: Path, rtx: FakeTensorRT) -> None:
    shapes = {"input_ids": (2, 16), "attention_mask": (2, 16)}
    plan = build(onnx_graphs.tokens(tmp_path / "net.onnx"), tmp_path / "net.plan", shapes=shapes, module="tensorrt_rtx")
    assert (plan.sequence, plan.height, plan.name) == (16, None, "net_2_fp32_seq_16")

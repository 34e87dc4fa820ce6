"""Networks in ONNX Runtime, for real: SqueezeNet, ResNet50 and ShuffleNet of the onnx wheel, and small graphs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx_graphs
import onnxruntime
import pytest

import lca
from lca.engines import OnnxRuntime, Port
from lca.errors import DomainError, EngineError


@pytest.mark.parametrize(
    ("path", "output"),
    [
        (onnx_graphs.SQUEEZENET, Port("softmaxout_1", (1, 1000, 1, 1), "float32")),
        (onnx_graphs.RESNET, Port("gpu_0/softmax_1", (1, 1000), "float32")),
        (onnx_graphs.SHUFFLENET, Port("gpu_0/softmax_1", (1, 1000), "float32")),
    ],
)
def test_the_networks_of_the_wheel_run(path: Path, output: Port) -> None:
    with OnnxRuntime(path, threads=1) as engine:
        assert (engine.name, engine.batch) == (path.stem, 1)
        assert engine.inputs[0].shape == (1, 3, 224, 224)
        assert engine.outputs == (output,)
        engine.run()
        engine.synchronise()


def results(engine: OnnxRuntime) -> list[np.ndarray]:
    engine.run()
    engine.synchronise()
    assert engine._binding is not None
    return engine._binding.copy_outputs_to_cpu()


def test_an_execution_computes_the_network_on_its_inputs(tmp_path: Path) -> None:
    given = np.arange(8, dtype=np.float32).reshape(2, 4)
    with OnnxRuntime(onnx_graphs.scaled(tmp_path / "twice.onnx"), inputs={"x": given}) as engine:
        assert engine.batch == 2, "the shape of the array"
        assert np.array_equal(results(engine)[0], 2 * given)
        assert engine.about.endswith("not spin, given x")


def test_about_says_which_inputs_are_random(tmp_path: Path) -> None:
    given = {"input_ids": np.ones((2, 3), np.int64)}
    engine = OnnxRuntime(onnx_graphs.tokens(tmp_path / "tokens.onnx"), inputs=given, shapes={"attention_mask": (2, 3)})
    assert engine.about.endswith("given input_ids, the other inputs random of seed 0")


def test_a_batch_is_as_many_inferences_in_one_execution() -> None:
    """Four images give the scores that each gives alone."""
    images = np.random.default_rng(5).standard_normal((4, 3, 64, 64)).astype(np.float32)
    shape = {"data_0": (4, 3, 64, 64)}
    with OnnxRuntime(onnx_graphs.SQUEEZENET, shapes=shape, inputs={"data_0": images}) as engine:
        assert engine.batch == 4
        together = results(engine)[0]
    alone = {"data_0": (1, 3, 64, 64)}
    with OnnxRuntime(onnx_graphs.SQUEEZENET, shapes=alone, inputs={"data_0": images[2:3]}) as engine:
        assert results(engine)[0][0] == pytest.approx(together[2], rel=1e-4)


def test_tokens_and_masks_are_valid(tmp_path: Path) -> None:
    """Tokens are 0 or 1, so that a table of any length has their rows; masks are 1, so that no row is lost."""
    shapes = {"input_ids": (2, 5), "attention_mask": (2, 5)}
    with OnnxRuntime(onnx_graphs.tokens(tmp_path / "tokens.onnx"), shapes=shapes) as engine:
        rows = results(engine)[0].reshape(-1, 3)
        assert {tuple(row) for row in rows.tolist()} == {(0, 1, 2), (3, 4, 5)}
        assert engine.batch == 2


def test_lengths_left_open_are_named_with_their_input(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as raised:
        OnnxRuntime(onnx_graphs.tokens(tmp_path / "tokens.onnx"), batch=2)
    assert raised.value.sides == ("input_ids: length 1 is 'S'", "attention_mask: length 1 is 'S'")


def test_about_names_version_provider_threads_and_inputs() -> None:
    engine = OnnxRuntime(onnx_graphs.SQUEEZENET, threads=2, seed=7)
    version = onnxruntime.__version__
    assert engine.about == (
        f"ONNX Runtime {version}, CPUExecutionProvider, 2 threads that do not spin, random inputs of seed 7"
    )
    assert f"{len(os.sched_getaffinity(0))} thread" in OnnxRuntime(onnx_graphs.SQUEEZENET).about


def test_threads_sleep_between_executions() -> None:
    """Spinning threads would draw power in a pause that is measured as idle."""
    options = OnnxRuntime(onnx_graphs.SQUEEZENET, threads=2)._options()
    assert options.intra_op_num_threads == 2
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_a_provider_that_is_not_there_raises_and_names_those_that_are() -> None:
    with pytest.raises(EngineError, match="does not have the provider") as raised:
        OnnxRuntime(onnx_graphs.SQUEEZENET, provider="NoSuchExecutionProvider")
    assert "CPUExecutionProvider" in raised.value.sides[1]


def test_a_provider_that_takes_no_node_raises() -> None:
    """Azure's provider is in the wheel, and leaves all the work to the processor without a word."""
    if "AzureExecutionProvider" not in onnxruntime.get_available_providers():
        pytest.skip("this build of ONNX Runtime has one provider only")
    engine = OnnxRuntime(onnx_graphs.SQUEEZENET, provider="AzureExecutionProvider")
    with pytest.raises(EngineError, match="on another provider") as raised:
        engine.load()
    assert raised.value.sides[0] == "asked: AzureExecutionProvider"
    assert raised.value.sides[1].startswith("CPUExecutionProvider: ")
    with pytest.raises(EngineError, match="not loaded"):
        engine.run()


def test_a_session_that_took_another_provider_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """As ONNX Runtime does with a warning where the library of a device cannot be loaded."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    real = onnxruntime.InferenceSession

    def fallen(graph: str, options: object, **_: object) -> onnxruntime.InferenceSession:
        return real(graph, options, providers=["CPUExecutionProvider"])

    monkeypatch.setattr(onnxruntime, "InferenceSession", fallen)
    with pytest.raises(EngineError, match="on another provider") as raised:
        OnnxRuntime(onnx_graphs.SQUEEZENET, provider="CUDAExecutionProvider").load()
    assert raised.value.sides == ("asked: CUDAExecutionProvider", "taken: ['CPUExecutionProvider']")


class OnCuda:
    """A session of the CUDA provider that took 60 of 65 nodes; it records where inputs and outputs are bound."""

    def __init__(self, graph: object, options: object, **asked: object) -> None:
        assert asked == {"providers": ["CUDAExecutionProvider"], "enable_fallback": 0}
        self.bound: list[tuple[str, object]] = []
        self.runs = self.waits = 0

    def get_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def get_provider_graph_assignment_info(self) -> list[SimpleNamespace]:
        counts = {"CUDAExecutionProvider": 60, "CPUExecutionProvider": 5}
        return [SimpleNamespace(ep_name=name, get_nodes=lambda n=n: range(n)) for name, n in counts.items()]

    def io_binding(self) -> OnCuda:
        return self

    def bind_ortvalue_input(self, name: str, value: object) -> None:
        self.bound.append((name, value))

    def bind_output(self, name: str, device: str) -> None:
        self.bound.append((name, device))

    def run_with_iobinding(self, binding: object) -> None:
        self.runs += 1

    def synchronize_outputs(self) -> None:
        self.waits += 1


def test_on_a_cuda_device_inputs_and_outputs_stay_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a machine with a GPU does, as far as its calls go; the nodes that the provider left are counted."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "InferenceSession", OnCuda)
    monkeypatch.setattr(onnxruntime.OrtValue, "ortvalue_from_numpy", lambda array, device, number: (device, number))
    with OnnxRuntime(onnx_graphs.SQUEEZENET, provider="CUDAExecutionProvider") as engine:
        session = engine._session
        assert session.bound == [("data_0", ("cuda", 0)), ("softmaxout_1", "cuda")]
        assert "CUDAExecutionProvider (60 of 65 nodes), " in engine.about
        engine.run()
        engine.synchronise()
        assert (session.runs, session.waits) == (1, 1)


def test_loading_and_closing_twice_does_nothing_more(tmp_path: Path) -> None:
    engine = OnnxRuntime(onnx_graphs.scaled(tmp_path / "twice.onnx"), batch=1)
    engine.load()
    session = engine._session
    engine.load()
    assert engine._session is session
    engine.close()
    engine.close()
    assert engine._session is None
    with pytest.raises(EngineError, match="not loaded"):
        engine.synchronise()


def test_what_onnx_runtime_refuses_is_said_in_its_words(tmp_path: Path) -> None:
    from onnx import helper

    node = helper.make_node("NoSuchOperator", ["x"], ["y"], "odd", domain="nowhere")
    ports = [onnx_graphs.value("x", (1,))], [onnx_graphs.value("y", (1,))]
    path = onnx_graphs.written(tmp_path / "odd.onnx", [node], *ports, domains=["", "nowhere"])
    with pytest.raises(EngineError, match="ONNX Runtime refused") as raised:
        OnnxRuntime(path).load()
    assert "NoSuchOperator" in raised.value.sides[0]
    path = onnx_graphs.written(tmp_path / "unknown.onnx", [node], *ports)
    with pytest.raises(EngineError, match="not a file of an ONNX graph") as raised:
        OnnxRuntime(path)
    assert "No opset import for domain nowhere" in raised.value.sides[0]


def test_an_execution_that_fails_raises_in_the_words_of_onnx_runtime(tmp_path: Path) -> None:
    """Token 99 of a table of 10 rows."""
    inputs = {"input_ids": np.full((1, 2), 99), "attention_mask": np.ones((1, 2), np.int64)}
    shapes = dict.fromkeys(inputs, (1, 2))
    with OnnxRuntime(onnx_graphs.tokens(tmp_path / "tokens.onnx"), shapes=shapes, inputs=inputs) as engine:
        with pytest.raises(EngineError, match="ONNX Runtime refused") as raised:
            engine.run()
        assert "99" in raised.value.sides[0]


def test_an_output_whose_shape_follows_from_the_data_is_known_after_loading(tmp_path: Path) -> None:
    from onnx import TensorProto, helper

    node = helper.make_node("NonZero", ["x"], ["y"], "where")
    outputs = [onnx_graphs.value("y", (2, None), TensorProto.INT64)]
    path = onnx_graphs.written(tmp_path / "where.onnx", [node], [onnx_graphs.value("x", (2, 3))], outputs)
    engine = OnnxRuntime(path, inputs={"x": np.array([[0, 1, 0], [1, 1, 0]], np.float32)})
    assert engine.outputs == ()
    engine.load()
    assert engine.outputs == (Port("y", (2, 3), "int64"),)


@pytest.mark.parametrize("argument", [{"threads": 0}, {"seed": -1}, {"batch": 0}])
def test_q4_odd_numbers_raise(argument: dict[str, int]) -> None:
    with pytest.raises(DomainError):
        OnnxRuntime(onnx_graphs.SQUEEZENET, **argument)


def test_without_the_extra_the_error_says_how_to_install_it() -> None:
    code = (
        "import sys; sys.modules['onnxruntime'] = None; import lca\n"
        "try: lca.engines.OnnxRuntime('a.onnx')\n"
        "except lca.errors.EngineError as error: print(error.what, '|', error.fix)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == 'onnxruntime cannot be imported | install it: pip install "lca[onnx]"'


def test_an_engine_is_what_the_protocol_asks_for() -> None:
    members = [name for name in vars(lca.engines.Engine) if not name.startswith("_")]
    assert {"name", "about", "batch", "inputs", "outputs", "load", "run", "synchronise", "close"} <= set(members)
    for kind in (OnnxRuntime, lca.engines.TensorRT):
        assert all(hasattr(kind, name) for name in members)

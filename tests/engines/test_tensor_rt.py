"""Plans of TensorRT with a fake module on a fake CUDA: every branch, each error by name, everything freed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from fake_cuda import LAUNCH_FAILED, FakeCuda
from fake_tensor_rt import IMAGE, SCORE, DataType, FakeTensorRT, Location, Mode, Tensor

from lca.engines import Port, TensorRT
from lca.engines.tensor_rt import tensor_rt
from lca.errors import DomainError, EngineError

OPEN = Tensor("image", (-1, 3, -1, 8), profiles=[((1, 3, 4, 8), (4, 3, 16, 8)), ((8, 3, 4, 8), (8, 3, 4, 8))])
OPEN_SCORE = Tensor("score", (-1, 10), Mode.OUTPUT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "net.plan"
    found.write_bytes(b"a plan")
    return found


def test_a_plan_runs_on_its_own_shapes(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    engine = TensorRT(path)
    engine.load()
    assert engine.batch == 2
    assert engine.inputs == (Port("image", (2, 3, 8, 8), "float32"),)
    assert engine.outputs == (Port("score", (2, 10), "float32"),)
    assert sorted(cuda.memory.values()) == [2 * 10 * 4, 2 * 3 * 8 * 8 * 4]
    for _ in range(3):
        engine.run()
    engine.synchronise()
    assert trt.runs == [77, 77, 77]
    assert cuda.waited == 1
    engine.close()
    assert cuda.clean


def test_about_names_module_version_profile_and_device(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    with TensorRT(path, seed=3) as engine:
        assert engine.about == ("tensorrt 10.1, profile 0, random inputs of seed 3, Fake 0, driver for CUDA 13.1")


def test_inputs_lie_on_the_device(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    given = np.arange(2 * 3 * 8 * 8, dtype=np.float32).reshape(2, 3, 8, 8)
    with TensorRT(path, inputs={"image": given}) as engine:
        assert cuda.copied == [given.tobytes()]
        assert "given image" in engine.about


def test_loading_and_closing_twice_does_nothing_more(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    engine = TensorRT(path)
    engine.load()
    taken = cuda.taken
    engine.load()
    assert cuda.taken == taken == 2
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="not loaded"):
        engine.run()
    engine.load()
    assert cuda.taken == 4


# --- shapes and profiles ------------------------------------------------------------------------------------


def test_open_lengths_are_named_with_the_bounds_of_the_profile(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [OPEN, OPEN_SCORE]
    with pytest.raises(EngineError) as raised:
        TensorRT(path).load()
    assert raised.value.sides == ("image: length 0 is '1 to 4'", "image: length 2 is '4 to 16'")
    assert cuda.clean


def test_the_batch_is_read_from_the_shapes(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [OPEN, OPEN_SCORE]
    assert TensorRT(path).batch == 0, "not known yet"
    assert TensorRT(path, shapes={"image": (3, 3, 8, 8)}).batch == 3
    with TensorRT(path, shapes={"image": (3, 3, 8, 8)}) as engine:
        assert engine.batch == 3
        assert engine.outputs == (Port("score", (3, 10), "float32"),)


@pytest.mark.parametrize(("given", "fixed"), [((5, 3, 8, 8), OPEN), ((1, 3, 3, 8), OPEN), ((1, 3, 8, 8), IMAGE)])
def test_shapes_outside_the_profile_raise(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, given: tuple[int, ...], fixed: Tensor
) -> None:
    trt.tensors = [fixed, SCORE]
    with pytest.raises(EngineError, match="does not take these shapes in its profile 0") as raised:
        TensorRT(path, shapes={"image": given}).load()
    assert raised.value.sides[0].startswith(f"image: {given}, from ")
    assert cuda.clean


def test_another_profile_is_set_and_waited_for(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [OPEN, OPEN_SCORE]
    with TensorRT(path, profile=1) as engine:
        assert (trt.profile, cuda.waited) == (1, 1)
        assert engine.inputs[0].shape == (8, 3, 4, 8)


def test_a_profile_that_the_plan_lacks_raises(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [OPEN, OPEN_SCORE]
    with pytest.raises(EngineError, match="2 optimization profiles, counted from 0") as raised:
        TensorRT(path, profile=2).load()
    assert raised.value.fix == "give profile= up to 1"


def test_an_input_that_is_a_shape_needs_its_values(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [IMAGE, Tensor("size", (2,), dtype=DataType.INT32, location=Location.HOST), SCORE]
    with pytest.raises(EngineError, match="values of the input 'size' are those of a shape"):
        TensorRT(path).load()
    assert cuda.clean
    with TensorRT(path, inputs={"size": np.array([8, 8], np.int32)}):
        assert len(cuda.copied) == 2  # the image of each load; the shape stays in memory


def test_an_output_of_a_shape_that_is_not_known_raises(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [IMAGE, Tensor("boxes", (2, -1), Mode.OUTPUT)]
    with pytest.raises(EngineError, match="known only after an execution"):
        TensorRT(path).load()
    assert cuda.clean


@pytest.mark.parametrize(("kind", "dtype", "size"), [(DataType.HALF, "float16", 2), (DataType.BF16, "bfloat16", 2)])
def test_half_precision_takes_half_the_memory(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, kind: DataType, dtype: str, size: int
) -> None:
    trt.tensors = [Tensor("image", (2, 3), dtype=kind), SCORE]
    with TensorRT(path) as engine:
        assert engine.inputs == (Port("image", (2, 3), dtype),)
        assert len(cuda.copied[0]) == 6 * size


def test_a_type_that_cannot_be_filled_raises(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    trt.tensors = [Tensor("image", (2, 3), dtype=DataType.FP8), SCORE]
    with pytest.raises(EngineError, match="of type FP8"):
        TensorRT(path).load()
    assert cuda.clean


# --- what fails is named, and frees everything --------------------------------------------------------------

REFUSED = [
    "Runtime", "deserialize_cuda_engine", "create_execution_context", "set_input_shape", "set_tensor_address",
    "set_optimization_profile_async",
]  # fmt: skip


@pytest.mark.parametrize("call", REFUSED)
def test_what_tensor_rt_refuses_is_named_in_its_own_words(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, call: str
) -> None:
    trt.tensors, trt.fails = [OPEN, OPEN_SCORE], {call}
    with pytest.raises(EngineError, match=f"TensorRT refused: {call}") as raised:
        TensorRT(path, profile=1).load()
    assert raised.value.sides == (trt.says, "loaded by: tensorrt 10.1")
    assert cuda.clean


def test_a_failed_execution_is_named_and_the_engine_can_be_closed(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT
) -> None:
    trt.fails = {"execute_async_v3"}
    with TensorRT(path) as engine, pytest.raises(EngineError, match="TensorRT refused: execute_async_v3"):
        engine.run()
    assert cuda.clean


def test_an_error_on_the_device_shows_when_it_is_waited_for(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    cuda.fails = {"cudaStreamSynchronize": LAUNCH_FAILED}
    with TensorRT(path) as engine:
        engine.run()
        with pytest.raises(EngineError, match="cudaStreamSynchronize failed") as raised:
            engine.synchronise()
    assert raised.value.sides == ("CUDA: cudaError 719: unspecified launch failure (cudaErrorLaunchFailure)",)
    assert cuda.clean


@pytest.mark.parametrize("call", ["cudaSetDevice", "cudaGetDeviceProperties", "cudaStreamCreate", "cudaMemcpy"])
def test_what_cuda_refuses_is_named(path: Path, cuda: FakeCuda, trt: FakeTensorRT, call: str) -> None:
    cuda.fails = {call: LAUNCH_FAILED}
    with pytest.raises(EngineError, match=f"{call}.* failed"):
        TensorRT(path).load()
    assert cuda.clean


@pytest.mark.parametrize(("room", "name"), [(100, "image"), (2 * 3 * 8 * 8 * 4, "score")])
def test_out_of_memory_names_the_input_or_output(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, room: int, name: str
) -> None:
    cuda.room = room
    with pytest.raises(EngineError, match="no memory left") as raised:
        TensorRT(path).load()
    assert raised.value.sides[0].startswith(f"{name}: ")
    assert raised.value.sides[1] == "CUDA: cudaError 2: out of memory (cudaErrorMemoryAllocation)"
    assert cuda.clean


@pytest.mark.parametrize(
    ("driver", "devices", "sides"),
    [
        (0, 0, ("no driver", "CUDA: cudaError 35: CUDA driver version is insufficient for CUDA runtime version "
                "(cudaErrorInsufficientDriver)")),
        (13_010, 0, ("a driver for CUDA 13.1", "CUDA: cudaError 100: no CUDA-capable device is detected "
                     "(cudaErrorNoDevice)")),
    ],
)  # fmt: skip
def test_driver_and_device_are_proved_before_a_runtime_is_made(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, driver: int, devices: int, sides: tuple[str, ...]
) -> None:
    cuda.driver, cuda.devices, trt.fails = driver, devices, {"Runtime"}
    with pytest.raises(EngineError, match="no NVIDIA driver with a device") as raised:
        TensorRT(path).load()
    assert raised.value.sides == sides


def test_without_a_device_tensor_rt_is_asked_in_a_process_of_its_own(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def words_of(module: str, plan: Path) -> list[str]:
        asked.append((module, plan))
        return ["tensorrt: Error Code 6"]

    monkeypatch.setattr(tensor_rt, "words_of", words_of)
    cuda.devices = 0
    with pytest.raises(EngineError) as raised:
        TensorRT(path).load()
    assert raised.value.sides[-1] == "tensorrt: Error Code 6"
    assert asked == [("tensorrt", path)]


def test_a_device_that_is_not_there_raises(path: Path, cuda: FakeCuda, trt: FakeTensorRT) -> None:
    cuda.devices = 2
    with pytest.raises(EngineError, match="2 CUDA devices, counted from 0"):
        TensorRT(path, device=2).load()
    with TensorRT(path, device=1) as engine:
        assert cuda.device == 1
        assert "Fake 1" in engine.about


# --- which module loads it ----------------------------------------------------------------------------------


def test_no_file_no_module_and_an_unknown_module_raise(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match="no file of this name"):
        TensorRT(path.with_name("other.plan"))
    with pytest.raises(DomainError, match="there is no module of TensorRT 'tensorflow'"):
        TensorRT(path, module="tensorflow")
    monkeypatch.setattr("lca.engines.tensor_rt.tensor_rt_module.installed", lambda name: False)
    monkeypatch.setitem(sys.modules, "tensorrt", None)
    with pytest.raises(EngineError, match="tensorrt cannot be imported") as raised:
        TensorRT(path)
    assert raised.value.fix == 'install it: pip install "lca[tensorrt]"'


def test_of_several_modules_one_has_to_be_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lca.engines.tensor_rt.tensor_rt_module.installed", lambda name: name != "tensorrt_lean")
    with pytest.raises(EngineError, match="not known which module") as raised:
        TensorRT(path)
    assert raised.value.sides == ("installed: tensorrt, tensorrt_rtx, tensorrt_dispatch",)


@pytest.mark.parametrize("name", ["tensorrt", "tensorrt_dispatch"])
def test_only_the_dispatch_module_may_run_code_that_a_plan_brings(
    path: Path, cuda: FakeCuda, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fake = FakeTensorRT(called=name)
    monkeypatch.setitem(sys.modules, name, fake)
    TensorRT(path, module=name).load()
    assert fake.open_runtime is (name == "tensorrt_dispatch")


def test_a_logger_that_heard_nothing_says_why(
    path: Path, cuda: FakeCuda, trt: FakeTensorRT, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TensorRT keeps to the first logger of a process, which may be that of another library."""
    trt.fails = {"Runtime"}
    monkeypatch.setattr(trt, "tell", lambda severity, message: None)
    with pytest.raises(EngineError) as raised:
        TensorRT(path).load()
    assert raised.value.sides[0].startswith("TensorRT said nothing; a logger that was registered earlier")


@pytest.mark.parametrize("argument", ["profile", "device", "seed"])
def test_q4_numbers_below_zero_raise(path: Path, trt: FakeTensorRT, argument: str) -> None:
    with pytest.raises(DomainError, match="not a whole number from 0"):
        TensorRT(path, **{argument: -1})  # type: ignore[arg-type]

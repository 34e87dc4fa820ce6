"""TensorRT for real, without a GPU: TensorRT-RTX builds plans, and our guard keeps the process alive (make rtx).

Each test needs a wheel that not every machine can have. Where it is missing, the test is skipped and says why.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import onnx_graphs
import pytest

from lca.engines import Plan, TensorRT, build, plans
from lca.errors import EngineError

pytestmark = pytest.mark.rtx
SIGSEGV = -11
OLD_DRIVER = "CUDA driver version is insufficient for CUDA runtime version"

#: Loads a plan without the proof of a device: a CUDA that says there is one stands in for the real one.
WITHOUT_GUARD = """
import sys
sys.path.insert(0, sys.argv[1])
from fake_cuda import FakeCuda
sys.modules["cuda.bindings.runtime"] = FakeCuda()
import lca
lca.engines.TensorRT(sys.argv[2], module=sys.argv[3]).load()
"""
WITH_GUARD = """
import sys, lca
try:
    lca.engines.TensorRT(sys.argv[2], module=sys.argv[3]).load()
except lca.errors.EngineError as error:
    print(error)
    print("the process lives")
"""


def has_driver() -> bool:
    runtime = pytest.importorskip("cuda.bindings.runtime", reason="cuda-bindings cannot be had here")
    return bool(runtime.cudaDriverGetVersion()[1])


def without_driver() -> None:
    if has_driver():
        pytest.skip("this machine has an NVIDIA driver, and the test is about one that has none")


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Plan]:
    """SqueezeNet with three batches, two precisions and two sizes."""
    pytest.importorskip("tensorrt_rtx", reason="tensorrt-rtx-cu13 cannot be had here")
    folder = tmp_path_factory.mktemp("plans")
    return [
        build(
            onnx_graphs.SQUEEZENET, folder / f"{batch}_{side}_{precision}.plan",
            batch=batch, height=side, width=side, precision=precision, module="tensorrt_rtx",
        )
        for batch in (1, 2, 4) for precision in ("fp32", "fp16") for side in (192, 224)
    ]  # fmt: skip


def test_d3_twelve_plans_are_one_labelled_table(twelve: Sequence[Plan]) -> None:
    """D3: one dim `engine`; its coordinates are those that were asked for, and half precision is smaller."""
    table = plans([plan.path for plan in twelve])
    assert dict(table.sizes) == {"engine": 12}
    asked = {(b, s, s, p) for b in (1, 2, 4) for p in ("fp32", "fp16") for s in (192, 224)}
    found = zip(*(table[name].values.tolist() for name in ("batch", "height", "width", "precision")), strict=True)
    assert set(found) == asked
    mean = table["size"].groupby("precision").mean()
    assert mean.sel(precision="fp16").item() < 0.9 * mean.sel(precision="fp32").item()
    assert (table["layers"] > 20).all()


def test_squeezenet_has_212_layers_before_they_are_fused_and_a_plan_of_1_7_megabytes(twelve: Sequence[Plan]) -> None:
    plain = next(plan for plan in twelve if plan.name == "light_squeezenet_1_224_224_fp32")
    assert plain.network_layers == 212
    assert plain.size == pytest.approx(1.73e6, rel=0.03)
    assert plain.layers_from == "the log of the builder" or plain.device
    half = next(plan for plan in twelve if plan.name == "light_squeezenet_1_224_224_fp16")
    assert half.size == pytest.approx(1.33e6, rel=0.03)


def test_the_sidecar_says_who_built_what(twelve: Sequence[Plan]) -> None:
    import tensorrt_rtx

    said = json.loads(Path(f"{twelve[0].path}.json").read_text())
    assert (said["module"], said["version"]) == ("tensorrt_rtx", tensorrt_rtx.__version__)
    assert said["shapes"] == {"data_0": [1, 3, 192, 192]}


def test_networks_with_fixed_reshapes_run_as_they_are(twelve: Sequence[Plan], tmp_path: Path) -> None:
    """ResNet50 and ShuffleNet build with the batch of their graph; another one is refused with the node."""
    for path in (onnx_graphs.RESNET, onnx_graphs.SHUFFLENET):
        assert build(path, tmp_path / "net.plan", module="tensorrt_rtx").batch == 1
        with pytest.raises(EngineError, match="does not allow the shapes") as raised:
            build(path, tmp_path / "net.plan", batch=2, module="tensorrt_rtx")
        assert raised.value.sides[0].startswith("Reshape n")


def test_loading_without_a_driver_raises_with_the_words_of_tensor_rt(twelve: Sequence[Plan]) -> None:
    without_driver()
    engine = TensorRT(twelve[0])
    assert (engine.name, engine.batch) == ("light_squeezenet_1_192_192_fp32", 1)
    with pytest.raises(EngineError, match="no NVIDIA driver with a device") as raised:
        engine.load()
    cuda, *words = raised.value.sides[1:]
    assert cuda.startswith("CUDA: cudaError 35: ")
    assert any(word.startswith("tensorrt_rtx: ") and "deserializeCudaEngine" in word for word in words)
    assert all(OLD_DRIVER in word for word in words)


def test_where_the_proof_is_wrong_the_refusal_of_tensor_rt_is_raised(
    twelve: Sequence[Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CUDA that says there is a device: the runtime gives None, and its logged errors are ours."""
    from fake_cuda import FakeCuda

    without_driver()
    fake = FakeCuda()
    monkeypatch.setitem(sys.modules, "cuda.bindings.runtime", fake)
    with pytest.raises(EngineError, match="TensorRT refused: deserialize_cuda_engine") as raised:
        TensorRT(twelve[0]).load()
    assert any(OLD_DRIVER in side for side in raised.value.sides)
    assert fake.clean


def loaded_elsewhere(code: str, plan: Plan, module: str) -> subprocess.CompletedProcess[str]:
    support = str(Path(__file__).parents[1] / "support")
    command = [sys.executable, "-c", code, support, str(plan.path), module]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_guard_keeps_a_process_alive_that_tensorrt_lean_would_end(twelve: Sequence[Plan]) -> None:
    """Without a driver its runtime is a hollow object; the next use of it is a segmentation fault."""
    pytest.importorskip("tensorrt_lean", reason="tensorrt-lean-cu13 cannot be had here")
    without_driver()
    guarded = loaded_elsewhere(WITH_GUARD, twelve[0], "tensorrt_lean")
    assert guarded.returncode == 0, guarded.stderr
    assert guarded.stdout.endswith("the process lives\n")
    assert "there is no NVIDIA driver with a device" in guarded.stdout
    assert "tensorrt_lean: createInferRuntime: Error Code 6" in guarded.stdout
    assert "tensorrt_lean ended its process with signal 11" in guarded.stdout
    bare = loaded_elsewhere(WITHOUT_GUARD, twelve[0], "tensorrt_lean")
    assert bare.returncode == SIGSEGV, (bare.stdout, bare.stderr)

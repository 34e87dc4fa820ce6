"""Networks on an NVIDIA GPU under NVML: joules per inference and per layer, against the board's own power readings.

    make gpu            # or: python examples/gpu.py [--seconds 30] [--index 0]

SqueezeNet, ResNet50 and ShuffleNet of the `onnx` package run in TensorRT, TensorRT-RTX, or the CUDA provider of ONNX
Runtime: the first that works here. The energy counter of the card measures, a second meter reads its power in the
same time, and the two are compared. The measurement is saved under examples/data, with its origin.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import lca
from lca.errors import LcaError, MeterError
from lca.logs.power.live import Recorder

DATA = Path(__file__).parent / "data"
NETWORKS = ("squeezenet", "resnet50", "shufflenet")
WITHIN = 0.05  # of the energy by the board's own power readings


def main() -> int:
    """Measure, compare, print and save. Returns 0, also without a GPU."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="measured time of each network")
    parser.add_argument("--index", type=int, default=0, help="the card, as nvidia-smi counts them")
    options = parser.parse_args()
    try:
        meter = lca.meters.nvml(options.index)
    except MeterError as error:
        print(f"No NVIDIA GPU can be measured here: nothing was done.\n{error}")
        return 0
    engines = [engine for name in NETWORKS if (engine := _engine(name, Path(tempfile.mkdtemp()))) is not None]
    if not engines:
        print("No runtime can use the GPU here: nothing was measured.")
        return 0
    measured, power = _measured(engines, meter, options)
    print(measured)
    apart = _apart(measured, power)
    for engine in engines:
        _print_layers(engine, measured.table().loc[engine.name, "J/inference"])
    _save(measured, apart)
    return int(abs(apart) > WITHIN)


def _engine(network: str, folder: Path) -> Any:
    """A network in the first runtime that works here."""
    import onnx

    path = Path(onnx.__file__).parent / f"backend/test/data/light/light_{network}.onnx"
    for kind in ("tensorrt", "tensorrt_rtx", "CUDAExecutionProvider"):
        try:
            if kind.startswith("tensorrt"):
                plan = folder / f"{network}.plan"
                lca.engines.build(path, plan, module=kind)
                engine: Any = lca.engines.TensorRT(plan, name=network, module=kind)
            else:
                engine = lca.engines.OnnxRuntime(path, name=network, provider=kind)
            engine.load()
            engine.run()
            engine.synchronise()
        except LcaError as error:
            print(f"{network} in {kind}: {error.what}")
            continue
        print(f"{network}: {engine.about}")
        return engine
    return None


def _measured(engines: list[Any], meter: Any, options: argparse.Namespace) -> tuple[lca.MeasuredInference, Any]:
    """The measurement, and the power log of a second meter of the same card."""
    if not meter.counts:
        print("This card counts no energy: its power is measured, and compared with itself.")
    with Recorder(lca.meters.nvml(options.index, counter=False)) as second:
        start = meter.clock.now()
        measured = lca.measure_inference(
            engines, meter, seconds=options.seconds, idle=15.0, name="gpu", progress=sys.stderr.isatty()
        )
    first = second.log(0.0).start
    return measured, (second.log(first), start - first)


def _apart(measured: lca.MeasuredInference, power: Any) -> float:
    """How far the counter lies from the power readings, over all blocks."""
    log, offset = power  # the start of the measurement, in the time of the log
    counted, read = float(measured.data["energy"].sum()), 0.0
    for block in measured.measurement.blocks:
        read += log.between(block.start + offset, block.stop + offset).power().about.amount * block.seconds
    print(f"\nEnergy of the blocks: {counted:.5g} J by the meter, {read:.5g} J by power readings")
    print(f"They lie {counted / read - 1:+.2%} apart; {WITHIN:.0%} is the most that is accepted")
    return counted / read - 1


def _print_layers(engine: Any, joules: float) -> None:
    """An estimate for each layer: its share of the time, of the energy of one inference."""
    times = _layer_times(engine)
    whole = sum(times.values())
    if not whole:
        print(f"\n{engine.name}: this runtime tells no times of layers")
        return
    print(f"\n{engine.name}: energy of its layers, estimated by their share of the time, mJ per inference")
    for layer, seconds in sorted(times.items(), key=lambda pair: -pair[1])[:8]:
        print(f"  {1e3 * joules * seconds / whole:9.4f}  {layer[:90]}")


def _layer_times(engine: Any) -> dict[str, float]:
    """The time of each layer in a profiling run, by TensorRT's profiler; nothing from other runtimes."""
    module, context = getattr(engine, "_module", None), getattr(engine, "_context", None)
    if module is None or context is None:
        return {}
    times: dict[str, float] = {}

    def init(profiler: Any) -> None:
        module.IProfiler.__init__(profiler)

    def report(profiler: Any, layer: str, milliseconds: float) -> None:
        times[layer] = times.get(layer, 0.0) + milliseconds / 1e3

    kept = context.profiler = type("Times", (module.IProfiler,), {"__init__": init, "report_layer_time": report})()
    for _ in range(20):
        engine.run()
        engine.synchronise()
    del kept
    return times


def _save(measured: lca.MeasuredInference, apart: float) -> None:
    """The measurement, and beside it where it comes from."""
    name = "".join(one if one.isalnum() else "-" for one in measured.log.meter.name.lower())
    path = measured.save(DATA / f"gpu-{name}.json")
    origin = {
        "what": "measured by examples/gpu.py (make gpu)", "started": measured.measurement.started,
        "meter": measured.log.meter.name, "machine": platform.platform(), "counter against power readings": apart,
    }  # fmt: skip
    path.with_suffix(".origin.json").write_text(json.dumps(origin, indent=1) + "\n", encoding="utf-8")
    print(f"\nSaved: {path}, and its origin beside it")


if __name__ == "__main__":
    sys.exit(main())

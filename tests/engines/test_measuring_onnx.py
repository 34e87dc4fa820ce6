"""Measuring inference for real: ONNX Runtime on the graphs of the `onnx` wheel, under a meter that follows a script."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

import lca
from lca.engines import OnnxRuntime
from lca.errors import MeterError
from lca.meters import rapl, scripted

LIGHT = Path(onnx.__file__).parent / "backend/test/data/light"
QUICK: dict[str, Any] = {"seconds": 1.0, "blocks": 4, "idle": 0.2, "warm_up": 1.0, "progress": False}


def integral(t: float) -> float:
    """The energy of a power that rises: 5 W + 0.2 W/s."""
    return 5 * t + 0.1 * t * t


class Counting(OnnxRuntime):
    """Counts its executions by itself."""

    executions = 0

    def run(self) -> None:
        super().run()
        self.executions += 1


@pytest.mark.slow
@pytest.mark.parametrize("network", ["squeezenet", "resnet50", "shufflenet"])
def test_m8_counts_are_exact_and_the_energy_is_the_integral_of_the_script(network: str) -> None:
    """M8: executions and joules between the same two moments, in real time."""
    engine = Counting(LIGHT / f"light_{network}.onnx", name=network, threads=1)
    made = lca.measure_inference(engine, scripted(energy=integral), **QUICK)
    blocks, table = made.measurement.blocks, made.table().loc[network]
    times, values = made.log.tracks[0].times, made.log.tracks[0].values[:, 0]
    begun = (math.sqrt(25 + 0.4 * values[0]) - 5) / 0.2 - times[0]  # the start of the measurement, by the script
    np.testing.assert_allclose(values, [integral(t + begun) for t in times], rtol=1e-9)
    joules = [integral(block.stop + begun) - integral(block.start + begun) for block in blocks]
    np.testing.assert_allclose(made.data["energy"], joules, rtol=1e-6)
    executions = sum(block.executions for block in blocks)
    assert table["J/inference"] == pytest.approx(sum(joules) / executions, rel=1e-6)
    outside = engine.executions - executions - made.measurement.warm_ups[0].executions
    shortest, longest = min(block.latencies[0] for block in blocks), max(block.latencies[-1] for block in blocks)
    assert 4 <= outside <= 4 * (2 + math.ceil(0.0125 / shortest))  # the run-ups of four blocks
    assert all(0.25 <= block.seconds < 0.25 + longest + 0.5 for block in blocks)
    assert 1e3 * shortest <= table["p50 (ms)"] <= 1e3 * longest
    engine.close()


@pytest.mark.slow
def test_d3_three_networks_are_one_labelled_inference(tmp_path: Path) -> None:
    """D3: the dim engine, in a deployment, saved and read again."""
    engines = [OnnxRuntime(LIGHT / f"light_{name}.onnx", name=name, threads=1) for name in ("squeezenet", "shufflenet")]
    made = lca.measure_inference(engines, scripted(15.0, at="board", accuracy="5 %"), **{**QUICK, "blocks": 2})
    assert [dim.labels for dim in made.energy.dims] == [("squeezenet", "shufflenet")]
    again = lca.MeasuredInference.load(made.save(tmp_path / "networks.json"))
    first = again.measurement.engines[0]
    assert "ONNX Runtime" in first.about
    assert first.inputs == tuple(engines[0].inputs)
    assert first.outputs[0].shape == (1, 1000, 1, 1)
    assert lca.nominal({"e": again.energy}).data.identical(lca.nominal({"e": made.energy}).data)


def test_rapl_measures_a_network() -> None:
    """For real, where the machine shows its counters to this user."""
    try:
        meter = rapl()
    except MeterError as error:
        pytest.skip(f"no RAPL here: {error.what}")
    made = lca.measure_inference(OnnxRuntime(LIGHT / "light_squeezenet.onnx", threads=1), meter, **QUICK)
    assert 0.5 < made.table().iloc[0]["W"] < 1000

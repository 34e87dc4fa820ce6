"""Working calls of live meters, and of what measures engines with them, on clocks that stand still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lca

#: Callables by name, each with arguments that work, and how many of the odd values it is given.
Calls = dict[str, tuple[Callable[..., Any], dict[str, Any], int]]


def measured(meter: lca.meters.LiveMeter) -> lca.LiveRun:
    """A run with two marks."""
    with lca.measure(meter, progress=False) as run:
        for mark in ("a", "b"):
            run.mark(mark)
            meter.clock.wait(1.0)
    return run


def sensors(folder: Path) -> Path:
    """A tree with a sensor, a rail and a battery."""
    files = {
        "hwmon4/name": "amdgpu", "hwmon4/power1_average": "38000000",
        "ina3221x/6-0040/iio:device0/rail_name_0": "VDD_IN", "ina3221x/6-0040/iio:device0/in_power0_input": "2570",
        "BAT0/type": "Battery", "BAT0/status": "Discharging", "BAT0/power_now": "9500000",
    }  # fmt: skip
    for name, text in files.items():
        path = folder / "sensors" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return folder / "sensors"


def measuring_calls(folder: Path) -> Calls:
    """All of them; files are written below a folder."""
    clock = lca.meters.ScriptedClock()
    engine = lca.engines.scripted("net", seconds=0.1, clock=clock)
    meter = lca.meters.scripted(20.0, clock=clock)
    short = {"seconds": 2.0, "blocks": 2, "idle": 1.0, "progress": False}
    made = lca.measure_inference([engine], meter, **short)
    zone = folder / "intel-rapl:0"
    zone.mkdir(exist_ok=True)
    for name, text in (("name", "package-0"), ("energy_uj", "5"), ("max_energy_range_uj", "1000")):
        (zone / name).write_text(text, encoding="ascii")
    saved = made.save(folder / "measured.json")
    run = measured(meter)
    return {
        "measure": (lca.measure, {"meter": meter, "progress": False}, 1),
        "LiveRun.energy": (run.energy, {"mark": "b", "meter": "scripted meter"}, 1),
        "LiveRun.mark": (run.mark, {"name": "c"}, 4),
        "LiveRun.between_marks": (run.between_marks, {"start": "a", "stop": "b", "number": 1, "meter": ""}, 2),
        "assumed": (lca.meters.assumed, {"power": "5 W at_wall", "gsd": 1.5, "name": "x", "source": "y"}, 1),
        "prompt": (lca.meters.prompt, {"name": "x", "unit": "kWh", "resolution": "0.01 kWh", "accuracy": "2 %"}, 1),
        "meter_of": (lca.meters.meter_of, {"text": "assumed:5 W at_wall"}, 1),
        "available": (lca.meters.available, {"root": folder}, 4),
        "hwmon": (lca.meters.hwmon, {"root": sensors(folder), "name": "amdgpu", "at": "board", "accuracy": "5 %"}, 1),
        "ina3221": (lca.meters.ina3221, {"root": sensors(folder), "rail": "VDD_IN", "accuracy": "5 %"}, 1),
        "battery": (lca.meters.battery, {"root": sensors(folder), "accuracy": "5 %"}, 1),
        "measure_inference": (lca.measure_inference, {"engine": engine, "meter": meter, **short}, 4),
        "measure_inference assumed": (
            lca.measure_inference, {"engine": engine, "assumed_power": "5 W at_wall", "clock": clock, **short}, 8),
        "MeasuredInference": (lca.MeasuredInference, {name: made.given(name) for name in made._fields}, 2),
        "MeasuredInference.of": (lca.MeasuredInference.of, {"measurement": made.measurement}, 1),
        "MeasuredInference.save": (made.save, {"path": folder / "again.json"}, 1),
        "MeasuredInference.load": (lca.MeasuredInference.load, {"path": saved}, 1),
        "scripted": (lca.meters.scripted, {"power": 5.0, "clock": clock}, 1),
        "scripted energy": (lca.meters.scripted, {"energy": lambda t: t, "wraps_at": 5.0}, 1),
        "rapl": (lca.meters.rapl, {"root": folder}, 1),
        "ScriptedClock.wait": (lca.meters.ScriptedClock().wait, {"seconds": 1.0}, 1),
        "engines.scripted": (lca.engines.scripted, {"name": "net", "seconds": 0.1, "clock": clock}, 1),
    }  # fmt: skip

"""Working calls of live meters, and of what measures engines with them, on clocks that stand still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lca

#: Callables by name, each with arguments that work, and how many of the odd values it is given.
Calls = dict[str, tuple[Callable[..., Any], dict[str, Any], int]]


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
    return {
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

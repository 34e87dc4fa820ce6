"""Measurements that follow a script: an engine and a meter on one clock that stands still until it is moved."""

from __future__ import annotations

from typing import Any

import lca
from lca.engines.measuring.measured_inference import MeasuredInference
from lca.engines.script import ScriptedEngine
from lca.meters import ScriptedClock, scripted

QUICK: dict[str, Any] = {"seconds": 10.0, "blocks": 5, "progress": False}


def measured(engine: Any, meter: Any, **options: Any) -> MeasuredInference:
    """`lca.measure_inference` over five blocks of 2 s."""
    return lca.measure_inference(engine, meter, **{**QUICK, **options})


def one(seconds: Any = 0.01, power: Any = 20.0, *, batch: int = 1, **script: Any) -> tuple[ScriptedEngine, Any]:
    """An engine and a meter on one scripted clock."""
    clock = ScriptedClock()
    given = script if "energy" in script else {"power": power, **script}
    return ScriptedEngine("net", seconds=seconds, batch=batch, clock=clock), scripted(**given, clock=clock)


def at_work(engine: ScriptedEngine, clock: ScriptedClock) -> list[bool]:
    """Whether the engine is at work: from its first execution until the clock waits for a second or longer."""
    found, run, wait = [False], engine.run, clock.wait

    def told() -> None:
        found[0] = True
        run()

    def waited(seconds: float) -> None:
        found[0] = found[0] and seconds < 1.0
        wait(seconds)

    engine.run, clock.wait = told, waited  # type: ignore[method-assign]
    return found


def value(node: Any) -> float:
    """The nominal value of a node."""
    return float(lca.nominal({"value": node}).data["value"])

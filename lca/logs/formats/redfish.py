"""Answers of Redfish: Power, EnvironmentMetrics and others, each of them the state of one moment.

They are refused. An energy needs powers over time, or two readings of a counter (EnergykWh), before and after the
run. PowerConsumedWatts and PowerInputWatts are what the power supplies take in, so a meter of them sits at the wall
(DMTF DSP2046, Redfish Resource and Schema Guide).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from ...errors import LogError
from ..files.source import Source
from ..format import Format, refused

_MARKS = re.compile(
    r'"PowerControl"\s*:|"PowerConsumedWatts"|"EnergykWh"|"PowerInputWatts"|'
    r"#(?:Power|PowerSupply|PowerSupplyMetrics|EnvironmentMetrics)\.v"
)
_POWERS = ("PowerConsumedWatts", "PowerWatts", "InputPowerWatts")
_FIX = (
    'read a counter of energy before and after the run, with lca.Meter(name, at="wall").read(...), '
    "and take the difference of the two; or poll the power with ipmitool"
)


def _fits(source: Source) -> bool:
    return source.start.lstrip()[:1] in ("{", "[") and bool(_MARKS.search(source.start))


def _why(source: Source) -> LogError:
    try:
        found = list(_shown(json.loads(source.text)))
    except (ValueError, RecursionError):
        found = []
    holds = f"the state of one moment{': ' if found else ''}{', '.join(found[:4])}"
    return source.without_power(holds, _FIX)


def _shown(part: object, name: str = "") -> Iterator[str]:
    """The powers and counters in a document, for people."""
    if isinstance(part, dict):
        if name == "EnergykWh":
            yield from (f"{part[key]} kWh" for key in ("Reading", "LifetimeReading") if key in part)
        elif name in _POWERS:
            yield f"{part.get('Reading')} W"
        else:
            for key, inner in part.items():
                yield from _shown(inner, key)
    elif isinstance(part, list):
        for inner in part:
            yield from _shown(inner, name)
    elif name in _POWERS:
        yield f"{part} W"


FORMATS: Sequence[Format] = (
    refused("redfish", "Redfish: Power, EnvironmentMetrics", "wall", "real logs",
            "One moment has no energy; a counter needs two readings.", _fits, _why),
)  # fmt: skip

"""What `columns=` says of a table: which column holds what, and in which unit (Q4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...checks import did_you_mean
from ...errors import LcaError, LogError
from ...units.parse import parse_unit, root
from .source import Source

_ROOTS = {"power": root("W"), "energy": root("J"), "time": root("s")}
_DEVICE = "device"


@dataclass(frozen=True)
class Asked:
    """The columns that a user named: each with the factor to W, to J, or to s."""

    powers: dict[str, float] = field(default_factory=dict)
    counters: dict[str, float] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    device: str = ""


def asked_columns(source: Source, names: Sequence[str]) -> Asked:
    """What the user said of these columns.

    Raises for a column that is not there or comes twice, and for a unit that is not of power, energy or time.
    """
    found: dict[str, dict[str, float]] = {"power": {}, "energy": {}, "time": {}, _DEVICE: {}}
    for column, text in source.said.columns.items():
        if names.count(column) != 1:
            near = did_you_mean(column, names) if column not in names else "give the two columns different names"
            raise LogError.of("no_such_column", source.where(), column=column, near=near)
        kind, factor = _kind(text)
        if not kind:
            raise LogError.of("unit_of_a_column", source.where(), [f"{column}: {text}"], unit=text)
        found[kind][column] = factor
    return Asked(found["power"], found["energy"], found["time"], next(iter(found[_DEVICE]), ""))


def _kind(text: str) -> tuple[str, float]:
    """What a unit measures, and its factor; no kind where it is none of those of a log."""
    if text.strip() == _DEVICE:
        return _DEVICE, 1.0
    try:
        factor, unit = parse_unit(text)
    except LcaError:
        return "", 0.0
    return next((kind for kind, known in _ROOTS.items() if known == unit), ""), factor

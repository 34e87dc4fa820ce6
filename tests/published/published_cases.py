"""Published results as tables: a row per figure in tests/published/*/*.csv. Tests and docs/validation.md read them.

`role` says what a figure is: an input, a name, an output that lca computes from the inputs, what was `measured` or
declared (an estimate has to hold it), or a figure of others `beside` an output. `rounding` is one unit of the last
printed digit: the figure stands for half of it either way. `tolerance` is relative, for outputs. An output with neither
is met to 1e-9.

`status` of an input: printed, derived (by the source's own rule), or implied (not stated by the source). Of an output:
printed, derived, run (a public implementation was run), by hand, cut off (digits cut, not rounded), or inconsistent:
its own printed inputs cannot give it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import lca

FOLDER = Path(__file__).parent
ROLES = ("input", "name", "output", "measured", "beside")
STATUSES = {
    "input": {"printed", "derived", "implied"},
    "name": {"printed"},
    "output": {"printed", "derived", "run", "by hand", "cut off", "inconsistent"},
    "measured": {"printed"},
    "beside": {"printed"},
}


@dataclass(frozen=True)
class Figure:
    """One published number with its unit, and how exactly it is known."""

    value: Decimal
    unit: str
    rounding: Decimal
    tolerance: Decimal
    status: str
    notes: str = ""

    def __str__(self) -> str:
        return f"{float(self.value)!r} {self.unit}"

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends of what an input stands for: one value where it is exact."""
        half = self.rounding / 2
        return tuple(sorted({float(self.value - half), float(self.value + half)}))

    @property
    def reach(self) -> tuple[float, float]:
        """Between which values a result has met this output."""
        if self.status == "cut off":
            return float(self.value - self.rounding / 2), float(self.value + self.rounding)
        half = self.rounding / 2 or abs(self.value) * (self.tolerance or Decimal("1e-9"))
        return float(self.value - half), float(self.value + half)

    @property
    def digit(self) -> float:
        """Half a unit of the last digit, as the source says or as it is written; not below 1e-9 of the value."""
        written = Decimal(1).scaleb(int(self.value.as_tuple().exponent))
        return max(float(self.rounding or written) / 2, float(abs(self.value)) * 1e-9)


@dataclass(frozen=True)
class Case:
    """One published result: what went in, what came out."""

    name: str
    kind: str
    source: str
    names: Mapping[str, str]
    figures: Mapping[str, Mapping[str, Figure]]

    @property
    def inputs(self) -> Mapping[str, Figure]:
        return self.figures["input"]

    @property
    def outputs(self) -> Mapping[str, Figure]:
        return self.figures["output"]

    @property
    def measured(self) -> Mapping[str, Figure]:
        return self.figures["measured"]

    def __getitem__(self, name: str) -> str:
        """An input as a text with its unit, as a user writes it."""
        return str(self.inputs[name])

    def number(self, name: str) -> float:
        return float(self.inputs[name].value)

    def along(self, name: str, dim: str) -> Any:
        """The inputs "name@label" as one value over a dim."""
        found = {key.partition("@")[2]: one for key, one in self.inputs.items() if key.startswith(f"{name}@")}
        (unit,) = {one.unit for one in found.values()}
        labels = {int(label) if label.isdigit() else label: float(one.value) for label, one in found.items()}
        return lca.labelled(labels, unit, dim=dim)

    def with_figure(self, name: str, value: Decimal, role: str = "input") -> Case:
        """The same case with another value of one figure."""
        figures = {**self.figures[role], name: replace(self.figures[role][name], value=value)}
        return replace(self, figures={**self.figures, role: figures})


def read_cases(kind: str) -> dict[str, Case]:
    """The cases of one folder by name, in order; a figure that is stated twice is an error."""
    found: dict[str, Case] = {}
    for path in sorted((FOLDER / kind).glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["source"], row
                assert row["status"] in STATUSES[row["role"]], row
                empty: dict[str, dict[str, Figure]] = {role: {} for role in ROLES if role != "name"}
                case = found.setdefault(row["id"], Case(row["id"], kind, row["source"], {}, empty))
                box: Any = case.names if row["role"] == "name" else case.figures[row["role"]]
                assert row["quantity"] not in box, row
                box[row["quantity"]] = row["value"] if row["role"] == "name" else figure(row)
    return found


def figure(row: Mapping[str, str]) -> Figure:
    """The figure of a row."""
    value, rounding, tolerance = (Decimal(row[name] or 0) for name in ("value", "rounding", "tolerance"))
    assert value.is_finite(), row
    return Figure(value, row["unit"], rounding, tolerance, row["status"], row["notes"])


# --- verdicts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ours:
    """What lca makes of the inputs: at their printed values, and over what their roundings leave open."""

    nominal: float
    low: float
    high: float


MET = ("reproduced", "within rounding", "input unstated", "inconsistent in itself")


def verdict(case: Case, output: str, ours: Ours) -> str:
    """One of `MET`, or what is wrong: "not reproduced", or "not inconsistent" where the table says it were."""
    figure = case.outputs[output]
    low, high = figure.reach
    met = ours.low <= high and low <= ours.high
    if figure.status == "inconsistent":
        return "not inconsistent" if met else "inconsistent in itself"
    if not met:
        return "not reproduced"
    if any(one.status == "implied" for one in case.inputs.values()):
        return "input unstated"
    printed = abs(ours.nominal - float(figure.value)) <= figure.digit * (1 + 1e-9)
    return "reproduced" if printed else "within rounding"

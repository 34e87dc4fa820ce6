"""A study beside its oracle: every output, nominal and draw by draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import lca
from lca.errors import LcaError, RoleError

from .build import study_of
from .oracle import Oracle
from .spec import chosen, combinations
from .terms import Refused
from .values import AXES

CLOSE = 1e-9
DRAWS = 64
Outputs = dict[str, tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]
_SUMMED = ("net", "loc", "model", "comp")


@dataclass(frozen=True)
class Failure:
    """A difference between the library and what the convention says."""

    law: str
    what: str
    right: Any = None
    got: Any = None

    def __str__(self) -> str:
        sides = "" if self.right is None else f": right {self.right!r}, got {self.got!r}"
        return f"[{self.law}] {self.what}{sides}"


class Report:
    """Checks counted, failures kept."""

    def __init__(self) -> None:
        self.checks = 0
        self.failures: list[Failure] = []

    def hold(self, fine: bool, law: str, what: str, right: Any = None, got: Any = None) -> None:
        self.checks += 1
        if not fine:
            self.failures.append(Failure(law, what, right, got))

    def equal(self, got: Any, right: Any, law: str, what: str, close: float = CLOSE) -> None:
        """Two arrays within a relative tolerance of each number, and of the largest where a sum cancels."""
        got, right = np.broadcast_arrays(np.asarray(got, dtype=float), np.asarray(right, dtype=float))
        size = np.maximum(np.abs(right), 1e-6 * np.max(np.abs(right), initial=0.0))
        off = ~(np.abs(got - right) <= close * size)
        at = np.unravel_index(np.argmax(off), off.shape) if off.size else ()
        self.hold(not off.any(), law, what, *((float(right[at]), float(got[at])) if off.any() else ()))


def on_axes(array: Any, keep_years: bool) -> np.ndarray:
    """An output of a result on the axes of the oracle, its parts summed."""
    gone = [dim for dim in array.dims if dim in _SUMMED or (dim == "year" and not keep_years)]
    array = array.sum(gone)
    array = array.transpose(*[axis for axis in AXES if axis in array.dims])
    shape = [array.sizes.get(axis, 1) for axis in AXES]
    return array.to_numpy().reshape(shape)


def compare(report: Report, data: Any, outputs: Mapping[str, np.ndarray], what: str, law: str = "oracle") -> None:
    """Every output of a result against the oracle's, and no output that only one of them knows."""
    names = {str(name) for name in data}
    lacking, beyond = sorted(set(outputs) - names), sorted(names - set(outputs))
    report.hold(not lacking and not beyond, law, f"{what}: names of outputs", lacking, beyond)
    for name in sorted(names & set(outputs)):
        # a result holds the years of all activities: those of one alone are compared in sum
        by_year = data[name].sizes.get("year", 1) == outputs[name].shape[AXES.index("year")]
        right = outputs[name] if by_year else outputs[name].sum(axis=AXES.index("year"), keepdims=True)
        report.equal(on_axes(data[name], by_year), right, law, f"{what}: {name}")


def selected(data: Any, labels: Mapping[str, Any]) -> Any:
    """A result at one label of each scenario, as far as its outputs vary over them."""
    return data.sel({dim: label for dim, label in labels.items() if dim in data.dims}, drop=True)


def check_spec(spec: Mapping[str, Any], report: Report) -> Any:
    """The study of a spec against the oracle in each scenario: nominal values and draws. Returns the study."""
    try:
        right, law = oracles(spec)
    except Refused as refused:
        return _must_raise(spec, report, refused)
    try:
        study = study_of(spec)
    except RoleError as error:  # a scenario that changes nothing has no dim
        report.hold(_without_effect(spec, right, str(error)), "builds", f"RoleError: {error}")
        return None
    except Exception as error:  # whatever it is, it is a failure that has to be shown with its spec
        report.hold(False, "builds", f"{type(error).__name__}: {' '.join(str(error).split())[:400]}")
        return None
    try:
        results = lca.nominal(study).data, lca.monte_carlo(study, draws=DRAWS, progress=False).data
    except Exception as error:
        report.hold(False, "evaluates", f"{type(error).__name__}: {' '.join(str(error).split())[:400]}")
        return None
    for labels in combinations(spec):
        for data, outputs, way in zip(results, right[repr(labels)], ("nominal", "draws"), strict=True):
            compare(report, selected(data, labels), outputs, f"{way} {labels or ''}".strip(), law)
    return study


def oracles(spec: Mapping[str, Any]) -> tuple[Outputs, str]:
    """(nominal values and draws of every output by scenario, the law that they show)."""
    right: Outputs = {}
    law = "oracle"
    for labels in combinations(spec):
        one = chosen(spec, labels)
        nominal = Oracle(one, 0)
        right[repr(labels)] = (nominal.outputs, Oracle(one, DRAWS).outputs)
        law = "terms" if nominal.mixed_terms() else law
    return right, law


def _without_effect(spec: Mapping[str, Any], right: Outputs, message: str) -> bool:
    """Whether the scenario that an error names makes no difference by the oracle either."""
    named = [scenario["dim"] for scenario in spec.get("scenarios", []) if scenario["dim"] in message.split("dims")[0]]
    if not named:
        return False
    groups: dict[str, list[Any]] = {}
    for labels in combinations(spec):
        groups.setdefault(repr({d: v for d, v in labels.items() if d not in named}), []).append(right[repr(labels)][1])
    return all(
        all(np.array_equal(one[name], many[0][name]) for one in many for name in one) for many in groups.values()
    )


def _must_raise(spec: Mapping[str, Any], report: Report, refused: Refused) -> None:
    try:
        study_of(spec)
    except LcaError:
        report.hold(True, "refuses", str(refused))
    else:
        report.hold(False, "refuses", f"is accepted: {refused}")


def failures_of(spec: Mapping[str, Any]) -> Iterator[Failure]:
    report = Report()
    check_spec(spec, report)
    yield from report.failures

"""Every published case with what lca makes of it, for the tests and for docs/validation.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import by_estimate
import by_hardware
import by_inference
import by_method
import by_operation
import by_serving
from published_cases import MET, Case, Ours, read_cases, verdict

#: The folder of each kind of case, what it is called, and what computes it.
KINDS = {
    "operation": ("Electricity of trainings, from energy or power", by_operation.computed),
    "estimates": ("Trainings that are estimated", by_estimate.computed),
    "inference": ("Energy of inference", by_inference.computed),
    "serving": ("Serving of language models", by_serving.computed),
    "hardware": ("Manufacturing of hardware", by_hardware.computed),
    "methods": ("Methods of statistics", by_method.computed),
}


@dataclass(frozen=True)
class Checked:
    """One published output, what lca makes of its inputs, and the verdict."""

    case: Case
    output: str
    ours: Ours
    verdict: str

    @property
    def is_met(self) -> bool:
        return self.verdict in MET


@dataclass(frozen=True)
class Held:
    """One measurement or declaration, and what an estimate said of it: 5, 50 and 95 %."""

    case: Case
    measured: str
    told: tuple[float, float, float]

    @property
    def is_met(self) -> bool:
        return self.told[0] <= float(self.case.measured[self.measured].value) <= self.told[2]


def checked(kind: str) -> Iterator[Checked]:
    """Every output of a kind of case."""
    for case in read_cases(kind).values():
        found = KINDS[kind][1](case)
        for output in case.outputs:
            yield Checked(case, output, found[output], verdict(case, output, found[output]))


def held() -> Iterator[Held]:
    """Every measurement that an estimate has to hold."""
    every = (("estimates", by_estimate.told), ("serving", by_serving.told), ("hardware", by_hardware.told))
    for kind, told in every:
        for case in read_cases(kind).values():
            for name, quantiles in told(case).items():
                yield Held(case, name, quantiles)

"""Many specs: each against its oracle and, in turn, against laws; failures with what makes them again."""

from __future__ import annotations

import pprint
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .check import Failure, Report, check_spec
from .generate import random_spec
from .laws import LAWS, check_laws
from .random_values import Dice
from .refusals import check_refusal
from .shrink import shrunk


@dataclass
class Campaign:
    """Studies and checks counted, and the failures of each seed."""

    studies: int = 0
    checks: int = 0
    failures: dict[int, list[Failure]] = field(default_factory=dict)

    def run(self, seed: int, laws: int = 2) -> bool:
        """One spec with so many laws; whether all is well."""
        report = checked(random_spec(seed), seed, laws)
        self.studies += 1
        self.checks += report.checks
        if report.failures:
            self.failures[seed] = report.failures
        return not report.failures

    def __str__(self) -> str:
        return f"{self.studies:,} studies, {self.checks:,} checks, {len(self.failures)} studies with failures"


def checked(spec: dict[str, Any], seed: int, laws: int) -> Report:
    """The oracle on a spec, then laws and a refusal that the seed picks."""
    report = Report()
    study = check_spec(spec, report)
    if study is not None and not report.failures:
        check_laws(spec, study, report, _picked(seed, laws))
        check_refusal(spec, seed, report)
    return report


def _picked(seed: int, laws: int) -> Iterable[Any]:
    dice = Dice(seed + 1_000_000_007)
    return dice.random.sample(LAWS, min(laws, len(LAWS)))


def explained(seed: int, laws: int = 2, *, most: int = 400) -> str:
    """A failing seed as text: its failures, and a small spec that shows the first; at most so many are tried for it."""
    spec = random_spec(seed)
    report = checked(spec, seed, laws)
    if not report.failures:
        return f"seed {seed} is fine"
    lines = [f"seed {seed}: {len(report.failures)} failures", *(f"  {one}" for one in report.failures[:6])]
    if most:
        first = _kind(report.failures[0])
        spec = shrunk(spec, lambda s: any(_kind(one) == first for one in checked(s, seed, laws).failures), most)
        lines += [f"  {one}" for one in checked(spec, seed, laws).failures[:3]]
    kept = {key: value for key, value in spec.items() if value}
    return "\n".join([*lines, pprint.pformat(kept, width=160, compact=True)])


def _kind(failure: Failure) -> tuple[str, str]:
    return failure.law, failure.what.split(":")[0]

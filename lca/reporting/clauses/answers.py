"""What a result answers: how much, how sure, what drives it, and whether it can be made again (U1 to U13)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...checks import some
from ...errors import MissingError
from ...interpretation.dataset import variables_of
from ...interpretation.draws import held_keys
from ...interpretation.sensitivity.tornado import tornado
from ...inventory.stages import stage_label
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate
from ...units.number_text import significant
from .goal import OTHERS
from .subject import Subject
from .verdicts import Finding, does_not_apply, failed, not_stated, passed

#: So many draws are made again.
_AGAIN = 32
#: How far draws of two machines may lie apart (U7).
_MACHINE = 1e-12


def uncertainty(subject: Subject, of: str) -> Finding:
    """The total has an interval."""
    result = subject.result
    if result is None or result.draws < 2:
        return not_stated("no draws were made")
    low, high = (result.spreads.of("total").quantiles[end] for end in ("p5", "p95"))
    if np.all(low == high):
        return failed("no value has a spread: every draw is the same")
    return passed(f"{result.draws:,} draws; total {subject.amount('total')}")


def sensitivity(subject: Subject, of: str) -> Finding:
    """One value at a time moves to the ends of its interval."""
    try:
        table = tornado(subject.one.model)
    except MissingError:
        return not_stated("no value has a spread, so nothing can be moved")
    first = [
        f"{row['words']} {significant(row['low'])} to {significant(row['high'])} {row['unit']}"
        for _, row in table.head(3).iterrows()
    ]
    return passed(f"values moved one at a time: {len(table)}; the largest: {'; '.join(first)}")


def contributions(subject: Subject, of: str) -> Finding:
    """What the total is made of."""
    if len(subject.model.stages) < 2:
        return does_not_apply("the study has one stage")
    data = subject.one.data
    means = {stage_label(stage): float(data[stage].mean()) for stage in subject.model.stages}
    whole = sum(means.values())
    if not whole:
        return failed("the total is 0")
    order = sorted(means.items(), key=lambda one: -one[1])
    unit = data["total"].attrs["unit"]
    said = ", ".join(
        f"{stage} {significant(mean)} {unit} ({significant(100 * mean / whole, 2)} %)" for stage, mean in order
    )
    return passed(f"{'means' if 'draw' in data['total'].dims else 'nominal values'}, which add up: {said}")


def categories(subject: Subject, of: str) -> Finding:
    """More than climate change is counted, each category with all its factors (A13)."""
    counted = [name for name in OTHERS if name in subject.model.views]
    lacking = {name: gaps for name in counted if (gaps := subject.model.gaps.get(name))}
    if lacking:
        said = "; ".join(f"{name}, {_lacking(gaps)}" for name, gaps in lacking.items())
        return not_stated(f"without a total: {said.replace('_', ' ')}")
    if not counted:
        return not_stated("climate change alone: a carbon footprint, and not a full assessment")
    return passed(f"climate change, {', '.join(counted)}".replace("_", " "))


def _lacking(gaps: Sequence[str]) -> str:
    return f"lacking: {some(gaps, 3)}"


def category(subject: Subject, of: str) -> Finding:
    """One impact category is counted whole."""
    named = of.replace("_", " ")
    if f"{of}/total" in subject.model.outputs:
        return passed(f"total {subject.amount(f'{of}/total')}")
    if gaps := subject.model.gaps.get(of):
        return not_stated(_lacking(gaps))
    return not_stated(f"{named} is not counted")


def made_again(subject: Subject, of: str) -> Finding:
    """Some draws are made again, and are the same."""
    result = subject.result
    if result is None or result.seed is None:
        return not_stated("no draws were made")
    if result.design != "random":
        return not_stated(f"draws of the design {result.design} are made again by lca.rerun alone")
    count = min(_AGAIN, result.draws)
    program = subject.model.program.of("total")
    held = held_keys(program, result.mixed)
    again = variables_of(program, evaluate(program, draws=count, design=RandomDesign(result.seed), freeze=held))[
        "total"
    ]
    kept = result.data["total"].variable.isel(draw=slice(count))
    if not (abs(again - kept) <= _MACHINE * abs(kept)).all():
        return failed(f"the first {count} draws come out different when they are made again")
    return passed(f"the first {count} draws were made again with seed {result.seed}, and are the same")

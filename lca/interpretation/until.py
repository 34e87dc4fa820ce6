"""Runs that go on until a stated error is met (U13): what is asked, and the statistics of every stage."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..checks import Array, did_you_mean, finite_number
from ..errors import DomainError, ParseError, UnitError
from ..graph.labels import merge_dims
from ..graph.program import Instruction, Output, Program, view
from ..sampling.smoothing.setting import Setting
from ..sampling.smoothing.until import Sample, Tolerance, grow, sample_of
from ..study.assembly import Model
from ..units.parse import parse_unit
from ..units.quantity import conversion
from ..units.quantity_text import parse_quantity
from .keeping import divisors, elements
from .reached import Reached
from .spread import QUANTILES, EstimatedSpread
from .streaming import NO_ROW, named_row

#: The most points, and the bytes that all of them may take, where `draws` does not say.
MOST = 1 << 20
_MOST_BYTES = 1 << 30
#: The fewest points that can be asked for.
FEWEST = 1024
#: What every row is told of, and what "1 %" asks of the total.
STATISTICS = ("mean", *QUANTILES)
_QUANTILE = re.compile(r"p([0-9]{1,2}(\.[0-9]+)?)")


def asked_of(until: str | Mapping[str, str]) -> dict[str, str]:
    """What is asked of each statistic, as it was written. Raises `DomainError` for another name."""
    asked = dict.fromkeys(STATISTICS, until) if isinstance(until, str) else dict(until)
    if not asked:
        raise DomainError.of("nothing_asked", "until")
    for name in asked:
        found = _QUANTILE.fullmatch(name)
        if name != "mean" and not (found and float(found[1]) > 0):
            near = did_you_mean(name, list(STATISTICS))
            raise DomainError.of("not_a_statistic", "until", name=name, near=near)
    return asked


def tolerance(statistic: str, text: str, unit: str, factor: float) -> Tolerance:
    """How large an error may be: "1 %" of the statistic, or a size in a unit that converts to that of the output."""
    where = f"until, {statistic}"
    try:
        read = parse_quantity(text, where)
    except ParseError:
        raise DomainError.of("error_outside", where, statistic=statistic, text=text) from None
    (given, kind), own, pure = parse_unit(read.unit), parse_unit(unit)[1], parse_unit("")[1]
    share = "%" in text or (kind == pure and own != pure)
    if read.half_width is not None or not read.value > 0 or (share and read.value * given >= 1):
        raise DomainError.of("error_outside", where, statistic=statistic, text=text)
    if share:
        return Tolerance(statistic, share=read.value * given)
    try:
        return Tolerance(statistic, size=read.value * conversion(read.unit, unit, where) * factor)
    except UnitError:
        sides, size = [f"asked: {read.unit}", f"the result: {unit}"], f"{read.value:g} {unit}"
        raise UnitError.of("error_in_another_unit", where, sides, statistic=statistic, text=text, size=size) from None


def refuse_beside_until(**given: object) -> None:
    """Raise for what a run until an error is met chooses itself, or cannot do."""
    for name, value in given.items():
        if value not in (None, "auto", "random"):
            raise DomainError.of("beside_until", name, name=name)


def most_of(draws: int | None, numbers: int) -> int:
    """The most points, of so many numbers each: a power of two, at most as many as `draws` says, or as fit."""
    if draws is None:
        fitting = max(FEWEST, _MOST_BYTES // (8 * max(1, numbers)))
        return min(MOST, 1 << (fitting.bit_length() - 1))
    finite_number(draws, "draws", low=FEWEST, whole=True)
    return 1 << (int(draws).bit_length() - 1)


def run_until(
    model: Model, setting: Setting, asked: Mapping[str, str], draws: int | None, per: Sequence[str]
) -> tuple[dict[str, Array], Reached]:
    """The points of every output of a program, and what was reached: of the outputs as they are, and of each `per`."""
    program, held, divided = setting.program, setting.held, divisors(model, per)
    names = _rows(model, program)
    wanted = ("total",) if "total" in names else tuple(names)
    whole, scales = _with_ratios(program, names, divided, held)
    outputs = {name: whole.outputs[name] for name in wanted}
    tolerances = {
        name: [tolerance(statistic, text, one.unit, one.factor) for statistic, text in asked.items()]
        for name, one in outputs.items()
    }
    numbers = elements(whole) + 3 * sum(math.prod(len(dim) for dim in whole.outputs[name].dims) for name in scales)
    most = most_of(draws, numbers)
    sample, why = sample_of(replace(setting, program=whole), list(scales), tolerances)
    ratio = grow(sample, tolerances, most)
    keys = dict.fromkeys(row.key for row in sample.rows if row.output in wanted and row.key)
    fixed = frozenset(name for name in program.outputs if not _varies(program, name, held))
    spreads = _spreads(sample, whole, scales, dict.fromkeys([*STATISTICS, *asked]))
    reached = Reached(
        asked=asked, most=most, points=sample.points, evaluations=sample.evaluations, ratio=ratio, why=why,
        integrated=tuple(keys), of=wanted, per=tuple(divided), fixed=fixed, spreads=spreads,
    )  # fmt: skip
    return {name: array for name, array in sample.values().items() if name in program.outputs}, reached


def _rows(model: Model, program: Program) -> list[str]:
    """The outputs that a summary has rows of, as they are: not what is summed over parts first."""
    left = {*model.details, "functional_unit"} if model.stages else set(model.details)
    return [
        name
        for name, output in program.outputs.items()
        if name not in left
        and not (model.stages and name.startswith((*NO_ROW, "score/")))
        and model.summed.isdisjoint(dim.name for dim in output.dims)
    ]


def _varies(program: Program, name: str, held: frozenset[str]) -> bool:
    return any(key not in held for key in program.of(name).keys)


def _with_ratios(
    program: Program, names: Sequence[str], per: Mapping[str, tuple[str, float]], held: frozenset[str]
) -> tuple[Program, dict[str, float]]:
    """The program with a row for each output per what varies; and displayed units for one root unit, of each row."""
    scales = {name: 1.0 / program.outputs[name].factor for name in names}
    for each, (below, size) in per.items():
        if below not in program.outputs or not _varies(program, below, held):
            continue
        for name in names:
            program = _with_ratio(program, name, below, named_row(name, each))
            scales[named_row(name, each)] = scales[name] * program.outputs[below].factor * size
    return program, scales


def _with_ratio(program: Program, top: str, below: str, name: str) -> Program:
    """The program with one output more: one of its outputs per another."""
    both = [program.outputs[one] for one in (top, below)]
    dims = merge_dims([one.dims for one in both])
    shape = tuple(len(dim) for dim in dims)
    views = tuple(view(one.dims, dims) for one in both)
    made = Instruction("divide", tuple(one.value for one in both), dims, shape, views)
    output = Output(len(program.instructions), dims, "", 1.0)
    return replace(program, instructions=(*program.instructions, made), outputs={**program.outputs, name: output})


def _spreads(
    sample: Sample, program: Program, scales: Mapping[str, float], statistics: Iterable[str]
) -> dict[str, EstimatedSpread]:
    """Every statistic of every row with its error, in the displayed units."""
    dims = {name: program.outputs[name].dims for name in scales}
    empty = {name: np.empty([len(dim) for dim in own]) for name, own in dims.items()}
    found = {
        name: EstimatedSpread(
            tuple(dim.name for dim in dims[name]),
            {one: array.copy() for one in statistics},
            {one: array.copy() for one in statistics},
        )
        for name, array in empty.items()
    }
    for row in sample.rows:
        for one in statistics:
            estimate = sample.statistic(row, one)
            found[row.output].values[one][row.index] = estimate.value * scales[row.output]
            found[row.output].errors[one][row.index] = estimate.error * scales[row.output]
    return found

"""What a parameter does to the total: which ones matter most, and whether setting it here is what `replace` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ...checks import Array
from ...errors import LcaError, MissingError, RecordError
from ...graph.node import Node, postorder
from ...graph.program import Program
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate
from ...study.study import Study
from ...study.untried import untried
from .sliders import KEY, SET, Slider, slider_of

#: How many parameters a page has where none are named.
MOST = 10
#: How exactly a set value has to be what `replace` gives, and on how many draws this is looked at.
_EXACT, _DRAWS = 1e-11, 16
#: A parameter that moves the total by less than this share of it is left out.
_LEAST = 1e-6


def program_of(study: Study, sliders: Sequence[Slider]) -> Program:
    """The study compiled so that each of some parameters is what it holds, or what is set."""
    return untried(study, {one.path: one.expression for one in sliders}).model.program


def largest(study: Study) -> list[Slider]:
    """The parameters that move the total most between their 5 and 95 % quantiles, the largest first.

    Raises `MissingError` where no field of the study has a spread and no labels.
    """
    chosen: list[Slider] = []
    for one in _ranked(study, _possible(study)):
        if any(_rests_on(one, other) or _rests_on(other, one) for other in chosen):
            continue
        try:
            require_replaced(study, [one])
        except LcaError:
            continue
        chosen.append(one)
        if len(chosen) == MOST:
            break
    if not chosen:
        raise MissingError.of("nothing_to_explore", study.name)
    return chosen


def _fields(study: Study) -> Iterator[str]:
    """The paths of all quantities with a spread and without labels."""
    for record in study.components:
        for name, node in record.values.items():
            if record.given(name) is not None and node.random and not node.dims:
                yield f"{record.slug}.{name}"


def _possible(study: Study) -> list[Slider]:
    """The fields that take a value that can be set."""
    found = []
    for path in dict.fromkeys(_fields(study)):
        try:
            found.append(slider_of(study, path))
        except LcaError:
            continue
    try:
        untried(study, {one.path: one.expression for one in found})
    except LcaError:
        found = [one for one in found if _fits(study, one)]
    return found


def _fits(study: Study, one: Slider) -> bool:
    try:
        return bool(program_of(study, [one]).outputs)
    except LcaError:
        return False


def _ranked(study: Study, sliders: Sequence[Slider]) -> list[Slider]:
    """Those of some parameters that move the total, the one that moves it most first."""
    if not sliders:
        return []
    ends = {one.path: np.array([one.low, one.high]) * one.scale for one in sliders}
    moves = 2 * len(sliders)
    given: dict[str, Array] = {}
    for place, one in enumerate(sliders):
        here = np.arange(moves) // 2 == place
        given[f"{KEY}{one.path}{SET}"] = np.where(here, 1.0, 0.0)
        given[f"{KEY}{one.path}"] = np.where(here, np.tile(ends[one.path], len(sliders)), ends[one.path][0])
    found = _totals(program_of(study, sliders), given, moves)["total"]
    low, high = found[..., 0::2], found[..., 1::2]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.abs(high - low) / np.abs(low + high)
    swings = np.nan_to_num(shares).reshape(-1, len(sliders)).max(axis=0)
    order = sorted(range(len(sliders)), key=lambda place: -swings[place])
    return [sliders[place] for place in order if swings[place] > _LEAST]


def _totals(program: Program, given: Mapping[str, Array], moves: int) -> dict[str, Array]:
    """The total after each of some moves, all else at nominal values."""
    held = frozenset(leaf.key for leaf in program.leaves)
    there = {key: values for key, values in given.items() if key in held}
    return evaluate(program.of("total"), draws=moves, design=RandomDesign(0), freeze=held, overrides=there)


def _rests_on(one: Slider, other: Slider) -> bool:
    """Whether a value was given as another one, or is made from it."""
    nodes = postorder([one.given]) if isinstance(one.given, Node) else ()
    return any(node.path.partition(":")[2] == other.path for node in nodes)


def require_replaced(study: Study, sliders: Sequence[Slider]) -> None:
    """Raise `RecordError` where setting some parameters on the page would not be what `replace` makes of it."""
    names = ["total", "functional_unit"]
    program, design = program_of(study, sliders).of(*names), RandomDesign(0)
    known = {leaf.key for leaf in program.used}
    for one in sliders:
        if f"{KEY}{one.path}" not in known:
            raise RecordError.of("slider_without_effect", one.path)
    for numbers in ({one.path: one.low for one in sliders}, {one.path: one.high for one in sliders}):
        given = {f"{KEY}{one.path}": np.array(numbers[one.path] * one.scale) for one in sliders}
        given |= {f"{KEY}{one.path}{SET}": np.array(1.0) for one in sliders}
        replaced = untried(study, {one.path: one.written(numbers[one.path]) for one in sliders}).model
        if replaced.unused:
            raise next(iter(replaced.unused.values()))
        here = evaluate(program, draws=_DRAWS, design=design, overrides=given)
        there = evaluate(replaced.program.of(*names), draws=_DRAWS, design=design)
        if not all(_equal(here[name], there[name]) for name in names):
            raise RecordError.of("slider_decides_the_form", ", ".join(numbers))


def _equal(one: Array, other: Array) -> bool:
    if np.broadcast_shapes(one.shape, other.shape) != one.shape:
        return False
    return bool(np.allclose(one, other, rtol=_EXACT, atol=0.0))

"""Break-even: at which value of one parameter two studies are equal, draw by draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arguments import entry
from ..checks import did_you_mean, finite_number, one_of
from ..errors import DomainError, MissingError, RecordError, UnitError
from ..expression.components import find, resolve_field
from ..expression.distribution import read_scalar
from ..expression.node import Node, parameter_node
from ..expression.program import Program
from ..expression.value import parameter
from ..sampling.design import RandomDesign
from ..sampling.evaluate import evaluate
from ..study.study import Study
from ..units import parse_unit, unit_text
from .result import held_keys

Array = npt.NDArray[np.float64]

#: Totals closer than this are equal (U7); a crossing is found as closely.
_SAME = _CLOSE = 1e-12
_NOMINAL_POINTS = 1_000


@dataclass(frozen=True, eq=False)
class Breakeven:
    """Where two studies are equal: values of the parameter at `path`, in `unit`.

    `crossings` has a row for each draw with all its crossings in rising order, filled up with NaN; `values` are the
    first ones, NaN in a draw that has none. `nominals` are all crossings at nominal values and `nominal` the first,
    None where there is none: then `lower` names the study that is lower throughout. `count` and `nominal_count` are
    how many functional units the first study has rendered at the first crossing.
    """

    path: str
    crossings: Array
    unit: str
    nominals: tuple[float, ...]
    count: Array
    nominal_count: float | None
    lower: str = ""
    count_unit: str = "functional units"

    @property
    def values(self) -> Array:
        """The first crossing of every draw; NaN where the two studies never meet in the range."""
        return self.crossings[:, 0]

    @property
    def nominal(self) -> float | None:
        """The first crossing at nominal values, None where there is none."""
        return self.nominals[0] if self.nominals else None

    @property
    def probability(self) -> float:
        """The share of draws in which the two studies are equal somewhere in the range."""
        return float(np.mean(np.isfinite(self.values)))

    @property
    def several(self) -> float:
        """The share of draws in which they are equal at more than one value."""
        return float(np.mean(np.isfinite(self.crossings).sum(axis=1) > 1))

    @entry
    def quantile(self, q: float, *, of: str = "values") -> float:
        """A quantile of the first crossing ("values") or its "count", over the draws that have one.

        Raises `MissingError` where no draw has one.
        """
        array: Array = getattr(self, one_of(of, ("values", "count"), "array", "quantile(of=)"))
        kept = array[np.isfinite(array)]
        if not kept.size:
            raise MissingError("no draw has a break-even in the range", where=self.path, fix="widen between=")
        return float(np.quantile(kept, q))

    def __repr__(self) -> str:
        at = ", ".join(f"{value:.4g}" for value in self.nominals)
        plain = f"at nominal values {self.lower or 'neither'} is lower throughout"
        if self.nominals:
            plain = f"at nominal values: {at} {self.unit}"
        if self.probability == 0:
            return f"<no break-even of {self.path} in the range in any draw; {plain}>"
        low, middle, high = (f"{self.quantile(q):.4g}" for q in (0.05, 0.5, 0.95))
        few, some, many = (f"{self.quantile(q, of='count'):.4g}" for q in (0.05, 0.5, 0.95))
        text = f"<break-even at {self.path} = {middle} {self.unit} ({low} to {high}), {some} {self.count_unit} "
        text += f"({few} to {many}); in {self.probability:.0%} of draws"
        if self.probability < 1:
            text += "; the others never cross in the range, and are in no interval"
        if self.several:
            text += f"; the first of several in {self.several:.0%} of draws"
        return f"{text}; {plain}>"


@entry
def breakeven(
    study_a: Study,
    study_b: Study,
    *,
    vary: str,
    between: tuple[Any, Any],
    draws: int = 10_000,
    seed: int = 0,
    points: int = 400,
) -> Breakeven:
    """The values of the parameter at path `vary` at which both studies have the same total, draw by draw.

    `between` bounds the search; both studies get the value, and share their random numbers. `points` values of the
    range (1,000 for the nominal crossings), half in even steps and half in even ratios, are looked at: between two
    with opposite signs the root is found by Chandrupatla's method (SciPy). A jump from one sign to the other is a
    crossing, too. Two crossings between neighbouring points are not seen: give more points where totals have
    narrow steps. `vary` may also be the key of a value ("electricity/FRA/2024.intensity", as `provenance` lists it).

    The bounds go through the door of the field, like any value of it. Raises `MissingError` where the path is no
    single parameter in either study, `UnitError` for bounds of another unit, `DomainError` for bounds outside the
    domain of the field or out of order, where the totals vary over alternatives, and for studies that are equal
    whatever the value.
    """
    keys = {key for key in (_key(study_a, vary), _key(study_b, vary)) if key is not None}
    if not keys:
        raise MissingError(
            f"{vary!r} is no single parameter in either study", where="vary", fix=_near(study_a, study_b, vary)
        )
    finite_number(draws, "draws", low=1, whole=True)
    finite_number(points, "points", low=2, whole=True)
    low, high, unit, factor = _range(study_a, study_b, vary, between)
    # with the upper bound in place the years of use reach as far as the search, and a value that breaks a law raises
    programs = tuple(_program(_at(study, vary, between[1])) for study in (study_a, study_b))
    drawn = _Gap(programs, keys, RandomDesign(seed), held_keys(programs[0], ()) | held_keys(programs[1], ()))
    plain = _Gap(programs, keys, RandomDesign(seed), {leaf.key for one in programs for leaf in one.leaves})
    places = _places(low, high, max(points, _NOMINAL_POINTS))
    signs = np.sign(plain(places))
    if not signs.any():
        raise DomainError(
            "the two studies are equal whatever the value: both are given it, and they differ in nothing else",
            where="vary",
            sides=[study_a.name, study_b.name],
            fix="compare studies that differ in something beside what is varied",
        )
    (found,) = _crossings(plain, places, signs[:, None]).tolist()
    found = [x for x in found if x == x]
    places = _places(low, high, points)
    crossings = _crossings(drawn, places, (np.sign(drawn(np.full(draws, x))) for x in places))
    first = crossings[:, 0]
    count = np.where(np.isfinite(first), drawn.count(np.where(np.isfinite(first), first, low)), np.nan)
    nominal_count = float(plain.count(np.array(found[:1]))[0]) if found else None
    lower = "" if found else (study_a if signs[0] < 0 else study_b).name
    return Breakeven(vary, crossings / factor, unit, tuple(x / factor for x in found), count, nominal_count, lower)


@dataclass(frozen=True)
class _Gap:
    """The first total less the second, at one value of the parameter for each draw; 0 where they are equal (U7)."""

    programs: tuple[Program, ...]
    keys: set[str]
    design: RandomDesign
    frozen: set[str]

    def _values(self, program: Program, x: Array) -> dict[str, Array]:
        given = {leaf.key: x for leaf in program.leaves if leaf.key in self.keys}
        frozen = self.frozen & {leaf.key for leaf in program.leaves}
        return evaluate(program, draws=x.size, design=self.design, freeze=frozen, overrides=given)

    def __call__(self, x: Array) -> Array:
        one, other = (self._values(program, x)["total"] for program in self.programs)
        gap: Array = one - other
        gap[np.abs(gap) <= _SAME * np.abs(one)] = 0.0
        return gap

    def count(self, x: Array) -> Array:
        """How many functional units the first study renders."""
        program = self.programs[0]
        return self._values(program, x)["functional_unit"] / program.outputs["functional_unit"].factor

    def root(self, left: Array, right: Array) -> Array:
        """A value between two at which the sign changes, for each draw; NaN where the two are NaN."""
        from scipy.optimize import elementwise

        made = np.full(left.size, np.nan)
        wanted = np.flatnonzero(np.isfinite(left))
        if not wanted.size:
            return made

        def gap(x: Array, which: Array) -> Array:
            whole = np.full(left.size, left[wanted[0]])
            whole[which.astype(int)] = x
            return np.asarray(self(whole)[which.astype(int)])

        ends = left[wanted], right[wanted]
        found = elementwise.find_root(gap, ends, args=(wanted.astype(float),), tolerances={"xrtol": _CLOSE})
        made[wanted] = found.x
        return made


def _crossings(gap: _Gap, places: Array, signs: Iterable[Array]) -> Array:
    """All crossings of every draw in rising order, filled up with NaN, from the signs at every place.

    A crossing lies where a sign follows another, or where the totals become equal; from there on they may be equal
    for a while, and that is no further one.
    """
    rows, ends = [], []
    before, left = np.full(1, np.nan), places[0]
    for right, sign in zip(places, signs, strict=True):
        which = np.flatnonzero((sign != before) & (before != 0) & ((sign == 0) | np.isfinite(before)))
        rows.append(which)
        ends.append(np.tile([[left], [right]], which.size))
        before, left = sign, right
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    row = row[order]
    number = np.arange(row.size) - np.searchsorted(row, row)
    brackets = np.full((2, before.size, 1 + number.max(initial=0)), np.nan)
    brackets[:, row, number] = np.concatenate(ends, axis=1)[:, order]
    return np.column_stack([gap.root(*brackets[..., k]) for k in range(brackets.shape[-1])])


def _places(low: float, high: float, count: int) -> Array:
    """Values from one end to the other, in even steps and, above 0, in even ratios."""
    if low <= 0:
        return np.linspace(low, high, count)
    inside = np.concatenate([np.linspace(low, high, count // 2), np.geomspace(low, high, count - count // 2)])
    return np.unique(np.clip(inside, low, high))


def _near(a: Study, b: Study, path: str) -> str:
    """Paths and keys that can be varied, those like the one asked for first."""
    keys = [leaf.key for study in (a, b) for leaf in study.model.program.of("total").used if not leaf.parameter.dims]
    return did_you_mean(path, keys, cutoff=0.3)


def _at(study: Study, path: str, value: Any) -> Study:
    return study if _field(study, path) is None else study.replace({path: value})


def _program(study: Study) -> Program:
    if study.model.outputs["total"].dims:
        dims = ", ".join(study.model.outputs["total"].dim_names)
        raise DomainError("a break-even is between two numbers", where=study.name, fix=f"select one label of {dims}")
    return study.model.program.of("total", "functional_unit")


def _field(study: Study, path: str) -> tuple[Any, str] | None:
    """The record and the field of a path that is a single parameter."""
    try:
        holders, field = find(study.components, path)
    except (MissingError, RecordError):
        return None
    parameter = getattr(getattr(holders[0], field), "parameter", None)
    return (holders[0], field) if parameter is not None and not parameter.dims else None


def _key(study: Study, path: str) -> str | None:
    """The key behind a path, or the path itself where it is the key of a single value of the total."""
    found = _field(study, path)
    if found is not None:
        return str(getattr(*found).parameter.key)
    return path if _leaf(study, path) is not None else None


def _leaf(study: Study, key: str) -> Node | None:
    leaves = [leaf.parameter for leaf in study.model.program.of("total").used]
    return next((parameter_node(one) for one in leaves if one.key == key and not one.dims), None)


def _range(a: Study, b: Study, path: str, between: tuple[Any, Any]) -> tuple[float, float, str, float]:
    where = f"between, {path}"
    text = next(iter([read_scalar(end, where)[1] for end in between]))
    holder = _field(a, path) or _field(b, path)
    if holder is not None:
        node: Node = getattr(*holder)
    else:
        node = next(leaf for leaf in (_leaf(a, path), _leaf(b, path)) if leaf is not None)
    ends = []
    for end in between:
        given = resolve_field(*holder, end) if holder is not None else end
        given = given if isinstance(given, Node) else parameter(path, end)  # a field that declares no unit
        if given.unit != node.unit:
            raise UnitError(
                "the bounds have another unit than the parameter",
                where=where,
                sides=[unit_text(given.unit), unit_text(node.unit)],
                fix=f'write them as "... {unit_text(node.unit)}"',
            )
        assert given.parameter is not None
        ends.append(float(given.parameter.nominal))
    if not ends[0] < ends[1]:
        raise DomainError("the bounds are not in order", where=where, fix="the lower one first")
    return ends[0], ends[1], text or unit_text(node.unit), parse_unit(text)[0]

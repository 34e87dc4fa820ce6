"""Break-even: at which value of one parameter two studies are equal, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DomainError, MissingError, RecordError, UnitError
from ..expression.components import find, resolve_field
from ..expression.distribution import read_scalar
from ..expression.node import Node
from ..expression.program import Program, compile_program
from ..expression.value import parameter
from ..sampling.design import RandomDesign
from ..sampling.evaluate import evaluate
from ..study.study import Study
from ..units import parse_unit, unit_text
from .result import held_keys, settled

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Breakeven:
    """Where two studies are equal: `values` of the parameter (NaN where they never are), in `unit`.

    `probability` is the share of draws with a crossing inside the range; `count` holds the functional
    units of the first study at the crossing, in `count_unit`; `nominal` is the crossing at nominal values.
    """

    path: str
    values: Array
    unit: str
    nominal: float
    count: Array
    count_unit: str
    nominal_count: float
    lower: str = ""  # the study that is lower at nominal values, where they never cross

    @property
    def probability(self) -> float:
        """The share of draws in which the two studies are equal somewhere in the range."""
        return float(np.mean(np.isfinite(self.values)))

    def quantile(self, q: float, *, of: str = "values") -> float:
        """A quantile over the draws that have a crossing."""
        array = getattr(self, of)
        kept = array[np.isfinite(array)]
        return float(np.quantile(kept, q)) if kept.size else float("nan")

    def __repr__(self) -> str:
        if self.probability == 0:
            return f"<no break-even of {self.path} in the range: {self.lower or 'neither'} is lower throughout>"
        low, middle, high = (self.quantile(q) for q in (0.05, 0.5, 0.95))
        counts = [self.quantile(q, of="count") for q in (0.05, 0.5, 0.95)]
        return (
            f"<break-even at {self.path} = {middle:.4g} {self.unit} ({low:.4g} to {high:.4g}), "
            f"{counts[1]:.4g} {self.count_unit} ({counts[0]:.4g} to {counts[2]:.4g}); "
            f"in {self.probability:.0%} of draws"
            + (">" if self.probability == 1 else "; the others never cross in the range, and are in no interval>")
        )


def breakeven(
    study_a: Study, study_b: Study, *, vary: str, between: tuple[Any, Any], draws: int = 10_000, seed: int = 0
) -> Breakeven:
    """The value of the parameter at path `vary` at which both studies have the same total, draw by draw.

    `between` bounds the search; both studies get the value, and share their random numbers. The root is
    found per draw by Chandrupatla's method (SciPy). A crossing needs opposite signs at the two ends. `vary` may
    also be the key of a value ("electricity/FRA/2024.intensity", as `provenance` lists it).

    The bounds go through the door of the field, like any value of it. Raises `MissingError` where the path is no
    single parameter in either study, `UnitError` for bounds of another unit, `DomainError` for bounds outside the
    domain of the field or out of order, where the totals vary over alternatives, and for studies that are equal
    whatever the value.
    """
    from scipy.optimize import elementwise

    keys = {key for key in (_key(study_a, vary), _key(study_b, vary)) if key is not None}
    if not keys:
        raise MissingError(
            f"{vary!r} is no single parameter in either study", where="vary", mend=_near(study_a, study_b, vary)
        )
    low, high, unit, factor = _range(study_a, study_b, vary, between)
    # with the upper bound in place the years of use reach as far as the search, and a value that breaks a law raises
    programs = [_program(_at(study, vary, between[1])) for study in (study_a, study_b)]
    design = RandomDesign(seed)

    def totals(x: Array, n: int | None) -> tuple[Array, Array, Array]:
        found = []
        for program in programs:
            given = {leaf.key: x for leaf in program.leaves if leaf.key in keys}
            frozen = held_keys(program, ())
            values = evaluate(program, draws=n, design=design, freeze=frozen, overrides=given)
            found.append(np.broadcast_to(values["total"], x.shape))
            if program is programs[0]:
                count = np.broadcast_to(values["functional_unit"], x.shape)
        return np.asarray(found[0] - found[1]), np.asarray(count), np.abs(found[0])

    def solve(n: int | None) -> tuple[Array, Array]:
        size = n or 1

        def difference(x: Array, index: Array) -> Array:
            whole = np.full(size, low)
            whole[index.astype(int)] = x
            gap: Array = totals(whole, n)[0][index.astype(int)]
            return gap

        ends = np.full(size, low), np.full(size, high)
        with np.errstate(invalid="ignore"):
            found = elementwise.find_root(difference, ends, args=(np.arange(size, dtype=np.float64),))
        x = np.where(found.success, found.x, np.nan)
        count = totals(np.where(np.isfinite(x), x, low), n)[1]
        return x, np.where(np.isfinite(x), count, np.nan)

    lower = _never_equal(totals, low, high, study_a, study_b)
    (plain,), (plain_count,) = solve(None)
    x, count = solve(draws)
    output = programs[0].outputs["functional_unit"]
    return Breakeven(
        vary,
        x / factor,
        unit,
        float(plain) / factor,
        count / output.factor,
        output.unit,
        float(plain_count) / output.factor,
        lower,
    )


def _never_equal(totals: Any, low: float, high: float, a: Study, b: Study) -> str:
    """The study that is lower at nominal values at both ends, if one is; raises where they are equal at both."""
    found = [totals(np.array([end]), None) for end in (low, high)]
    gaps = [float(gap[0]) for gap, _, _ in found]
    if all(abs(gap[0]) <= 1e-12 * size[0] for gap, _, size in found):
        raise DomainError(
            "the two studies are equal whatever the value: both are given it, and they differ in nothing else",
            where="vary",
            sides=[a.name, b.name],
            mend="compare studies that differ in something beside what is varied",
        )
    if gaps[0] * gaps[1] > 0:
        return a.name if gaps[0] < 0 else b.name
    return ""


def _near(a: Study, b: Study, path: str) -> str:
    """Paths and keys that can be varied, those like the one asked for first."""
    from difflib import get_close_matches

    keys = dict.fromkeys(
        leaf.parameter.key
        for study in (a, b)
        for leaf in settled({"total": study.model.outputs["total"]})
        if leaf.parameter is not None and not leaf.parameter.dims
    )
    return f"such as {', '.join(get_close_matches(path, keys, 4, 0.3) or list(keys)[:6])}"


def _at(study: Study, path: str, value: Any) -> Study:
    return study if _field(study, path) is None else study.replace({path: value})


def _program(study: Study) -> Program:
    outputs = {name: study.model.outputs[name] for name in ("total", "functional_unit")}
    if study.model.outputs["total"].dims:
        dims = ", ".join(study.model.outputs["total"].dim_names)
        raise DomainError("a break-even is between two numbers", where=study.name, mend=f"select one label of {dims}")
    return compile_program(outputs)


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
    leaves = settled({"total": study.model.outputs["total"]})
    return next((n for n in leaves if n.parameter and n.parameter.key == key and not n.parameter.dims), None)


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
                mend=f'write them as "... {unit_text(node.unit)}"',
            )
        assert given.parameter is not None
        ends.append(float(given.parameter.nominal))
    if not ends[0] < ends[1]:
        raise DomainError("the bounds are not in order", where=where, mend="the lower one first")
    return ends[0], ends[1], text or unit_text(node.unit), parse_unit(text)[0]

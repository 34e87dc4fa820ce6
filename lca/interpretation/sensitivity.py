"""What drives the spread: Sobol' indices and one-at-a-time swings (U11).

Estimators: first order after Saltelli et al. 2010 (Comput. Phys. Commun. 181, table 2, b), total order after
Jansen 1999 (ibid., table 2, f), each on several independent scramblings of Sobol' points; the scatter
between scramblings gives the interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas

from ..arguments import entry
from ..errors import DomainError, MissingError
from ..expression.node import Node, constant
from ..expression.program import Leaf, Program, view
from ..sampling.design import MatrixDesign, columns_of, sobol_points
from ..sampling.evaluate import evaluate
from ..units import display
from .result import denominator, held_keys, model_of, moved, output_named
from .table import Table

Array = npt.NDArray[np.float64]

SCRAMBLINGS = 8
_LEVEL = 0.90


@dataclass(frozen=True)
class Question:
    """What a sensitivity is of: an output of a program, divided by how many of a denominator there are."""

    program: Program
    node: Node  # says its unit and dims
    of: str
    below: str = ""
    size: float = 1.0  # root units of the denominator that make one

    def values(self, program: Program, **how: Any) -> Array:
        """Its values (labels..., draws), in root units; `program` is its own or one that was moved."""
        found = evaluate(program, **how)
        if not self.below:
            return found[self.of]
        outputs = self.program.outputs
        above, below = (
            found[name].reshape((*view(outputs[name].dims, self.node.dims), -1)) for name in (self.of, self.below)
        )
        return np.asarray(above / (below / self.size))


def question(thing: Any, of: str, per: str) -> Question:
    """The output that a sensitivity is of, with what it is divided by."""
    model = model_of(thing)
    name = output_named(model.outputs, of)
    node = model.outputs[name]
    if per == "total":
        return Question(model.program.of(name), node, name)
    below, count, _ = denominator(model.outputs, per)
    unit = model.outputs[below].unit
    size = count * display(unit)[1]
    made = node / (model.outputs[below] / constant(size, unit))
    return Question(model.program.of(name, below), made, name, below, size)


def first_order(f_a: Array, f_b: Array, f_ab: Array) -> Array:
    """S_i = E[f(B) (f(A_B^i) - f(A))] / V (Saltelli et al. 2010, table 2, b); draws are the last axis."""
    return np.asarray(np.mean(f_b * (f_ab - f_a), axis=-1) / _variance(f_a, f_b))


def total_order(f_a: Array, f_b: Array, f_ab: Array) -> Array:
    """T_i = E[(f(A) - f(A_B^i))^2] / 2V (Jansen 1999; Saltelli et al. 2010, table 2, f)."""
    return np.asarray(np.mean((f_a - f_ab) ** 2, axis=-1) / (2 * _variance(f_a, f_b)))


def _variance(f_a: Array, f_b: Array) -> Array:
    return np.asarray(np.var(np.concatenate([f_a, f_b], axis=-1), axis=-1))


@entry
def sobol(
    thing: Any,
    *,
    of: str = "total",
    per: str = "total",
    groups: Mapping[str, Iterable[str]] | None = None,
    base: int = 1024,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """First- and total-order Sobol' indices of every parameter with a spread, with 90 % intervals.

    A parameter whose labels have their own streams counts as one. `groups` joins keys under a name; keys
    that it does not mention stand alone. `base` points (a power of two) on each of 8 scramblings cost
    8 x base x (parameters + 2) evaluations. With alternatives there is a row per alternative.

    Returns a table with columns first, first_low, first_high, total, total_low, total_high, sorted by
    total. Raises `DomainError` for groups that name a key twice or an unknown one.
    """
    asked = question(thing, of, per)
    program = asked.program
    held = held_keys(program, mix)
    keys = _spread_keys(program, held, of)
    grouped = _grouped(keys, groups)
    estimates = [_one_scrambling(asked, grouped, held, base, seed * SCRAMBLINGS + i) for i in range(SCRAMBLINGS)]
    stacked = np.array(estimates)  # (scramblings, first or total, groups, labels...)
    table = _index_table(stacked, list(grouped), asked.node)
    table.attrs["note"] = (
        f"Sobol' indices of {of} per {per}: {SCRAMBLINGS} scramblings x {base:,} points; "
        f"{_LEVEL:.0%} intervals from their scatter{_conditions(program, held)}"
    )
    return table


def _conditions(program: Program, held: set[str]) -> str:
    """What a sensitivity holds for alone: choices that stay nominal, and the weights of those that are mixed (U9)."""
    weights = {}
    for one in (program.instructions[i] for i in program.needed(o.value for o in program.outputs.values())):
        leaf = program.instructions[one.inputs[0]].leaf if one.op == "choice" else -1
        if leaf >= 0 and (key := program.leaves[leaf].key) not in held:
            edges = (0.0, *one.static["thresholds"], 1.0)
            weights[key] = " : ".join(f"{high - low:.2g}" for low, high in pairwise(edges))
    given = [f"given the choice of {', '.join(sorted(held))}"] if held else []
    given += [f"given these weights: {key} {shares}" for key, shares in sorted(weights.items())]
    return "".join(f"; {text}" for text in given)


def _spread_keys(program: Program, held: set[str], of: str) -> list[str]:
    keys = [key for key in program.keys if key not in held]
    if not keys:
        raise MissingError("no parameter of this result has a spread", where=of)
    return keys


def _grouped(keys: Sequence[str], groups: Mapping[str, Iterable[str]] | None) -> dict[str, list[str]]:
    named = {name: list(members) for name, members in (groups or {}).items()}
    members = [key for group in named.values() for key in group]
    wrong = sorted({key for key in members if key not in keys or members.count(key) > 1})
    if wrong:
        raise DomainError(
            f"groups name unknown keys, or one key twice: {', '.join(wrong)}",
            where="groups",
            fix=f"keys with a spread: {', '.join(keys)}",
        )
    return {**named, **{key: [key] for key in keys if key not in members}}


def _one_scrambling(
    asked: Question, groups: Mapping[str, Sequence[str]], held: set[str], base: int, seed: int
) -> Array:
    program = asked.program
    columns = columns_of(program.streams, program.keys)
    points = sobol_points(base, 2 * len(columns), seed)
    a, b = points[: len(columns)], points[len(columns) :]
    swapped = []
    for members in groups.values():
        mixed = a.copy()
        rows = [i for i, (key, _) in enumerate(columns) if key in members]
        mixed[rows] = b[rows]
        swapped.append(mixed)
    matrix = np.concatenate([a, b, *swapped], axis=1)
    design = MatrixDesign("saltelli", columns, matrix)
    values = asked.values(program, draws=matrix.shape[1], design=design, freeze=held)
    runs = np.split(values - values[..., : 2 * base].mean(axis=-1, keepdims=True), len(groups) + 2, axis=-1)
    f_a, f_b = runs[0], runs[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [[rule(f_a, f_b, f_ab) for f_ab in runs[2:]] for rule in (first_order, total_order)]
    return np.asarray(np.nan_to_num(np.array(found)))  # no variance, no index


def _index_table(estimates: Array, names: Sequence[str], node: Node) -> Table:
    from scipy.special import stdtrit

    mean = estimates.mean(axis=0)
    half = stdtrit(SCRAMBLINGS - 1, (1 + _LEVEL) / 2) * estimates.std(axis=0, ddof=1) / np.sqrt(SCRAMBLINGS)
    shape = tuple(len(dim) for dim in node.dims)
    rows: list[dict[str, Any]] = []
    for labels in np.ndindex(*shape):
        where = {dim.name: dim.labels[i] for dim, i in zip(node.dims, labels, strict=True)}
        for position, name in enumerate(names):
            row: dict[str, Any] = {**where, "parameter": name}
            for order, kind in enumerate(("first", "total")):
                at = (order, position, *labels)
                row |= {kind: mean[at], f"{kind}_low": mean[at] - half[at], f"{kind}_high": mean[at] + half[at]}
            rows.append(row)
    dims = list(node.dim_names)
    frame = pandas.DataFrame.from_records(rows)
    frame = frame.sort_values([*dims, "total"], ascending=[True] * len(dims) + [False], kind="stable")
    return Table(frame.set_index([*dims, "parameter"]))


@entry
def tornado(thing: Any, *, of: str = "total", per: str = "total", level: float = 0.9, mix: Iterable[str] = ()) -> Table:
    """How far the nominal result moves when one parameter at a time goes to the ends of its interval.

    `level` is the probability between the ends. All labels of a parameter move together. Parameters of kind
    model or scenario stay nominal unless `mix` names their keys (U8). Returns low, high (results), swing, in
    display units, sorted by swing, and `attrs["nominal"]`; the result must not vary over alternatives: select first.
    """
    if not 0 < level < 1:
        raise DomainError(f"{level!r} is no probability between two ends", where="level", fix="level=0.9")
    asked = question(thing, of, per)
    if asked.node.dims:
        raise DomainError("a tornado is of one number", where=of, fix=f"study.sel({asked.node.dims[0].name}=...)")
    program = asked.program
    text, factor = display(asked.node.unit)
    ends = {"low": (1 - level) / 2, "high": (1 + level) / 2}
    held = held_keys(program, mix)
    rows = []
    for key in _spread_keys(program, held, of):
        row: dict[str, Any] = {"parameter": key}
        for name, u in ends.items():
            at_end = moved(program, key, lambda leaf, u=u: _quantiles(leaf, u))  # type: ignore[misc]
            row[name] = float(asked.values(at_end)[0]) / factor
        unit = text + ("" if per == "total" else f"/{per.replace('_', ' ')}")
        rows.append({**row, "swing": abs(row["high"] - row["low"]), "unit": unit})
    table = Table(pandas.DataFrame.from_records(rows)).sort_values("swing", ascending=False).set_index("parameter")
    between = f"one at a time between the {ends['low']:.0%} and {ends['high']:.0%} quantiles"
    table.attrs["note"] = between + _conditions(program, held)
    table.attrs["nominal"] = float(asked.values(program)[0]) / factor
    return table


def _quantiles(leaf: Leaf, u: float) -> Array:
    """The exact quantile of every label of a parameter; a label without spread stays where it is."""
    rows = leaf.parameter.rows
    standard = [0.0 if i < 0 else float(rows.shapes[i].ppf(np.array([u]))[0]) for i in rows.shape_of]
    return np.asarray(rows.location + rows.scale * np.array(standard)).reshape(leaf.nominal.shape)

"""What drives the spread: Sobol' indices and one-at-a-time swings (U11).

Estimators: first order after Saltelli et al. 2010 (Comput. Phys. Commun. 181, table 2, b), total order after
Jansen 1999 (ibid., table 2, f), each on several independent scramblings of Sobol' points; the scatter
between scramblings gives the interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas

from ..arguments import entry
from ..checks import Array, some
from ..errors import DomainError, MissingError
from ..fits import half_width
from ..graph.node import Node, constant
from ..graph.program import Leaf, Program, compile_program
from ..sampling.correlated import columns_of
from ..sampling.downstream import Block, Downstream
from ..sampling.evaluate import evaluate
from ..sampling.moves import moved
from ..sampling.scrambled import ScrambledPoints
from ..units.text import display
from .draws import held_keys
from .result import Evaluable, model_of, output_named
from .spreads import denominator
from .table import Table
from .value_names import value_name

SCRAMBLINGS = 8
_LEVEL = 0.90


def question(thing: Evaluable, of: str, per: str) -> tuple[Program, Node]:
    """(the program of the output that a sensitivity is of, as it is or per something; the same as a node)."""
    model = model_of(thing)
    name = output_named(model.outputs, of)
    node = model.outputs[name]
    if per == "total":
        return model.program.of(name), node
    below, count, _ = denominator(model.outputs, per)
    unit = model.outputs[below].unit
    node = node / (model.outputs[below] / constant(count * display(unit)[1], unit))
    return compile_program({name: node}, correlated=model.program.correlated), node


def _values(program: Program, **how: Any) -> Array:
    """The values of the only output (labels..., draws), in root units."""
    (found,) = evaluate(program, **how).values()
    return found


def first_order(f_b: Array, change: Array) -> Array:
    """S_i V = E[f(B) (f(A_B^i) - f(A))] from the change in brackets (Saltelli et al. 2010, table 2, b)."""
    return np.asarray(np.einsum("...i,...i->...", f_b, change) / change.shape[-1])


def total_order(change: Array) -> Array:
    """T_i V = E[(f(A) - f(A_B^i))^2] / 2 from the change in brackets (Jansen 1999; ibid., table 2, f)."""
    return np.asarray(np.einsum("...i,...i->...", change, change) / (2 * change.shape[-1]))


@entry
def sobol(
    thing: Evaluable,
    *,
    of: str = "total",
    per: str = "total",
    groups: Mapping[str, Iterable[str]] | None = None,
    base: int = 1024,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """First-order and total Sobol' indices of every parameter with a spread, with 90 % intervals.

    Estimators: Saltelli et al. 2010 (table 2, b) for the first order and Jansen 1999 (table 2, f there) for the
    total, on 8 scramblings of Sobol' points. They cost 8 x base x (parameters + 2) evaluations.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    groups : mapping of str to sequence of str
        Keys that count as one, by a name for the group. Other keys stand alone.
    base : int
        Points of each scrambling, a power of two.
    seed : int
        The seed of the scramblings.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8).

    Returns
    -------
    Table
        Columns `first`, `first_low`, `first_high`, `total`, `total_low`, `total_high`; a row for each parameter,
        largest total first. With alternatives there are rows for each. All labels of a parameter count as one.

    Raises
    ------
    DomainError
        If a group names an unknown key, or a key twice.
    MissingError
        If the output is unknown, or no parameter has a spread.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Normal("3 kWh at_wall", "2 kWh at_wall"))
    >>> b = lca.parameter("b", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    >>> sobol(a + b, base=256)["first"].round(1).to_dict()
    {'a': 0.8, 'b': 0.2}
    """
    program, node = question(thing, of, per)
    held = held_keys(program, mix)
    grouped = _grouped(_spread_keys(program, held, of), groups)
    _refuse_split_groups(program, grouped)
    estimates = _indices(program, grouped, held, base, seed)
    what = of if per == "total" else f"{of} per {per}"
    note = (
        f"Sobol' indices of {what}: {SCRAMBLINGS} scramblings x {base:,} points; "
        f"{_LEVEL:.0%} intervals from their scatter{_conditions(program, held)}"
    )
    names = {key: value_name(key) if members == [key] else key for key, members in grouped.items()}
    return _index_table(estimates, names, node, note)


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
        raise MissingError.of("no_spread", of)
    return keys


def _grouped(keys: Sequence[str], groups: Mapping[str, Iterable[str]] | None) -> dict[str, list[str]]:
    named = {name: list(members) for name, members in (groups or {}).items()}
    members = [key for group in named.values() for key in group]
    wrong = sorted({key for key in members if key not in keys or members.count(key) > 1})
    if wrong:
        raise DomainError.of("wrong_keys_in_groups", "groups", wrong=", ".join(wrong), keys=", ".join(keys))
    return {**named, **{key: [key] for key in keys if key not in members}}


def _refuse_split_groups(program: Program, groups: Mapping[str, Sequence[str]]) -> None:
    """Indices hold for independent inputs: those that depend on each other stand in one group (U11)."""
    for tied in program.correlated:
        members = set(tied.keys).intersection(*[[key for keys in groups.values() for key in keys]])
        if len(members) > 1 and not any(members <= set(keys) for keys in groups.values()):
            keys = ", ".join(map(repr, sorted(members)))
            raise DomainError.of("sobol_of_correlated_keys", "groups", keys=some(sorted(members)), group=f"[{keys}]")


def _indices(program: Program, groups: Mapping[str, Sequence[str]], held: set[str], base: int, seed: int) -> Array:
    """Estimates (scramblings, first or total, groups, labels...): means over the blocks of each scrambling."""
    designs = ScrambledPoints(columns_of(program, program.keys), base, SCRAMBLINGS, seed, sets=2)
    blocks = Downstream(program, freeze=held).blocks(designs.of_set(0), designs.of_set(1), SCRAMBLINGS * base)
    parts, centre = [], None
    for block in blocks:
        if centre is None:  # any value near the mean will do
            centre = sum(next(iter(f.values())).mean(axis=-1, keepdims=True) for f in (block.first, block.second)) / 2
        parts.append(_means(block, list(groups.values()), centre, base))
    mean, square, first, total = (
        np.concatenate(found, axis=-1).reshape(*found[0].shape[:-1], SCRAMBLINGS, -1).mean(axis=-1)
        for found in zip(*parts, strict=True)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.array([first, total]) / (square - mean**2)
    return np.nan_to_num(np.moveaxis(found, -1, 0))  # no variance, no index


def _means(block: Block, groups: Sequence[Sequence[str]], centre: Array, base: int) -> tuple[Array, ...]:
    """Means of f, of f^2, and for each group of both estimators, in each scrambling of a block."""

    def split(values: Mapping[str, Array]) -> Array:
        (made,) = values.values()
        return (made - centre).reshape(*made.shape[:-1], -1, min(base, made.shape[-1]))

    f_a, f_b = split(block.first), split(block.second)
    found = []
    for members in groups:
        change = split(block.swapped(members)) - f_a
        found.append((first_order(f_b, change), total_order(change)))
    first, total = (np.array(one) for one in zip(*found, strict=True))
    mean, square = ((np.mean(f_a**power, axis=-1) + np.mean(f_b**power, axis=-1)) / 2 for power in (1, 2))
    return mean, square, first, total


def _index_table(estimates: Array, names: Mapping[str, str], node: Node, note: str) -> Table:
    """The mean and the interval of estimates (scramblings, first or total, groups, labels...), sorted by total."""
    mean, half = estimates.mean(axis=0), half_width(estimates, _LEVEL)
    labels = list(product(*(dim.labels for dim in node.dims)))
    columns: dict[str, object] = {
        dim.name: [at[place] for at in labels] * len(names) for place, dim in enumerate(node.dims)
    }
    columns["parameter"] = [name for name in names for _ in labels]
    columns["words"] = [words for words in names.values() for _ in labels]
    for kind, middle, width in zip(("first", "total"), mean, half, strict=True):
        ends = {kind: middle, f"{kind}_low": middle - width, f"{kind}_high": middle + width}
        columns |= {name: values.ravel() for name, values in ends.items()}
    dims = list(node.dim_names)
    frame = pandas.DataFrame(columns)
    frame = frame.sort_values([*dims, "total"], ascending=[True] * len(dims) + [False], kind="stable")
    return Table.of(frame, [*dims, "parameter"], note)


@entry
def tornado(
    thing: Evaluable, *, of: str = "total", per: str = "total", level: float = 0.9, mix: Iterable[str] = ()
) -> Table:
    """How far the nominal result moves when one parameter at a time goes to the ends of its interval.

    All labels of a parameter move together.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What to analyse. The output must not vary over alternatives: select one first.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    level : float, 0 to 1
        The probability between the two ends.
    mix : sequence of str
        Keys of parameters of kind model or scenario that move, too; the others stay nominal (U8).

    Returns
    -------
    Table
        Columns `low`, `high` (results), `swing` and `unit`; a row for each parameter, largest swing first.
        `attrs["nominal"]` is the nominal result.

    Raises
    ------
    DomainError
        If the output varies over alternatives, or the level is outside 0 to 1.
    MissingError
        If the output is unknown, or no parameter has a spread.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Uniform("2 kWh at_wall", "4 kWh at_wall"))
    >>> tornado(a * 2, level=0.5)[["low", "high"]].values.tolist()
    [[5.0, 7.0]]
    """
    if not 0 < level < 1:
        raise DomainError.of("level_outside_0_to_1", "level", level=level)
    program, node = question(thing, of, per)
    if node.dims:
        raise DomainError.of("tornado_over_alternatives", of, dim=node.dims[0].name)
    text, factor = display(node.unit)
    unit = text + ("" if per == "total" else f"/{per.replace('_', ' ')}")
    ends = (1 - level) / 2, (1 + level) / 2
    held = held_keys(program, mix)
    keys = _spread_keys(program, held, of)
    (found,) = moved(program, [(key, partial(_at, u=u)) for key in keys for u in ends]).values()
    lows, highs = (found / factor).reshape(-1, 2).T.tolist()
    rows = [
        {"parameter": key, "words": value_name(key), "low": low, "high": high, "swing": abs(high - low), "unit": unit}
        for key, low, high in zip(keys, lows, highs, strict=True)
    ]
    between = f"one at a time between the {ends[0]:.0%} and {ends[1]:.0%} quantiles"
    table = Table.of(rows, "parameter", between + _conditions(program, held)).sort_values("swing", ascending=False)
    table.attrs["nominal"] = float(_values(program)[0]) / factor
    return table


def _at(leaf: Leaf, u: float) -> Array:
    return leaf.parameter.quantile(u).reshape(leaf.nominal.shape)

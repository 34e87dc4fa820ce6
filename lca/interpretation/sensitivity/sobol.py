"""What drives the spread: Sobol' indices (U11).

Estimators: first order after Saltelli et al. 2010 (Comput. Phys. Commun. 181, table 2, b), total order after
Jansen 1999 (ibid., table 2, f), each on several independent scramblings of Sobol' points; the scatter
between scramblings gives the interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
import pandas

from ...arguments import entry
from ...checks import Array
from ...errors import DomainError
from ...fits import half_width
from ...graph.node import Node
from ...graph.program import Program
from ...sampling.design import columns_of
from ...sampling.downstream import Block, Downstream
from ...sampling.scrambled import ScrambledPoints
from ..draws import held_keys
from ..result import Evaluable
from ..table import Table
from ..value_names import value_name
from .question import conditions, question, spread_keys

SCRAMBLINGS = 8
_LEVEL = 0.90


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
    grouped = _grouped(spread_keys(program, held, of), groups)
    estimates = _indices(program, grouped, held, base, seed)
    what = of if per == "total" else f"{of} per {per}"
    note = (
        f"Sobol' indices of {what}: {SCRAMBLINGS} scramblings x {base:,} points; "
        f"{_LEVEL:.0%} intervals from their scatter{conditions(program, held)}"
    )
    names = {key: value_name(key) if members == [key] else key for key, members in grouped.items()}
    return _index_table(estimates, names, node, note)


def _grouped(keys: Sequence[str], groups: Mapping[str, Iterable[str]] | None) -> dict[str, list[str]]:
    named = {name: list(members) for name, members in (groups or {}).items()}
    members = [key for group in named.values() for key in group]
    wrong = sorted({key for key in members if key not in keys or members.count(key) > 1})
    if wrong:
        raise DomainError.of("wrong_keys_in_groups", "groups", wrong=", ".join(wrong), keys=", ".join(keys))
    return {**named, **{key: [key] for key in keys if key not in members}}


def _indices(program: Program, groups: Mapping[str, Sequence[str]], held: set[str], base: int, seed: int) -> Array:
    """Estimates (scramblings, first or total, groups, labels...): means over the blocks of each scrambling."""
    designs = ScrambledPoints(columns_of(program.streams, program.keys), base, SCRAMBLINGS, seed, sets=2)
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

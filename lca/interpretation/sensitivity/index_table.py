"""Tables of indices: the mean and the interval of each from independent replicates, sorted, with ranks and a note."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import product

import numpy as np
import pandas

from ...checks import Array
from ...graph.labels import Dim
from ...graph.program import Program
from ..table import Table
from .points import LEVEL, SCRAMBLINGS
from .question import conditions
from .ranks import Ranks, by_replicates, convergence, ranks_of


def index_table(
    estimates: Mapping[str, Array],
    names: Mapping[str, str],
    dims: Sequence[Dim],
    *,
    by: str,
    more: Mapping[str, Array | Sequence[object]] | None = None,
    half: Callable[[Array], Array] = by_replicates,
    least: Array | None = None,
) -> tuple[Table, list[Ranks]]:
    """(a row for each name and alternative, the ranks of each alternative).

    Parameters
    ----------
    estimates : mapping of str to array (replicates, rows, labels...)
        The estimates of each column.
    names : mapping of str to str
        What each row is called in the index, and in words.
    dims : sequence of Dim
        The alternatives.
    by : str
        The column that is sorted by, largest first.
    more : mapping of str to array (rows, labels...) or sequence of objects (rows,)
        Further columns.
    half : callable
        Half of the interval of a mean, of replicates along the first axis.
    least : array (labels...)
        The smallest value of which a rank is spoken of, for each alternative.
    """
    labels = list(product(*(dim.labels for dim in dims)))
    columns: dict[str, object] = {dim.name: [at[place] for at in labels] * len(names) for place, dim in enumerate(dims)}
    columns["parameter"] = [name for name in names for _ in labels]
    columns["words"] = [words for words in names.values() for _ in labels]
    for kind, each in estimates.items():
        middle, width = each.mean(axis=0), half(each)
        ends = {kind: middle, f"{kind}_low": middle - width, f"{kind}_high": middle + width}
        columns |= {name: values.ravel() for name, values in ends.items()}
    for kind, given in (more or {}).items():
        columns[kind] = given.ravel() if isinstance(given, np.ndarray) else [one for one in given for _ in labels]
    flat = estimates[by].reshape(*estimates[by].shape[:2], -1)
    lowest = [None] * flat.shape[-1] if least is None else least.ravel().tolist()
    ranks = [ranks_of(flat[..., place], half, low) for place, low in enumerate(lowest)]
    columns["rank"] = [text for row in zip(*(one.texts() for one in ranks), strict=True) for text in row]
    index = [dim.name for dim in dims]
    frame = pandas.DataFrame(columns)
    frame = frame.sort_values([*index, by], ascending=[True] * len(index) + [False], kind="stable")
    return Table.of(frame, [*index, "parameter"]), ranks


def by_scatter(ranks: Sequence[Ranks], base: int, program: Program, held: Collection[str]) -> str:
    """The end of a note: where the intervals come from, what they tell apart, and what is held."""
    return (
        f"{LEVEL:.0%} intervals from the scatter of {SCRAMBLINGS} scramblings x {base:,} points; "
        f"{convergence(ranks, base, 'base {:,}')}{conditions(program, held)}"
    )

"""What depends on what: the correlations of a study, and how many parameters are assumed to be independent (U14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import pandas

from ..arguments import entry
from ..checks import some
from ..distributions.gaussian_copula import of_ranks
from ..graph.correlated import Group, drawn
from .result import Evaluable, model_of
from .table import Table

_COLUMNS = ("parameter", "other", "rank", "score", "form")


@entry
def dependence(thing: Evaluable) -> Table:
    """The correlations of a study, pair by pair; its note counts what is assumed to be independent (U14).

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What is evaluated.

    Returns
    -------
    Table
        A row for each correlated pair of `parameter` and `other`, or of labels of one parameter. `rank` is Spearman's
        rank correlation, as stated. `score` is the correlation of the normal scores, 2 sin(pi rank / 6). `form` says
        how it is drawn: "common factor", "matrix" or "level". `attrs["independent"]` has the keys with a spread that
        depend on no other.

    Raises
    ------
    LcaError
        If it cannot be evaluated.

    Examples
    --------
    >>> import lca
    >>> dependence(lca.parameter("power", lca.Normal("3 W", "1 W"))).attrs["independent"]
    ('power',)
    """
    program = model_of(thing).program
    there = [key for key, _ in drawn(leaf.parameter for leaf in program.used)]
    rows = [dict(zip(_COLUMNS, row, strict=True)) for group in program.correlated for row in _rows(group, there)]
    tied = {key for group in program.correlated for key in _members(group, there)}
    alone = tuple(key for key in there if key not in tied)
    made = Table.of(pandas.DataFrame(rows, columns=_COLUMNS), ["parameter", "other"], _note(there, alone))
    made.attrs["independent"] = alone
    return made


def _members(group: Group, there: Sequence[str]) -> list[str]:
    """The members that are drawn here, where these are several; or one whose labels depend on each other."""
    members = [key for key in group.keys if key in there]
    return members if members[1:] or group.levels else []


def _rows(group: Group, there: Sequence[str]) -> Iterator[tuple[str, str, float, float, str]]:
    members = _members(group, there)
    for one, other in combinations(members, 2):
        rank = group.ranks[group.keys.index(one)][group.keys.index(other)]
        if rank:
            yield one, other, rank, of_ranks(rank), "common factor" if group.factor else "matrix"
    for one in members:
        for dim, rank in group.levels:
            yield one, f"its other labels of {dim}", rank, of_ranks(rank), "level"


def _note(there: Sequence[str], alone: Sequence[str]) -> str:
    if len(alone) == len(there):
        return f"All {len(there)} parameters with a spread are assumed to be independent of each other."
    said = f"{len(there) - len(alone)} of {len(there)} parameters with a spread are correlated"
    return f"{said}; assumed to be independent ({len(alone)}): {some(alone) or 'none'}."

"""PAWN: how far the whole distribution of a result moves when one input is known, from draws that are there.

Pianosi and Wagener 2015 (Environ. Model. Softw. 67, 1-11), from given draws as in Pianosi and Wagener 2018 (ibid. 108,
197-207): the range of an input is cut into slices of equal probability. In each, the distance of Kolmogorov and Smirnov
between the distribution of the result there and over all draws is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...arguments import entry
from ...checks import Array, finite_number, one_of
from ...errors import DomainError, MissingError
from ...fits import NORMAL
from ...graph.labels import Dim
from ...sampling.design import Column, check_seed
from ..result import Evaluable, model_of
from ..table import Table
from ..value_names import value_name
from .given_draws import GivenDraws, given_draws
from .index_table import index_table
from .points import LEVEL
from .question import conditions, said_of
from .ranks import convergence

#: Samples of the draws with replacement, of which the scatter gives intervals; and of inputs that do nothing.
BOOTSTRAPS, _IDLE = 64, 256
#: Points of the distribution at which distances are looked at, and the quantile of inputs that do nothing.
_POINTS, _LIMIT = 256, 0.99
#: Draws of a slice, at least.
_FEWEST = 20
_STATISTICS: Mapping[str, Callable[..., Array]] = {"median": np.median, "mean": np.mean, "max": np.max}

_Whole = npt.NDArray[np.int64]


@entry
def pawn(
    thing: Evaluable,
    *,
    of: str = "total",
    per: str = "total",
    statistic: str = "median",
    slices: int = 10,
    draws: int = 16_384,
    seed: int = 0,
    mix: Iterable[str] = (),
) -> Table:
    """PAWN indices: how much the distribution of a result changes where an input is known, with 90 % intervals.

    It asks for no variance, so it suits skewed results, and correlated inputs too. Of a result it takes the draws that
    are there. From 0 (nothing changes) to 1.

    Parameters
    ----------
    thing : Result, Study, Node, or mapping of str to Node
        Draws of `monte_carlo`; anything else is drawn here.
    of : str
        The output.
    per : str
        "total", or what to divide by, as in `summary`.
    statistic : str
        "median", "mean" or "max" of the distances over the slices of an input. "max" sees what matters in one part of
        the range alone.
    slices : int
        Into how many slices the range of an input is cut.
    draws : int
        How many draws are taken, at most.
    seed : int
        The seed of samples with replacement, and of draws that are made here.
    mix : sequence of str
        Keys of parameters of kind model or scenario that are drawn (U8). Of a result, those that were mixed.

    Returns
    -------
    Table
        Columns `pawn`, `pawn_low`, `pawn_high`, `dummy`, `above_dummy`, `rank`; a row for each input, largest first. An
        input is a parameter, or a label of one whose labels are drawn apart. `dummy` is exceeded by 1 % of inputs that
        do nothing, and `above_dummy` says whether an index is larger.

    Raises
    ------
    DomainError
        If there are fewer than 20 draws in a slice, or a statistic is unknown.
    MissingError
        If the output is unknown or has no spread, or the random numbers of a result cannot be made again.

    Examples
    --------
    >>> import lca
    >>> a = lca.parameter("a", lca.Normal("3 kWh at_wall", "2 kWh at_wall"))
    >>> b = lca.parameter("b", lca.Normal("3 kWh at_wall", "0.01 kWh at_wall"))
    >>> pawn(a + b, draws=4096)["above_dummy"].to_dict()
    {'a': True, 'b': False}
    """
    one_of(statistic, tuple(_STATISTICS), "statistic", "statistic")
    least = _FEWEST * int(finite_number(slices, "slices", low=2, whole=True))
    finite_number(draws, "draws", low=least, whole=True)
    given = given_draws(thing, of, per, draws, seed, mix)
    if given.count < least:
        raise DomainError.of("too_few_draws_for_slices", "slices", count=given.count, slices=slices, least=_FEWEST)
    random = np.random.default_rng(check_seed(seed))
    flat = given.values.reshape(-1, given.count)
    found = [_of_one(values, given, slices, statistic, random) for values in flat]
    shape = given.values.shape[:-1]
    indices, dummy = (np.stack([one[place] for one in found], axis=-1) for place in (0, 1))
    indices *= _meeting(given.columns, given.dims).reshape(len(given.columns), -1)
    dummy = dummy.reshape(shape)
    every = np.broadcast_to(dummy, (len(given.columns), *shape))
    estimates = indices.reshape(*indices.shape[:2], *shape)
    more = {"dummy": every, "above_dummy": estimates.mean(axis=0) > every}
    called = model_of(thing).names
    names = {f"{key}{label}": f"{value_name(key, called)} {label}".strip() for key, label in given.columns}
    table, ranks = index_table({"pawn": estimates}, names, given.dims, by="pawn", more=more, half=_half, least=dummy)
    sure = convergence(ranks, given.count, "{:,} draws", "above the dummy")
    note = (
        f"PAWN of {said_of(of, per)}: {statistic} over {slices} slices of each input, {given.count:,} draws; "
        f"{LEVEL:.0%} intervals from {BOOTSTRAPS} samples of them; {sure}{conditions(given.program, given.held)}"
    )
    table = table[(table["pawn"] > 0).to_numpy()]
    if table.empty:
        raise MissingError.of("no_spread", of)
    table.attrs["note"] = note
    return table


def _half(each: Array) -> Array:
    """Half of an interval from samples with replacement."""
    return np.asarray(NORMAL * each.std(axis=0, ddof=1))


def _meeting(columns: Sequence[Column], dims: Sequence[Dim]) -> Array:
    """(inputs, labels...): 1 where an input can take part, 0 where it is that of another alternative alone."""
    made = np.ones((len(columns), *map(len, dims)))
    for row, (_, label) in enumerate(columns):
        own = label.strip("[]").split(",")
        for axis, dim in enumerate(dims):
            if any(part.startswith(f"{dim.name}=") for part in own):
                keep = np.array([f"{dim.name}={text}" in own for text in dim.texts], float)
                made[row] *= keep.reshape(-1, *[1] * (len(dims) - axis - 1))
    return made


@dataclass(frozen=True)
class _Distances:
    """The distances between the distribution in slices and in all draws, of draws that count so many times."""

    bins: _Whole  # of each draw, where its result stands in the distribution of all
    slices: int
    statistic: str

    def of(self, slice_of: _Whole, weights: Array) -> Array:
        """The statistic of some samples, from the slice and the weight of each draw (samples or 1, draws)."""
        samples, cells = max(len(slice_of), len(weights)), self.slices * _POINTS
        at = np.arange(samples)[:, None] * cells + (slice_of * _POINTS + self.bins)
        counts = np.bincount(at.ravel(), np.broadcast_to(weights, at.shape).ravel(), samples * cells)
        shares = np.cumsum(counts.reshape(samples, self.slices, _POINTS), axis=-1)
        whole = shares.sum(axis=1, keepdims=True)
        apart = np.abs(shares / np.maximum(shares[..., -1:], 1) - whole / whole[..., -1:]).max(axis=-1)
        return _STATISTICS[self.statistic](apart, axis=-1)


def _of_one(
    values: Array, given: GivenDraws, slices: int, statistic: str, random: np.random.Generator
) -> tuple[Array, float]:
    """(indices (samples, inputs) about those of the draws, the limit of inputs that do nothing) of one alternative."""
    edges = np.quantile(values, np.arange(1, _POINTS) / _POINTS)
    distances = _Distances(np.searchsorted(edges, values, side="left"), slices, statistic)
    taken = random.integers(0, given.count, (BOOTSTRAPS, given.count)) + np.arange(BOOTSTRAPS)[:, None] * given.count
    again = np.bincount(taken.ravel(), minlength=taken.size).reshape(taken.shape).astype(float)
    weights, once = np.concatenate([np.ones((1, given.count)), again]), np.ones((1, given.count))
    found = [distances.of(((one.astype(np.int64) * slices) >> 32)[None], weights) for one in given.numbers]
    own, samples = np.array([one[0] for one in found]), np.stack([one[1:] for one in found], axis=1)
    nothing = [distances.of(random.integers(0, slices, taken.shape), once) for _ in range(_IDLE // BOOTSTRAPS)]
    return samples - samples.mean(axis=0) + own, float(np.quantile(nothing, _LIMIT))

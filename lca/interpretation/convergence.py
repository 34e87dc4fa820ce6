"""The standard error of a statistic of a run: how far it is from that of infinitely many draws (U13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from ..checks import Array
from ..errors import DomainError, MissingError
from .draws import monte_carlo
from .result import Result
from .row_statistics import HALF, error_between, shares_around
from .spread import QUANTILES, SHARES, DrawnSpread, EstimatedSpread, Spread, StreamedSpread

#: What has an error.
STATISTICS = ("mean", *QUANTILES)
#: Designs that are more even than random draws, so that draws of one run do not show its error, and several runs.
_EVEN = {
    "sobol": "scramblings of as many Sobol' points",
    "latin_hypercube": "Latin hypercubes of as many draws",
}
#: Of fewer draws no order statistics bound the 5 and 95 % quantiles: 0.95^n has to be below 0.025.
_FEWEST = 72
#: How many runs of an even design are made for their scatter.
_RUNS = 8


def errors_of(
    result: Result, spreads: Sequence[Spread], again: Callable[[Result], Sequence[Spread]]
) -> list[dict[str, Array]]:
    """The standard errors of the mean and the quantiles of some spreads of a result, each over its dims.

    Of random draws the mean has sd / sqrt(n). A quantile has what lies between the order statistics at
    n q +- 1.96 sqrt(n q (1 - q)), over 2 x 1.96, which assumes no density (Hahn and Meeker 1991, section 5.2). Sobol'
    points and Latin hypercubes have the standard deviation of further runs, with `again` the same spreads of each. A
    run with `until` has its half-width over 1.96.
    """
    if "draw" not in result.data.sizes:
        raise MissingError.of("no_draws_no_errors", "errors")
    if result.reached is None and result.design in _EVEN:
        return _by_runs([again(one) for one in _runs(result)])
    if result.reached is None and result.draws < _FEWEST:
        raise DomainError.of("too_few_draws_for_errors", "errors", count=result.draws, least=_FEWEST)
    if result.design == "sobol" and any(isinstance(one, DrawnSpread) and one.drawn for one in spreads):
        raise MissingError.of("no_error_of_these_rows", "errors")
    return [_of(one, result.draws) for one in spreads]


def errors_note(result: Result) -> str:
    """How the errors came about."""
    how = "its half-widths over 1.96" if result.reached is not None else "of random draws"
    if result.design in _EVEN and result.reached is None:
        how = f"the standard deviation of {_RUNS} further {_EVEN[result.design]}"
    return (
        f" The columns `_se` are standard errors, {how}; 1.96 of them either side hold the true value in 95 % of runs."
    )


def _of(spread: Spread, draws: int) -> dict[str, Array]:
    if isinstance(spread, EstimatedSpread):
        return {name: np.asarray(spread.errors[name]) / HALF for name in STATISTICS}
    if not spread.drawn:
        return {}
    if isinstance(spread, StreamedSpread):
        return spread.errors
    n = spread.values.shape[-1]
    ends = np.quantile(spread.values, shares_around(SHARES, n), axis=-1)
    of_quantiles = dict(zip(QUANTILES, error_between(*ends), strict=True))
    return {"mean": spread.values.std(axis=-1) / np.sqrt(n), **of_quantiles}


def _runs(result: Result) -> Iterator[Result]:
    """The same run with other seeds."""
    per = result.streamed.per if result.streamed is not None else ("functional_unit",)
    details = any(name in result.data for name in result.model.details)
    for number in range(_RUNS):
        yield monte_carlo(
            result.model, draws=result.draws, design=result.design, seed=int(result.seed or 0) + 1 + number,
            mix=result.mixed, keep=result.keep, per=per, details=details, progress=False,
        )  # fmt: skip


def _by_runs(runs: Sequence[Sequence[Spread]]) -> list[dict[str, Array]]:
    """The standard error of one run, from the scatter of several."""

    def scatter(name: str, each: Sequence[Spread]) -> Array:
        values = [one.mean if name == "mean" else one.quantiles[name] for one in each]
        return np.asarray(np.std(values, axis=0, ddof=1))

    rows = zip(*runs, strict=True)
    return [{name: scatter(name, each) for name in STATISTICS} if each[0].drawn else {} for each in rows]


def error_columns(errors: Mapping[str, Array], like: Array) -> dict[str, Array]:
    """The columns of a table; 0 of what no draw changes."""
    return {f"{name}_se": errors.get(name, np.zeros_like(like)) for name in STATISTICS}

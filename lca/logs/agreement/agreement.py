"""`lca.agreement`: whether two meters agree, how far they are apart, and what lies between their boundaries (M10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...arguments import entry
from ...checks import finite_number
from ...errors import AccountingError, LogError
from ...graph.node import Node
from ...meters.meter import Reading
from ...records.notebook import box, table
from ..power.power_log import PowerLog
from .crossings import crossings_of
from .pairs import Pairs, inner_and_outer, pairs_of
from .statistics import (
    Estimate,
    Fit,
    Limits,
    both_errors_fit,
    estimated_ratio,
    limits_of_agreement,
    ordinary_fit,
)
from .verdict import implausible, impossible

if TYPE_CHECKING:
    import pandas
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Agreement:
    """Two meters compared; `lca.agreement` makes it.

    Intervals are those of 95 %, as is usual for agreement. Differences are the first meter minus the second one. The
    fits give the outer meter as a line over the inner one, or the first over the second at one boundary.

    Parameters
    ----------
    pairs : Pairs
        What both meters showed.
    key : str
        What the keys of the crossings begin with.
    notes : tuple of str
        What a reader of the result has to know.

    Examples
    --------
    >>> import lca
    >>> runs = dict(zip("abcdef", [80, 120, 160, 200, 240, 280]))
    >>> board = lca.Meter("rail", at="board").read(runs, "W", dim="run")
    >>> wall = lca.Meter("plug", at="wall").read({run: 10 + 1.2 * watts for run, watts in runs.items()}, "W", dim="run")
    >>> lca.agreement(wall, board).ratio.value.__round__(3)
    1.256
    """

    pairs: Pairs
    key: str
    notes: tuple[str, ...] = field(default=())

    @property
    def data(self) -> pandas.DataFrame:
        """The pairs: columns `a` and `b`, their `mean` and `difference`, over time in s or over labels."""
        a, b = self.pairs.data["a"], self.pairs.data["b"]
        return self.pairs.data.assign(mean=(a + b) / 2, difference=a - b)

    @property
    def unit(self) -> str:
        """The unit of all figures but ratio and gain."""
        return self.pairs.unit

    @property
    def lag(self) -> float | None:
        """How far the clock of the second log is ahead of that of the first one, s; None for readings."""
        return self.pairs.lag

    @cached_property
    def limits(self) -> Limits:
        """Bias, standard deviation and limits of agreement, with intervals (Bland and Altman 1999)."""
        return limits_of_agreement(self.data["difference"].to_numpy(), self.pairs.count)

    @property
    def bias(self) -> Estimate:
        """The mean of the first minus the second."""
        return self.limits.bias

    @cached_property
    def ratio(self) -> Estimate:
        """The mean of the outer meter over that of the inner one."""
        inner, outer = inner_and_outer(self.pairs)
        return estimated_ratio(self._values(outer), self._values(inner), self.pairs.count)

    @property
    def fit(self) -> Fit:
        """Least squares of the outer meter on the inner one, which takes the inner one as free of error.

        Raises `LogError` where the load is one value.
        """
        return self._line(self._fits[0])

    @property
    def both_errors(self) -> Fit:
        """The fit with errors in both meters (Deming); their variances are as the squares of their resolutions.

        Raises `LogError` where the load is one value, or one pair alone differs from it.
        """
        return self._line(self._fits[1])

    def _line(self, fit: Fit | None) -> Fit:
        if fit is None:
            sides = [f"{one:.6g} {self.unit}" for one in np.unique(self._values(inner_and_outer(self.pairs)[0]))[:4]]
            raise LogError.of("no_line_of_one_load", "agreement", sides)
        return fit

    @cached_property
    def _fits(self) -> tuple[Fit | None, Fit | None]:
        """Both fits, where the load varies."""
        inner, outer = map(self._values, inner_and_outer(self.pairs))
        count = self.pairs.count
        return ordinary_fit(inner, outer, count), both_errors_fit(inner, outer, self.variance_ratio, count)

    @property
    def variance_ratio(self) -> float:
        """The variance of the outer meter's scatter over that of the inner one; 1 where neither is known."""
        inner, outer = inner_and_outer(self.pairs)
        for figures in (self.pairs.scatter, self.pairs.steps):
            each = dict(zip("ab", figures, strict=True))
            if all(np.isfinite(one) and one > 0 for one in figures):
                return (each[outer] / each[inner]) ** 2
        return 1.0

    @property
    def repeatability(self) -> Mapping[str, float]:
        """The standard deviation of the scatter of each meter in its log; empty for readings."""
        found = dict(zip(self.pairs.names, self.pairs.scatter, strict=True))
        return {name: one for name, one in found.items() if np.isfinite(one)}

    @entry
    def crossings(self, *, devices: float = 1) -> dict[str, Node]:
        """What carries an energy of the inner meter to the outer one: fields of a `Site`.

        `lca.Site("lab", pue=1.0, **found.crossings())`. From a component to the wall these are `supply_efficiency` and
        `rest_of_machine`, which share the errors of one fit; the errors of the meters are those of all their readings.

        Parameters
        ----------
        devices : float
            How many devices the inner meter saw; `rest_of_machine` is for each of them.

        Returns
        -------
        dict of str to Node
            The fields, by name.

        Raises
        ------
        AccountingError
            If the two meters cannot both be right, or there is no crossing between their boundaries.

        Examples
        --------
        >>> import lca
        >>> runs = dict(zip("abcdef", [80, 120, 160, 200, 240, 280]))
        >>> board = lca.Meter("rail", at="board").read(runs, "W", dim="run")
        >>> wall = lca.Meter("plug", at="wall").read({run: 1.25 * watts for run, watts in runs.items()}, "W", dim="run")
        >>> list(lca.agreement(wall, board).crossings())
        ['supply_efficiency']
        """
        number = finite_number(devices, "crossings(devices=)", low=0, above=True)
        if wrong := [one for one in self.faults if one]:
            raise AccountingError.of("meters_cannot_both_be_right", "agreement.crossings", wrong)
        return dict(crossings_of(self.pairs, self.ratio, lambda: self.both_errors, self.key, number))

    @property
    def faults(self) -> tuple[str, ...]:
        """What no two meters of one machine can show."""
        return tuple(one for one in (impossible(self.pairs), implausible(self.pairs, self._fits[1])) if one)

    def plot(self) -> Figure:
        """Three panels: both meters, the differences with their limits, and the fits.

        Returns
        -------
        Figure
            The figure, at the width of two columns of a paper.

        Examples
        --------
        >>> import lca
        >>> runs = dict(zip("abcdef", [80, 120, 160, 200, 240, 280]))
        >>> board = lca.Meter("rail", at="board").read(runs, "W", dim="run")
        >>> wall = lca.Meter("plug", at="wall").read({run: 1.25 * watts for run, watts in runs.items()}, "W", dim="run")
        >>> len(lca.agreement(wall, board).plot().axes)
        3
        """
        from .plot import draw

        return draw(self.pairs, self.data, self.limits, self._fits)

    def _values(self, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return self.pairs.data[column].to_numpy()

    @property
    def title(self) -> str:
        """Both meters, each with its boundary."""
        each = zip(self.pairs.names, self.pairs.meters, strict=True)
        return " and ".join(f"{name} (at the {meter.at})" for name, meter in each)

    def _facts(self) -> dict[str, str]:
        pairs, limits, unit = self.pairs, self.limits, self.unit
        a, b = pairs.names
        inner, outer = inner_and_outer(pairs)
        names, same = dict(zip("ab", pairs.names, strict=True)), pairs.meters[0].at == pairs.meters[1].at
        steps = ", ".join(f"{n} {step:.4g} {unit}" for n, step in zip(pairs.names, pairs.steps, strict=True) if step)
        between = "what lies between the boundaries, and the errors of both meters"
        of_inner = f"x {names[inner]}"
        lines = [fit and f"{fit.offset.said} {unit} + {fit.gain} {of_inner}" for fit in self._fits]
        return {
            "pairs": f"{len(pairs.data)}, as {pairs.count:.4g} independent ones",
            "lag": ""
            if pairs.lag is None
            else f"{b} is {abs(pairs.lag):.4g} s {'ahead' if pairs.lag >= 0 else 'behind'}",
            "bias": f"{limits.bias} {unit}, {a} minus {b}",
            "limits": f"{limits.lower.said} to {limits.upper.said} {unit} hold 95 % of the differences",
            "the bias is": "the error of one meter against the other" if same else between,
            "ratio": f"{self.ratio}, {names[outer]} over {names[inner]}",
            "line": f"{names[outer]} = {lines[0]}" if lines[0] else "none: the load is one value",
            "errors in both": lines[1] or "none: the load is one value, or one pair alone differs from it",
            "repeatability": ", ".join(f"{name} {one:.3g} {unit}" for name, one in self.repeatability.items()),
            "resolution": steps,
        }

    def __repr__(self) -> str:
        facts = {name: text for name, text in self._facts().items() if text}
        said = [("impossible", one) for one in self.faults] + [("note", one) for one in self.notes]
        return "\n".join([f"<agreement of {self.title}>", *(f"{n:>16}: {t}" for n, t in (*facts.items(), *said))])

    def _repr_html_(self) -> str:
        said = [*self.faults, *self.notes]
        return box("agreement", self.title, self._facts(), {"notes": table(("note",), [(one,) for one in said])})


@entry
def agreement(
    a: PowerLog | Reading, b: PowerLog | Reading, *, lag: str | float | None = None, every: str | float | None = None,
    key: str = "agreement",
) -> Agreement:  # fmt: skip
    """Compare two meters that saw the same thing: a plug and a sensor, or one plug and another.

    Two logs are put on one clock first, and compared as mean powers in cells of time. Two readings are compared label
    by label.

    Parameters
    ----------
    a, b : PowerLog or Reading
        Two logs, or two readings over one dim, of power or of energy.
    lag : str or float
        How far the clock of the second log is ahead, "3.7 s"; if not given, it is found from the load.
    every : str or float
        The length of a cell; if not given, the longer of the two update periods.
    key : str
        What the keys of the crossings begin with.

    Returns
    -------
    Agreement
        Bias and limits, ratio, fits, and the crossings of a site.

    Raises
    ------
    LogError
        If logs without dates do not show their lag, if one has a known time zone and the other has not, or if they have
        too little time in common.
    AccountingError
        If a meter shows 0 all the time.
    LabelError
        If readings have different labels.

    Notes
    -----
    Differences that follow each other in time are alike, so fewer of them count: n (1 - r)/(1 + r), where r is the
    correlation of each with the next (Bayley and Hammersley 1946).

    Examples
    --------
    >>> import lca
    >>> wright = lca.Meter("Wright", at="wall").read({"a": 10, "b": 20, "c": 30, "d": 40}, "W", dim="run")
    >>> mini = lca.Meter("mini", at="wall").read({"a": 11, "b": 19, "c": 32, "d": 38}, "W", dim="run")
    >>> found = agreement(wright, mini)
    >>> round(found.limits.upper.value, 3)
    3.578
    """
    pairs = pairs_of(a, b, lag, every)
    return Agreement(pairs, key, pairs.notes)

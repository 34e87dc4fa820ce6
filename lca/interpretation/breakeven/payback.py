"""Payback: from which value on what is new is lower than what is old, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...arguments import entry
from ...checks import Array
from ...errors import DomainError
from ...records import notebook
from ...sampling.statistics.histogram import Ints
from ...units.number_text import in_full
from ..result import Evaluable
from ..spread import QUANTILES
from ..table import Table
from .answer import Breakeven
from .axis import Bounds
from .breakeven import sought
from .crossings import Signs
from .rows import NEVER, Row, share_error, spread_of_crossings


@dataclass(frozen=True, eq=False)
class Payback:
    """From which value on the new is lower than the old, as `payback` returns it.

    Attributes
    ----------
    breakeven : Breakeven
        Where the new and the old are equal, with its `sel` and its tables.
    old, new : str
        What they are called.

    Examples
    --------
    >>> import lca
    >>> hours, once = lca.parameter("hours", "1 h"), lca.parameter("once", lca.Uniform("2 kg", "4 kg"))
    >>> new, old = {"total": once + hours * lca.quantity(1, "kg/h")}, {"total": hours * lca.quantity(2, "kg/h")}
    >>> found = lca.payback(old, new, vary="hours", between=("1 h", "9 h"), draws=100)
    >>> found.nominal, found.probability
    (3.0, 1.0)
    """

    breakeven: Breakeven
    old: str
    new: str

    @property
    def values(self) -> Array:
        """Where the new has paid back in each draw: the lower bound if it is lower there, NaN where it never does."""
        searched = self.breakeven.searched
        return np.where(searched.below < 0, searched.bounds[0], self.breakeven.values)

    @property
    def nominal(self) -> float | None:
        """The same at nominal values; None where it never pays back in the range."""
        searched = self.breakeven.searched
        return searched.bounds[0] if searched.nominal_below < 0 else self.breakeven.nominal

    @property
    def probability(self) -> float:
        """The share of draws in which the new pays back in the range, or is lower from the start."""
        return float(np.isfinite(self.values).mean())

    @property
    def outcomes(self) -> Table:
        """What becomes of the draws: the share of each kind, half of its 95 % interval (Wilson 1927), the nominal one.

        "pays back" is once and for good in the range; "pays back, then is higher again" crosses more than once.
        """
        found = self.breakeven
        nominal = self._kinds(np.array(len(found.nominals)), np.array(found.searched.nominal_below))
        rows: list[Row] = []
        for said, marks in self._kinds(found.number, found.searched.below).items():
            share = float(marks.mean())
            error = share_error(share, marks.size)
            rows.append({"outcome": said, "share": share, "share_error": error, "nominal": bool(nominal[said])})
        return Table.of(rows, "outcome", f"{self.new} against {self.old} along {found.path}.")

    @property
    def table(self) -> Table:
        """One row: `nominal`, the quantiles of the draws that pay back in the range, and their share."""
        nominal = np.nan if self.nominal is None else self.nominal
        row = {"parameter": self.breakeven.path, "nominal": nominal, **spread_of_crossings(self.values)}
        row |= {"unit": self.breakeven.unit}
        named = {"cross": "pays_back", "cross_error": "pays_back_error"}
        made = Table.of([row], "parameter", "Quantiles are of the draws that pay back in the range.")
        made = Table(made.rename(columns=named))
        made.attrs["why"] = NEVER
        return made

    @staticmethod
    def _kinds(number: Ints, below: Signs) -> dict[str, npt.NDArray[np.bool_]]:
        dearer = below >= 0
        return {
            "pays back": dearer & (number == 1),
            "pays back, then is higher again": dearer & (number > 1),
            "is lower from the start": ~dearer & (number == 0),
            "is lower from the start, then higher": ~dearer & (number > 0),
            "never pays back": dearer & (number == 0),
        }

    def __repr__(self) -> str:
        found, unit = self.breakeven, self.breakeven.unit
        nominal = "it never does" if self.nominal is None else f"after {in_full(self.nominal)} {unit}".rstrip()
        head = f"<{self.new} pays back against {self.old}"
        if not self.probability:
            return f"<{self.new} never pays back against {self.old} along {found.path} in the range>"
        kept = self.values[np.isfinite(self.values)]
        middle, low, high = (in_full(float(np.quantile(kept, q))) for q in QUANTILES.values())
        text = f"{head} after {found.path} = {middle}{' ' * bool(unit)}{unit} (median; 5 to 95 %: {low} to {high})"
        text += f", in {in_full(100 * self.probability, 3)} % of draws"
        text += "; the others never do in the range" if self.probability < 1 else ""
        again = float(self.outcomes["share"].filter(like="higher").sum())
        text += f"; it is higher again later in {in_full(100 * again, 3)} %" if again else ""
        return f"{text}; at nominal values {nominal}>"

    def _repr_html_(self) -> str:
        details = {"when": self.table._repr_html_(), "outcomes": self.outcomes._repr_html_()}
        return notebook.box("Payback", self.new, {repr(self).strip("<>"): " "}, details, opened=("outcomes",))


@entry
def payback(
    old: Evaluable,
    new: Evaluable,
    *,
    vary: str,
    between: Bounds,
    draws: int = 10_000,
    seed: int = 0,
    points: int = 400,
) -> Payback:
    """When what is new has saved what it took: a training, a device, a longer life.

    The new takes more at first and less later, along a parameter such as a period, a count or a lifetime. It has paid
    back at the first value at which its total is that of the old, or lower (`breakeven`).

    Parameters
    ----------
    old, new : Study, Result, Node, or mapping of str to Node
        Both get the value, and share their random numbers.
    vary : str
        The path of the parameter, or the key of a value, as in `breakeven`.
    between : pair of quantities
        The range that is looked at.
    draws, seed, points : int
        As in `breakeven`.

    Returns
    -------
    Payback
        It answers in words; `.outcomes` and `.table` have the shares of draws and the quantiles.

    Raises
    ------
    MissingError, UnitError
        As in `breakeven`.
    DomainError
        As in `breakeven`, and if the totals vary over alternatives.

    Examples
    --------
    >>> import lca
    >>> hours, once = lca.parameter("hours", "1 h"), lca.parameter("once", lca.Uniform("2 kg", "4 kg"))
    >>> new, old = {"total": once + hours * lca.quantity(1, "kg/h")}, {"total": hours * lca.quantity(2, "kg/h")}
    >>> payback(old, new, vary="hours", between=("1 h", "2.9 h"), draws=1000).outcomes["share"].round(1).to_list()
    [0.5, 0.0, 0.0, 0.0, 0.5]
    """
    called = "the new", "the old"
    found = sought([new, old], vary, between, places=called, draws=draws, seed=seed, points=points)
    if found.dims:
        raise DomainError.of("break_even_of_each_label", "payback", dims=", ".join(found.dims))
    return Payback(found, found.names[1], found.names[0])

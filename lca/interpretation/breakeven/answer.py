"""What a break-even says: the crossings of every draw, how many there are, and which of two is lower where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ...arguments import entry
from ...checks import Array, finite_number, one_of
from ...errors import DomainError, LabelError, MissingError
from ...graph.labels import Label, canonical_label
from ...records import notebook
from ...sampling.statistics.histogram import Ints
from ...units.number_text import in_full
from ..spread import QUANTILES, places_of
from ..table import Table
from .axis import Axis
from .pair import Found, Pair
from .rows import NEVER, Row, outcome_rows, spread_of_crossings
from .searched import Searched


@dataclass(frozen=True, eq=False)
class Breakeven:
    """The values of a parameter at which two totals are equal, as `breakeven` returns them.

    Arrays begin with the dims of alternatives, where there are any; `sel` takes one label of each.

    Attributes
    ----------
    path : str
        The path or key of the parameter.
    unit : str
        The unit of the values.
    names : tuple of str
        What the first and the second total are called.
    dims : mapping of str to labels
        The dims of alternatives that both totals vary over together.
    crossings : array (dims..., draws, crossings)
        All crossings of each draw in rising order, filled up with NaN.
    count : array (dims..., draws)
        How many functional units the first provides at the first crossing; NaN where there is none.
    linear : bool
        Whether the structure proves that both totals are lines in the parameter, so that crossings are in closed form.
    searched : Searched
        What was looked at: the totals, the range, and what was found at nominal values.
    count_unit : str
        What `count` counts.

    Examples
    --------
    >>> import lca
    >>> hours, once = lca.parameter("hours", "1 h"), lca.parameter("once", lca.Uniform("2 kg", "4 kg"))
    >>> one, other = {"total": once + hours * lca.quantity(1, "kg/h")}, {"total": hours * lca.quantity(2, "kg/h")}
    >>> found = lca.breakeven(one, other, vary="hours", between=("1 h", "9 h"), draws=100)
    >>> found.nominal, found.probability, found.linear
    (3.0, 1.0, True)
    """

    path: str
    unit: str
    names: tuple[str, str]
    dims: Mapping[str, tuple[Label, ...]]
    crossings: Array
    count: Array
    linear: bool
    searched: Searched = field(repr=False)
    count_unit: str = "functional units"

    # --- of one pair of totals ------------------------------------------------------------------------------

    @property
    def values(self) -> Array:
        """The first crossing of every draw; NaN where the two never meet in the range."""
        return self.crossings[..., 0]

    @property
    def nominals(self) -> tuple[float, ...]:
        """All crossings at nominal values."""
        return tuple(x for x in self._alone().searched.nominals.tolist() if x == x)

    @property
    def nominal(self) -> float | None:
        """The first crossing at nominal values, None where there is none."""
        return self.nominals[0] if self.nominals else None

    @property
    def nominal_count(self) -> float | None:
        """How many functional units the first provides at the first nominal crossing."""
        return float(self.searched.nominal_count) if self.nominals else None

    @property
    def lower(self) -> str:
        """The one that is lower in the whole range at nominal values, if there is no crossing."""
        return "" if self.nominals else self.names[int(self.searched.nominal_below > 0)]

    @property
    def probability(self) -> float:
        """The share of draws in which the two are equal somewhere in the range."""
        return float(np.mean(np.isfinite(self._alone().values)))

    @property
    def several(self) -> float:
        """The share of draws in which they are equal at more than one value."""
        return float(np.mean(self._alone().number > 1))

    @property
    def number(self) -> Ints:
        """How many crossings each draw has."""
        return np.asarray(np.isfinite(self.crossings).sum(axis=-1))

    def _alone(self) -> Breakeven:
        """This one. Raises `DomainError` where there is a break-even at each of several labels."""
        if self.dims:
            raise DomainError.of("break_even_of_each_label", self.path, dims=", ".join(self.dims))
        return self

    @entry
    def quantile(self, q: float, *, of: str = "values") -> float:
        """A quantile of the first crossing, over the draws that have one.

        Parameters
        ----------
        q : float, 0 to 1
            The probability below the quantile.
        of : str
            "values", or "count" for the functional units there.

        Returns
        -------
        float
            The quantile, in `unit` or `count_unit`.

        Raises
        ------
        MissingError
            If no draw has a crossing, or nothing is counted.
        DomainError
            If `q` is not from 0 to 1, `of` is unknown, or there is a break-even at each of several labels.

        Examples
        --------
        >>> import lca
        >>> hours, once = lca.parameter("hours", "1 h"), lca.parameter("once", lca.Uniform("2 kg", "4 kg"))
        >>> one, other = {"total": once + hours * lca.quantity(1, "kg/h")}, {"total": hours * lca.quantity(2, "kg/h")}
        >>> found = lca.breakeven(one, other, vary="hours", between=("1 h", "9 h"), draws=1000)
        >>> round(found.quantile(0.5), 1)
        3.0
        """
        finite_number(q, "quantile(q=)", low=0, high=1)
        array: Array = getattr(self._alone(), one_of(of, ("values", "count"), "array", "quantile(of=)"))
        kept = array[np.isfinite(array)]
        if not kept.size:
            raise MissingError.of("no_break_even_in_range", self.path)
        return float(np.quantile(kept, q))

    # --- of all labels --------------------------------------------------------------------------------------

    @entry
    def sel(self, **labels: Label) -> Breakeven:
        """The break-even at one label of each named dim of alternatives.

        Parameters
        ----------
        **labels : str, int or date
            The label to keep for each dim: `found.sel(engine="a")`.

        Returns
        -------
        Breakeven
            The break-even without the dims that were selected.

        Raises
        ------
        LabelError
            If a dim or a label is not there.

        Examples
        --------
        >>> import lca
        >>> rate = lca.parameter("rate", lca.labelled({"a": 1.0, "b": 2.0, "c": 3.0}, "kg/h", dim="engine"))
        >>> once = lca.parameter("once", lca.labelled({"a": 6.0, "b": 4.0, "c": 0.0}, "kg", dim="engine"))
        >>> total = {"total": once + rate * lca.parameter("hours", "1 h")}
        >>> found = lca.breakeven(total, vary="hours", between=("1 h", "9 h"), over="engine", against="c", draws=10)
        >>> round(found.sel(engine="b").nominal, 9)
        4.0
        """
        index: list[int | slice] = [slice(None)] * len(self.dims)
        chosen = {name: canonical_label(label, f"sel({name}=)") for name, label in labels.items()}
        for name, label in chosen.items():
            if name not in self.dims or label not in self.dims[name]:
                known = ", ".join(f"{dim}: {', '.join(map(str, some))}" for dim, some in self.dims.items()) or "none"
                raise LabelError.of("no_break_even_at_label", f"sel({name}={label!r})", known=known)
            index[list(self.dims).index(name)] = self.dims[name].index(label)
        at, over = tuple(index), self.searched.over
        names = (str(chosen[over]) if over in chosen else self.names[0], self.names[1])
        return replace(
            self, names=names, dims={dim: those for dim, those in self.dims.items() if dim not in chosen},
            crossings=self.crossings[at], count=self.count[at], searched=self.searched.sel(at, chosen),
        )  # fmt: skip

    @property
    def table(self) -> Table:
        """A row for each label, or one: where the totals are equal, and how surely.

        `nominal` is the first crossing at nominal values. `p50`, `p5` and `p95` are of the first crossing, over the
        draws that have one. `cross` is the share of these draws, and `cross_error` half of its 95 % interval (Wilson
        1927). `several` is the share of draws with more than one crossing.
        """
        rows: list[Row] = []
        for at, one in self._each():
            nominal = np.nan if one.nominal is None else one.nominal
            spread = spread_of_crossings(one.values)
            rows.append({**at, "nominal": nominal, **spread, "several": one.several, "unit": self.unit})
        return self._tabled(rows, [], f"Values of {self.path}; quantiles are of the draws that cross.")

    @property
    def outcomes(self) -> Table:
        """A row for each kind of outcome: never with the one that is lower, once, or several times.

        `share` is the share of draws, `share_error` half of its 95 % interval (Wilson 1927). `nominal` marks the
        outcome at nominal values.
        """
        rows: list[Row] = []
        for at, one in self._each():
            nominal = len(one.nominals), int(one.searched.nominal_below)
            rows += [{**at, **row} for row in outcome_rows(one.names, (one.number, one.searched.below), nominal)]
        return self._tabled(rows, ["outcome"], f"What the draws say of {self.path} from {self._range}.")

    @entry
    def totals(self, *, points: int = 61) -> Table:
        """Both totals along the parameter and the first less the second, at nominal values and in the draws.

        Parameters
        ----------
        points : int
            How many values of the range.

        Returns
        -------
        Table
            Rows for each value: each total and their "difference". `nominal`, and `p50`, `p5` and `p95` of the draws.

        Raises
        ------
        DomainError
            If there is a break-even at each of several labels, or there are fewer than 2 points.

        Examples
        --------
        >>> import lca
        >>> hours, once = lca.parameter("hours", "1 h"), lca.parameter("once", lca.Uniform("2 kg", "4 kg"))
        >>> one, other = {"total": once + hours * lca.quantity(1, "kg/h")}, {"total": hours * lca.quantity(2, "kg/h")}
        >>> found = lca.breakeven(one, other, vary="hours", between=("1 h", "9 h"), draws=10)
        >>> found.totals(points=2)["nominal"].to_list()
        [4.0, 2.0, 2.0, 12.0, 18.0, -6.0]
        """
        finite_number(points, "points", low=2, whole=True)
        rows = self.searched.totals(self.names, len(self._alone().values), points)
        return Table.of(rows, ["value", "total"], f"Totals along {self.path}, {self.unit or 'as a number'}.")

    def _each(self) -> list[tuple[dict[str, Label], Breakeven]]:
        """The break-even at every label, or this one."""
        return [(at, self.sel(**at) if at else self) for _, at in places_of(list(self.dims), self.dims)]

    def _tabled(self, rows: list[Row], more: list[str], note: str) -> Table:
        index = [*self.dims, *more]
        rows = rows if index else [{"parameter": self.path, **row} for row in rows]
        made = Table.of(rows, index or ["parameter"], note)
        made.attrs["why"] = NEVER
        return made

    # --- as text --------------------------------------------------------------------------------------------

    @property
    def _range(self) -> str:
        low, high = map(in_full, self.searched.bounds)
        return f"{low} to {high} {self.unit}".rstrip()

    def __repr__(self) -> str:
        if self.dims:
            return f"<break-even of {self.path} at each label of {', '.join(self.dims)}>\n{self.table}"
        at = ", ".join(in_full(value) for value in self.nominals)
        lower = f"at nominal values {self.lower} is lower throughout"
        plain = f"at nominal values: {at} {self.unit}".rstrip() if self.nominals else lower
        if self.probability == 0:
            return f"<no break-even of {self.path} in the range in any draw; {plain}>"
        text = f"<break-even at {self.path} = {self._spread('values', self.unit)}"
        text += f", {self._spread('count', self.count_unit)}" if np.isfinite(self.count).any() else ""
        text += f"; in {in_full(100 * self.probability, 3)} % of draws"
        if self.probability < 1:
            text += "; the others never cross in the range, and are in no interval"
        if self.several:
            text += f"; the first of several in {in_full(100 * self.several, 3)} % of draws"
        return f"{text}; {plain}>"

    def _spread(self, of: str, unit: str) -> str:
        middle, low, high = (in_full(self.quantile(q, of=of)) for q in QUANTILES.values())
        return f"{middle}{' ' * bool(unit)}{unit} (median; 5 to 95 %: {low} to {high})"

    def _repr_html_(self) -> str:
        tables = {"where they are equal": self.table, "outcomes": self.outcomes}
        details = {name: one._repr_html_() for name, one in tables.items()}
        facts = {} if self.dims else {repr(self).strip("<>"): " "}
        return notebook.box("Break-even", " and ".join(self.names), facts, details, opened=tuple(tables)[:1])


def answer(pair: Pair, axis: Axis, linear: bool, over: str | None, nominal: Found, drawn: Found) -> Breakeven:
    """The break-even of what was found in rows, at nominal values and in each draw."""
    dims = {dim.name: dim.labels for dim in pair.dims}
    shape = tuple(len(labels) for labels in dims.values())
    searched = Searched(
        pair, axis, over, (nominal.crossings[:, 0] / axis.factor).reshape(*shape, -1), nominal.count.reshape(shape),
        nominal.below.reshape(shape), drawn.below.reshape(*shape, -1),
    )  # fmt: skip
    crossings = (drawn.crossings / axis.factor).reshape(*shape, *drawn.crossings.shape[1:])
    return Breakeven(
        axis.path, axis.unit, pair.names, dims, crossings, drawn.count.reshape(*shape, -1), linear, searched
    )

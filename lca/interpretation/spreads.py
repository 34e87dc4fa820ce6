"""What the tables of a result are made of: the spread of each variable over all draws, as it is or per something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import xarray

from ..checks import did_you_mean
from ..errors import MissingError, NonFiniteError
from ..study.assembly import Model
from ..units.registry import YEAR_SECONDS
from .reached import Reached
from .spread import DrawnSpread, EstimatedSpread, Spread, StreamedSpread, label_text, places_of, ratio_of, spread_of
from .streaming import IN_NO_YEAR, IN_YEARS, Streamed, named_row


def denominator(outputs: Iterable[object], per: str) -> tuple[str, float, str]:
    """(the output to divide by, how much of it makes one, what one is called) for `per`.

    The name comes from what is counted and not from its unit: a functional unit of 1,000 requests is counted in
    inferences, too, and is none. Durations are in seconds; people divide by years.

    >>> denominator(["total", "functional_unit", "per/inference"], "inference")
    ('per/inference', 1.0, 'inference')
    """
    names = [str(name) for name in outputs if name == "functional_unit" or str(name).startswith("per/")]
    known = {name.removeprefix("per/"): name for name in names}
    known |= {"image": known["inference"]} if "inference" in known else {}  # an image is one inference (Q2)
    if str(per) not in known:
        raise MissingError.of("unknown_per", "per", per=per, near=did_you_mean(per, ["total", *known]))
    return known[per], YEAR_SECONDS if per in ("year", "device_year") else 1.0, per.replace("_", " ")


class Spreads:
    """The spread of every variable of a result, each computed once.

    Parts are summed. Of what was streamed it is that of the statistics; what no draw changes is the same in `data`.
    """

    def __init__(
        self,
        variables: Mapping[str, xarray.Variable],
        model: Model,
        draws: int,
        streamed: Streamed | Reached | None = None,
    ) -> None:
        self._variables, self._model, self._draws, self._streamed = variables, model, draws, streamed
        self._details = [name for name in model.details if name in variables]
        self._known: dict[str, Spread] = {}
        self._below: dict[str, DrawnSpread] = {}

    def of(self, name: str, per: str = "total") -> Spread:
        """The spread of a variable, as it is or per something.

        Raises `MissingError` for statistics that were not kept, `NonFiniteError` where a draw is divided by 0 (Q6).
        """
        key = named_row(name, per)
        if key not in self._known:
            self._known[key] = self._plain(name) if per == "total" else self._per(name, per)
        return self._known[key]

    def kept_as(self, per: str) -> str:
        """Per what statistics were kept that are those `per` this: one frame may be one inference."""
        kept = () if self._streamed is None else self._streamed.per
        if per == "total" or per in kept:
            return per
        return next((each for each in kept if self._divisor(each) == self._divisor(per)), per)

    def _divisor(self, per: str) -> tuple[int, float]:
        """The value of the program to divide by, and root units of what makes one."""
        name, size, _ = denominator(self._variables, per)
        output = self._model.program.outputs[name]
        return output.value, size * output.factor

    def _plain(self, name: str) -> Spread:
        if self._streamed is not None and name in self._streamed.spreads:
            return self._streamed.spreads[name]
        if name in (IN_YEARS, IN_NO_YEAR):
            return self._yearly(name)
        return spread_of(self._variables[name], self._model.summed)

    def _yearly(self, name: str) -> DrawnSpread:
        """The sum of the details that vary over years, or of the others."""
        arrays = [self._variables[detail] for detail in self._details]
        theirs = [array for array in arrays if ("year" in array.dims) == (name == IN_YEARS)]
        kept = self._model.summed - {"year"}
        sums = (array.sum([dim for dim in array.dims if dim in kept]) for array in theirs)
        return spread_of(sum(sums, xarray.Variable((), 0.0)))

    def _per(self, name: str, per: str) -> Spread:
        whole, below, key = self.of(name), self.below(per), named_row(name, self.kept_as(per))
        if self._streamed is not None and key in self._streamed.spreads:
            return self._streamed.spreads[key]
        by_points = isinstance(self._streamed, Reached) and isinstance(whole, DrawnSpread)
        fixed = self._streamed is None or denominator(self._variables, per)[0] in self._streamed.fixed
        if self._streamed is not None and not by_points and not fixed:
            line = f"monte_carlo(..., {self._streamed.way}, per={(*self._streamed.per, per)!r})"
            raise MissingError.of("ratio_not_streamed", f"per={per!r}", name=name, words=per, line=line)
        if isinstance(whole, (StreamedSpread, EstimatedSpread)):
            return whole.per(below.dims, below.values[..., 0])
        return ratio_of(whole, below)

    def below(self, per: str) -> DrawnSpread:
        """What to divide by, draw by draw (in the draws that are kept). Raises `NonFiniteError` where it is 0."""
        if per not in self._below:
            name, size, words = denominator(self._variables, per)
            found = spread_of(self._variables[name] / size)
            self._refuse_zeros(per, words, found)
            self._below[per] = found
        return self._below[per]

    def _refuse_zeros(self, per: str, words: str, below: DrawnSpread) -> None:
        empty, dims = (below.values == 0).sum(axis=-1), below.dims
        kept = self._streamed.spreads if isinstance(self._streamed, Streamed) else {}
        for key, one in kept.items():
            if key.endswith(f" per {self.kept_as(per)}") and one.statistics.broken.any():
                empty, dims = one.statistics.broken[one.rows], one.dims
        if not empty.any():
            return
        often = f"in some of {self._draws:,} draws" if below.drawn else "at nominal values"
        labels = {dim.name: list(dim.labels) for node in self._model.outputs.values() for dim in node.dims}
        every = [(label_text(at), int(empty[*place.values()])) for place, at in places_of(dims, labels)]
        sides = [f"{label or words}: 0 in {count:,}" for label, count in every if count]
        raise NonFiniteError.of("divided_by_zero", f"per={per!r}", sides, words=words, often=often)

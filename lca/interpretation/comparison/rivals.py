"""What is compared: the draws of the total over a dim of alternatives, per what is asked and in one unit (A12, D2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas
import xarray

from ...checks import Array, did_you_mean
from ...errors import MissingError
from ...graph.labels import Label
from ...study.score import Score
from ..result import Result, output_named
from ..spread import Spread, places_in
from ..spreads import denominator
from ..streaming import Paired
from ..summary import in_unit, per_note, words_of
from .scores import Scored, scored
from .standing import Standing


@dataclass(frozen=True)
class Group:
    """Alternatives that are compared with each other: draws and scores over (alternatives, draws).

    `quantiles` and `mean` are of all draws; `draws` may be the first of them.
    """

    at: dict[str, Label]
    labels: list[Label]
    draws: Array
    scores: Array  # of no alternatives, where there is no score
    quantiles: dict[str, Array]
    mean: Array
    kept: Standing | None = None  # of all draws, where `draws` has not all

    @cached_property
    def order(self) -> list[int]:
        """Their places, the smallest median first."""
        return [int(one) for one in np.argsort(self.quantiles["p50"], kind="stable")]

    @cached_property
    def standing(self) -> Standing:
        """How they stand to the first of them; of a summary, to the first of its first draws."""
        return self.kept or Standing.of_draws(self.draws, self.order[0])

    def rows(self, frame: pandas.DataFrame) -> list[dict[str, object]]:
        """The rows of a table: one for each alternative, the smallest median first, with where the group stands."""
        ordered = frame.iloc[self.order].to_dict("records")
        return [{**self.at, **{str(name): cell for name, cell in row.items()}} for row in ordered]


@dataclass(frozen=True)
class Rivals:
    """The total over a dim of alternatives, with its unit, the score beside it, and what a table says of both."""

    values: xarray.DataArray
    spread: Spread
    factor: float
    over: str
    unit: str
    score: Scored | None
    note: str
    paired: Paired | None = None
    first: str = ""

    @property
    def others(self) -> list[str]:
        """The dims of other alternatives, each label of which is compared by itself."""
        return [str(dim) for dim in self.values.dims if dim not in (self.over, "draw")]

    def coordinates(self) -> dict[str, list[Label]]:
        """The coordinates along the dim, by name (D3)."""
        found = {str(name): one for name, one in self.values.coords.items() if one.dims == (self.over,)}
        return {name: one.values.tolist() for name, one in found.items() if name != self.over}

    def along(self, name: str, argument: str) -> list[Label]:
        """A coordinate along the dim. Raises `MissingError` where there is none of that name."""
        known = self.coordinates()
        if name not in known:
            near = did_you_mean(name, known) or "lca.Inference.engines(..., names=...) reads coordinates from names"
            raise MissingError.of("no_coordinate_of_that_name", argument, name=name, dim=self.over, near=near)
        return known[name]

    def groups(self, within: str = "") -> Iterator[Group]:
        """Those that are compared with each other: at each label of other dims, and of a coordinate `within`."""
        labels = self.values[self.over].values.tolist()
        along = self.along(within, "within") if within else [""] * len(labels)
        shape = (self.over, "draw")
        for at, named in places_in(self.others, self.values):
            drawn = self.values[at].transpose(*shape).values
            rated = self.score.values[at].transpose(*shape).values if self.score else None
            whole = self.spread.sel(at)
            ends = {name: one / self.factor for name, one in whole.quantiles.items()}
            kept = None if within or self.paired is None else Standing.of_paired(self.paired.sel(at), self.factor)
            for level in dict.fromkeys(along):
                places = [place for place, one in enumerate(along) if one == level]
                inside = {**named, within: level} if within else named
                rates = drawn[:0] if rated is None else rated[places]
                theirs = {name: one[places] for name, one in ends.items()}
                mean = whole.mean[places] / self.factor
                yield Group(inside, [labels[one] for one in places], drawn[places], rates, theirs, mean, kept)

    def first_note(self, *what: str) -> str:
        """Which columns come from the first draws alone."""
        return f" From {self.first}: {', '.join(what)}." if self.first else ""


def rivals(result: Result, over: str, *, per: str, unit: str | None = None, score: Score | None = None) -> Rivals:
    """The total of a result over a dim of alternatives.

    Raises `MissingError` if it does not vary over that dim or has no draws, `UnitError` for a unit of another kind.
    """
    name = output_named(result.data, "total")
    total = result.data[name]
    if over not in total.dims:
        dims = [str(dim) for dim in total.dims if dim != "draw"]
        raise MissingError.of("no_alternatives_over", "over", dim=over, dims=", ".join(dims) or "none")
    if "draw" not in total.dims:
        raise MissingError.of("no_draws_to_compare", "result")
    factor, label = in_unit(unit, total.attrs["unit"], words_of(result, per))
    values = _divided(result, total, per) / factor
    beside = scored(result, values, score)
    note = f"{result.contents}{per_note(result, per)}"
    count = result.data.get("functional_unit")
    if per == "total" and count is not None and over in count.dims:
        note += f" The alternatives over {over} render different amounts: compare per functional unit (A12)."
    if beside:
        note += f" Score: {beside.says}."
    elif not result.model.quality:
        note += " No quality is stated: are these the same function (A12)?"
    key = over, result.spreads.kept_as(per)
    paired = result.streamed.paired.get(key) if result.streamed is not None else None
    spread = result.spreads.of(name, per)
    return Rivals(values, spread, factor, over, label, beside, note, paired, result.first)


def _divided(result: Result, total: xarray.DataArray, per: str) -> xarray.DataArray:
    """The total, draw by draw, as it is or per something."""
    if per == "total":
        return total
    result.spreads.below(per)  # raises where it is 0
    below, size, _ = denominator(result.data, per)
    return total / (result.data[below] / size)

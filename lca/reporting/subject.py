"""What a report is about: a result, the alternative that is shown in full, and the answers that chapters share."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from ..errors import MissingError
from ..graph.labels import Label
from ..interpretation.comparison.comparison import compare
from ..interpretation.explain import provenance, status_shares
from ..interpretation.plot import readable_unit
from ..interpretation.result import Result
from ..interpretation.sensitivity.shapley import shapley
from ..interpretation.sensitivity.sobol import sobol
from ..interpretation.summary import summary
from ..interpretation.table import Table
from ..study.study import Study
from .one_alternative import Shown, shown_of

#: What a selection adds to the title of a study: "(engine=a, years=3)".
_SELECTED = re.compile(r"( \(\w+=[^()]*\))+$")


@dataclass(frozen=True, eq=False)
class Subject:
    """A result with what was asked of its report; what several chapters need is computed once."""

    result: Result
    study: Study | None
    before: Result | None
    base: int
    today: datetime.date

    @cached_property
    def shown(self) -> Shown:
        """The alternative that is shown in full, and what alternatives are compared per."""
        return shown_of(self.result)

    @cached_property
    def pictured(self) -> tuple[Result, Result]:
        """The result and that of the alternative that is shown, for figures: captions name what was selected."""
        return _short_title(self.result), _short_title(self.one)

    @property
    def one(self) -> Result:
        """The result of that alternative."""
        return self.shown.one

    @property
    def per(self) -> str:
        """What alternatives are compared per: "total", or "functional_unit"."""
        return self.shown.per

    @property
    def labels(self) -> Mapping[str, Label]:
        """The labels of that alternative; none without alternatives."""
        return self.shown.labels

    @property
    def drawn(self) -> bool:
        """Whether there are draws."""
        return "draw" in self.result.data["total"].dims

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The unit in which the total and one functional unit read best."""
        return {per: readable_unit(self.one, per) for per in ("total", "functional_unit")}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The stages of the alternative that is shown, in total and for one functional unit."""
        return {per: summary(self.one, per=per, unit=unit) for per, unit in self.units.items()}

    @property
    def whole(self) -> Mapping[Any, Any]:
        """The row of the headline: the total, or one functional unit where alternatives are compared by it."""
        return self.tables[self.per].loc["total"].to_dict()

    @cached_property
    def alternatives(self) -> Mapping[str, list[Label]]:
        """The labels of every dim of alternatives."""
        return {dim: self.result.data[dim].values.tolist() for dim in self.labels}

    @cached_property
    def every(self) -> Table:
        """The stages of every alternative, per what they are compared per."""
        return summary(self.result, per=self.per, unit=self.units[self.per])

    @cached_property
    def compared(self) -> Mapping[str, Table]:
        """Each dim of alternatives compared draw by draw; nothing without draws."""
        dims = [dim for dim in self.alternatives if {dim, "draw"} <= {*map(str, self.result.data["total"].dims)}]
        return {dim: compare(self.result, over=dim, per=self.per, unit=self.units[self.per]) for dim in dims}

    @cached_property
    def values(self) -> Table:
        """Every value behind the result (A10)."""
        return provenance(self.result.model)

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Where on the page each value stands, by key."""
        return {str(key): f"#value-{number}" for number, key in enumerate(self.values.index, 1)}

    @cached_property
    def statuses(self) -> Table:
        """The share of the nominal total by status (A10)."""
        return status_shares(self.one.model)

    @property
    def tied(self) -> bool:
        """Whether values are correlated, so that Sobol' indices do not hold (U11)."""
        return bool(self.one.model.program.correlated)

    @cached_property
    def drivers(self) -> Mapping[str, Table]:
        """What drives the total, and one functional unit where its count has a spread of its own.

        Sobol' indices; Shapley effects where values are correlated (U11).
        """
        count = self.one.data["functional_unit"]
        asked = ["total", "functional_unit"] if "draw" in count.dims and float(count.std()) > 0 else ["total"]
        ask = partial(shapley, base=min(self.base, 256)) if self.tied else partial(sobol, base=self.base)
        try:
            return {per: ask(self.one.model, per=per, mix=self.one.mixed) for per in asked if self.one.draws > 1}
        except MissingError:  # nothing has a spread
            return {}

    @property
    def driven_by(self) -> str:
        """The column of shares of the variance."""
        return "shapley" if self.tied else "total"


def _short_title(result: Result) -> Result:
    """The result with the name of its study alone as its title; what both have computed is kept."""
    title = _SELECTED.sub("", result.model.title)
    if title == result.model.title:
        return result
    made, model = copy(result), copy(result.model)
    object.__setattr__(model, "title", title)
    object.__setattr__(made, "model", model)
    return made

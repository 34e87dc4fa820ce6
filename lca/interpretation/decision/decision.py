"""A decision: which alternative to choose, how sure that is, and what would be worth knowing before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas

from ...records import notebook
from ...units.number_text import significant
from ..spread import label_text
from ..table import Table

_MOST_ROWS = 12


@dataclass(frozen=True, eq=False, repr=False)
class Decision:
    """Which alternative to choose, and the value of information (U15), as `decide` returns it.

    Attributes
    ----------
    over : str
        The dim of the alternatives.
    choices : Table
        What to choose: one row, or one for each label of other alternatives. `choose` has the smallest mean, `best` is
        its probability to be the smallest. `expected_loss` is its mean above the smallest, which perfect information
        would avoid (EVPI), between `loss_low` and `loss_high`. `first` is the parameter whose knowledge avoids most
        of it.
    table : Table
        The alternatives as `compare` ranks them, and `chosen`.
    information : Table
        A row for each parameter, own label of a parameter, and group: `avoided` is the part of the expected loss that
        knowing it would avoid (EVPPI), between `avoided_low` and `avoided_high`; `share` is its share of the expected
        loss.
    worth : Table or None
        Where costs were stated: `avoided`, `measuring_cost`, and what is left, `net_avoided`; the largest first.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> lca.decide({"total": lca.parameter("x", joules)}, over="engine").choice
    'a'
    """

    over: str
    choices: Table
    table: Table
    information: Table
    worth: Table | None = None

    @property
    def choice(self) -> object:
        """The alternative to choose; where there are others, a Series of it over their labels."""
        chosen = self.choices["choose"]
        return chosen.iloc[0] if self.alone else chosen

    @property
    def alone(self) -> bool:
        """Whether there is one choice, and not one for each label of other alternatives."""
        return self.choices.index.name is None and self.choices.index.nlevels == 1

    def answers(self) -> list[str]:
        """The answer in words, one for each choice."""
        return [self._answer(at, row) for at, row in self.choices.iterrows()]

    def _answer(self, at: object, row: pandas.Series[object]) -> str:
        unit, loss = str(row["unit"]), significant(row["expected_loss"])
        place = "" if self.alone else f"{label_text(dict(zip(self.choices.index.names, _tuple(at), strict=True)))}: "
        said = f"{place}choose {row['choose']}: it is best with a probability of {significant(row['best'])}."
        said = said if place else said[0].upper() + said[1:]
        if not row["expected_loss"]:
            return f"{said} No draw has a smaller one, so nothing that would be known changes the choice."
        said += f" Expected loss: {loss} {unit}."
        known = self._at(self.information, at)
        first = known[known["name"] == row["first"]]
        if first.empty or first.iloc[0]["avoided_low"] <= 0:
            return f"{said} No single value that would be known is seen to avoid any of it."
        first = first.iloc[0]
        return f"{said} Knowing the {first['words']} would avoid {significant(first['avoided'])} {unit} of it.{self._worth(at)}"

    def _worth(self, at: object) -> str:
        if self.worth is None:
            return " It is the one to measure first."
        best = self._at(self.worth, at).iloc[0]
        if best["net_avoided"] <= 0:
            return " None of the measurements whose costs were stated is worth its cost."
        net = f"{significant(best['net_avoided'])} {best['unit']} after its cost"
        return f" To measure first: the {best['words']}, which is worth {net}."

    def _at(self, table: Table, at: object) -> pandas.DataFrame:
        """The rows of one choice, with the name of what would be known as a column."""
        named = pandas.DataFrame(table).rename_axis(index={"parameter": "name"}).reset_index()
        if self.alone:
            return named
        for name, label in zip(self.choices.index.names, _tuple(at), strict=True):
            named = named[named[name] == label]
        return named

    def __repr__(self) -> str:
        said = self.answers()
        more = [f"... {len(said)} in all: .choices"] * (len(said) > _MOST_ROWS)
        return "\n".join([*said[:_MOST_ROWS], *more])

    def _repr_html_(self) -> str:
        facts = dict.fromkeys(self.answers()[:_MOST_ROWS], " ")
        tables = {"what to know first": self.information, "alternatives": self.table, "choices": self.choices}
        tables |= {} if self.worth is None else {"worth its cost": self.worth}
        details = {name: one._repr_html_() for name, one in tables.items()}
        return notebook.box("Decision", f"over {self.over}", facts, details, opened=("what to know first",))


def _tuple(at: object) -> Iterable[object]:
    return at if isinstance(at, tuple) else (at,)


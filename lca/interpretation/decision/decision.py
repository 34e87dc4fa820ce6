"""A decision: which alternative to choose, how sure that is, and what would be worth knowing before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas

from ...graph.labels import Label
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
        A row for each parameter, own label of a parameter, and group. `avoided` is the part of the expected loss that
        knowing it would avoid (EVPPI), between `avoided_low` and `avoided_high`; `share` is the same as a share.
    worth : Table or None
        Where costs were stated: `avoided`, `measuring_cost`, and what is left, `net_avoided`; the largest first.
    confidence : float
        The probability of the intervals.

    Examples
    --------
    >>> import lca
    >>> joules = lca.labelled({"a": lca.Normal(4, 1), "b": lca.Normal(6, 1)}, "kg CO2e", dim="engine")
    >>> lca.decide({"total": lca.parameter("x", joules)}, over="engine").choice
    'a'
    """

    _form: ClassVar[str] = 'lca.decide(study, over="engine")'
    over: str
    choices: Table
    table: Table
    information: Table
    worth: Table | None = None
    confidence: float = 0.9

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
        """The answer in words, one for each choice.

        Returns
        -------
        list of str
            What to choose, how sure that is, and what to know first.

        Examples
        --------
        >>> import lca
        >>> joules = lca.labelled({"a": lca.Uniform(1, 2), "b": lca.Uniform(3, 4)}, "kg CO2e", dim="engine")
        >>> lca.decide({"total": lca.parameter("x", joules)}, over="engine").answers()[0].partition(".")[0]
        'Choose a: it is best with a probability of 1'
        """
        others = [] if self.alone else [str(name) for name in self.choices.index.names]
        known, paid = _by_place(self.information, others), _by_place(self.worth, others)
        said = []
        for at, (choice, *_) in _by_place(self.choices, others).items():
            place = label_text(dict(zip(others, at, strict=True)))
            text = f"hoose {choice['choose']}: it is best with a probability of {significant(choice['best'])}."
            text += f" {_of_knowledge(choice, known[at], paid.get(at, []))}"
            said.append(f"{place}: c{text}" if place else f"C{text}")
        return said

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


#: A row of a table by its columns.
Row = Mapping[str, Any]


def _by_place(table: Table | None, others: Sequence[str]) -> dict[tuple[Label, ...], list[Row]]:
    """The rows of a table, in order, by their labels of other alternatives."""
    found: dict[tuple[Label, ...], list[Row]] = {}
    for row in [] if table is None else pandas.DataFrame(table).reset_index().to_dict("records"):
        named = {str(name): cell for name, cell in row.items()}
        found.setdefault(tuple(named[name] for name in others), []).append(named)
    return found


def _of_knowledge(choice: Row, known: Sequence[Row], paid: Sequence[Row]) -> str:
    """What the choice loses, how much of it one value would avoid, and what to measure first."""
    if not choice["expected_loss"]:
        return "No draw has a smaller one, so nothing that would be known changes the choice."
    said, unit = f"Expected loss: {significant(choice['expected_loss'])} {choice['unit']}.", choice["unit"]
    first = next((row for row in known if row["parameter"] == choice["first"]), None)
    if first is None or first["avoided_low"] <= 0:
        return f"{said} No single value that would be known is seen to avoid any of it."
    said += f" Knowing the {first['words']} would avoid {significant(first['avoided'])} {unit} of it."
    if not paid:
        return f"{said} It is the one to measure first."
    best, *_ = paid
    if best["net_avoided"] <= 0:
        return f"{said} None of the measurements whose costs were stated is worth its cost."
    net = f"{significant(best['net_avoided'])} {unit}"
    named = any(row["known"] == "group" for row in known if row["parameter"] == best["parameter"])
    what = best["words"] if named else f"the {best['words']}"
    return f"{said} To measure first: {what}, which is worth {net} after its cost."

"""What moved a result, as an answer in words and as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas

from ...graph.labels import Label
from ...records import notebook
from ...units.number_text import significant
from ..spread import label_text
from ..table import Table

_MOST_ROWS = 12
#: The row of everything.
WHOLE = "whole"


@dataclass(frozen=True, eq=False, repr=False)
class Difference:
    """How far one result is from another and what moved it, as `difference` and `waterfall` return it.

    Attributes
    ----------
    table : Table
        A row for each change and one for the whole, `kind` "whole"; with alternatives the index has a level for each.
        `moves` is the mean, `p5`, `p50` and `p95` are quantiles over paired draws, `share` is of the whole. `old` and
        `new` say what was changed. `kind` is "input", "structure", "code" or "draws". Rows without paired draws have
        their mean in all columns.
    totals : Table
        The old and the new result, and their means.
    settings : Table
        What differs beside inputs: versions of the data and the code, seed, design, number of draws.
    structure : tuple of str
        What is in one of the two alone: activities, keys, words such as an allocation rule.
    unit : str
        The unit of the moves.
    orders : str
        In which orders the changes were made.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> lca.waterfall(small_study(), new={"lab.pue": 1.5, "bert.energy": "60 kWh"}).table["moves"].to_dict()
    {'bert.energy': -30.0, 'lab.pue': 18.0, 'whole': -12.0}
    """

    table: Table
    totals: Table
    unit: str
    orders: str
    settings: Table = field(default_factory=Table)
    structure: tuple[str, ...] = ()

    def answers(self) -> list[str]:
        """The answer in words, one for each label of the alternatives.

        Returns
        -------
        list of str
            How far the mean moves, and what moves it most.

        Examples
        --------
        >>> import lca
        >>> from lca.study.small_study import small_study
        >>> lca.waterfall(small_study(), new={"lab.pue": 1.5}).answers()[0].partition(":")[0]
        'The mean rises by 24.0 kg CO2e, from 48.0 to 72.0 kg CO2e'
        """
        others = [str(name) for name in self.table.index.names[:-1]]
        ends = _by_place(self.totals, others, "side")
        said = []
        for at, rows in _by_place(self.table, others, "change").items():
            place = label_text(dict(zip(others, at, strict=True)))
            text = self._in_words(rows, ends[at])
            said.append(f"{place}: {text[0].lower()}{text[1:]}" if place else text)
        return said

    def _in_words(self, rows: Mapping[str, Row], ends: Mapping[str, Row]) -> str:
        whole = rows[WHOLE]
        size, old, new = (significant(abs(one)) for one in (whole["moves"], ends["old"]["mean"], ends["new"]["mean"]))
        changes = [(name, row) for name, row in rows.items() if row["kind"] != WHOLE]
        if not changes:
            return f"Nothing differs: {old} {self.unit}."
        way = "rises" if whole["moves"] > 0 else "falls"
        head = f"The mean {way} by {size} {self.unit}, from {old} to {new} {self.unit}: "
        if not whole["moves"]:
            head = f"The mean stays at {old} {self.unit}: "
        largest = sorted(changes, key=lambda one: -abs(one[1]["moves"]))[:_MOST_ROWS]
        said = [f"{row['words']} {_signed(row['moves'])}{self._changed(row)}" for _, row in largest]
        left = [f"and {len(changes) - len(largest)} more"] * (len(changes) > len(largest))
        return head + "; ".join([*said, *left]) + "."

    @staticmethod
    def _changed(row: Row) -> str:
        return f" ({row['old']} to {row['new']})" if row["old"] else ""

    def __repr__(self) -> str:
        said = self.answers()
        lines = [*said[:_MOST_ROWS], *[f"... {len(said)} in all: .table"] * (len(said) > _MOST_ROWS)]
        lines += [f"In one of the two alone: {'; '.join(self.structure)}."] if self.structure else []
        if len(self.settings):
            lines.append(
                "Other settings: " + "; ".join(f"{n} {a}, now {b}" for n, a, b in self.settings.itertuples()) + "."
            )
        return "\n".join([*lines, self.orders])

    def _repr_html_(self) -> str:
        facts = dict.fromkeys(self.answers()[:_MOST_ROWS], " ")
        details = {"what moves it": self.table._repr_html_(), "old and new": self.totals._repr_html_()}
        details |= {"in one of the two alone": notebook.paragraphs(self.structure)} if self.structure else {}
        details |= {"other settings": self.settings._repr_html_()} if len(self.settings) else {}
        return notebook.box("Difference", self.unit, facts, details, opened=("what moves it",))


def _signed(size: float) -> str:
    """A move with its sign.

    >>> _signed(-1543.0), _signed(0.0), _signed(2.0)
    ('-1,540', '0', '+2.00')
    """
    return f"{'+' * (size > 0)}{significant(size)}"


#: A row of a table by its columns.
Row = Mapping[str, Any]


def _by_place(table: Table, others: Sequence[str], name: str) -> dict[tuple[Label, ...], dict[str, Row]]:
    """The rows of a table by their labels of alternatives, and by the name in the last level."""
    found: dict[tuple[Label, ...], dict[str, Row]] = {}
    for row in pandas.DataFrame(table).reset_index().to_dict("records"):
        named = {str(key): cell for key, cell in row.items()}
        found.setdefault(tuple(named[one] for one in others), {})[str(named[name])] = named
    return found

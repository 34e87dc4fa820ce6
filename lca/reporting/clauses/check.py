"""A study or a result against the clauses of standards: what the library verified, what people state, what is missing.

No clause of which a text alone speaks passes: such a text is shown as stated (A10).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas

from ...arguments import entry
from ...errors import MissingError
from ...interpretation.result import Result
from ...interpretation.table import Table
from ...study.study import Study
from .rules import RULES
from .subject import Subject
from .tables import Clause, Standard, chosen, standards
from .verdicts import FAILED, OPEN, VERDICTS

#: How wide a check prints, and where its texts begin, behind the verdict.
_WIDE, _INDENT = 110, 18
_SHOWN = ["clause", "item", "verdict", "found", "add"]
_COLUMNS = ["standard", *_SHOWN, "text"]
_LEGEND = (
    "passed: computed or verified by the library. stated: the words of people, shown and not verified. "
    "Items are in our own words; where a text was not seen, they rest on public summaries."
)


class Check(Table):
    """What became of each clause: a table with a row for each, which prints in groups.

    The columns are `standard`, `clause`, `item`, `verdict`, `found`, `add` and `text`. The number of a clause is given
    where it is public, and the item is in our own words. `add` says what to add where something is open. `text` says
    whether the text of the standard was seen.
    """

    @property
    def _constructor(self) -> type[Table]:
        return Check

    @property
    def _whole(self) -> bool:
        """Whether it still has clauses of known standards: a part of a table prints as any other."""
        return set(_COLUMNS) <= {*self.columns} and {*self["standard"]} <= {*standards()}

    @property
    def counts(self) -> Table:
        """How many clauses of each standard came to each verdict.

        Returns
        -------
        Table
            A row for each standard, a column for each verdict.

        Examples
        --------
        >>> import lca
        >>> from lca.study.small_study import small_study
        >>> int(lca.check(small_study(), standards=["ISO 14044"]).counts.loc["ISO 14044", "failed"])
        0
        """
        rows = [
            {"standard": name, **{word: int((one["verdict"] == word).sum()) for word in VERDICTS}}
            for name, one in self.groupby("standard", sort=False)
        ]
        return Table.of(pandas.DataFrame(rows, columns=["standard", *VERDICTS]), "standard")

    @property
    def failed(self) -> Check:
        """The clauses that were looked at and are not met.

        Returns
        -------
        Check
            Their rows.

        Examples
        --------
        >>> import lca
        >>> from lca.study.small_study import small_study
        >>> lca.check(small_study(), standards=["ISO 14044"]).failed["clause"].tolist()
        []
        """
        return self._of((FAILED,))

    @property
    def missing(self) -> Check:
        """The clauses for which something has to be added: those that failed, and those of which nothing is stated.

        Returns
        -------
        Check
            Their rows; `add` says what.

        Examples
        --------
        >>> import lca
        >>> from lca.study.small_study import small_study
        >>> lca.check(small_study()).missing["add"].iloc[0]
        'state it: about=lca.About(reason=...)'
        """
        return self._of(OPEN)

    def _of(self, verdicts: Iterable[str]) -> Check:
        return Check(self[self["verdict"].isin(list(verdicts))])

    @property
    def said(self) -> str:
        """The verdicts of all clauses in one line: "31 clauses: 12 passed, ...".

        Returns
        -------
        str
            The line.

        Examples
        --------
        >>> import lca
        >>> from lca.study.small_study import small_study
        >>> lca.check(small_study()).said.split(":")[0].split()[1]
        'clauses'
        """
        held = self["verdict"].tolist()
        return f"{len(held)} clauses: " + ", ".join(f"{held.count(word)} {word}" for word in VERDICTS)

    def __repr__(self) -> str:
        if not self._whole:
            return super().__repr__()
        head = [f"{self.attrs.get('title', '')}, {self.said}".lstrip(", "), *textwrap.wrap(_LEGEND, _WIDE)]
        groups = [_group(str(name), one) for name, one in self.groupby("standard", sort=False)]
        return "\n\n".join(["\n".join(head), *groups])

    __str__ = __repr__

    def _repr_html_(self) -> str:
        if not self._whole:
            return super()._repr_html_()
        groups = [
            f"<p><b>{escape(_head(str(name)))}</b></p>{Table(one[_SHOWN]).set_index('clause')._repr_html_()}"
            for name, one in self.groupby("standard", sort=False)
        ]
        return f"<p>{escape(self.said)}</p><p>{escape(_LEGEND)}</p>{''.join(groups)}"


def _head(name: str) -> str:
    """What a standard is, and how it is known."""
    one = standards()[name]
    return f"{one.title} ({one.edition}). Text {one.text}; known from {one.known}."


def _group(name: str, rows: pandas.DataFrame) -> str:
    """The clauses of one standard, each with what was found and what to add."""
    lines = _lines("", _head(name), 2)
    for row in rows.to_dict("records"):
        number = f"{row['clause']}  " if row["clause"] else ""
        lines += _lines(f"  {row['verdict']:<{_INDENT - 2}}", f"{number}{row['item']}")
        lines += _lines(" " * _INDENT, f"found: {row['found']}")
        lines += _lines(" " * _INDENT, f"add: {row['add']}") if row["add"] else []
    return "\n".join(lines)


def _lines(first: str, text: str, indent: int = _INDENT + 2) -> list[str]:
    """A text that is wrapped behind what stands first."""
    rest = " " * indent
    return textwrap.wrap(text, _WIDE, initial_indent=first, subsequent_indent=rest, break_long_words=False)


@entry
def check(thing: Study | Result, *, standards: Sequence[str] | None = None) -> Check:
    """Each clause of the standards of reporting: passed, stated, failed, not stated, or does not apply.

    "passed" is what the library computed or verified. "stated" is what people say, in `About`, reasons and sources:
    it is shown, and not verified. Give a result of `monte_carlo`, since a study without draws has no uncertainty.

    Parameters
    ----------
    thing : Study or Result
        What is checked.
    standards : sequence of str
        Some of "ISO 14044", "ISO 14067", "ITU-T L.1801", "GHG Protocol" and "SCI for AI"; all if not given.

    Returns
    -------
    Check
        A table with a row for each clause. It prints in groups, and `.to_csv` writes it. `.counts` counts verdicts by
        standard; `.failed` has what is not met, and `.missing` all for which something has to be added.

    Raises
    ------
    MissingError
        If a standard is unknown, or a result has no stages.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> found = lca.check(small_study(), standards=["ISO 14044"])
    >>> found.loc[found["clause"] == "4.2.3.2", "verdict"].tolist()
    ['stated', 'not stated']
    """
    asked = chosen(standards)
    if not thing.model.stages:
        raise MissingError.of("result_without_stages", "thing", what="a check of clauses")
    subject = Subject.of(thing)
    rows = [_row(one, clause, subject) for one in asked for clause in one.clauses]
    found = Check(rows, columns=_COLUMNS)
    found.attrs["title"] = subject.model.title
    return found


def _row(standard: Standard, clause: Clause, subject: Subject) -> dict[str, Any]:
    """One clause, looked at."""
    finding = RULES[clause.rule](subject, clause.of)
    add = (finding.add or clause.add) if finding.verdict in OPEN else ""
    said = {"standard": standard.name, "clause": clause.number, "item": clause.item, "verdict": finding.verdict}
    return {**said, "found": finding.found, "add": add, "text": standard.text}

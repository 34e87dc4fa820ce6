"""What a publication has to cite for the tables behind its result: publishers, licences, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import pandas

from ..arguments import entry
from ..graph.leaf import Parameter
from ..records.record import slug
from ..source_marks import Mark, marks
from .credits import Work, release_in, works_in
from .explain import definitions
from .result import Evaluable, model_of
from .table import Table

_NOTHING = "No value was read from a table of the library."


class _Use(NamedTuple):
    """A value that rests on a row of a table, and the copies in which its work was read."""

    key: str
    mark: Mark
    copies: tuple[str, ...]


@dataclass(frozen=True)
class Credit:
    """A work that a result has to cite.

    Attributes
    ----------
    work : Work
        Publisher, title and address.
    releases, licences, copies : tuple of str
        The editions that are named, its licence (else those that all of its rows are under, or any), and public copies
        in which it was read.
    tables, keys : tuple of str
        Tables of the library, and the values that rest on the work.
    """

    work: Work
    releases: tuple[str, ...]
    licences: tuple[str, ...]
    copies: tuple[str, ...]
    tables: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def key(self) -> str:
        """What BibTeX calls it."""
        return slug(self.work.named)

    @property
    def terms(self) -> str:
        """Its licence, names of our own in words, and where it was read if that was a copy."""
        copy = f". Read in: {'; '.join(self.copies)}" if self.copies else ""
        return f"Licence: {' AND '.join(map(_in_words, self.licences))}{copy}"

    @property
    def text(self) -> str:
        """The work as a publication cites it, without its address."""
        release = f" ({', '.join(self.releases)})" if self.releases else ""
        return f"{self.work.named}{release}. {self.terms}."


@dataclass(frozen=True)
class Attribution:
    """What a publication has to cite; it prints as text.

    Attributes
    ----------
    credits : tuple of Credit
        The works, that of most values first, assumptions of the library last.

    Examples
    --------
    >>> import lca
    >>> found = attribution(lca.characterization_factor("CH4", "AR5"))
    >>> [credit.work.publisher for credit in found.credits]
    ['IPCC']
    """

    credits: tuple[Credit, ...]

    @property
    def table(self) -> Table:
        """A row for each work: publisher, release, licence, link, read_in, tables, values and used_by."""
        rows = [
            {
                "source": one.work.named,
                "publisher": one.work.publisher,
                "release": "; ".join(one.releases) or "not named",
                "licence": " AND ".join(one.licences),
                "link": one.work.link or "none",
                "read_in": "; ".join(one.copies) or "first hand",
                "tables": "; ".join(one.tables),
                "values": len(one.keys),
                "used_by": "; ".join(one.keys),
            }
            for one in self.credits
        ]
        columns = ["source", "publisher", "release", "licence", "link", "read_in", "tables", "values", "used_by"]
        return Table.of(pandas.DataFrame(rows, columns=columns), "source")

    def text(self) -> str:
        """What a publication may print.

        Returns
        -------
        str
            A line for each work: publisher, title, edition, licence, the copy that was read, and the address.

        Examples
        --------
        >>> import lca
        >>> print(attribution(lca.characterization_factor("CH4", "AR5")).text())
        IPCC, Assessment reports, working group 1 (AR5). Licence: CC0-1.0. Read in: ... https://www.ipcc.ch/reports/
        """
        return "\n".join(f"{one.text} {one.work.link}".rstrip() for one in self.credits) or _NOTHING

    def bibtex(self) -> str:
        """The works as entries for BibTeX; assumptions of the library are left out.

        Returns
        -------
        str
            An entry `@misc` for each work.

        Examples
        --------
        >>> import lca
        >>> print(attribution(lca.characterization_factor("CH4", "AR5")).bibtex().splitlines()[0])
        @misc{ipcc-assessment-reports-working-group-1,
        """
        return "\n\n".join(_entry(one) for one in self.credits if not one.work.own)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        links = [one.work.link and f' <a href="{one.work.link}">{one.work.link}</a>' for one in self.credits]
        lines = [escape(one.text) + link for one, link in zip(self.credits, links, strict=True)]
        return "<ul><li>" + "</li><li>".join(lines) + "</li></ul>" if lines else f"<p>{_NOTHING}</p>"


@entry
def attribution(thing: Evaluable) -> Attribution:
    """What a publication of a result has to cite: every work whose figures stand in a table that it uses.

    A value knows the table, the licence and the source of the row that it was read from. A saved result keeps them.
    Tables that only give a place its name hold no value, and are not listed.

    Parameters
    ----------
    thing : Study, Result, Node, or mapping of str to Node
        What rests on the values.

    Returns
    -------
    Attribution
        The works; `.table` has a row for each, `.text()` a line, and `.bibtex()` an entry for BibTeX.

    Raises
    ------
    LcaError
        If the values of the study cannot be put together.

    Examples
    --------
    >>> import lca
    >>> found = attribution(lca.Electricity.lookup("FRA", 2023).intensity)
    >>> found.table[["publisher", "licence"]].iloc[0].tolist()
    ['Ember', 'CC-BY-4.0']
    """
    used: dict[Work, list[_Use]] = {}
    for key, alike in definitions(model_of(thing)).items():
        for work, use in _uses(key, alike):
            used.setdefault(work, []).append(use)
    order = sorted(used.items(), key=lambda one: (one[0].own, -len(one[1])))
    return Attribution(tuple(_credit(work, uses) for work, uses in order))


def _uses(key: str, alike: Iterable[Parameter]) -> Iterator[tuple[Work, _Use]]:
    """Each work that a value credits, with the row that does."""
    for mark in dict.fromkeys(mark for parameter in alike for mark in marks(parameter.source)):
        for work, copies in works_in(mark.cited).items():
            yield work, _Use(key, mark, tuple(copy.named for copy in copies))


def _credit(work: Work, uses: list[_Use]) -> Credit:
    return Credit(
        work,
        releases=_once(one for use in uses for one in release_in(work, use.mark.cited)),
        licences=_licences([use.mark.licence for use in uses], work.licence),
        copies=_once(copy for use in uses for copy in use.copies),
        tables=_once(sorted(use.mark.table for use in uses)),
        keys=_once(use.key for use in uses),
    )


def _licences(expressions: list[str], own: str = "") -> tuple[str, ...]:
    """The licence of a work: its own, or what all of its rows are under; some rows are computed from several works.

    >>> _licences(["CC-BY-4.0", "Apache-2.0 AND CC-BY-4.0"]), _licences(["MIT", "CC0-1.0"])
    (('CC-BY-4.0',), ('MIT', 'CC0-1.0'))
    """
    if own:
        return (own,)
    parts = [expression.split(" AND ") for expression in dict.fromkeys(expressions)]
    every = _once(name for part in parts for name in part)
    return tuple(name for name in every if all(name in part for part in parts)) or every


def _in_words(licence: str) -> str:
    """A licence as people read it.

    >>> _in_words("LicenseRef-US-Government-Work"), _in_words("CC-BY-4.0")
    ('US Government Work', 'CC-BY-4.0')
    """
    own = licence.removeprefix("LicenseRef-")
    return licence if own == licence else own.replace("-", " ")


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _entry(credit: Credit) -> str:
    """A work as an entry for BibTeX."""
    fields = {"author": f"{{{tex(credit.work.publisher)}}}", "title": f"{{{tex(credit.work.title)}}}"}
    fields |= {"edition": tex(", ".join(credit.releases)), "url": credit.work.link, "note": tex(credit.terms)}
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{credit.key},", ",\n".join(lines), "}"])


def tex(text: str) -> str:
    r"""A text in which no character means something to TeX.

    >>> print(tex("R&D {50 %}"))
    R\&D \{50 \%\}
    """
    return re.sub(r"([&%$#_{}])", r"\\\1", text)

"""Whom a source credits: the works that stand in the source of a row, its licence, and the table that has the row."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..graph.leaf import Parameter
from ..source_marks import marks

#: What stands in a column of credits where a value was read from no table.
NO_TABLE = "no table"
_ADDRESS = re.compile(r"arXiv:(?P<arxiv>\d{4}\.\d{5})|doi:? (?P<doi>10\.\S+?)(?=[ ,;)]|$)")
_NAME = re.compile(r"[^,;:(@[]*")


@dataclass(frozen=True)
class Work:
    """What somebody published: a database, a report, a paper.

    Attributes
    ----------
    title, publisher, link : str
        The work, who published it, and its address where one is known.
    licence : str
        Its licence, where rows that are computed from several works credit it.
    words : tuple of str
        What stands in the source of a row that has a value of it.
    release : str
        A pattern with one group: the edition, where a source names it.
    copy : bool
        Whether others were read in it.
    own : bool
        Whether it was computed or assumed in this library.
    """

    title: str
    publisher: str
    link: str = ""
    licence: str = ""
    words: tuple[str, ...] = ()
    release: str = ""
    copy: bool = False
    own: bool = False

    @property
    def named(self) -> str:
        """Publisher and title, "US EPA, GHG Emission Factors Hub"."""
        return self.title if self.title.startswith(self.publisher) else f"{self.publisher}, {self.title}"


@cache
def works() -> tuple[Work, ...]:
    """The works that are known by words of theirs; they stand in publishers.toml."""
    read = tomllib.loads(Path(__file__).with_name("publishers.toml").read_text(encoding="utf-8"))
    return tuple(Work(title, **(fields | {"words": tuple(fields["words"])})) for title, fields in read.items())


@cache
def works_in(cited: str) -> Mapping[Work, tuple[Work, ...]]:
    """The works that the source of a row cites, in its order, each with the copies in which it was read.

    A copy stands behind the works that were read in it. Own assumptions count where nothing else is cited. A source of
    no known work is a work of its own.

    >>> found = works_in("World Bank (IEA), from open-numbers/ddf; ISO 3166")
    >>> {work.publisher: [copy.publisher for copy in copies] for work, copies in found.items()}
    {'World Bank': ['open-numbers'], 'ISO': []}
    >>> next(iter(works_in("Rae et al. 2021, Gopher, arXiv:2112.11446, table 1"))).link
    'https://arxiv.org/abs/2112.11446'
    """
    places = {work: min(at) for work in works() if (at := [cited.find(word) for word in work.words if word in cited])}
    found = sorted(places, key=places.__getitem__)
    first = [work for work in found if not (work.copy or work.own)]
    own = [work for work in found if work.own]
    if own and not first:
        return dict.fromkeys(own, ())
    copies = [work for work in found if work.copy]
    if not first:
        return {_alone(cited): tuple(copies)}
    return {work: tuple(copy for copy in copies if places[copy] > places[work]) for work in first}


def _alone(cited: str) -> Work:
    """A source that names no known work: its first words are the publisher."""
    address = _ADDRESS.search(cited)
    link = ""
    if address is not None:
        link = f"https://arxiv.org/abs/{address['arxiv']}" if address["arxiv"] else f"https://doi.org/{address['doi']}"
    name = "".join(_NAME.findall(cited)[:1]).strip()
    return Work(cited, name or cited, link)


def release_in(work: Work, cited: str) -> list[str]:
    """The editions of a work that a source names.

    >>> [release_in(work, "US EPA eGRID2019") for work in works_in("US EPA eGRID2019")]
    [['eGRID2019']]
    """
    return re.findall(work.release, cited) if work.release else []


def columns_of(parameters: Iterable[Parameter]) -> dict[str, str]:
    """What a table of values says of the tables behind one: their names, licences, and whom they credit."""
    found = [mark for parameter in parameters for mark in marks(parameter.source)]
    named = [work.named for mark in found for work in works_in(mark.cited)]
    said = {"table": [one.table for one in found], "licence": [one.licence for one in found], "attribution": named}
    return {name: "; ".join(dict.fromkeys(cells)) or NO_TABLE for name, cells in said.items()}

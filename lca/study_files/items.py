"""The items of a file, each made once, by the constructors of the library, from what stands in its table."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..arguments import Kind, kinds_of_arguments
from ..checks import did_you_mean
from ..errors import LcaError, MissingError, RecordError
from ..graph.fields import resolve
from ..records.record import Record, kinds_of, slug
from .document import Document
from .faults import Failed, Faults
from .makers import SECTIONS, SINGLE, WAY, Maker, maker_of
from .positions import At
from .values import Values

#: How an error names an argument: "robots.load", or "Meter(at=)".
_ARGUMENT = re.compile(r"(?:\.|\()(\w+)(?:=\)|$|: )")


class Items:
    """What a file defines, by section and name."""

    def __init__(self, document: Document, faults: Faults) -> None:
        self.document, self.faults = document, faults
        self._made: dict[tuple[str, str], object] = {}
        self._failed: set[tuple[str, str]] = set()
        self._open: list[tuple[str, str]] = []
        self.values = Values(document, self._named, self._inline)

    def all(self) -> Iterator[tuple[str, str]]:
        """Section and name of each item, in the order of the file."""
        for section, inside in self.document.tables.items():
            if section in SECTIONS and isinstance(inside, Mapping):
                yield from ((section, str(name)) for name in inside)

    def made(self, section: str, name: str) -> object:
        """An item, made where it is not yet; `Failed` where it cannot be."""
        at = section, name
        if at in self._failed:
            raise Failed
        if at not in self._made:
            if at in self._open:
                way = [f"{kind}.{one}" for kind, one in (*self._open, at)]
                raise RecordError.of("items_in_a_circle", self.document.place(section, name), way)
            self._open.append(at)
            try:
                self._made[at] = self._built(section, self._table(section, name), (section, name), name)
            except Failed:
                self._failed.add(at)
                raise
            finally:
                self._open.pop()
        return self._made[at]

    def single(self, section: str) -> object:
        """The item of a section that is one table."""
        return self._built(section, self.document.tables[section], (section,), "")

    def records(self) -> list[tuple[At, Record]]:
        """The components that could be made, with the way to their tables."""
        return [(at, item) for at, item in self._made.items() if isinstance(item, Record)]

    def _table(self, section: str, name: str) -> object:
        inside = self.document.tables[section]
        return inside[name] if isinstance(inside, Mapping) else inside

    # --- names ------------------------------------------------------------------------------------------

    def _named(self, name: str, kind: Kind | None, attribute: str) -> object:
        """The item of a name that has the kind, or the attribute, that is asked for; raises where there is none."""
        sections = [section for section, one in self.all() if one == name]
        waiting = [section for section in sections if (section, name) in self._open]
        found = [self.made(section, name) for section in sections if section not in waiting]
        fitting = [one for one in found if kind is None or kind.holds(one)]
        fitting = [one for one in fitting if not attribute or attribute in dir(one)] or fitting[:1]
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            sides = [f"{section}.{name}" for section in sections]
            raise RecordError.of("name_of_several_items", name, sides, name=name)
        if waiting:
            return self.made(waiting[0], name)  # raises, with the way round
        every = [one for section, one in self.all() if kind is None or _makes(section, kind)]
        classes = [] if kind is None else [word.strip(",") for word in kind.words.split() if word[:1].isupper()]
        words, near = " or ".join(classes) or "item", did_you_mean(name, every)
        near = near or f"give it a table of its own: [{slug(words)}.{name}]"
        raise MissingError.of("no_item_of_that_name", name, name=name, kind=words, near=near)

    def _inline(self, table: Mapping[str, object], kind: Kind, at: At) -> object:
        """A component that is written where it is used."""
        section = next(section for section in (*SECTIONS, *SINGLE) if _makes(section, kind))
        return self._built(section, table, at, str(at[-1]))

    # --- making -----------------------------------------------------------------------------------------

    def _built(self, section: str, table: object, at: At, name: str) -> object:
        place = self.document.place(*at)
        if not isinstance(table, Mapping):
            self.faults.add(place, RecordError.of("not_a_table_of_an_item", place, section=section, name=name))
            raise Failed
        try:
            maker = maker_of(section, table.get(WAY), self.document.place(*at, WAY))
        except LcaError as error:
            self.faults.add(self.document.place(*at, WAY), error)
            raise Failed from None
        given, complete = self._arguments(maker, table, at)
        if maker.first and name and maker.first not in given:
            given = {maker.first: name, **given}
        if not complete:
            self._note_values(maker, given, at)
            raise Failed
        try:
            made = maker.function(**given)
            return self._changed(maker, table, made, at)
        except LcaError as error:
            self._note(maker, given, error, at)
            raise Failed from None

    def _arguments(self, maker: Maker, table: Mapping[str, object], at: At) -> tuple[dict[str, Any], bool]:
        """(what the table gives to the maker, whether that is all of it); what is wrong in it is noted."""
        given, before = dict[str, Any](), len(self.faults.found)
        complete = True
        for name, value in table.items():
            where = self.document.place(*at, name)
            if name not in maker.arguments:
                if name != WAY and maker.method(name) is None:
                    self.faults.add(where, _no_such_key(where, name, maker))
                continue
            try:
                given[name] = self.values.taken(value, maker.arguments[name], (*at, name))
            except Failed:
                complete = False
            except LcaError as error:
                self.faults.add(where, error)
        return given, complete and len(self.faults.found) == before

    def _changed(self, maker: Maker, table: Mapping[str, object], made: object, at: At) -> object:
        """The item after the methods that its table names, such as `replaced = {name = "Jetson"}`."""
        for name, value in table.items():
            method = maker.method(name) if name not in maker.arguments else None
            if method is None or not isinstance(made, Record):
                continue
            kinds: Mapping[str, Kind | None] = kinds_of_arguments(inspect.unwrap(method))
            if isinstance(value, Mapping):
                kinds = {**kinds_of(type(made)), **kinds}
                given = {key: self.values.taken(one, kinds.get(key), (*at, name, key)) for key, one in value.items()}
                made = method(made, **given)
            else:
                first = next(iter(kinds.values()), None)
                made = method(made, self.values.taken(value, first, (*at, name)))
            if not isinstance(made, Record):
                raise _no_such_key(self.document.place(*at, name), name, maker)
        return made

    # --- what is wrong ------------------------------------------------------------------------------------

    def _note(self, maker: Maker, given: Mapping[str, object], error: LcaError, at: At) -> None:
        """Note what a maker refuses, and what else it would refuse of the values it was given."""
        before = len(self.faults.found)
        self._note_values(maker, given, at)
        if len(self.faults.found) == before:
            self.faults.add(self.place_of(error, at), error)

    def _note_values(self, maker: Maker, given: Mapping[str, object], at: At) -> None:
        """Note the values that their fields do not take."""
        for name, value in given.items():
            if name in maker.declared and isinstance(value, str | int | float) and not isinstance(value, bool):
                side = given.get("at") if maker.declared[name].boundary else None
                key = f"{slug(str(given.get('name', at[-1])))}.{name}"
                try:
                    resolve(value, maker.declared[name], key=key, at=side if isinstance(side, str) else None)
                except LcaError as own:
                    self.faults.add(self.document.place(*at, name), own)

    def place_of(self, error: LcaError, at: At = ()) -> str:
        """Where an error belongs: the key that it names in a table, else the table, else [study]."""
        if not at:
            owner = error.where.partition(".")[0]
            found = next((way for way, one in self.records() if one.slug == owner), None)
            return self.place_of(error, found or ("study",))
        names = (*_ARGUMENT.findall(error.where), error.where.rstrip("="))
        return self.document.place(*at, *[name for name in names if (*at, name) in self.document.places][:1])


def _no_such_key(where: str, name: str, maker: Maker) -> RecordError:
    near = did_you_mean(name, [*maker.arguments, WAY])
    return RecordError.of("no_such_key", where, argument=name, made=maker.title, near=near)


def _makes(section: str, kind: Kind) -> bool:
    """Whether a section makes items of a kind, as far as its words tell."""
    made = {**SECTIONS, **SINGLE}[section]
    return isinstance(made, type) and re.search(rf"\b{made.__name__}\b", kind.words) is not None

"""What a file gives for an argument, as the constructor takes it: a text, a number, a list, or an item of the file."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..arguments import Kind
from ..errors import MissingError
from ..graph.inputs import labelled
from .document import Document
from .makers import PATHS, SOURCES
from .positions import At
from .texts import evaluated, is_expression, number_of, split

#: The item of a name, by the kind and the attribute that are asked for.
Named = Callable[[str, Kind | None, str], object]
#: A component from a table that stands where the component is used.
Inline = Callable[[Mapping[str, object], Kind, At], object]


class Values:
    """Reads the values of a file by the kinds of the arguments that take them."""

    def __init__(self, document: Document, named: Named, inline: Inline) -> None:
        self.document, self._named, self._inline = document, named, inline

    def taken(self, value: object, kind: Kind | None, at: At) -> object:
        """A value as its argument takes it.

        A text that the argument does not take as it is names an item of the file, or is computed of some.
        """
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        if isinstance(value, str):
            return self._path(value, at) if _is_path(at) else self._text(value, kind, at)
        if kind is not None and _says_all(kind) and kind.holds(value) and not _is_path(at):
            return value
        if isinstance(value, list):
            items = None if kind is None or kind.holds(value) else kind
            return [self._item(one, items, (*at, n)) for n, one in enumerate(value)]
        if isinstance(value, Mapping):
            return self._table(value, kind, at)
        return value

    def _path(self, text: str, at: At) -> object:
        """A path relative to the folder of the file; where logs are gathered, what was read under that name."""
        if SOURCES in at:
            several = split(text, ";") if self.document.cells else [text]
            if len(several) > 1:
                return [self._path(one, at) for one in several]
            with contextlib.suppress(MissingError):
                return self._named(text, None, "")
        return str(self.document.path.parent / Path(text).expanduser())

    def _text(self, text: str, kind: Kind | None, at: At) -> object:
        if kind is not None and kind.words == "a text":
            return text
        if is_expression(text) and not (kind is not None and kind.holds(text)):
            return evaluated(text, lambda name, attribute: self._named(name, None, attribute))
        if kind is None:
            return self._or_text(text, None)
        if kind.holds(text):
            return self._or_text(text, kind)
        if self.document.cells and (found := self._of_a_cell(text, kind, at)) is not None:
            return found
        return self._named(text, kind, "") if _is_item(kind) else text

    def _or_text(self, text: str, kind: Kind | None) -> object:
        """The item of a name where there is one that the argument takes, else the text itself."""
        try:
            return self._named(text, kind, "") if kind is None or _is_item(kind) else text
        except MissingError:
            return text

    def _of_a_cell(self, text: str, kind: Kind, at: At) -> object:
        """What a cell says that holds a number as a text, a list, or pairs; None where it is none of these."""
        number = number_of(text)
        if number is not text and kind.holds(number):
            return number
        pieces = split(text, ";")
        if all("=" in piece for piece in pieces) and "mapping" in kind.words:
            pairs = [piece.partition("=") for piece in pieces]
            return self._table({key.strip(): number_of(one.strip()) for key, _, one in pairs}, kind, at)
        if "list" in kind.words or len(pieces) > 1:
            return self.taken([number_of(one) for one in pieces], kind, at)
        return None

    def _item(self, value: object, kind: Kind | None, at: At) -> object:
        """An item of a list that its argument does not take as it is: the item of that name."""
        if kind is not None and isinstance(value, Mapping) and _is_item(kind):
            return self._inline(value, kind, at)
        if isinstance(value, str) and kind is not None and _is_item(kind) and not is_expression(value):
            return self._named(value, None, "")
        return self.taken(value, None, at)

    def _table(self, table: Mapping[str, object], kind: Kind | None, at: At) -> object:
        """A table as the values of labels, a component, or a mapping whose keys may be items."""
        if kind is None:
            given: dict[str, Any] = self._each(table, at)
            return labelled(**given) if "dim" in table else given
        if "mapping" not in kind.words and _is_item(kind):
            return self._inline(table, kind, at)
        made = self._each(table, at)
        if kind.holds(made):
            return made
        return {self._named(str(key), None, ""): value for key, value in made.items()}

    def _each(self, table: Mapping[str, object], at: At) -> dict[str, object]:
        return {key: self.taken(value, None, (*at, key)) for key, value in table.items()}


def _is_path(at: At) -> bool:
    """Whether a text names a file: alone, or within a list or a table of them."""
    return at[-1] in PATHS or SOURCES in at[1:]


def _says_all(kind: Kind) -> bool:
    """Whether a kind says what each item has to be, so that nothing in it is left to be read."""
    return "mapping" not in kind.words or "each value" in kind.words


def _is_item(kind: Kind) -> bool:
    """Whether a kind takes items of this library: its words name a class."""
    return any(word[:1].isupper() and word not in ("True", "False", "None") for word in kind.words.split())

"""Where each key of a TOML file stands. `tomllib` reads what a file says, and not at which line it says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import TypeAlias

#: The way to a value: names of tables and keys, and numbers in lists.
At: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(
    r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'))*"""
)
_TEXT = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'", re.DOTALL)
_OTHER = re.compile(r"[^,\]}#\n]+")


def positions(text: str) -> Mapping[At, int]:
    """The line of each table, key and item of a list, of a TOML text that `tomllib` reads.

    >>> positions('[site.desk]\\npue = 1.0\\non = [\\n  "a",\\n  "b"]\\n')[("site", "desk", "on", 1)]
    5
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    """Walks through a text that is valid TOML, and notes the line of each key."""

    def __init__(self, text: str) -> None:
        self.text, self.here, self.lines = text, 0, dict[At, int]()
        self._lengths: dict[At, int] = {}  # of lists of tables

    def document(self) -> None:
        table: At = ()
        while self._blank() < len(self.text):
            if self.text[self.here] == "[":
                table = self._head()
            else:
                self._pair(table)

    def _blank(self) -> int:
        """Go on to what is neither blank nor a remark."""
        found = _BLANK.match(self.text, self.here)
        self.here = found.end() if found else self.here
        return self.here

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.here)
        assert found is not None, f"no TOML at {self.here}"
        self.here = found.end()
        return found[0]

    def _line(self) -> int:
        return self.text.count("\n", 0, self.here) + 1

    def _head(self) -> At:
        several = self.text.startswith("[[", self.here)
        line = self._line()
        self.here += 1 + several
        self._blank()
        at = self._inside(_key(self._match(_KEY)), several)
        self._blank()
        self.here += 1 + several
        self._note(at, line)
        return at

    def _inside(self, names: At, several: bool) -> At:
        """The way of a table; a name that stands for a list of tables means the last of them."""
        at: At = ()
        for n, name in enumerate(names):
            at = (*at, name)
            if several and n == len(names) - 1:
                self._lengths[at] = self._lengths.get(at, 0) + 1
            if at in self._lengths:
                at = (*at, self._lengths[at] - 1)
        return at

    def _note(self, at: At, line: int) -> None:
        for n in range(1, len(at) + 1):
            self.lines.setdefault(at[:n], line)

    def _pair(self, table: At) -> None:
        line = self._line()
        at = (*table, *_key(self._match(_KEY)))
        self._note(at, line)
        self._blank()
        self.here += 1  # the equals sign
        self._value(at)

    def _value(self, at: At) -> None:
        self._blank()
        start = self.text[self.here]
        if start in "\"'":
            self._match(_TEXT)
        elif start == "[":
            self._items(at)
        elif start == "{":
            self._pairs(at)
        else:
            self._match(_OTHER)

    def _items(self, at: At) -> None:
        number, self.here = 0, self.here + 1
        while self.text[self._blank()] != "]":
            self._note((*at, number), self._line())
            self._value((*at, number))
            number += 1
            self._comma()
        self.here += 1

    def _pairs(self, at: At) -> None:
        self.here += 1
        while self.text[self._blank()] != "}":
            self._pair(at)
            self._comma()
        self.here += 1

    def _comma(self) -> None:
        if self.text[self._blank()] == ",":
            self.here += 1


def _key(text: str) -> At:
    """The names of a key, which may be dotted and quoted: `a."b c"` are a and b c."""
    inside, names = tomllib.loads(f"{text} = 0"), list[str]()
    while isinstance(inside, dict):
        ((name, inside),) = inside.items()
        names.append(name)
    return tuple(names)

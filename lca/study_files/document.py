"""What a file says: its tables as plain values, and where each of them stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import FileFormatError
from .positions import At, positions


@dataclass(frozen=True)
class Document:
    """The tables of a file.

    Attributes
    ----------
    path : Path
        The file. What it names is relative to its folder.
    tables : mapping
        What stands in each section.
    places : mapping
        Where each key stands, by the way to it: "study.toml:12", or "study.xlsx, sheet 'site', cell B4".
    cells : bool
        Whether it comes from cells, in which lists are texts with semicolons.
    """

    path: Path
    tables: Mapping[str, object]
    places: Mapping[At, str]
    cells: bool = False

    def place(self, *at: str | int) -> str:
        """Where a key stands, or the table around it."""
        return next((self.places[at[:n]] for n in range(len(at), 0, -1) if at[:n] in self.places), str(self.path))


def toml_document(path: Path) -> Document:
    """The tables of a TOML file; raises where it cannot be read."""
    text = text_of(path)
    try:
        tables = tomllib.loads(text)
    except ValueError as error:  # what is not TOML, and whole numbers of thousands of digits
        why, _, line = str(error).partition(" (at line ")
        where = f"{path}:{line.partition(',')[0]}" if line else str(path)
        raise FileFormatError.of("study_file_is_not_toml", where, why=why) from None
    except RecursionError:
        raise FileFormatError.of("study_file_is_not_toml", str(path), why="lists within lists without end") from None
    return Document(path, tables, {at: f"{path}:{line}" for at, line in positions(text).items()})


def text_of(path: Path) -> str:
    """The text of a file, with the line ends of this library."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileFormatError.of("no_such_file", f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise FileFormatError.of("not_a_text_file", str(path)) from None

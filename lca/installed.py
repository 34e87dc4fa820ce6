"""What is installed: this library, the Python below it, the libraries it uses, and the data packages it reads."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib import metadata

from . import tables
from .arguments import entry
from .interpretation.table import Table

#: Extras that bring nothing of their own, or what only those need who work on this library.
_LEFT_OUT = ("all", "docs", "rtx", "test")
#: A requirement as metadata write it: its name, its versions, and the extra that asks for it.
_REQUIREMENT = re.compile(r"([\w.-]+)\s*([^;\[\]]*?)\s*(?:;.*extra == [\"']([\w.-]+)[\"'].*)?")
_NOTE = "State this table with a report of a fault."


@entry
def versions() -> Table:
    """The versions of this library, of Python, of every library that it uses, and of every data package that it reads.

    Returns
    -------
    Table
        A row for each: `version`, which is "not installed" for an extra that is not there; the versions that are
        `needed`; and what it is `used for`.

    Examples
    --------
    >>> versions()["used for"][["numpy", "jinja2", "electricity"]].tolist()
    ['every use', 'extra report', 'data']
    """
    return Table.of([*_below(), *_libraries(), *_data()], "name", _NOTE)


@entry
def show_versions() -> None:
    """Print the versions that a report of a fault should state: the table of `lca.versions`.

    Examples
    --------
    >>> show_versions()  # doctest: +ELLIPSIS
           version ...
    name
    lca ...
    """
    print(versions())


def _row(name: str, version: str, use: str, needed: str = "") -> dict[str, object]:
    return {"name": name, "version": version, "needed": needed or "any", "used for": use}


def _below() -> Iterator[dict[str, object]]:
    """This library and what it runs on."""
    yield _row("lca", metadata.version("lca"), "this library")
    yield _row("Python", platform.python_version(), "every use", metadata.metadata("lca")["Requires-Python"])
    yield _row("system", platform.platform(), "every use")


def _libraries() -> Iterator[dict[str, object]]:
    """The libraries that every use needs, and then those of the extras, each once."""
    seen = set()
    for requirement in metadata.requires("lca") or ():
        read = _REQUIREMENT.fullmatch(requirement)
        if read is None or read[3] in _LEFT_OUT or read[1] in seen:
            continue  # such as lca[onnx], which asks for another extra
        seen.add(read[1])
        yield _row(read[1], _version_of(read[1]), f"extra {read[3]}" if read[3] else "every use", read[2])


def _version_of(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _data() -> Iterator[dict[str, object]]:
    """The data packages that are in use."""
    for folder in tables.folders():
        yield _row(folder, tables.version(folder), "data")

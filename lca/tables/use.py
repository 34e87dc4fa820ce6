"""Folders of data that a user states: for the program with `use_data`, or for a block of one thread with `using_data`.

A folder is checked as a whole when it is stated, so that everything that is wrong with it is said at once, and before
anything is computed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import entry
from ..errors import TableError
from .description import DESCRIPTION
from .in_use import Data, shipped, state, using
from .layers import Layer
from .places import Kind, Place
from .reading import columns

if TYPE_CHECKING:
    import pandas


@entry
def use_data(*folders: str | os.PathLike[str], installed: bool = True) -> pandas.DataFrame:
    """Use tables of your own from now on, in the whole program: they add rows to those of the library, or replace some.

    A folder holds folders, each with a datapackage.json: `my_factors/electricity/` adds to the tables of
    `electricity`. A row with a new primary key is added; one with a known key takes the place of that row. Folders and
    tables of new names are added whole. Every result names the folders with version and hash, and each value from
    them says so in its source. A call says all: it takes the place of the call before it, and `use_data()` alone goes
    back to the data of the library. What was looked up before keeps its values.

    Parameters
    ----------
    *folders : str or path
        The folders, later ones over earlier ones.
    installed : bool
        Whether the data packages of installed distributions are used, too (entry points of the group `lca.data`).

    Returns
    -------
    pandas.DataFrame
        A row for each table of these folders: `place`, `folder`, `table`, `version`, and how many rows were `added`
        and `replaced`.

    Raises
    ------
    TableError
        With everything that is wrong in the folders. A datapackage.json or a table is not there, or has another hash
        than stated. A column has another name, type or unit than in the table it adds to. A key stands twice. A cell
        breaks a rule of its column.

    Notes
    -----
    The call holds for all threads, and for all cells of a notebook, as an import does. `using_data` holds in one block.

    Examples
    --------
    >>> import lca
    >>> lca.use_data().empty
    True
    """
    data = _checked(folders, installed)
    state(data if folders or not installed else None)
    return _overview(data)


@contextmanager
@entry
def using_data(*folders: str | os.PathLike[str], installed: bool = True) -> Iterator[pandas.DataFrame]:
    """Use tables of your own within a `with` block, in this thread and nowhere else.

    Parameters
    ----------
    *folders : str or path
        The folders, as for `use_data`; those that it stated are not used in the block. None: those of the library.
    installed : bool
        Whether the data packages of installed distributions are used, too.

    Returns
    -------
    context manager
        It gives the table that `use_data` returns.

    Raises
    ------
    TableError
        As `use_data` does.

    Examples
    --------
    >>> import lca
    >>> with lca.using_data(installed=False) as added:
    ...     lca.Electricity.lookup("FR", 2023).region
    'FRA'
    """
    with using(_checked(folders, installed)) as data:
        yield _overview(data)


def _checked(folders: Sequence[str | os.PathLike[str]], installed: bool) -> Data:
    """The data of the library and of some folders. Raises `TableError` with all that is wrong in the folders."""
    kept = [place for place in shipped().places if installed or place.kind is Kind.OWN]
    roots = [Path(os.path.abspath(Path(folder).expanduser())) for folder in folders]
    places = [Place(root.name, root, Kind.STATED) for root in roots]
    named = Counter(place.name for place in (*kept, *places))
    if twice := next((place.name for place in places if named[place.name] > 1), None):
        sides = [str(place.root) for place in (*kept, *places) if place.name == twice]
        raise TableError.of("data_folders_of_one_name", sides=sides, name=twice)
    _refuse([fault for place in places for fault in _form_faults(place)])
    data = Data((*kept, *places))
    _refuse([fault for layer in data.stated for fault in _table_faults(layer, data)])
    return data


def _refuse(faults: list[str]) -> None:
    if faults:
        raise TableError.of("wrong_data_folder", sides=faults)


def _form_faults(place: Place) -> Iterator[str]:
    """What is wrong in a folder before a table is read."""
    if not place.root.is_dir():
        yield f"{place.root}: no such folder"
    elif not place.folders:
        inside = " (it lies in the folder itself)" * (place.root / DESCRIPTION).is_file()
        yield f"{place.root}: none of the folders in it has a {DESCRIPTION}{inside}: {place.root / 'electricity'}"
    if not place.name or set(place.name) & set("[]"):
        yield f"{place.root}: its name is empty or has brackets, so that results cannot name it"
    for folder in place.folders:
        if set(folder) & set("[] "):
            yield f"{place.root / folder}: its name has brackets or blanks, so that results cannot name it"
        try:
            place.package(folder)
        except TableError as error:
            yield from error.sides


def _table_faults(layer: Layer, data: Data) -> Iterator[str]:
    """What is wrong in a table of a folder."""
    try:
        layer.columns(data.layers(layer.folder, layer.resource["name"])[0])
    except TableError as error:
        sides = error.sides or (error.what,)
        yield from (side if side.startswith(error.where) else f"{error.where}: {side}" for side in sides)


def _overview(data: Data) -> pandas.DataFrame:
    """A row for each table of the folders that were stated; its rows are told by their sources."""
    import pandas

    rows = []
    for layer in data.stated:
        place, folder, table = layer.place, layer.folder, layer.resource["name"]
        with using(data):
            sources = [str(source) for source in columns(folder, table)["source"]]
        marks = layer.mark(), layer.mark(data.layers(folder, table)[0])
        counts = [sum(source.endswith(mark) for source in sources) for mark in marks]
        rows.append((place.name, folder, table, place.version(folder), *counts))
    return pandas.DataFrame(rows, columns=["place", "folder", "table", "version", "added", "replaced"])

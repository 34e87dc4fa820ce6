"""`lca.read_study`: the study of a file, made by the same constructors and with the same defaults as in Python."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..arguments import entry, kind_of
from ..checks import did_you_mean
from ..errors import FileFormatError, LcaError, MissingError, RecordError, TableError
from ..interpretation.draws import monte_carlo
from ..interpretation.summary import summary
from ..inventory.activity import Activity
from ..study.scope import Exclusion, below_cut_off, operation_only, outside_goal, sunk
from ..study.study import Study
from ..tables import using_data
from .document import Document, toml_document
from .faults import Failed, Faults
from .items import Items
from .makers import SECTIONS, SINGLE, arguments_of
from .scenario_sections import placed, with_cases, with_scenarios

#: What an exclusion may be, by the key that says it.
EXCLUSIONS: Mapping[str, Callable[..., Exclusion]] = {
    "outside_goal": outside_goal, "below_cut_off": below_cut_off, "sunk": sunk,
}  # fmt: skip
#: What is asked of the study: sections of arguments, and the function that takes them.
ASKED: Mapping[str, Callable[..., object]] = {"run": monte_carlo, "summary": summary}
#: Sections that are about the study, and not about an item.
OWN = ("study", *SINGLE, "scenarios", "cases", *ASKED)
#: Arguments that no file can say.
_NOT_SAID = ("item", "result", "executor")
#: The key of `[study]` that names folders of data: for the file alone, and no argument of a study.
_DATA = "data"
#: Keys of `[study]` that other sections of a file say.
_ELSEWHERE = tuple(SINGLE)


@dataclass(frozen=True)
class StudyFile:
    """What a file holds: a study, and what is asked of it.

    Attributes
    ----------
    run : mapping
        Arguments of `lca.monte_carlo`.
    summary : mapping
        Arguments of `lca.summary`.
    data : tuple of path
        The folders of data that the file names; none: the data in use.
    """

    study: Study
    run: Mapping[str, Any]
    summary: Mapping[str, Any]
    data: tuple[Path, ...] = ()

    def using_data(self) -> AbstractContextManager[object]:
        """The data of the file in use within a block."""
        return _using(self.data)


@entry
def read_study(path: str | os.PathLike[str]) -> Study:
    """The study of a TOML file or an Excel workbook (docs/how-to/study-in-a-file.md).

    Each table of the file is a constructor of this library: `[site.desk]` is `lca.Site("desk", ...)`, with the same
    arguments and defaults. Items name each other, and files are relative to the folder of the file. What it looks up is
    read from the folders that `[study] data` names (`lca.using_data`), if it names some.

    Parameters
    ----------
    path : str or path
        A file that ends in .toml or .xlsx.

    Returns
    -------
    Study
        The study, with its scenarios.

    Raises
    ------
    FileFormatError
        If the file cannot be read.
    TableError
        If a folder of data that it names cannot be used.
    RecordError
        If several items in it are wrong; all are listed, each with its line or its cell. One alone is raised as
        Python would raise it, with its place.

    Examples
    --------
    >>> import lca, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "run.toml")
    >>> _ = file.write_text('''
    ... [electricity.grid]
    ... intensity = "0.4 kg CO2e/kWh"
    ... at = "facility"
    ... [site.lab]
    ... pue = 1.0
    ... electricity = "grid"
    ... [training.bert]
    ... energy = "120 kWh"
    ... at = "wall"
    ... site = "lab"
    ... [functional_unit]
    ... name = "one model"
    ... count = "1 device"
    ... [study]
    ... name = "one training"
    ... excluded = {operation_only = "the machines are there"}
    ... ''')
    >>> lca.nominal(read_study(file)).data["total"].item()
    48.0
    """
    return read_file(path).study


def read_file(path: str | os.PathLike[str]) -> StudyFile:
    """The study of a file, and what the file asks of it."""
    file = Path(path)
    if file.suffix.lower() == ".xlsx":
        from .workbook import workbook_document

        return made(workbook_document(file))
    if file.suffix.lower() != ".toml":
        raise FileFormatError.of("not_the_name_of_a_study_file", str(file))
    return made(toml_document(file))


def made(document: Document) -> StudyFile:
    """The study of the tables of a file; raises for all that is wrong in them, at once."""
    folders = _folders(document)
    try:
        with _using(folders):
            return _made(document, folders)
    except TableError as error:
        if not folders:
            raise
        raise placed(error, document.place("study", _DATA)) from None


def _folders(document: Document) -> tuple[Path, ...]:
    """The folders of data that `[study]` names, relative to that of the file; in a cell with a semicolon between."""
    table = document.tables.get("study", {})
    named = table.get(_DATA, []) if isinstance(table, Mapping) else []
    folders = named.split(";") if isinstance(named, str) else named
    if not isinstance(folders, list) or not all(isinstance(one, str) and one.strip() for one in folders):
        raise RecordError.of("not_folders_of_data", document.place("study", _DATA))
    return tuple(document.path.parent / one.strip() for one in folders)


def _using(folders: tuple[Path, ...]) -> AbstractContextManager[object]:
    return using_data(*folders) if folders else nullcontext()


def _made(document: Document, folders: tuple[Path, ...]) -> StudyFile:
    faults = Faults(document)
    items = Items(document, faults)
    _check_sections(document, faults)
    for section, name in items.all():
        try:
            items.made(section, name)
        except Failed:
            continue
        except LcaError as error:
            faults.add(document.place(section, name), error)
    asked = {section: _asked(items, section, function) for section, function in ASKED.items()}
    given = _study_arguments(document, items, faults, _table(document, "study", faults))
    faults.refuse()
    return StudyFile(_study(document, items, given), asked["run"], asked["summary"], folders)


def _check_sections(document: Document, faults: Faults) -> None:
    known = (*SECTIONS, *OWN)
    for name in document.tables:
        if name not in known:
            near, where = did_you_mean(name, known), document.place(name)
            faults.add(where, MissingError.of("no_such_section", where, section=name, near=near))
        elif name in SECTIONS and not isinstance(document.tables[name], Mapping):
            where = document.place(name)
            faults.add(where, RecordError.of("not_a_section_of_items", where, section=name))
    if "functional_unit" not in document.tables:
        faults.add(str(document.path), MissingError.of("functional_unit_missing", str(document.path)))


def _table(document: Document, section: str, faults: Faults) -> dict[str, Any]:
    """The table of a section; what is none is noted."""
    found = document.tables.get(section, {})
    if isinstance(found, Mapping):
        return dict(found)
    where = document.place(section)
    faults.add(where, RecordError.of("not_a_table_of_an_item", where, section=section, name=""))
    return {}


def _asked(items: Items, section: str, function: Callable[..., object]) -> dict[str, Any]:
    """What a section gives to the function that takes it; what is wrong in it is noted."""
    kinds, _ = arguments_of(function)
    known = {name: kind for name, kind in kinds.items() if name not in _NOT_SAID}
    given = dict[str, Any]()
    for name, value in _table(items.document, section, items.faults).items():
        place = items.document.place(section, name)
        try:
            if name not in known:
                near = did_you_mean(name, known)
                raise RecordError.of("no_such_key", place, argument=name, made=function.__name__, near=near)
            kind = known[name]
            given[name] = items.values.taken(value, kind, (section, name))
            if kind is not None and not kind.holds(given[name]):
                kind.refuse(given[name], f"{section}.{name}", name)
        except LcaError as error:
            items.faults.add(place, error)
    return given


# --- the study ----------------------------------------------------------------------------------------------


def _study_arguments(
    document: Document, items: Items, faults: Faults, table: Mapping[str, object]
) -> dict[str, object]:
    """What `Study` takes; what is wrong in it is noted."""
    kinds, _ = arguments_of(Study.__init__)
    known = [name for name in kinds if name not in _ELSEWHERE] + ["activities", _DATA]
    readers: Mapping[str, Callable[[object], object]] = {
        "activities": lambda value: _activities(items, value),
        "excluded": lambda value: _excluded(document, faults, value),
        "correlations": _correlations,
    }
    given: dict[str, object] = {"name": document.path.stem, "activities": None}
    for name, value in {"activities": None, **table}.items():
        if name == _DATA:
            continue
        place = document.place("study", name)
        try:
            if name not in known:
                near = did_you_mean(name, known)
                raise RecordError.of("no_such_key", place, argument=name, made="Study", near=near)
            at = ("study", name)
            given[name] = readers[name](value) if name in readers else items.values.taken(value, kinds.get(name), at)
        except Failed:
            continue
        except LcaError as error:
            faults.add(place, error)
    for section in SINGLE:
        try:
            given[section] = items.single(section) if section in document.tables else None
        except Failed:
            continue
        except LcaError as error:
            faults.add(document.place(section), error)
    return given


def _activities(items: Items, value: object) -> list[object]:
    """The activities that `[study]` names, or all of the file."""
    if value is None:
        return [item for _, item in items.records() if isinstance(item, Activity)]
    names = value if isinstance(value, list) else [one.strip() for one in str(value).split(";")]
    return [items.values.taken(str(one), kind_of(Activity), ("study", "activities")) for one in names]


def _excluded(document: Document, faults: Faults, value: object) -> dict[str, Exclusion]:
    """The exclusions by stage; `operation_only` stands for those of several."""
    found: dict[str, Exclusion] = {}
    forms = "; ".join((*EXCLUSIONS, "operation_only"))
    for stage, said in _said_of_stages(value) if isinstance(value, Mapping) else [("excluded", value)]:
        place = document.place("study", "excluded", *stage.split("."))
        try:
            if stage == "operation_only" and isinstance(said, str):
                found |= operation_only(said)
                continue
            table: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
            ways = [name for name in table if name in EXCLUSIONS]
            if len(ways) != 1:
                raise RecordError.of("not_an_exclusion", place, stage=stage, forms=forms)
            rest = {name: one for name, one in table.items() if name != ways[0]}
            found[stage] = EXCLUSIONS[ways[0]](table[ways[0]], **rest)
        except LcaError as error:
            faults.add(place, error)
    return found


def _said_of_stages(value: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What is said of each stage, or of a figure of one device: `server.end_of_life` is a table in a table."""
    for stage, said in value.items():
        inside = said if isinstance(said, Mapping) else {}
        if inside and all(isinstance(one, Mapping) for one in inside.values()):
            yield from ((f"{stage}.{figure}", one) for figure, one in inside.items())
        else:
            yield stage, said


def _correlations(value: object) -> object:
    """Correlations whose pairs of keys stand in one text: "a.power, b.power"."""
    if not isinstance(value, Mapping):
        return value
    pairs = {name: tuple(one.strip() for one in name.split(",")) for name in value}
    return {(keys if len(keys) > 1 else name): value[name] for name, keys in pairs.items()}


def _study(document: Document, items: Items, given: dict[str, Any]) -> Study:
    """The study and its scenarios; an error of them gets its place in the file."""
    activities = given.pop("activities")
    name = given.pop("name")
    try:
        study = Study(name, *activities, **given)
    except LcaError as error:
        raise placed(error, items.place_of(error)) from None
    return with_cases(document, items, with_scenarios(document, items, study))

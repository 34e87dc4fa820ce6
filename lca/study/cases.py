"""Named bundles from a table: one dim of scenarios, with what each column says as a coordinate (D3, D4)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten

from ..arguments import Kind, entry
from ..checks import did_you_mean, one_of, real, short
from ..distributions.base import Distribution
from ..errors import LcaError, MissingError, RecordError
from ..graph.labels import RESERVED, Label
from ..graph.node import Node
from ..records.components import find, resolve_field
from ..records.record import Record, brief, kinds_of, slug
from .case_rows import CaseRows, Given, rows_of
from .changes import has, told
from .study import Study

#: Letters of what an error says of a cell.
_SAID = 110


@entry
def cases(
    study: Study,
    table: Given,
    *,
    dim: str = "case",
    records: Sequence[Record] = (),
) -> Study:
    """The study over one dim of named scenarios from a table: one row a scenario, one column a path (D3, D4).

    Scenarios that do not fill a grid are labels of one dim. What each column says is a coordinate of it by the name of
    the field: `result.data["load"]`. Where that name is taken, or two fields have it, the coordinate is "robots_load".
    A column whose name has no dot is a coordinate alone, such as a remark.

    Parameters
    ----------
    study : Study
        The study, which may have scenarios already.
    table : mapping, pandas.DataFrame, or path of a CSV or TOML file
        {"pilot": {"robots.devices": 10}, "roll-out": {"robots.devices": 1000, "robots.period": "8 year"}}; or the same
        as a table whose column (or index) named `dim` has the labels. In TOML each scenario is a table of its own:
        `[pilot]`, below it `robots.devices = 10`. A cell is what its field takes. A blank cell is as the study has it.
    dim : str
        The name of the new dim.
    records : sequence of records
        What cells of fields that take a record may name, beside the components of the study.

    Returns
    -------
    Study
        The study over the new dim, whose labels are alternatives and share their random numbers (U2).

    Raises
    ------
    RecordError
        If rows are wrong; all of them are listed, with file and line. If the table has no labels.
    MissingError
        If a column names neither a field nor a remark; the error offers near names.
    FileFormatError
        If the file cannot be read.
    LabelError
        If the study has such a dim already.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> rooms = cases(small_study(), {"desk": {}, "hall": {"lab.pue": 1.5, "bert.energy": "100 kWh"}}, dim="room")
    >>> data = lca.nominal(rooms).data
    >>> data["total"].values.tolist(), data["bert_energy"].values.tolist()
    ([48.0, 60.0], ['120 kWh at_wall', '100 kWh'])
    """
    names, made = rows_of(table, dim)
    paths, remarks = _columns(study, names, made.where)
    bundles = _bundles(study, made, paths, records)
    made.refuse_bad()
    if names and not made.rows:
        raise RecordError.of("cases_without_rows", made.where)
    if not paths:
        raise RecordError.of("cases_without_a_path", made.where, columns=", ".join(names) or "none")
    along = _coordinates(study, made.rows, paths, remarks, dim)
    try:
        return study.bundled(dim, bundles, along=along)
    except LcaError as error:
        error.where, error.sides = (
            _placed(error.where, made, dim),
            tuple(_placed(one, made, dim) for one in error.sides),
        )
        raise


def _placed(text: str, made: CaseRows, dim: str) -> str:
    """A text that names a scenario, with the place of its row before it."""
    return next((f"{place}: {text}" for label, place in made.places.items() if f"{dim}={label}]" in text), text)


def _columns(study: Study, names: Sequence[str], where: str) -> tuple[list[str], list[str]]:
    """(columns that are paths, columns that are remarks); raises for one that is likely a path and names nothing."""
    fields = sorted({field for one in study.components for field in one._fields})
    for name in names:
        if ("." in name or name in fields) and not any(has(case, name) for case in study._every):
            find(study.inputs.components, name)  # raises, with near names
    coordinates = {
        _long(f"{one.slug}.{field}"): f"{one.slug}.{field}" for one in study.components for field in one._fields
    }
    if meant := next((name for name in names if _long(name) in coordinates and "." not in name), ""):
        raise RecordError.of("path_written_as_a_coordinate", f"{where}: {meant}", path=coordinates[_long(meant)])
    paths = [name for name in names if "." in name]
    return paths, [name for name in names if name not in paths]


def _long(path: str) -> str:
    """What a coordinate is called that cannot have the name of its field alone."""
    return path.replace(".", "_").replace("-", "_")


def _bundles(
    study: Study, made: CaseRows, paths: Sequence[str], records: Sequence[Record]
) -> dict[Label, dict[str, object]]:
    """The values of all rows as their fields take them; what a field does not take is noted."""
    readers = {path: _reader(study, path, [*study.components, *records]) for path in paths}
    found: dict[Label, dict[str, object]] = {}
    for label, row in made.rows.items():
        values = found[label] = {}
        for path in paths:
            if path in row:
                try:
                    values[path] = readers[path](row[path])
                except LcaError as error:
                    said = shorten("; ".join([error.what, *error.sides, error.fix]), _SAID, placeholder=" ...")
                    made.bad.append(f"{made.places[label]}: {path}: {short(row[path])}: {said}")
    return found


def _reader(study: Study, path: str, known: Sequence[Record]) -> Callable[[object], object]:
    """What reads the cells of a column as its field takes them; it raises for a cell that does not fit."""
    case = next(one for one in study._every if has(one, path))
    holders, field = find(case.components, path)
    kinds = [kinds_of(type(holder)).get(field) for holder in holders]
    fitting: set[object] = set()

    def read(cell: object) -> object:
        value = cell
        for holder, kind in zip(holders, kinds, strict=True):
            about = holder._fields[field]
            if "words" in about:
                one_of(cell, about["words"], field, path)
            elif "declared" not in about:
                value = cell if kind is None or kind.holds(cell) else _plain(kind, field, cell, known)
            elif told(cell) not in fitting:
                resolve_field(holder, field, cell)
        fitting.add(told(cell))
        return value

    return read


def _plain(kind: Kind, field: str, cell: object, known: Sequence[Record]) -> object:
    """What a text says for a field that takes a whole number, True or False, or a record by its name."""
    if isinstance(cell, str):
        words = {"true": True, "false": False}
        named = {one.slug: one for one in known if kind.holds(one)}
        text = cell.strip().lower()
        read = [int(text)] if text.lstrip("-").isdigit() else []
        read += [words[text]] if text in words else []
        if fitting := [one for one in read if kind.holds(one)]:
            return fitting[0]
        if slug(cell) in named:
            return named[slug(cell)]
        if named:
            near = did_you_mean(cell, [one.name for one in named.values()])
            raise MissingError.of("no_record_of_that_name", field, name=cell, kind=kind.words, near=near)
    kind.refuse(cell, field, field)
    return cell


# --- coordinates ------------------------------------------------------------------------------------------------------


def _coordinates(
    study: Study, rows: Mapping[Label, Mapping[str, object]], paths: Sequence[str], remarks: Sequence[str], dim: str
) -> dict[str, list[object]]:
    """What each column says, by the name of its field, or by the whole path where that name is taken."""
    fields = [path.rpartition(".")[2] for path in paths]
    taken = {*RESERVED, *remarks, dim, *study.parts, *study.alternatives}
    made: dict[str, list[object]] = {}
    for path, field in zip(paths, fields, strict=True):
        name = _long(path) if field in taken or fields.count(field) > 1 else field
        said = [_said(row[path]) if path in row else None for row in rows.values()]
        as_it_is = _as_it_is(study, path, as_number=all(_is_number(one) for one in said if one is not None))
        made[name] = _of_one_kind([as_it_is if one is None else one for one in said])
    return made | {name: _of_one_kind([_said(row.get(name, "")) for row in rows.values()]) for name in remarks}


def _as_it_is(study: Study, path: str, as_number: bool) -> object:
    """What a field holds, as a coordinate says it; without its unit beside cells that are numbers."""
    case = next(one for one in study._every if has(one, path))
    holders, field = find(case.components, path)
    held = getattr(holders[0], field)
    if as_number and isinstance(held, Node) and held.parameter is not None and not held.dims:
        only = held.parameter.values[0]
        return _said(held) if isinstance(only, Distribution) else only
    return _said(held)


def _said(value: object) -> object:
    """A value as a coordinate: a number or a text."""
    if isinstance(value, Record):
        return value.name
    if isinstance(value, Node):
        return brief(value)
    if value is None:
        return ""
    if isinstance(value, Distribution):
        return repr(value)
    return value if real(value) is not None else value.strip() if isinstance(value, str) else short(value)


def _is_number(value: object) -> bool:
    try:
        return math.isfinite(float(str(value)))
    except ValueError:
        return False


def _of_one_kind(values: Sequence[object]) -> list[object]:
    """Values as numbers where all are numbers, else as texts.

    >>> _of_one_kind(["1", 2.0]), _of_one_kind(["1.5", 2]), _of_one_kind(["1", "two"])
    ([1, 2], [1.5, 2.0], ['1', 'two'])
    """
    if not all(map(_is_number, values)):
        return [str(one) for one in values]
    numbers = [float(str(one)) for one in values]
    return [int(one) for one in numbers] if all(one.is_integer() for one in numbers) else list(numbers)

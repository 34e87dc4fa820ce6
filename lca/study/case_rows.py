"""Tables of scenarios: one row a scenario, one column a path, from a mapping, a DataFrame, a CSV or a TOML file."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..checks import short, some
from ..errors import FileFormatError, LabelError, RecordError
from ..graph.labels import Label, canonical_label

if TYPE_CHECKING:
    import pandas

    #: What a user may give as a table.
    Given: TypeAlias = Mapping[Label, Mapping[str, object]] | pandas.DataFrame | str | Path
else:
    Given = object  # `rows_of` says what can be read, where something else is given

_SEPARATORS = (";", "\t", ",")
_SHOWN = 20


@dataclass
class CaseRows:
    """The rows of a table by label, where each stands, and what is wrong with some of them.

    A blank cell is left out: it is as the study has it.
    """

    where: str
    rows: dict[Label, dict[str, object]] = field(default_factory=dict)
    places: dict[Label, str] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)

    def add(self, label: object, cells: Mapping[str, object], place: str) -> None:
        """Take a row; one without a label, or with one that is there already, is noted."""
        if _is_blank(label):
            self.bad.append(f"{place}: the label is blank")
            return
        try:
            made = canonical_label(label.strip() if isinstance(label, str) else label, place)
        except LabelError as error:
            self.bad.append(f"{place}: {error.what}; {error.fix}")
            return
        before = self._texts.setdefault(str(made), place)
        if before != place:
            self.bad.append(f"{place}: the label {made!r} stands at {before}, too")
            return
        self.rows[made] = {name: cell for name, cell in cells.items() if not _is_blank(cell)}
        self.places[made] = place

    def refuse_bad(self) -> None:
        """Raise for all that is wrong, at once."""
        if self.bad:
            sides = self.bad[:_SHOWN] + [f"... {len(self.bad)} in all"] * (len(self.bad) > _SHOWN)
            raise RecordError.of("bad_cases", self.where, sides, count=len(self.bad))


def _is_blank(cell: object) -> bool:
    missing = cell is None or type(cell).__name__ in ("NAType", "NaTType")
    return missing or (isinstance(cell, str) and not cell.strip())


def rows_of(table: Given, dim: str) -> tuple[list[str], CaseRows]:
    """(the columns of a table, its rows); raises for a file that cannot be read, and a table without labels."""
    if isinstance(table, str | Path):
        return _of_file(Path(table), dim)
    if isinstance(table, Mapping):
        return _of_mapping(table, CaseRows(f"cases over {dim!r}"), {label: f"{dim}={label}" for label in table})
    if not hasattr(table, "columns"):
        raise RecordError.of("not_a_table_of_cases", "table", [short(table)])
    return _of_frame(table, dim)


def _of_mapping(
    table: Mapping[Label, Mapping[str, object]], made: CaseRows, places: Mapping[Label, str]
) -> tuple[list[str], CaseRows]:
    for label, cells in table.items():
        if isinstance(cells, Mapping):
            made.add(label, cells, places[label])
        else:
            made.bad.append(f"{places[label]}: {cells!r} is no mapping of values by path")
    cells_of = (cells for cells in table.values() if isinstance(cells, Mapping))
    return list(dict.fromkeys(str(name) for cells in cells_of for name in cells)), made


def _of_frame(frame: pandas.DataFrame, dim: str) -> tuple[list[str], CaseRows]:
    """A table of pandas: its labels are the column named as the dim, else its index."""
    import pandas

    made = CaseRows(f"the table of cases over {dim!r}")
    columns = [str(name) for name in frame.columns]
    _check_columns(columns, made.where)
    if dim not in columns and isinstance(frame.index, pandas.RangeIndex) and frame.index.name is None:
        raise RecordError.of("cases_without_labels", made.where, dim=dim, columns=some(columns))
    every = {name: _cells(frame.iloc[:, place].tolist()) for place, name in enumerate(columns)}
    labels = every[dim] if dim in columns else frame.index.tolist()
    names = [name for name in columns if name != dim]
    values = [every[name] for name in names]
    for n, label in enumerate(labels):
        made.add(label, {name: cells[n] for name, cells in zip(names, values, strict=True)}, f"row {n + 1}")
    return names, made


def _cells(column: Sequence[object]) -> list[object]:
    """The cells of a column of pandas: NaN is a blank one, beside which whole numbers were made floats."""
    numbers = [cell for cell in column if isinstance(cell, float) and not math.isnan(cell)]
    made_floats = len(numbers) < len(column) and all(map(float.is_integer, numbers))
    kept = [None if isinstance(cell, float) and math.isnan(cell) else cell for cell in column]
    return [int(cell) if made_floats and isinstance(cell, float) else cell for cell in kept]


def _of_file(path: Path, dim: str) -> tuple[list[str], CaseRows]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # a path may hold a zero byte
        why = error.strerror if isinstance(error, OSError) else "not a text in UTF-8"
        raise FileFormatError.of("cases_cannot_be_read", str(path), why=why) from None
    if path.suffix.lower() == ".toml":
        return _of_toml(text, str(path))
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise FileFormatError.of("not_a_file_of_cases", str(path), ending=path.suffix)
    return _of_csv(text, str(path), dim)


def _of_csv(text: str, path: str, dim: str) -> tuple[list[str], CaseRows]:
    """The first line names the columns; the one named as the dim has the labels."""
    made = CaseRows(path)
    lines = _csv_lines(text, path)
    first, names = next(lines, (1, []))
    _check_columns(names, f"{path}:{first}")
    if dim not in names:
        raise RecordError.of("cases_without_labels", f"{path}:{first}", dim=dim, columns=some(names) or "none")
    for line, cells in lines:
        if len(cells) != len(names):
            made.bad.append(f"{path}:{line}: {len(cells)} cells, and the first line has {len(names)}")
            continue
        row = dict(zip(names, cells, strict=True))
        made.add(row.pop(dim), row, f"{path}:{line}")
    return [name for name in names if name != dim], made


def _csv_lines(text: str, path: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each line that is not blank; the separator is one that the first of them has."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = next((one for one in _SEPARATORS if one in head), ",")
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, [cell.strip() for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise FileFormatError.of("cases_cannot_be_read", f"{path}:{before + 1}", why=str(error)) from None


def _check_columns(names: Sequence[str], where: str) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RecordError.of("columns_of_cases_twice", where, columns=", ".join(map(repr, twice)))


def _of_toml(text: str, path: str) -> tuple[list[str], CaseRows]:
    """A table for each case; a path may be quoted, or be dotted keys."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileFormatError.of("cases_cannot_be_read", path, why=str(error)) from None
    lines = text.splitlines()
    places: dict[Label, str] = {label: f"{path}:{_line_of(label, lines)}" for label in document}
    made, cases = CaseRows(path), dict[Label, Mapping[str, object]]()
    for label, cells in document.items():
        flat = list(_flat(cells)) if isinstance(cells, dict) else []
        cases[label] = dict(flat) if isinstance(cells, dict) else cells
        names = [name for name, _ in flat]
        made.bad += [f"{places[label]}: {name} is given twice" for name in dict(flat) if names.count(name) > 1]
    return _of_mapping(cases, made, places)


def _flat(cells: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, cell in cells.items():
        if isinstance(cell, dict):
            yield from _flat(cell, f"{before}{name}.")
        else:
            yield f"{before}{name}", cell


def _line_of(label: str, lines: Sequence[str]) -> int:
    """The line of the head of a case."""
    names = (label, f'"{label}"', f"'{label}'")
    heads = tuple(f"{start}{name}{end}" for name in names for start in ("[", "[[") for end in ("]", "."))
    heads += tuple(f"{name} =" for name in names)
    return next((n for n, line in enumerate(lines, 1) if line.strip().startswith(heads)), 1)

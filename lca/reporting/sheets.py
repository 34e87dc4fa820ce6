"""What the sheets of a workbook hold: one table each, in plain numbers, texts and dates, with what there is to say."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas

from ..characterization.categories import CLIMATE
from ..errors import LcaError, MissingError
from ..graph.leaf import Parameter
from ..interpretation.attribution import attribution
from ..interpretation.comparison.comparison import compare
from ..interpretation.explain import definitions, provenance
from ..interpretation.plot import readable_unit
from ..interpretation.result import Result
from ..interpretation.summary import summary
from ..interpretation.table import Table, note_of
from .one_alternative import derivations, shown_of

Cell: TypeAlias = str | float | int | bool | datetime.date | None
#: Numbers of a summary that stand in the first sheet, as its readers call them.
_HEADLINE = {"p50": "median"}


class Sheet(NamedTuple):
    """A table by columns, and what there is to say of it; without a table the notes say why."""

    name: str
    columns: Mapping[str, list[Cell]]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has below its head."""
        return len(next(iter(self.columns.values()), []))


def sheets_of(result: Result) -> list[Sheet]:
    """The sheets of a result, in their order; the notes of all stand on the last."""
    made = [
        _sheet("Summary", lambda: _headlines(result)),
        _sheet("Stages", lambda: _by_category(result)),
        _sheet("Years", lambda: _by_year(result)),
        _sheet("Alternatives", lambda: _compared(result)),
        _sheet("Values", lambda: [(_values(result), {})]),
        _derivation(result),
    ]
    return [*made, _notes(result, made)]


#: Tables that stand one below the other on a sheet, with the columns that tell them apart.
Tables: TypeAlias = list[tuple[Table, dict[str, str]]]


def _sheet(name: str, tables: Callable[[], Tables]) -> Sheet:
    """Tables one below the other; where there are none, the reason."""
    try:
        made = tables()
    except LcaError as error:
        return Sheet(name, {}, (error.what,))
    notes = tuple(dict.fromkeys(note for table, _ in made if (note := note_of(table))))
    columns: dict[str, list[Cell]] = {}
    before = 0
    for table, apart in made:
        frame = pandas.DataFrame(table)
        frame = frame if isinstance(frame.index, pandas.RangeIndex) else frame.reset_index()
        cells: dict[str, list[Cell]] = {key: [said] * len(frame) for key, said in apart.items()}
        cells |= {str(key): [_cell(one) for one in frame[key].tolist()] for key in frame}
        for key in {**columns, **cells}:
            above, own = (one.get(key, [None] * long) for one, long in ((columns, before), (cells, len(frame))))
            columns[key] = [*above, *own]
        before += len(frame)
    return Sheet(name, columns, notes)


def _cell(value: object) -> Cell:
    """A cell of a table as a plain value."""
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if plain is None or isinstance(plain, (str, int, float, datetime.date)) else str(plain)


def _headlines(result: Result) -> Tables:
    """The total, and what it is per each thing that one may divide by."""
    if not result.model.stages:
        return [(_renamed(summary(result).reset_index().rename(columns={"stage": "value"})), {})]
    pers = [name.removeprefix("per/") for name in map(str, result.data.data_vars) if name.startswith("per/")]
    made = []
    for per in ("total", *["functional_unit"] * ("functional_unit" in result.data), *pers):
        try:
            table = summary(result, per=per, unit=readable_unit(result, per))
        except LcaError:  # what no statistics were kept of, or a count that is 0
            continue
        frame = pandas.DataFrame(table).reset_index()
        whole = frame[frame["stage"] == "total"].drop(columns="stage")
        made.append((_renamed(whole), {"what": "total" if per == "total" else f"per {per.replace('_', ' ')}"}))
    return made


def _renamed(table: pandas.DataFrame) -> Table:
    """The columns of the headline by other names, behind the labels."""
    left_out = ["share", "error"]
    return Table(table.drop(columns=[one for one in left_out if one in table]).rename(columns=_HEADLINE))


def _by_category(result: Result) -> Tables:
    """A summary by stage of each category that is counted; one that lacks factors says so in its note."""
    if not result.model.stages:
        return [(summary(result), {})]
    made = [(summary(result), {"category": CLIMATE})]
    for view in result.model.views:
        try:
            made.append((summary(result, of=view), {"category": view}))
        except LcaError as error:
            empty = Table(made[0][0].iloc[:0])
            empty.attrs["note"] = f"{view}: {error.what}."
            made.append((empty, {"category": view}))
    return made


def _by_year(result: Result) -> Tables:
    """What happens in each year; a year is a number, and a word where it is none."""
    _require_stages(result)
    table = summary(result, by="year")
    frame = pandas.DataFrame(table).reset_index()
    frame["year"] = pandas.Series([int(one) if one.isdigit() else one for one in frame["year"]], dtype=object)
    made = Table(frame)
    made.attrs["note"] = table.attrs["note"]
    return [(made, {})]


def _require_stages(result: Result) -> None:
    """Raise for values without stages, which have no total."""
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="this sheet")


def _compared(result: Result) -> Tables:
    """Each dim of alternatives, compared draw by draw; nominal values have none."""
    _require_stages(result)
    dims = [str(dim) for dim in result.data["total"].dims if dim in result.model.alternatives]
    if not dims:
        raise MissingError.of("no_alternatives_to_compare")
    made = []
    for dim in dims:
        table = compare(result, over=dim)
        made.append((Table(table.rename_axis(index={dim: "alternative"})), {"over": dim}))
    return made


def _values(result: Result) -> Table:
    """Every value with its nominal number, unit, spread, source, licence and effect."""
    outputs = result.model.outputs
    table = provenance(result.model, of="total" if "total" in outputs else next(iter(outputs)))
    found = definitions(result.model)
    ends = [_ends(found[str(key)]) for key in table.index]
    table["nominal"] = [low for low, _ in ends]
    upper = pandas.Series([None if high == low else high for low, high in ends], table.index, dtype=object)
    table.insert(list(table).index("nominal") + 1, "nominal_to", upper)
    return table


def _ends(alike: list[Parameter]) -> tuple[float, float]:
    """The smallest and the largest nominal value of a key, in its unit."""
    numbers = np.concatenate([np.ravel(one.nominal) for one in alike]) / alike[0].scale
    return float(numbers.min()), float(numbers.max())


def _derivation(result: Result) -> Sheet:
    """The total, the energies and the functional units step by step: a row for each step."""
    if not result.model.stages:
        return Sheet("Derivation", {}, ("Derivations are of the total of a study",))
    shown = shown_of(result)
    rows = [
        (value, number, line.strip())
        for value, steps in derivations(shown.one.model)
        for number, line in enumerate("\n".join(map(str, steps)).splitlines(), start=1)
    ]
    columns: dict[str, list[Cell]] = {
        "value": [row[0] for row in rows],
        "step": [row[1] for row in rows],
        "derivation": [row[2] for row in rows],
    }
    named = ", ".join(f"{dim} {label}" for dim, label in shown.labels.items())
    of = f"Of the alternative with the smallest median: {named}. " if named else ""
    return Sheet("Derivation", columns, (f"{of}All numbers are nominal.",))


def _notes(result: Result, sheets: list[Sheet]) -> Sheet:
    """What the study is, what the sheets contain, and whom a publication has to cite."""
    rows = [*_about(result), *((sheet.name, note) for sheet in sheets for note in sheet.notes)]
    rows += [("Cite", f"{one.text} {one.work.link}".strip()) for one in attribution(result.model).credits]
    return Sheet("Notes", {"sheet": [row[0] for row in rows], "note": [row[1] for row in rows]})


def _about(result: Result) -> Iterator[tuple[str, str]]:
    """What the study is, and how its numbers were made."""
    model = result.model
    yield "Study", model.title
    if model.functional_unit:
        yield "Functional unit", model.functional_unit
    yield "Draws", result.drawn
    yield "Intervals", result.contents
    yield from (("Model", note) for note in model.notes)
    yield "Versions", "; ".join(f"{name} {one}" for name, one in result.versions.items())

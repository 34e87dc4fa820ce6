"""The scenarios of a file: [scenarios], in all combinations, and [cases], one row a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import LcaError, RecordError
from ..graph.labels import Label
from ..inventory.activity import Activity
from ..records.components import find
from ..records.record import Record, kinds_of
from ..study.cases import cases
from ..study.changes import has
from ..study.scenario_dims import scenarios
from ..study.study import Study
from .document import Document
from .items import Items
from .positions import At
from .texts import is_expression


def placed(error: LcaError, place: str) -> LcaError:
    """An error with its place in the file before what it names."""
    error.where = f"{place} ({error.where})" if error.where else place
    return error


def with_scenarios(document: Document, items: Items, study: Study) -> Study:
    """The study over the dims of [scenarios], in all combinations."""
    table = document.tables.get("scenarios")
    if table is None:
        return study
    try:
        if not isinstance(table, Mapping):
            raise RecordError.of("not_a_table_of_an_item", "", section="scenarios", name="")
        joined = _joined(study, table)
        dims = {key: _dim(items, study, key, given, ("scenarios", key)) for key, given in joined.items()}
        return scenarios(study, dims)
    except LcaError as error:
        raise placed(error, _place_of(document, re.split(r"[:\[]", error.where)[0])) from None


def _place_of(document: Document, path: str) -> str:
    """Where a path of the study, a dim or a label stands in [scenarios]."""
    ways = (at for at in document.places if at[0] == "scenarios" and ".".join(map(str, at[1:])).endswith(path))
    return document.place(*next(ways, ("scenarios",)))


def _joined(study: Study, table: Mapping[str, object]) -> dict[str, object]:
    """The same with whole paths: `robots.devices = 10` is a table in a table, unless "robots.devices" has marks."""
    found = dict[str, object]()
    for key, value in table.items():
        inside = _joined(study, value) if isinstance(value, Mapping) else {}
        paths = {name for name in inside if "." not in name and has(study.inputs, f"{key}.{name}")}
        found |= {f"{key}.{name}": inside[name] for name in paths}
        if rest := {name: one for name, one in inside.items() if name not in paths}:
            found[key] = rest
        elif not paths:
            found[key] = inside if isinstance(value, Mapping) else value
    return found


def _dim(items: Items, study: Study, path: str, given: object, at: At) -> object:
    """What is given for a dim, with the items of the file in place of their names."""
    if isinstance(given, Mapping):
        return {key: _dim(items, study, key if "." in key else path, one, (*at, key)) for key, one in given.items()}
    if isinstance(given, list):
        values = [_dim(items, study, path, one, at) for one in given]
        return dict(zip(given, values, strict=True)) if any(isinstance(one, Record) for one in values) else values
    if "." not in path:
        return given
    holders, field = find(study.inputs.components, path)
    return items.values.taken(given, kinds_of(type(holders[0])).get(field), at)


def with_cases(document: Document, items: Items, study: Study) -> Study:
    """The study over the cases of [cases], or of the file that it names."""
    table = document.tables.get("cases")
    if table is None:
        return study
    try:
        if not isinstance(table, Mapping):
            raise RecordError.of("not_a_table_of_an_item", "", section="cases", name="")
        given: dict[str, Any] = dict(table)
        dim, file = given.pop("dim", "case"), given.pop("file", None)
        records = [one for _, one in items.records() if not isinstance(one, Activity)]
        rows: dict[Label, Mapping[str, object]] = {
            label: _row(items, study, label, cells) for label, cells in given.items() if isinstance(cells, Mapping)
        }
        return cases(study, document.path.parent / file if file else rows, dim=dim, records=records)
    except LcaError as error:
        raise placed(error, document.place("cases")) from None


def _row(items: Items, study: Study, label: str, cells: Mapping[str, object]) -> dict[str, object]:
    """The cells of a case by path; a text that is computed, such as a distribution, is what it stands for."""
    flat = dict(_flat(cells))
    texts = {path: one for path, one in flat.items() if isinstance(one, str) and is_expression(one)}
    read = {path: items.values.taken(one, None, ("cases", label, path)) for path, one in texts.items()
            if has(study.inputs, path)}  # fmt: skip
    return flat | read


def _flat(cells: Mapping[str, object], before: str = "") -> list[tuple[str, object]]:
    """Cells by path: `robots.devices = 10` is a table in a table."""
    found: list[tuple[str, object]] = []
    for name, cell in cells.items():
        inside = isinstance(cell, Mapping)
        found += (
            _flat(cell, f"{before}{name}.") if isinstance(cell, Mapping) and inside else [(f"{before}{name}", cell)]
        )
    return found

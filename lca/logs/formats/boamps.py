"""The reports of BoAmps: the energy of one task of machine learning, as JSON.

Written after a real report, after the schema of BoAmps, and after the exporter of CodeCarbon. "powerConsumption" is an
energy in kWh; only reports of the first versions have a "unit". "measurementDuration" is in seconds. A report may have
several measures, of several methods or parts, which are not added. Components are listed with cores as their number,
so they are not taken. "quality" is an error that the schema states: high 10 %, medium 25 %, low 50 %.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import LogError
from ...units.quantity import conversion
from ..files.clock import Clock
from ..files.json_documents import Object, begins_with, document, inner, numbers, text
from ..files.source import SHOWN, Source
from ..format import Format
from ..runs.run import Run
from ..runs.run_table import RunTable
from ..runs.totals import run_table

_ENERGY, _DURATION = "powerConsumption", "measurementDuration"
#: Where a method measures; the others do not say it.
_BOUNDARY = {"codecarbon": "component", "wattmeter": "wall"}
_QUALITY = {"high": "10 %", "medium": "25 %", "low": "50 %"}
_METHOD = ("measurementMethod", "version", "manufacturer", "cpuTrackingMode", "gpuTrackingMode")
_PLACES = (
    ("task", ("taskStage", "taskFamily", "nbRequest")), ("infrastructure", ("infraType", "cloudProvider")),
    ("environment", ("country",)),
)  # fmt: skip


def _fits(source: Source) -> bool:
    return begins_with(source, "measures", _ENERGY)


def _read(source: Source) -> RunTable:
    report = document(source)
    given = report.get("measures")
    listed = given if isinstance(given, list) else []
    measures = [one for one in listed if isinstance(one, dict)]
    if not measures or len(measures) != len(listed):
        raise LogError.of("no_samples", source.where())
    names = _names(measures)
    name = source.said.run or names[0]
    if len(measures) > 1 and not source.said.run:
        raise LogError.of("several_measures", source.where(), names[:SHOWN], count=len(names), first=names[0])
    if name not in names:
        raise LogError.of("no_such_run", source.where(), run=name, near=f"one of {', '.join(names[:SHOWN])}")
    measure = measures[names.index(name)]
    method, quality = text(measure.get("measurementMethod")).casefold(), text(report.get("quality"))
    accuracy = _QUALITY.get(quality)
    return run_table(
        source, "boamps", [_run(source, name, measure, report)], at=_BOUNDARY.get(method, ""), accuracy=accuracy,
        about=f"BoAmps: quality {quality}" if accuracy else "", notes=_notes(measure, method),
    )  # fmt: skip


def _run(source: Source, name: str, measure: Object, report: Object) -> Run:
    unit = text(measure.get("unit")).replace("Joule", "J") or "kWh"
    factor = conversion(unit, "J", f"{source.where()}: unit")
    found = numbers(source, {one: measure.get(one) for one in (_ENERGY, _DURATION)})
    energy, stamp = found[_ENERGY], measure.get("measurementDateTime")
    clock = Clock(source)
    start = clock.read(stamp) if isinstance(stamp, str) else None
    return Run(
        0, name, energy * factor if energy else None, found[_DURATION] or None, start, facts=_facts(measure, report),
        local=clock.local,
    )  # fmt: skip


def _names(measures: Sequence[Object]) -> list[str]:
    """The method of each measure, numbered where several have one."""
    methods = [text(one.get("measurementMethod")) or "measure" for one in measures]
    return [
        method if methods.count(method) == 1 else f"{method} {methods[: n + 1].count(method)}"
        for n, method in enumerate(methods)
    ]


def _facts(measure: Object, report: Object) -> tuple[tuple[str, str], ...]:
    """What was done, and how much data went in and out."""
    found = {name: text(measure.get(name)) for name in _METHOD}
    for place, names in _PLACES:
        found |= {name: text(inner(report, place, name)) for name in names}
    data = inner(report, "task", "dataset")
    for one in data if isinstance(data, list) else ():
        if isinstance(one, dict) and text(one.get("dataQuantity")):
            key = f"{text(one.get('dataUsage'))} {text(one.get('dataType'))}".strip() or "data"
            found[key] = text(one.get("dataQuantity"))
    return tuple((name, value) for name, value in found.items() if value)


def _notes(measure: Object, method: str) -> list[str]:
    found = []
    if method == "codecarbon":
        found.append("energy of processors, cards and memory; memory is estimated, and a PUE may be in it")
    if text(measure.get("cpuTrackingMode")).casefold() == "constant":
        found.append("processors are estimated from their rated power")
    return found


FORMATS: Sequence[Format] = (
    Format("boamps", "BoAmps, report as JSON", "RunTable", "component of codecarbon, wall of wattmeter", "real logs",
           "The energy in kWh of one measure. Of several measures, say run=.", _fits, _read),
)  # fmt: skip

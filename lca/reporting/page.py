"""Reports: one self-contained HTML page and its Markdown twin, from what the other answers say (A4 to A12).

The templates stand beside this file and get everything as text; they are filled before any file is written.
"""

from __future__ import annotations

import datetime
import os
from operator import methodcaller
from pathlib import Path

from ..arguments import entry
from ..errors import DomainError, MissingError
from ..interpretation.result import Result
from ..interpretation.saved.storage import load, save
from ..study.about import day
from ..study.assembly import Model
from ..study.study import Study
from ..whole_files import write_whole
from .chapters import (
    changes,
    comparison,
    drivers,
    headline,
    people,
    quality,
    scenarios,
    scope,
    stages,
    standards,
    values,
)
from .drawn import Figure
from .environment import template
from .subject import Subject
from .words import TEMPLATES, named


@entry
def report(
    result: Result,
    folder: str | os.PathLike[str],
    *,
    study: Study | None = None,
    before: Result | str | os.PathLike[str] | None = None,
    base: int = 1024,
    date: datetime.date | str | None = None,
) -> Path:
    """Write a report of a result into a folder, or the page alone into a file.

    The folder gets `report.html`, which needs no other file, and `report.md` with its figures as .svg.
    `provenance.csv` has every value; the saved result can be run again. With alternatives the tables compare them, and
    drivers and derivations are those of the smallest one. The page prints on A4; a browser makes a PDF of it.

    Parameters
    ----------
    result : Result
        A result of a study.
    folder : str or path
        The folder; it is made if it does not exist. A path that ends in .html is the page alone.
    study : Study
        The study of a result whose file does not hold all of it.
    before : Result, or path
        An older result, or the file that `save` wrote: the report has a chapter on what changed since.
    base : int
        The points of each scrambling of `sobol`, a power of two.
    date : datetime.date or str
        The day on which the report is written, such as "2026-11-30"; today if not given. `lca.About(date=)` is the day
        of the study, and stands in its place where it is stated.

    Returns
    -------
    pathlib.Path
        The file of the page.

    Raises
    ------
    MissingError
        If the extra `report` is not installed, or the result has no stages.
    DomainError
        If the study is not that of the result, or the path ends in .pdf.
    RecordError
        If the date is not a day.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> study = small_study()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report(lca.nominal(study), folder).name
    'report.html'
    """
    study = study or result.study_if_whole
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="a report")
    if study is not None and _signature(study.model) != _signature(result.model):
        raise DomainError.of("study_of_another_result", "study", [study.model.title, result.model.title])
    target = Path(folder)
    if target.suffix.lower() == ".pdf":
        raise DomainError.of("report_as_pdf", str(target))
    older = load(before) if isinstance(before, (str, os.PathLike)) else before
    page, twin = (template(name, TEMPLATES) for name in ("report.html", "report.md"))
    today = day(date, "report(date=)") or datetime.date.today()
    subject = Subject(result, study, older, base, today)
    contents = _contents(subject)
    shown = {**contents, "numbers": {one.name: number for number, one in enumerate(_figures(contents), 1)}}
    texts = {"report.md": twin.render(shown), "report.html": page.render(shown)}
    if target.suffix == ".html":
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole({target: methodcaller("write", texts["report.html"].encode())})
        return target
    save(result, target / "result.lca")
    figures = {one.file: one.svg for one in _figures(contents)}
    texts = {"provenance.csv": subject.values.to_csv(lineterminator="\n"), **figures, **texts}
    write_whole({target / name: methodcaller("write", text.encode()) for name, text in texts.items()})
    return target / "report.html"


def _signature(model: Model) -> tuple[object, ...]:
    return model.title, model.stages, set(model.outputs), model.alternatives, model.functional_unit


def _contents(subject: Subject) -> dict[str, object]:
    """What the templates show: a chapter for each entry, in the order of the page."""
    return {
        "title": subject.result.model.title,
        "kind": headline.kind(subject),
        "byline": people.byline(subject),
        "named": named(subject.labels),
        "drawn": subject.drawn,
        "head": headline.contents(subject),
        "people": people.contents(subject),
        "scope": scope.contents(subject),
        "stages": stages.contents(subject),
        "comparison": comparison.contents(subject),
        "drivers": drivers.contents(subject),
        "scenarios": scenarios.contents(subject),
        "years": scenarios.by_year(subject),
        "rules": scenarios.rules(subject),
        "changes": changes.contents(subject),
        "quality": quality.contents(subject),
        "standards": standards.contents(subject),
        "values": values.contents(subject),
        "places": subject.places,
        "versions": dict(subject.result.versions),
        "draws": stages.draws(subject.result),
    }


def _figures(contents: object) -> list[Figure]:
    """Every figure among the contents, in their order."""
    if isinstance(contents, Figure):
        return [contents]
    if isinstance(contents, (dict, list)):
        held = contents.values() if isinstance(contents, dict) else contents
        return [figure for one in held for figure in _figures(one)]
    return []

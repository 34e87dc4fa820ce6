"""Reports: one self-contained HTML page and its Markdown twin, from what the other answers say (A4 to A12).

The templates stand beside this file and get everything as text; they are filled before any file is written.
"""

from __future__ import annotations

import os
import re
import textwrap
from functools import cache, partial
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..arguments import entry
from ..errors import DomainError, MissingError
from ..impact.views import MARKET
from ..interpretation.attribution import attribution
from ..interpretation.explain import provenance, status_shares
from ..interpretation.plot import differences, drivers, pareto, readable_unit, stages
from ..interpretation.plot.svg import svg_of
from ..interpretation.result import Result
from ..interpretation.sensitivity.shapley import shapley
from ..interpretation.sensitivity.sobol import sobol
from ..interpretation.storage import save
from ..interpretation.summary import summary
from ..interpretation.table import Table
from ..loading import needed
from ..study.assembly import Model
from ..study.study import Study
from ..whole_files import write_whole
from . import sections as chapters
from .one_alternative import derivations, shown_of
from .rules_and_volume import by_rule, by_volume

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRIVEN = {"total": "of the total", "functional_unit": "for one functional unit"}
TEMPLATES = chapters.TEMPLATES


@entry
def report(result: Result, folder: str | os.PathLike[str], *, study: Study | None = None, base: int = 1024) -> Path:
    """Write a report of a result into a folder, or the page alone into a file.

    The folder gets `report.html`, which needs no other file, and `report.md` with its figures as .svg.
    `provenance.csv` has every value; `result.json` with its draws can be run again. With alternatives the tables
    compare them, and drivers and derivations are those of the smallest one.

    Parameters
    ----------
    result : Result
        A result of a study.
    folder : str or path
        The folder; it is made if it does not exist. A path that ends in .html is the page alone.
    study : Study
        The study of a result that was loaded from disk, which holds neither machines nor tags of electricity.
    base : int
        The points of each scrambling of `sobol`, a power of two.

    Returns
    -------
    pathlib.Path
        The file of the page.

    Raises
    ------
    MissingError
        If the extra `report` is not installed, or the result has no stages.
    DomainError
        If the study is not that of the result.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> study = small_study()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report(lca.nominal(study), folder).name
    'report.html'
    """
    study = study or result.study
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="a report")
    if study is not None and _signature(study.model) != _signature(result.model):
        raise DomainError.of("study_of_another_result", "study", [study.model.title, result.model.title])
    page, twin = _template("report.html"), _template("report.md")
    values = provenance(result.model)
    contents, figures = _contents(result, study, base, values)
    texts = {"report.md": twin.render(contents), "report.html": page.render(contents)}
    target = Path(folder)
    if target.suffix == ".html":
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole({target: methodcaller("write", texts["report.html"].encode())})
        return target
    save(result, target / "result.json")
    texts = {"provenance.csv": values.to_csv(lineterminator="\n"), **figures, **texts}
    write_whole({target / name: methodcaller("write", text.encode()) for name, text in texts.items()})
    return target / "report.html"


def _signature(model: Model) -> tuple[object, ...]:
    return model.title, model.stages, set(model.outputs), model.alternatives, model.functional_unit


def _template(name: str) -> Any:
    needed("jinja2", "reports", "report")
    return _environment(TEMPLATES).get_template(name)


@cache
def _environment(folder: Path) -> Any:
    """The templates of a folder, each compiled once."""
    import jinja2
    from markupsafe import Markup, escape

    def cell(text: object) -> object:
        """Text that Markdown shows as it is, in a cell of a table, too."""
        plain = re.sub(r"([\\|*`\[~]|(?<!\w)_|_(?!\w))", r"\\\1", " ".join(str(text).split()))
        return Markup(str(escape(plain)).replace("&#34;", '"').replace("&#39;", "'"))

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["cell"] = cell
    environment.filters["code"] = lambda text: Markup(textwrap.indent(text, "    ", lambda line: True))
    environment.filters["breakable"] = lambda text: Markup(str(escape(text)).replace("_", "_<wbr>"))
    environment.filters["inline"] = lambda svg: Markup(svg[svg.index("<svg") :])
    return environment


def _contents(
    result: Result, study: Study | None, base: int, values: Table
) -> tuple[dict[str, object], dict[str, str]]:
    """(what the templates show, the figures as files); `values` is the provenance of the result."""
    model = result.model
    per, labels, one = shown_of(result)
    units = {name: readable_unit(one, name) for name in ("total", "functional_unit")}
    tables = {name: summary(one, per=name, unit=unit) for name, unit in units.items()}
    shares = status_shares(one.model)
    spread, tied = _drivers(one, base), bool(one.model.program.correlated)
    shares_of = "Shapley effects" if tied else "Sobol' indices"
    figures = {"stages.svg": _svg(stages(result, per=per, unit=units[per]), "stages")}
    if spread:
        figures["drivers.svg"] = _svg(drivers(spread["total"]), "drivers")
    beside = _rivals(result, per)
    figures |= beside
    alternatives = {dim: result.data[dim].values.tolist() for dim in labels}
    named = chapters.named(labels)
    whose = named or "by stage"
    captions = {"total": "In total", "functional_unit": f"For one functional unit ({model.functional_unit})"}
    asked = {
        "Hardware by time held, and in whole devices": by_rule(study, labels) if study is not None else None,
        "What happens once, over the volume": by_volume(one, units["functional_unit"]),
    }
    contents = {
        "title": model.title,
        "lead": chapters.lead(one, tables, result, labels, per),
        "second": chapters.second(tables["total"], spread.get("total"), shares),
        "facts": chapters.facts(result, study, values, alternatives),
        "scope": chapters.scope(result, study),
        "loaded": study is None,
        "figures": figures,
        "rival_figures": {name: chapters.say(name.removesuffix(".svg"), "figures") for name in beside},
        "named": named,
        "results": [
            chapters.grid(chapters.with_gap(table, one.model), f"{captions[name]}, {whose}")
            for name, table in tables.items()
        ],
        "kind": "Impacts over the life cycle" if set(model.gaps) - {MARKET} else "Carbon footprint",
        "views": [chapters.view(one, name) for name in one.model.views],
        "asked": [chapters.grid(table, caption) for caption, table in asked.items() if table is not None],
        "interval": chapters.interval(result, values, tables["total"]),
        "compared": chapters.compared(result, per, units[per], alternatives),
        "varying": per == "functional_unit",
        "spread": [
            chapters.grid(chapters.percents(table), f"{shares_of} {DRIVEN[per]}") for per, table in spread.items()
        ],
        "shares_of": shares_of,
        "meaning": chapters.say("shapley_effects" if tied else "sobol_indices"),
        "shares": chapters.grid(shares, "Share of the nominal total by the weakest value behind it"),
        "notes": chapters.notes(one),
        "derivations": derivations(one.model),
        "credits": attribution(model).credits,
        "values": chapters.grid(
            values.drop(columns=["table", "attribution"]), f"The {len(values)} values, the largest effect first"
        ),
        "versions": dict(result.versions),
        "draws": chapters.draws(result),
    }
    return contents, figures


def _rivals(result: Result, per: str) -> dict[str, str]:
    """Figures of one dim of alternatives: the differences between them, and the front where they have a score."""
    total = result.data["total"]
    dims = [str(dim) for dim in total.dims if dim != "draw"]
    if len(dims) != 1 or "draw" not in total.dims:
        return {}
    made = {"differences.svg": _svg(differences(result, over=dims[0], per=per), "differences")}
    if result.model.scores:
        made["front.svg"] = _svg(pareto(result, over=dims[0], per=per), "front")
    return made


def _drivers(one: Result, base: int) -> dict[str, Table]:
    """What drives the total, and one functional unit where its count has a spread of its own.

    Sobol' indices; Shapley effects where values are correlated (U11).
    """
    count = one.data["functional_unit"]
    asked = ["total", "functional_unit"] if "draw" in count.dims and float(count.std()) > 0 else ["total"]
    try:
        ask = partial(shapley, base=min(base, 256)) if one.model.program.correlated else partial(sobol, base=base)
        return {per: ask(one.model, per=per, mix=one.mixed) for per in asked if one.draws > 1}
    except MissingError:  # nothing has a spread
        return {}


def _svg(ax: Axes, name: str) -> str:
    said = chapters.say(name, "figures")
    return svg_of(ax, name, said, said)

"""Goal and scope: what was counted, by which rules, on which electricity, and what was left out and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ...checks import some
from ...electricity.electricity import TAGS, Electricity
from ...impact.allocation import RULES
from ...impact.dim_roles import NATURAL_PARTS
from ...impact.views import CREDIT, MARKET
from ...interpretation.result import Result
from ...interpretation.spread import by_label
from ...inventory.stages import STAGES, stage_label
from ...study.assembly import Model
from ...study.study import Study
from ...units.number_text import significant
from ..grids import Grid, plain_grid
from ..subject import Subject
from ..words import from_to, percent, say


def contents(subject: Subject) -> dict[str, object]:
    """A line for each question of goal and scope, and the tables behind them."""
    grids = [boundary(subject.result)]
    if subject.study is not None:
        grids += [activities(subject.study), rules(subject.study), electricity(subject.study)]
    return {
        "facts": facts(subject),
        "grids": [grid for grid in grids if grid.rows],
        "loaded": subject.study is None,
    }


def facts(subject: Subject) -> list[tuple[str, str]]:
    """Goal and scope, a line for each question."""
    result, study, model = subject.result, subject.study, subject.result.model
    counts = [float(one.median()) for _, one in by_label(result.data["functional_unit"])]
    times = from_to(significant(end) for end in (min(counts), max(counts)))
    one, several = ("median", "medians") if subject.drawn else ("nominal", "nominal values")
    times += f" ({several} of the {len(counts)} alternatives)" if len(counts) > 1 else f" ({one})"
    rivals = [f"{dim}: {some(labels)}" for dim, labels in subject.alternatives.items()]
    dims = {dim.name: len(dim) for node in model.outputs.values() for dim in node.dims}
    summed = [f"{dim} ({dims[dim]})" for dim in (*model.parts, *NATURAL_PARTS) if dim in dims]
    made = [
        ("Functional unit", say("functional_unit", "facts", unit=model.functional_unit, times=times)),
        ("Its quality", model.quality or "not stated"),
        *([("Reference flow", model.about.reference_flow)] if model.about.reference_flow else []),
        ("Impact", impact(model)),
        ("Approach", say("approach", "facts")),
        ("GWP set", _gwp(subject)),
        ("Summed", ", ".join(summed) or "nothing"),
        ("Alternatives, never summed", "; ".join(rivals) or "none"),
    ]
    if study is not None:
        each, together = study.cut_off
        made.append(("Cut-off", say("cut_off", "facts", each=100 * each, together=100 * together)))
    return made


def _gwp(subject: Subject) -> str:
    """Which GWP sets gases were characterized with, by the study and by publishers."""
    sets = sorted({str(key).split("/")[1] for key in subject.values.index if str(key).startswith("gwp/")})
    said = [say("characterized", "facts", sets=", ".join(sets))] if sets else []
    own = sorted({f"{one.name} in {one.gwp_set}" for one in _electricity(subject.study) if one.gases == "CO2e"})
    said += [say("published", "facts", factors=", ".join(own))] if own else []
    return "; ".join(said) or say("as_published", "facts")


def impact(model: Model) -> str:
    """Which impacts are counted, in a sentence (A9)."""
    others = [name.replace("_", " ") for name in model.views if name not in (MARKET, CREDIT)]
    return say("several_impacts", others=", ".join(others)) if others else say("only_climate")


def boundary(result: Result) -> Grid:
    """The system boundary: each stage is modelled, or excluded for a reason (A6)."""
    model = result.model
    rows: list[dict[str, str]] = []
    for stage in (s for s in STAGES if s in model.stages):
        by = ", ".join(name.partition("/")[2] for name in model.details if name.startswith(f"{stage}/"))
        rows.append({"what": stage_label(stage), "treatment": "modelled", "by or why": by, "at most": "", "source": ""})
    wholes = [float(one.mean()) for _, one in by_label(result.data["total"])]  # kg CO2e, as upper estimates are
    for name, out in model.excluded.items():
        size = out.whole if out.upper is None else out.upper
        most = f"{out.upper_text}, {_ends(size, wholes)} of the mean total" if size is not None else ""
        row = {"what": stage_label(name), "treatment": "excluded" if out.whole is None else "sunk: not charged"}
        rows.append({**row, "by or why": out.reason, "at most": most, "source": out.source})
    if not any(row["at most"] or row["source"] for row in rows):
        rows = [{name: row[name] for name in ("what", "treatment", "by or why")} for row in rows]
    return plain_grid(rows, "System boundary")


def _ends(size: float, wholes: Sequence[float]) -> str:
    """The share of a size in each of the alternatives, from the smallest to the largest."""
    shares = [size / whole if whole else math.nan for whole in wholes]
    return from_to(percent(share) for share in (min(shares), max(shares)))


def activities(study: Study) -> Grid:
    """Each activity: its years, its site, what it runs on and by which rule that is charged."""
    rows = []
    for activity in study.activities:
        on = activity.on if isinstance(activity.on, Mapping) else {activity.on: None} if activity.on else {}
        years = from_to(str(year) for year in (*activity.years[:1], *activity.years[-1:]))
        row = {"activity": activity.name, "kind": type(activity).__name__.lower(), "years": years}
        row |= {"site": getattr(activity.site, "name", "none"), "runs on": ", ".join(thing.name for thing in on)}
        rows.append({**row, "allocation": str(activity.allocation)})
    return plain_grid(rows, "Activities")


def rules(study: Study) -> Grid:
    """What the allocation rules in use charge of a device (A8)."""
    used = dict.fromkeys(activity.allocation for activity in study.activities if activity.on)
    rows = [{"rule": str(rule), "what is charged of a device": RULES[rule].says} for rule in used]
    return plain_grid(rows, "Allocation rules")


def electricity(study: Study) -> Grid:
    """The tags of each electricity in use (A4)."""
    found = _electricity(study)
    by_contract = any(one.instrument for one in found)
    rows = [
        {"electricity": one.name, "counted at": one.boundary.removeprefix("at_"), "year": str(one.year)}
        | {tag.replace("_", " "): str(getattr(one, tag)) for tag in TAGS}
        | {"not CO2, %": _beyond_co2(one)}
        | ({"instrument": str(one.instrument)} if by_contract else {})
        for one in found
    ]
    return plain_grid(rows, "Electricity", say("beyond_co2"))


def _electricity(study: Study | None) -> list[Electricity]:
    return [record for record in (study.components if study else ()) if isinstance(record, Electricity)]


def _beyond_co2(record: Electricity) -> str:
    """The largest share of an intensity that is not CO2, in per cent, as far as its source lets one know."""
    if "CO2e" not in record.gases:
        return "none" if record.gases == "CO2" else "apart"
    return "not known" if record.other_gases is None else significant(100 * float(record.other_gases), 2)

"""The chapters of a report as plain text and tables of text, from a result and what the other answers say of it."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas

from ..checks import some
from ..electricity.electricity import TAGS, Electricity
from ..errors import MissingError
from ..graph.labels import Label
from ..impact.allocation import RULES
from ..impact.dim_roles import NATURAL_PARTS
from ..impact.views import BURDENS, CREDIT, MARKET
from ..interpretation.comparison.comparison import compare
from ..interpretation.comparison.pareto import pareto
from ..interpretation.dependence import dependence
from ..interpretation.explain import rests_on
from ..interpretation.result import Result, nominal
from ..interpretation.spread import QUANTILES, by_label
from ..interpretation.summary import summary
from ..interpretation.table import Table, note_of
from ..inventory.stages import STAGES, stage_label
from ..study.assembly import Model
from ..study.study import Study
from ..units.number_text import NOTHING, significant

#: Columns of a comparison that a page has no room for.
_LEFT_OUT = ["above", "above_error", "differs"]
_PERCENT = "\N{NO-BREAK SPACE}%"
SHARES = ("share", "best", "gap", "front", "dominated_share")
TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Grid:
    """A table as texts: heads, rows, and which columns hold numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """The heads of columns and the sentences of a report, which stand in a file beside the templates."""
    return tomllib.loads((TEMPLATES / "report.toml").read_text(encoding="utf-8"))


def say(key: str, part: str = "sentences", **values: object) -> str:
    """A sentence of a report, with `values` filled in."""
    return texts()[part][key].format(**values)


# --- sentences ---------------------------------------------------------------------------------------


def _number(row: Any) -> str:
    """The headline with its mass: "9,130 kg CO2e (median; 5 to 95 %: 6,310 to 13,700)" (A11)."""
    unit = row["unit"].split("/")[0]
    if "p50" not in row:
        return f"{significant(float(row['nominal']))} {unit} (nominal)"
    middle, low, high = (significant(float(row[name])) for name in QUANTILES)
    return f"{middle} {unit} (median; 5 to 95{_PERCENT}: {low} to {high})"


def value(table: pandas.DataFrame, row: Label, column: str) -> float:
    """One number of a table."""
    return float(table[column].loc[row])


def percent(share: float) -> str:
    """A share in per cent, with two digits."""
    return f"{significant(100 * share, 2)}{_PERCENT}" if math.isfinite(share) else NOTHING


def lead(one: Result, tables: Mapping[str, Table], result: Result, labels: Mapping[str, Label], per: str) -> str:
    """What matters most: the total, what it is for one functional unit, and the dominant stage with its share."""
    parts = tables["total"].drop(index="total")
    stage = str(parts["mean"].idxmax())
    head = ""
    if labels:
        many = math.prod(result.data.sizes[dim] for dim in labels)
        unit = " for one functional unit" if per == "functional_unit" else ""
        sure = ""
        if len(labels) == 1 and "p5" in parts:
            ((dim, label),) = labels.items()
            sure = f" in {percent(value(compare(result, over=dim, per=per), label, 'best'))} of draws"
        head = say("lead_of_alternatives", named=named(labels), many=many, unit=unit, sure=sure)
    whole, each = (_number(tables[name].loc["total"]) for name in ("total", "functional_unit"))
    share = percent(value(parts, stage, "share"))
    said = say("lead", whole=whole, unit=one.model.functional_unit, each=each)
    most = say("first_stage", stage=stage.capitalize(), share=share, of=_of(parts))
    return f"{head}{said[0].lower() if head else said[0]}{said[1:]} {most}"


def _of(table: pandas.DataFrame) -> str:
    """What the shares of a table are of."""
    return "mean" if "p50" in table else "nominal total"


def named(labels: Mapping[str, Label]) -> str:
    """The labels of an alternative in words."""
    return ", ".join(f"{dim} {label}" for dim, label in labels.items())


def second(table: Table, spread: Table | None, shares: Table) -> str:
    """What else matters: the other stages, the first driver, and the weakest values."""
    parts = table.drop(index="total").sort_values("mean", ascending=False)
    rest = [f"{name} {percent(share)}" for name, share in parts["share"].iloc[1:].items()]
    said = [say("other_stages", stages=", ".join(rest))] if rest else []
    if spread is not None:
        share = float(spread["shapley" if "shapley" in spread else "total"].iloc[0])
        said.append(say("first_driver", share=percent(share), driver=spread["words"].iloc[0]))
    if len(shares):
        share, status = float(shares["share"].iloc[-1]), str(shares.index[-1])
        weakest = texts()["statuses"].get(status, status)
        said.append(say("all_rest_on" if share > 1 - 1e-9 else "rest_on", share=percent(share), value=weakest))
    return " ".join(said)


def draws(result: Result) -> str:
    """How many draws, of which design and seed."""
    if result.design == "nominal":
        return "nominal values, no draws"
    said = say("draws", draws=result.draws, design=result.design, seed=result.seed)
    return f"{said}; {say('kept', first=result.first)}" if result.first else said


def facts(
    result: Result, study: Study | None, values: Table, alternatives: Mapping[str, list[Label]]
) -> list[tuple[str, str]]:
    """Goal and scope, a line for each question."""
    model = result.model
    counts = [float(one.median()) for _, one in by_label(result.data["functional_unit"])]
    times = _from_to(significant(end) for end in (min(counts), max(counts)))
    times += f" (medians of the {len(counts)} alternatives)" if len(counts) > 1 else " (median)"
    rivals = [f"{dim}: {some(labels)}" for dim, labels in alternatives.items()]
    dims = {dim.name: len(dim) for node in model.outputs.values() for dim in node.dims}
    summed = [f"{dim} ({dims[dim]})" for dim in (*model.parts, *NATURAL_PARTS) if dim in dims]
    gwp = sorted({key.split("/")[1] for key in values.index if key.startswith("gwp/")})
    sets = [say("characterized", "facts", sets=", ".join(gwp))] if gwp else []
    own = sorted({f"{r.name} in {r.gwp_set}" for r in _electricity(study) if r.gases == "CO2e"})
    sets += [say("published", "facts", factors=", ".join(own))] if own else []
    facts = [
        ("Functional unit", say("functional_unit", "facts", unit=model.functional_unit, times=times)),
        ("Its quality", model.quality or "not stated"),
        ("Impact", impact(model)),
        ("Approach", say("approach", "facts")),
        ("GWP set", "; ".join(sets) or "as published by the sources of CO2e"),
        ("Summed", ", ".join(summed) or "nothing"),
        ("Alternatives, never summed", "; ".join(rivals) or "none"),
    ]
    if study is not None:
        each, together = study.cut_off
        facts.append(("Cut-off", say("cut_off", "facts", each=100 * each, together=100 * together)))
    return facts


def _from_to(ends: Iterable[str]) -> str:
    """Two ends as a range: one of them, where they are the same."""
    return " to ".join(dict.fromkeys(ends))


def interval(result: Result, values: Table, table: Table) -> list[str]:
    """What the interval contains and what not (U8), and the gap of mean and nominal (U5)."""
    if "p5" not in table:
        return [say("none", "interval")]
    mean, plain = value(table, "total", "mean"), value(table, "total", "nominal")
    gap = mean / plain - 1 if plain else math.inf
    filled: dict[str, object] = {
        "draws": draws(result),
        "contents": result.contents,
        "median": significant(value(table, "total", "p50")),
        "mean": significant(mean),
        "fixed": int((values["spread"] == "none").sum()),
        "count": len(values),
        "gap": significant(abs(100 * gap), 2),
        "side": "above" if gap >= 0 else "below",
        "nominal": significant(plain),
        "unit": table["unit"].iloc[0],
        "dependence": dependence(result).attrs["note"],
    }
    return [say(key, "interval", **filled) for key in ("ends", "contents", "dependence", "fixed", "gap")]


def notes(one: Result) -> list[str]:
    """The notes of the model, each with the share of the result that it touches, where that is known (A5)."""
    kept = all(name in one.data for name in one.model.details)
    table = summary(one if kept else nominal(one.model), by="activity")
    details = [name.partition("/")[::2] for name in one.model.details]
    shares = [
        (slug, value(table, f"{stage_label(stage)}/{slug}", "share")) for stage, slug in details if stage not in BURDENS
    ]
    notes = []
    for note in one.model.notes:
        share = sum(share for slug, share in shares if note.startswith(f"{slug} in "))
        notes.append(say("note_with_share", note=note, share=percent(share)) if share else note)
    return notes


# --- tables ------------------------------------------------------------------------------------------


def grid(table: pandas.DataFrame, caption: str) -> Grid:
    """A table of an answer as texts: three digits, shares in per cent."""
    frame = table.reset_index()
    for name in frame.select_dtypes("bool"):
        frame[name] = ["yes" if one else "no" for one in frame[name]]
    columns = [[v * 100 for v in frame[name]] if name in SHARES else frame[name].tolist() for name in frame]
    rows = tuple(zip(*(map(significant, cells) for cells in columns), strict=True))
    heads = tuple(texts()["heads"].get(name, name).replace(" %", _PERCENT) for name in map(str, frame.columns))
    numeric = tuple(dtype.kind == "f" for dtype in frame.dtypes)
    return Grid(caption.rstrip(", "), heads, rows, numeric, note_of(table))


def with_gap(table: Table, model: Model) -> Table:
    """The summary with what the stages rest on, and with the gap of mean and nominal beside the two."""
    made = table.copy()
    outputs = {stage_label(name): name for name in (*model.stages, "total")}
    made.insert(len(made.columns) - 1, "rests_on", [rests_on(model, outputs[str(name)]) for name in made.index])
    if "p5" in made:
        made.insert(list(made).index("nominal") + 1, "gap", made["mean"] / made["nominal"] - 1)
    return made


def percents(table: Table) -> Table:
    """A table of shares of the variance in per cent."""
    made = table.copy()
    numbers = made.select_dtypes("float").columns
    made[numbers] = made[numbers] * 100
    made.columns = pandas.Index(["total order, %" if name == "total" else name for name in made.columns])
    return made


def view(one: Result, of: str) -> Grid:
    """Another impact category, or the market-based view, by stage; what is lacking where it is incomplete (A9)."""
    caption = f"In total, {of.replace('_', ' ')}"
    try:
        return grid(summary(one, of=of), caption)
    except MissingError as error:
        return Grid(caption, ("no factor for",), tuple((gap,) for gap in error.sides), (False,), error.what)


def impact(model: Model) -> str:
    """Which impacts are counted, in a sentence (A9)."""
    others = [name.replace("_", " ") for name in model.views if name not in (MARKET, CREDIT)]
    return say("several_impacts", others=", ".join(others)) if others else say("only_climate")


def compared(result: Result, per: str, unit: str, alternatives: Mapping[str, list[Label]]) -> list[Grid]:
    """Every dim of alternatives compared draw by draw; medians of the total and means of all stages side by side."""
    if not alternatives:
        return []
    table = summary(result, per=per, unit=unit)
    order = [stage_label(name) for name in (*result.model.stages, "total")]
    wide = table["mean"].unstack("stage")[order]
    middle = "p50" if "p50" in table else "nominal"
    wide.insert(0, middle, table[middle].xs("total", level="stage"))
    wide = wide.sort_values(middle, kind="stable")
    wide["unit"] = table["unit"].iloc[0]
    note = "stages and their total: means, because means add up; nominal values where there are no draws"
    means = replace(
        grid(Table(wide), "The median of the total, and the means of the stages and of the total"), note=note
    )
    dims = [dim for dim in alternatives if {dim, "draw"} <= {*result.data["total"].dims}]
    tables = {dim: compare(result, over=dim, per=per, unit=unit).drop(columns=_LEFT_OUT) for dim in dims}
    made = [grid(table, f"Compared over {dim}") for dim, table in tables.items()]
    if result.model.scores:
        made += [grid(pareto(result, over=dim, per=per, unit=unit), f"Impact and score over {dim}") for dim in dims]
    return [*made, means]


def scope(result: Result, study: Study | None) -> list[Grid]:
    """The system boundary, and, with a study, its activities, rules and electricity."""
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
    grids = [_texts(rows, "System boundary")]
    if study is None:
        return grids
    used = []
    rules: dict[str, str] = {}
    for activity in study.activities:
        on = activity.on if isinstance(activity.on, Mapping) else {activity.on: None} if activity.on else {}
        rules |= {activity.allocation: RULES[activity.allocation].says} if on else {}
        years = _from_to(str(year) for year in (*activity.years[:1], *activity.years[-1:]))
        row = {"activity": activity.name, "kind": type(activity).__name__.lower(), "years": years}
        row |= {"site": getattr(activity.site, "name", "none"), "runs on": ", ".join(thing.name for thing in on)}
        used.append({**row, "allocation": str(activity.allocation)})
    said = [{"rule": rule, "what is charged of a device": says} for rule, says in rules.items()]
    electricity = _electricity(study)
    by_contract = any(r.instrument for r in electricity)
    tags = [
        {"electricity": r.name, "counted at": r.boundary.removeprefix("at_"), "year": str(r.year)}
        | {tag.replace("_", " "): str(getattr(r, tag)) for tag in TAGS}
        | {"not CO2, %": _beyond_co2(r)}
        | ({"instrument": str(r.instrument)} if by_contract else {})
        for r in electricity
    ]
    note = "what is not CO2 bounds the difference that another GWP set could make"
    grids += [_texts(used, "Activities"), _texts(said, "Allocation rules"), _texts(tags, "Electricity", note)]
    return [grid for grid in grids if grid.rows]


def _ends(size: float, wholes: Sequence[float]) -> str:
    """The share of a size in each of the alternatives, from the smallest to the largest."""
    shares = [size / whole if whole else math.nan for whole in wholes]
    return _from_to(percent(share) for share in (min(shares), max(shares)))


def _texts(rows: list[dict[str, str]], caption: str, note: str = "") -> Grid:
    heads = tuple(rows[0]) if rows else ()
    return Grid(caption, heads, tuple(tuple(row.values()) for row in rows), (False,) * len(heads), note)


def _electricity(study: Study | None) -> list[Electricity]:
    return [record for record in (study.components if study else ()) if isinstance(record, Electricity)]


def _beyond_co2(record: Electricity) -> str:
    """The largest share of an intensity that is not CO2, in per cent, as far as its source lets one know."""
    if "CO2e" not in record.gases:
        return "none" if record.gases == "CO2" else "apart"
    return "not known" if record.other_gases is None else significant(100 * float(record.other_gases), 2)

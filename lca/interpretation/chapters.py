"""The chapters of a report as plain text and tables of text, from a result and what the other answers say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas

from ..errors import LcaError
from ..expression.label import Label
from ..expression.record import walk
from ..impact.electricity import TAGS, Electricity
from ..study.allocation import RULES
from ..study.assembly import BURDENS, NATURAL_PARTS, Model
from ..study.scope import STAGES, stage_label
from ..study.study import Study
from .comparison import compare
from .explain import provenance, rests_on
from .result import Result, nominal
from .summary import summary
from .table import Table, significant

HEADS = {
    "p5": "5 %", "p50": "median", "p95": "95 %", "share": "share, %", "best": "P(best), %", "excess_p5": "excess, 5 %",
    "excess_p50": "excess, median", "excess_p95": "excess, 95 %", "gap": "mean against nominal, %",
    "rests_on": "rests on", "first": "first order, %", "first_low": "from", "first_high": "to",
    "total_low": "from ", "total_high": "to ", "effect": "effect, % per %", "key": "value",
}  # fmt: skip
SHARES = ("share", "best", "gap")


@dataclass(frozen=True)
class Grid:
    """A table as texts: heads, rows, and which columns hold numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""


def labels_of(result: Result, dim: str) -> list[Label]:
    found: list[Label] = result.data[dim].values.tolist()
    return found


# --- sentences ---------------------------------------------------------------------------------------


def _number(row: Any) -> str:
    """A mean with its interval and its mass: "10,500 kg CO2e (90 % interval 7,060 to 15,400)"."""
    text = f"{significant(float(row['mean']))} {str(row['unit']).split('/')[0]}"
    if "p5" not in row:
        return f"{text} (nominal)"
    return f"{text} (90 % interval {significant(float(row['p5']))} to {significant(float(row['p95']))})"


def percent(share: float) -> str:
    return f"{significant(100 * share, 2)} %"


def lead(one: Result, tables: Mapping[str, Table], result: Result, labels: Mapping[str, Label], per: str) -> str:
    """What matters most: the dominant stage, its share, the total, and the functional unit, in one sentence."""
    parts = tables["total"].drop(index="total")
    stage = str(parts["mean"].idxmax())
    head = stage.capitalize()
    if labels:
        many = 1
        for dim in labels:
            many *= len(labels_of(result, dim))
        named = ", ".join(f"{dim} {label}" for dim, label in labels.items())
        sure = ""
        if len(labels) == 1 and "p5" in parts:
            ((dim, label),) = labels.items()
            sure = f" in {percent(float(compare(result, over=dim, per=per).loc[label, 'best']))} of draws"
        head = f"With {named}, the smallest of {many} alternatives{sure}, {stage}"
    whole, each = (_number(tables[name].loc["total"]) for name in ("total", "functional_unit"))
    share = percent(float(parts.loc[stage, "share"]))
    return (
        f"{head} makes up {share} of a carbon footprint of {whole}; for {one.model.functional_unit} that is {each}."
    )


def second(table: Table, spread: Table | None, shares: Table) -> str:
    parts = table.drop(index="total").sort_values("mean", ascending=False)
    rest = [f"{name} {percent(float(share))}" for name, share in parts["share"].iloc[1:].items()]
    said = [f"The other stages: {', '.join(rest)}."] if rest else []
    if spread is not None:
        row = spread.iloc[0]
        said.append(f"{percent(float(row['total']))} of the variance of the total comes from {spread.index[0]}.")
    weakest = str(shares.index[-1])
    said.append(f"{percent(float(shares['share'].iloc[-1]))} of the total needs a value that is {weakest}.")
    return " ".join(said)


def draws(result: Result) -> str:
    if result.design == "nominal":
        return "nominal values, no draws"
    return f"{result.draws:,} draws, design {result.design}, seed {result.seed}"


def facts(result: Result, study: Study | None, alternatives: Mapping[str, list[Label]]) -> list[tuple[str, str]]:
    model = result.model
    count = result.data["functional_unit"]
    times = f"{significant(float(count.mean()))} {count.attrs['unit']}".strip()
    shown = {dim: ", ".join(map(str, labels[:12])) for dim, labels in alternatives.items()}
    rivals = [
        f"{dim}: {text}{f', ... {len(alternatives[dim])} in all' if len(alternatives[dim]) > 12 else ''}"
        for dim, text in shown.items()
    ]
    natural = [dim for dim in NATURAL_PARTS if any(dim in node.dim_names for node in model.outputs.values())]
    gwp = sorted({key.split("/")[1] for key in provenance(model).index if str(key).startswith("gwp/")})
    sets = [f"gases that arrive as gases are characterized with {', '.join(gwp)}"] if gwp else []
    if study is not None:
        own = sorted({f"{r.name} in {r.gwp_set}" for r in _electricity(study) if r.gases == "CO2e"})
        sets += [f"CO2e is taken as published: {', '.join(own)}"] if own else []
    facts = [
        ("Functional unit", f"{model.functional_unit}; rendered {times} times over the whole study (mean)"),
        ("Its quality", model.quality or "not stated"),
        ("Impact", "climate change only, as CO2e: a carbon footprint, not a full environmental assessment"),
        ("Approach", "attributional; offsets, avoided emissions and rebound are in no figure"),
        ("GWP set", "; ".join(sets) or "as published by the sources of CO2e"),
        ("Summed", ", ".join([*model.parts, *natural]) or "no dims"),
        ("Alternatives, never summed", "; ".join(rivals) or "none"),
    ]
    if study is not None:
        each, together = study.cut_off
        facts.append(("Cut-off", f"{percent(each)} for a stage, {percent(together)} together"))
    return facts


def interval(result: Result, values: Table, table: Table) -> list[str]:
    """What the interval contains and what not (U8), and the gap of mean and nominal (U5)."""
    if "p5" not in table:
        return ["Nominal values only: there is no interval."]
    fixed = int((values["spread"] == "none").sum())
    whole = table.loc["total"]
    gap = float(whole["mean"] / whole["nominal"] - 1)
    return [
        f"An interval runs from the 5 % to the 95 % quantile of {draws(result)}.",
        f"{result.contents[0].upper()}{result.contents[1:]}.",
        f"{fixed} of the {len(values)} values are stated without a spread and add nothing to it; nor does what is "
        "excluded from the system boundary, or a formula that is wrong.",
        f"The mean of the total lies {abs(100 * gap):.2g} % {'above' if gap >= 0 else 'below'} its nominal value "
        f"({significant(float(whole['nominal']))} {whole['unit']}), because distributions are skewed.",
    ]


def notes(one: Result) -> list[str]:
    """The notes of the model, each with the share of the result that it touches, where that is known (A5)."""
    kept = all(name in one.data for name in one.model.details)
    table = summary(one if kept else nominal(one.model), by="activity")
    notes = []
    for note in one.model.notes:
        share = 0.0
        for name in one.model.details:
            stage, _, slug = name.partition("/")
            if stage not in BURDENS and note.startswith(f"{slug} in "):
                share += float(table.loc[f"{stage_label(stage)}/{slug}", "share"])
        notes.append(f"{note}; this is {percent(share)} of the total" if share else note)
    return notes


# --- tables ------------------------------------------------------------------------------------------


def grid(table: pandas.DataFrame, caption: str) -> Grid:
    """A table of an answer as texts: three digits, shares in per cent."""
    note = str(table.attrs.get("note", ""))
    frame = table.reset_index()
    columns = [str(name) for name in frame.columns]
    texts = []
    for name, values in frame.items():
        scale = 100 if name in SHARES else 1
        texts.append([significant(v * scale) if isinstance(v, float) else str(v) for v in values.tolist()])
    numeric = tuple(frame[name].dtype.kind == "f" for name in frame.columns)
    heads = tuple(HEADS.get(name, name) for name in columns)
    return Grid(caption.rstrip(", "), heads, tuple(zip(*texts, strict=True)), numeric, note)


def with_gap(table: Table, model: Model) -> Table:
    """The summary with what the stages rest on, and with the gap of mean and nominal beside the two."""
    made = table.copy()
    outputs = {stage_label(name): name for name in (*model.stages, "total")}
    made.insert(len(made.columns) - 1, "rests_on", [rests_on(model, outputs[str(name)]) for name in made.index])
    if "p5" in made:
        made.insert(2, "gap", made["mean"] / made["nominal"] - 1)
    return made


def percents(table: Table) -> Table:
    made = table * 100
    made.attrs = table.attrs
    made.columns = pandas.Index(["total order, %" if name == "total" else name for name in made.columns])
    return made


def compared(result: Result, per: str, unit: str, alternatives: Mapping[str, list[Label]]) -> list[Grid]:
    if not alternatives:
        return []
    table = summary(result, per=per, unit=unit)
    order = [stage_label(name) for name in (*result.model.stages, "total")]
    wide = table["mean"].unstack("stage")[order].sort_values("total")
    wide["unit"] = table["unit"].iloc[0]
    grids = [grid(Table(wide), "Mean of every stage, the smallest total first")]
    for dim in alternatives:
        if dim in result.data["total"].dims and "draw" in result.data["total"].dims:
            grids.insert(-1, grid(compare(result, over=dim, per=per, unit=unit), f"Compared over {dim}"))
    return grids


def scope(result: Result, study: Study | None) -> list[Grid]:
    """The system boundary, and, with a study, its activities, rules and electricity."""
    model = result.model
    rows: list[dict[str, str]] = []
    for stage in (s for s in STAGES if s in model.stages):
        by = ", ".join(name.partition("/")[2] for name in model.details if name.startswith(f"{stage}/"))
        rows.append({"what": stage_label(stage), "treatment": "modelled", "by or why": by, "at most": "", "source": ""})
    whole = float(result.data["total"].mean())  # kg CO2e, as upper estimates are
    for name, out in model.excluded.items():
        most = f"{out.upper_text}, {percent(out.upper / whole)} of the total" if out.upper is not None else ""
        row = {"what": stage_label(name), "treatment": "excluded", "by or why": out.reason, "at most": most}
        rows.append({**row, "source": out.source})
    if not any(row["at most"] or row["source"] for row in rows):
        rows = [{k: v for k, v in row.items() if k not in ("at most", "source")} for row in rows]
    grids = [_texts(rows, "System boundary")]
    if study is None:
        return grids
    used, rules = [], {}
    for activity in study.activities:
        on = activity.on if isinstance(activity.on, Mapping) else {activity.on: None} if activity.on else {}
        years = list(dict.fromkeys(map(str, (*activity.years[:1], *activity.years[-1:]))))
        used.append(
            {
                "activity": activity.name, "kind": type(activity).__name__.lower(), "years": " to ".join(years),
                "site": getattr(activity.site, "name", "none"), "runs on": ", ".join(thing.name for thing in on),
                "allocation": activity.allocation,
            }
        )  # fmt: skip
        if on:
            rules[activity.allocation] = RULES[activity.allocation].says
    grids.append(_texts(used, "Activities"))
    said = [{"rule": rule, "what is charged of a device": says} for rule, says in rules.items()]
    grids.append(_texts(said, "Allocation rules"))
    tags = [
        {"electricity": r.name, "counted at": r.boundary.removeprefix("at_"), "year": str(r.year)}
        | {tag.replace("_", " "): str(getattr(r, tag)) for tag in TAGS}
        | {"not CO2, %": _beyond_co2(r)}
        for r in _electricity(study)
    ]
    note = "what is not CO2 bounds the difference that another GWP set could make"
    grids.append(replace(_texts(tags, "Electricity"), note=note if tags else ""))
    return [grid for grid in grids if grid.rows]


def _texts(rows: list[dict[str, str]], caption: str) -> Grid:
    heads = tuple(rows[0]) if rows else ()
    return Grid(caption, heads, tuple(tuple(row[h] for h in heads) for row in rows), (False,) * len(heads))


def _electricity(study: Study) -> list[Electricity]:
    return [record for record in walk(study) if isinstance(record, Electricity)]


def _beyond_co2(record: Electricity) -> str:
    """The share of an intensity that is not CO2, where the table has both."""
    try:
        plain = Electricity.lookup(record.region, record.year, basis=record.basis, gases="CO2")
        both = nominal({"CO2": plain.intensity, "all": record.intensity}).data
        return significant(100 * (1 - float(both["CO2"]) / float(both["all"])), 2) if record.gases == "CO2e" else "0"
    except (LcaError, TypeError, ValueError):  # a factor of one's own, or several side by side
        return "not known"



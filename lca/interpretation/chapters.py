"""The chapters of a report as plain text and tables of text, from a result and what the other answers say of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas

from ..errors import MissingError
from ..expression.label import Label
from ..impact.electricity import TAGS, Electricity
from ..study.allocation import RULES
from ..study.assembly import Model
from ..study.roles import NATURAL_PARTS
from ..study.scope import STAGES, stage_label
from ..study.study import Study
from ..study.views import BURDENS, CREDIT, MARKET
from .comparison import compare
from .explain import rests_on
from .result import Result, by_label, nominal
from .summary import summary
from .table import NOTHING, Table, note_of, significant

_PERCENT = "\N{NO-BREAK SPACE}%"
HEADS = {
    "p5": "5 %", "p50": "median", "p95": "95 %", "share": "share, %", "best": "P(best), %",
    "excess_p5": "excess, 5 %", "excess_p50": "excess, median", "excess_p95": "excess, 95 %",
    "rests_on": "rests on", "gap": "mean against nominal, %",
    "first": "first order, %", "first_low": "from", "first_high": "to",
    "total_low": "from", "total_high": "to",
    "effect": "effect, % per %", "key": "value",
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
    """The labels of a dim of a result."""
    found: list[Label] = result.data[dim].values.tolist()
    return found


# --- sentences ---------------------------------------------------------------------------------------


def _number(row: Any) -> str:
    """A mean with its interval and its mass: "10,500 kg CO2e (90 % interval 7,060 to 15,400)"."""
    text = f"{significant(float(row['mean']))} {str(row['unit']).split('/')[0]}"
    if "p5" not in row:
        return f"{text} (nominal)"
    return f"{text} (90{_PERCENT} interval {significant(float(row['p5']))} to {significant(float(row['p95']))})"


def value(table: pandas.DataFrame, row: Any, column: str) -> float:
    """One number of a table."""
    found: Any = table.loc[row, column]
    return float(found)


def percent(share: float) -> str:
    """A share in per cent, with two digits."""
    return f"{significant(100 * share, 2)}{_PERCENT}" if math.isfinite(share) else NOTHING


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
        sure = " for one functional unit" if per == "functional_unit" else ""
        if len(labels) == 1 and "p5" in parts:
            ((dim, label),) = labels.items()
            sure += f" in {percent(value(compare(result, over=dim, per=per), label, 'best'))} of draws"
        head = f"With {named}, the smallest of {many} alternatives{sure}, {stage}"
    whole, each = (_number(tables[name].loc["total"]) for name in ("total", "functional_unit"))
    share = percent(value(parts, stage, "share"))
    return f"{head} makes up {share} of a carbon footprint of {whole}; for {one.model.functional_unit} that is {each}."


def second(table: Table, spread: Table | None, shares: Table) -> str:
    """What else matters: the other stages, the first driver, and the weakest values."""
    parts = table.drop(index="total").sort_values("mean", ascending=False)
    rest = [f"{name} {percent(float(share))}" for name, share in parts["share"].iloc[1:].items()]
    said = [f"The other stages: {', '.join(rest)}."] if rest else []
    if spread is not None:
        row = spread.iloc[0]
        said.append(f"{percent(float(row['total']))} of the variance of the total comes from {spread.index[0]}.")
    if len(shares):
        said.append(
            f"{percent(float(shares['share'].iloc[-1]))} of the total needs a value that is {shares.index[-1]}."
        )
    return " ".join(said)


def draws(result: Result) -> str:
    """How many draws, of which design and seed."""
    if result.design == "nominal":
        return "nominal values, no draws"
    return f"{result.draws:,} draws ({result.design}, seed {result.seed})"


def facts(
    result: Result, study: Study | None, values: Table, alternatives: Mapping[str, list[Label]]
) -> list[tuple[str, str]]:
    """Goal and scope, a line for each question."""
    model = result.model
    count = result.data["functional_unit"]
    means = [float(one.mean()) for _, one in by_label(count)]
    ends = dict.fromkeys(significant(end) for end in (min(means), max(means)))
    times = " to ".join(ends) + (f" (means of the {len(means)} alternatives)" if len(means) > 1 else " (mean)")
    shown = {dim: ", ".join(map(str, labels[:12])) for dim, labels in alternatives.items()}
    rivals = [
        f"{dim}: {text}{f', ... {len(alternatives[dim])} in all' if len(alternatives[dim]) > 12 else ''}"
        for dim, text in shown.items()
    ]
    dims = {dim.name: len(dim) for node in model.outputs.values() for dim in node.dims}
    summed = [f"{dim} ({dims[dim]})" for dim in (*model.parts, *NATURAL_PARTS) if dim in dims]
    gwp = sorted({key.split("/")[1] for key in values.index if str(key).startswith("gwp/")})
    sets = [f"gases that arrive as gases are characterized with {', '.join(gwp)}"] if gwp else []
    if study is not None:
        own = sorted({f"{r.name} in {r.gwp_set}" for r in _electricity(study) if r.gases == "CO2e"})
        sets += [f"CO2e is taken as published: {', '.join(own)}"] if own else []
    facts = [
        ("Functional unit", f"{model.functional_unit}; times in the whole study: {times}"),
        ("Its quality", model.quality or "not stated"),
        ("Impact", impact(model)),
        ("Approach", "attributional; offsets, avoided emissions and rebound are in no figure"),
        ("GWP set", "; ".join(sets) or "as published by the sources of CO2e"),
        ("Summed", ", ".join(summed) or "nothing"),
        ("Alternatives, never summed", "; ".join(rivals) or "none"),
    ]
    if study is not None:
        each, together = study.cut_off
        facts.append(("Cut-off", f"{100 * each:g} % for a stage, {100 * together:g} % for all together"))
    return facts


def interval(result: Result, values: Table, table: Table) -> list[str]:
    """What the interval contains and what not (U8), and the gap of mean and nominal (U5)."""
    if "p5" not in table:
        return ["Nominal values only: there is no interval."]
    fixed = int((values["spread"] == "none").sum())
    mean, plain = value(table, "total", "mean"), value(table, "total", "nominal")
    gap = mean / plain - 1 if plain else math.inf
    return [
        f"An interval runs from the 5 % to the 95 % quantile of {draws(result)}.",
        f"{result.contents[0].upper()}{result.contents[1:]}.",
        f"{fixed} of the {len(values)} values are stated without a spread and add nothing to it; nor does what is "
        "excluded from the system boundary, or a formula that is wrong.",
        f"The mean of the total lies {significant(abs(100 * gap), 2)} % {'above' if gap >= 0 else 'below'} its nominal "
        f"value ({significant(plain)} {table['unit'].iloc[0]}): they differ where a distribution is skewed or a "
        "formula bends.",
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
                share += value(table, f"{stage_label(stage)}/{slug}", "share")
        notes.append(f"{note}; that is {percent(share)} of the total" if share else note)
    return notes


# --- tables ------------------------------------------------------------------------------------------


def grid(table: pandas.DataFrame, caption: str) -> Grid:
    """A table of an answer as texts: three digits, shares in per cent."""
    note = note_of(table)
    frame = table.reset_index()
    columns = [str(name) for name in frame.columns]
    texts = []
    for name, values in frame.items():
        scale = 100 if name in SHARES else 1
        texts.append([significant(v * scale) if isinstance(v, float) else str(v) for v in values.tolist()])
    numeric = tuple(frame[name].dtype.kind == "f" for name in frame.columns)
    heads = tuple(HEADS.get(name, name).replace(" %", _PERCENT) for name in columns)
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
    """A table of Sobol' indices in per cent."""
    made = table * 100
    made.attrs = table.attrs
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
    if not others:
        return "climate change only, as CO2e: a carbon footprint, not a full environmental assessment"
    return f"climate change, as CO2e, and {', '.join(others)}; no other category"


def compared(result: Result, per: str, unit: str, alternatives: Mapping[str, list[Label]]) -> list[Grid]:
    """Every dim of alternatives compared draw by draw, and the means of all stages side by side."""
    if not alternatives:
        return []
    table = summary(result, per=per, unit=unit)
    order = [stage_label(name) for name in (*result.model.stages, "total")]
    wide = table["mean"].unstack("stage")[order].sort_values("total")
    wide["unit"] = table["unit"].iloc[0]
    means = grid(Table(wide), "Mean of every stage, the smallest total first")
    grids = [replace(means, note="means of the draws (nominal values where there are none); intervals stand above")]
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
        row = {"what": stage_label(stage), "treatment": "modelled", "by or why": by}
        rows.append({**row, "at most": "", "source": ""})
    wholes = [float(one.mean()) for _, one in by_label(result.data["total"])]  # kg CO2e, as upper estimates are
    for name, out in model.excluded.items():
        size = out.whole if out.upper is None else out.upper
        most = f"{out.upper_text}, {_ends(size, wholes)} of the total" if size is not None else ""
        treatment = "excluded" if out.whole is None else "sunk: not charged"
        row = {"what": stage_label(name), "treatment": treatment, "by or why": out.reason, "at most": most}
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
                "allocation": str(activity.allocation),
            }
        )  # fmt: skip
        if on:
            rules[activity.allocation] = RULES[activity.allocation].says
    grids.append(_texts(used, "Activities"))
    said = [{"rule": rule, "what is charged of a device": says} for rule, says in rules.items()]
    grids.append(_texts(said, "Allocation rules"))
    by_contract = any(r.instrument for r in _electricity(study))
    tags = [
        {"electricity": r.name, "counted at": r.boundary.removeprefix("at_"), "year": str(r.year)}
        | {tag.replace("_", " "): str(getattr(r, tag)) for tag in TAGS}
        | {"not CO2, %": _beyond_co2(r)}
        | ({"instrument": str(r.instrument)} if by_contract else {})
        for r in _electricity(study)
    ]
    note = "what is not CO2 bounds the difference that another GWP set could make"
    grids.append(replace(_texts(tags, "Electricity"), note=note if tags else ""))
    return [grid for grid in grids if grid.rows]


def _ends(size: float, wholes: Sequence[float]) -> str:
    """The share of a size in each of the alternatives, from the smallest to the largest."""
    shares = [size / whole if whole else math.nan for whole in wholes]
    return " to ".join(dict.fromkeys(percent(share) for share in (min(shares), max(shares))))


def _texts(rows: list[dict[str, str]], caption: str) -> Grid:
    heads = tuple(rows[0]) if rows else ()
    return Grid(caption, heads, tuple(tuple(row[h] for h in heads) for row in rows), (False,) * len(heads))


def _electricity(study: Study) -> list[Electricity]:
    return [record for record in study.components if isinstance(record, Electricity)]


def _beyond_co2(record: Electricity) -> str:
    """The largest share of an intensity that is not CO2, in per cent, as far as its source lets one know."""
    if "CO2e" not in record.gases:
        return "none" if record.gases == "CO2" else "apart"
    return "not known" if record.other_gases is None else significant(100 * float(record.other_gases), 2)

"""The result by stage: in total and for one functional unit, other ways to count, and what the interval contains."""

from __future__ import annotations

import math
from functools import partial

from ...errors import MissingError
from ...interpretation.dependence import dependence
from ...interpretation.explain import rests_on
from ...interpretation.plot import stages as figure_of_stages
from ...interpretation.result import Result
from ...interpretation.summary import summary
from ...interpretation.table import Table
from ...inventory.stages import stage_label
from ...study.assembly import Model
from ...units.number_text import significant
from ..drawn import Figure, drawn
from ..grids import Cell, Grid, grid
from ..rules_and_volume import by_volume
from ..subject import Subject
from ..words import named, say, value


def contents(subject: Subject) -> dict[str, object]:
    """The figure of stages, the tables of stages, what happens once, and what the interval contains."""
    one, whose = subject.one, named(subject.labels) or "by stage"
    captions = {
        "total": "In total",
        "functional_unit": f"For one functional unit ({one.model.functional_unit})",
    }
    order = [subject.per, *(per for per in subject.tables if per != subject.per)]
    first, second = (grid(with_gap(subject.tables[per], one.model), f"{captions[per]}, {whose}") for per in order)
    volume = by_volume(one, subject.units["functional_unit"])
    return {
        "figure": figure(subject),
        "grid": first,
        "more": [second, *([grid(volume, "What happens once, over the volume")] if volume is not None else [])],
        "views": [view(one, name) for name in one.model.views],
        "interval": interval(subject),
    }


def figure(subject: Subject) -> Figure:
    """The stages: bars with their intervals; of alternatives stacked bars."""
    made = partial(figure_of_stages, subject.pictured[1], per=subject.per, unit=subject.units[subject.per])
    caption = "stages" if subject.drawn else "stages_nominal"
    return drawn(made, "stages", "The result by stage", caption, whose=named(subject.labels) or "this study")


def with_gap(table: Table, model: Model) -> Table:
    """The summary with what the stages rest on, and with the gap of mean and nominal beside the two."""
    made = table.copy()
    outputs = {stage_label(name): name for name in (*model.stages, "total")}
    made.insert(len(made.columns) - 1, "rests_on", [rests_on(model, outputs[str(name)]) for name in made.index])
    if "p5" in made:
        made.insert(list(made).index("nominal") + 1, "gap", made["mean"] / made["nominal"] - 1)
    return made


def view(one: Result, of: str) -> Grid:
    """Another impact category, or the market-based view, by stage; what is lacking where it is incomplete (A9)."""
    caption = f"In total, {of.replace('_', ' ')}"
    try:
        return grid(summary(one, of=of), caption)
    except MissingError as error:
        rows = tuple((Cell(gap),) for gap in error.sides)
        return Grid(caption, ("no factor for",), rows, (False,), error.what)


def draws(result: Result) -> str:
    """How many draws, of which design and seed."""
    if result.design == "nominal":
        return say("no_draws")
    said = say("draws", draws=result.draws, design=result.design, seed=result.seed)
    return f"{said}; {say('kept', first=result.first)}" if result.first else said


def interval(subject: Subject) -> list[str]:
    """What the interval contains and what not (U8), and the gap of mean and nominal (U5)."""
    result, table = subject.result, subject.tables["total"]
    if "p5" not in table:
        return [say("none", "interval")]
    mean, plain = value(table, "total", "mean"), value(table, "total", "nominal")
    gap = mean / plain - 1 if plain else math.inf
    filled: dict[str, object] = {
        "draws": draws(result),
        "contents": result.contents,
        "median": significant(value(table, "total", "p50")),
        "mean": significant(mean),
        "fixed": int((subject.values["spread"] == "none").sum()),
        "count": len(subject.values),
        "gap": significant(abs(100 * gap), 2),
        "side": "above" if gap >= 0 else "below",
        "nominal": significant(plain),
        "unit": table["unit"].iloc[0],
        "dependence": dependence(result).attrs["note"],
    }
    return [say(key, "interval", **filled) for key in ("ends", "contents", "dependence", "fixed", "gap")]

"""The result by stage as a table of Markdown, in one unit (A11)."""

from __future__ import annotations

from ...interpretation.plot.by_stage import readable_unit
from ...interpretation.result import Result
from ...interpretation.summary import summary
from ...units.number_text import significant
from .texts import rows

_HEADS = {"p50": "median", "p5": "5 %", "p95": "95 %", "nominal": "nominal", "share": "share of the mean"}


def by_stage(result: Result, per: str = "total") -> str:
    """A row for each stage and the total: the median with its interval, or the nominal value, and the share."""
    table = summary(result, per=per, unit=readable_unit(result, per))
    names = ["p50", "p5", "p95", "share"] if "p50" in table else ["nominal", "share"]
    heads = [_HEADS[name] for name in names[:-1]] + ["share of the mean" if "p50" in table else "share"]
    unit = str(table["unit"].iloc[0])
    cells = [
        [stage, *(significant(float(row[name])) for name in names[:-1]), f"{significant(100 * float(row['share']))} %"]
        for stage, row in table.iterrows()
    ]
    return rows(["stage", *(f"{head}, {unit}" for head in heads[:-1]), heads[-1]], cells)

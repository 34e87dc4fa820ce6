"""`lca history` shows the saved results of a folder over time, and says by its exit status whether a budget is kept."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import FileFormatError
from ..units.number_text import NOTHING, significant
from .printing import write

#: What `lca history` ends with where the newest run is above the budget, and where a file cannot be read.
OVER_BUDGET, DAMAGED = 1, 2
#: The columns that fit on a line.
_SHOWN = ("saved", "p50", "p5", "p95", "unit", "change", "told_apart", "within", "versions", "content")
_FIGURES = (".svg", ".png", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("folder", help="where the .lca files lie, in it or in folders below it")
    parser.add_argument("--budget", default="", help='what the total of the newest run may be: "10 t CO2e"')
    parser.add_argument("--quantile", default="p50", help="what decides: p50 (the median, if not given), p5, p95, mean")
    parser.add_argument("--at", action="append", default=[], metavar="DIM=LABEL", help="one alternative alone")
    parser.add_argument("--study", default="", help="one study alone, by its name")
    parser.add_argument("--figure", metavar="FIGURE.svg", help="write a figure of the runs of one study")


def history(options: argparse.Namespace) -> int:
    """Print one line a run; 1 where the newest run of a study is above the budget, 2 where a file cannot be read."""
    from ..interpretation.saved.history import history as runs_of
    from ..interpretation.saved.history import over_budget
    from ..interpretation.table import note_of

    figure = Path(options.figure) if options.figure else None
    if figure is not None and figure.suffix.lower() not in _FIGURES:
        raise FileFormatError.of("ending_of_another_kind", str(figure), kind="figure", endings=" or ".join(_FIGURES))
    at = dict(one.partition("=")[::2] for one in options.at)
    runs = runs_of(options.folder, budget=options.budget, quantile=options.quantile, at=at)
    if options.study:
        runs = runs[(runs["study"] == options.study) | (runs["error"] != "none")]
    whole = runs[runs["error"] == "none"]
    shown = [name for name in _SHOWN if name in runs]
    for (study, unit), rows in whole.groupby(["study", "functional_unit"], sort=False):
        text = rows[shown].to_string(float_format=significant, na_rep=NOTHING)
        write(f"{study}, per {unit}\n{text}\n")
    write(note_of(runs))
    damaged = runs[runs["error"] != "none"].reset_index()
    for file, why in zip(damaged["file"], damaged["error"], strict=True):
        write(f"{file}: {why}", sys.stderr)
    if figure is not None:
        from ..interpretation import plot

        drawn = plot.history(runs, budget=options.budget).get_figure(root=True)
        assert drawn is not None
        drawn.savefig(figure)
        write(f"written: {figure}")
    return DAMAGED if len(damaged) else OVER_BUDGET if len(over_budget(runs)) else 0

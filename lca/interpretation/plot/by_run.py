"""How a result went over time: the runs of a history, one after the other."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ...errors import DomainError
from ...units.quantity import conversion
from .canvas import DARK, WAYS, figure_of, put_scale, readable, require_rows
from .texts import INK, PAPER, QUIET, figure_width, is_narrow, ours, put_legend, put_note, put_title, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LABELS = 8  # of runs along the axis


@entry
def history(table: pandas.DataFrame, *, budget: str = "", ax: Axes | None = None, width: float | None = None) -> Axes:
    """The total of each run of one study, in the order in which they were saved: the median and 5 to 95 % of the draws.

    A filled mark is a run whose change is told apart from the run before.

    Parameters
    ----------
    table : Table
        What `lca.history` gives; of several studies the rows of one: `runs[runs["study"] == name]`.
    budget : str
        What a total may be, as a line: "10 t CO2e".
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        As in `stages`.

    Returns
    -------
    Axes
        What was drawn on.

    Raises
    ------
    DomainError
        If the table has runs of several studies, units or functional units.
    MissingError
        If no run of the table could be read, or matplotlib is not installed.
    UnitError
        If the budget is not of the unit of the totals.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> with tempfile.TemporaryDirectory() as runs:
    ...     for year, pue in enumerate([1.0, 1.5]):
    ...         _ = lca.save(lca.nominal(small_study().replace({"lab.pue": pue})), f"{runs}/{year}.lca")
    ...     history(lca.history(runs), budget="60 kg CO2e").get_ylabel()
    'kg CO2e'
    """
    runs = table[table["error"] == "none"].reset_index()
    require_rows(runs)
    for name in ("study", "functional_unit", "unit"):
        if len(several := runs[name].unique()) > 1:
            raise DomainError.of("runs_of_several_studies", "table", [str(one) for one in several[:6]], column=name)
    unit = readable(float(runs["p50"].abs().max()), runs["unit"].iloc[0], kg_up_to=1_000)
    factor = conversion(runs["unit"].iloc[0], unit)
    axes = figure_of(width_of(ax, width, 7.4), 3.0).add_subplot() if ax is None else ax
    places = {file: place for place, file in enumerate(dict.fromkeys(runs["file"]))}
    rivals = list(runs.groupby("at", sort=False)) if "at" in runs else [("total", runs)]
    for (label, rows), colour in zip(rivals, [DARK] if len(rivals) == 1 else WAYS * len(rivals), strict=False):
        _line(axes, rows, [places[file] for file in rows["file"]], factor, colour, label)
    if budget:
        _budget(axes, budget, unit)
    _finish(axes, runs, places, unit)
    title = str(runs["study"].iloc[0])
    taken = put_legend(axes, title, 3) if len(rivals) > 1 else put_title(axes, title)
    taken += put_note(axes, _said(runs))
    if (figure := ours(axes)) is not None:
        figure.set_figheight(2.7 + taken)
    return axes


def _line(axes: Axes, rows: pandas.DataFrame, places: list[int], factor: float, colour: str, label: Hashable) -> None:
    """The runs of one alternative: a line through their medians, a band between the ends, a mark on each."""
    middle, low, high = (rows[name].to_numpy(float) * factor for name in ("p50", "p5", "p95"))
    axes.fill_between(places, low, high, color=colour, alpha=0.16, linewidth=0)
    axes.plot(places, middle, color=colour, linewidth=1.4, label=str(label))
    told = (rows["told_apart"] == "yes").to_numpy()
    for filled in (True, False):
        chosen = told == filled
        axes.scatter(np.array(places)[chosen], middle[chosen], s=28, zorder=3, edgecolors=colour,
                     facecolors=colour if filled else PAPER)  # fmt: skip


def _budget(axes: Axes, budget: str, unit: str) -> None:
    from ..saved.history import budget_of

    size = budget_of(budget) * conversion("kg CO2e", unit, "budget")
    axes.axhline(size, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(f"budget\n{budget}", (1, size), (4, 0), xycoords=("axes fraction", "data"), fontsize=8.5, color=INK,
                  textcoords="offset points", va="center", annotation_clip=False, parse_math=False)  # fmt: skip


def _finish(axes: Axes, runs: pandas.DataFrame, places: dict[str, int], unit: str) -> None:
    days = runs.drop_duplicates("file")["saved"].str.slice(0, 10).tolist()
    most = 3 if is_narrow(figure_width(axes)) else _MOST_LABELS
    every = max(1, -(-len(places) // most))
    axes.set_xticks(range(0, len(places), every), labels=days[::every])
    put_scale(axes, "y")
    axes.tick_params(labelsize=8.5, labelcolor=QUIET)
    axes.set_ylim(bottom=0)
    axes.set_xlim(-0.4, len(places) - 0.6)
    axes.set_ylabel(unit, fontsize=9, color=INK)


def _said(runs: pandas.DataFrame) -> str:
    """How to read the figure."""
    drawn = "lines: median; bands: 5 % to 95 % of the draws" if runs["p5"].notna().any() else "nominal values"
    return f"The total of each run in the order of saving; {drawn}; filled: told apart from the run before"

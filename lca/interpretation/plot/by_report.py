"""What each report leaves of an unknown input, and what they leave together; or its prior and its posterior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas

from ...arguments import entry
from ...checks import Array, one_of
from ...errors import DomainError, MissingError
from ...units.number_text import significant
from ..inverse.findings import Finding
from ..inverse.inferred import Inferred, between
from . import canvas
from .canvas import HIGH, LIGHT, WAYS
from .rows import rows_of
from .texts import INK, QUIET, put_legend, put_note, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How many combinations of listed values can be told apart; bins of a prior.
_MOST_WAYS, _BINS = 3, 40
#: How many times the width of a posterior is shown on each side of it.
_BESIDE = 3.0
#: A range this many times its smallest value is not shown whole.
_FAR = 100
#: What a table of candidates has.
_OF_CANDIDATES = ("value", "fits", "year", "basis", "gases")


@entry
def inferred(
    inferred: Inferred,
    *,
    candidates: pandas.DataFrame | None = None,
    of: str | None = None,
    ax: Axes | None = None,
    width: float | None = None,
) -> Axes:
    """What each report leaves of an unknown input, and all together; of a posterior, the prior beside it.

    A bar for each report is what it alone leaves; the band is what all leave together. Lines are published figures.

    Parameters
    ----------
    inferred : Inferred
        What `infer` returned.
    candidates : pandas.DataFrame
        What `candidates` returned: figures within the axis are marked, those that fit with their names.
    of : str
        Of a posterior: which unknown; the first if not given.
    ax : matplotlib Axes
        Where to draw; a new figure if not given.
    width : float
        As in `stages`.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed, or no report says anything of one unknown alone.
    DomainError
        If there are more than three combinations of listed values, or `of` names no unknown.

    Examples
    --------
    >>> import lca
    >>> use = lca.parameter("energy", "386 kWh") * lca.parameter("rate", "0.5 kg CO2e/kWh")
    >>> found = lca.infer({"use": use}, {"rate": None}, given={"use": "187 kg CO2e"})
    >>> inferred(found).get_xlabel()
    'rate, kg CO2e/kWh'
    """
    if inferred.weighted is not None:
        return _posterior(inferred, candidates, of, ax, width)
    ways = [one for one in inferred.findings if any(one.of_report)]
    if not ways:
        raise MissingError.of("no_intervals_to_show", "inferred")
    if len(ways) > _MOST_WAYS:
        raise DomainError.of("too_many_ways_to_show", "inferred", count=len(ways), most=_MOST_WAYS)
    return _intervals(inferred, ways, candidates, ax, width)


def _intervals(
    inferred: Inferred,
    ways: Sequence[Finding],
    candidates: pandas.DataFrame | None,
    ax: Axes | None,
    width: float | None,
) -> Axes:
    names = list(inferred.report_names)
    columns = {"alone": [_alone(ways[0].of_report[n]) for n in range(len(names))]} if len(ways) == 1 else {}
    row = 0.17 * (1 + len(ways))
    rows = rows_of(ax, names, columns, row=row, width=width, wide=8.6)
    note = "Bars: what each report alone leaves of the unknown, within its rounding. Bands: what all leave together."
    ax, places = rows.axes(ax), rows.places
    height = 0.72 / len(ways)
    low, high = _shown(ways)
    for number, way in enumerate(ways):
        colour, offset = WAYS[number], (number - (len(ways) - 1) / 2) * height
        for place, pieces in zip(places, way.of_report, strict=True):
            for start, end in pieces:
                ax.plot([max(start, low), min(end, high)], [place + offset] * 2, color=colour, linewidth=3.4,
                        solid_capstyle="butt")  # fmt: skip
        said = ", ".join(f"{name} = {value:.9g}" for name, value in way.at.items())
        spans = " or ".join(between(piece) for piece in way.pieces) or "nothing fits"
        label = f"{said}: {spans}" if said else spans
        for piece in way.pieces or [(np.nan, np.nan)]:
            ax.axvspan(*np.clip(piece, low, high), color=colour, alpha=0.2, linewidth=0, label=label)
            label = "_"
    ax.set_xlim(low, high)
    note += _mark(ax, candidates, low, high)
    title = f"What the reports leave of {ways[0].name}"
    rows.finish(ax, label=f"{ways[0].name}, {ways[0].unit}", note=note, title=title, legend=1)
    return ax


def _alone(pieces: Sequence[tuple[float, float]]) -> str:
    return " or ".join(between(piece) for piece in pieces) or "nothing"


def _shown(ways: Sequence[Finding]) -> tuple[float, float]:
    """The ends of the axis: all that the reports leave, with a margin; not the whole of a range that is not bounded."""
    pieces = [piece for way in ways for report in way.of_report for piece in report]
    joint = [piece for way in ways for piece in way.pieces] or pieces
    low, high = min(start for start, _ in pieces), max(end for _, end in pieces)
    size = max(abs(start) for start, _ in joint)
    top = min(high, _FAR * size) if high > _FAR * max(size, 1e-300) else high
    margin = 0.06 * (top - low)
    return low - margin, top + margin


def _mark(ax: Axes, candidates: pandas.DataFrame | None, low: float, high: float) -> str:
    """Lines at published figures within the axis; what the note says of them."""
    if candidates is None or candidates.empty:
        return ""
    if lacking := [name for name in _OF_CANDIDATES if name not in candidates]:
        raise MissingError.of("no_table_of_candidates", "candidates", columns=", ".join(lacking))
    inside = candidates[(candidates["value"] > low) & (candidates["value"] < high)]
    inside = inside[~inside["value"].duplicated()]
    for number, (region, row) in enumerate(inside.iterrows()):
        fits = bool((candidates["fits"] & (candidates["value"] == row["value"])).any())
        ax.axvline(row["value"], color=INK, linewidth=1.1 if fits else 0.7, linestyle="-" if fits else ":")
        if fits:
            ax.annotate(
                f"{region} {row['year']}, {row['basis']}, {row['gases']}: {significant(float(row['value']), 7)}",
                (row["value"], 0), (4, 4 + 10 * number), xycoords=("data", "axes fraction"),
                textcoords="offset points", fontsize=8, color=INK, parse_math=False,
            )  # fmt: skip
    return " Lines: published figures; those that fit none of the bands are dotted."


def _posterior(
    inferred: Inferred, candidates: pandas.DataFrame | None, of: str | None, ax: Axes | None, width: float | None
) -> Axes:
    names = [one.name for one in inferred.findings]
    name = names[0] if of is None else one_of(of, names, "unknown", "of")
    one = inferred.findings[names.index(name)]
    assert inferred.weighted is not None
    before, after, weights = inferred.weighted(name)
    ax = canvas.new_axes(ax, width_of(ax, width, 7.6), 4.0)
    low, high = (float(np.quantile(before, q)) for q in (0.001, 0.999))
    wide = _BESIDE * (after.max() - after.min())  # of a posterior far narrower than its prior, what lies around it
    low, high = min(after.min(), max(low, after.min() - wide)), max(after.max(), min(high, after.max() + wide))
    edges = np.linspace(low, high, _BINS + 1).tolist()
    seen = np.full(before.size, 1 / (before.size * (edges[1] - edges[0])))
    ax.hist(before, edges, weights=seen, color=LIGHT, label=f"before: {between(_ends(before))}")
    fine = np.linspace(after.min(), after.max(), _BINS // 2 + 1).tolist()
    ax.hist(after, fine, weights=weights, density=True, histtype="step", color=HIGH, linewidth=1.8,
            label=f"after the reports: {between(one.pieces[0])}")  # fmt: skip
    canvas.put_scale(ax, "x")
    ax.tick_params(axis="x", labelsize=8.5, labelcolor=QUIET)
    ax.set_yticks([])
    ax.set_ylabel("density", fontsize=9, color=INK)
    ax.set_xlabel(f"{name}, {one.unit}", fontsize=9, color=INK, loc="left", parse_math=False)
    effective = f"{inferred.draws:,} draws, worth {inferred.effective:,.0f} of equal weight."
    note = f"5 to 95 % intervals in the legend. {effective}"
    put_note(ax, note + _mark(ax, candidates, low, high))
    put_legend(ax, f"{name}: before and after the reports", 1)
    return ax


def _ends(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)

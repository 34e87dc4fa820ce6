"""A Sankey figure: what a result is made of, from level to level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError
from ..contribution.contribution import OTHER, TOTAL, contribution
from ..result import Result
from . import canvas
from .by_stage import readable_unit
from .canvas import STAGE_COLOURS, WAYS, numbers, percents
from .texts import INK, PAPER, QUIET, put_note, put_title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR, _STEP = 0.035, 1.0  # the width of a bar, and from one to the next
_LINE = 0.21  # inches that a label takes


@entry
def sankey(
    result: Result,
    *,
    by: Sequence[str] = ("stage", "activity", "device"),
    unit: str | None = None,
    least: float = 0.0,
    ax: Axes | None = None,
) -> Axes:
    """What a result is made of as a flow from level to level; the width of a band is its mean.

    Parameters
    ----------
    result : Result
        A result of a study, without alternatives.
    by : sequence of str
        Two levels or more, as in `contribution`. The colours are those of the first.
    unit : str
        As in `summary`; if not given, a unit is chosen that reads well.
    least : float, 0 to 1
        The smallest share that has a band of its own; the others are one, "other".
    ax : matplotlib Axes
        Where to draw; a new figure if not given.

    Returns
    -------
    matplotlib Axes
        The figure.

    Raises
    ------
    MissingError
        If matplotlib is not installed; as in `contribution`.
    DomainError
        If there is one level, a piece is below 0, or the result has alternatives.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> len(sankey(lca.nominal(small_study())).patches)  # three bars, and two bands between them
    5
    """
    finite_number(least, "least", low=0, high=1)
    if len(by) < 2 or by[-1] == "parameter":
        raise DomainError.of("sankey_of_one_level", "by", [", ".join(by)])
    table = contribution(result, by=by, unit=unit or readable_unit(result), least=least)
    if table.index.nlevels > len(by):
        raise canvas.several_dims(table)
    keys = [tuple(map(str, key)) for key in table.index]
    rows = [(key, float(size)) for key, size in zip(keys, table["mean"], strict=True) if key[0] != TOTAL]
    if below := [", ".join(filter(None, key)) for key, size in rows if size < 0]:
        raise DomainError.of("sankey_below_0", "result", below)
    rows = [((OTHER,) * len(by) if key[0] == OTHER else key, size) for key, size in rows if size > 0]
    flow = _Flow(rows)
    height = max(3.4, _LINE * max(map(len, flow.columns)) + 2.6)
    ax = canvas.new_axes(ax, 9.4, height)
    _put(ax, flow, flow.places(1.2 * _LINE / height), list(by), str(table["unit"].iloc[0]))
    put_title(ax, canvas.titled(result, f"by {', '.join(by[:-1])} and {by[-1]}"), pad=24)
    drawn = "bands: means; shares: of the mean total" if "share_p5" in table else "nominal values"
    put_note(ax, f"{drawn}. {result.contents if 'share_p5' in table else ''}".strip())
    return ax


@dataclass(frozen=True)
class _Flow:
    """The pieces of a whole: their labels at each level, and their sizes."""

    rows: list[tuple[tuple[str, ...], float]]

    @property
    def whole(self) -> float:
        """All of it."""
        return sum(size for _, size in self.rows)

    @property
    def columns(self) -> list[dict[str, float]]:
        """The size of each label, level by level, in the order of the rows."""
        made: list[dict[str, float]] = [{} for _ in self.rows[0][0]]
        for key, size in self.rows:
            for column, label in zip(made, key, strict=True):
                column[label] = column.get(label, 0.0) + size
        return made

    def bands(self, level: int) -> dict[tuple[str, str, str], float]:
        """The size of each band between a level and the next: by the first label of the rows, and both its ends."""
        made: dict[tuple[str, str, str], float] = {}
        for key, size in self.rows:
            ends = key[0], key[level], key[level + 1]
            made[ends] = made.get(ends, 0.0) + size
        return made

    def places(self, gap: float) -> list[dict[str, tuple[float, float]]]:
        """(top, bottom) of each label, level by level: from 1 down, with gaps, each column in the middle."""
        most = max(map(len, self.columns))
        scale = (1 - gap * (most - 1)) / self.whole
        made = []
        for column in self.columns:
            top = 1 - (1 - scale * self.whole - gap * (len(column) - 1)) / 2
            found = {}
            for label, size in column.items():
                found[label] = (top, top - scale * size)
                top -= scale * size + gap
            made.append(found)
        return made


def _put(
    ax: Axes, flow: _Flow, places: Sequence[Mapping[str, tuple[float, float]]], by: Sequence[str], unit: str
) -> None:
    """Bands, bars and labels; the levels named above them."""
    from matplotlib.patches import Rectangle

    colours = _colours(list(flow.columns[0]))
    for level in range(len(places) - 1):
        _put_bands(ax, flow, places, level, colours)
    last = len(places) - 1
    for level, (column, where) in enumerate(zip(flow.columns, places, strict=True)):
        x = level * _STEP
        sizes = list(column.values())
        for label, size, share in zip(
            column, numbers(sizes), percents([one / flow.whole for one in sizes]), strict=True
        ):
            top, bottom = where[label]
            colour = colours[label] if level == 0 else INK
            ax.add_patch(Rectangle((x, bottom), _BAR, max(top - bottom, 0.002), color=colour, linewidth=0))
            side = -1 if level == 0 else 1
            at = x - 0.02 if level == 0 else x + _BAR + 0.02
            ax.text(
                at, (top + bottom) / 2, wrapped(f"{label}: {size} ({share})", 44), fontsize=8.5, color=INK,
                ha="right" if side < 0 else "left", va="center", parse_math=False,
                bbox={"facecolor": PAPER, "alpha": 0.72, "edgecolor": "none", "pad": 0.8} if level < last else None,
            )  # fmt: skip
        ha = "right" if level == 0 else "left"
        ax.text(x + (_BAR if level == 0 else 0), 1.05, by[level], fontsize=9, color=QUIET, ha=ha, parse_math=False)
    ax.set_xlim(-0.62, last * _STEP + 0.62)
    ax.set_ylim(-0.06, 1.1)
    ax.set_yticks([])
    ax.set_xticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel(unit, fontsize=9, color=INK, loc="left", parse_math=False)


def _put_bands(
    ax: Axes,
    flow: _Flow,
    places: Sequence[Mapping[str, tuple[float, float]]],
    level: int,
    colours: Mapping[str, str],
) -> None:
    """The bands between a level and the next, stacked at both ends in the order of the other end."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    bands = flow.bands(level)
    left, right = ({label: top for label, (top, _) in places[level + step].items()} for step in (0, 1))
    order = {label: number for number, label in enumerate(places[level + 1])}
    starts: dict[tuple[str, str, str], float] = {}
    for ends in sorted(bands, key=lambda ends: order[ends[2]]):
        starts[ends] = left[ends[1]]
        left[ends[1]] -= bands[ends] * _scale(flow, places)
    x0, x1 = level * _STEP + _BAR, (level + 1) * _STEP
    middle = (x0 + x1) / 2
    for ends, size in bands.items():
        high, width = right[ends[2]], size * _scale(flow, places)
        right[ends[2]] -= width
        start = starts[ends]
        points = [(x0, start), (middle, start), (middle, high), (x1, high), (x1, high - width),
                  (middle, high - width), (middle, start - width), (x0, start - width), (x0, start)]  # fmt: skip
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        patch = PathPatch(Path(points, codes), facecolor=colours[ends[0]], alpha=0.5, linewidth=0)
        ax.add_patch(patch)


def _scale(flow: _Flow, places: Sequence[Mapping[str, tuple[float, float]]]) -> float:
    return sum(top - bottom for top, bottom in places[0].values()) / flow.whole


def _colours(labels: Sequence[str]) -> dict[str, str]:
    """The colours of the first level: of a stage its own."""
    ways = dict(zip([one for one in labels if one not in STAGE_COLOURS], WAYS * len(labels), strict=False))
    return {label: QUIET if label == OTHER else STAGE_COLOURS.get(label, ways.get(label, QUIET)) for label in labels}

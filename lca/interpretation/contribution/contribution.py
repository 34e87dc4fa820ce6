"""What a result is made of: by stage, activity, device, part, year or parameter, with the spread of the shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray

from ...arguments import entry
from ...checks import Array, finite_number
from ...errors import DomainError, MissingError
from ...graph.labels import Label
from ...inventory.stages import STAGES, stage_label
from ..result import Result
from ..spread import laid, places_in
from ..summary import in_unit
from ..table import Table
from .cells import LEVELS, Cell, cells_of
from .terms import by_parameter

#: The row of what has no row of its own, and that of everything.
OTHER, TOTAL = "other", "total"
_ROUNDING = 1e-9
_ENDS = {"share_p5": 0.05, "share_p95": 0.95}
#: Where a row stands: its label at each level.
Key = tuple[Label, ...]


@entry
def contribution(
    result: Result, *, by: str | Sequence[str] = ("stage", "activity"), unit: str | None = None, least: float = 0.0
) -> Table:
    """What a result is made of, nested in the order of `by`, with the interval of each share.

    The rows add up to the total in every draw. Shares are taken draw by draw: their interval says how sure it is that
    a stage matters, where that of the total does not.

    Parameters
    ----------
    result : Result
        A result of a study, with its details.
    by : str, or sequence of str
        The levels, the outermost first:

        * "stage", "activity";
        * "device": the devices of an activity. Electricity that several take together stands under all of them;
        * "part": the parts of devices that are made of parts;
        * "year", and other dims whose labels are summed;
        * "parameter", as the last: at nominal values, the part of the total in the terms that a parameter multiplies
          (x dT/dx), below 0 where it divides. A term counts for each of its factors, so these do not add up.
    unit : str
        A mass of CO2e such as "g CO2e".
    least : float, 0 to 1
        The smallest share of the mean that has a row; the others are one row, "other".

    Returns
    -------
    Table
        A row for each label of the levels, and the total; with alternatives, such as regions, each has rows of its
        own. `mean`; `share` of the mean total; `share_p5` and `share_p95`, the interval of the share draw by draw.
        What has no row stands in "other".

    Raises
    ------
    MissingError
        If a level is unknown, or the details were not kept; of a summary, by a dim or a part.
    DomainError
        If a level is named twice, or "parameter" is not the last.
    UnitError
        If the unit is of another dimension.

    Examples
    --------
    >>> import lca
    >>> from lca.study.small_study import small_study
    >>> lca.contribution(lca.nominal(small_study()), by="activity")["share"].to_dict()
    {'bert': 1.0, 'total': 1.0}
    """
    levels = (by,) if isinstance(by, str) else tuple(by)
    finite_number(least, "least", low=0, high=1)
    if not result.model.stages:
        raise MissingError.of("result_without_stages", "result", what="a table of contributions")
    _check_levels(levels)
    if levels[-1] == "parameter":
        return by_parameter(result, levels[:-1], unit)
    if result.first and not {*levels} <= {*LEVELS}:
        raise MissingError.of("level_of_kept_draws", "by", level=next(one for one in levels if one not in LEVELS))
    factor, label = in_unit(unit, str(result.data["total"].attrs["unit"]), "")
    pieces = _Pieces(result, list(cells_of(result, levels)))
    rows: list[dict[str, object]] = []
    for at, named in places_in(pieces.rivals, result.data):
        found = pieces.rows(tuple(at.values()), least)
        for key, row in found.items():
            padded = (*key, *[""] * (len(levels) - len(key)))
            mean = row["mean"] / factor
            rows.append({**named, **dict(zip(levels, padded, strict=True)), **row, "mean": mean, "unit": label})
    note = (
        "Shares are of the mean; their interval is of 5 to 95 %, draw by draw." if pieces.drawn else "Nominal values."
    )
    note += f" From {result.first}: the intervals." if result.first else ""
    return Table.of(rows, [*pieces.rivals, *levels], f"{note} {result.contents}")


def _check_levels(levels: Sequence[str]) -> None:
    if not levels or len({*levels}) < len(levels):
        raise DomainError.of("levels_not_once", "by", [", ".join(levels) or "none"])
    if "parameter" in levels[:-1]:
        raise DomainError.of("parameter_not_last", "by", [", ".join(levels)])


class _Pieces:
    """The pieces of a result by their labels: means, and draws over (alternatives..., draws)."""

    def __init__(self, result: Result, cells: Sequence[Cell]) -> None:
        total, spread = result.data["total"], result.spreads.of("total")
        self.rivals = [str(dim) for dim in total.dims if dim != "draw"]
        self.drawn = "draw" in total.dims
        self._whole, self._mean = _draws(total, self.rivals), laid(self.rivals, spread.dims, spread.mean)
        self._draws: dict[Key, Array] = {}
        self._means: dict[Key, Array] = {}
        for cell in cells:
            self._draws[cell.labels] = self._draws.get(cell.labels, 0.0) + _draws(cell.values, self.rivals)
            self._means[cell.labels] = self._means.get(cell.labels, 0.0) + self._mean_of(result, cell)
        self._order = _in_order([*self._draws])

    def _mean_of(self, result: Result, cell: Cell) -> Array:
        """The mean of a piece over all draws: of what was streamed, that of its detail."""
        if not result.first:
            return np.asarray(_draws(cell.values, self.rivals).mean(axis=-1))
        found = result.spreads.of(cell.detail)
        return laid(self.rivals, found.dims, found.mean)

    def rows(self, place: tuple[int, ...], least: float) -> dict[Key, dict[str, float]]:
        """The rows at a place of the alternatives, the rest and the total last."""
        whole, mean = self._whole[place], float(self._mean[place])
        means = {key: float(np.broadcast_to(self._means[key], self._mean.shape)[place]) for key in self._order}
        shown = [key for key in self._order if not least or abs(means[key]) >= least * abs(mean)]
        draws = {key: np.broadcast_to(self._draws[key], self._whole.shape)[place] for key in shown}
        made = {key: _row(means[key], draws[key], mean, whole) for key in shown}
        rest = whole - sum(draws.values(), np.zeros_like(whole))
        rest = np.where(np.abs(rest) > _ROUNDING * np.abs(whole), rest, 0.0)
        left = mean - sum(means[key] for key in shown)
        if len(shown) < len(self._order) or rest.any() or abs(left) > _ROUNDING * abs(mean):
            made[OTHER,] = _row(left, rest, mean, whole)
        return {**made, (TOTAL,): _row(mean, whole, mean, whole)}


def _row(mean: float, draws: Array, total: float, whole: Array) -> dict[str, float]:
    """The mean of a piece, its share of the mean total, and the interval of its share draw by draw."""
    with np.errstate(invalid="ignore", divide="ignore"):  # of nothing, no share
        made = {"mean": mean, "share": float(np.divide(mean, total)) if total else float("nan")}
        if len(draws) == 1:
            return made
        shares = np.quantile(draws / whole, [*_ENDS.values()]) if whole.all() else [float("nan")] * len(_ENDS)
    return made | dict(zip(_ENDS, map(float, shares), strict=True))


def _draws(array: xarray.DataArray, dims: Sequence[str]) -> Array:
    """A value over alternatives, of length 1 where it does not vary, and last the draws."""
    made = array if "draw" in array.dims else array.expand_dims("draw")
    own = [str(dim) for dim in made.dims]
    return laid([*dims, "draw"], own, made.values)


def _in_order(keys: Sequence[Key]) -> list[Key]:
    """Rows in order: stages as they follow on each other, numbers upwards, others as they come."""
    first: list[Mapping[Label, int]] = [
        {label: number for number, label in enumerate(dict.fromkeys(key[level] for key in keys))}
        for level in range(len(keys[0]))
    ]
    stages: Mapping[Label, int] = {stage_label(stage): number for number, stage in enumerate(STAGES)}

    def place(level: int, label: Label) -> tuple[int, float]:
        if isinstance(label, int):
            return 0, float(label)
        return 1, float(stages.get(label, first[level][label]))

    return sorted(keys, key=lambda key: [place(level, label) for level, label in enumerate(key)])

"""What a run came to that was to go on until a stated error is met: statistics, their errors, and how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..checks import Array, some
from ..units.number_text import significant
from .spread import QUANTILES, EstimatedSpread

_PLAIN = ("most", "points", "evaluations", "ratio", "why")
_LISTS = ("integrated", "of", "per")


@dataclass(frozen=True, eq=False)
class Reached:
    """How far a run came.

    `asked` is what was asked, as it was written; `most` the most points that were allowed. `ratio` is the largest error
    over what it may be. `why` says why random draws were taken, where they were. `integrated` names the keys that were
    integrated out of the asked outputs. `fixed` names the outputs that no draw changes.
    """

    asked: Mapping[str, str]
    most: int
    points: int
    evaluations: int
    ratio: float
    why: str
    integrated: tuple[str, ...]
    of: tuple[str, ...]
    per: tuple[str, ...]
    fixed: frozenset[str] = field(repr=False)
    spreads: Mapping[str, EstimatedSpread] = field(repr=False)

    @property
    def met(self) -> bool:
        """Whether every error is as small as was asked."""
        return self.ratio <= 1

    @property
    def design(self) -> str:
        """What the points are."""
        return "random" if self.why else "sobol"

    @property
    def way(self) -> str:
        """The argument that makes one."""
        one = {*self.asked} == {"mean", *QUANTILES} and len({*self.asked.values()}) == 1
        return f"until={self.asked['mean'] if one else dict(self.asked)!r}"

    @property
    def says(self) -> str:
        """One sentence for notes: what was asked, what was reached, with which points."""
        found = ", ".join(f"{name} {self._largest(name)}" for name in self.asked)
        wanted = ", ".join(dict.fromkeys(self.asked.values()))
        text = f"Errors of the {' and '.join(self.of)} (95 % intervals): {found}; asked: {wanted}."
        if not self.met:
            text += f" This was not met with {self.points:,} points, of {self.most:,} that draws= allows."
        return text

    def _largest(self, name: str) -> str:
        shares = [self.spreads[one].relative[name] for one in self.of if one in self.spreads]
        return f"{significant(100 * float(max(np.max(one) for one in shares)), 2)} %"

    @property
    def points_text(self) -> str:
        """How many points, of which kind, what was integrated out, and whether that was too few."""
        short = "" if self.met else ", too few for the error that was asked"
        if self.why:
            return f"{self.points:,} random draws, because {self.why}{short}"
        out = f", {some(self.integrated, 3)} integrated out" if self.integrated else ""
        return f"{self.points:,} scrambled Sobol' points{out}{short}"

    def sel(self, places: Mapping[str, int | list[int]]) -> Reached:
        """The same at places along dims of alternatives."""
        return replace(self, spreads={name: one.sel(places) for name, one in self.spreads.items()})

    @property
    def plain(self) -> dict[str, object]:
        """The same as plain data, for a saved recipe."""
        spreads = {
            name: {
                "dims": list(one.dims),
                "values": {statistic: array.tolist() for statistic, array in one.values.items()},
                "errors": {statistic: array.tolist() for statistic, array in one.errors.items()},
            }
            for name, one in self.spreads.items()
        }
        lists = {name: list(getattr(self, name)) for name in _LISTS}
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {"asked": dict(self.asked), **plain, **lists, "fixed": sorted(self.fixed), "spreads": spreads}

    @classmethod
    def of_plain(cls, stored: Mapping[str, Any]) -> Reached:
        """What plain data say."""

        def arrays(those: Mapping[str, Any]) -> dict[str, Array]:
            return {name: np.asarray(one, dtype=np.float64) for name, one in those.items()}

        spreads = {
            name: EstimatedSpread(tuple(one["dims"]), arrays(one["values"]), arrays(one["errors"]))
            for name, one in stored["spreads"].items()
        }
        told: dict[str, Any] = {name: tuple(stored[name]) for name in _LISTS} | {n: stored[n] for n in _PLAIN}
        return cls(asked=stored["asked"], **told, fixed=frozenset(stored["fixed"]), spreads=spreads)

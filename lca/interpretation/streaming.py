"""What a run in summary mode keeps: statistics of every row of a summary over all draws, and the first draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..checks import Array
from ..sampling.statistics.histogram import Ints
from .spread import StreamedSpread, taken

#: How many draws are kept beside the statistics, and the bytes that they take at most.
FIRST = 16_384
_FIRST_BYTES = 16 * 2**20
#: What 1,024 of them may take, and how many there are at least.
_MOST_BYTES, _FEWEST = 64 * 2**20, 16
#: Rows of the details: what happens in each year, and what happens in none.
IN_YEARS, IN_NO_YEAR = "in each year", "in no year"
#: Outputs that are divided by, or of energy: no summary of a study has a row of them.
NO_ROW = ("per/", "energy/")


@dataclass(frozen=True, eq=False)
class Paired:
    """Alternatives over a dim, compared draw by draw in all draws.

    `best` and `losses` are over the dims of the spreads; `reference` says, over the other dims, which place the
    alternative has from which the differences and multiples are taken.
    """

    over: str
    excess: StreamedSpread
    ratio: StreamedSpread
    best: Array
    losses: Array
    reference: Ints

    def sel(self, places: Mapping[str, int | list[int]]) -> Paired:
        """The same at places along other dims."""
        others = [dim for dim in self.excess.dims if dim != self.over]
        return replace(
            self,
            excess=self.excess.sel(places),
            ratio=self.ratio.sel(places),
            best=taken(self.best, self.excess.dims, places),
            losses=taken(self.losses, self.excess.dims, places),
            reference=taken(self.reference, others, places),
        )


@dataclass(frozen=True, eq=False)
class Streamed:
    """The statistics that a run kept: spreads by "output" or "output per something", and paired alternatives.

    `fixed` names the outputs that no draw changes: of them every draw says all.
    """

    fixed: frozenset[str]
    per: tuple[str, ...]
    spreads: Mapping[str, StreamedSpread]
    paired: Mapping[tuple[str, str], Paired] = field(default_factory=dict)

    @property
    def way(self) -> str:
        """The argument that makes one."""
        return 'keep="summary"'

    def sel(self, places: Mapping[str, int | list[int]]) -> Streamed:
        """The same at places along dims. Among fewer rivals another may be best: what was paired over them is gone."""
        spreads = {name: one.sel(places) for name, one in self.spreads.items()}
        paired = {key: one.sel(places) for key, one in self.paired.items() if one.over not in places}
        return replace(self, spreads=spreads, paired=paired)


def named_row(name: str, per: str) -> str:
    """What a row is called: an output, as it is or per something."""
    return name if per == "total" else f"{name} per {per}"


def looked_draws(elements: int, draws: int) -> int:
    """How many first draws say where the draws of a row lie: a power of two, at most `FIRST`, and at least 1,024."""
    fitting = max(1024, _FIRST_BYTES // (8 * max(1, elements)))
    return min(FIRST, 1 << (fitting.bit_length() - 1), draws)


def first_draws(elements: int, draws: int) -> int:
    """How many first draws are kept beside statistics: as many, or fewer where they would take more than 64 MiB."""
    fitting = max(_FEWEST, _MOST_BYTES // (8 * max(1, elements)))
    return min(looked_draws(elements, draws), 1 << (fitting.bit_length() - 1))

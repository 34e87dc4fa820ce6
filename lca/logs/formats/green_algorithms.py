"""The tables of Green Algorithms: rated powers and PUE that its calculator assumes. They hold no measurement.

Written after real tables of the calculator: the first row holds units, the second one names.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..files.csv_rows import cells_of
from ..files.source import Source
from ..format import Format, refused

_HOLDS = "values that Green Algorithms assumes"
_FIX = "log the run itself: a rated power is not what a run draws"
_NAMES = (("model", "TDP"), ("provider", "PUE"))


def _fits(source: Source) -> bool:
    rows = [cells_of(line) for line in source.first_lines(2)]
    return len(rows) == 2 and rows[0][:1] == ["index"] and tuple(rows[1][:2]) in _NAMES


FORMATS: Sequence[Format] = (
    refused("green algorithms", "Green Algorithms, tables of assumed values", "none", "real logs",
            "Rated powers and PUE are assumptions, not a measurement.", _fits,
            lambda source: source.without_power(_HOLDS, _FIX)),
)  # fmt: skip

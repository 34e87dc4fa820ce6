"""The tables of Green Algorithms: rated powers and PUE that its calculator assumes. They hold no measurement.

Written after real tables of the calculator: the first row holds units, the second one names.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import LogError
from ..csv_rows import cells_of
from ..format import Format
from ..run_table import RunTable
from ..source import Source

_NAMES = (("model", "TDP"), ("provider", "PUE"))


def _fits(source: Source) -> bool:
    rows = [cells_of(line) for line in source.first_lines(2)]
    return len(rows) == 2 and rows[0][:1] == ["index"] and tuple(rows[1][:2]) in _NAMES


def _read(source: Source) -> RunTable:
    fix = "log the run itself: a rated power is not what a run draws"
    holds = "values that Green Algorithms assumes"
    raise LogError.of("no_power_in_log", source.where(), holds=holds, fix=fix)


FORMATS: Sequence[Format] = (
    Format("green algorithms", "Green Algorithms, tables of assumed values", "refused", "none", "real logs",
           "Rated powers and PUE are assumptions, not a measurement.", _fits, _read),
)  # fmt: skip

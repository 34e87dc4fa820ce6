"""The words of a report: sentences and heads from a file beside the templates, and numbers as they are printed."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas

from ..graph.labels import Label
from ..interpretation.spread import QUANTILES
from ..interpretation.summary import in_unit
from ..units.number_text import NOTHING, significant

TEMPLATES = Path(__file__).with_name("templates")
PERCENT = "\N{NO-BREAK SPACE}%"
#: Units of the headline, the largest first.
_MASSES = ("Mt", "t", "kg", "g", "mg", "µg", "ng")
#: More digits than these are not printed, however narrow an interval is.
_MOST_DIGITS = 6


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """The heads of columns and the sentences of a report, which stand in a file beside the templates."""
    return tomllib.loads((TEMPLATES / "report.toml").read_text(encoding="utf-8"))


def say(key: str, part: str = "sentences", **values: object) -> str:
    """A sentence of a report, with `values` filled in."""
    return texts()[part][key].format(**values)


def value(table: pandas.DataFrame, row: Label, column: str) -> float:
    """One number of a table."""
    return float(table[column].loc[row])


def percent(share: float) -> str:
    """A share in per cent, with two digits."""
    return f"{significant(100 * share, 2)}{PERCENT}" if math.isfinite(share) else NOTHING


def brief_percent(share: float) -> str:
    """A share in per cent as a reader takes it in: whole from 10 on, else with one digit behind the point.

    >>> brief_percent(0.7043), brief_percent(0.0177), brief_percent(0.0004)
    ('70\xa0%', '1.8\xa0%', '< 0.1\xa0%')
    """
    size = 100 * share
    if not math.isfinite(size):
        return NOTHING
    if abs(size) < 0.05:
        return f"< 0.1{PERCENT}"
    return f"{size:.0f}{PERCENT}" if abs(size) >= 9.95 else f"{size:.1f}{PERCENT}"


def from_to(ends: Iterable[str]) -> str:
    """Two ends as a range: one of them, where they are the same."""
    return " to ".join(dict.fromkeys(ends))


def listed(words: Iterable[str]) -> str:
    """Some words as a sentence has them.

    >>> listed(["use"]), listed(["use", "training"]), listed(["a", "b", "c"])
    ('use', 'use and training', 'a, b and c')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def named(labels: Mapping[str, Label]) -> str:
    """The labels of an alternative in words."""
    return ", ".join(f"{dim} {label}" for dim, label in labels.items())


def rounded(middle: float, *ends: float) -> tuple[str, ...]:
    """Numbers with the digits that their spread supports (A11): two of half the distance of the ends, and two of each.

    >>> rounded(9.2134, 6.3144, 13.8912), rounded(2.41, 0.139, 9.66), rounded(2.0)
    (('9.2', '6.3', '13.9'), ('2.4', '0.14', '9.7'), ('2.00',))
    """
    half = (ends[-1] - ends[0]) / 2 if ends else 0.0
    place = _place(half, 1) if half > 0 else _place(middle, 2)
    return tuple(_at(one, place) for one in (middle, *ends))


def _place(size: float, digits: int) -> int:
    """The power of ten of the last of so many digits behind the first."""
    return math.floor(math.log10(abs(size))) - digits if size else 0


def _at(number: float, place: int) -> str:
    """A number to a power of ten: with two digits of its own at least, and not with more than a reader takes in."""
    if not math.isfinite(number):
        return NOTHING
    finest = max(min(place, _place(number, 1)), _place(number, _MOST_DIGITS - 1)) if number else 0
    return f"{round(number, -finest):,.{max(0, -finest)}f}"


def mass(size: float, unit: str) -> tuple[float, str]:
    """(factor, unit) in which a mass of a table reads best alone: the largest unit in which it is 1 or more."""
    top, _, bottom = unit.partition("/")
    for one in _MASSES:
        factor, name = in_unit(f"{one} CO2e", top, "")
        if abs(size) / factor >= 1:
            return factor, f"{name}/{bottom}" if bottom else name
    return 1.0, unit


def spread_text(row: Any, *, alone: bool = True) -> str:
    """The headline of a row, named (A11): "9.2 t CO2e (median; 5 to 95 %: 6.3 to 13.9)".

    `alone` chooses the unit in which the median reads best; else it is that of the row.
    """
    number = {name: float(row[name]) for name in QUANTILES if name in row} or {"nominal": float(row["nominal"])}
    middle, *ends = number.values()
    factor, unit = mass(middle, row["unit"]) if alone else (1.0, str(row["unit"]))
    texts = rounded(*(one / factor for one in (middle, *ends)))
    unit = unit.partition("/")[0]
    if not ends:
        return f"{texts[0]} {unit} (nominal)"
    return f"{texts[0]} {unit} (median; 5 to 95{PERCENT}: {texts[1]} to {texts[2]})"

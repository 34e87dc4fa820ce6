"""How far an intensity of a publisher may be off: what its places share, and what is each place's own.

Publishers of intensities state no uncertainty. data/electricity/spreads.csv measures it where two of them give
the same place and year. What all places of a publisher share (its method) is ONE parameter,
`electricity/<publisher>.between-sources`, so that it cancels where two places of one publisher are compared.
The rest is each place's own, `electricity/<place>.between-sources`, the same in all its years. Two publishers that
differ on a country go on differing: between Ember and Electricity Maps (89 countries, 2021 to 2024), 85 % of the
variance of log ratios lies between countries.
"""

from __future__ import annotations

import math

from .. import tables
from ..distributions.families import Lognormal
from ..graph.fields import parameter
from ..graph.node import Node

#: Names of the common factors: whose intensities, on which basis.
_KEYS = {
    "eGRID direct": "eGRID",
    "eGRID life cycle": "eGRID-life-cycle",
    "Ember life cycle": "Ember",
    "Google operational": "Google",
    "Google life cycle": "Google-life-cycle",
}


@tables.cached
def _rows() -> dict[tuple[str, str], tables.Row]:
    rows = tables.rows("electricity", "spreads")
    return {(row.text("applies_to"), row.text("what")): row for row in rows if row["default"]}


def _factor(whose: str, part: str, applies_to: str) -> Node:
    """A part of the spread as a factor of median 1, `electricity/<whose>.between-sources`."""
    row = _rows()[applies_to, f"{part} between sources"]
    spread, source = Lognormal(1.0, row.number("gsd")), f"{row['source']}: {row['method']}"
    return parameter(f"electricity/{whose}.between-sources", spread, status=row.text("status"), source=source)


def between_sources(applies_to: str) -> Node:
    """What all intensities of a publisher share, a pure number of median 1: a common error.

    >>> between_sources("Ember life cycle")
    <electricity/Ember.between-sources = 1; 5 to 95 %: 0.9368 to 1.067>
    """
    return _factor(_KEYS[applies_to], "common", applies_to)


def own_intensity(
    key: str, value: float, unit: str, applies_to: str, row: tables.Row, *, place: str, rounding: float = 0.0
) -> Node:
    """The published value of a year x what the place errs on its own, in all years alike.

    `row` is where the value stands: it gives status and source. `rounding` is the relative standard deviation of
    rounding, for values so small that it shows. A published zero has no spread, for a lognormal has none.
    """
    text = f"{value} {unit}"
    spread = Lognormal(text, math.exp(rounding)) if value and rounding else text
    published = parameter(key, spread, status=row.text("status"), source=row.text("source"))
    return published * _factor(place, "residual", applies_to) if value else published


def rounded(half_digit: float, value: float) -> float:
    """Relative standard deviation of a value rounded to within `half_digit`: a rectangle has a / sqrt 3.

    >>> round(rounded(0.5, 10), 4)
    0.0289
    """
    return half_digit / math.sqrt(3) / value if value else 0.0

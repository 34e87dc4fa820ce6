"""What a saved result says of itself without its recipe: what it is of, how it was made, and its total."""

from __future__ import annotations

from collections.abc import Mapping

from ..result import Result
from ..spread import label_text, places_in


def head_of(result: Result, at: Mapping[str, str]) -> dict[str, object]:
    """The name, the functional unit, how it was made, the versions, and the total of each alternative.

    `at` says which member has the draws of a variable.
    """
    model = result.model
    return {
        "title": model.title,
        "functional unit": model.functional_unit,
        "made": result.drawn,
        "draws": [result.seed, result.draws, result.design, list(result.mixed), result.keep],
        "versions": dict(result.versions),
        **({"total": _total(result, at["total"])} if "total" in result.data else {}),
    }


def _total(result: Result, member: str) -> dict[str, object]:
    """The total: its unit, the member of its draws, and at each label of its alternatives the headline and the mean."""
    spread, array = result.spreads.of("total"), result.data["total"]
    numbers = {**spread.quantiles, "mean": spread.mean}
    rows = {
        label_text(labels): {name: float(values[*at.values()]) for name, values in numbers.items()}
        for at, labels in places_in(spread.dims, result.data)
    }
    drawn = result.seed is not None and result.reached is None  # points of `until` are no draws to compare
    about = {"unit": array.attrs["unit"], "dims": list(array.dims), "over": list(spread.dims), "rows": rows}
    return about | ({"draws": member} if drawn else {})

"""What a saved result says of itself without its draws: what it is of, how it was made, and its total."""

from __future__ import annotations

from ..graph_data import label_out
from ..result import Result
from ..spread import places_in


def head_of(result: Result) -> dict[str, object]:
    """The name, the functional unit, how it was made, the versions, and the total of each alternative."""
    model = result.model
    return {
        "title": model.title,
        "functional unit": model.functional_unit,
        "made": result.drawn,
        "draws": [result.seed, result.draws, result.design, list(result.mixed), result.keep],
        "versions": dict(result.versions),
        **({"total": _total(result)} if "total" in result.data else {}),
    }


def _total(result: Result) -> dict[str, object]:
    """The total: its unit, the dims of its alternatives, and at each label its median, its ends and its mean."""
    spread = result.spreads.of("total")
    numbers = {**spread.quantiles, "mean": spread.mean}
    rows = [
        {"at": [label_out(label) for label in labels.values()],
         **{name: float(values[*at.values()]) for name, values in numbers.items()}}
        for at, labels in places_in(spread.dims, result.data)
    ]  # fmt: skip
    return {"unit": result.data["total"].attrs["unit"], "dims": list(spread.dims), "rows": rows}

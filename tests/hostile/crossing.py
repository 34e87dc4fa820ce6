"""Working calls of break-even, payback and switch-over, and of their figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lca
from lca import plot

_LOADS = ("1 inference/s", "20 inference/s")
_HOURS = ("1 h", "9 h")


def crossing_calls(study: lca.Study, rivals: lca.Study) -> list[tuple[str, Callable[..., Any], dict[str, Any], int]]:
    """(name, callable, arguments that work, each n-th odd value only) of a study, and of one over the dim "grid"."""
    dearer = study.replace({"nano.embodied": "50 kg CO2e", "desk.pue": 1.1})
    along: dict[str, Any] = {"vary": "robots.load", "between": _LOADS, "draws": 8, "seed": 1, "points": 8}
    both: dict[str, Any] = {"vary": ("robots.load", "desk.pue"), "between": (_LOADS, (1.0, 2.0))}
    found = lca.breakeven(study, dearer, **along)
    each = lca.breakeven(rivals, over="load", against="low", vary="desk.pue", between=(1.0, 2.0), draws=8)
    paid = {"old": study, "new": dearer, **along}
    rate = lca.parameter("rate", lca.labelled({"new": 1.0, "old": 2.0}, "kg/h", dim="engine"))
    once = lca.parameter("taken", lca.labelled({"new": 3.0, "old": 0.0}, "kg", dim="engine"))
    total = {"total": once + rate * lca.parameter("hours", "1 h")}
    lowest: dict[str, Any] = {"over": "engine", "vary": "hours", "between": _HOURS, "draws": 8, "points": 3}
    mapped = lca.breakeven_map(study, dearer, **both, draws=8, points=3)
    return [
        ("breakeven against", lca.breakeven,
         {"study_a": total, "over": "engine", "against": "old", "vary": "hours", "between": _HOURS, "draws": 8}, 6),
        ("breakeven", lca.breakeven, {"study_a": study, "study_b": dearer, **along}, 8),
        ("end of breakeven", lambda value: lca.breakeven(study, dearer, **along | {"between": (_LOADS[0], value)}),
         {"value": "9 inference/s"}, 8),
        ("Breakeven.quantile", found.quantile, {"q": 0.5}, 1),
        ("Breakeven.sel", each.sel, {"load": "high"}, 1),
        ("Breakeven.totals", found.totals, {"points": 3}, 1),
        ("payback", lca.payback, paid, 8),
        ("switchover", lca.switchover, {"thing": total, **lowest}, 8),
        ("breakeven_map", lca.breakeven_map,
         {"study_a": study, "study_b": dearer, **both, "draws": 8, "seed": 1, "points": 3}, 12),
        ("plot.breakeven", plot.breakeven, {"found": found, "unit": "t CO2e"}, 6),
        ("plot.breakeven_map", plot.breakeven_map, {"found": mapped}, 6),
        ("plot.switchover", plot.switchover, {"found": lca.switchover(total, **lowest), "most": 2}, 6),
    ]  # fmt: skip

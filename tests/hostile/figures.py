"""Working calls of the figures."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import lca
from lca import plot


def figure_calls(w: SimpleNamespace) -> list[tuple[str, Callable[..., Any], dict[str, Any], int]]:
    """(name, callable, arguments that work, each n-th odd value only) of every figure of small studies."""
    return [
        ("plot.stages", plot.stages, {"result": w.result, "per": "functional_unit"}, 6),
        ("plot.differences", plot.differences, {"result": w.engines, "over": "engine"}, 6),
        ("plot.decision", plot.decision, {"decision": lca.decide(w.engines, over="engine", base=64), "most": 2}, 6),
        ("plot.pareto", plot.pareto, {"result": w.engines, "over": "engine", "score": w.score}, 6),
        ("plot.drivers", plot.drivers, {"table": w.tornado}, 6),
        ("plot.morris", plot.morris, {"table": lca.morris(w.study, base=4)}, 6),
        ("plot.estimates", plot.estimates, {"options": w.rivals, "draws": 16}, 6),
        ("plot.years", plot.years, {"result": w.rivaling, "panels": "load"}, 6),
        ("plot.readable_unit", plot.readable_unit, {"result": w.result, "per": "total"}),
    ]

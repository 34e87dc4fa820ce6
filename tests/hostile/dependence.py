"""Working calls of what is said of dependence: correlations of a study, and shares that sum to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lca
from lca import plot

_KEYS = ("nano.embodied", "net-training.energy")
_SHARES = {"key": "k", "values": {"a": 0.4, "b": "60 %"}, "dim": "model", "concentration": 9}


def dependence_calls(study: lca.Study) -> list[tuple[str, Callable[..., Any], dict[str, Any], int]]:
    """(name, callable, arguments that work, each n-th odd value only) of a study with two of its keys."""
    tied = study.replaced(correlations={_KEYS: 0.5})
    return [
        ("shares", lca.shares, {**_SHARES, "status": "assumed", "source": "here"}, 1),
        ("shares of sd", lambda sd: lca.shares("k", {"a": 0.4, "b": 0.6}, dim="m", sd={"a": sd}), {"sd": 0.1}, 1),
        ("share", lambda value: lca.shares("k", {"a": value, "b": 0.6}, dim="m", concentration=9), {"value": 0.4}, 1),
        ("correlations", lambda stated: study.replaced(correlations=stated), {"stated": {_KEYS: 0.5}}, 4),
        ("correlation", lambda rank: study.replaced(correlations={_KEYS: rank}), {"rank": 0.5}, 4),
        ("dependence", lca.dependence, {"thing": study}, 8),
        ("plot.dependence", plot.dependence, {"thing": tied, "most": 5}, 6),
    ]

"""The statistics of a result as plain data and arrays, for a saved recipe, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import Array
from ..sampling.statistics.histogram import Counts, Windows
from ..sampling.statistics.streamed import Statistics
from .recipe import Stored
from .spread import StreamedSpread
from .streaming import Paired, Streamed

_OF_ROWS = ("mean", "sd", "least", "most", "broken")
_OF_WINDOWS = ("moved", "base", "shift")
_OF_SPREAD = ("rows", "scale")
_OF_PAIRED = ("best", "losses", "reference")


@dataclass(frozen=True)
class Kept:
    """What statistics are, as plain data, and their arrays by name."""

    described: dict[str, object]
    arrays: dict[str, Any]


def statistics_out(streamed: Streamed) -> Kept:
    """Statistics as plain data and arrays."""
    arrays: dict[str, Any] = {}

    def put(spread: StreamedSpread) -> dict[str, object]:
        at = f"statistics {len(arrays)}"
        made, counts = spread.statistics, spread.statistics.counts
        ends = np.cumsum([len(one) for one in counts.windows.repeated])
        parts = {name: getattr(made, name) for name in _OF_ROWS} | {name: getattr(spread, name) for name in _OF_SPREAD}
        parts |= {name: getattr(counts.windows, name) for name in _OF_WINDOWS} | {"inside": counts.inside}
        parts |= {"repeated": np.concatenate(counts.windows.repeated), "ends": ends}
        parts["beyond"] = counts.beyond_listed()
        arrays.update({f"{at} {name}": array for name, array in parts.items()})
        return {"at": at, "dims": list(spread.dims), "draws": made.draws}

    def put_paired(key: tuple[str, str], one: Paired) -> dict[str, object]:
        at = f"paired {len(arrays)}"
        arrays.update({f"{at} {name}": getattr(one, name) for name in _OF_PAIRED})
        return {"at": at, "over": key[0], "per": key[1], "excess": put(one.excess), "ratio": put(one.ratio)}

    described: dict[str, object] = {
        "fixed": sorted(streamed.fixed),
        "per": list(streamed.per),
        "over": list(dict.fromkeys(over for over, _ in streamed.paired)),
        "spreads": {name: put(spread) for name, spread in streamed.spreads.items()},
        "paired": [put_paired(key, one) for key, one in streamed.paired.items()],
    }
    return Kept(described, arrays)


def statistics_in(stored: Stored, arrays: Mapping[str, Any]) -> Streamed:
    """Statistics from plain data and arrays."""
    spreads = {name: _spread(one, arrays) for name, one in stored["spreads"].items()}
    paired = {(one["over"], one["per"]): _paired(one, arrays) for one in stored["paired"]}
    return Streamed(frozenset(stored["fixed"]), tuple(stored["per"]), spreads, paired)


def _spread(stored: Stored, arrays: Mapping[str, Any]) -> StreamedSpread:
    def get(name: str) -> Any:
        return arrays[f"{stored['at']} {name}"]

    repeated: tuple[Array, ...] = tuple(np.split(get("repeated"), get("ends")[:-1]))
    inside = get("inside")
    windows = Windows(**{name: get(name) for name in _OF_WINDOWS}, repeated=repeated, cells=inside.shape[1])
    counts = Counts.listed(windows, inside, get("beyond"))
    made = Statistics(**{name: get(name) for name in _OF_ROWS}, draws=stored["draws"], counts=counts)
    return StreamedSpread(tuple(stored["dims"]), made, *(get(name) for name in _OF_SPREAD))


def _paired(stored: Stored, arrays: Mapping[str, Any]) -> Paired:
    own = {name: arrays[f"{stored['at']} {name}"] for name in _OF_PAIRED}
    return Paired(stored["over"], _spread(stored["excess"], arrays), _spread(stored["ratio"], arrays), **own)

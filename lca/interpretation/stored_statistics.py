"""The statistics of a result as plain data and arrays, for a saved recipe, and back."""

from __future__ import annotations

from collections.abc import Mapping
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


def statistics_out(streamed: Streamed) -> tuple[dict[str, object], dict[str, Any]]:
    """(statistics as plain data, their arrays by name)."""
    arrays: dict[str, Any] = {}
    described: dict[str, object] = {
        "fixed": sorted(streamed.fixed),
        "per": list(streamed.per),
        "over": list(dict.fromkeys(over for over, _ in streamed.paired)),
        "spreads": {name: _put(arrays, spread) for name, spread in streamed.spreads.items()},
        "paired": [_put_paired(arrays, per, one) for (_, per), one in streamed.paired.items()],
    }
    return described, arrays


def _put(arrays: dict[str, Any], spread: StreamedSpread) -> dict[str, object]:
    at, made, counts = f"statistics {len(arrays)}", spread.statistics, spread.statistics.counts
    parts = {name: getattr(made, name) for name in _OF_ROWS} | {name: getattr(spread, name) for name in _OF_SPREAD}
    parts |= {name: getattr(counts.windows, name) for name in _OF_WINDOWS}
    repeated = counts.windows.repeated
    parts |= {"inside": counts.inside, "beyond": counts.beyond_listed()}
    parts |= {"repeated": np.concatenate(repeated), "ends": np.cumsum([len(one) for one in repeated])}
    crowds = counts.windows.crowds
    parts |= {"crowds": np.concatenate(crowds), "ends of crowds": np.cumsum([len(one) for one in crowds])}
    arrays.update({f"{at} {name}": array for name, array in parts.items()})
    return {"at": at, "dims": list(spread.dims), "draws": made.draws}


def _put_paired(arrays: dict[str, Any], per: str, one: Paired) -> dict[str, object]:
    at = f"paired {len(arrays)}"
    arrays.update({f"{at} {name}": getattr(one, name) for name in _OF_PAIRED})
    apart = {"excess": _put(arrays, one.excess), "ratio": _put(arrays, one.ratio)}
    return {"at": at, "over": one.over, "per": per, **apart}


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
    crowds: tuple[Array, ...] = tuple(np.split(get("crowds"), get("ends of crowds")[:-1]))
    known = {name: get(name) for name in _OF_WINDOWS}
    windows = Windows(**known, repeated=repeated, cells=inside.shape[1], crowds=crowds)
    counts = Counts.listed(windows, inside, get("beyond"))
    made = Statistics(**{name: get(name) for name in _OF_ROWS}, draws=stored["draws"], counts=counts)
    return StreamedSpread(tuple(stored["dims"]), made, *(get(name) for name in _OF_SPREAD))


def _paired(stored: Stored, arrays: Mapping[str, Any]) -> Paired:
    own = {name: arrays[f"{stored['at']} {name}"] for name in _OF_PAIRED}
    return Paired(stored["over"], _spread(stored["excess"], arrays), _spread(stored["ratio"], arrays), **own)

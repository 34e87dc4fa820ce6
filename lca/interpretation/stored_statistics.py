"""The statistics of a result as plain data and arrays, for a saved recipe, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .graph_data import Stored
from .row_statistics import RowStatistics
from .spread import StreamedSpread
from .streaming import Paired, Streamed

_OF_ROWS = ("mean", "sd", "broken", "quantiles", "errors")
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
    at, made = f"statistics {len(arrays)}", spread.statistics
    parts = {name: getattr(made, name) for name in _OF_ROWS} | {name: getattr(spread, name) for name in _OF_SPREAD}
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

    made = RowStatistics(stored["draws"], **{name: get(name) for name in _OF_ROWS})
    return StreamedSpread(tuple(stored["dims"]), made, *(get(name) for name in _OF_SPREAD))


def _paired(stored: Stored, arrays: Mapping[str, Any]) -> Paired:
    own = {name: arrays[f"{stored['at']} {name}"] for name in _OF_PAIRED}
    return Paired(stored["over"], _spread(stored["excess"], arrays), _spread(stored["ratio"], arrays), **own)

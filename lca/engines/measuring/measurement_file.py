"""A measurement on disk: one JSON file with all that was recorded, sealed by a hash of its content (A10)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FileFormatError, LcaError
from ...logs.power.live import live_log
from ...logs.power.power_log import PowerLog
from ...meters.meter import Meter
from ...whole_files import json_digest, read_json, write_json
from ..protocol import Port
from .measurement import Block, Measurement, Subject, WarmUp, Window
from .schedule import Schedule

_FORMAT = "lca measurement of inference, 1"
_PLAIN = ("name", "names", "labelled", "update_period", "assumed_power", "started", "versions", "notes")
_METER = ("name", "at", "accuracy", "u", "expanded", "resolution", "status", "source", "key")


def save(measurement: Measurement, path: Path) -> Path:
    """Write a measurement, whole or not at all."""
    recipe: dict[str, Any] = {"format": _FORMAT}
    recipe |= {name: getattr(measurement, name) for name in _PLAIN}
    recipe |= {"schedule": asdict(measurement.schedule), "engines": [asdict(one) for one in measurement.engines]}
    for name in ("warm_ups", "idle", "blocks"):
        recipe[name] = [asdict(one) for one in getattr(measurement, name)]
    for engine, plain in zip(measurement.engines, recipe["engines"], strict=True):
        plain |= {side: [one._asdict() for one in getattr(engine, side)] for side in ("inputs", "outputs")}
    recipe["log"] = None if measurement.log is None else _log_out(measurement.log)
    recipe = json.loads(json.dumps(recipe))  # tuples become lists, as they are read again
    return write_json(path, {**recipe, "sha256": json_digest(recipe)})


def load(path: Path) -> Measurement:
    """Read a measurement; raises `FileFormatError` where the file is not one, or was changed."""
    recipe = read_json(path)
    if not isinstance(recipe, dict) or recipe.get("format") != _FORMAT:
        raise FileFormatError.of("not_a_saved_measurement", str(path), format=_FORMAT)
    if recipe.pop("sha256", "") != json_digest(recipe):
        raise FileFormatError.of("measurement_was_changed", str(path))
    try:
        return _measurement_in(recipe)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = error.what if isinstance(error, LcaError) else f"{type(error).__name__} {error}"
        raise FileFormatError.of("measurement_not_readable", str(path), why=why) from None


def _measurement_in(recipe: Mapping[str, Any]) -> Measurement:
    plain = {name: recipe[name] for name in _PLAIN}
    ports = {side: [tuple(Port(one["name"], tuple(one["shape"]), one["dtype"]) for one in engine[side])
                    for engine in recipe["engines"]] for side in ("inputs", "outputs")}  # fmt: skip
    return Measurement(
        **{**plain, "notes": tuple(plain["notes"])},
        engines=tuple(
            Subject(**{**engine, "inputs": inputs, "outputs": outputs})
            for engine, inputs, outputs in zip(recipe["engines"], ports["inputs"], ports["outputs"], strict=True)
        ),
        schedule=Schedule(**recipe["schedule"]),
        warm_ups=tuple(WarmUp(**one) for one in recipe["warm_ups"]),
        idle=tuple(Window(**one) for one in recipe["idle"]),
        blocks=tuple(Block(**{**one, "latencies": tuple(one["latencies"])}) for one in recipe["blocks"]),
        log=None if recipe["log"] is None else _log_in(recipe["log"]),
    )


def _log_out(log: PowerLog) -> dict[str, Any]:
    (track,) = log.tracks
    meter = {name: getattr(log.meter, name) for name in _METER}
    about = {"meter": meter, "counts": track.channels[0].counter, "wraps_at": track.channels[0].modulus}
    return {**about, "times": track.times.tolist(), "values": track.values[:, 0].tolist()}


def _log_in(plain: Mapping[str, Any]) -> PowerLog:
    expanded = plain["meter"]["expanded"]
    meter = Meter(**{**plain["meter"], "expanded": None if expanded is None else tuple(expanded)})
    times, values = np.array(plain["times"], dtype=np.float64), np.array(plain["values"], dtype=np.float64)
    return live_log(meter, times, values, counts=plain["counts"], wraps_at=plain["wraps_at"])

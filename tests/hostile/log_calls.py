"""Working calls of logs: their arguments are replaced by odd values too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
from small_file import TEXT

import lca

from .base import Call


def _study(folder: Path) -> Path:
    """A study in a file."""
    file = folder / "small.toml"
    file.write_text(TEXT, encoding="utf-8")
    return file


def log_calls(folder: Path) -> list[Call]:
    """A log of inference with a power beside it."""
    file = folder / "engine.log"
    stamp = "[03/01/2026-10:00:09] [I] "
    said = ("Throughput: 50 qps", "Total Host Walltime: 4 s", "=== Profile (2 iterations ) ===",
            " Time(ms)   Avg.(ms)   Time(%)   Layer", " 4   2   100   conv")  # fmt: skip
    file.write_text("".join(f"{stamp}{text}\n" for text in said), encoding="utf-8")
    timed = lca.read(file)
    assert isinstance(timed, lca.InferenceLog)
    log = timed.with_batch(2)
    rail = lca.power_log(pandas.Series([9.0, 9.1, 9.0], index=pandas.Index([0, 1, 2], name="s")), at="board")
    power = {"power": rail, "window": (0, 2)}
    windows = folder / "zeus.csv"
    windows.write_text("start_time,window_name,elapsed_time,gpu0_energy\n1.5,a,9,20\n", encoding="utf-8")
    runs = lca.read(windows)
    assert isinstance(runs, lca.RunTable)
    return [
        Call("read_study", lca.read_study, {"path": _study(folder)}),
        Call("RunTable.sel", runs.sel, {"run": "a"}),
        Call("InferenceLog.throughput", log.throughput, {"per": "inference"}),
        Call("InferenceLog.with_batch", timed.with_batch, {"batch": 8}),
        Call("InferenceLog.sel", log.sel, {"batch": 2}),
        Call("InferenceLog.joined", lambda other: log.joined(other), {"other": log}),
        Call("InferenceLog.energy", log.energy, {**power, "above": "2 W", "max_gap": 5.0}),
        Call("InferenceLog.layers", log.layers, {**power, "spread": 1.5}),
        Call("PowerLog.power", rail.power, {"above": "2 W"}),
        *_two_meters(),
        *_ledgers(),
    ]


def _two_meters() -> list[Call]:
    seconds = np.arange(0.0, 300.0)
    load = np.where(np.searchsorted(np.cumsum([20.3, 47.9, 33.1, 71.6, 18.2, 52.7]), seconds) % 2 == 0, 90.0, 260.0)
    index = pandas.to_datetime(seconds + 1.77e9, unit="s", utc=True)
    wall, board = (
        lca.power_log(pandas.Series(load * factor, index=index), at=at) for factor, at in ((1.2, "wall"), (1, "board"))
    )
    made = lca.agreement(wall, board)
    shown = {"a": 100, "b": 120, "c": 141, "d": 160}
    inner = lca.Meter("rail", at="board").read({"a": 80, "b": 96, "c": 112, "d": 128}, "W", dim="run")
    return [
        Call("agreement", lca.agreement, {"a": wall, "b": board, "lag": "1 s", "every": 2.0}),
        Call("agreement of readings", lca.agreement,
             {"a": lca.Meter("plug", at="wall").read(shown, "W", dim="run"), "b": inner}),
        Call("reading of an agreement", lambda value: repr(lca.agreement(
             lca.Meter("plug", at="wall").read({**shown, "d": value}, "W", dim="run"), inner)), {"value": 160}),
        Call("Agreement.crossings", made.crossings, {"devices": 2}),
    ]  # fmt: skip


def _ledgers() -> list[Call]:
    day = pandas.date_range("2026-03-02 09:00", periods=61, freq="min", tz="UTC")
    log = lca.power_log(pandas.Series([200.0] * 61, index=day), at="wall")
    period = {"period": ("2026-03-02", "2026-03-09"), "not_logged": [("2026-03-04", "2026-03-05")]}
    hours = {"left_on": "mon-fri 09:00-18:00", "idle_power": "50 W at_wall", "zone": "Europe/Berlin"}
    return [
        Call("ledger", lca.ledger, {"sources": log, "name": "semester", **period, **hours}),
        Call("day of a ledger", lambda value: lca.ledger(log, period=(value, "2026-03-09")), {"value": "2026-03-02"}),
        Call("lost day of a ledger", lambda value: lca.ledger(log, period=period["period"],
             not_logged=[("2026-03-04", value)]), {"value": "2026-03-05"}),
        Call("entry of a ledger", lambda value: lca.ledger([log, value]), {"value": log}),
    ]  # fmt: skip

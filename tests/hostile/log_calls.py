"""Working calls of logs: their arguments are replaced by odd values too."""

from __future__ import annotations

from pathlib import Path

import pandas

import lca

from .base import Call


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
        Call("RunTable.sel", runs.sel, {"run": "a"}),
        Call("InferenceLog.throughput", log.throughput, {"per": "inference"}),
        Call("InferenceLog.with_batch", timed.with_batch, {"batch": 8}),
        Call("InferenceLog.sel", log.sel, {"batch": 2}),
        Call("InferenceLog.joined", lambda other: log.joined(other), {"other": log}),
        Call("InferenceLog.energy", log.energy, {**power, "above": "2 W", "max_gap": 5.0}),
        Call("InferenceLog.layers", log.layers, {**power, "spread": 1.5}),
        Call("PowerLog.power", rail.power, {"above": "2 W"}),
    ]

"""Logs for ledgers, written by hand: power logs, and tables of runs of Zeus and CodeCarbon."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas

import lca

MONDAY = pandas.Timestamp("2026-03-02", tz="UTC").timestamp()
SITE = lca.Site("desk", pue=1.0, supply_efficiency=0.9, rest_of_machine="60 W at_board/device")
_COLUMNS = (
    "timestamp,project_name,run_id,duration,emissions,cpu_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,"
    "country_iso_code,os,cpu_count,cpu_model,gpu_count,gpu_model,ram_total_size,tracking_mode,pue"
)


def log(
    start: float, hours: float, watts: float, at: str = "wall", name: str = "plug",
    gap: tuple[float, float] | None = None, device: str = "",
) -> lca.PowerLog:  # fmt: skip
    """A steady power, 61 samples; without those between the two hours of a gap."""
    seconds = np.linspace(0, hours * 3600, 61)
    if gap:
        seconds = seconds[(seconds <= gap[0] * 3600) | (seconds >= gap[1] * 3600)]
    times = pandas.to_datetime((start + seconds) * 1e9, unit="ns", utc=True)
    power = pandas.Series(float(watts), index=times)
    meter = lca.Meter(name, at=at)
    return (
        lca.power_log(power.to_frame(device), meter=meter, by="device") if device else lca.power_log(power, meter=meter)
    )


def table(path: Path, runs: list[tuple[float, str, float, float]]) -> Path:
    """A table of Zeus: (start, name, hours, watts of the card)."""
    rows = [f"{start},{name},{hours * 3600},{hours * 3600 * watts}" for start, name, hours, watts in runs]
    path.write_text("\n".join(["start_time,window_name,elapsed_time,gpu0_energy", *rows, ""]))
    return path


def emissions(path: Path, runs: list[tuple[float, str, float, float]], mode: str, system: str = "Linux") -> Path:
    """A table of CodeCarbon: (start, name, hours, watts); half of it are processors, the rest cards and memory."""
    rows = []
    for start, name, hours, watts in runs:
        stop, kwh = pandas.Timestamp(start + hours * 3600, unit="s"), hours * watts / 1000
        parts = f"9,100,{kwh * 0.5},{kwh * 0.4},{kwh * 0.1},{kwh},DEU,{system},8,Intel,1,RTX,32,{mode},1.0"
        rows.append(f"{stop:%Y-%m-%dT%H:%M:%S},detector,{name},{hours * 3600},{parts}")
    path.write_text("\n".join([_COLUMNS, *rows, ""]))
    return path


def kwh(made: lca.Ledger) -> float:
    """The nominal energy, kWh at its boundary."""
    return float(lca.nominal(made.energy).data["value"])


def hours(made: lca.Ledger) -> float:
    """The nominal duration, h."""
    return float(lca.nominal(made.duration).to("h"))

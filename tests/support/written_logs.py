"""Logs of power that a test writes by hand, and their energy."""

from __future__ import annotations

from pathlib import Path

import lca
from lca.errors import LcaError
from lca.logs.power.power_log import PowerLog


def made(folder: Path, text: str, name: str = "gpu.csv") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, **said: object) -> PowerLog:
    """The power log of a file; its format is recognised."""
    log = lca.read(path, **said)  # type: ignore[arg-type]
    assert isinstance(log, PowerLog)
    return log


def joules(log: PowerLog, **asked: object) -> float:
    """The nominal energy in J; results are in kWh."""
    energy = lca.parameter("log", log.energy(**asked))  # type: ignore[arg-type]
    return round(3.6e6 * float(lca.nominal(energy).data["value"].item()), 6)


def refused_or_read(path: Path, **said: object) -> None:
    """Read a log and its energy; only errors of the library may end it."""
    try:
        log = lca.read(path, **said)  # type: ignore[arg-type]
        if not isinstance(log, lca.TrainingLog):
            log.energy()
    except LcaError:
        pass

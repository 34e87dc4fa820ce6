"""Logs of all tools of a host: each is of one format, and damage never ends in a raw error (M6)."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from host_logs import (
    COMMAND,
    DCMI,
    GADGET,
    HWINFO,
    INTERVALS,
    PERF,
    SACCT,
    UPROF,
    document,
    joules,
    listing,
    sampled,
    written,
)

import lca
from lca.errors import LcaError
from lca.logs.files.source import Source
from lca.logs.power.power_log import PowerLog
from lca.logs.recognise import known_formats
from lca.logs.runs.run_table import RunTable

LOGS: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "perf stat": (PERF, {}),
    "perf stat -I": (INTERVALS, {}),
    "turbostat": (COMMAND, {}),
    "powermetrics": (sampled(8, "1000.00", "CPU Power: 800 mW", "Package Power: 1000 mW") * 2, {}),
    "powermetrics plist": (document(7, 1000, {"combined_power": 2750.0}), {}),
    "powercap": ("1700000000\n" + listing({"0": 1}) + "1700000005\n" + listing({"0": 9_000_000}), {}),
    "intel power gadget": (GADGET, {}),
    "hwinfo": (HWINFO.encode("cp1252"), {}),
    "amd uprof": (UPROF, {}),
    "slurm": (SACCT, {"at": "wall"}),
    "ipmi dcmi": ("".join(DCMI.format(watts=100, second=s, state="activated") for s in (1, 2)), {}),
    "ipmi sensors": ("Temp | 0Eh | ok  |  3.1 | 31 degrees C\n", {}),
    "redfish": ('{"PowerControl": [{"PowerConsumedWatts": 5}]}', {}),
}


@pytest.mark.parametrize("name", LOGS)
def test_each_log_fits_its_own_format_only(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, LOGS[name][0])
    assert [one.name for one in known_formats().values() if not one.generic and one.fits(Source(path))] == [name]


INSERTED = (b"\0", b"1e999", b"9" * 400, b"-", b",", b"|", b"\t", b"nan", b"\xff\xfe", b" " * 200_000)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with one thing done to it that files suffer."""
    lines, at = data.split(b"\n"), chance.randrange(max(1, len(data)))
    line = chance.randrange(len(lines))
    kinds = (
        lambda: data[:at],
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        lambda: data[:at] + chance.choice(INSERTED) + data[at:],
        lambda: b"\n".join([*lines[:line], lines[line], *lines[line:]]),
        lambda: b"\n".join(lines[:line] + lines[line + 1 :]),
        lambda: b"\n".join(chance.sample(lines, len(lines))),
        lambda: bytes(chance.randrange(256) for _ in range(200)),
        lambda: b"",
    )  # fmt: skip
    return chance.choice(kinds)()


@pytest.mark.slow
@pytest.mark.parametrize("name", LOGS)
def test_a_damaged_log_is_refused_or_read_and_never_a_raw_error(tmp_path: Path, name: str) -> None:
    """Only errors of the library, and no energy that is 0 or not a number."""
    content, said = LOGS[name]
    data = content if isinstance(content, bytes) else content.encode()
    chance, asked = random.Random(name), {"channels": "GPU Leistung"} if name == "hwinfo" else {}
    for _ in range(150):
        damaged = data
        for _ in range(chance.randrange(1, 4)):
            damaged = mutated(damaged, chance)
        path = written(tmp_path, damaged)
        for errors in ("raise", "skip"):
            try:
                log = lca.read(path, format=name, errors=errors, **said)
                repr(log)
                assert isinstance(log, (PowerLog, RunTable))
                found = joules(log.energy(**asked))
            except LcaError:
                continue
            assert 0 < found < float("inf")
        assert [one.fits(Source(path)) for one in known_formats().values()]

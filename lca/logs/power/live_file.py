"""The file of a live log: a few lines on the meter, then a line for each sample, written while the run goes on.

# lca live log 1
# meter: Tesla T4 0
# boundary: component
# started: 2026-05-04T08:00:00.000000+00:00
seconds,energy [J],mark
0.000000,5000.0,
12.500000,5871.25,validation
# note: after 30 s: the power limit (W) went from 70 to 60
# end: 3600 s
"""

from __future__ import annotations

import errno
import math
import os
import platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ...distributions.lognormal import Lognormal
from ...distributions.reading import read_scalar
from ...errors import LcaError, MeasurementError
from ...meters.meter import Meter
from ...meters.protocol import LiveMeter

FIRST = "# lca live log 1"
#: Of what is shown at the head, in this order.
COLUMNS = {False: "power [W]", True: "energy [J]"}
#: What has not been written for so long is written now, s.
_WRITTEN_EACH = 5.0
_SAID = re.compile(r"# ([\w ]+): (.*)")
#: What the lines before the samples say, by key.
LiveHead: TypeAlias = Mapping[str, str]


def said_in(line: str) -> tuple[str, str] | None:
    """What a line that begins with # says: its key and its text.

    >>> said_in("# boundary: wall")
    ('boundary', 'wall')
    """
    found = _SAID.fullmatch(line)
    return (found[1], found[2].strip()) if found else None


def head(live: LiveMeter, started: str) -> Iterator[str]:
    """The lines before the samples."""
    meter = live.meter
    step = meter.resolution if isinstance(meter.resolution, (tuple, list)) else (meter.resolution,)
    said = {
        "meter": meter.name, "boundary": meter.at, "accuracy": _accuracy(meter.accuracy), "u": _figure(meter.u),
        "expanded": "" if meter.expanded is None else f"{_figure(meter.expanded[0])}; {meter.expanded[1]}",
        "resolution": "; ".join(_figure(one) for one in step), "status": meter.status, "source": meter.source,
        "readings": meter.readings, "wraps at": "" if live.wraps_at is None else f"{live.wraps_at!r} J",
        "update period": _seconds(live.update_period), "started": started, "host": platform.node(),
    }  # fmt: skip
    yield FIRST
    yield from (f"# {name}: {one_line(text)}" for name, text in said.items() if text)
    yield f"seconds,{COLUMNS[live.counts]}"


def meter_in(said: LiveHead) -> Meter:
    """The meter of the lines before the samples. Raises an `LcaError` or `ValueError` where they describe none."""
    known: dict[str, Any] = {name: said[name] for name in ("u", "status", "source", "readings") if name in said}
    accuracy, _, gsd = said.get("accuracy", "").partition("gsd ")
    if accuracy or gsd:
        known["accuracy"] = Lognormal(1, float(gsd)) if gsd else accuracy
    if "expanded" in said:
        size, _, factor = said["expanded"].partition("; ")
        known["expanded"] = size, float(factor)
    if "resolution" in said:
        known["resolution"] = tuple(said["resolution"].split("; "))
    return Meter(said["meter"], at=said["boundary"], **known)


def _seconds(period: float | None) -> str:
    return f"{period!r} s" if period and math.isfinite(period) else ""


def _accuracy(said: object) -> str:
    return f"gsd {said.gsd!r}" if isinstance(said, Lognormal) else _figure(said)


def _figure(said: object) -> str:
    """A figure as text: as it was written, or its number and unit."""
    if said is None or isinstance(said, str):
        return said or ""
    value, unit = read_scalar(said, "live log")
    return f"{value!r} {unit}".strip()


def one_line(text: str) -> str:
    """A text without line ends."""
    return " ".join(text.split())


@dataclass
class LiveFile:
    """The file while it grows. A disk that fails ends the saving and not the run."""

    path: Path
    started: str  # the date of the first sample
    fault: str = ""
    _waiting: list[str] = field(default_factory=list)
    _written: float = -math.inf
    _made: bool = False

    def begin(self, live: LiveMeter) -> None:
        """Make the file of a meter. Raises `MeasurementError` where it is there already, or cannot be made."""
        try:
            with self.path.open("x", encoding="utf-8", newline="\n") as file:
                self._made = True
                file.write("\n".join([*head(live, self.started), ""]))
        except OSError as error:
            why = "it is there already" if isinstance(error, FileExistsError) else error.strerror or str(error)
            raise MeasurementError.of("live_file_not_made", str(self.path), why=why) from None

    def discard(self) -> None:
        """Take the file away, if this has made it."""
        if self._made:
            self.path.unlink(missing_ok=True)

    def sample(self, seconds: float, value: float) -> None:
        """Add a sample; it is on the disk five seconds later at most."""
        self._waiting.append(f"{seconds:.6f},{value!r}")
        if seconds - self._written >= _WRITTEN_EACH:
            self._written = seconds
            self.flush()

    def note(self, key: str, text: str) -> None:
        """Add a line that says something of the run, and write everything."""
        self._waiting.append(f"# {key}: {one_line(text)}")
        self.flush()

    def flush(self) -> None:
        """Write what waits, in one piece of whole lines."""
        text, self._waiting = "".join(f"{line}\n" for line in self._waiting), []
        try:
            if not self.fault:
                with self.path.open("ab", buffering=0) as file:
                    whole = file.write(data := text.encode()) == len(data)
                self.fault = "" if whole else os.strerror(errno.ENOSPC)
        except OSError as error:
            self.fault = error.strerror or str(error)


def why_no_meter(said: LiveHead) -> str:
    """Why the lines before the samples describe no meter; "" where they do."""
    if lacking := {"meter", "boundary", "started"} - set(said):
        return f"it does not say: {', '.join(sorted(lacking))}"
    try:
        meter_in(said)
    except (LcaError, ValueError) as error:
        return getattr(error, "what", str(error))
    return ""

"""Which live meters this machine has, and why one cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import entry
from ..errors import LcaError, MeterError
from .batteries import battery
from .nvidia import cards, nvml
from .powercap import domains_of, rapl
from .protocol import LiveMeter
from .rails import ina3221
from .sensors import hwmon, sensors_of

if TYPE_CHECKING:
    import pandas

Row = dict[str, object]
#: Meters that nothing in the machine shows.
_ASKED = {
    "tasmota:ADDRESS": ('plug("192.168.1.20", kind="tasmota")', "wall", "give the address of the plug"),
    "shelly:ADDRESS": ('plug("192.168.1.20", kind="shelly")', "wall", "give the address of the plug"),
    "prompt": ('prompt("Kill A Watt")', "wall", "a person reads the display when asked"),
}


@entry
def available(root: str | Path = "/") -> pandas.DataFrame:
    """The live meters of this machine: which can be read, and why another one cannot.

    Parameters
    ----------
    root : str or Path
        Where the file system begins; another one than "/" is for tests.

    Returns
    -------
    pandas.DataFrame
        A row for each meter, printed with every reason in full; the index is its name for `--meter`. Columns: `usable`
        (yes, no, or asks where a person has to help), `call` (what makes it, in `lca.meters`), `at` (its boundary),
        `reads` (power or energy), `why`.

    Examples
    --------
    >>> import lca
    >>> lca.meters.available().loc["prompt", "at"]
    'wall'
    """
    from .listing import Listing  # pandas is slow to load

    rows = [*_rows(Path(root) / "sys")]
    rows += [
        {"meter": name, "usable": "asks", "call": call, "at": at, "reads": "energy" if name == "prompt" else "power",
         "why": why}
        for name, (call, at, why) in _ASKED.items()
    ]  # fmt: skip
    return Listing(Listing(rows).set_index("meter"))


def _rows(system: Path) -> Iterator[Row]:
    """What is in the machine."""
    yield from _cards()
    folder = system / "class" / "powercap"
    for domain in _found(lambda: domains_of(folder)) or ["package"]:
        yield _row(f"rapl:{domain}", f'rapl(domain="{domain}")', partial(rapl, folder, domain=domain))
    yield _row("ina3221", "ina3221()", partial(ina3221, system / "bus" / "i2c" / "drivers"))
    sensors = system / "class" / "hwmon"
    for name in [one.name for one in sensors_of(sensors)] or [""]:
        spec, call = f"hwmon:{name}".rstrip(":"), f'hwmon(name="{name}")' if name else "hwmon()"
        yield _row(spec, call, partial(hwmon, sensors, name=name))
    yield _row("battery", "battery()", partial(battery, system / "class" / "power_supply"))


def _cards() -> Iterator[Row]:
    """The cards of NVIDIA; one row with the reason where NVML shows none."""
    for index in range(_count() or 1):
        yield _row(f"nvml:{index}", f"nvml({index})", partial(nvml, index))


def _count() -> int:
    try:
        return cards()
    except MeterError:
        return 0


def _found(ask: Callable[[], list[str]]) -> list[str]:
    """What is asked for; nothing where it cannot be read, which the meter itself then says."""
    try:
        return ask()
    except MeterError:
        return []


def _row(name: str, call: str, make: Callable[[], LiveMeter]) -> Row:
    """A meter as it is made and read once, or why that fails."""
    try:
        made = make()
        try:
            made.read()
        finally:
            made.close()
    except LcaError as error:
        why = f"{error.what}: {error.fix}"
        return {"meter": name, "usable": "no", "call": call, "at": "", "reads": "", "why": why}
    reads = "energy" if made.counts else "power"
    return {"meter": name, "usable": "yes", "call": call, "at": made.meter.at, "reads": reads, "why": ""}

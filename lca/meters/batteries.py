"""The battery of a laptop: what it gives is what the whole machine draws, behind its power supply.

`power_now` in microwatts, or `current_now` in microamperes times `voltage_now` in microvolts (Linux kernel
documentation, "Linux power supply class"). Some drivers show the current of a discharge below 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..arguments import entry
from ..errors import MeterError
from .clock import Clock, MachineClock
from .meter import Meter
from .shown_power import PowerMeter
from .system_files import text_if_any, text_of, whole_number

#: How often the gauge of a battery is asked, s; most renew their values about once a second or more seldom.
_UPDATE_PERIOD = 1.0


@entry
def battery(
    root: str | Path = "/sys/class/power_supply", *, accuracy: str = "10 %", clock: Clock | None = None
) -> PowerMeter:
    """A live meter of the batteries of a machine, while it runs on them.

    Parameters
    ----------
    root : str or Path
        Where the tree begins.
    accuracy : str
        The limits of its error; the default is an assumption, and has that status.
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    PowerMeter
        The meter, at the board, for `lca.measure`.

    Raises
    ------
    MeterError
        If there is no battery, it is charged or full, or shows no power. It raises at a reading, too.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from lca.meters import battery
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> (root / "BAT0").mkdir()
    >>> for name, text in {"type": "Battery", "status": "Discharging", "power_now": "9500000"}.items():
    ...     _ = (root / "BAT0" / name).write_text(text)
    >>> battery(root).read().value
    9.5
    """
    folders = batteries_of(Path(root))
    if not folders:
        raise MeterError.of("no_battery", str(root))
    source = "assumed: the gauge of a battery states no accuracy"
    made = Meter("battery", at="board", accuracy=accuracy, status="assumed", source=source)
    meter = PowerMeter(made, clock or MachineClock(), str(root), lambda: _watts(folders), _UPDATE_PERIOD)
    meter.read()  # which raises while it is charged
    return meter


def batteries_of(root: Path) -> list[Path]:
    """The batteries that feed the machine; that of a mouse has the scope of a device."""
    return [
        path
        for path in sorted(root.glob("*"))
        if text_if_any(path / "type") == "Battery" and text_if_any(path / "scope") != "Device"
    ]


def _watts(folders: Sequence[Path]) -> float:
    """The power of all batteries; one that rests beside another gives nothing."""
    states = {folder: text_of(folder / "status") for folder in folders}
    giving = [folder for folder, state in states.items() if state == "Discharging"]
    if not giving or "Charging" in states.values():
        raise MeterError.of(
            "battery_not_discharging", str(folders[0].parent), [f"{p.name}: {s}" for p, s in states.items()]
        )
    return sum(_power(folder) for folder in giving)


def _power(folder: Path) -> float:
    if (folder / "power_now").exists():
        return abs(whole_number(folder / "power_now", below_zero=True)) / 1e6
    return abs(whole_number(folder / "current_now", below_zero=True)) * whole_number(folder / "voltage_now") / 1e12

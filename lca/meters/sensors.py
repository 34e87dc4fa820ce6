"""Sensors of a power in the files of hwmon: graphics cards of AMD, power meters of servers, monitors on boards.

`power1_input` is the power now and `power1_average` a mean over `power1_average_interval` (ms), both in microwatts
(Linux kernel documentation, "Naming and data format standards for sysfs files").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..arguments import entry
from ..checks import did_you_mean
from ..errors import MeterError
from .clock import Clock, MachineClock
from .meter import Meter
from .shown_power import PowerMeter
from .system_files import text_if_any, whole_number

#: Where the sensor of a driver sits, as far as its documentation says.
_BOUNDARIES = {"amdgpu": "component", "fam15h_power": "component"}


class Sensor(NamedTuple):
    """One file that shows a power."""

    driver: str
    label: str
    path: Path

    @property
    def name(self) -> str:
        """What it is called: the driver, with its label where it has one."""
        return f"{self.driver} {self.label}".strip()


def sensors_of(root: Path) -> Iterator[Sensor]:
    """Every sensor of a power once: its value now, or else its mean."""
    for folder in sorted(root.glob("hwmon*")):
        driver = text_if_any(folder / "name") or folder.name
        for path in sorted([*folder.glob("power[0-9]*_input"), *folder.glob("power[0-9]*_average")]):
            number, _, kind = path.name.partition("_")
            if kind == "input" or not (folder / f"{number}_input").exists():
                yield Sensor(driver, text_if_any(folder / f"{number}_label"), path)


def boundary_of_sensor(sensor: Sensor) -> str:
    """Where a sensor sits; "" where only the user can say."""
    return _BOUNDARIES.get(sensor.driver, "")


@entry
def hwmon(
    root: str | Path = "/sys/class/hwmon", *, name: str = "", at: str = "", accuracy: str = "10 %",
    clock: Clock | None = None,
) -> PowerMeter:  # fmt: skip
    """A live meter of a power that Linux shows under hwmon.

    Parameters
    ----------
    root : str or Path
        Where the tree begins.
    name : str
        The driver, as in "amdgpu", with the label of the sensor where there are several; may be left out where the
        machine has one sensor.
    at : str
        Where it sits: "component", "board", "wall" or "facility". Known for graphics cards of AMD.
    accuracy : str
        The limits of its error; the default is an assumption, and has that status.
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    PowerMeter
        The meter, for `lca.measure`.

    Raises
    ------
    MeterError
        If there is no such sensor, several fit, the boundary is open, or the sensor cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from lca.meters import hwmon
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> (root / "hwmon3").mkdir()
    >>> for name, text in {"name": "amdgpu", "power1_average": "38000000"}.items():
    ...     _ = (root / "hwmon3" / name).write_text(text)
    >>> hwmon(root).read().value
    38.0
    """
    sensor = _chosen(list(sensors_of(Path(root))), name, str(root))
    if not (boundary := at or boundary_of_sensor(sensor)):
        raise MeterError.of("boundary_of_sensor_open", str(sensor.path), name=sensor.name)
    source = "assumed: the driver states no accuracy"
    made = Meter(sensor.name, at=boundary, accuracy=accuracy, status="assumed", source=source)
    return PowerMeter(
        made, clock or MachineClock(), str(sensor.path),
        lambda: whole_number(sensor.path, below_zero=True) / 1e6, _period(sensor.path),
    )  # fmt: skip


def _chosen(there: list[Sensor], name: str, where: str) -> Sensor:
    """The sensor that is meant."""
    fitting = [one for one in there if not name or name in (one.name, one.driver)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise MeterError.of("several_sensors", where, [f"{one.name}: {one.path}" for one in fitting])
    near = did_you_mean(name, [known for one in there for known in (one.driver, one.name)]) or "this machine has none"
    raise MeterError.of("no_such_sensor", where, name=f" called {name}" if name else "", near=near)


def _period(path: Path) -> float | None:
    """How often a mean is new, s, where the driver says so."""
    text = text_if_any(path.with_name(f"{path.name}_interval"))
    return int(text) / 1e3 if text.isdecimal() and int(text) else None

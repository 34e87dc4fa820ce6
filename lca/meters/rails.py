"""The power monitor INA3221 of a Jetson: the power of its rails, in the files of either driver.

The older driver (iio) has rail_name_0 and in_power0_input (mW). The one of hwmon has in1_label, in1_input (mV) and
curr1_input (mA), after the Linux kernel documentation, "Kernel driver ina3221". A rail that is called NC is not
connected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..arguments import entry
from ..checks import did_you_mean
from ..errors import MeterError
from .clock import Clock, MachineClock
from .jetson_rails import contained, whole_of
from .meter import Meter
from .shown_power import PowerMeter
from .system_files import text_if_any, text_of, whole_number

_CHANNELS = range(1, 4)
_SOURCE = "assumed: NVIDIA states no accuracy of the rails; the shunt resistors and the offset of the INA3221 are in it"


@entry
def ina3221(
    root: str | Path = "/sys/bus/i2c/drivers", *, rail: str | Sequence[str] | None = None, accuracy: str = "5 %",
    clock: Clock | None = None,
) -> PowerMeter:  # fmt: skip
    """A live meter of the rails of a Jetson, by its power monitor INA3221.

    Parameters
    ----------
    root : str or Path
        Where the tree of the drivers begins.
    rail : str or list of str
        Which rails are added; those that make the whole board if not given.
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
        If there is no such monitor or rail, no rail is known as the whole board, or rails contain each other.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from lca.meters import ina3221
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> chip = root / "ina3221" / "1-0040" / "hwmon" / "hwmon1"
    >>> chip.mkdir(parents=True)
    >>> for name, text in {"in1_label": "VDD_IN", "in1_input": "5000", "curr1_input": "1200"}.items():
    ...     _ = (chip / name).write_text(text)
    >>> ina3221(root).read().value
    6.0
    """
    folder = Path(root)
    rails = _rails(folder)
    if not rails:
        raise MeterError.of("no_power_monitor", str(folder))
    names = _chosen(rail, list(rails), str(folder))
    shows = [rails[name] for name in names]
    made = Meter(f"INA3221 {' + '.join(names)}", at="board", accuracy=accuracy, status="assumed", source=_SOURCE)
    return PowerMeter(made, clock or MachineClock(), str(folder), lambda: sum(show() for show in shows))


def _chosen(asked: str | Sequence[str] | None, there: Sequence[str], where: str) -> Sequence[str]:
    """The rails to add. Raises for one that is not there, for none, and for rails that contain each other (M4)."""
    if asked is None:
        if not (whole := whole_of(there)):
            raise MeterError.of("which_rail_is_the_board", where, [", ".join(there)])
        return whole
    names = [asked] if isinstance(asked, str) else list(dict.fromkeys(asked))
    if unknown := [name for name in names if name not in there] or ([""] if not names else []):
        raise MeterError.of("no_such_rail", where, rail=unknown[0], near=did_you_mean(unknown[0], there))
    if twice := [f"{outer} contains {inner}" for outer in names for inner in contained(outer, there) if inner in names]:
        raise MeterError.of("rails_overlap", where, twice)
    return names


def _rails(root: Path) -> Mapping[str, Callable[[], float]]:
    """What reads the power of each rail in W, by the name of the rail."""
    found: dict[str, Callable[[], float]] = {}
    for chip in sorted(root.glob("ina3221*/*/iio:device*")):
        for n in (number - 1 for number in _CHANNELS):
            if (name := text_if_any(chip / f"rail_name_{n}")) not in ("", "NC"):
                found[name] = _milliwatts(chip / f"in_power{n}_input")
    for chip in sorted(root.glob("ina3221*/*/hwmon/hwmon*")):
        for n in _CHANNELS:
            if (name := text_if_any(chip / f"in{n}_label")) not in ("", "NC"):
                found[name] = _volts_times_amperes(chip / f"in{n}_input", chip / f"curr{n}_input")
    return found


def _milliwatts(path: Path) -> Callable[[], float]:
    return lambda: whole_number(path, below_zero=True) / 1e3


def _volts_times_amperes(millivolts: Path, milliamperes: Path) -> Callable[[], float]:
    def watts() -> float:
        enabled = millivolts.with_name(millivolts.name.replace("_input", "_enable"))
        if enabled.exists() and text_of(enabled) == "0":
            raise MeterError.of("rail_is_switched_off", str(enabled))
        return whole_number(millivolts, below_zero=True) * whole_number(milliamperes, below_zero=True) / 1e6

    return watts

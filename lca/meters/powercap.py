"""The energy counters of a processor: RAPL, in the powercap tree of Linux.

The zones and files are those of the kernel's documentation ("Power Capping Framework"), the domains those of the
Intel 64 and IA-32 Architectures Software Developer's Manual, volume 3B ("Platform Specific Power Management Support").
AMD shows its packages in the same tree. The counters are renewed about once in a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..arguments import entry
from ..checks import one_of
from ..errors import MeterError
from .clock import Clock, MachineClock
from .meter import Meter
from .protocol import Sample

#: The domain of the board, which contains the package.
PLATFORM = "platform"
_DOMAINS = {"core": "cores", "uncore": "graphics", "dram": "dram", "psys": PLATFORM}
DOMAINS = ("package", *_DOMAINS.values())
_UPDATE_PERIOD = 0.001  # s


def domain_of(zone: str) -> str:
    """The domain of a zone by its name; "" where it has none.

    >>> domain_of("package-0"), domain_of("psys"), domain_of("fan")
    ('package', 'platform', '')
    """
    return "package" if zone.startswith("package") else _DOMAINS.get(zone, "")


@dataclass
class _Zone:
    """One counter, with the energy that it has counted since the first time it was read."""

    folder: Path
    name: str
    wraps_at: float  # J
    shown: float | None = None
    counted: float = 0.0

    def read(self) -> float:
        """The energy in J since the first reading; a counter that fell has begun again once."""
        now = _joules(self.folder / "energy_uj")
        rise = 0.0 if self.shown is None else now - self.shown
        self.counted += rise + self.wraps_at if rise < 0 else rise
        self.shown = now
        return self.counted


@dataclass(frozen=True)
class RaplMeter:
    """The energy counters of one domain of all packages, added up; `rapl` makes one."""

    meter: Meter
    clock: Clock
    zones: Sequence[_Zone] = field(repr=False)
    counts: bool = True
    update_period: float | None = _UPDATE_PERIOD
    wraps_at: float | None = None  # each zone is followed where it wraps

    def read(self) -> Sample:
        """The energy of the domain since the first reading."""
        counted = sum(zone.read() for zone in self.zones)
        return Sample(self.clock.now(), counted)

    def conditions(self) -> Mapping[str, float]:
        """Nothing else is known."""
        return {}

    def close(self) -> None:
        """It holds nothing."""


@entry
def rapl(
    root: str | Path = "/sys/class/powercap", *, domain: str = "package", accuracy: str = "5 %",
    clock: Clock | None = None,
) -> RaplMeter:  # fmt: skip
    """A live meter of the processor: the energy counters of RAPL, which Linux shows.

    Packages are added up. The platform ("psys") contains the package and is never added to it. Intel and AMD state no
    accuracy; the default is an assumption, and has that status.

    Parameters
    ----------
    root : str or Path
        Where the tree begins.
    domain : str
        What is read: "package" (the processors, without the memory), "cores", "graphics", "dram", or "platform"
        (the whole board).
    accuracy : str
        The limits of its error.
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    RaplMeter
        The meter, for `lca.measure_inference`.

    Raises
    ------
    MeterError
        If the machine has no such counter, or the user may not read it.
    DomainError
        If there is no such domain.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from lca.meters import rapl
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> zone = root / "intel-rapl:0"
    >>> zone.mkdir()
    >>> for name, text in {"name": "package-0", "energy_uj": "5000000", "max_energy_range_uj": "262143000000"}.items():
    ...     _ = (zone / name).write_text(text)
    >>> meter = rapl(root)
    >>> _ = meter.read()
    >>> _ = (zone / "energy_uj").write_text("7500000")
    >>> meter.read().value
    2.5
    """
    one_of(domain, DOMAINS, "domain", "rapl(domain=)")
    zones = [zone for zone in _zones(Path(root)) if domain_of(zone.name) == domain]
    if not zones:
        there = sorted({domain_of(zone.name) for zone in _zones(Path(root))} - {""})
        raise MeterError.of("no_rapl_counter", str(root), [f"it has: {', '.join(there) or 'none'}"], domain=domain)
    for zone in zones:
        zone.read()  # which raises where it may not be read
    at = "board" if domain == PLATFORM else "component"
    source = "assumed: the makers state no accuracy of RAPL"
    made = Meter(f"RAPL {domain}", at=at, accuracy=accuracy, status="assumed", source=source)
    return RaplMeter(made, clock or MachineClock(), zones)


def _zones(root: Path) -> list[_Zone]:
    """Every zone of the tree once; the same package in intel-rapl-mmio is left out."""
    folders = {path.name: path for path in (*root.glob("intel-rapl:*/intel-rapl:*"), *root.glob("intel-rapl:*"))}
    return [
        _Zone(path, _text(path / "name").strip(), _joules(path / "max_energy_range_uj"))
        for _, path in sorted(folders.items())
        if (path / "energy_uj").exists()
    ]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except PermissionError:
        raise MeterError.of("counter_not_permitted", str(path), path=path) from None
    except (OSError, ValueError) as error:
        raise MeterError.of("counter_not_readable", str(path), why=str(error)) from None


def _joules(path: Path) -> float:
    """The content of a file in microjoules, in J."""
    text = _text(path).strip()
    if not text.isdecimal():
        raise MeterError.of("counter_not_readable", str(path), why=f"it holds {text[:40]!r}")
    return int(text) / 1e6

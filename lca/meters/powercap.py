"""The energy counters of a processor: RAPL, in the powercap tree of Linux.

The zones and files are those of the kernel's documentation ("Power Capping Framework"), the domains those of the
Intel 64 and IA-32 Architectures Software Developer's Manual, volume 3B ("Platform Specific Power Management Support").
AMD shows its packages in the same tree. The counters are renewed about once in a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ..arguments import entry
from ..checks import one_of
from ..errors import MeterError
from .clock import Clock, MachineClock
from .meter import Meter
from .protocol import Sample
from .still import Still
from .system_files import text_of, whole_number

#: The domain of the board, which contains the package.
PLATFORM = "platform"
_DOMAINS = {"core": "cores", "uncore": "graphics", "dram": "dram", "psys": PLATFORM}
DOMAINS = ("package", *_DOMAINS.values())
_UPDATE_PERIOD = 0.001  # s
#: No processor draws more, W: a counter that fell by more than this explains was reset, and did not wrap.
_MOST = 10_000.0
#: The time that is allowed beyond that between two readings, s.
_ALLOWED = 0.5


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
    read_at: float = 0.0  # s
    watch: Still | None = None

    def read(self, time: float) -> float:
        """The energy in J since the first reading; a counter that fell has begun again once, where that is possible."""
        now = whole_number(self.folder / "energy_uj") / 1e6
        rise = 0.0 if self.shown is None else now - self.shown
        if rise < 0:
            rise += self.wraps_at
            if rise < 0 or rise > _MOST * (time - self.read_at + _ALLOWED):
                sides = [f"before: {self.shown:g} J", f"now: {now:g} J", f"it wraps at {self.wraps_at:g} J"]
                raise MeterError.of("live_counter_was_reset", f"{self.folder} ({self.name})", sides)
        self.counted, self.shown, self.read_at = self.counted + rise, now, time
        if self.watch is None:
            self.watch = Still(f"{self.folder} ({self.name})", update_period=_UPDATE_PERIOD)
        self.watch.check(time, now)
        return self.counted

    @property
    def power_limit(self) -> float:
        """The long-term limit of its power, W. Raises `MeterError` where the zone shows none."""
        return whole_number(self.folder / "constraint_0_power_limit_uw") / 1e6


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
        now = self.clock.now()
        return Sample(now, sum(zone.read(now) for zone in self.zones))

    def conditions(self) -> Mapping[str, float]:
        """The limit of the power of all packages, where the zones show one."""
        with suppress(MeterError):
            return {"power limit (W)": sum(zone.power_limit for zone in self.zones)}
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
        The meter, for `lca.measure` and `lca.measure_inference`.

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
        there = ", ".join(domains_of(Path(root))) or "none"
        raise MeterError.of("no_rapl_counter", str(root), [f"it has: {there}"], domain=domain)
    clock = clock or MachineClock()
    for zone in zones:
        zone.read(clock.now())  # which raises where it may not be read
    at = "board" if domain == PLATFORM else "component"
    source = "assumed: the makers state no accuracy of RAPL"
    made = Meter(f"RAPL {domain}", at=at, accuracy=accuracy, status="assumed", source=source)
    return RaplMeter(made, clock, zones)


def domains_of(root: Path) -> list[str]:
    """The domains of which a tree has counters, in the order of `DOMAINS`."""
    there = {domain_of(zone.name) for zone in _zones(root)}
    return [domain for domain in DOMAINS if domain in there]


def _zones(root: Path) -> list[_Zone]:
    """Every zone of the tree once; the same package in intel-rapl-mmio is left out."""
    folders = {path.name: path for path in (*root.glob("intel-rapl:*/intel-rapl:*"), *root.glob("intel-rapl:*"))}
    return [
        _Zone(path, text_of(path / "name"), whole_number(path / "max_energy_range_uj") / 1e6)
        for _, path in sorted(folders.items())
        if (path / "energy_uj").exists()
    ]

"""What a measured run took, for people: energy and power with intervals, and the footprint at a place."""

from __future__ import annotations

from .electricity.electricity import Electricity
from .errors import LcaError
from .interpretation.footprint import footprint
from .interpretation.log_report import interval
from .inventory.site import Site
from .inventory.training.training import Training
from .logs.live.run import LiveRun
from .logs.power.power_log import PowerLog
from .meters.observed import Observed
from .units.number_text import significant

#: Where the rest of the machine, or its power supply, lies outside of what the meter sees.
_INNER = ("component", "board")
_OUTSIDE = "the rest of the machine and its power supply; a meter at the wall sees them"


def place_of(place: str, year: int, *, basis: str = "life cycle", pue: float = 1.0) -> Site:
    """A site with the electricity of a place in a year.

    >>> place_of("France", 2024).electricity.year
    2024
    """
    return Site(f"{place}, {year}", electricity=Electricity.lookup(place, year, basis=basis), pue=pue)


def run_described(run: LiveRun, site: Site | None = None) -> str:
    """The text that `lca measure` prints: for each meter its energy, its mean power, and the footprint at a site.

    >>> import lca
    >>> clock = lca.meters.ScriptedClock()
    >>> with lca.measure(lca.meters.scripted(500.0, at="wall", clock=clock)) as run:
    ...     clock.wait(3600)
    >>> print(run_described(run, place_of("France", 2024)))
    scripted meter, at the wall
    ...
               footprint: 21.7 g CO2e (median; 5 to 95 %: 16.4 to 28.8) at France, 2024
    ...
    """
    return "\n".join(line for name, log in run.logs.items() for line in _meter(run, name, log, site))


def _meter(run: LiveRun, name: str, log: PowerLog, site: Site | None) -> list[str]:
    """The lines of one meter."""
    try:
        energy = run.energy(meter=name)
        told = [("energy", interval(energy)), ("mean power", interval(log.power()))]
        if log.meter.readings == "assumed":
            told.append(("status", "assumed: the time was measured, the power was not"))
        if site is not None:
            told += _footprint(energy, log.meter.at, site, len(run.logs) == 1)
    except LcaError as error:
        told = [("no energy", error.what), *(("found", side) for side in error.sides), ("fix", error.fix)]
    told += [("note", note) for note in log.notes]
    told += [("log", str(log.path))]
    return [f"{name}, at the {log.meter.at}", *(f"{key:>20}: {text}" for key, text in told)]


def _footprint(energy: Observed, at: str, site: Site, alone: bool) -> list[tuple[str, str]]:
    """The footprint of an energy at a site; what a meter within the machine does not see is not counted, and said.

    A component that was measured alone may stand for its machine, with the spread of published comparisons.
    """
    if at not in _INNER:
        return [("footprint", _mass(energy, site, ""))]
    found = [("footprint", _mass(energy, site, "not counted")), ("not counted", _OUTSIDE)]
    whole = at == "component" and alone
    said = "if this sensor stands for the machine: assumed, from published comparisons"
    return found + [("whole machine", f"{_mass(energy, site, 'assumed')}, {said}")] * whole


def _mass(energy: Observed, site: Site, beyond: str) -> str:
    """The median of the footprint, with its interval."""
    table = footprint(Training("run", energy=energy, site=site, beyond=beyond), unit="g CO2e")
    p50, p5, p95 = (significant(table[name].iloc[0]) for name in ("p50", "p5", "p95"))
    return f"{p50} g CO2e (median; 5 to 95 %: {p5} to {p95}) at {site.name}"

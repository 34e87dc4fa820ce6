"""A power that is assumed, in the place of a meter: what it gives has the status "assumed" all the way."""

from __future__ import annotations

from ..arguments import entry
from ..checks import finite_number
from ..distributions.lognormal import Lognormal
from ..errors import BoundaryError, UnitError
from ..units.parse import parse_unit, root
from ..units.quantity_text import Parsed, parse_quantity
from ..units.registry import boundary_of
from ..units.text import unit_text
from .clock import Clock, MachineClock
from .meter import Meter
from .shown_power import PowerMeter

#: The spread of a power that is assumed and states none: 5 to 95 % is about half of it to twice.
ASSUMED_GSD = 1.5
_FORM = 'write "250 W at_component", or with its spread "250 W at_component ± 60 W at_component (limits)"'


@entry
def assumed(
    power: str, *, gsd: float = ASSUMED_GSD, name: str = "assumed power", source: str = "", clock: Clock | None = None
) -> PowerMeter:
    """A steady power that is assumed, such as a TDP times a load; it measures the time alone.

    All readings of its log have the status "assumed", and share one error.

    Parameters
    ----------
    power : str
        The power with its boundary, "15 W at_board"; with limits or a standard uncertainty if they are known.
    gsd : float
        The geometric standard deviation where the power states no spread. At 1.5, 5 to 95 % is half of it to twice.
    name : str
        What it is called.
    source : str
        What it rests on: "TDP 350 W, load 0.7".
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    PowerMeter
        The meter, for `lca.measure`.

    Raises
    ------
    UnitError
        If it is not a power.
    BoundaryError
        If it does not say where.
    DomainError
        If the power is not above 0, or the gsd not above 1.

    Examples
    --------
    >>> import lca
    >>> clock = lca.meters.ScriptedClock()
    >>> with lca.measure(lca.meters.assumed("200 W at_component", clock=clock)) as run:
    ...     clock.wait(3600)
    >>> run.energy(), run.energy().status
    (<reading of assumed power: 720000 J at the component>, 'assumed')
    """
    where = "assumed(power=)"
    given = parse_quantity(power, where)
    factor, unit = parse_unit(given.unit)
    boundary = boundary_of(unit)
    if boundary is None and unit == root("W"):
        raise BoundaryError.of("assumed_power_without_boundary", where, [power])
    if boundary is None or unit != root(f"W {boundary}"):
        raise UnitError.of("not_an_assumed_power", where, [unit_text(unit)])
    watts = finite_number(given.value * factor, where, low=0, above=True, form=_FORM)
    finite_number(gsd, "assumed(gsd=)", low=1, above=True)
    accuracy, u = _spread(given, factor, gsd)
    made = Meter(
        name, at=boundary.removeprefix("at_"), accuracy=accuracy, u=u, status="assumed", readings="assumed",
        source=source or f"assumed: {power}",
    )  # fmt: skip
    return PowerMeter(made, clock or MachineClock(), where, lambda: watts, 1.0)


def _spread(given: Parsed, factor: float, gsd: float) -> tuple[Lognormal | str | None, str | None]:
    """The limits or the factor by which the power errs, or its standard uncertainty."""
    if given.half_width is None:
        return Lognormal(1, gsd), None
    half = given.half_width * factor
    if given.coverage == "limits":
        return f"{half!r} W", None
    return None, f"{half / (1 if given.coverage == 'k=1' else 2)!r} W"

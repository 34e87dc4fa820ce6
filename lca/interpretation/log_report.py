"""What a log holds, for people: its energy and mean power with intervals, its gaps, and how to use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import LogError
from ..graph.fields import parameter
from ..logs.format import Log
from ..logs.power.power_log import PowerLog
from ..logs.runs.run_table import RunTable
from ..meters.observed import Observed
from ..units.number_text import significant
from .draws import monte_carlo
from .summary import summary


def described(log: Log, path: str, said: Mapping[str, Any], *, gaps: str = "refuse") -> str:
    """The text that `lca read` prints.

    >>> import lca, pandas
    >>> power = lca.power_log(pandas.Series([100.0, 120.0], index=pandas.Index([0, 60], name="s")), at="wall")
    >>> print(described(power, "desk.csv", {"at": "wall"}))
    <power log log>
    ...
                  energy: 0.00183 kWh at the wall (0.00183 to 0.00183 from 5 to 95 %)
    ...
    """
    lines = [repr(log)]
    call = f"lca.read({path!r}{''.join(f', {name}={value!r}' for name, value in said.items())})"
    use = f"steps = {call}"
    if isinstance(log, PowerLog):
        lines += _of_power(log, gaps)
        way = "" if gaps == "refuse" else f"gaps={gaps!r}"
        use = f"energy = {call}.energy({way})"
    elif isinstance(log, RunTable):
        lines += _told({"energy": log.energy})
        use = f"energy = {call}.energy()"
    return "\n".join([*lines, f"{'in Python':>20}: {use}"])


def _of_power(log: PowerLog, gaps: str) -> list[str]:
    covered = log.covered()
    told = _told({"energy": lambda: log.energy(gaps=gaps), "mean power": lambda: log.power(gaps=gaps)})
    return [*told, f"{'covered':>20}: {100 * covered:.3g} % of the time"]


def _told(values: Mapping[str, Any]) -> list[str]:
    """Each value with its interval; where it is refused, why and how to fix it, once."""
    try:
        return [f"{name:>20}: {interval(value())}" for name, value in values.items()]
    except LogError as error:
        return [f"{next(iter(values)):>20}: {error.what}", f"{'fix':>20}: {error.fix}"]


def interval(value: Observed) -> str:
    """The median with its 5 to 95 % interval, from 10,000 draws."""
    row = summary(monte_carlo(parameter("log", value), draws=10_000)).iloc[0]
    middle, low, high = (significant(float(row[name])) for name in ("p50", "p5", "p95"))
    return f"{middle} {row['unit']} ({low} to {high} from 5 to 95 %)"

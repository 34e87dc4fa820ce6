"""What a log holds, for people: its energy and mean power with intervals, its gaps, and how to use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ..errors import LcaError
from ..logs.format import Log
from ..logs.inference.inference_log import InferenceLog
from ..logs.power.power_log import PowerLog
from ..logs.runs.run_table import RunTable
from ..meters.observed import Observed
from .draws import monte_carlo
from .spread import headline

Window = Sequence[str]
#: Arguments by name, as the command line has them.
Said: TypeAlias = Mapping[str, Any]


def described(
    log: Log, path: str, said: Said, *, way: Said | None = None, window: Window = (),
    idle: Window = (),
) -> str:  # fmt: skip
    """The text that `lca read` prints; `way` is how gaps and channels are taken, `window` and `idle` are times.

    >>> import lca, pandas
    >>> power = lca.power_log(pandas.Series([100.0, 120.0], index=pandas.Index([0, 60], name="s")), at="wall")
    >>> print(described(power, "desk.csv", {"at": "wall"}))
    <power log log>
    ...
                  energy: 0.00183 kWh at the wall (median; 5 to 95 %: 0.00183 to 0.00183)
    ...
    """
    call = f"log = lca.read({', '.join([repr(path), _written(said)]).rstrip(', ')})"
    try:
        if isinstance(log, PowerLog):
            told, use = _of_power(log, dict(way or {}), window, idle)
        elif isinstance(log, RunTable):
            told, use = {"energy": interval(log.energy())}, "energy = log.energy()"
        elif isinstance(log, InferenceLog):
            told, use = {}, _of_inference(log)
        else:
            told, use = {}, "lca.Training.extrapolated('my run', log, planned=..., power=..., at=...)"
    except LcaError as error:
        lines = [_line("no energy", error.what), *(_line("found", side) for side in error.sides)]
        return "\n".join([repr(log), *lines, _line("fix", error.fix), _line("in Python", call)])
    lines = [_line(name, text) for name, text in told.items()]
    return "\n".join([repr(log), *lines, _line("in Python", call), _line("", use)])


def _of_inference(log: InferenceLog) -> str:
    """The line of Python that gives the energy of what a log counts: of an inference, or of a request of a server."""
    per = "request" if "request" in log.runs[0].known else ""
    energy, rate = (f", per={per!r}", f"{per!r}") if per else ("", "")
    return f"energy = log.energy(lca.read('power.log'){energy}); rate = log.throughput({rate})"


def _of_power(log: PowerLog, way: Said, window: Window, idle: Window) -> tuple[dict[str, str], str]:
    """Energy, mean power and cover of a log, or of a window of it; above an idle window its three energies."""
    part = log.between(*window) if window else log
    use, asked = f"log{_between(window)}", _written(way)
    if idle:
        told = {name: interval(one) for name, one in part.baseline(log.between(*idle), **way).items()}
        use = f"parts = {use}.baseline({', '.join(['log' + _between(idle), asked]).rstrip(', ')})"
    else:
        told = {"energy": interval(part.energy(**way)), "mean power": interval(part.power(**way))}
        use = f"energy = {use}.energy({asked})"
    return told | {"covered": f"{100 * part.covered(channels=way.get('channels')):.3g} % of the time"}, use


def _between(window: Window) -> str:
    return f".between({', '.join(map(repr, window))})" if window else ""


def _written(arguments: Said) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def _line(name: str, text: str) -> str:
    return f"{name:>20}{':' if name else ' '} {text}"


def interval(value: Observed) -> str:
    """The median with its 5 to 95 % interval, from 10,000 draws; small energies in J."""
    drawn = monte_carlo(value, draws=10_000, progress=False)
    unit, most = drawn.data["value"].attrs["unit"], float(drawn.data["value"].max())
    return headline(drawn.to(unit.replace("kWh", "J") if most < 0.001 else unit))

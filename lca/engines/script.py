"""An engine that takes the time that a script says: to try a measurement, and for tests of what measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..arguments import entry
from ..checks import finite_number
from ..meters.clock import Clock, MachineClock
from .protocol import Port

Seconds = float | Callable[[int], float]


class ScriptedEngine:
    """An engine that computes nothing: each execution takes the time that a script says; `scripted` makes one."""

    about = "a script"
    inputs: Sequence[Port] = ()
    outputs: Sequence[Port] = ()

    def __init__(self, name: str, *, seconds: Seconds, batch: int = 1, clock: Clock | None = None) -> None:
        self.name, self.batch, self.clock, self.executions = name, batch, clock or MachineClock(), 0
        self._seconds = seconds

    def __repr__(self) -> str:
        return f"ScriptedEngine({self.name!r})"

    def load(self) -> None:
        """Nothing is to be loaded."""

    def run(self) -> None:
        """Let the time of one execution pass."""
        seconds = self._seconds(self.executions) if callable(self._seconds) else self._seconds
        self.executions += 1
        self.clock.wait(finite_number(seconds, f"{self.name}: execution {self.executions}", low=0, above=True))

    def synchronise(self) -> None:
        """Nothing goes on after a call."""

    def close(self) -> None:
        """It holds nothing."""


@entry
def scripted(name: str, *, seconds: Seconds, batch: int = 1, clock: Clock | None = None) -> ScriptedEngine:
    """An engine that computes nothing: each execution takes the time that a script says.

    Parameters
    ----------
    name : str
        The name, as a label.
    seconds : float, or function of the number of the execution
        How long an execution takes, s. The first has the number 0.
    batch : int
        Inferences in one execution.
    clock : Clock
        What the time passes on: this machine's clock if not given, or that of a scripted meter.

    Returns
    -------
    ScriptedEngine
        The engine, for `lca.measure_inference`.

    Raises
    ------
    DomainError
        If the batch is not a whole number above 0.

    Examples
    --------
    >>> import lca
    >>> clock = lca.meters.ScriptedClock()
    >>> engine = lca.engines.scripted("net", seconds=lambda number: 4.0 if number == 0 else 0.01, clock=clock)
    >>> engine.run()
    >>> engine.run()
    >>> clock.now(), engine.executions
    (4.01, 2)
    """
    size = int(finite_number(batch, f"{name}.batch", low=1, whole=True))
    return ScriptedEngine(name, seconds=seconds, batch=size, clock=clock)

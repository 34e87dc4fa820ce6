"""A meter that a person reads: the program asks for its display at the start, at marks, and at the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..arguments import entry
from ..checks import one_of
from ..errors import LcaError, MeterError
from ..units.quantity import conversion
from ..units.quantity_text import parse_quantity
from .clock import Clock, MachineClock
from .meter import Meter
from .protocol import Sample

_UNITS = ("kWh", "Wh")
#: So often an answer that is no energy is asked for again.
_TRIES = 3


@dataclass
class PromptMeter:
    """A counter of energy that a person reads; `prompt` makes one."""

    meter: Meter
    clock: Clock
    unit: str
    ask: Callable[[str], str] = field(repr=False)
    last: float = 0.0  # J
    counts: bool = True
    update_period: float | None = math.inf  # nothing is new until somebody looks
    wraps_at: float | None = None

    def read(self) -> Sample:
        """What the person says; asked again where it is not an energy, or below the last one."""
        said = ""
        for _ in range(_TRIES):
            said = self._asked(f"{said}{self.meter.name} shows ({self.unit}): ")
            now = self.clock.now()  # when it was typed in
            shown, why = self._energy(said)
            if shown is not None:
                self.last = shown
                return Sample(now, shown)
            said = f"{why}. "
        raise MeterError.of("answer_is_no_energy", self.meter.name, [said.strip()], unit=self.unit)

    def _asked(self, question: str) -> str:
        try:
            return self.ask(question).strip()
        except EOFError:
            raise MeterError.of("nobody_answers", self.meter.name) from None

    def _energy(self, said: str) -> tuple[float | None, str]:
        """The energy in J, or why there is none."""
        try:
            given = parse_quantity(said, self.meter.name)
            shown = given.value * conversion(given.unit or self.unit, "J", self.meter.name)
        except LcaError as error:
            return None, error.what
        if shown < self.last:
            return None, f"that is below the last reading, {self.last / conversion(self.unit, 'J', ''):g} {self.unit}"
        return shown, ""

    def conditions(self) -> Mapping[str, float]:
        """Nothing else is known."""
        return {}

    def close(self) -> None:
        """It holds nothing."""


@entry
def prompt(
    name: str = "Kill A Watt", *, unit: str = "kWh", resolution: str = "0.01 kWh", accuracy: str | None = None,
    at: str = "wall", ask: Callable[[str], str] = input, clock: Clock | None = None,
) -> PromptMeter:  # fmt: skip
    """A live meter that a person reads: the energy on the display of a Kill A Watt.

    It is asked for at the start, at each mark, and at the end; nothing is asked in between.

    Parameters
    ----------
    name : str
        The name of the meter.
    unit : str
        The unit of an answer that states none: "kWh" or "Wh".
    resolution : str
        The smallest step of its display.
    accuracy : str
        The limits of its error, as its maker states them.
    at : str
        Where it sits.
    ask : function
        What asks a question and returns the answer, if not the terminal.
    clock : Clock
        What tells the time, if not this machine's clock.

    Returns
    -------
    PromptMeter
        The meter, for `lca.measure`.

    Raises
    ------
    DomainError
        If the unit is another.

    Examples
    --------
    >>> import lca
    >>> answers = iter(["12.41", "12.87"])
    >>> clock = lca.meters.ScriptedClock()
    >>> with lca.measure(lca.meters.prompt(ask=lambda question: next(answers), clock=clock)) as run:
    ...     clock.wait(3600)
    >>> run.energy()
    <reading of Kill A Watt: 1.656e+06 J at the wall>
    """
    one_of(unit, _UNITS, "unit of the display", "prompt(unit=)")
    made = Meter(name, at=at, accuracy=accuracy, resolution=resolution)
    return PromptMeter(made, clock or MachineClock(), unit, ask)

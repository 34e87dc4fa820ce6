"""The first part of a training: what its logs say of it, and where they contradict what else is given (M7)."""

from __future__ import annotations

import re
from typing import Any

from ...errors import DomainError, MissingError
from ...graph.node import Node
from ..training.training_log import TrainingLog
from .power_log import PowerLog

#: A power log and the first part of a training may differ in length by this part of it: a tool starts by hand.
ALIKE = 0.1
_COUNT = re.compile(r"(.*\d)\s*(iteration|epoch)s?\s*", re.S)


def first_part(log: TrainingLog | PowerLog, where: str, *, window: Any, measured: Any, planned: Any) -> dict[str, Any]:
    """The fields of a training that its log says; raises where it has no steps, and for arguments that say it again."""
    steps = log.training if isinstance(log, PowerLog) else log
    if steps is None:
        raise MissingError.of("power_log_without_steps", where, [str(log.path)])
    again = {"duration": window, "measured": measured}
    if twice := [f"{name}={value!r}" for name, value in again.items() if value is not None]:
        raise DomainError.of("window_given_twice", where, [f"log: {log.path}", *twice])
    known = steps.marks()
    return {
        "window": f"{known.seconds[-1].item()!r} s",
        "measured": known.steps[-1].item(),
        "planned": steps.planned if planned is None else planned_steps(planned, steps.unit, where),
        "marks": steps,
        "step_time": f"{known.rate!r} s/iteration",
    }


def planned_steps(planned: Any, unit: str, where: str) -> Any:
    """The planned steps in those that the log counts; raises for a text that names others.

    >>> planned_steps("100 epochs", "epoch", "resnet")
    '100 iteration'
    """
    found = _COUNT.fullmatch(planned) if isinstance(planned, str) else None
    if found is None:
        return planned
    if found[2] != unit:
        raise DomainError.of("planned_in_other_steps", f"{where}.planned", [planned, f"the log: {unit}s"], unit=unit)
    return f"{found[1]} iteration"


def refuse_another_window(log: PowerLog, window: Node | None, where: str) -> None:
    """Raise where a power log, whose energy counts as that of the first part, is of another length."""
    if window is None or window.parameter is None:
        return
    given = [value if isinstance(value, float | int) else value.nominal for value in window.parameter.values]
    each = [float(value) * window.parameter.scale for value in given]
    if min(abs(log.span - seconds) / seconds for seconds in each) > ALIKE:
        sides = [f"the power log: {log.span:.6g} s", f"the first part: {max(each):.6g} s"]
        raise DomainError.of("power_log_of_another_window", where, sides)

"""The rate of a service that works on one thing at a time, from its latency; of several at a time it is refused."""

from __future__ import annotations

from ...checks import finite_number
from ...errors import AccountingError, MissingError
from ...faults import refuse
from ...formulas import served_energy
from ...graph.fields import Declared, Written, resolve
from ...graph.node import Node
from ...sampling.evaluate import nominal_values
from ...units.number_text import significant
from ...units.text import display
from .counts import counted_in

_LATENCY = Declared(("s/request", "s/token", "s/inference", "s/batch"), above=True)
_POWER = Declared(("W",), boundary="times")


def rate_of_one(latency: Written | None, concurrency: float | None, power: Written, key: str, at: str | None) -> Node:
    """The rate 1 / t of what runs alone for the time t each. Raises `AccountingError` where several run (A3)."""
    where = f"{key}.latency"
    refuse(
        (latency is None, MissingError, "rate_or_latency_not_given", f"{key}.rate"),
        (concurrency is None, MissingError, "concurrency_not_given", where),
    )
    together = finite_number(concurrency, f"{key}.concurrency", low=1.0)
    time = resolve(latency, _LATENCY, key=where)
    if together > 1:
        drawn = resolve(power, _POWER, key=f"{key}.power", at=at)
        charged, share = drawn * time, served_energy(drawn, together / time)
        raise AccountingError.of(
            "power_times_latency", where,
            [f"power x latency: {_figure(charged)}", f"power / rate: {_figure(share)}"],
            concurrency=together, counted=counted_in(time.unit), rate=_figure(together / time),
        )  # fmt: skip
    return 1 / time


def _figure(node: Node) -> str:
    """A nominal value with its unit; the smallest and the largest where there are several."""
    unit, scale = display(node.unit)
    values = nominal_values({"value": node})["value"].ravel() / scale
    ends = dict.fromkeys((significant(float(values.min())), significant(float(values.max()))))
    return f"{' to '.join(ends)} {unit}"

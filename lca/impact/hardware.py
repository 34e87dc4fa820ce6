"""Hardware as a record: what making, moving and discarding one device emits, and how long it lives."""

from __future__ import annotations

from typing import Any

from ..expression.record import Record, Value, component, plain, quantity, tag


@component
class Hardware(Record):
    """One kind of device, cradle to grave without its use.

    `embodied` is the cradle-to-gate burden of one device, `distribution` its transport to the user and
    `end_of_life` its treatment, each in kg CO2e (the field attaches "/device"). `lifetime` is calendar
    time; `service_life` is time of running, needed by the allocation rule "active_time" only.
    What is left out here must be excluded by name in the study (A6).

    >>> Hardware("Jetson", embodied="36 kg CO2e", lifetime="5 year").embodied
    <jetson.embodied [kg CO2e/device]>
    """

    embodied: Value = quantity("kg CO2e", per="device")
    lifetime: Value = quantity("s", above=True)
    distribution: Value = quantity("kg CO2e", per="device", optional=True, default=None)
    end_of_life: Value = quantity("kg CO2e", per="device", optional=True, default=None)
    service_life: Value = quantity("s", above=True, optional=True, default=None)
    status: Any = tag(default="")
    source: Any = tag(default="")
    key: str = plain(default="")

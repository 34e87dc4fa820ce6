"""Which part of a device a project owes: named rules (A8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import AccountingError, MissingError
from ..expression.functions import total
from ..expression.node import Node
from ..formulas import active_devices, reserved_devices, whole_devices
from ..inventory.activity import HardwareFlow


@dataclass(frozen=True)
class Rule:
    """A named allocation rule: what it says, and the device lives it charges."""

    name: str
    says: str
    device_lives: Callable[[HardwareFlow, Sequence[str]], Node]


def _reserved(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    return reserved_devices(flow.devices, flow.period, flow.hardware.lifetime)  # type: ignore[no-any-return]


def _active(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    life = flow.hardware.service_life
    if life is None:
        raise MissingError(
            "time of running needs a life of running",
            where=f"{flow.hardware.slug}.service_life",
            mend='service_life="20000 h", or allocation="reserved_time"',
        )
    return active_devices(flow.devices, flow.running, life)  # type: ignore[no-any-return]


def _whole(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    period = flow.period
    for dim in period.dim_names:  # five trainings run one after another on one desk, not on five
        if dim in parts and dim not in flow.devices.dim_names:
            period = total(period, over=dim)
    return whole_devices(flow.devices, period, flow.hardware.lifetime)  # type: ignore[no-any-return]


RULES = {
    rule.name: rule
    for rule in (
        Rule("reserved_time", "calendar time held over calendar lifetime", _reserved),
        Rule("active_time", "time of running over the life of running", _active),
        Rule("whole_units", "whole devices, bought for this activity alone and used by its parts in turn", _whole),
    )
}


def device_lives(flow: HardwareFlow, *, parts: Sequence[str] = ()) -> Node:
    """The device lives that a flow is charged, [device]. Raises `AccountingError` for an unknown rule."""
    if flow.rule not in RULES:
        raise AccountingError(
            f"no allocation rule {flow.rule!r}",
            where=f"{flow.activity.slug}.allocation",
            mend=f"one of {', '.join(RULES)}",
        )
    return RULES[flow.rule].device_lives(flow, parts)

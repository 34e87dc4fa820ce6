"""Which part of a device a project is charged: named rules (A8), and all users of a device (A7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..arguments import entry
from ..checks import one_of
from ..errors import AccountingError, LabelError, LcaError, MissingError
from ..formulas import shares
from ..graph.fields import Declared, Written, resolve
from ..graph.functions import maximum, select, stack, total
from ..graph.guard import Guard
from ..graph.node import Node
from ..graph.terms import apportioned
from ..hardware.hardware import Hardware
from ..inventory.activity import Activity, HardwareFlow, Summed
from ..sampling.evaluate import nominal_values
from .dim_roles import Roles, labels_of
from .views import BURDENS

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Rule:
    """A named allocation rule: what it says, what it must know of a flow, and the device lives that it charges.

    `takes_share` is whether a stated share has an effect. `divides` is what `allocation_table` asks of
    every user of a device, where the rule divides one among them.
    """

    says: str
    needs: tuple[str, ...]
    device_lives: Callable[[HardwareFlow, Sequence[str]], Node | None]
    divides: Declared | None = None
    takes_share: bool = False


def _service_life(hardware: Hardware) -> Node:
    if hardware.service_life is None:
        raise MissingError.of("service_life_not_given", f"{hardware.slug}.service_life")
    return hardware.service_life


def _active(flow: HardwareFlow) -> Node:
    """Devices by time of running; where a share of memory, cores or slices is stated, that share of them."""
    life = _service_life(flow.hardware)
    if flow.share is None:
        return shares.active_devices(flow.devices, flow.running, life)
    return shares.shared_devices(flow.devices, flow.running, life, flow.share)


def _new_devices(devices: Node) -> Node:
    """Of devices by year, those beyond the highest number so far: the same devices are not new in each year.

    Devices that are idle in a smaller year are kept, and used again before others are bought.
    """
    if not (labels := labels_of(devices, "year")):
        return devices
    peak = select(devices, "year", labels[0])
    new = {labels[0]: peak}
    for label in labels[1:]:
        highest = maximum(select(devices, "year", label), peak)
        new[label], peak = highest - peak, highest
    return stack(new, "year")


def _whole(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    """Whole devices for all the time; of devices by year, the new ones of each for the time that is left."""
    devices, period, lifetime = flow.devices, flow.period, flow.hardware.lifetime
    assert period is not None
    for dim in period.dim_names:  # five trainings run one after another on one desk, not on five
        if dim in parts and dim not in devices.dim_names:
            period = total(period, over=dim)
    if not (labels := labels_of(devices, "year")):
        return shares.whole_devices(devices, period, lifetime)
    times, new = ([select(node, "year", label) for label in labels] for node in (period, _new_devices(devices)))
    left = [sum(times[at + 1 :], times[at]) for at in range(len(labels))]
    bought = [shares.whole_devices(count, time, lifetime) for count, time in zip(new, left, strict=True)]
    return stack(dict(zip(labels, bought, strict=True)), "year")


_TIME, _SHARE, _VALUE = Declared(("s",)), Declared(("",), bare=True, high=1.0), Declared(("",), bare=True)

RULES = {
    "reserved_time": Rule(
        "calendar time held over calendar lifetime", ("period",),
        lambda flow, _: shares.reserved_devices(flow.devices, flow.period, flow.hardware.lifetime), _TIME,
    ),
    "active_time": Rule(
        "time of running, or a stated share of it, over the life of running", ("running",),
        lambda flow, _: _active(flow), _TIME, takes_share=True,
    ),
    "share": Rule(
        "a stated share of calendar time held over calendar lifetime", ("period", "share"),
        lambda flow, _: shares.shared_devices(flow.devices, flow.period, flow.hardware.lifetime, flow.share), _SHARE,
        takes_share=True,
    ),
    "economic_value": Rule(
        "the value of this use over the value of all uses of a life", ("share",),
        lambda flow, _: shares.valued_devices(_new_devices(flow.devices), flow.share), _VALUE, takes_share=True,
    ),
    "whole_units": Rule(
        "whole devices, bought for this activity alone and used by its parts in turn", ("period",), _whole,
    ),
    "first_use": Rule(
        "whole devices to this use, the first; later uses are charged nothing", ("period",), _whole, _TIME,
    ),
    "devices_made": Rule(
        "every device that the fleet makes: deliveries, spares and replacements", ("made",),
        lambda flow, _: flow.made,
    ),
    "none": Rule("nothing", (), lambda flow, _: shares.uncharged_devices(flow.devices)),
}  # fmt: skip
#: The message and the field of an activity, where a rule lacks what it needs of a flow.
_LACKING = {
    "period": ("time_held_not_given", "duration"), "running": ("time_held_not_given", "duration"),
    "share": ("share_not_given", "share"), "made": ("fleet_not_given", "fleet"),
}  # fmt: skip


def device_lives(flow: HardwareFlow, roles: Roles) -> Node:
    """The device lives that a flow is charged, [device].

    A life is intensive: it may differ over parts only where the devices or their time do (D5).

    Raises `DomainError` for an unknown rule, `MissingError` where a rule lacks what it needs, `AccountingError`
    for a life by parts that nothing else differs by.
    """
    activity, hardware = flow.activity.slug, flow.hardware
    rule = RULES[one_of(flow.rule, tuple(RULES), "allocation rule", f"{activity}.allocation")]
    for need in rule.needs:
        if getattr(flow, need) is None:
            message, field = _LACKING[need]
            raise MissingError.of(message, f"{activity}.{field}")
    lives = rule.device_lives(flow, (*roles.parts, "year"))
    assert lives is not None  # what the rule needs is there
    amounts = [node for node in (flow.devices, flow.period, flow.running, flow.share, flow.made) if node is not None]
    for life in (hardware.lifetime, hardware.service_life):
        if life is not None and not set(roles.of(life)) <= {name for node in amounts for name in node.dim_names}:
            roles.multiplies(life, amounts[0], f"{activity}, {hardware.slug}")
    return apportioned(lives, roles.of(lives)).named(f"{activity}: lives of {hardware.slug}")


def unused_shares(activities: Iterable[Activity]) -> dict[str, LcaError]:
    """Shares that are stated and that the rule does not take, by path, with what to say of each."""
    found: dict[str, LcaError] = {}
    for activity in activities:
        taken = activity.machines and RULES[activity.allocation].takes_share
        if activity.share is not None and not taken:
            where = f"{activity.slug}.share"
            rule = f"allocation={activity.allocation!r}" if activity.machines else "no hardware: on= is not given"
            found[where] = AccountingError.of("share_without_use", where, rule=rule)
    return found


# --- all users of a device together (A7) ---------------------------------------------------------------

#: What a machine needs to run, and what a figure for an accelerator alone may leave out.
_AROUND = ("power_supply", "enclosure")


def charge_notes(flows: Sequence[HardwareFlow]) -> list[str]:
    """What a study says of its rules: what no figure holds, use that is charged nothing (A8), lives that two records
    state of one fleet, and a second charge after a first use (A7).

    A record is a kind of device: whether two activities hold the same devices of it is not known here.
    """
    notes = _bare_devices({flow.hardware: None for flow in flows})
    charged = [flow for flow in flows if flow.rule != "none"]
    for flow in flows:
        activity, hardware = flow.activity.slug, flow.hardware.slug
        others = [f"{o.activity.slug} by {o.rule}" for o in charged if o.hardware is flow.hardware and o is not flow]
        if flow.made is not None and flow.rule != "devices_made":
            notes.append(
                f"{activity} has a fleet with a life of its own, and is charged by the lifetime of "
                f"{hardware}: one lca.parameter as both makes them one life"
            )
        if flow.rule == "none":
            notes.append(f"{activity} runs on {hardware} and is charged nothing of it")
        if flow.rule == "first_use" and others:
            notes.append(
                f"{activity} runs on {hardware} as its first use and is charged all of it, and others are charged, "
                f"too: {', '.join(others)}; right for other devices of this kind, else they are charged twice"
            )
    return notes


def _bare_devices(devices: Iterable[Hardware]) -> list[str]:
    """What stands around a device that is counted from its parts, and is not one of them."""
    notes = []
    for hardware in devices:
        contents = frozenset(hardware.contents)
        lacking = [word.replace("_", " ") for word in _AROUND if word not in contents]
        if contents and "host" not in contents and lacking:
            notes.append(
                f"{hardware.slug} is counted without {' and '.join(lacking)}: where something carries it, that is "
                "hardware of its own, or a part (host.per(8))"
            )
    return notes


def shares_of_one(flows: Sequence[HardwareFlow], summed: Summed) -> list[Guard]:
    """Stated shares of one device by deployments in the same years are one device at most (A7)."""
    by_year: dict[tuple[str, int], dict[str, Node]] = {}
    for flow in flows:
        if flow.rule == "share" and flow.share is not None and flow.activity.stage == "use":
            for year in flow.activity.years:
                by_year.setdefault((flow.hardware.slug, year), {})[flow.activity.slug] = summed(flow.share, ())
    together = {(device, tuple(stated)): stated for (device, _), stated in by_year.items() if len(stated) > 1}
    found = []
    for (device, users), stated in together.items():
        first, *rest = stated.values()
        found.append(Guard(sum(rest, first), device, "shares_above_one", high=1.0, sides=users, kind=AccountingError))
    return found


#: The rows beside the users.
_LEFT, _WHOLE = "not allocated", "whole"


@entry
def allocation_table(
    hardware: Hardware, *, uses: Mapping[str, Written], rule: str = "reserved_time"
) -> pandas.DataFrame:
    """The life of one device divided among all who use it (A7; ISO 14044, 4.3.4).

    Parameters
    ----------
    hardware : Hardware
        The device.
    uses : mapping of str to quantity
        What the rule divides by, for each user in the order of use. "reserved_time" and "first_use" take times held,
        "active_time" times of running, "share" shares of the device over its life. "economic_value" takes values, plain
        numbers in one currency.
    rule : str
        The allocation rule (docs/allocation.md).

    Returns
    -------
    pandas.DataFrame
        A row for each user, one for what is not allocated and one for the whole. `share` sums to 1. `burden` is
        manufacturing, distribution and end of life as far as they are given, [kg CO2e], nominal.

    Raises
    ------
    AccountingError
        If there are no uses, they exceed the whole, or a user is named as a row of the table.
    DomainError
        If the rule does not divide a device.
    LabelError
        If a value varies over a dim.

    Examples
    --------
    >>> from lca.hardware.hardware import Hardware
    >>> desk = Hardware("desk", embodied="350 kg CO2e", lifetime="4 year")
    >>> allocation_table(desk, uses={"training": "1 year", "thesis": "2 year"})["share"].to_dict()
    {'training': 0.25, 'thesis': 0.5, 'not allocated': 0.25, 'whole': 1.0}
    """
    import pandas

    dividing = {name: rule.divides for name, rule in RULES.items() if rule.divides is not None}
    declared = dividing[one_of(rule, tuple(dividing), "allocation rule for several users", "rule")]
    if not uses:
        raise AccountingError.of("device_without_users", hardware.slug)
    if taken := [name for name in (_LEFT, _WHOLE) if name in uses]:
        raise AccountingError.of("user_named_as_a_row", hardware.slug, name=taken[0])
    given = {name: _number(resolve(one, declared, key=f"{hardware.slug}/{name}")) for name, one in uses.items()}
    owed = _divided(hardware, given, rule)
    burden = sum(_number(node) for field in BURDENS.values() if (node := getattr(hardware, field)) is not None)
    left = 1 - math.fsum(owed.values())
    if left < -1e-9:
        raise AccountingError.of("uses_above_one", hardware.slug, [f"{name}: {one:.4g}" for name, one in owed.items()])
    rows = {**owed, _LEFT: left if left > 1e-12 else 0.0, _WHOLE: 1.0}
    table = pandas.DataFrame(
        {"share": list(rows.values()), "burden": [share * burden for share in rows.values()], "unit": "kg CO2e"},
        index=pandas.Index(rows, name="use"),
    )
    table.attrs["note"] = f"one {hardware.name}, allocated by {rule} ({RULES[rule].says}); nominal values"
    return table


def _divided(hardware: Hardware, given: Mapping[str, float], rule: str) -> dict[str, float]:
    """The share of each user: what is given for it, over the whole that the rule divides."""
    if rule == "first_use":
        return {name: float(position == 0) for position, name in enumerate(given)}
    if rule == "share":
        return dict(given)
    if rule == "economic_value":
        whole = math.fsum(given.values())
    else:
        whole = _number(hardware.lifetime if rule == "reserved_time" else _service_life(hardware))
    if not whole > 0:
        raise AccountingError.of("nothing_to_divide", hardware.slug)
    return {name: shares.value_share(one, whole) for name, one in given.items()}


def _number(node: Node) -> float:
    """The nominal value of one value, in root units."""
    if node.dims:
        raise LabelError.of("device_divided_over_a_dim", node.short, dims=", ".join(node.dim_names))
    return float(nominal_values({"value": node})["value"])

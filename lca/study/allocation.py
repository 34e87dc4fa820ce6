"""Which part of a device a project owes: named rules (A8), and who owes the rest (A7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..arguments import entry
from ..errors import AccountingError, LabelError, LcaError, MissingError
from ..expression.functions import maximum, select, stack, total
from ..expression.guard import Guard
from ..expression.node import Node
from ..expression.value import Declared, resolve
from ..formulas import (
    active_devices,
    reserved_devices,
    shared_devices,
    uncharged_devices,
    value_share,
    valued_devices,
    whole_devices,
)
from ..impact.hardware import Hardware
from ..inventory.activity import Activity, HardwareFlow, Summed
from ..sampling.evaluate import nominal_values


@dataclass(frozen=True)
class Rule:
    """A named allocation rule: what it says, the device lives it charges, and what it must know of a flow."""

    name: str
    says: str
    device_lives: Callable[[HardwareFlow, Sequence[str]], Node]
    needs: tuple[str, ...] = ()


def _reserved(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    return reserved_devices(flow.devices, flow.period, flow.hardware.lifetime)  # type: ignore[no-any-return]


def _active(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    return active_devices(flow.devices, flow.running, _service_life(flow.hardware))  # type: ignore[no-any-return]


def _service_life(hardware: Hardware) -> Node:
    if hardware.service_life is None:
        raise MissingError(
            "time of running needs a life of running",
            where=f"{hardware.slug}.service_life",
            fix='service_life="20000 h", or allocation="reserved_time"',
        )
    return hardware.service_life  # type: ignore[no-any-return]


def _shared(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    return shared_devices(flow.devices, flow.period, flow.hardware.lifetime, flow.share)  # type: ignore[no-any-return]


def _valued(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    return valued_devices(_new_devices(flow.devices), flow.share)  # type: ignore[no-any-return]


def _new_devices(devices: Node) -> Node:
    """Of devices by year, those beyond the highest number so far: the same devices are not new in each year.

    What stands idle in a smaller year is kept, and comes back before anything is bought.
    """
    labels = next((dim.labels for dim in devices.dims if dim.name == "year"), ())
    if not labels:
        return devices
    peak = select(devices, "year", labels[0])
    new = {labels[0]: peak}
    for label in labels[1:]:
        highest = maximum(select(devices, "year", label), peak)
        new[label], peak = highest - peak, highest
    return stack(new, "year")  # type: ignore[no-any-return]


def _whole(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    devices, period = flow.devices, flow.period
    assert period is not None
    for dim in period.dim_names:  # five trainings run one after another on one desk, not on five
        if dim in parts and dim not in devices.dim_names:
            period = total(period, over=dim)
    if "year" in devices.dim_names:
        return _whole_by_year(devices, period, flow.hardware.lifetime)
    return whole_devices(devices, period, flow.hardware.lifetime)  # type: ignore[no-any-return]


def _whole_by_year(devices: Node, period: Node, lifetime: Node) -> Node:
    """New devices are bought in their year, for the time that is left."""
    labels = next(dim for dim in devices.dims if dim.name == "year").labels
    times, new = ([select(node, "year", label) for label in labels] for node in (period, _new_devices(devices)))
    bought = {
        label: whole_devices(new[at], sum(times[at + 1 :], times[at]), lifetime) for at, label in enumerate(labels)
    }
    return stack(bought, "year")  # type: ignore[no-any-return]


def _made(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    assert flow.made is not None
    return flow.made


def _nothing(flow: HardwareFlow, parts: Sequence[str]) -> Node:
    return uncharged_devices(flow.devices)  # type: ignore[no-any-return]


RULES = {
    rule.name: rule
    for rule in (
        Rule("reserved_time", "calendar time held over calendar lifetime", _reserved, ("period",)),
        Rule("active_time", "time of running over the life of running", _active, ("running",)),
        Rule("share", "a stated share of calendar time held over calendar lifetime", _shared, ("period", "share")),
        Rule("economic_value", "the value of this use over the value of all uses of a life", _valued, ("share",)),
        Rule("whole_units", "whole devices, bought for this activity alone and used by its parts in turn", _whole,
             ("period",)),
        Rule("first_use", "whole devices to this use, the first; whoever uses them later owes nothing", _whole,
             ("period",)),
        Rule("devices_made", "every device that the fleet makes: deliveries, spares and replacements", _made,
             ("made",)),
        Rule("none", "nothing", _nothing),
    )
}  # fmt: skip

_LACKING = {
    "period": (
        "hardware is charged by the time it is held, and no duration is given", "duration",
        "give duration=: the whole run, in calendar time",
    ),
    "running": (
        "hardware is charged by the time it runs, and no duration is given", "duration",
        "give duration=: the whole run, in calendar time",
    ),
    "share": (
        "a rule that charges a stated share, and no share is stated", "share",
        'share=0.25: of the memory, the cores, the slices ("share"), or of the value of all uses ("economic_value")',
    ),
    "made": (
        "a rule that counts the devices a fleet makes, and no fleet of one kind of hardware is given", "fleet",
        "Deployment(..., on=hardware, fleet=lca.Fleet(...)), or another rule",
    ),
}  # fmt: skip


def device_lives(flow: HardwareFlow, *, parts: Sequence[str] = ()) -> Node:
    """The device lives that a flow is charged, [device].

    Raises `AccountingError` for an unknown rule, `MissingError` where a rule lacks what it needs.
    """
    _check_rule(flow, flow.rule)
    return RULES[flow.rule].device_lives(flow, (*parts, "year"))


def unused_shares(activities: Iterable[Activity]) -> dict[str, LcaError]:
    """Shares that are stated and that the rule does not ask for, by path, with what to say of each."""
    found: dict[str, LcaError] = {}
    for activity in activities:
        rule = RULES.get(activity.allocation)
        if activity.share is not None and not (activity.machines and rule and "share" in rule.needs):
            found[f"{activity.slug}.share"] = AccountingError(
                "a share is stated, and no rule asks for one",
                where=f"{activity.slug}.share",
                sides=[f"allocation={activity.allocation!r}" if activity.machines else "no hardware: on= is not given"],
                fix='allocation="share" or "economic_value" with on=, or leave share= out',
            )
    return found


def _check_rule(flow: HardwareFlow, name: Any) -> None:
    if name not in tuple(RULES):
        raise AccountingError(
            f"no allocation rule {name!r}",
            where=f"{flow.activity.slug}.allocation",
            fix=f"one of {', '.join(RULES)}",
        )
    for need in RULES[name].needs:
        if getattr(flow, need) is None:
            what, field, fix = _LACKING[need]
            raise MissingError(what, where=f"{flow.activity.slug}.{field}", fix=fix)


# --- all users of a device together (A7) ---------------------------------------------------------------


def charge_notes(flows: Sequence[HardwareFlow]) -> list[str]:
    """What a study says of its rules: use that is charged nothing (A8), and a second charge after a first use (A7).

    A record is a kind of device: whether two activities hold the same devices of it, their author knows.
    """
    notes = _beside(flows)
    for flow in flows:
        used = f"{flow.activity.slug} runs on {flow.hardware.slug}"
        if flow.rule == "none":
            notes.append(f"{used} and is charged nothing of it")
        if flow.rule == "first_use":
            others = [
                f"{other.activity.slug} by {other.rule}"
                for other in flows
                if other.hardware is flow.hardware and other is not flow and other.rule != "none"
            ]
            if others:
                notes.append(
                    f"{used} as its first use and is charged all of it, and others are charged, too: "
                    f"{', '.join(others)}; right for other devices of this kind, else they are charged twice"
                )
    return notes


def shares_of_one(flows: Sequence[HardwareFlow], summed: Summed) -> list[Guard]:
    """Stated shares of one device by deployments in the same years are one device at most (A7)."""
    by_year: dict[tuple[str, int], dict[str, Node]] = {}
    for flow in flows:
        if flow.rule == "share" and flow.share is not None and flow.activity.stage == "use":
            for year in flow.activity.years:
                by_year.setdefault((flow.hardware.slug, year), {})[flow.activity.slug] = summed(flow.share, ())
    together = {(device, tuple(shares)): shares for (device, _), shares in by_year.items() if len(shares) > 1}
    return [
        Guard(
            sum(shares.values()), device, "shares_above_one", high=1.0, sides=users, kind=AccountingError,  # type: ignore[arg-type]
        )
        for (device, users), shares in together.items()
    ]  # fmt: skip


#: What a machine needs to run, and what a figure for an accelerator alone may leave out.
_AROUND = ("power_supply", "enclosure")


def _beside(flows: Sequence[HardwareFlow]) -> list[str]:
    """What stands around a device and is in no figure of it, and lives that two records state of one fleet."""
    notes: list[str] = []
    for hardware in {id(flow.hardware): flow.hardware for flow in flows}.values():
        contents = frozenset(hardware.contents)
        lacking = [word.replace("_", " ") for word in _AROUND if word not in contents]
        if contents and "host" not in contents and lacking:
            notes.append(
                f"{hardware.slug} is counted without {' and '.join(lacking)}: where something carries it, that is "
                "hardware of its own, or a part (host.per(8))"
            )
    for flow in flows:
        if flow.made is not None and flow.rule != "devices_made":
            notes.append(
                f"{flow.activity.slug} has a fleet with a life of its own, and is charged by the lifetime of "
                f"{flow.hardware.slug}: one lca.parameter as both makes them one life"
            )
    return notes


#: The rows beside the users.
_LEFT, _WHOLE = "not allocated", "whole"
#: What each rule that divides one device among its users asks of every user.
_DIVIDED_BY = {
    "reserved_time": Declared(("s",)),
    "active_time": Declared(("s",)),
    "share": Declared(("",), bare=True, high=1.0),
    "economic_value": Declared(("",), bare=True),
    "first_use": Declared(("s",)),
}


@entry
def allocation_table(hardware: Hardware, *, uses: Mapping[str, Any], rule: str = "reserved_time") -> Any:
    """The life of one device divided among all who use it: shares that sum to one, and what nobody uses (A7).

    `uses` gives what the rule divides by, for each user in the order of use: times held ("reserved_time",
    "first_use"), times of running ("active_time"), shares of the device over its life ("share"), or values
    ("economic_value", plain numbers in one currency). Returns a pandas DataFrame, a row for each user, one for
    what was not allocated and one for the whole, with `share`, and `burden` in kg CO2e: manufacturing,
    distribution and end of life as far as they are given. Nominal values.

    Raises `AccountingError` for more than the whole, and for a rule that does not divide a device.

    >>> from lca.impact.hardware import Hardware
    >>> desk = Hardware("desk", embodied="350 kg CO2e", lifetime="4 year")
    >>> allocation_table(desk, uses={"training": "1 year", "thesis": "2 year"})["share"].to_dict()
    {'training': 0.25, 'thesis': 0.5, 'not allocated': 0.25, 'whole': 1.0}
    """
    import pandas

    shares = _shares(hardware, _given(hardware, uses, rule), rule)
    burden = sum(_number(node) for name in ("embodied", "distribution", "end_of_life")
                 if (node := getattr(hardware, name)) is not None)  # fmt: skip
    left = 1 - math.fsum(shares.values())
    if left < -1e-9:
        raise AccountingError(
            "more than the whole of a device is allocated",
            where=hardware.slug,
            sides=[f"{name}: {share:.4g}" for name, share in shares.items()],
            fix="shares over all users and all years sum to one at most (A7)",
        )
    rows = {**shares, _LEFT: left if left > 1e-12 else 0.0, _WHOLE: 1.0}
    table = pandas.DataFrame(
        {"share": list(rows.values()), "burden": [share * burden for share in rows.values()], "unit": "kg CO2e"},
        index=pandas.Index(rows, name="use"),
    )
    table.attrs["note"] = f"one {hardware.name}, allocated by {rule} ({RULES[rule].says}); nominal values"
    return table


def _given(hardware: Hardware, uses: Mapping[str, Any], rule: str) -> dict[str, float]:
    if rule not in tuple(_DIVIDED_BY):
        raise AccountingError(
            f"{rule!r} does not divide a device among its users"
            if rule in tuple(RULES)
            else f"no allocation rule {rule!r}",
            where="rule",
            fix=f"one of {', '.join(_DIVIDED_BY)}",
        )
    if not uses:
        raise AccountingError("no users of a device", where=hardware.slug, fix='uses={"training": "1 year", ...}')
    if taken := [name for name in (_LEFT, _WHOLE) if name in uses]:
        raise AccountingError(f"{taken[0]!r} is a row of its own, and no user", where=hardware.slug, fix="rename it")
    declared = _DIVIDED_BY[rule]
    return {name: _number(resolve(v, declared, key=f"{hardware.slug}/{name}")) for name, v in uses.items()}


def _shares(hardware: Hardware, given: Mapping[str, float], rule: str) -> dict[str, float]:
    if rule == "first_use":
        return {name: float(position == 0) for position, name in enumerate(given)}
    if rule == "share":
        return dict(given)
    if rule == "economic_value":
        whole = math.fsum(given.values())
        if not whole > 0:
            raise AccountingError("uses without any value", where=hardware.slug, fix="give values above zero")
        return {name: value_share(value, whole) for name, value in given.items()}
    life = hardware.lifetime if rule == "reserved_time" else _service_life(hardware)
    return {name: reserved_devices(1.0, time, _number(life)) for name, time in given.items()}


def _number(node: Node) -> float:
    """The nominal value of one value, in root units."""
    if node.dims:
        raise LabelError(
            "a device is divided for one label at a time", where=node.short, fix="select a label: .sel(...)"
        )
    return float(nominal_values({"value": node})["value"])

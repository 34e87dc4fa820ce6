"""Hardware from the bottom up, through the public names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from published_cases import Case, Ours

import lca
from lca.units.parse import parse_unit


def magnitude(node: Any, unit: str) -> float:
    """A node evaluated, in a unit."""
    found = lca.nominal({"value": node}).data["value"]
    return float(found) * parse_unit(found.attrs["unit"])[0] / parse_unit(unit)[0]


# --- each kind of case, as a user would write it -------------------------------------------------------


def act_logic(case: Case) -> dict[str, float]:
    """ACT's carbon per area is that of a die of 1 cm^2; its fab is stated as electricity at the fab's meter."""
    stated = dict(
        area="1 cm^2",
        fab=lca.Electricity(intensity=case["ci_fab"], region="the fab", year=2022),
        fab_energy=case["epa"],
        materials=case["mpa"],
    )
    die = lca.Die("die", gases=case["gpa"], yield_=case.number("fab_yield"), **stated)
    energy = lca.Die("energy part", yield_=1.0, **{**stated, "materials": "0 kg CO2e/cm^2"}, gases="0 kg CO2e/cm^2")
    return {
        "cpa": magnitude(die.embodied, "g CO2e/device"),
        "energy_part": magnitude(energy.embodied, "g CO2e/device"),
    }


def act_storage(case: Case) -> dict[str, float]:
    """ACT divides its factors per capacity by a yield, and adds a package for each chip."""
    factor = lca.parameter("factor", case["cps"]) / case.number("fab_yield")
    bought = lca.Storage("storage", capacity=case["capacity"], factor=factor)
    packages = lca.Part("packages", fixed=case["package"], count=case.number("ics"), contents="dies")
    device = lca.Hardware.from_parts("device", [bought, packages], lifetime="5 year")
    return {"total": magnitude(device.embodied, "g CO2e/device")}


def nvidia_baseboard(case: Case) -> dict[str, float]:
    """Shares of the total are parts of the baseboard; a GPU owes an eighth of it."""
    shares = {"memory": ("memory",), "ics": ("dies", "switches"), "thermal": ("cooling",)}
    total = lca.parameter("total", case["total"])
    parts = [lca.Part(name, embodied=case.number(name) * total, contents=words) for name, words in shares.items()]
    rest = 1 - sum(case.number(name) for name in shares)
    parts.append(lca.Part("other", embodied=rest * total, contents=("board", "assembly")))
    board = lca.Hardware.from_parts("HGX H100", parts, lifetime="5 year")
    found = {f"{part.name}_kg": magnitude(part.embodied, "kg CO2e/device") for part in parts}
    return {**found, "per_gpu": magnitude(board.per(case.number("gpus")).embodied, "kg CO2e/device")}


def chips(case: Case, kind: str, name: str, amount: str, count: float = 1) -> lca.Part:
    """Boavizta's rule for processors, memory and storage: a factor per area of die, and one per piece."""
    stated = {"factor": case[f"{kind}_per_area"], "fixed": case[f"{kind}_fixed"]}
    return lca.Part(name, amount=amount, count=count, contents="dies" if kind == "cpu" else "memory", **stated)


def die_area(case: Case, capacity: str, density: str) -> str:
    return f"{case.number(capacity) / case.number(density)!r} cm^2"


def boavizta_component(case: Case) -> dict[str, float]:
    if "die" in case.inputs:
        part = chips(case, "cpu", "processor", case["die"])
    else:
        kind = "ram" if "ram_fixed" in case.inputs else "ssd"
        part = chips(case, kind, kind, die_area(case, "capacity", "density"))
    return {"gwp": magnitude(part.embodied, "kg CO2e/device")}


def boavizta_server(case: Case) -> dict[str, float]:
    server = lca.Hardware.from_parts(
        "server",
        [
            chips(case, "cpu", "processors", case["die"], case.number("cpus")),
            chips(case, "ram", "memory", die_area(case, "ram", "ram_density"), case.number("ram_units")),
            chips(case, "ssd", "storage", die_area(case, "ssd", "ssd_density")),
            lca.PowerSupply("supplies", mass=case["psu"], factor=case["psu_per_mass"], count=case.number("psu_units")),
            lca.Part("motherboard", embodied=case["motherboard"], contents="board"),
            lca.Part("case", embodied=case["rack_case"], contents="enclosure"),
            lca.Assembly("assembly", factor=case["assembly"]),
        ],
        lifetime="4 year",
    )
    return {"gwp": magnitude(server.embodied, "kg CO2e/device")}


def ecologits_share(case: Case) -> dict[str, float]:
    """A request holds its GPUs and their share of a server for its latency, with the others of its batch."""
    gb = 1.2 * case.number("total") * case.number("bits") / 8
    gpus = 2 ** math.ceil(math.log2(math.ceil(gb / case.number("gpu_memory"))))
    per_token = case.number("lat_alpha") * case.number("active") + case.number("lat_beta") * case.number("batch")
    latency = case.number("tokens") * (per_token + case.number("lat_gamma"))
    server = lca.Hardware("server", embodied=case["server_embodied"], lifetime=case["lifetime"], contents="host")
    gpu = lca.Part("GPU", embodied=case["gpu_embodied"], contents=("dies", "memory"))
    held = lca.Hardware.from_parts("GPU and host", [gpu, server.per(case.number("server_gpus"))],
                                   lifetime=case["lifetime"])  # fmt: skip
    devices = lca.parameter("gpus", f"{gpus} device")
    lives = lca.formulas.reserved_devices(devices, lca.parameter("latency", f"{latency!r} s"), held.lifetime)
    request = lca.formulas.hardware_impact(lives, held.embodied) / case.number("batch")
    return {"embodied_gwp": magnitude(request, "kg CO2e")}


def bloom(case: Case) -> dict[str, float]:
    """Server time is GPU time over the GPUs of a server; a life is its calendar time x the share it runs."""
    gpu_time = lca.parameter("gpu time", case["gpu_hours"])
    life = lca.parameter("calendar life", case["life"])
    found = {}
    for name, burden, running in (
        ("servers", "server_embodied", gpu_time / case.number("gpus")),
        ("gpu_cards", "gpu_embodied", gpu_time),
    ):
        device = lca.Hardware(name, embodied=case[burden], lifetime=life, service_life=life * case.number("usage"))
        lives = lca.formulas.active_devices(1, running, device.service_life)
        found[name] = magnitude(lca.formulas.hardware_impact(lives, device.embodied), "t CO2e")
    return {**found, "total": sum(found.values())}


KINDS: dict[str, Callable[[Case], dict[str, float]]] = {
    "act_storage": act_storage,
    "act_ssd": act_storage,
    "act": act_logic,
    "hgx": nvidia_baseboard,
    "boavizta_server": boavizta_server,
    "boavizta": boavizta_component,
    "ecologits": ecologits_share,
    "bloom": bloom,
}


def computed(case: Case) -> dict[str, Ours]:
    """Every output of a case."""
    if not case.outputs:
        return {}
    kind = next(kind for start, kind in KINDS.items() if case.name.startswith(start))
    return {name: Ours(value, value, value) for name, value in kind(case).items()}


def told(case: Case) -> dict[str, tuple[float, float, float]]:
    """5, 50 and 95 % of a device from its parts, in the unit of what its maker declares."""
    if not case.measured:
        return {}
    parts = lca.Hardware.lookup(case.names["hardware"], method="parts")
    draws = lca.monte_carlo({"value": parts.embodied}, draws=20_000, progress=False).data["value"]
    assert draws.attrs["unit"] == case.measured["embodied"].unit
    low, median, high = (float(draws.quantile(u)) for u in (0.05, 0.5, 0.95))
    return {"embodied": (low, median, high)}


def misses(case: Case) -> list[str]:
    """The outputs that are not met."""
    found = computed(case)
    return [
        name for name, figure in case.outputs.items() if not figure.reach[0] <= found[name].nominal <= figure.reach[1]
    ]

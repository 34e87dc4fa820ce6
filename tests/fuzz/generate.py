"""Random specs: every kind of activity, boundary, rule, part and scenario, each with a probability of its own."""

from __future__ import annotations

from typing import Any

from .generate_counts import add_inference, add_load
from .generate_hardware import add_hardware
from .generate_scenarios import add_scenarios
from .generate_servers import add_server
from .random_values import Dice, Spec
from .spec import SECTIONS, counts_of

RULES = ("reserved_time", "active_time", "share", "economic_value", "whole_units", "first_use", "none")
BOUNDARIES = ("component", "board", "wall", "facility")


def random_spec(seed: int) -> Spec:
    """The spec of a seed: the same on every machine."""
    dice = Dice(seed)
    spec: Spec = {section: {} for section in SECTIONS}
    spec["gas"] = dice.pick("CO2e", "CO2e", "CO2")
    if dice.chance(0.4):
        spec["meters"]["meter"] = dice.pick({"at": dice.pick(*BOUNDARIES), "accuracy": "4 %"},
                                            {"at": dice.pick(*BOUNDARIES), "u": "3 %"})  # fmt: skip
    spec["gwp"] = dice.pick("AR6", "AR6", "AR5", "AR4", "SAR")
    spec["water"] = dice.chance(0.2)
    start, period = _years(dice)
    for kind in dice.some("training", "development", chance=0.35):
        _add_training(dice, spec, kind, start)
    if dice.chance(0.9) or not spec["activities"]:
        add_deployment(dice, spec, "robots", start, period)
        if dice.chance(0.3):
            add_server(dice, spec, start, period)
    uses = [name for name, about in spec["activities"].items() if about["kind"] == "deployment"]
    spec["unit"] = {"count": {"u": "device", "v": dice.number(1, 9)}}
    if uses and dice.chance(0.8):
        of = dice.pick(*uses)
        spec["unit"] = {"of": of, "count": dice.pick(*counts_of(spec, of)), "times": dice.pick(1, 1, 0.001)}
    if dice.chance(0.45):
        add_scenarios(dice, spec)
    return spec


def _years(dice: Dice) -> tuple[int, Any]:
    start = dice.pick(2022, 2024, 2025)
    long = dice.number(1.2, 4.8)
    period: Any = dice.pick(
        long, float(round(long) or 1), ["uniform", long - 0.7, long], ["triangular", 0.5, 1.0, long]
    )
    return start, {"u": "year", "v": period}


def years_of(start: int, period: Any) -> list[int]:
    import math

    given = period["v"]
    return list(range(start, start + math.ceil((given[-1] if isinstance(given, list) else given) - 1e-9)))


def add_electricity(dice: Dice, spec: Spec, years: list[int], *, market: bool = False) -> str:
    """A new electricity: at the busbar or the facility, one value or one a year, CO2e or gases apart."""
    name = f"{'contract' if market else 'grid'}{len(spec['electricity'])}"
    gas, at = spec["gas"], dice.pick("busbar", "busbar", "facility")
    about: dict[str, Any] = {"intensity": dice.value(f"kg {gas}/(kWh at_{at})", 0.02, 0.9)}
    if years and dice.chance(0.3):
        about["intensity"] = dice.by_year(f"kg {gas}/(kWh at_{at})", 0.02, 0.9, sorted({*years, 2021, 2031}))
        if dice.chance(0.3):
            about["intensity"] = dice.by_year(f"g {gas}/(kWh at_{at})", 20, 900, list(range(2021, 2032)))
    if spec["water"] and dice.chance(0.9):
        about["water"] = dice.value(f"L/(kWh at_{at})", 0.2, 9)
    if at == "busbar":
        about["grid_loss"] = dice.value("", 0.01, 0.12, family="triangular")
    if gas == "CO2" and not market:
        for field, unit in (("methane", "CH4"), ("nitrous_oxide", "N2O")):
            about[field] = dice.value(f"g {unit}/(kWh at_{at})", 0.01, 0.2)
    if gas == "CO2" and market:
        about["methane"] = dice.value(f"g CH4/(kWh at_{at})", 0.01, 0.2)
        about["nitrous_oxide"] = dice.value(f"g N2O/(kWh at_{at})", 0.01, 0.2)
    if market:
        about["market"] = True
    spec["electricity"][name] = about
    return name


def add_site(dice: Dice, spec: Spec, boundary: str, years: list[int]) -> str:
    """A site that has the crossings that a boundary asks for, and often others."""
    need = {"component": 3, "board": 2, "wall": 1, "facility": 0}[boundary]
    if (shared := _fitting(spec, need, years)) and dice.chance(0.25):
        return str(dice.pick(*shared))
    name = f"site{len(spec['sites'])}"
    about: dict[str, Any] = {"electricity": add_electricity(dice, spec, years)}
    if need >= 1 or dice.chance(0.5):
        about["pue"] = dice.value("", 1.02, 1.9, family="uniform")
    if need >= 2 or dice.chance(0.5):
        about["supply_efficiency"] = dice.value("", 0.7, 0.98, family="triangular")
    if need == 3 or dice.chance(0.2):
        about["rest_of_machine"] = dice.value("W at_board", 0.5, 40)
    if spec["water"] and dice.chance(0.9):
        about["wue"] = dice.value("L/(kWh at_wall)", 0.0, 2)
    if dice.chance(0.25):
        about["market_electricity"] = add_electricity(dice, spec, years, market=True)
    spec["sites"][name] = about
    return name


def _fitting(spec: Spec, need: int, years: list[int]) -> list[str]:
    """The sites of a spec that have the crossings and the years that are needed."""
    crossings = ("pue", "supply_efficiency", "rest_of_machine")[:need]
    found = []
    for name, about in spec["sites"].items():
        grids = [spec["electricity"][g] for g in (about["electricity"], about.get("market_electricity")) if g]
        covered = all(set(years) <= set(g["intensity"]["v"]) for g in grids if "dim" in g["intensity"])
        if covered and all(crossing in about for crossing in crossings):
            found.append(name)
    return found


def _boundary(dice: Dice, spec: Spec) -> tuple[str, bool]:
    """Where something is measured, and whether by the meter of the spec."""
    if spec["meters"] and dice.chance(0.5):
        return spec["meters"]["meter"]["at"], True
    return dice.pick(*BOUNDARIES), False


def _allocate(dice: Dice, spec: Spec, about: dict[str, Any], rules: tuple[str, ...]) -> None:
    about["allocation"] = dice.pick(*rules)
    rule = about["allocation"]
    if rule in ("share", "economic_value") or (rule == "active_time" and dice.chance(0.3)):
        about["share"] = dice.value("", 0.05, 0.4, family="uniform")


def _add_training(dice: Dice, spec: Spec, kind: str, year: int) -> None:
    boundary, metered = _boundary(dice, spec)
    about: dict[str, Any] = {"kind": kind, "year": year - 1, "site": add_site(dice, spec, boundary, [year - 1])}
    dim = dice.pick(None, "model")
    on = dice.chance(0.6)
    if dice.chance(0.3):
        about["energy"] = dice.value(f"kWh at_{boundary}", 5, 400, dim=dim)
        if on or boundary == "component" or dice.chance(0.5):
            about["duration"] = dice.value("h", 20, 900, dim=dice.pick(None, dim))
    else:
        about["power"] = dice.value(f"W at_{boundary}", 60, 400, dim=dim)
        if dice.chance(0.5):
            about["duration"] = dice.value("h", 20, 900, dim=dice.pick(None, dim))
        else:
            about["window"] = dice.value("s", 50, 400, dim=dice.pick(None, dim))
            about["measured"] = {"u": "iteration", "v": 1000}
            about["planned"] = dice.value("iteration", 20_000, 300_000, dim=dice.pick(None, dim))
            about["pace"] = dice.value("", 0.5, 2)
    if metered:
        for field in ("energy", "power"):
            if field in about and dice.chance(0.8):
                about[field] = dice.reading(about[field])
    if dice.chance(0.4):
        about["devices"] = dice.value("device", 2, 9, family="uniform")
    if on:
        about["on"] = add_hardware(dice, spec)
        _allocate(dice, spec, about, RULES)
    spec["activities"][dice.pick("run", "pretraining") if kind == "training" else "trials"] = about


def add_deployment(dice: Dice, spec: Spec, name: str, start: int, period: Any) -> None:
    boundary, metered = _boundary(dice, spec)
    years = years_of(start, period)
    place = dice.pick(None, None, "loc")
    about: dict[str, Any] = {"kind": "deployment", "start": start, "period": period}
    about["inference"] = add_inference(dice, spec, boundary, metered)
    about["site"] = add_site(dice, spec, boundary, years)
    spread = dice.some("load", "active", "devices", chance=0.5) if place else []
    yearly = dice.some("load", "active", "idle", "devices", chance=0.15)

    def value(field: str, unit: str, low: float, high: float, **more: Any) -> Any:
        if field in yearly and field not in spread:
            return dice.by_year(unit, low, high, years)
        return dice.value(unit, low, high, dim=place if field in spread else None, **more)

    add_load(dice, spec, about, value, years)
    day = (0.05, 0.35) if spread and "devices" not in spread else (0.1, 0.6)
    about["active"] = value("active", "", *day, family="uniform")
    if dice.chance(0.5):
        about["idle"] = value("idle", "", 0.02, 0.28, family="uniform")
    about["idle_power"] = dice.value(f"W at_{boundary}", 0.3, 6)
    if metered and dice.chance(0.5):
        about["idle_power"] = dice.reading(about["idle_power"])
    if dice.chance(0.4):
        about["sleep_power"] = dice.value(f"W at_{boundary}", 0.05, 0.5)
    if "devices" not in spread and "devices" not in yearly and dice.chance(0.25):
        about["fleet"] = _add_fleet(dice, spec, years)
    elif "devices" in spread or dice.chance(0.9):
        about["devices"] = value("devices", "device", 2, 200, family="uniform")
    if dice.chance(0.3):
        _add_network(dice, spec, about, years)
    _run_on(dice, spec, about)
    spec["activities"][name] = about


def _run_on(dice: Dice, spec: Spec, about: dict[str, Any]) -> None:
    if not dice.chance(0.75):
        return
    about["on"] = add_hardware(dice, spec)
    rules = RULES if about.get("devices", {}).get("dim") != "year" and "fleet" not in about else RULES[:3]
    if "fleet" in about:
        rules = ("devices_made", "devices_made", *rules)
    _allocate(dice, spec, about, rules)
    if "fleet" not in about and dice.chance(0.15):
        more = add_hardware(dice, spec)
        about.setdefault("devices", {"u": "device", "v": 5.0})  # what is per device says of how many (A8)
        about["on"] = {about["on"]: dice.value("device", 2, 90, family="uniform"),
                       more: dice.value("device", 1, 9, family="uniform")}  # fmt: skip


def _add_fleet(dice: Dice, spec: Spec, years: list[int]) -> str:
    name = f"fleet{len(spec['fleets'])}"
    about: dict[str, Any] = {
        "deliveries": dice.by_year("device", 5, 90, years), "life": dice.value("year", 1.5, 7, family="uniform"),
        "shape": dice.pick(1, 2, 0.8, 3.5), "renewal": dice.pick("on_failure", "none"),
    }  # fmt: skip
    if dice.chance(0.5):
        about["spares"] = dice.value("", 0.02, 0.2, family="uniform")
    if dice.chance(0.4):
        about["steps"] = dice.pick(1, 2, 5)
    spec["fleets"][name] = about
    return name


def _add_network(dice: Dice, spec: Spec, about: dict[str, Any], years: list[int]) -> None:
    boundary = dice.pick("wall", "facility", "board")
    network = {"energy": dice.value(f"kWh at_{boundary}/GB", 0.005, 0.2), "site": add_site(dice, spec, boundary, years)}
    if dice.chance(0.3):
        network["energy"] = dice.by_year(f"kWh at_{boundary}/GB", 0.005, 0.2, years)
    name = f"network{len(spec['networks'])}"
    spec["networks"][name] = network
    about["network"] = name
    count = dice.pick(*counts_of(spec, about))
    about["traffic"] = dice.value(f"kB/{count}", 1, 90)
    if dice.chance(0.2):
        about["traffic"] = dice.by_year(f"kB/{count}", 1, 90, years)

"""The reference problem through the public names of lca: as plain nodes, as a study, and over its grid of scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import lca
from lca import functions as f

from . import problem as ref

FAMILIES = {
    "lognormal": lambda median, gsd: lca.Lognormal(median, gsd=gsd),
    "normal": lca.Normal,
    "uniform": lca.Uniform,
    "triangular": lca.Triangular,
    "pert": lca.Pert,
}
GRID = dict(basis="life cycle", mix="production", averaging="average", accounting="location-based", gwp_set="AR6")
FIRST_YEAR = 2024
MODELS = tuple(f"model{i}" for i in range(1, len(ref.SECONDS) + 1))


def distribution(name: str) -> lca.Distribution:
    """The distribution of a parameter, in its unit."""
    family, numbers, unit = ref.PARAMETERS[name]
    if family == "lognormal":
        return lca.Lognormal(quantity(numbers[0], unit), gsd=numbers[1])
    return FAMILIES[family](*(quantity(x, unit) for x in numbers))


def quantity(number: float, unit: str) -> str | float:
    """A number with its unit as text; a plain number where it has none."""
    return f"{number!r} {unit}" if unit else number


def parameters() -> dict[str, Any]:
    """Every parameter of the problem under its name."""
    return {name: lca.parameter(name, distribution(name)) for name in ref.PARAMETERS}


def by_year(first: Any, kept: Any, years: int) -> list[Any]:
    """The intensity of each year, which keeps a share of itself from one to the next."""
    found = [first]
    while len(found) < years:
        found.append(found[-1] * kept)
    return found


def device_body(p: Mapping[str, Any]) -> Any:
    """The making of one device."""
    q = lca.quantity
    area = p["fab_energy"] * p["fab_grid"] + p["fab_gas"] + q(ref.FAB_MATERIALS, "kg CO2e/cm^2")
    die = p["die_area"] * area / p["die_yield"]
    parts = p["memory"] * q(ref.MEMORY_GB, "GB") + p["storage"] * q(ref.STORAGE_GB, "GB")
    return die + parts + q(ref.PACKAGING, "kg CO2e")


def nodes(given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Stages and total by plain arithmetic on parameters; `given` stands in place of some."""
    p, q = parameters() | dict(given or {}), lca.quantity
    energy = sum(p[f"watts_{i}"] * q(s * ref.THOUSANDS, "s") for i, s in enumerate(ref.SECONDS, 1))
    training = energy * p["runs"] * p["slowdown"] * p["pue"] * p["grid_training"]
    watts = p["joules"] * p["rate"] * p["duty"] + p["idle_watts"]
    year, intensities = q(1.0, "year"), by_year(p["grid_use"], 1 - p["decline"], ref.YEARS)
    weighted = sum(ci * f.clip(p["years"] - n * year, 0 * year, year) for n, ci in enumerate(intensities))
    use = watts * weighted * ref.DEVICES * q(1.0, "at_facility/at_wall")
    made = device_body(p) * ref.DEVICES * (p["years"] / q(ref.SERVICE_YEARS, "year"))
    ends = ref.DEVICES * (p["transport"] + p["end_of_life"])
    total = training + use + made + ends
    return {"training": training, "use": use, "manufacturing": made, "ends": ends, "total": total}


def study(years: int = ref.YEARS) -> lca.Study:
    """The problem as a study: what a user of the library writes. Other `years` stretch the years of use."""
    p, q = parameters(), lca.quantity
    if years != ref.YEARS:
        stretched = (f"{x * years / ref.YEARS!r} year" for x in ref.PARAMETERS["years"].numbers)
        p["years"] = lca.parameter("years", lca.Triangular(*stretched))
    hall = lca.Site("hall", pue=p["pue"], electricity=electricity("training grid", p["grid_training"]))
    powers = {model: lca.Normal(*ref.PARAMETERS[f"watts_{i}"].numbers) for i, model in enumerate(MODELS, 1)}
    training = lca.Training.extrapolated(
        "training",
        duration=lca.labelled(dict(zip(MODELS, ref.SECONDS, strict=True)), "s", dim="model"),
        power=lca.labelled(powers, "W at_wall", dim="model"),
        measured=1000,
        planned=p["runs"] * p["slowdown"] * q(1000 * ref.THOUSANDS, "iteration"),
        site=hall,
        pace=1,  # the spread of the rest of a run is the slowdown of the problem
    )
    use = deployment(p, years)
    unit = lca.FunctionalUnit("the inferences of the fleet", count=use.inferences)
    left_out = {"development": lca.outside_goal("not in the reference problem")}
    return lca.Study("reference", training, use, functional_unit=unit, parts=("model",), excluded=left_out)


def electricity(name: str, intensity: Any) -> lca.Electricity:
    """The electricity of a place of the problem."""
    return lca.Electricity(name, intensity=intensity, at="facility", region=name, **GRID)


def yearly(p: Mapping[str, Any], years: int) -> Any:
    """The intensity of the grid of the devices, over years."""
    series = by_year(p["grid_use"], 1 - p["decline"], years)
    return f.stack(dict(zip(range(FIRST_YEAR, FIRST_YEAR + years), series, strict=True)), "year")


def deployment(p: Mapping[str, Any], years: int) -> lca.Deployment:
    """The fleet in use. The problem charges transport and end of life in full, whatever the years of use."""
    field = lca.Site("field", pue=1.0, electricity=electricity("fleet grid", yearly(p, years)))
    whole = 1 / (p["years"] / lca.quantity(ref.SERVICE_YEARS, "year"))
    device = lca.Hardware(
        "device",
        embodied=device_body(p),
        lifetime=f"{ref.SERVICE_YEARS} year",
        distribution=p["transport"] * whole,
        end_of_life=p["end_of_life"] * whole,
    )
    return lca.Deployment(
        "robots",
        lca.Inference("engine", p["joules"], per="inference", baseline="marginal"),
        on=device,
        site=field,
        devices=ref.DEVICES,
        start=FIRST_YEAR,
        period=p["years"],
        load=p["rate"],
        active=p["duty"],
        idle=1 - p["duty"],  # the problem's idle power flows all day
        idle_power=p["idle_watts"],
        allocation="reserved_time",
    )


def grid_study(
    regions: int = len(ref.REGIONS), lifetimes: int = len(ref.LIFETIMES), engines: int = len(ref.ENGINES)
) -> lca.Study:
    """The study over so many scenarios of each kind, by `Study.vary`: by default the grid of the problem."""
    return over_lifetimes(over_regions(over_engines(study(), engines), regions), lifetimes)


def over_engines(one: lca.Study, count: int) -> lca.Study:
    """The study with so many engines as alternatives; beyond three, evenly spread ones."""
    unit, spread = ref.PARAMETERS["joules"].unit, ref.PARAMETERS["joules"].numbers[1]
    medians = ref.ENGINES[:count] if count <= len(ref.ENGINES) else [0.386 + 0.138 * i / count for i in range(count)]
    joules = {f"engine{i}": lca.Lognormal(f"{x!r} {unit}", gsd=spread) for i, x in enumerate(medians)}
    return one.vary("engine", {"engine.energy": joules})


def over_regions(one: lca.Study, count: int) -> lca.Study:
    """The study in so many regions, each with a grid of its own over the years."""
    p, unit, spread = parameters(), ref.PARAMETERS["grid_use"].unit, ref.PARAMETERS["grid_use"].numbers[1]
    firsts = (lca.parameter("grid_use", lca.Lognormal(f"{x!r} {unit}", gsd=spread)) for x in ref.REGIONS[:count])
    grids = {f"region{i}": yearly({**p, "grid_use": first}, ref.YEARS) for i, first in enumerate(firsts)}
    return one.vary("region", {"fleet-grid.intensity": grids})


def over_lifetimes(one: lca.Study, count: int) -> lca.Study:
    """The study with so many years of use as alternatives, of which each charges the ends in full."""
    p, chosen = parameters(), {f"{x} years": x for x in ref.LIFETIMES[:count]}
    changes: dict[str, dict[str, Any]] = {"robots.period": {label: f"{x!r} year" for label, x in chosen.items()}}
    for field, name in (("distribution", "transport"), ("end_of_life", "end_of_life")):
        changes[f"device.{field}"] = {label: p[name] * (ref.SERVICE_YEARS / x) for label, x in chosen.items()}
    return one.vary("life", changes)


def wide(parameters: int, salt: int = 0) -> dict[str, Any]:
    """A total of so many uncertain parameters: products of three, added up. `salt` changes the numbers."""
    masses = []
    for i in range(0, parameters, 3):
        mass = lca.Lognormal(f"{1 + 0.01 * i + 0.001 * salt!r} kg CO2e", gsd=1.1 + 0.1 * (i % 5))
        factors = (mass, lca.Uniform(0.1, 0.9), lca.Triangular(0.8, 1.0, 1.3))[: parameters - i]
        masses.append(math.prod(lca.parameter(f"value_{i + j}", one) for j, one in enumerate(factors)))
    return {"total": sum(masses[1:], masses[0])}

"""Operation: energy, PUE and intensity, through the public names.

A result is a product of its inputs, so its ends lie at theirs: all corners are evaluated, along a dim of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from published_cases import Case, Figure, Ours

import lca


def computed(case: Case) -> dict[str, Ours]:
    """Every output of a case, at the printed inputs and over their half-roundings."""
    return {output: Ours(results(case, output, corners=False)[0], *interval(case, output)) for output in case.outputs}


def given(case: Case, *, corners: bool) -> dict[str, Any]:
    """The inputs as values for the fields: the printed ones, or all corners along one dim."""
    if not corners:
        return {name: lca.quantity(float(f.value), f.unit) for name, f in case.inputs.items()}
    every = list(product(*(figure.ends for figure in case.inputs.values())))
    values: dict[str, Any] = {}
    for position, (name, figure) in enumerate(case.inputs.items()):
        along = {number: corner[position] for number, corner in enumerate(every)}
        values[name] = lca.labelled(along, figure.unit, dim="corner")
    return values


def training_of(case: Case, values: Mapping[str, Any]) -> lca.Training:
    """The activity: energy where the source prints it, power x time x devices elsewhere, at the component.

    Sources that measure or assume the power of processors put their PUE right on it: they do not count the rest
    of the machine, which `beyond` says.
    """
    site = lca.Site(f"{case.name} site", pue=values.get("pue"))
    if "facility_energy" in values:
        return lca.Training(case.name, energy=values["facility_energy"], at="facility", site=site)
    if "wall_energy" in values:
        return lca.Training(case.name, energy=values["wall_energy"], at="wall", site=site)
    return lca.Training(
        case.name,
        power=values["power"],
        duration=values["duration"],
        devices=values.get("devices", 1),
        at="component",
        beyond="not counted",
        site=site,
    )


def electricity_of(case: Case, values: Mapping[str, Any], output: str) -> lca.Electricity:
    """The intensity behind an output, per kWh at the facility: "co2e_net" comes from "intensity_net"."""
    name = output.replace("co2e", "intensity")
    return lca.Electricity(intensity=values[name], at="facility", key=f"{case.name}/{name}")


def node_of(case: Case, output: str, *, corners: bool) -> Any:
    """The node of one output of a case."""
    values = given(case, corners=corners)
    training = training_of(case, values)
    energy = training.site.at_facility(training.electricity.energy)
    if output == "energy":
        return energy
    return lca.formulas.electricity_impact(energy, electricity_of(case, values, output).intensity)


def results(case: Case, output: str, *, corners: bool) -> list[float]:
    """Nominal values of an output in the unit of its printed figure."""
    array = lca.nominal(node_of(case, output, corners=corners)).data["value"]
    return in_unit_of(case.outputs[output], output, array)


def in_unit_of(figure: Figure, output: str, array: Any) -> list[float]:
    """The numbers of a result in a printed unit, which states no boundary: energies are the facility's."""
    unit = f"{figure.unit} at_facility" if output == "energy" else figure.unit
    ratio = lca.quantity(array.values.ravel(), array.attrs["unit"]) / lca.quantity(1.0, unit)
    return [float(value) for value in ratio.to("").magnitude]


def interval(case: Case, output: str) -> tuple[float, float]:
    """What the half-roundings of the inputs make of an output."""
    found = results(case, output, corners=True)
    return min(found), max(found)


def meets(case: Case, output: str) -> bool:
    """Whether the inputs' interval and the printed output's have a value in common."""
    low, high = interval(case, output)
    bottom, top = case.outputs[output].reach
    return low <= top and bottom <= high

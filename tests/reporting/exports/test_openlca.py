"""The package for openLCA: every reference resolves, it solves to the nominal total (A7), olca-schema reads it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from brightway import by_brightway
from example_study import study
from inventory_sums import TOTAL, by_hand

import lca
from lca.errors import FileFormatError

SCRIPT = Path(__file__).with_name("openlca_by_brightway.py")


def files(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as package:
        return {name: json.loads(package.read(name)) for name in package.namelist()}


@cache
def fleet() -> Any:
    return lca.openlca(study())


def of_type(data: Any, kind: str) -> dict[str, Any]:
    return {one["@id"]: one for one in data.values() if one.get("@type") == kind}


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Every reference in an object, and itself."""
    if isinstance(value, dict):
        if "@id" in value:
            yield value["@type"], value["@id"]
        for one in value.values():
            yield from references(one)
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def solved(data: Any, system: Any) -> float:
    """What a product system counts: its matrix is solved, with units converted by their groups."""
    size = {unit["@id"]: unit["conversionFactor"] for group in of_type(data, "UnitGroup").values()
            for unit in group["units"]}  # fmt: skip
    (category,) = of_type(data, "ImpactCategory").values()
    factors = {one["flow"]["@id"]: one["value"] / size[one["unit"]["@id"]] for one in category["impactFactors"]}
    order = [one["@id"] for one in system["processes"]]
    providers = {(one["process"]["@id"], one["exchange"]["internalId"]): one["provider"]["@id"]
                 for one in system["processLinks"]}  # fmt: skip
    matrix, counted = np.zeros((len(order), len(order))), np.zeros(len(order))
    for column, process in enumerate(order):
        for one in of_type(data, "Process")[process]["exchanges"]:
            amount = one["amount"] * size[one["unit"]["@id"]]
            if one["isQuantitativeReference"]:
                matrix[column, column] += amount
            elif provider := providers.get((process, one["internalId"])):
                assert one["isInput"]
                assert provider == one["defaultProvider"]["@id"]
                matrix[order.index(provider), column] -= amount
            else:
                assert not one["isInput"]  # an emission
                counted[column] += amount * factors[one["flow"]["@id"]]
    demand = np.eye(len(order))[order.index(system["refProcess"]["@id"])]
    amount = system["targetAmount"] * size[system["targetUnit"]["@id"]]
    return float(amount * (counted @ np.linalg.solve(matrix, demand)))


def test_a7_its_product_systems_sum_to_the_total_and_to_one_functional_unit(tmp_path: Path) -> None:
    data = files(lca.openlca(by_hand()).write(tmp_path / "run.zip"))
    found = {one["name"]: solved(data, one) for one in of_type(data, "ProductSystem").values()}
    assert found == pytest.approx(
        {"a run by hand: all that the study counts": TOTAL, "a run by hand: one functional unit": TOTAL / 3}, rel=1e-12
    )


def test_d2_each_alternative_has_a_product_system_that_sums_to_its_total() -> None:
    totals = lca.nominal(study()).data["total"]
    systems = [one for one in of_type(fleet().data, "ProductSystem").values() if one["name"].endswith("counts")]
    assert len(systems) == 10
    for one in systems:
        label = one["name"].split(": ")[1]
        assert solved(fleet().data, one) == pytest.approx(float(totals.sel(engine=label)), rel=1e-9)


def test_a7_an_amount_that_is_changed_in_the_file_changes_the_total(tmp_path: Path) -> None:
    path = lca.openlca(by_hand()).write(tmp_path / "run.zip")
    data = files(path)
    name, process = next((name, one) for name, one in data.items()
                         if one.get("@type") == "Process" and one["name"].startswith("run: training"))  # fmt: skip
    process["exchanges"][1]["amount"] *= 2
    with zipfile.ZipFile(path, "w") as package:
        for file, one in (data | {name: process}).items():
            package.writestr(file, json.dumps(one))
    system = next(one for one in of_type(files(path), "ProductSystem").values() if one["name"].endswith("counts"))
    assert solved(files(path), system) == pytest.approx(TOTAL + 69.6375, rel=1e-12)


def test_every_reference_is_an_object_of_the_package_and_every_file_is_named_after_its_object() -> None:
    data = fleet().data
    units = {unit["@id"] for group in of_type(data, "UnitGroup").values() for unit in group["units"]}
    known = {(one["@type"], one["@id"]) for one in data.values() if "@id" in one} | {("Unit", one) for one in units}
    asked = set(references(list(data.values())))
    assert asked == known
    assert all(name.endswith(f"/{one['@id']}.json") for name, one in data.items() if "@id" in one)
    assert data["openlca.json"] == {"schemaVersion": 2}


def test_each_process_gives_one_product_that_no_other_gives() -> None:
    given = [one["flow"]["@id"] for process in of_type(fleet().data, "Process").values()
             for one in process["exchanges"] if one["isQuantitativeReference"]]  # fmt: skip
    assert len(given) == len(set(given)) == len(of_type(fleet().data, "Process"))


def test_the_same_study_is_the_same_file_and_flows_are_shared_by_studies(tmp_path: Path) -> None:
    made, other = lca.openlca(by_hand()), lca.openlca(by_hand("40 kWh"), name="another")
    assert made.content == lca.openlca(by_hand()).content
    flows = [of_type(one.data, "Flow") for one in (made, other)]
    shared = {one["name"] for key, one in flows[0].items() if key in flows[1]}
    assert shared == {
        "Carbon dioxide, fossil", "Methane, fossil", "Dinitrogen monoxide", "Carbon dioxide equivalents, as published",
    }  # fmt: skip
    with pytest.raises(FileFormatError, match="zip"):
        made.write(tmp_path / "run.json")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (lca.Lognormal("80 kWh", gsd=1.5), {"distributionType": "LOG_NORMAL_DISTRIBUTION", "geomMean": 100.0,
                                            "geomSd": 1.5}),
        (lca.Normal("80 kWh", "8 kWh"), {"distributionType": "NORMAL_DISTRIBUTION", "mean": 100.0, "sd": 10.0}),
        (lca.Uniform("40 kWh", "80 kWh"), {"distributionType": "UNIFORM_DISTRIBUTION", "minimum": 50.0,
                                           "maximum": 100.0}),
        (lca.Triangular("40 kWh", "60 kWh", "80 kWh"), {"distributionType": "TRIANGLE_DISTRIBUTION", "minimum": 50.0,
                                                        "mode": 75.0, "maximum": 100.0}),
    ],
)  # fmt: skip
def test_u4_a_spread_has_the_form_of_openlca(given: object, expected: dict[str, object]) -> None:
    found = training(lca.openlca(by_hand(given)))["uncertainty"]
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def training(made: Any) -> Any:
    processes = of_type(made.data, "Process").values()
    return next(one for one in processes if one["name"].startswith("run: training"))["exchanges"][1]


def test_u4_a_family_that_openlca_lacks_is_counted_in_the_notes() -> None:
    made = lca.openlca(by_hand(lca.Pert("40 kWh", "60 kWh", "80 kWh")))
    assert "uncertainty" not in training(made)
    assert any("no distribution for 1 amounts" in note for note in made.notes)
    assert not any("no distribution" in note for note in fleet().notes)


@pytest.mark.slow
def test_a7_bw2io_reads_it_and_gets_the_total(tmp_path: Path) -> None:
    """Another reader of the format, with the single precision of Brightway."""
    made = by_hand(about=lca.About(date="2026-11-30"))
    with zipfile.ZipFile(lca.openlca(made).write(tmp_path / "run.zip")) as package:
        package.extractall(tmp_path / "unpacked")
    (tmp_path / "projects").mkdir()
    found = by_brightway(SCRIPT, tmp_path / "unpacked", tmp_path / "projects", "a run by hand")
    assert float(found) == pytest.approx(TOTAL, rel=1e-6)


@pytest.mark.slow
def test_olca_schema_reads_every_object_as_it_was_written(tmp_path: Path) -> None:
    schema = pytest.importorskip("olca_schema", reason="needs olca-schema, which reads the packages of openLCA")
    from olca_schema import zipio

    path = fleet().write(tmp_path / "fleet.zip")
    kinds = {one["@type"] for one in fleet().data.values() if "@id" in one}
    read = 0
    with zipio.ZipReader(path) as package:
        for kind in kinds:
            for one in package.read_each(getattr(schema, kind)):
                assert without_types(one.to_dict()) == without_types(of_type(fleet().data, kind)[one.id])
                read += 1
    assert read == len(fleet().data) - 2  # all but what says the version


def without_types(value: Any) -> Any:
    """What an object says: olca-schema writes no types inside of it, and leaves out what is False or empty."""
    if isinstance(value, dict):
        return {name: without_types(one) for name, one in value.items() if name != "@type" and one not in (None, [])}
    return [without_types(one) for one in value] if isinstance(value, list) else value

"""What is taken from a component follows it, and a name means one component (D4, U1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from base_study import ACTIVE, IDLE, MADE, MARGINAL, PER_JOULE, figures, place, robot, robots, run, study_of

import lca
from lca.errors import KeyClashError, RecordError

BY_HAND = (IDLE + MARGINAL) * PER_JOULE


# --- what is taken from a component follows -------------------------------------------------------------------

TAKEN: dict[str, Callable[[lca.Deployment], Any]] = {
    "devices": lambda use: use.devices,
    "a formula": lambda use: use.devices * 2 - use.devices,
    "inferences": lambda use: use.inferences / 526e6,
}


@pytest.mark.parametrize("count", TAKEN.values(), ids=list(TAKEN))
def test_d4_a_count_that_is_taken_from_a_deployment_follows(count: Callable[[lca.Deployment], Any]) -> None:
    use = robots()
    base = study_of(use, functional_unit=lca.FunctionalUnit("one", count=count(use)))
    before, after = figures(base), figures(base.replace({"robots.devices": 200}))
    assert after["functional_unit"] == pytest.approx(2 * before["functional_unit"], rel=1e-12)
    varied = figures(base.vary("n", {"robots.devices": {"few": 50, "many": 300}}))
    np.testing.assert_allclose(varied["functional_unit"], np.array([0.5, 3]) * before["functional_unit"], rtol=1e-12)


@pytest.mark.parametrize("distribution", [False, True])
def test_d4_a_load_that_is_taken_from_another_deployment_follows(distribution: bool) -> None:
    load = lca.Triangular("5 inference/s", "10 inference/s", "15 inference/s") if distribution else "10 inference/s"
    use = robots(load=load)
    server = robots(name="server", load=use.load * 25, devices=4, on=robot(name="rack"), active="24 h/day")
    base = study_of(use, server)
    found = figures(base)["use/server"]
    assert np.sum(figures(base.replace({"robots.load": "20 inference/s"}))["use/server"]) == pytest.approx(
        (1.9 * 3 + 0.5 * 20 * 25 * 3) * ACTIVE / 25 * PER_JOULE, rel=1e-12
    )
    varied = base.vary("n", {"robots.load": {"a": "10 inference/s", "b": "20 inference/s"}})
    np.testing.assert_allclose(figures(varied.sel(n="a"))["use/server"], found, rtol=1e-12)


def test_d4_a_chain_of_references_follows_to_its_end() -> None:
    use = robots()
    second = robots(name="second", devices=use.devices / 2, on=robot(name="b"))
    third = robots(name="third", devices=second.devices / 2, on=robot(name="c"))
    found = figures(study_of(use, second, third).replace({"robots.devices": 400}))
    made = [found[f"manufacturing/{name}"] for name in ("robots", "second", "third")]
    assert made == pytest.approx([40 * n for n in (400, 200, 100)], rel=1e-12)


def test_d4_a_field_within_its_own_new_value_means_the_old_one() -> None:
    use = robots()
    base = study_of(use)
    assert figures(base.replace({"robots.devices": use.devices * 3}))["manufacturing"] == pytest.approx(3 * MADE)
    varied = base.vary("n", {"robots.devices": {"half": use.devices / 2, "double": use.devices * 2}})
    np.testing.assert_allclose(figures(varied)["manufacturing"], [MADE / 2, MADE * 2], rtol=1e-12)
    twice = base.replace({"robots.devices": use.devices * 3}).replace({"robots.devices": use.devices * 2})
    assert figures(twice)["manufacturing"] == pytest.approx(6 * MADE)


def test_d4_a_longer_way_back_raises() -> None:
    use, other = robots(), robots(name="other", on=robot(name="b"))
    base = study_of(use, other)
    with pytest.raises(RecordError, match="follows from itself"):
        base.replace({"robots.devices": other.devices, "other.devices": use.devices})
    with pytest.raises(RecordError, match="follows from itself"):
        base.replace({"robots.devices": other.inferences / lca.parameter("per", "1 inference/device"),
                      "other.load": use.load * (use.devices / 100)})  # fmt: skip


def test_d4_a_functional_unit_counts_a_deployment_of_the_study() -> None:
    """D4: another deployment of the same name is no part of it."""
    use, other = robots(), robots(devices=7)
    with pytest.raises(RecordError, match="a component named 'robots' that is not the one"):
        study_of(use, functional_unit=lca.FunctionalUnit("frame", count=other.inferences))
    with pytest.raises(RecordError, match="not in the study"):
        study_of(use, functional_unit=lca.FunctionalUnit("frame", count=robots(name="another").inferences))
    with pytest.raises(RecordError, match="a component named 'robots' that is not the one"):
        study_of(use, robots(name="server", devices=other.devices, on=robot(name="rack")))


# --- names ----------------------------------------------------------------------------------------------------------


def test_u1_two_components_share_a_name_only_where_no_path_means_both() -> None:
    link = lca.Network("robots", "0.05 kWh/GB", at="facility", site=place(name="net"))
    with pytest.raises(KeyClashError, match=r"robots\.\w+ means both"):
        study_of(robots(network=link, traffic="20 kB/inference"))
    # a site and a deployment share no field
    fine = study_of(robots(site=place(name="robots")))
    assert figures(fine.replace({"robots.pue": 2}))["use"] == pytest.approx(2 * BY_HAND, rel=1e-12)


def test_u1_two_records_of_one_name_in_on_raise() -> None:
    with pytest.raises(KeyClashError, match="given twice"):
        robots(on={robot(): 100, robot(): 100})
    with pytest.raises(KeyClashError):
        study_of(robots(on=robot()), robots(name="second", on=robot(embodied="50 kg CO2e")))
    study_of(robots(on=robot()), robots(name="second", on=robot()))


def test_u1_a_location_and_a_contract_of_one_place_do_not_clash() -> None:
    tags = {"basis": "life cycle", "mix": "production", "averaging": "average", "gwp_set": "AR6", "at": "facility",
            "region": "Quebec", "year": 2022}  # fmt: skip
    local = lca.Electricity(intensity="0.0345 kg CO2e/kWh", accounting="location-based", **tags)
    bought = lca.Electricity(intensity="0 kg CO2e/kWh", accounting="market-based", instrument="PPA", **tags)
    found = figures(study_of(run(site=place(electricity=local, market_electricity=bought))))
    assert found["total"] == pytest.approx(3.45, rel=1e-12)
    assert found["market_based/total"] == 0


def test_u1_two_grids_of_no_place_are_told_apart_by_their_names() -> None:
    tags = {"basis": "direct", "mix": "production", "averaging": "average", "gwp_set": "AR6", "at": "facility",
            "accounting": "location-based"}  # fmt: skip
    one, two = (
        lca.Electricity(name, intensity=f"{grams} g CO2e/kWh", **tags) for name, grams in (("a", 400), ("b", 100))
    )
    runs = [
        run(name=f"run on {grid.name}", site=place(electricity=grid, name=f"at {grid.name}")) for grid in (one, two)
    ]
    found = figures(study_of(*runs))
    assert found["training/run-on-a"] == pytest.approx(4 * found["training/run-on-b"], rel=1e-12)
    assert lca.Electricity(intensity="1 g CO2e/kWh", at="facility").key_prefix == "electricity"


@pytest.mark.parametrize("path", ["robots.devices", "robots.allocation"])
def test_d4_a_scenario_whose_value_is_replaced_keeps_its_labels(path: str) -> None:
    """Replaced after it was varied, a value stands for every label: no label and no dim is lost."""
    values = {"robots.devices": (50, 200, 10), "robots.allocation": ("whole_units", "none", "reserved_time")}[path]
    base = study_of(robots(on=robot()))
    varied = base.vary("way", {path: dict(zip("ab", values, strict=False))}).replace({path: values[2]})
    alone = figures(base.replace({path: values[2]}))["total"]
    np.testing.assert_allclose(lca.nominal(varied).data["total"].sel(way=["a", "b"]), [alone, alone], rtol=1e-12)

"""Shares of generation and direct intensities behind a derived factor have a key, a unit and a source row (A10, U1)."""

from __future__ import annotations

import math

import pytest
from looked_up import leaves, two_runs

import lca
from lca import tables
from lca.electricity.generation_mix import generation_mix
from lca.graph.node import parameters
from lca.sampling.evaluate import nominal_values
from lca.source_marks import unmarked

FUELS = ("coal", "gas", "oil", "nuclear", "hydro", "biomass", "geothermal", "solar", "wind")


def test_a10_every_share_behind_an_upstream_is_in_the_provenance_of_a_study() -> None:
    """A10: with its row of egrid_generation_mix, in the place and year of its key; and what coal, gas and oil emit."""
    study = two_runs(lca.Electricity.lookup("US-RFCW", 2021), lca.Electricity.lookup("US-CAMX", 2021))
    found = lca.provenance(study)
    mix = tables.read("electricity", "egrid_generation_mix").set_index(["region", "year"])
    for region in ("US-RFCW", "US-CAMX"):
        row = mix.loc[(region, 2021)]
        shown = [fuel for fuel in FUELS if row[fuel] > 0]
        assert len(shown) > 6
        for fuel in shown:
            said = found.loc[f"electricity/{region}/2021.share_{fuel}"]
            assert (float(said["nominal"]), said["unit"], said["status"]) == (row[fuel], "%", "dataset")
            assert said["source"] == f"{unmarked(row['source'])}; egrid_generation_mix, {region} 2021"
            assert said["effect"] > 0
    for fuel, direct, status in (("coal", 760, "dataset"), ("gas", 370, "dataset"), ("oil", 800, "assumed")):
        said = found.loc[f"upstream/{fuel}.direct_intensity"]
        assert (float(said["nominal"]), said["unit"]) == (direct, "g CO2e/(kWh at_busbar)")
        assert said["status"] == status
        assert "upstream_by_fuel" in said["source"]


def test_u1_two_years_and_two_places_keep_their_shares_apart_and_one_place_shares_them() -> None:
    keys = [
        {key for key in leaves(lca.Electricity.lookup(place, year)) if ".share_" in key}
        for place, year in (("US-RFCW", 2021), ("US-RFCW", 2023), ("US-CAMX", 2021))
    ]
    assert all(keys)
    assert not keys[0] & keys[1]
    assert not keys[0] & keys[2]
    assert keys[1] == {key for key in leaves(lca.Electricity.lookup("15213", 2023)) if ".share_" in key}
    run = lca.Electricity.trajectory("US-RFCW", range(2021, 2025))
    assert keys[0] | keys[1] <= set(leaves(run))


@pytest.mark.parametrize(("place", "region"), [("FR", "FRA"), ("US-RFCW", "US-RFCW")])
def test_a10_the_shares_behind_water_and_primary_energy_have_their_source(place: str, region: str) -> None:
    made = lca.Electricity.lookup(place, 2023, categories=["water", "primary_energy"])
    mix = generation_mix(region, 2023)
    for factor in made.categories.values():
        found = {leaf.parameter.key: leaf.parameter for leaf in parameters([factor]) if leaf.parameter}
        shares = {key: one for key, one in found.items() if key.startswith(f"electricity/{region}/2023.share_")}
        assert len(shares) > 5
        for key, one in shares.items():
            assert one.nominal == pytest.approx(mix[key.partition(".share_")[2]], rel=1e-9)
            assert f"{region} 2023" in one.source
        covered = sum(mix[key.partition(".share_")[2]] for key in shares)
        technologies = {key: one.nominal for key, one in found.items() if key not in shares}
        by_hand = math.fsum(
            one.nominal / covered * next(v for k, v in technologies.items() if k.endswith(f"/{key.split('share_')[1]}"))
            for key, one in shares.items()
        )
        assert float(lca.nominal(factor).data["value"]) / factor_scale(factor) == pytest.approx(by_hand, rel=1e-9)


def factor_scale(factor: lca.Node) -> float:
    """What one in root units is in the unit in which a factor is shown."""
    shown = float(lca.nominal({"f": factor}).data["f"])
    return shown / float(nominal_values({"f": factor})["f"])


def test_a10_the_shares_of_a_stated_mix_are_values_with_a_status() -> None:
    made = leaves(lca.Electricity.from_mix({"wind": 0.6, "gas": 0.4}))
    said = made["mix/0.6 wind, 0.4 gas.share_wind"]
    assert (said.plain, said.status, said.is_random) == ([0.6], "declared", False)
    assert "stated" in said.source


def test_u1_two_stated_mixes_meet_in_one_model() -> None:
    mixes = {name: lca.Electricity.from_mix({"wind": share, "gas": 1 - share}).intensity
             for name, share in (("a", 0.6), ("b", 0.5), ("c", 0.6))}  # fmt: skip
    found = lca.nominal(mixes).data
    assert float(found["a"]) == float(found["c"]) < float(found["b"])
    assert len({leaf.parameter.key for leaf in parameters(mixes.values()) if leaf.parameter}) == 6


def test_a10_a_country_whose_biofuel_was_not_published_has_no_biomass() -> None:
    """A10: Martinique in 2014 has oil, solar and 0.645 % of other renewables; none of these is said to be biofuel."""
    mix = generation_mix("MTQ", 2014)
    assert (mix["biomass"], mix["other"]) == (0.0, pytest.approx(0.00645, rel=1e-9))
    assert math.fsum(mix.values()) == pytest.approx(1, abs=1e-4)

"""Electricity by look-up and by hand: unit, tags, source, and what is asked for in vain (A4, A5, A10)."""

from __future__ import annotations

import math
from typing import Any

import pytest
from example_study import grid, home_site, part, training, workstation

import lca
from lca import tables
from lca.electricity.electricity import TAGS
from lca.errors import AccountingError, BoundaryError, DomainError, MissingError, UnitError
from lca.graph.node import parameters

ROWS = tables.read("electricity", "egrid_subregion_rates").to_dict("records")
#: data/electricity/spreads.csv, eGRID direct against Google in the two areas that coincide
OWN_GSD, COMMON_GSD = 1.0778, 1.0561
POUND_PER_MEGAWATT_HOUR = 0.45359237 / 1_000  # kg per kWh


def keys(study: lca.Study) -> set[str]:
    return {leaf.parameter.key for leaf in parameters([study.model.outputs["total"]]) if leaf.parameter}


# --- look-up --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gases", ["CO2", "CO2e"])
def test_a4_every_row_of_the_table_comes_with_unit_tags_source_and_year(gases: str) -> None:
    found = 0
    for row in ROWS:
        if math.isnan(row[gases.lower()]):
            with pytest.raises(MissingError, match=f"no {gases} rate for {row['region']} in {row['year']}"):
                lca.Electricity.lookup(row["region"], row["year"], basis="direct", gases=gases)
            continue
        found += 1
        made = lca.Electricity.lookup(row["region"], row["year"], basis="direct", gases=gases)
        intensity = lca.nominal(made.intensity).data["value"]
        assert intensity.attrs["unit"] == f"kg {gases}/(kWh at the busbar)"
        assert float(intensity) == pytest.approx(row[gases.lower()] * POUND_PER_MEGAWATT_HOUR, rel=1e-12)
        assert float(lca.nominal(made.grid_loss).data["value"]) == pytest.approx(row["grid_loss"] / 100, rel=1e-12)
        assert (made.region, made.year, made.gases) == (row["region"], row["year"], gases)
        assert (made.basis, made.mix, made.averaging) == (row["basis"], row["mix"], row["averaging"])
        assert (made.accounting, made.release, made.source) == (row["accounting"], row["release"], row["source"])
        assert made.gwp_set == (row["gwp_set"] if gases == "CO2e" else "none")
        assert (made.boundary, made.status) == ("at_busbar", "dataset")
        assert not {"", "unknown"} & {str(getattr(made, tag)) for tag in (*TAGS, "release", "region", "source")}
        leaves = {node.parameter.key: node.parameter for node in parameters([made.intensity])}
        field = "intensity" if gases == "CO2e" else "intensity_CO2"
        stem = f"electricity/{row['region']}"
        own, common = f"{stem}.between-sources", "electricity/eGRID.between-sources"
        leaf = leaves.pop(f"{stem}/{row['year']}.{field}")
        assert (leaf.is_random, leaf.status, leaf.source) == (False, "dataset", row["source"])
        assert {key: round(one.values[0].gsd, 4) for key, one in leaves.items()} == {own: OWN_GSD, common: COMMON_GSD}
        assert all(one.status == "dataset" and "log ratios" in one.source for one in leaves.values())  # computed
    assert found == len(ROWS) - (27 if gases == "CO2e" else 0)  # the release of 2016 has CO2 alone


def test_a4_the_lab_grid_by_hand() -> None:
    """RFCW 2019: 1,074.41 lb/MWh are 0.4873 kg/kWh sent out, and 0.5135 kg/kWh delivered at a loss of 5.1 %."""
    made = grid()
    intensity = float(lca.nominal(made.intensity).data["value"])
    delivered = intensity / float(lca.nominal(made.delivered_share).data["value"])
    assert intensity == pytest.approx(0.4873, abs=5e-5)
    assert delivered == pytest.approx(0.5135, abs=5e-5)


NEAR = {"RFCW": "US-RFCW", "US-RFCV": "US-RFCW", "us-camx": "US-CAMX", "Frnce": "France"}


@pytest.mark.parametrize("place", NEAR)
def test_a4_an_unknown_place_offers_near_names(place: str) -> None:
    with pytest.raises(MissingError, match=f"no electricity for '{place}'(.|\n)*did you mean [^?]*{NEAR[place]}"):
        grid(place)


def test_a4_a_year_a_gas_or_a_basis_that_is_not_there() -> None:
    with pytest.raises(MissingError, match="no CO2e rate for US-RFCW in 2016(.|\n)*2018 to 2023"):
        grid("US-RFCW", 2016)
    with pytest.raises(MissingError, match="in 1999(.|\n)*2018 to 2023"):
        grid("US-RFCW", 1999)
    with pytest.raises(MissingError, match="in 2017(.|\n)*2016, 2018 to 2023"):
        grid("US-RFCW", 2017, gases="CO2")
    with pytest.raises(DomainError, match="'CH4'(.|\n)*CO2e"):
        grid(gases="CH4")
    with pytest.raises(MissingError, match="'residual'(.|\n)*direct(.|\n)*life cycle"):
        lca.Electricity.lookup("US-RFCW", 2019, basis="residual")
    with pytest.raises(MissingError, match="France(.|\n)*life cycle"):
        lca.Electricity.lookup("FR", 2023, basis="direct")
    with pytest.raises(MissingError, match="no CO2 alone(.|\n)*CO2e"):
        lca.Electricity.lookup("US-RFCW", 2019, gases="CO2")


# --- by hand --------------------------------------------------------------------------------------------------


def test_q2_an_intensity_says_of_which_gas_and_at_which_boundary() -> None:
    with pytest.raises(UnitError, match="CO2"):
        lca.Electricity(intensity="0.5 kg/kWh", at="facility")
    with pytest.raises(BoundaryError, match="counted|measured"):
        lca.Electricity(intensity="0.5 kg CO2e/kWh")
    made = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", region="Quebec", year=2022)
    assert (made.gases, made.boundary, made.name) == ("CO2e", "at_facility", "electricity Quebec 2022")
    with pytest.raises(DomainError, match="grid_loss"):
        lca.Electricity(intensity="0.5 kg CO2e/kWh", at="busbar", grid_loss=1.2)


def test_a1_energy_at_the_facility_crosses_the_grid_once() -> None:
    """A1: an intensity at the busbar asks for the grid loss; one at the facility must not have it again."""
    run = {"energy": "95 kWh", "at": "wall"}

    def total(electricity: lca.Electricity) -> float:
        study = part(lca.Training("run", site=home_site(electricity), **run))
        return float(lca.nominal(study).data["total"])

    assert total(lca.Electricity(intensity="0.5 kg CO2e/kWh", at="busbar", grid_loss=0.05)) == pytest.approx(50)
    assert total(lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", grid_loss=0.05)) == pytest.approx(47.5)
    with pytest.raises(MissingError, match="grid_loss"):
        total(lca.Electricity(intensity="0.5 kg CO2e/kWh", at="busbar"))


# --- tags that meet in a study (A4, A9) -------------------------------------------------------------------------

KNOWN: dict[str, Any] = {
    "gwp_set": "AR6",
    "basis": "direct",
    "mix": "production",
    "averaging": "average",
    "accounting": "location-based",
}
OTHERS = {
    "gwp_set": "AR5",
    "basis": "life cycle",
    "mix": "consumption",
    "averaging": "hourly",
    "accounting": "unknown",  # market-based stands alone (A9)
}


def electricity(name: str, **tags: Any) -> lca.Electricity:
    return lca.Electricity(name, intensity="0.5 kg CO2e/kWh", at="facility", key=name, **(KNOWN | tags))


def two(first: lca.Electricity, second: lca.Electricity, **rest: Any) -> lca.Study:
    return part(
        *(
            lca.Training(f"run {i}", energy="1 kWh", at="wall", site=lca.Site(f"site {i}", electricity=e, pue=1.0))
            for i, e in enumerate((first, second))
        ),
        **rest,
    )


@pytest.mark.parametrize("value", ["other", "unknown"])
@pytest.mark.parametrize("tag", OTHERS)
def test_a4_factors_of_another_tag_raise_unless_mixed_by_name(tag: str, value: str) -> None:
    other = electricity("b", **{tag: OTHERS[tag] if value == "other" else "unknown"})
    with pytest.raises(AccountingError, match=rf"{tag}(.|\n)*a: {KNOWN[tag]}(.|\n)*mixed=\('{tag}',\)"):
        two(electricity("a"), other)
    elsewhere = next(name for name in OTHERS if name != tag)
    with pytest.raises(AccountingError, match=tag):
        two(electricity("a"), other, mixed=(elsewhere,))
    accepted = two(electricity("a"), other, mixed=(tag,))
    assert f"accepted as mixed: {tag}" in accepted.model.notes
    assert (f"unknown {tag} of b" in accepted.model.notes) == (getattr(other, tag) == "unknown")


@pytest.mark.parametrize("tag", OTHERS)
def test_a4_unknown_matches_nothing_not_even_itself(tag: str) -> None:
    unknown = [electricity(name, **{tag: "unknown"}) for name in ("a", "b")]
    with pytest.raises(AccountingError, match=f"unknown {tag}"):
        two(*unknown)
    alone = two(unknown[0], unknown[0])  # one factor, used twice, is a reproduction
    assert alone.model.notes == (f"unknown {tag} of a",)


def test_a4_equal_tags_meet_without_a_word() -> None:
    assert two(electricity("a"), electricity("b")).model.notes == ()


def test_a4_tags_are_compared_within_each_scenario() -> None:
    """A4: a scenario that changes one of two grids brings its tags along; a later label hides nothing."""
    base = two(electricity("a"), electricity("b"))
    good = {"site-0.electricity": {"old": electricity("a"), "new": electricity("c")}}
    base.vary("grid", good)
    for bad, text in (("unknown", "unknown"), ("life cycle", "life cycle")):
        changes = {"site-0.electricity": {"old": electricity("a"), "new": electricity("c", basis=bad)}}
        with pytest.raises(AccountingError, match=f"basis(.|\n)*{text}"):
            base.vary("grid", changes)
    alone = part(lca.Training("run", energy="1 kWh", at="wall", site=home_site(electricity("a"))))
    varied = alone.vary(
        "grid", {"pittsburgh-desk.electricity": {"old": electricity("a"), "new": electricity("c", basis="unknown")}}
    )
    assert any(note.startswith("unknown basis of") for note in varied.model.notes)


@pytest.mark.parametrize(("tag", "value"), [("averaging", "marginal"), ("accounting", "market-based")])
def test_a9_marginal_and_market_based_factors_enter_no_total_alone(tag: str, value: str) -> None:
    for mixed in ((), (tag,)):
        with pytest.raises(AccountingError, match=f"{value} electricity(.|\n)*b: {value}"):
            two(electricity("a"), electricity("b", instrument="a contract", **{tag: value}), mixed=mixed)


def bought(**tags: Any) -> lca.Study:
    """A training of 2021 at a site with electricity bought beside that of its grid."""
    contract = electricity("b", accounting="market-based", instrument="a contract", **tags)
    site = lca.Site("desk", electricity=electricity("a", year=2021), market_electricity=contract, pue=1.0)
    run = lca.Training("run", energy="1 kWh", at="wall", site=site, year=2021)
    return part(run, mixed=("averaging", "gwp_set"), gwp="AR6")


def test_a9_marginal_electricity_has_no_place_beside_a_total_either() -> None:
    with pytest.raises(AccountingError, match="marginal electricity(.|\n)*b: marginal"):
        bought(averaging="marginal")
    bought(averaging="average")


def test_a4_a5_what_is_bought_says_its_vintage_and_what_its_gwp_set_may_change() -> None:
    notes = bought(year=2016, gwp_set="AR4", other_gases=0.1).model.notes
    assert [note for note in notes if note.startswith("run in 2021 buys electricity of 2016: up to 5 years apart")]
    assert [
        note for note in notes if note.startswith("b arrives as CO2e with AR4") and "10.0% of it is not CO2" in note
    ]
    notes = bought(year=2021, gwp_set="AR6").model.notes
    assert not [note for note in notes if "apart" in note or "arrives" in note]


# --- gases (A4, Q2) ---------------------------------------------------------------------------------------------


def test_a4_co2_alone_becomes_co2e_through_the_named_factor_only() -> None:
    """A4, Q2: CO2 is characterized with the set that the study names; CO2e never again."""
    for gwp in ("AR5", "AR6"):
        study = part(training(workstation(), home_site(grid(gases="CO2"))), parts=("model",), gwp=gwp)
        assert f"gwp/{gwp}-100/CO2" in keys(study)
        found = lca.nominal(study).data["training"]
        assert found.attrs["unit"] == "kg CO2e"
        by_hand = 6.4373 / 0.949 * 1_067.679 * POUND_PER_MEGAWATT_HOUR
        assert float(found) == pytest.approx(by_hand, rel=1e-4)
    ready = part(training(workstation(), home_site(grid())), parts=("model",))
    assert not any(key.startswith("gwp/") for key in keys(ready))
    with pytest.raises(MissingError, match="AR9(.|\n)*AR6"):
        part(training(workstation(), home_site(grid(gases="CO2"))), parts=("model",), gwp="AR9")


def test_a4_co2_and_co2e_in_one_study_raise_unless_mixed() -> None:
    co2, co2e = grid(gases="CO2"), grid("US-CAMX")
    with pytest.raises(AccountingError, match="gases(.|\n)*CO2(.|\n)*CO2e"):
        two(co2, co2e)
    with pytest.raises(AccountingError, match="gwp_set"):
        two(co2, co2e, mixed=("gases",))
    assert float(lca.nominal(two(co2, co2e, mixed=("gases", "gwp_set"))).data["total"]) > 0


@pytest.mark.parametrize(
    ("gas", "gwp_set", "value"),
    [("CO2", "AR6", 1), ("CH4", "AR4", 25), ("CH4_fossil", "AR6", 29.8), ("N2O", "AR5", 265), ("N2O", "AR6", 273)],
)
def test_q2_characterization_factors_are_those_of_their_set(gas: str, gwp_set: str, value: float) -> None:
    factor = lca.characterization_factor(gas, gwp_set)
    data = lca.nominal(factor).data["value"]
    assert float(data) == value
    assert data.attrs["unit"] == f"kg CO2e/kg {gas.split('_')[0]}"
    assert factor.parameter.source


def test_q2_a_factor_that_no_set_has_raises() -> None:
    with pytest.raises(MissingError, match="in AR6 of .SF6.(.|\n)*CH4"):
        lca.characterization_factor("SF6", "AR6")
    with pytest.raises(MissingError, match="AR4.*AR5.*AR6"):
        lca.characterization_factor("CH4", "AR7")


# --- years (A5) --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "gap"), [(2019, 0), (2021, 0), (2022, 3), (2016, 3)])
def test_a5_more_than_two_years_between_activity_and_factor_are_listed(year: int, gap: int) -> None:
    study = part(training(workstation(), home_site(grid()), year=year), parts=("model",))
    notes = [note for note in study.model.notes if "years apart" in note]
    assert len(notes) == (1 if gap else 0)
    if gap:
        assert f"superpoint-backbones in {year}" in notes[0]
        assert "electricity of 2019" in notes[0]
        assert f"up to {gap} years" in notes[0]
        assert notes[0] in str(study)


def test_a5_gaps_are_listed_for_every_scenario() -> None:
    study = part(training(workstation(), home_site(grid()), year=2021), parts=("model",))
    varied = study.vary("data", {"pittsburgh-desk.electricity": {"new": grid(year=2021), "old": grid(year=2018)}})
    assert [note for note in varied.model.notes if "electricity of 2018" in note]
    assert not [note for note in varied.model.notes if "electricity of 2021" in note]

"""Names of places: one place, several, another name, none; and the life cycle of a US state (A4, A10)."""

from __future__ import annotations

import math

import pytest
from looked_up import grams, leaves, two_runs

import lca
from lca import tables
from lca.electricity.generation_mix import state_mix, subregions
from lca.electricity.places import find_place, known_place
from lca.errors import DomainError, MissingError


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Georgia", ("GEO", "US-GA")),
        ("georgia", ("GEO", "US-GA")),
        ("Congo", ("COG", "COD")),
        ("Korea", ("KOR", "PRK")),
        ("Virgin Islands", ("VGB", "VIR")),
        ("Washington", ("US-WA", "US-DC")),
        ("Europe", ("EMBER_EUROPE", "OWID_EUR")),
        ("America", ("US", "OWID_NAM", "OWID_SAM")),
    ],
)
def test_a4_a_name_of_several_places_raises_and_offers_the_code_of_each(name: str, codes: tuple[str, ...]) -> None:
    with pytest.raises(MissingError, match=f"'{name}' is the name of {len(codes)} places") as caught:
        lca.Electricity.lookup(name, 2021)
    assert known_place(name) is None
    for code in codes:
        assert f'"{code}"' in caught.value.fix
        assert lca.Electricity.lookup(code, 2021).region == code


def test_a4_no_name_of_the_tables_silently_means_another_place_that_bears_it() -> None:
    """Every name of a country, a group and a state is that of its own row, or raises with all that bear it."""
    rows = [*tables.rows("electricity", "regions"), *tables.rows("electricity", "us_states")]
    raised, silent = set(), []
    for region, name in ((row["region"], row["name"]) for row in rows):
        found = known_place(name)
        if found is None:
            raised.add(name)
            with pytest.raises(MissingError, match=f'"{region}"'):
                find_place(name)
        elif found.region != region:
            silent.append((name, found.region))
    assert raised == {"Georgia", "Congo", "Washington", "Africa", "Asia", "Europe", "North America", "Oceania"}
    assert sorted(silent) == [("Puerto Rico", "PRI"), ("United States", "US")]  # one place with two publishers


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UK", "GBR"), ("U.K.", "GBR"), ("Great Britain", "GBR"), ("Britain", "GBR"), ("the United Kingdom", "GBR"),
        ("Washington DC", "US-DC"), ("Washington, D.C.", "US-DC"), ("USA", "US"), ("U.S.", "US"), ("U.S.A.", "US"),
        ("South Korea", "KOR"), ("Republic of Korea", "KOR"), ("Czech Republic", "CZE"), ("Turkey", "TUR"),
        ("Türkiye", "TUR"), ("Ivory Coast", "CIV"), ("Côte d'Ivoire", "CIV"), ("Viet Nam", "VNM"),
        ("Russian Federation", "RUS"), ("St. Lucia", "LCA"), ("DRC", "COD"), ("EU", "OWID_EU27"), ("Guinea", "GIN"),
        ("Samoa", "WSM"), ("New York State", "US-NY"), ("Puerto Rico", "PRI"), ("Georgia, USA", "US-GA"),
    ],
)  # fmt: skip
def test_a4_another_name_of_one_place_is_read(name: str, code: str) -> None:
    assert find_place(name).region == code


def test_a4_two_names_of_one_place_are_one_factor() -> None:
    uk, gbr = lca.Electricity.lookup("UK", 2023), lca.Electricity.lookup("GBR", 2023)
    assert (uk.name, uk.key, uk.source) == (gbr.name, gbr.key, gbr.source)
    assert find_place("U.S.", source="Ember").region == "USA"
    assert find_place("Puerto Rico", source="eGRID").region == "US-PR"
    assert lca.search("electricity", "great britain")["region"].tolist() == ["GBR"]


def test_a10_every_listed_name_means_a_place_that_has_figures_and_no_name_of_another() -> None:
    for row in tables.rows("electricity", "place_names"):
        if row["region"] != "none":
            assert find_place(row["region"]).region == row["region"]
        if row["kind"] == "synonym":
            assert find_place(row["name"]).region == row["region"]
        else:
            assert known_place(row["name"]) is None, row["name"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Victoria", 'it lies in Australia: "AUS"'),
        ("Ontario", 'it lies in Canada: "CAN"'),
        ("Jersey", "not in the tables"),
        ("Micronesia", "not in the tables"),
        ("Siberia", 'it lies in Russia: "RUS"'),
    ],
)
def test_a4_a_known_place_without_figures_says_so_and_offers_no_other(name: str, said: str) -> None:
    with pytest.raises(MissingError) as caught:
        lca.Electricity.lookup(name, 2023)
    assert said in str(caught.value)
    assert "did you mean" not in caught.value.fix


@pytest.mark.parametrize("name", ["Moravia", "Navarra", "Lusatia"])
def test_a4_a_name_that_is_only_spelled_somewhat_alike_offers_no_place(name: str) -> None:
    with pytest.raises(MissingError) as caught:
        lca.Electricity.lookup(name, 2023)
    assert "did you mean" not in caught.value.fix


@pytest.mark.parametrize(("name", "code"), [("fr", "FR"), ("TX", "US-TX"), ("us-pa", "US-PA"), ("Germani", "Germany")])
def test_a4_a_slip_of_the_pen_offers_what_was_meant(name: str, code: str) -> None:
    with pytest.raises(MissingError, match=rf"did you mean {code}\?"):
        lca.Electricity.lookup(name, 2023)


# --- states -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a4_every_state_has_a_life_cycle_of_its_own_direct_figure_and_the_upstream_of_its_subregions() -> None:
    for row in tables.rows("electricity", "egrid_state_co2e"):
        if row["region"] == "US":
            continue
        made = lca.Electricity.lookup(row["region"], row["year"])
        bare = lca.Electricity.lookup(row["region"], row["year"], basis="direct")
        assert (made.basis, made.region, made.year) == ("life cycle", row["region"], row["year"])
        assert grams(bare) == pytest.approx(row["co2e"] * 0.45359237, rel=1e-9, abs=1e-12)
        upstream = {p: grams(lca.Electricity.lookup(p, row["year"])) for p in subregions(row["region"])}
        upstream = {p: g - grams(lca.Electricity.lookup(p, row["year"], basis="direct")) for p, g in upstream.items()}
        added = grams(made) - grams(bare)
        assert min(upstream.values()) - 1e-9 <= added <= max(upstream.values()) + 1e-9
        assert "upstream of the mix of its subregions" in made.source
        assert made.grid_loss is not None


def test_a4_the_life_cycle_of_pennsylvania_by_hand() -> None:
    """2021: shares of its ZIP codes x the upstream of RFC East, RFC West and upstate New York, over their sum."""
    upstream = {
        p: grams(lca.Electricity.lookup(p, 2021)) - grams(lca.Electricity.lookup(p, 2021, basis="direct"))
        for p in ("US-RFCE", "US-RFCW", "US-NYUP")
    }
    rows = [row for row in tables.rows("electricity", "state_subregions") if row["region"] == "US-PA"]
    by_hand = sum(row["share"] * upstream[row["subregion"]] for row in rows) / sum(row["share"] for row in rows)
    made, bare = (lca.Electricity.lookup("Pennsylvania", 2021, basis=b) for b in ("life cycle", "direct"))
    assert grams(made) - grams(bare) == pytest.approx(by_hand, rel=1e-9)
    assert grams(made) == pytest.approx(401.8, abs=0.1)
    assert sum(state_mix("US-PA", 2021).values()) == pytest.approx(1, abs=2e-3)


def test_a10_the_mix_of_a_state_is_assumed_and_its_spread_says_so() -> None:
    """A10: gsd 1.37, the spread of 258 ratios of states to their subregions; it moves upstream and nothing else."""
    made = leaves(lca.Electricity.lookup("US-PA", 2021))
    assert made["electricity/US-PA/2021.share_coal"].status == "assumed"
    assert "US-RFCE 79" in made["electricity/US-PA/2021.share_coal"].source
    spread = made["electricity/US-PA.mix-of-subregions"]
    states = tables.read("electricity", "egrid_state_co2e").query("region != 'US'")
    rates = tables.read("electricity", "egrid_subregion_rates").set_index(["region", "year"])["co2e"]
    logs = [math.log(row.co2e / sum(share * rates[place, row.year] for place, share in subregions(row.region).items()))
            for row in states.itertuples()]  # fmt: skip
    middle = sorted(logs)[len(logs) // 2]
    off = sorted(abs(one - middle) for one in logs)[len(logs) // 2]
    assert spread.values[0].gsd == pytest.approx(math.exp(1.4826 * off), rel=0.01)
    assert spread.status == "assumed"
    assert f"{len(logs)} states and years" in spread.source
    assert "electricity/US-PA.mix-of-subregions" not in leaves(lca.Electricity.lookup("US-PA", 2021, basis="direct"))


def test_a4_a_state_works_in_a_study_beside_a_country() -> None:
    study = two_runs(lca.Electricity.lookup("Pennsylvania", 2021), lca.Electricity.lookup("US-RFCW", 2021))
    state, region = (lca.Electricity.lookup(p, 2021) for p in ("US-PA", "US-RFCW"))
    by_hand = sum(grams(one) / 1e3 / (1 - float(lca.nominal(one.grid_loss).data["value"])) for one in (state, region))
    assert float(lca.nominal(study).data["total"]) == pytest.approx(by_hand, rel=1e-9)
    with pytest.raises(MissingError, match='gases="CO2e"'):
        lca.Electricity.lookup("US-PA", 2021, basis="direct", gases="CO2")


@pytest.mark.parametrize(
    ("year", "error"), [(999, DomainError), (1000, MissingError), (9999, MissingError), (10_000, DomainError)]
)
def test_a5_a_calendar_year_has_four_digits(year: int, error: type[Exception]) -> None:
    """A5: a year of four digits is one that the tables may lack; another number is none."""
    with pytest.raises(error, match="from 1000 up to 9999" if error is DomainError else f"in {year}"):
        lca.Electricity.lookup("FR", year)


def test_a_text_in_the_place_of_a_catalogue_is_answered_with_the_line_that_finds_it() -> None:
    with pytest.raises(MissingError, match=r'lca.search\("electricity", "US-CAMX"\) \(1\)'):
        lca.search("US-CAMX")
    with pytest.raises(MissingError, match="one of electricity, hardware, technologies"):
        lca.search("no such thing")

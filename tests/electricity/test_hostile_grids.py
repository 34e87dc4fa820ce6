"""Electricity that once gave a wrong figure without a word, or an error of Python, each with the rule that it broke."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import lca
from lca.errors import AccountingError, DomainError, LcaError, MissingError, NonFiniteError, RecordError

YEARS = range(2024, 2028)
OUTSIDE = {stage: lca.outside_goal("not asked") for stage in ("development", "training")}
POLAND = lca.Electricity.lookup("Poland", 2024, categories=["water"])


def nominal(node: Any) -> Any:
    return lca.nominal({"x": node}).data["x"].values


def study(categories: tuple[str, ...] = ("climate_change", "water"), **site: Any) -> lca.Study:
    fields = dict(electricity=POLAND, pue=1.2, wue="1 L/(kWh at_wall)") | site
    device = lca.Hardware(
        "device", embodied="40 kg CO2e", lifetime="5 year", distribution="1 kg CO2e", end_of_life="1 kg CO2e",
        categories={"water": {"embodied": "1000 L", "distribution": "0 L", "end_of_life": "0 L"}},
    )  # fmt: skip
    engine = lca.Inference("engine", "1 J at_wall", per="inference", baseline="marginal")
    use = lca.Deployment(
        "robots", engine, on=device, site=lca.Site("desk", **fields), devices=20, start=2024, period="4 year",
        load="1 inference/s", active="6 h/day", idle_power="4 W at_wall", allocation="reserved_time",
    )  # fmt: skip
    unit = lca.FunctionalUnit("frame", count=use.inferences)
    return lca.Study("robots", use, functional_unit=unit, excluded=OUTSIDE, categories=categories)


def bought(intensity: str) -> lca.Electricity:
    return lca.Electricity(
        intensity=intensity, at="facility", accounting="market-based", instrument="PPA", gwp_set=POLAND.gwp_set,
        basis="life cycle", mix="production", averaging="average",
    )  # fmt: skip


#: kWh at the wall of 20 devices in 4 years: 1 W for inferences and 4 W idle, a quarter of the day.
ENERGY = 20 * (1.0 + 4.0) * 0.25 * 24 * 365.25 * 4 / 1000


# --- what is asked for is what is shown -------------------------------------------------------------------


def test_a7_another_category_is_not_answered_with_the_climate() -> None:
    """`summary(of="water", by="year")` once was a table of kg CO2e."""
    result = lca.monte_carlo(study(), draws=50, details=True)
    assert set(lca.summary(result, of="water")["unit"]) == {"L"}
    for by in ("year", "activity", "month"):
        with pytest.raises(MissingError, match=f"'water' is counted by stage, not by '{by}'"):
            lca.summary(result, of="water", by=by)
    with pytest.raises(MissingError, match="the mass of each year cannot be divided"):
        lca.summary(result, by="year", per="year")
    with pytest.raises(DomainError, match="3 is not a text"):
        lca.summary(result, unit=3)  # type: ignore[arg-type]


def test_d2_what_only_another_category_hangs_on_may_vary() -> None:
    """WUE acts on water alone, a contract on the market-based view alone; both are scenarios all the same."""
    dry = study().vary("cooling", {"desk.wue": {"dry": "0 L/(kWh at_wall)", "wet": "2 L/(kWh at_wall)"}})
    water = lca.nominal(dry).data["water/total"]
    assert float(water.sel(cooling="wet") - water.sel(cooling="dry")) == pytest.approx(2 * ENERGY)
    wind, coal = bought("0.02 kg CO2e/kWh"), bought("0.9 kg CO2e/kWh")
    contracts = study(market_electricity=wind).vary("contract", {"desk.market_electricity": {"a": wind, "b": coal}})
    market = lca.nominal(contracts).data["market_based/total"]
    hardware = 20 * 4 / 5 * 42
    assert market.values == pytest.approx([ENERGY * 1.2 * x + hardware for x in (0.02, 0.9)])


def test_d2_a_dim_of_another_category_has_a_role() -> None:
    rates = lca.labelled({"a": 1.0, "b": 2.0}, "L/(kWh at_wall)", dim="hall")
    with pytest.raises(lca.errors.RoleError, match="dims without a role: hall"):
        study(wue=rates)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("accounting", "market"), ("accounting", "Market-based"), ("averaging", "Marginal"), ("basis", "life-cycle"),
        ("mix", None), ("year", "2023"), ("year", 2023.5), ("year", True), ("year", math.nan), ("other_gases", 5),
        ("other_gases", math.nan), ("other_gases", "1 %"),
    ],
)  # fmt: skip
def test_a4_a9_a_tag_that_no_rule_can_read_raises(tag: str, value: Any) -> None:
    """ "Marginal" or "market" once entered a total, and a year as text had no gap."""
    with pytest.raises((DomainError, NonFiniteError), match=tag):
        lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility", **{tag: value})


def test_a5_a_year_of_numpy_has_its_gap_too() -> None:
    old = lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility", year=np.int64(2015))
    assert type(old.year) is int
    assert any("up to 12 years apart" in note for note in study((), electricity=old).model.notes)


def test_a4_the_bound_of_a_gwp_set_is_that_of_the_least_known() -> None:
    """Where one scenario says how much is not CO2 and one does not, the bound is that of all of it."""
    tags = dict(basis="direct", mix="production", averaging="average", accounting="location-based", gwp_set="AR4")
    said, unsaid = (
        lca.Electricity(intensity=intensity, at="facility", **tags, **more)
        for intensity, more in (("0.4 kg CO2e/kWh", {"other_gases": 0.005}), ("0.5 kg CO2e/kWh", {}))
    )
    both = study((), electricity=said).vary("grid", {"desk.electricity": {"said": said, "unsaid": unsaid}})
    assert any("if all of it were methane" in note for note in both.model.notes)


# --- places and publishers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("France", "eGRID"), ("15213", "Ember"), ("US-RFCW", "Ember"), ("gcp:europe-west9", "eGRID"),
        ("gcp:europe-west9", "nobody"),
    ],
)  # fmt: skip
def test_a4_a_source_that_lacks_a_place_raises(place: str, source: str) -> None:
    with pytest.raises(MissingError, match="source"):
        lca.Electricity.lookup(place, 2021, source=source)


def test_a_name_of_two_places_is_that_of_the_source() -> None:
    found = [lca.Electricity.lookup("Georgia", 2021, source=s, basis=b).region
             for s, b in (("Ember", "life cycle"), ("eGRID", "direct"), ("eGRID", "life cycle"))]  # fmt: skip
    assert found == ["GEO", "US-GA", "US-GA"]


@pytest.mark.parametrize(("cloud", "grid"), [("gcp:us-central1", "US-MROW"), ("gcp:europe-west1", "Belgium")])
def test_a4_no_series_runs_across_publishers(cloud: str, grid: str) -> None:
    """Google published 2019 and 2020 only; between the years of the grid they made a trend of their own."""
    there, here = (lca.Electricity.trajectory(place, range(2019, 2030), model="trend") for place in (cloud, grid))
    assert nominal(there.intensity) == pytest.approx(nominal(here.intensity), rel=1e-12)
    assert there.source.split("then the trend")[1] == here.source.split("then the trend")[1]


@pytest.mark.parametrize("year", [0, -1, 10**9, 2023.0, "2023", None, math.nan])
def test_q5_a_year_is_a_calendar_year(year: Any) -> None:
    for ask in (
        lambda: lca.Electricity.lookup("FR", year, nearest=True),
        lambda: lca.compare_sources("FR", year),
        lambda: lca.wue("aws:eu-west-1", year),
        lambda: lca.carbon_free_share("gcp:europe-west9", year),
    ):
        with pytest.raises(DomainError, match="whole number|outside its domain|calendar year"):
            ask()


# --- years to come, hours, mixes -----------------------------------------------------------------------


def test_a_stated_year_that_decides_nothing_raises() -> None:
    stated = dict.fromkeys(range(2025, 2030), "400 g CO2e/kWh")
    with pytest.raises(DomainError, match="years that they do not decide: 2023(.|\n)*published until"):
        lca.Electricity.trajectory("PL", range(2023, 2030), model={2023: "999 g CO2e/kWh"} | stated)
    to_come = {year: value for year, value in stated.items() if year > 2025}
    with pytest.raises(DomainError, match="not to stated values"):
        lca.Electricity.trajectory("PL", range(2023, 2030), model=to_come, rate="3 %/year")


def test_a_day_has_one_shape() -> None:
    once = lca.Electricity.lookup("US-CAMX", 2023).at_hours(range(10, 16), shape="CISO")
    with pytest.raises(AccountingError, match="no second shape"):
        once.at_hours(range(10, 16), shape="CISO")


@pytest.mark.parametrize(
    ("hours", "months"),
    [
        ({9: 1e308, 10: 1e308}, [1]), ({9: math.inf}, [1]), ({9: math.nan}, [1]), ({9: "1"}, [1]), ({9: None}, [1]),
        ({9: True}, [1]), ([9, 9], [1]), ([True], [1]), ([[9]], [1]), (9, [1]), (None, [1]), ([9], 3), ([9], None),
        ([9], [1, 1]), ([9], [1.0]), ([9], "1"), ([], [1]), ([9], []),
    ],
)  # fmt: skip
def test_q6_hours_are_numbers_that_can_be_added(hours: Any, months: Any) -> None:
    """Two weights of 1e308 once gave an intensity of zero."""
    with pytest.raises(DomainError, match="at_hours"):
        POLAND.at_hours(hours, shape="CISO", months=months)


def test_a4_a_mix_of_technologies_is_life_cycle() -> None:
    with pytest.raises(AccountingError, match="is life cycle"):
        lca.Electricity.from_mix({"wind": 1.0}, basis="direct")
    with pytest.raises(DomainError, match="True(.|\n)*where: mix, wind"):
        lca.Electricity.from_mix({"wind": True})


# --- a value by year is counted once ---------------------------------------------------------------------


def by_year(unit: str, value: float) -> Any:
    return lca.labelled(dict.fromkeys(YEARS, value), unit, dim="year")


@pytest.mark.parametrize(
    "values",
    [
        {"pue": by_year("at_facility/at_wall", 1.5)},
        {"wue": by_year("L/(kWh at_wall)", 1.0)},
    ],
    ids=lambda values: next(iter(values)),
)
def test_d2_a_crossing_by_year_meets_a_training_of_one_year(values: dict[str, Any]) -> None:
    """A PUE of 1.5 in each of four years once made 600 kWh of the 100 kWh of a training."""
    hall = lca.Site("hall", **dict(electricity=POLAND, pue=1.5, wue="1 L/(kWh at_wall)") | values)
    run = lca.Training("run", energy="100 kWh at_wall", site=hall, year=2025)
    others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    with pytest.raises(AccountingError, match="would be counted in each(.|\n)*where: run, hall"):
        lca.Study(
            "run", run, functional_unit=lca.FunctionalUnit("model", count=1),
            excluded={stage: lca.outside_goal("not asked") for stage in others},
            categories=("climate_change", "water"),
        )  # fmt: skip
    if "wue" not in values:
        with pytest.raises(AccountingError, match="would be counted in each"):
            lca.footprint(run, draws=2)


def test_d1_a_grid_loss_by_year_is_that_of_the_year_of_a_training() -> None:
    losses = lca.labelled({year: 0.1 + 0.01 * n for n, year in enumerate(YEARS)}, "at_facility/at_busbar", dim="year")
    found = []
    for loss in (losses, 0.1 + 0.01 * list(YEARS).index(2025)):
        hall = lca.Site("hall", electricity=POLAND.replaced(grid_loss=loss), pue=1.5)
        run = lca.Training("run", energy="100 kWh at_wall", site=hall, year=2025)
        found.append(lca.footprint(run, draws=2)["nominal"].item())
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_d2_a_crossing_by_part_meets_one_energy() -> None:
    """A PUE of each of two parts once counted the one energy of a training twice."""
    halls = lca.Site(
        "hall", electricity=POLAND, pue=lca.labelled({"a": 1.2, "b": 1.4}, "at_facility/at_wall", dim="hall")
    )
    run = lca.Training("run", energy="100 kWh at_wall", site=halls, year=2025)
    others = ("development", "manufacturing", "distribution", "use", "end_of_life")
    said = dict(
        functional_unit=lca.FunctionalUnit("model", count=1),
        excluded={stage: lca.outside_goal("not asked") for stage in others},
    )
    with pytest.raises(AccountingError, match="a value by hall(.|\n)*would be counted in each"):
        lca.Study("run", run, parts=("hall",), **said)
    assert lca.nominal(lca.Study("run", run, alternatives=("hall",), **said)).data["total"].shape == (2,)


def test_d2_a_crossing_by_year_meets_a_deployment() -> None:
    one, by = (study(pue=pue).model.outputs["use"] for pue in (1.5, by_year("at_facility/at_wall", 1.5)))
    assert nominal(by) == pytest.approx(nominal(one), rel=1e-12)


# --- a footprint of one activity -----------------------------------------------------------------------


def test_a4_a_footprint_says_which_gases_it_lacks() -> None:
    run = lca.Training("run", energy="1 kWh at_wall")
    apart = lca.Electricity.lookup("US-RFCW", 2019, basis="direct", gases="CO2, CH4, N2O")
    found = lca.footprint(run, site=lca.Site("desk", pue=1.0, electricity=apart), draws=2)
    assert found["unit"].item() == "kg CO2"
    assert found.attrs["note"].endswith("not in it: CH4, N2O")
    with pytest.raises(RecordError, match="3 is not an Electricity"):
        lca.footprint(run, site=lca.Site("desk", pue=1.0, electricity=3), draws=2)


# --- no error of Python --------------------------------------------------------------------------------

NONSENSE: tuple[Any, ...] = (None, 3, 2.5, math.nan, True, "", "nonsense", [], {}, [3], [None], ["water"], b"FR", "(")


@pytest.mark.parametrize("given", NONSENSE, ids=repr)
def test_what_is_no_answer_is_an_error_of_this_library(given: Any) -> None:
    look = lca.Electricity.lookup
    trajectory = lca.Electricity.trajectory
    for ask in (
        lambda: look(given, 2021), lambda: look("FR", given), lambda: look("FR", 2021, basis=given),
        lambda: look("FR", 2021, gases=given), lambda: look("FR", 2021, source=given or 3),
        lambda: trajectory("FR", given), lambda: trajectory("FR", YEARS, model=given),
        lambda: trajectory("FR", YEARS, model="trend", history=1 if given == 3 else given or 0),
        lambda: lca.Electricity.from_mix(given), lambda: lca.Electricity.from_mix({"wind": given or 0}),
        lambda: POLAND.at_hours([9], shape=given), lambda: lca.compare_sources(given, 2021),
        lambda: lca.pue(given, 2021), lambda: lca.wue(given, 2021), lambda: lca.carbon_free_share(given, 2021),
        lambda: lca.search(given),
    ):  # fmt: skip
        with pytest.raises(LcaError):
            ask()


@pytest.mark.parametrize("given", [None, 3, math.nan, [], ["water"]], ids=repr)
def test_a_search_is_for_a_text(given: Any) -> None:
    for catalogue in ("electricity", "hardware", "technologies"):
        with pytest.raises(DomainError, match="is not a text"):
            lca.search(catalogue, given)
    assert len(lca.search("hardware", "(")) == len(lca.search("hardware"))


@pytest.mark.parametrize("given", [None, 3, math.nan, "water", [3], [None], ["Water"], [[]]], ids=repr)
def test_categories_of_a_place_are_names(given: Any) -> None:
    with pytest.raises(LcaError, match="categor"):
        lca.Electricity.lookup("FR", 2023, categories=given)


@pytest.mark.parametrize("given", [None, 3, math.nan, "water", [3], ["Water"], [[]]], ids=repr)
def test_categories_of_a_study_are_names(given: Any) -> None:
    with pytest.raises(LcaError, match="categor"):
        study(given)
    with pytest.raises(LcaError, match="where: (of|summary)"):
        lca.summary(lca.nominal(study()), of=given if given != "water" else "Water")


@pytest.mark.parametrize("mix", [{3: 1.0}, {None: 1.0}, {"wnid": 1.0}])
def test_a_technology_is_a_name(mix: Any) -> None:
    with pytest.raises(MissingError, match="no technology"):
        lca.Electricity.from_mix(mix)


@pytest.mark.parametrize(
    "first", ["0.4 kg CO2e/kWh", 0.4, lca.Uniform("0.3 kg CO2e/kWh", "0.5 kg CO2e/kWh"), "my grid"]
)
def test_a_value_in_the_place_of_the_name_raises_with_both_by_name(first: Any) -> None:
    for rest in ((), ("0.4 kg CO2e/kWh",)):
        with pytest.raises(MissingError, match='lca.Electricity."my grid", intensity="0.4 kg CO2e/kWh"'):
            lca.Electricity(first, *rest, at="facility")

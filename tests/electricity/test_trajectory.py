"""Electricity over the years to come (A5)."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from example_study import part
from scipy import stats

import lca
from lca import tables
from lca.electricity.lookup import published_years
from lca.electricity.trajectory import common_share
from lca.electricity.trend import fitted
from lca.errors import AccountingError, DomainError, KeyClashError, MissingError, UnitError

DRAWS = 40_000
POLAND = tables.read("electricity", "country_yearly").query("region == 'POL'").set_index("year")["co2e"]
LAST = int(POLAND.index.max())


def nominal(electricity: lca.Electricity) -> dict[int, float]:
    """g CO2e/kWh by year."""
    data = lca.nominal(electricity.intensity).data["value"]
    return {int(year): 1e3 * float(data.sel(year=year)) for year in data["year"].values}


def draws(electricity: lca.Electricity, count: int = DRAWS) -> Any:
    return 1e3 * lca.monte_carlo(electricity.intensity, draws=count, progress=False).data["value"]


# --- the models ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["constant", "trend", {LAST + 1: "500 g CO2e/kWh"}])
def test_a5_published_years_are_those_of_a_look_up(model: Any) -> None:
    made = lca.Electricity.trajectory("Poland", range(2020, LAST + 2), model=model)
    assert made.intensity.dim_names == ("year",)
    for year in range(2020, LAST + 1):
        alone = lca.Electricity.lookup("PL", year).intensity
        both = lca.monte_carlo(
            {"alone": alone, "one of many": lca.functions.select(made.intensity, "year", year)}, draws=50
        )
        np.testing.assert_allclose(both.data["alone"], both.data["one of many"], rtol=1e-12)
        assert nominal(made)[year] == pytest.approx(POLAND[year], rel=1e-12)


def test_constant_decline_and_stated_years_by_hand() -> None:
    years = range(LAST, LAST + 6)
    constant = nominal(lca.Electricity.trajectory("PL", years, model="constant"))
    assert list(constant.values()) == pytest.approx([POLAND[LAST]] * 6)
    falling = nominal(lca.Electricity.trajectory("PL", years, model="decline", rate="4 %/year"))
    assert list(falling.values()) == pytest.approx([POLAND[LAST] * math.exp(-0.04 * n) for n in range(6)])
    stated = {year: f"{400 - year + LAST} g CO2e/kWh" for year in years[1:]}
    given = nominal(lca.Electricity.trajectory("PL", years, model=stated))
    assert [given[year] for year in years] == pytest.approx([POLAND[LAST], 399, 398, 397, 396, 395])


def test_u4_the_trend_has_the_prediction_interval_of_the_textbook() -> None:
    """5 and 95 % quantiles of the draws against c exp(b t) x exp(-+ t(n-2) s sqrt(1 + 1/n + t^2/Sxx)).

    The spread between sources is taken out: what is left is the regression alone.
    """
    history, year = 10, LAST + 6
    made = lca.Electricity.trajectory("PL", [year], model="trend", history=history)
    recent = POLAND.tail(history)
    x, y = recent.index.to_numpy(float), np.log(recent.to_numpy())
    fit = stats.linregress(x, y)
    s = math.sqrt(((y - fit.intercept - fit.slope * x) ** 2).sum() / (history - 2))
    away = year - x.mean()
    half = stats.t.ppf(0.95, history - 2) * s * math.sqrt(1 + 1 / history + away**2 / ((x - x.mean()) ** 2).sum())
    centre = fit.intercept + fit.slope * year
    base = lca.Electricity.lookup("PL", LAST)
    ratio = lca.functions.select(made.intensity, "year", year) / base.intensity
    found = np.log(lca.monte_carlo(ratio, draws=DRAWS, progress=False).data["value"].values * POLAND[LAST])
    for level, end in ((0.05, -half), (0.5, 0.0), (0.95, half)):
        density = stats.norm.pdf(stats.norm.ppf(level)) / (half / 1.6449)
        error = math.sqrt(level * (1 - level) / DRAWS) / density  # standard error of a quantile
        assert np.quantile(found, level) == pytest.approx(centre + end, abs=4 * error)
    assert nominal(made)[year] == pytest.approx(math.exp(centre), rel=1e-9)


def test_a5_a_fit_reproduces_what_is_known_of_rfc_west() -> None:
    """2018 to 2023: -3.9 % a year, 4.5 % about it."""
    rows = tables.read("electricity", "egrid_subregion_rates").query("region == 'US-RFCW' and year > 2016")
    trend = fitted(rows["year"].tolist(), rows["co2e"].tolist(), "here")
    assert trend.slope == pytest.approx(-0.039, abs=5e-4)
    assert trend.spread == pytest.approx(0.045, abs=5e-4)
    assert np.log(rows["co2e"]).std() == pytest.approx(0.084, abs=5e-4)
    assert trend.inflation == pytest.approx(stats.t.ppf(0.95, 4) / stats.norm.ppf(0.95), rel=1e-9)


def test_future_years_deviate_partly_together_with_other_places() -> None:
    """The correlation of two places in one year is the common share, of two years what the level error makes it."""
    years = [2030, 2031]
    made = {place: lca.Electricity.trajectory(place, years, basis="direct") for place in ("US-RFCW", "US-CAMX")}
    last = {place: lca.Electricity.lookup(place, 2023, basis="direct").intensity for place in made}
    nodes = {
        f"{place} {year}": lca.functions.select(one.intensity, "year", year) / last[place]
        for (place, one), year in itertools.product(made.items(), years)
    }
    data = np.log(lca.monte_carlo(nodes, draws=DRAWS, progress=False).data)
    same_year = np.corrcoef(data["US-RFCW 2030"], data["US-CAMX 2030"])[0, 1]
    same_place = np.corrcoef(data["US-RFCW 2030"], data["US-RFCW 2031"])[0, 1]
    share = common_share("eGRID", "direct")
    assert 0.1 < share < 0.5
    assert same_year == pytest.approx(share / 2, abs=4 / math.sqrt(DRAWS))  # half of the variance is the level's
    assert same_place == pytest.approx(0.5, abs=4 / math.sqrt(DRAWS))


def test_u2_a_longer_trajectory_leaves_the_draws_of_its_first_years() -> None:
    short, long = (
        draws(lca.Electricity.trajectory("FR", range(2027, end), model="trend"), 100) for end in (2029, 2040)
    )
    np.testing.assert_array_equal(short.sel(year=2028), long.sel(year=2028))


def test_a5_trajectories_say_what_they_lack() -> None:
    with pytest.raises(MissingError, match="'decline' needs a rate(.|\n)*the trend is -3"):
        lca.Electricity.trajectory("PL", range(2026, 2030), model="decline")
    with pytest.raises(MissingError, match="the model 'trend' has no rate"):
        lca.Electricity.trajectory("PL", range(2026, 2030), model="trend", rate="4 %/year")
    with pytest.raises(UnitError, match=r'"... 1/year"'):
        lca.Electricity.trajectory("PL", range(2026, 2030), model="decline", rate="4 %")
    with pytest.raises(MissingError, match="no model 'exponential'(.|\n)*constant"):
        lca.Electricity.trajectory("PL", range(2026, 2030), model="exponential")
    with pytest.raises(MissingError, match="lack years: 2027, 2028"):
        lca.Electricity.trajectory("PL", range(2026, 2029), model={2026: "500 g CO2e/kWh"})
    with pytest.raises(MissingError, match="no electricity was published for US-RFCW in 2017(.|\n)*2018 to 2023"):
        lca.Electricity.trajectory("US-RFCW", range(2017, 2029), basis="direct")
    with pytest.raises(DomainError, match="none after 2100"):
        lca.Electricity.trajectory("PL", [2026, 2150])
    with pytest.raises(DomainError, match="is not a list, each a whole number"):
        lca.Electricity.trajectory("PL", 2030)  # type: ignore[arg-type]
    with pytest.raises(MissingError, match="at least 4 published years, and there are 3"):
        lca.Electricity.trajectory("PL", [2030], history=3)


@pytest.mark.parametrize(("place", "basis"), [("US-CAMX", "direct"), ("PL", "life cycle"), ("gcp:us-west2", "direct")])
def test_a5_a_trend_says_how_far_it_stands_from_the_newest_published_year(place: str, basis: str) -> None:
    """From the trajectory itself: the trend's fitted value of the last year follows from two years to come."""
    last = max(published_years(place, basis=basis))
    made = lca.Electricity.trajectory(place, range(last, last + 3), model="trend", basis=basis)
    values = nominal(made)
    jump = values[last + 1] ** 2 / values[last + 2] / values[last] - 1
    side = "above" if jump > 0 else "below"
    assert f"which stands {abs(jump):.1%} {side} the published {last}" in made.source
    held = lca.Electricity.trajectory(place, [last, last + 1], model="constant", basis=basis)
    assert "which stands" not in held.source


# --- in a study ---------------------------------------------------------------------------------------------------


def robots(grid: lca.Electricity, **given: Any) -> lca.Deployment:
    site = lca.Site("sockets", electricity=grid, supply_efficiency=0.85, pue=1.0)
    engine = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")
    fleet = {
        "devices": 100, "start": 2024, "period": "4.5 year", "load": "10 inference/s", "active": "8 h/day",
        "idle_power": "2 W at_board",
    }  # fmt: skip
    return lca.Deployment(**{"name": "robots", "inference": engine, "site": site} | fleet | given)


def test_a5_a_deployment_meets_the_electricity_of_each_of_its_years() -> None:
    """Energy of a year x intensity of that year; years that are not needed are left alone; they sum to the total."""
    grid = lca.Electricity.trajectory("PL", range(2020, 2035), model="decline", rate="4 %/year")
    study = part(robots(grid))
    result = lca.monte_carlo(study, draws=100, progress=False)
    per_year = result.data["use/robots"]
    np.testing.assert_allclose(per_year.sum("year"), result.data["total"], rtol=1e-12)
    plain = lca.nominal(study)
    energy = plain.data["energy/robots"]  # at the facility
    losses = lca.nominal(grid.grid_loss).data["value"]
    for year in range(2024, 2029):
        by_hand = float(energy.sel(year=year)) * nominal(grid)[year] / 1e3 / (1 - float(losses.sel(year=year)))
        assert float(plain.data["use/robots"].sel(year=year)) == pytest.approx(by_hand, rel=1e-9)
    assert lca.summary(plain, by="year").loc["2028", "nominal"] == pytest.approx(
        float(plain.data["use/robots"].sel(year=2028)), rel=1e-12
    )


def test_a5_each_published_year_has_the_loss_of_its_own_release() -> None:
    """RFCW lost 5.1 % in 2019 and 4.2 % in 2023; years to come take the newest."""
    grid = lca.Electricity.trajectory("US-RFCW", range(2019, 2026), model="constant", basis="direct")
    losses = lca.nominal(grid.grid_loss).data["value"]
    assert losses.sel(year=[2019, 2023, 2025]).values.tolist() == pytest.approx([0.051, 0.042, 0.042])
    run = lca.Training("run", energy="80 kWh", at="wall", site=lca.Site("home", electricity=grid, pue=1.0), year=2019)
    alone = lca.Site("home", electricity=lca.Electricity.lookup("US-RFCW", 2019, basis="direct"), pue=1.0)
    expected = lca.nominal(part(lca.Training("run", energy="80 kWh", at="wall", site=alone))).data["total"]
    assert float(lca.nominal(part(run)).data["total"]) == pytest.approx(float(expected), rel=1e-12)


def test_a5_years_that_a_factor_lacks_and_energy_of_no_year_raise() -> None:
    grid = lca.Electricity.trajectory("PL", range(2024, 2027), model="constant")
    with pytest.raises(MissingError, match="lacks years that robots.energy needs: 2027, 2028(.|\n)*range.2024, 2029"):
        part(robots(grid))
    home = lca.Site("home", electricity=grid, pue=1.0)
    run = {"energy": "80 kWh", "at": "wall", "site": home}
    with pytest.raises(AccountingError, match="energy of no single year(.|\n)*year=2024"):
        part(lca.Training("run", **run))
    total = float(lca.nominal(part(lca.Training("run", year=2025, **run))).data["total"])
    loss = float(lca.nominal(grid.grid_loss).data["value"].sel(year=2025))
    assert total == pytest.approx(80 / (1 - loss) * POLAND[2025] / 1e3)
    with pytest.raises(MissingError, match="lacks years"):
        part(lca.Training("run", year=2023, **run))
    assert lca.footprint(lca.Training("run", year=2025, **run))["nominal"].item() == pytest.approx(total)


def test_d4_trajectories_side_by_side_share_their_random_numbers() -> None:
    grids = {
        "constant": lca.Electricity.trajectory("PL", range(2024, 2029), model="constant"),
        "trend": lca.Electricity.trajectory("PL", range(2024, 2029), model="trend"),
    }
    base = part(robots(grids["constant"]))
    both = base.vary("model", {"sockets.electricity": grids})
    data = lca.monte_carlo(both, draws=2_000, progress=False).data["total"]
    for name, grid in grids.items():
        alone = lca.monte_carlo(base.replace({"sockets.electricity": grid}), draws=2_000, progress=False).data["total"]
        np.testing.assert_allclose(data.sel(model=name), alone, rtol=1e-12)
    spread = (data.sel(model="trend") / data.sel(model="constant")).std()
    assert float(spread) < 0.05 < float(data.sel(model="trend").std() / data.sel(model="trend").mean())


def sites(*grids: lca.Electricity) -> lca.Study:
    """One fleet at each of several sites."""
    names = ("north", "south")
    fleets = []
    for name, grid in zip(names, grids, strict=True):
        site = lca.Site(name, electricity=grid, supply_efficiency=0.85, pue=1.0)
        fleets.append(robots(grid, site=site, name=f"robots {name}"))
    return part(*fleets)


def test_u1_models_and_histories_of_one_place_meet_and_share_their_years() -> None:
    """Two models, or two histories, at two sites: one definition a key; the years to come deviate as one."""
    made = {
        (model, history): lca.Electricity.trajectory("Poland", range(2024, 2029), model=model, history=history)
        for model, history in (("constant", 10), ("trend", 10), ("trend", 6))
    }
    together = sites(made["constant", 10], made["trend", 6])
    result = lca.monte_carlo(together, draws=500, progress=False)
    for name, (model, history) in (("north", ("constant", 10)), ("south", ("trend", 6))):
        site = lca.Site(name, electricity=made[model, history], supply_efficiency=0.85, pue=1.0)
        alone = lca.monte_carlo(part(robots(made[model, history], site=site, name=f"robots {name}")), draws=500)
        np.testing.assert_allclose(result.data[f"use/robots-{name}"], alone.data[f"use/robots-{name}"], rtol=1e-12)
    sites(made["trend", 10], made["trend", 6])
    base = lca.Electricity.lookup("Poland", LAST).intensity
    nodes = {
        "/".join(map(str, key)): lca.functions.select(one.intensity, "year", 2028) / base for key, one in made.items()
    }
    data = np.log(lca.monte_carlo(nodes, draws=5_000, progress=False).data)
    assert np.corrcoef(data["constant/10"], data["trend/6"])[0, 1] > 0.5  # but for the slope and its error


def test_u1_two_rates_for_one_place_clash_though_they_stand_in_a_stack_of_years() -> None:
    """The years are summed, so that what stands in them meets; as alternatives two rates stand side by side."""
    slow, fast = (
        lca.Electricity.trajectory("Poland", range(2024, end), model="decline", rate=rate)
        for rate, end in (("2 %/year", 2029), ("6 %/year", 2030))  # names of their own
    )
    with pytest.raises(KeyClashError, match="electricity/POL.decline"):
        sites(slow, fast)
    fast = lca.Electricity.trajectory("Poland", range(2024, 2029), model="decline", rate="6 %/year")
    both = part(robots(slow)).vary("rate", {"sockets.electricity": {"slow": slow, "fast": fast}})
    assert lca.nominal(both).data["total"].sizes == {"rate": 2}


def test_u1_stacks_of_one_dim_meet_label_by_label() -> None:
    """Alternatives may differ between labels, not within one; without a sum over the dim they are alternatives."""
    watt = {n: lca.parameter("same.key", f"{n} W at_wall") for n in (1, 2)}
    stack = lca.functions.stack
    first, turned = stack({"a": watt[1], "b": watt[2]}, "way"), stack({"a": watt[2], "b": watt[1]}, "way")
    assert float(lca.nominal({"x": first, "y": first}).data["x"].sel(way="b")) == 2
    with pytest.raises(KeyClashError, match="same.key"):
        lca.nominal({"x": first, "y": turned})
    with pytest.raises(KeyClashError, match="same.key"):
        lca.nominal(lca.functions.total(first, over="way"))


@pytest.mark.parametrize(("place", "side"), [("PL", "above"), ("KR", "below")])
def test_a5_a_trend_says_on_which_side_of_the_last_year_it_begins(place: str, side: str) -> None:
    """A5: the trend is read back to the last published year, and compared with what was published for it."""
    grid = lca.Electricity.trajectory(place, range(2025, 2027), model="trend")
    began = float(re.search(rf"stands ([\d.]+)% {side} the published 2025", grid.source)[1]) / 100  # type: ignore[index]
    published, later = nominal(grid)[2025], nominal(grid)[2026]
    rate = float(re.search(r"trend \((-?[\d.]+)% a year", grid.source)[1]) / 100  # type: ignore[index]
    begun = later / (1 + rate)
    assert begun / published - 1 == pytest.approx(began if side == "above" else -began, abs=1e-3)


def test_a5_years_to_come_end_with_2100() -> None:
    assert list(nominal(lca.Electricity.trajectory("PL", [2100], model="constant"))) == [2100]
    with pytest.raises(DomainError, match="none after 2100(.|\n)*2101"):
        lca.Electricity.trajectory("PL", [2101], model="constant")

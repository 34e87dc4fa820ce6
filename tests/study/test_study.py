"""The example study against hand figures, its dims, its summaries, and what it prints."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from example_study import (
    BEST,
    JOULES,
    SECONDS,
    WATTS,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    result,
    robots,
    study,
    training,
    workstation,
)

import lca
from lca.errors import LabelError, MissingError, RoleError
from lca.study.nominal_text import nominal_text
from lca.units.number_text import significant

YEAR = 365.25 * 86_400
#: 1,074.41 lb/MWh sent out, and a loss of 5.1 % on the way to the plug.
DELIVERED = 1_074.41 * 0.45359237 / 1_000 / (1 - 0.051)


@pytest.fixture(scope="module")
def best() -> lca.Study:
    return study().sel(engine=BEST)


def nominal(thing: Any) -> Any:
    return lca.nominal(thing).data


def draws(thing: Any, count: int = 2_000) -> Any:
    return lca.monte_carlo(thing, draws=count, progress=False).data


# --- by hand -------------------------------------------------------------------------------------------------


def test_five_trainings_by_hand(best: lca.Study) -> None:
    """6.437 kWh at the wall and 3.31 kg; each model by its own figures."""
    data = nominal(best)
    energy = data["energy/superpoint-backbones"]
    for model, seconds in SECONDS.items():
        by_hand = seconds * 170 * WATTS[model] / 3.6e6
        assert float(energy.sel(model=model)) == pytest.approx(by_hand, rel=1e-12)
    assert float(energy.sum()) == pytest.approx(6.437, rel=1e-4)
    assert float(data["training"]) == pytest.approx(3.31, rel=0.01)
    assert float(data["training"]) == pytest.approx(float(energy.sum()) * DELIVERED, rel=1e-12)
    # with pue 1 the wall is the facility, and the energy before it says "wall"
    wall = best.activities[1].energy
    assert nominal(wall)["value"].attrs["unit"] == "kWh at the wall"
    assert float(nominal(wall)["value"].sum()) == pytest.approx(6.437, rel=1e-4)


def test_hundred_jetsons_by_hand(best: lca.Study) -> None:
    """9,900 kWh at the plug, 5.1 t, 5.26e10 inferences in 5 years of 8 h a day."""
    data = nominal(best)
    active = 5 * YEAR / 3
    assert float(data["functional_unit"]) == pytest.approx(100 * 10 * active, rel=1e-12)
    assert float(data["functional_unit"]) == pytest.approx(5.26e10, rel=1e-3)
    plug = 100 * (1.9 + 0.386 * 10) * active / 0.85 / 3.6e6
    assert float(data["energy/robots"].sum("year")) == pytest.approx(plug, rel=1e-12)
    assert plug == pytest.approx(9_900, rel=0.01)
    assert float(data["use"]) == pytest.approx(5_100, rel=0.01)
    assert float(data["use"]) == pytest.approx(plug * DELIVERED, rel=1e-12)


def test_hardware_and_desk_by_hand(best: lca.Study) -> None:
    data = nominal(best)
    run = sum(SECONDS.values()) * 170 / YEAR
    desk = (15 * 7 / 365.25 + run) / 4
    assert float(data["manufacturing"]) == pytest.approx(100 * 36 + desk * 350, rel=1e-12)
    assert float(data["distribution"]) == pytest.approx(100 * 3.6 + desk * 18, rel=1e-12)
    assert float(data["end_of_life"]) == pytest.approx(100 * 0.2 + desk * 2, rel=1e-12)
    assert float(data["development"]) == pytest.approx(175 * DELIVERED, rel=1e-12)
    total = sum(float(data[stage]) for stage in best.model.stages)
    assert float(data["total"]) == pytest.approx(total, rel=1e-12)
    assert float(data["training"]) / total == pytest.approx(0.0004, abs=0.00005)


def test_a_mean_lies_where_the_spread_puts_it(best: lca.Study) -> None:
    """The use stage: means of independent factors multiply; each mean is known in closed form."""
    count = 20_000
    data = draws(best, count)
    z = np.linspace(1e-7, 1 - 1e-7, 200_001)
    inverse = float(np.mean(1 / lca.Triangular(0.75, 0.85, 0.90).ppf(z)))
    load = (5 + 10 + 20) / 3
    mean = 100 * 5 * YEAR / 3 * (1.9 + 0.386 * load) * inverse / 3.6e6 * DELIVERED * np.exp(np.log(1.1) ** 2 / 2)
    found = data["use"].to_numpy()
    assert abs(found.mean() - mean) < 4 * found.std() / np.sqrt(count)


# --- dims of a study (D2) ----------------------------------------------------------------------------------------


def test_d2_every_dim_is_parts_or_alternatives() -> None:
    home = home_site(grid())
    run = training(workstation(), home)
    with pytest.raises(RoleError, match=r"model(.|\n)*parts=\(\"model\",\)(.|\n)*alternatives"):
        part(run)
    with pytest.raises(RoleError, match="both"):
        part(run, parts=("model",), alternatives=("model",))
    with pytest.raises(RoleError, match="varies over engine"):
        part(run, parts=("model",), alternatives=("engine",))
    summed, rivals = (float(nominal(part(run, **role))["training"].sum()) for role in (
        {"parts": ("model",)}, {"alternatives": ("model",)}))  # fmt: skip
    assert summed == pytest.approx(rivals)
    assert nominal(part(run, alternatives=("model",)))["total"].dims == ("model",)


def test_d2_a_study_is_selected_by_label() -> None:
    data = nominal(study())
    assert data["total"].dims == ("engine",)
    for engine in (BEST, "sp_mbv1_2_120_392_FP16_seq_4"):
        alone = study().sel(engine=engine)
        assert alone.alternatives == ()
        assert float(nominal(alone)["total"]) == float(data["total"].sel(engine=engine))
    with pytest.raises(LabelError, match="alternatives: engine"):
        study().sel(model="resnet18")
    with pytest.raises(LabelError, match="'sp_resnet18'(.|\n)*did you mean"):
        study().sel(engine="sp_resnet18").model
    assert float(data["total"].min()) == float(data["total"].sel(engine=BEST))
    assert list(data["batch"].values) == [2 if "_2_120" in name else 1 for name in JOULES]
    assert data["backbone"].sel(engine="superpoint_pretrained_1_120_392_FP16_seq_4") == "superpoint_pretrained"


# --- summaries (U5, A11) ----------------------------------------------------------------------------------------


def test_summaries_per_something_are_one_result() -> None:
    """Devices and years are fixed, so that their tables are the total divided; inferences vary draw by draw."""
    best = lca.monte_carlo(study().sel(engine=BEST), draws=4_000, progress=False)
    total = lca.summary(best)
    figures = ["nominal", "mean", "p5", "p50", "p95"]
    for per, number in (("device", 100), ("year", 5), ("device_year", 500)):
        np.testing.assert_allclose(lca.summary(best, per=per)[figures] * number, total[figures], rtol=1e-12)
    inferences = best.data["functional_unit"]
    table = lca.summary(best, per="inference", unit="mg CO2e")
    for stage in best.model.stages:
        ratio = (best.data[stage] / inferences).to_numpy() * 1e6
        row = table.loc[stage.replace("_", " ")]
        assert row["mean"] == pytest.approx(ratio.mean(), rel=1e-12)
        assert row["p95"] == pytest.approx(np.quantile(ratio, 0.95), rel=1e-12)
    count = float(nominal(study())["functional_unit"])
    np.testing.assert_allclose(table["nominal"] * count / 1e6, total["nominal"], rtol=1e-12)
    np.testing.assert_allclose(table["share"], total["share"], rtol=1e-12)
    one, other = (lca.summary(best, per=per).drop(columns="unit") for per in ("functional_unit", "inference"))
    assert one.equals(other), "a frame is an inference"
    # the ratio of means is not the mean of ratios: a load that varies bends it
    assert table.loc["total", "mean"] != pytest.approx(total.loc["total", "mean"] / float(inferences.mean()) * 1e6)


def test_u5_nominal_values_and_means_stand_beside_each_other() -> None:
    table = lca.summary(result()).xs(BEST, level="engine")
    np.testing.assert_allclose(table.loc["use", "nominal"], float(nominal(study().sel(engine=BEST))["use"]), rtol=1e-12)
    assert table.loc["manufacturing", "nominal"] < table.loc["manufacturing", "mean"]
    assert list(table.index) == [
        "development",
        "training",
        "manufacturing",
        "distribution",
        "use",
        "end of life",
        "total",
    ]
    assert np.all(np.diff(table[["p5", "p50", "p95"]].to_numpy(), axis=1) > 0)


def test_summary_by_activity_sums_to_the_stages() -> None:
    stages, activities = (lca.summary(result(), by=by).xs(BEST, level="engine") for by in ("stage", "activity"))
    groups = activities.drop("total").groupby(lambda name: name.split("/")[0])[["nominal", "mean", "share"]].sum()
    np.testing.assert_allclose(
        groups.loc[stages.index[:-1]].to_numpy(), stages[["nominal", "mean", "share"]].to_numpy()[:-1], rtol=1e-12
    )


def test_a_summary_of_what_is_not_there_raises() -> None:
    with pytest.raises(MissingError, match="per 'token'(.|\n)*device_year"):
        lca.summary(result(), per="token")
    with pytest.raises(MissingError, match="by 'colour'(.|\n)*activity"):
        lca.summary(result(), by="colour")
    with pytest.raises(MissingError, match="details"):
        lca.summary(lca.monte_carlo(study(), draws=10, details=False, progress=False), by="activity")


# --- what a reader sees ------------------------------------------------------------------------------------------


def test_a_study_prints_its_stages(best: lca.Study) -> None:
    text = str(best)
    for word in (
        "SuperPoint on 100 Jetsons", BEST, "nominal values", "one 120x392 frame through SuperPoint",
        "excluded: nothing", "end of life", "6.437", "9,900", "3.306", "5,084", "9,184", "100.00", "0.04",
        "0.1746 mg CO2e per functional unit", "robots in 2022-2026 uses electricity of 2019: up to 7 years apart",
    ):  # fmt: skip
        assert word in text, word
    left_out = part(training(workstation(), home_site(grid())), parts=("model",))
    assert "excluded: development, use" in str(left_out)


def test_q3_the_energy_that_a_study_prints_is_that_at_the_facility() -> None:
    """Q3: 6 kWh at the wall are 9 at the facility's meter."""
    site = lca.Site("room", electricity=grid(), pue=1.5)
    lines = str(part(lca.Training("run", energy="6 kWh", at="wall", site=site))).splitlines()
    assert "kWh at the facility" in lines[3]
    assert lines[4].split()[:2] == ["training", "9"]


def test_a9_a13_a_study_prints_what_it_counts_beside_climate_change() -> None:
    """A9, A13: the market-based total, each category with its total or with what it lacks, the notes."""
    said: dict[str, Any] = {
        "at": "busbar", "grid_loss": 0.2, "gwp_set": "AR6", "basis": "direct", "mix": "production",
        "averaging": "average", "categories": {"primary_energy": "2.5 kWh primary/kWh"},
    }  # fmt: skip
    wind = lca.Electricity(
        "a", intensity="0.1 kg CO2e/kWh", key="a", accounting="market-based", instrument="contract", **said
    )
    place = lca.Electricity("b", intensity="0.5 kg CO2e/kWh", key="b", accounting="location-based", **said)
    site = lca.Site("room", electricity=place, market_electricity=wind, pue=1.0)
    run = lca.Training("run", energy="80 kWh", at="wall", site=site)
    made = part(run, categories=("climate_change", "water", "primary_energy"))
    lines = str(made).splitlines()
    assert "market-based: 10 kg CO2e in total" in lines
    assert "primary energy: 250 kWh primary in total" in lines
    assert f"water: incomplete: {len(made.model.gaps['water'])} factors lacking, see study.model.gaps" in lines
    varied = str(made.vary("load", {"run.energy": {"little": "8 kWh", "much": "80 kWh"}})).splitlines()
    assert "market-based: 1 to 10 kg CO2e in total, from the lowest alternative to the highest" in varied


def test_alternatives_that_differ_in_no_total_print_as_one() -> None:
    """Only what was bought differs: the table has no alternatives, the market-based line gives both ends."""
    place = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility")
    bought = {
        name: lca.Electricity(name, intensity=f"{intensity} kg CO2e/kWh", at="facility", key=name,
                              accounting="market-based", instrument="contract")
        for name, intensity in (("wind", 0.1), ("sun", 0.2))
    }  # fmt: skip
    site = lca.Site("room", electricity=place, market_electricity=bought["wind"], pue=1.0)
    run = lca.Training("run", energy="80 kWh", at="wall", site=site)
    mixed = ("basis", "mix", "averaging", "gwp_set")
    lines = str(part(run, mixed=mixed).vary("bought", {"room.market_electricity": bought})).splitlines()
    assert any(line.startswith("total") and "40" in line for line in lines)
    assert "market-based: 8 to 16 kg CO2e in total, from the lowest alternative to the highest" in lines


def test_a_study_prints_its_notes_and_stays_short(best: lca.Study) -> None:
    for one in (best, study()):
        assert f"note: {one.model.notes[0]}" in str(one).splitlines()
    many = dataclasses.replace(best.model, notes=tuple(f"of {number}" for number in range(8)))
    assert nominal_text(many).endswith("note: of 5\nand 2 further notes: study.model.notes")


def test_a_study_with_alternatives_prints_a_line_for_each() -> None:
    text = str(study())
    assert "kg CO2e" in text
    for name in JOULES:
        assert text.count(name) == 1
    assert text.index(BEST) < text.index("sp_resnet18_1_120_392_FP32")  # sorted by total
    for column in ("total", "training", "use", "end of life"):
        assert column in text


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("pue", "write pittsburgh-desk.pue or robots.pue"),
        ("jetson", "jetson.embodied or jetson.lifetime or "),
        ("perod", "robots.period"),
        ("colour", "the name of its component first"),
    ],
)
def test_d4_a_path_without_a_component_offers_those_that_have_the_field(path: str, offered: str) -> None:
    with pytest.raises(
        MissingError, match=rf"'{path}' is not a path: a path is \"component.field\"(.|\n)*fix: .*{offered}"
    ):
        study().replace({path: 1.3})


def test_d1_a_list_is_labelled_by_its_years() -> None:
    for given in ([200, 200, 100], (200, 200), np.array([200.0, 100.0])):
        with pytest.raises(LabelError, match=r"plan.deliveries(.|\n)*lca.labelled\(\{2024: 1, .*dim=\"year\"\)"):
            lca.Fleet("plan", deliveries=given, life="5 year", shape=2)


def test_reprs_say_what_a_thing_is() -> None:
    assert repr(study()) == (
        "<study 'SuperPoint on 100 Jetsons': semester, superpoint-backbones, robots; "
        "parts ('model',), alternatives ('engine',)>"
    )
    use = robots(engines(), jetson(), field_site(grid()))
    assert 'load=Triangular("5 inference/s/device"' in repr(use)
    assert repr(jetson()).startswith("Hardware('Jetson', embodied=Lognormal(\"36 kg CO2e/device\", gsd=1.7)")
    assert "supply_efficiency=Triangular" in repr(field_site(grid()))
    made = lca.monte_carlo(study().sel(engine=BEST), draws=4_000, progress=False)
    assert "4,000 draws, random, seed 0" in repr(made)
    assert "kg CO2e" in repr(made)
    low, middle, high = (significant(float(q)) for q in np.quantile(made.data["total"], [0.05, 0.5, 0.95]))
    assert f"total {middle} kg CO2e (median; 5 to 95 %: {low} to {high})" in repr(made)
    assert f"engine={BEST}: " in repr(result())


def test_a_printed_study_writes_large_figures_out() -> None:
    run = lca.Training("run", energy="123456 kWh", at="wall", site=home_site(grid()))
    text = str(part(run))
    assert "123,456" in text
    assert "e+" not in text


@pytest.mark.parametrize(("kwh", "shown"), [(9_999, "9,999"), (10_000, "10,000"), (123_456, "123,456"), (0.5, "0.5")])
def test_a11_a_study_prints_four_digits_and_no_exponent_of_what_is_large(kwh: float, shown: str) -> None:
    electricity = lca.Electricity(intensity="1 kg CO2e/kWh", at="facility", region="here", year=2024)
    run = lca.Training("run", energy=f"{kwh} kWh", at="wall", site=lca.Site("desk", electricity=electricity, pue=1.0))
    total = next(line for line in str(part(run)).splitlines() if line.startswith("total"))
    assert total.split() == ["total", shown, shown, "100.00"]


@pytest.mark.parametrize("gwp", ["AR9", "ar6", ""])
def test_a4_a_gwp_set_is_one_of_the_table_even_where_no_gas_stands_apart(gwp: str) -> None:
    """A4: the set of a study is named, and one that there is."""
    with pytest.raises(MissingError, match="no GWP set(.|\n)*AR6"):
        study().replaced(gwp=gwp)

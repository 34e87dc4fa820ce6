"""Scenarios and alternatives: the same study with other values, on the same draws (D4, U2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_study import (
    BEST,
    JOULES,
    build,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    robots,
    study,
    training,
    workstation,
)

import lca
from lca.errors import AccountingError, LabelError, MissingError, RecordError

YEAR = 365.25 * 86_400
#: What studies of different shape agree to (U7): their labels may be summed in another order.
OTHER_SHAPE = {"rtol": 1e-12, "atol": 0}
PERIODS = {3: "3 year", 5: "5 year", 8: "8 year"}
PLACES = ("US-RFCW", "US-CAMX")


@pytest.fixture(scope="module")
def best() -> lca.Study:
    return study().sel(engine=BEST)


def nominal(thing: Any) -> Any:
    return lca.nominal(thing).data


def draws(thing: Any, count: int = 2_000) -> Any:
    return lca.monte_carlo(thing, draws=count, progress=False).data


def test_d4_two_dims_of_scenarios_are_the_separate_studies(best: lca.Study) -> None:
    """D4, U2: every cell of the table is the study that somebody would have built by hand, on the same draws."""
    varied = best.vary("years", {"robots.period": PERIODS}).vary(
        "grid", {"robots.electricity": {place: grid(place) for place in PLACES}}
    )
    assert varied.alternatives == ("years", "grid")
    data = draws(varied)
    assert dict(data["total"].sizes) == {"grid": 2, "years": 3, "draw": 2_000}
    for years, period in PERIODS.items():
        for place in PLACES:
            alone = draws(best.replace({"robots.period": period, "robots.electricity": grid(place)}))
            for name in ("total", "use", "manufacturing", "functional_unit", "training"):
                cell = data[name]
                cell = cell.sel({d: v for d, v in (("years", years), ("grid", place)) if d in cell.dims})
                np.testing.assert_allclose(cell.to_numpy(), alone[name].to_numpy(), **OTHER_SHAPE)


def test_d4_a_stage_varies_only_over_what_it_depends_on(best: lca.Study) -> None:
    varied = best.vary("years", {"robots.period": PERIODS}).vary(
        "grid", {"robots.electricity": {place: grid(place) for place in PLACES}}
    )
    dims = {name: set(varied.model.outputs[name].dim_names) for name in ("training", "manufacturing", "use")}
    assert dims == {"training": set(), "manufacturing": {"years"}, "use": {"years", "grid"}}


@pytest.mark.parametrize("periods", [{5: "5 year"}, {"a": "5 year", "b": "5 year"}], ids=["one", "equal"])
def test_d4_scenarios_keep_their_labels_whatever_they_say(best: lca.Study, periods: dict[Any, str]) -> None:
    data = nominal(best.vary("plan", {"robots.period": periods}))
    assert data["total"].sizes == {"plan": len(periods)}
    np.testing.assert_allclose(data["total"], float(nominal(best)["total"]), **OTHER_SHAPE)


def test_d4_several_paths_with_the_same_labels_are_a_bundle(best: lca.Study) -> None:
    bundle = best.vary(
        "plan",
        {
            "robots.devices": {"pilot": 10, "roll-out": 1_000},
            "robots.period": {"pilot": "1 year", "roll-out": "6 year"},
        },
    )
    count = nominal(bundle)["functional_unit"]
    assert count.sizes == {"plan": 2}
    np.testing.assert_allclose(count, [10 * 10 * YEAR / 3, 1_000 * 10 * 6 * YEAR / 3], rtol=1e-12)
    # eight years exist in the longest scenario, and none of them holds anything of the shorter one
    years = nominal(bundle)["use/robots"].sel(plan="pilot")
    assert list(years["year"].values) == [2022, 2023, 2024, 2025, 2026, 2027]
    assert float(years[0]) > 0
    assert np.all(years[1:] == 0)
    with pytest.raises(LabelError, match="pilot(.|\n)*trial"):
        best.vary("plan", {"robots.devices": {"pilot": 10}, "robots.period": {"trial": "1 year"}})


def test_d4_a_replaced_value_acts_wherever_its_record_is_used() -> None:
    """D4: one desk in two activities, one grid behind two sites."""
    changed = study().replace({"gpu-workstation.lifetime": "8 year", "us-rfcw-2019.grid_loss": "0 %"})
    before, after = nominal(study()), nominal(changed)
    for activity in ("semester", "superpoint-backbones"):
        ratio = after[f"manufacturing/{activity}"].sum() / before[f"manufacturing/{activity}"].sum()
        assert float(ratio) == pytest.approx(0.5)
    for stage in ("development", "training", "use"):
        np.testing.assert_allclose(after[stage] / before[stage], 0.949, rtol=1e-12)
    # what was taken from a record is rebuilt with it
    doubled = nominal(study().replace({"robots.devices": 200}))
    np.testing.assert_allclose(doubled["functional_unit"] / before["functional_unit"], 2)


def test_d4_paths_that_lead_nowhere_offer_near_names() -> None:
    with pytest.raises(MissingError, match="no component 'robot'(.|\n)*robots"):
        study().replace({"robot.period": "3 year"})
    with pytest.raises(MissingError, match="no field 'periods'(.|\n)*period"):
        study().replace({"robots.periods": "3 year"})
    with pytest.raises(LabelError, match="'engine' already"):
        study().vary("engine", {"robots.period": PERIODS})


def test_d4_whole_studies_side_by_side(best: lca.Study) -> None:
    """D4, U2: each study keeps its draws, and what they have in common does not vary."""
    one, two = best, build(electricity=grid("US-CAMX")).sel(engine=BEST)
    both = lca.alternatives("grid", {"RFCW": one, "CAMX": two})
    assert both.alternatives == ("grid",)
    data = draws(both)
    for label, alone in (("RFCW", draws(one)), ("CAMX", draws(two))):
        for name in ("total", "use", "training"):
            np.testing.assert_allclose(data[name].sel(grid=label).to_numpy(), alone[name].to_numpy(), **OTHER_SHAPE)
    assert "grid" not in data["functional_unit"].dims


def test_d4_studies_side_by_side_can_be_changed_as_one() -> None:
    """D4: fleets of other sizes and periods; what was counted in each is counted anew after a change."""
    inference = engines({BEST: JOULES[BEST]})

    def fleet(devices: int, period: str) -> lca.Study:
        use = robots(inference, jetson(), field_site(grid()), devices=devices, period=period, load="10 inference/s")
        count = lca.FunctionalUnit("one frame", count=use.inferences)
        return part(use, functional_unit=count, alternatives=("engine",)).sel(engine=BEST)

    both = lca.alternatives("plan", {"pilot": fleet(10, "1 year"), "roll-out": fleet(1_000, "6 year")})
    counts = np.array([10 * 1, 1_000 * 6]) * 10 * YEAR / 3
    np.testing.assert_allclose(nominal(both)["functional_unit"], counts, rtol=1e-12)
    slower = both.replace({"robots.load": "5 inference/s"})
    np.testing.assert_allclose(nominal(slower)["functional_unit"], counts / 2, rtol=1e-12)
    assert nominal(both)["use/robots"].sizes == {"plan": 2, "year": 6}


def test_d4_hardware_in_counts_stands_side_by_side() -> None:
    def made(embodied: str) -> lca.Study:
        run = training({workstation(embodied=embodied): 2, jetson(): 1}, home_site(grid()), devices=1)
        return part(run, parts=("model",))

    both = nominal(lca.alternatives("desk", {"light": made("100 kg CO2e"), "heavy": made("300 kg CO2e")}))
    owed = both["manufacturing/superpoint-backbones/gpu-workstation"].sum("model")
    assert float(owed.sel(desk="heavy") / owed.sel(desk="light")) == pytest.approx(3)
    assert "desk" not in both["manufacturing/superpoint-backbones/jetson"].dims


def test_d4_studies_that_do_not_have_the_same_things_cannot_stand_side_by_side() -> None:
    home = home_site(grid())
    one = part(training(workstation(), home), parts=("model",))
    more = part(training(workstation(), home), training(workstation(), home, name="again"), parts=("model",))
    with pytest.raises(RecordError, match="again is an activity of one(.|\n)*plan=a(.|\n)*excluded={'again'"):
        lca.alternatives("plan", {"a": one, "b": more})
    once = part(training(workstation(), home), parts=("model",), excluded={"again": lca.outside_goal("run once")})
    both = nominal(lca.alternatives("plan", {"a": once, "b": more}))
    assert (both["training/again"].sum("model") > 0).values.tolist() == [False, True]
    left_out = {"distribution": lca.outside_goal("a part is enough here")}
    lacking = part(training(workstation(distribution=None), home), parts=("model",), excluded=left_out)
    beside = nominal(lca.alternatives("plan", {"a": one, "b": lacking}))
    assert (beside["distribution"] > 0).values.tolist() == [True, False]
    with pytest.raises(RecordError, match="each value a Study(.|\n)*b: "):
        lca.alternatives("plan", {"a": one, "b": training(workstation(), home)})


def test_d2_a_selected_study_can_be_varied(best: lca.Study) -> None:
    varied = best.vary("years", {"robots.period": PERIODS})
    whole = float(nominal(best)["total"])
    assert float(nominal(varied)["total"].sel(years=5)) == pytest.approx(whole, rel=1e-12)
    assert float(nominal(varied.sel(years=5))["total"]) == pytest.approx(whole, rel=1e-12)


def test_d4_studies_selected_at_other_labels_stand_side_by_side() -> None:
    """Two engines of ten, each with its own place: a selection belongs to its study."""
    one, two = list(JOULES)[:2]
    beside = {one: study().sel(engine=one), two: study().sel(engine=two).replace({"robots.pue": 1.5})}
    found = nominal(lca.alternatives("choice", beside))
    for label, alone in beside.items():
        np.testing.assert_allclose(found["total"].sel(choice=label), nominal(alone)["total"], rtol=1e-12)
    assert "engine" not in found["total"].dims
    assert f"engine={one}" in lca.alternatives("choice", beside).model.title


def test_d4_studies_selected_along_a_dim_may_stand_side_by_side_over_it_again() -> None:
    one, two = list(JOULES)[:2]
    alone = {label: study().sel(engine=label) for label in (one, two)}
    again = lca.alternatives("engine", alone)
    assert again.alternatives == ("engine",)
    assert again.sel(engine=two).alternatives == ()
    np.testing.assert_allclose(nominal(again.sel(engine=two))["total"], nominal(alone[two])["total"], rtol=1e-12)


def test_a4_scenarios_that_cannot_be_made_say_what_meets_in_them() -> None:
    """The desk in one GWP set and the robots in another, in two studies side by side."""
    beside = lca.alternatives("engine", {label: study().sel(engine=label) for label in list(JOULES)[:2]})
    with pytest.raises(AccountingError, match=r"2 scenarios cannot be made(.|\n)*\[engine=.*\]: .*meet.*: .*; .*: "):
        beside.replace({"robots.electricity": lca.Electricity.lookup("US-RFCW", 2023)})

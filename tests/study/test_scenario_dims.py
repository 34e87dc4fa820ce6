"""Scenarios as dims: what a user writes for them, and that each is the study built by hand (D4, U2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from example_study import BEST, JOULES, grid, study

import lca
from lca.errors import DomainError, LabelError, MissingError, RecordError, UnitError
from lca.study import scenarios as assembling

PLACES = ("US-RFCW", "US-CAMX")
YEARS = {3: "3 year", 8: "8 year"}
#: What studies of different shape agree to (U7).
OTHER_SHAPE = {"rtol": 1e-12, "atol": 0}


@pytest.fixture(scope="module")
def best() -> lca.Study:
    return study().sel(engine=BEST)


def draws(thing: Any, count: int = 500) -> Any:
    return lca.monte_carlo(thing, draws=count, progress=False).data


def at(array: Any, **labels: Any) -> Any:
    """An array at some labels, of those dims that it has."""
    return array.sel({dim: label for dim, label in labels.items() if dim in array.dims}).to_numpy()


def assemblies(make: Any) -> int:
    """How many scenarios are assembled while a study is made."""
    with patch.object(assembling, "assemble", wraps=assembling.assemble) as assemble:
        make()
        return int(assemble.call_count)


# --- what one writes ----------------------------------------------------------------------------------------


def test_d4_all_combinations_are_the_studies_made_by_hand(best: lca.Study) -> None:
    """D4, U2: a dim named after its field, one with a name, and bundles by label, on the same draws."""
    made = lca.scenarios(
        best,
        {
            "robots.period": YEARS,
            "region": {"robots.electricity": {place: grid(place) for place in PLACES}},
            "plan": {"as stated": {}, "busy": {"robots.active": "16 h/day", "robots.devices": 50}},
        },
    )
    assert set(made.alternatives) == {"period", "region", "plan"}
    data = draws(made)
    assert dict(data["total"].sizes) == {"period": 2, "region": 2, "plan": 2, "draw": 500}
    plans: dict[str, Mapping[str, Any]] = {"as stated": {}, "busy": {"robots.active": "16 h/day", "robots.devices": 50}}
    for years, period in YEARS.items():
        for place in PLACES:
            for plan, changes in plans.items():
                alone = draws(best.replace({"robots.period": period, "robots.electricity": grid(place), **changes}))
                for name in ("total", "use", "manufacturing", "functional_unit"):
                    cell = at(data[name], period=years, region=place, plan=plan)
                    np.testing.assert_allclose(cell, alone[name].to_numpy(), **OTHER_SHAPE)


def test_d4_a_list_names_its_own_labels(best: lca.Study) -> None:
    made = lca.scenarios(best, {"robots.period": ["3 year", "8 year"], "robots.pue": [1.0, 1.25]})
    assert made.model.outputs["total"].dim_names == ("period", "pue")
    data = lca.nominal(made).data
    assert list(data["period"].values) == ["3 year", "8 year"]
    assert list(data["pue"].values) == ["1", "1.25"]
    np.testing.assert_allclose(data["use"].sel(pue="1.25"), 1.25 * data["use"].sel(pue="1"), rtol=1e-12)


def test_d4_scenarios_nest_and_combine_with_replace_sel_and_alternatives(best: lca.Study) -> None:
    mixed = {"slow": {"robots.load": "5 inference/s"}, "whole": {"robots.allocation": "whole_units"}, "as stated": {}}
    nested = lca.scenarios(lca.scenarios(best, {"plan": mixed}), {"robots.period": YEARS})
    changed = nested.replace({"robots.devices": 7})
    both = lca.alternatives("fleet", {"large": nested, "small": changed})
    data = draws(both)["total"]
    for plan, changes in mixed.items():
        for devices, fleet in ((100, "large"), (7, "small")):
            alone = best.replace({**changes, "robots.period": "8 year", "robots.devices": devices})
            expected = draws(alone)["total"].to_numpy()
            np.testing.assert_allclose(at(data, plan=plan, period=8, fleet=fleet), expected, **OTHER_SHAPE)
            chosen = both.sel(plan=plan, period=8, fleet=fleet)
            np.testing.assert_allclose(draws(chosen)["total"], expected, **OTHER_SHAPE)
    some = both.sel(plan=["slow", "as stated"])
    assert list(some.model.outputs["total"].dims[-1].labels) == ["slow", "as stated"]
    np.testing.assert_array_equal(draws(some)["total"], data.sel(plan=["slow", "as stated"]))


# --- one value changed, the rest untouched ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "touched"),
    [
        ({"semester.energy": "70 kWh"}, {"development", "total"}),
        ({"superpoint-backbones.allocation": "whole_units"},
         {"manufacturing", "distribution", "end_of_life", "total"}),
        ({"robots.electricity": grid("US-CAMX")}, {"use", "total"}),
    ],
    ids=["a number", "a word", "a record"],
)  # fmt: skip
def test_d4_what_does_not_depend_on_a_change_keeps_its_bits(changes: dict[str, Any], touched: set[str]) -> None:
    """D4, U2: a scenario that changes one input changes no bit of the stages that do not depend on it."""
    base = study().sel(engine=list(JOULES)[:2])
    before = draws(base)
    after = draws(lca.scenarios(base, {"way": {"as stated": {}, "other": changes}}))
    stages = {*base.model.stages, "total", "functional_unit"}
    for name in stages:
        if name in touched:
            assert "way" in after[name].dims
            assert (at(after[name], way="other") != before[name].to_numpy()).any()
        else:
            assert after[name].dims == before[name].dims
            np.testing.assert_array_equal(after[name], before[name])


def test_u2_scenarios_share_their_draws(best: lca.Study) -> None:
    """U2: common random numbers: twice the devices is twice the use in every draw, in words and in numbers alike."""
    plans = {"one": {"robots.devices": 100}, "two": {"robots.devices": 200}}
    rules = {"whole": "whole_units", "time": "reserved_time"}
    use = draws(lca.scenarios(best, {"plan": plans, "robots.allocation": rules}))["use"]
    np.testing.assert_allclose(use.sel(plan="two"), 2 * use.sel(plan="one"), rtol=1e-12)


# --- how much is assembled ----------------------------------------------------------------------------------


def test_d4_numbers_stand_side_by_side_and_words_are_assembled_apart(best: lca.Study) -> None:
    """200 scenarios of two allocation rules need two assemblies; of numbers alone one."""
    rules = ("reserved_time", "whole_units")
    rows = {n: {"robots.devices": 50 + n, "robots.allocation": rules[n % 2]} for n in range(200)}
    assert assemblies(lambda: best.bundled("n", rows)) == 2
    assert assemblies(lambda: best.bundled("n", {n: {"robots.devices": 50 + n} for n in range(200)})) == 1
    made = lca.nominal(best.bundled("n", rows)).data["total"]
    for n in (0, 1, 199):
        assert float(made.sel(n=n)) == pytest.approx(float(lca.nominal(best.replace(rows[n])).data["total"]), rel=1e-12)


def test_d4_a_change_of_grouped_scenarios_assembles_each_group_once(best: lca.Study) -> None:
    rules = ("reserved_time", "whole_units")
    made = best.bundled("n", {n: {"robots.devices": 50 + n, "robots.allocation": rules[n % 2]} for n in range(20)})
    assert assemblies(lambda: made.vary("start", {"robots.start": {2022: 2022, 2024: 2024}})) == 4
    assert len(made.replace({"semester.energy": "70 kWh"})._every) == 2


# --- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dims", "error", "says"),
    [
        ({}, RecordError, "no scenarios are given"),
        ({"plan": {}}, RecordError, "neither which path(.|\n)*robots.period"),
        ({"plan": 3}, RecordError, "neither which path"),
        ({"robots.load": 3}, RecordError, "neither which path"),
        ({"robots.load": "5 inference/s"}, RecordError, "neither which path"),
        ({"plan": {"a": {}, "b": {}}}, RecordError, "no label of this dim of scenarios changes a path"),
        ({"robots.loads": ["5 inference/s"]}, MissingError, "no field 'loads'(.|\n)*load"),
        ({"plan": {"robot.load": {"a": "5 inference/s"}}}, MissingError, "no component 'robot'(.|\n)*robots"),
        ({"plan": {"a": {"robots.loads": 3}}}, MissingError, "no field 'loads'"),
        ({"jetson.distribution": {"a": "1 kg CO2e"}}, LabelError, "'distribution'(.|\n)*my_distribution"),
        ({"engine": {"robots.load": {"a": "5 inference/s"}}}, LabelError, "'engine' already"),
        ({"plan": {"robots.load": {"a": "5 inference/s"}, "robots.devices": {"b": 3}}}, LabelError, "same labels"),
        ({"robots.load": ["5 inference/s", "5 inference/s"]}, LabelError, "'load' appear twice: 5 inference/s"),
        ({"robots.load": [lca.Uniform(1, 2)]}, RecordError, "other values need labels"),
        ({"robots.devices": [3, 4], "fleet": {"robots.devices": {"a": 5}}}, RecordError,
         "two dims of scenarios change this path(.|\n)*robots.devices(.|\n)*fleet"),
        ({"rule": {"a": {"robots.allocation": "half"}, "b": {}}}, DomainError, r"robots.allocation\[rule=a\]"),
    ],
)  # fmt: skip
def test_errors_say_which_path_and_what_to_write(dims: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        lca.scenarios(study(), dims)


def test_every_value_that_a_field_does_not_take_is_named_by_its_label(best: lca.Study) -> None:
    with pytest.raises(UnitError, match=r"2 scenarios(.|\n)*load\[load=slow\](.|\n)*load\[load=fast\]"):
        lca.scenarios(best, {"robots.load": {"slow": "1 W", "as it is": "5 inference/s", "fast": "9 kg"}})


def test_an_array_of_numbers_names_its_own_labels(best: lca.Study) -> None:
    made = lca.scenarios(best, {"robots.devices": np.array([10, 20])})
    assert lca.nominal(made).data["total"].indexes["devices"].tolist() == [10, 20]


def test_bundles_are_checked_and_a_coordinate_has_a_name_of_its_own(best: lca.Study) -> None:
    with pytest.raises(RecordError, match="bundles has to be a mapping(.|\n)*a: 3"):
        best.bundled("plan", {"a": 3})  # type: ignore[dict-item]
    with pytest.raises(LabelError, match="a coordinate has the name of its dim"):
        best.bundled("plan", {"a": {"robots.devices": 3}}, along={"plan": ["x"]})


def test_an_error_names_every_scenario_that_cannot_be_made(best: lca.Study) -> None:
    rules = {"a": "half", "b": "reserved_time", "c": "third"}
    with pytest.raises(DomainError, match=r"2 scenarios(.|\n)*rule=a(.|\n)*'half'(.|\n)*rule=c(.|\n)*'third'"):
        lca.scenarios(best, {"rule": {"robots.allocation": rules}})

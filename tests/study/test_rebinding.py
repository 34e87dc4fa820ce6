"""A changed value takes the place of the old one: the study is the one that assembly would make (D4)."""

from __future__ import annotations

import pickle
from functools import partial
from typing import Any

import numpy as np
import pytest
from example_chats import server
from example_chats import study as served
from example_fleet import by_year, device, use_of
from example_study import BEST, build, development, grid, home_site, part, workstation
from rebound import assembled, assert_same, leaves_of, other_value, outcome

import lca
import lca.study.scenarios as scenarios
from lca.errors import DomainError, LcaError, SystemBoundaryError
from lca.graph.guard import Guard
from lca.study.study import Study

STUDIES = {
    "the whole": build,
    "one engine": lambda: build().sel(engine=BEST),
    "scenarios of a number": lambda: build().vary("years", {"robots.period": {3: "3 year", 5: "5 year"}}),
    "scenarios of records": lambda: build().vary(
        "grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}}
    ),
    "by year": lambda: part(use_of(devices=by_year(2024, 10, 20, 30))),
    "served": lambda: served(server()),
    "a desk": lambda: part(development(workstation(), home_site(grid()))),
}


class Counted:
    """How often a study was assembled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._whole, self.times = scenarios.assemble, 0
        monkeypatch.setattr(scenarios, "assemble", self._assemble)

    def _assemble(self, case: Any) -> Any:
        self.times += 1
        return self._whole(case)

    def __call__(self, act: Any) -> tuple[Any, int]:
        """(what an act gives, how many assemblies it took)."""
        before = self.times
        made = act()
        return made, self.times - before


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


@pytest.mark.parametrize("name", STUDIES)
def test_d4_a_changed_value_gives_the_study_that_assembly_gives(name: str, count: Counted) -> None:
    """D4: random values at every path of a parameter, with and without a spread, one change on top of another."""
    study, dice, kept = STUDIES[name](), np.random.default_rng(13), 0
    for path, parameter in leaves_of(study):
        for _ in range(3):
            change = {path: other_value(parameter, dice)}
            wanted = outcome(partial(assembled, study, change))
            found, times = count(partial(outcome, partial(study.replace, change)))
            assert_same(found, wanted)
            kept += not times
            study = found if isinstance(found, Study) and dice.random() < 0.3 else study
    assert kept > 5


def test_the_draws_are_those_of_an_assembled_study(count: Counted) -> None:
    study = build().sel(engine=BEST)
    change = {"robots.load": lca.Uniform("6 inference/s", "9 inference/s"), "jetson.lifetime": "6 year"}
    found, times = count(lambda: study.replace(change))
    assert times == 0
    one, other = (lca.monte_carlo(which, draws=1_000, progress=False) for which in (found, assembled(study, change)))
    for name in other.data:
        assert np.array_equal(one.data[name], other.data[name])


def test_what_a_value_decides_asks_for_another_assembly(count: Counted) -> None:
    """D4: a spread where there was none, another number of years, a value that guards look at in other ways."""
    study = part(use_of())
    assert count(lambda: study.replace({"robots.load": "11 inference/s"}))[1] == 0
    assert count(lambda: study.replace({"robots.load": lca.Uniform("9 inference/s", "11 inference/s")}))[1] == 1
    assert count(lambda: study.replace({"robots.period": "2.5 year"}))[1] == 0
    assert count(lambda: study.replace({"robots.period": "3.5 year"}))[1] == 1
    assert count(lambda: study.replace({"robots.period": "3.7 year"}))[1] == 0  # four years were assembled already
    assert count(lambda: study.replace({"robots.period": "4.5 year"}))[1] == 1


def test_a_second_scenario_of_other_numbers_is_not_assembled(count: Counted) -> None:
    study = build()

    def loads(*numbers: float, of: Study = study) -> Study:
        return of.vary("case", {"robots.load": {i: f"{number} inference/s" for i, number in enumerate(numbers)}})

    first, _ = count(lambda: loads(9, 10, 11))
    second, times = count(lambda: loads(8, 10, 12))
    assert times == 0
    assert_same(second, loads(8, 10, 12, of=build()))
    assert second.alternatives == first.alternatives == ("engine", "case")
    for label, number in enumerate((8, 10, 12)):
        alone = lca.nominal(study.replace({"robots.load": f"{number} inference/s"})).data["total"]
        np.testing.assert_allclose(lca.nominal(second).data["total"].sel(case=label), alone, rtol=1e-12)
    assert count(lambda: loads(8, 10, 10))[1] == 1  # equal labels are compiled as one


def test_one_value_of_alternatives_that_define_it_differently_is_assembled(count: Counted) -> None:
    """U1: a key that has two definitions gets one, and its leaves become one."""
    studies = {name: part(use_of(load=load)) for name, load in {"a": "9 inference/s", "b": "11 inference/s"}.items()}
    both = lca.alternatives("plan", studies)
    change = {"robots.load": "10 inference/s"}
    found, times = count(lambda: both.replace(change))
    assert times > 0
    assert_same(found, assembled(both, change))


def test_the_checks_of_a_study_are_made_of_each_value() -> None:
    """Q4, A6: domains, and guards with what they show."""
    study = part(use_of())
    with pytest.raises(DomainError):
        study.replace({"robots.load": "-1 inference/s"})
    slow = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal", throughput="20 inference/s")
    limited = part(use_of().replaced(inference=slow))
    changed = limited.replace({"robots.load": "19 inference/s"})
    for one in (limited, changed):
        with pytest.raises(LcaError) as raised:
            one.replace({"robots.load": "21 inference/s"})
        with pytest.raises(LcaError) as whole:
            assembled(one, {"robots.load": "21 inference/s"})
        assert str(raised.value) == str(whole.value)
        assert "21 inference/s" in str(raised.value)


def open_study() -> Study:
    """Robots whose count and hours no bound proves: years with a spread, and idle whenever they are not active."""
    active = lca.parameter("active", lca.Uniform(0.3, 0.6))
    load = lca.Triangular("4 inference/s", "5 inference/s", "8 inference/s")
    use = use_of(period=lca.Uniform("3 year", "5 year"), active=active, idle=1 - active, load=load)
    return part(use, functional_unit=lca.FunctionalUnit("an inference", count=use.inferences))


def test_q4_only_laws_that_a_change_can_break_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Q4: a factor above zero decides nothing about a count above zero; what does is tried, and breaks as it did."""
    tried: list[list[str]] = []
    whole = scenarios.evaluate

    def trial(program: Any, **how: Any) -> Any:
        tried.append([check.guard.message for check in program.checks])
        return whole(program, **how)

    monkeypatch.setattr(scenarios, "evaluate", trial)
    study = open_study()
    both = ["functional_unit_not_above_zero", "active_and_idle_above_a_day"]
    assert tried == [both]
    study.replace({"robots.devices": "90 device"}).replace({"robots.devices": "80 device"})
    study.replace({"robots.load": lca.Triangular("5 inference/s", "6 inference/s", "9 inference/s")})
    assert tried == [both]
    changed = study.replace({"robots.period": lca.Uniform("4 year", "5 year")})
    assert tried == [both, both[:1]]
    broken = {"robots.active": lca.Uniform("1 h/day", "20 h/day")}
    for one in (study, changed):
        with pytest.raises(LcaError) as raised:
            one.replace(broken)
        with pytest.raises(LcaError) as fresh:
            assembled(one, broken)
        assert str(raised.value) == str(fresh.value)


def test_q4_a_factor_of_unknown_sign_decides() -> None:
    """Q4: what a new value can turn to zero or below is refused, though other factors are above zero."""
    study = open_study()
    below = lca.parameter("a", lca.Uniform(-0.1, 0.2))
    for change in ({"robots.active": below, "robots.idle": 1 - below}, {"robots.load": "0 inference/s"}):
        with pytest.raises(LcaError) as raised:
            study.replace(change)
        with pytest.raises(LcaError) as fresh:
            assembled(study, change)
        assert str(raised.value) == str(fresh.value)


def test_q4_what_decides_a_count_above_zero() -> None:
    """Factors above zero decide nothing, in a sum as well; what may be zero does, and so does a sum of both signs."""
    sure, zero = (lca.parameter(name, lca.Uniform(low, 2.0)) for name, low in (("sure", 1.0), ("zero", 0.0)))
    years, both = (
        lca.parameter(key, lca.labelled({"a": lca.Uniform(low, 1.0), "b": lca.Uniform(0.0, 1.0)}, dim="part"))
        for key, low in (("from zero", 0.0), ("of both signs", -1.0))
    )

    def decide(node: Any, **limits: Any) -> list[Any]:
        return list(Guard(node, "x", "functional_unit_not_above_zero", **limits).deciding)

    strict = {"low": 0.0, "above": True}
    assert decide(sure * sure, **strict) == []
    assert decide(sure * zero * sure, **strict) == [zero]
    assert decide(lca.functions.total(sure * years, over="part"), **strict) == [years]
    mixed = lca.functions.total(sure * both, over="part")
    assert decide(sure * mixed, **strict) == [mixed]
    for limits in ({"low": 0.0}, {"low": 1.0, "above": True}, {"low": 0.0, "above": True, "high": 3.0}):
        product = sure * zero
        assert decide(product, **limits) == [product]


def test_a6_an_excluded_stage_is_compared_with_the_new_total() -> None:
    """A6: below the cut-off of a large total, and above that of a small one."""
    small = lca.below_cut_off("2 kg CO2e", source="a guess")
    study = part(use_of(on=device(end_of_life=None)), excluded={"end_of_life": small})
    with pytest.raises(SystemBoundaryError):
        study.replace({"robots.active": "0.1 h/day", "robots.idle": "0.1 h/day", "device.embodied": "1 kg CO2e"})


def test_u1_a_distribution_that_is_used_twice_after_a_change_warns(count: Counted) -> None:
    hours = lca.Uniform("5 h/day", "6 h/day")
    study = part(use_of(active=hours, idle=lca.Uniform("5 h/day", "6 h/day")))
    with pytest.warns(UserWarning, match="one distribution is used by"):
        _, times = count(lambda: study.replace({"robots.idle": hours}))
    assert times == 0


def test_a_study_that_was_stored_knows_what_its_values_decided(count: Counted) -> None:
    study = pickle.loads(pickle.dumps(part(use_of())))
    found, times = count(lambda: study.replace({"robots.period": "3.5 year"}))
    assert times == 1
    assert found.model.outputs["energy/robots"].dims[0].labels == (2024, 2025, 2026, 2027)


def test_a_long_row_of_changes_holds_one_set_of_inputs() -> None:
    study = part(use_of())
    base = study._base
    for number in range(50):
        study = study.replace({"robots.load": f"{10 + number / 100} inference/s"})
        study = study.replace({"robots.active": f"{6 - number / 100} h/day"})
    assert study._base is base
    assert [len(made) for made in study._made.values()] == [2]
    assert_same(study, assembled(study, {}))


def test_a_selection_or_a_scenario_that_was_made_before_is_made_once(count: Counted) -> None:
    """The same labels give the same study; words and components that are the same give the same scenario."""
    study = build()
    best, _ = count(lambda: study.sel(engine=BEST))
    assert study.sel(engine=BEST) is best
    assert study.sel(engine=[BEST]) is not best
    rules = {"robots.allocation": {"part": "reserved_time", "whole": "whole_units"}}
    first, times = count(lambda: best.vary("rule", rules))
    assert times == 2
    assert best.vary("rule", rules) is first
    other = {"robots.allocation": {"part": "reserved_time", "whole": "none"}}
    found, times = count(lambda: best.vary("rule", other))
    assert times == 2
    assert lca.nominal(found).data["manufacturing"].sel(rule="whole") < lca.nominal(first).data["manufacturing"].sel(
        rule="whole"
    )
    assert count(lambda: study.replace({"robots.allocation": "reserved_time"}))[1] == 0  # as it was


def test_what_a_note_says_of_a_value_asks_for_another_assembly(count: Counted) -> None:
    """A note compares a stated intensity with that of its region: it is said of each value anew."""
    stated = lca.Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility", region="France", year=2023)
    study = part(development(workstation(), home_site(stated)))
    assert "7.5 times our own figure" in str(study.model.notes)
    found, times = count(lambda: study.replace({"grid.intensity": "0.053 kg CO2e/kWh"}))
    assert times == 1
    assert "times our own figure" not in str(found.model.notes)

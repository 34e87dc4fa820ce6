"""Figures that once came out wrong without a word, each with the rule that it broke."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import lca
from lca.errors import AccountingError, DomainError, KeyClashError, LabelError, LcaError, RecordError

GRID = lca.Electricity(intensity="1 kg CO2e/kWh", at="facility")
DEVICE = lca.Hardware(
    "device", embodied="40 kg CO2e", lifetime="5 year", distribution="1 kg CO2e", end_of_life="1 kg CO2e"
)
DESK = lca.Site("desk", electricity=GRID, pue=1.0)
ENGINE = lca.Inference("engine", "1 J at_wall", per="inference", baseline="marginal")
OUTSIDE = {stage: lca.outside_goal("not asked") for stage in ("development", "training")}


def fleet(inference: Any = ENGINE, **changes: Any) -> lca.Deployment:
    fields = dict(
        on=DEVICE, site=DESK, devices=20, start=2024, period="4 year", load="1 inference/s", active="6 h/day",
        idle_power="4 W at_wall", allocation="reserved_time",
    ) | changes  # fmt: skip
    return lca.Deployment("fleet", inference, **fields)


def study(use: lca.Deployment, **changes: Any) -> lca.Study:
    unit = lca.FunctionalUnit("frame", count=use.inferences)
    return lca.Study("study", use, functional_unit=unit, excluded=OUTSIDE, **changes)


def test_a1_the_rest_of_a_machine_runs_once_in_each_year() -> None:
    """100 W beside an idle component for 4 years are 0.1 kW x 8,766 h x 4, not four times that."""
    engine = lca.Inference("engine", "0 J at_component", per="inference", baseline="marginal")
    hall = lca.Site("hall", electricity=GRID, pue=1.0, supply_efficiency=1.0, rest_of_machine="100 W at_board")
    use = fleet(engine, site=hall, devices=1, active="24 h/day", idle_power="0 W at_component")
    assert lca.footprint(use, draws=2)["energy"].item() == pytest.approx(0.1 * 8766 * 4, rel=1e-12)


@pytest.mark.parametrize("field", ["devices", "active"])
def test_d1_a_fleet_by_year_is_given_for_exactly_its_years(field: str) -> None:
    unit = {"devices": "device", "active": ""}[field]
    by_year = lca.labelled(dict.fromkeys(range(2023, 2027), 0.25), unit, dim="year")
    with pytest.raises(LabelError, match=f"fleet.{field}(.|\n)*missing: 2027(.|\n)*not years of use: 2023"):
        fleet(**{field: by_year}, period="4 year", start=2024)
    with pytest.raises(LabelError, match="fleet.idle_power(.|\n)*devices, load, active, idle"):
        fleet(idle_power=lca.labelled(dict.fromkeys(range(2024, 2028), 1), "W at_board", dim="year"))


def test_breakeven_of_a_period_reaches_beyond_the_study() -> None:
    """5,000 kWh of training against 100 W saved: 50,000 h, past the four years of the study."""
    training = lca.Training("training", energy="5000 kWh at_wall", site=DESK)
    unit = lca.FunctionalUnit("service", count=1)
    plain = dict(on=None, devices=1, active="24 h/day")
    out = {s: lca.outside_goal("energy only") for s in ("development", "manufacturing", "distribution", "end_of_life")}
    tags = dict(mixed=("gwp_set", "basis", "mix", "averaging", "accounting"))
    one = lca.Study(
        "one", training, fleet(**plain, idle_power="1 W at_wall"), functional_unit=unit, excluded=out, **tags
    )
    two = lca.Study("two", fleet(**plain, idle_power="101 W at_wall"), functional_unit=unit, excluded=out | OUTSIDE)
    found = lca.breakeven(one, two, vary="fleet.period", between=("1 day", "40 year"), draws=10)
    assert found.nominal * 24 == pytest.approx(50_000, rel=1e-6)


def test_a10_the_effect_of_a_period_is_its_whole_effect() -> None:
    table = lca.provenance(study(fleet()), of="use")
    assert table.loc["fleet.period", "effect"] == pytest.approx(1, abs=1e-6)


def test_a10_a_replaced_value_does_not_inherit_a_source() -> None:
    known = lca.Hardware(
        "device", embodied="40 kg CO2e", lifetime="5 year", distribution="1 kg CO2e", end_of_life="1 kg CO2e",
        status="measured", source="a study",
    )  # fmt: skip
    changed = study(fleet(on=known)).replace({"device.embodied": "70 kg CO2e"})
    row = lca.provenance(changed).loc["device.embodied"]
    assert (row["nominal"], row["status"]) == ("70", "declared")
    assert "a study" not in row["source"]
    with pytest.raises(RecordError, match="belongs to a value"):
        changed.replace({"device.status": "measured"})


@pytest.mark.parametrize(
    "change",
    [{"load": "10 inference/s ± 16 inference/s (k=2)"}, {"active": lca.Normal(0.5, 0.5)}, {"period": "1e9 year"}],
)
def test_q4_a_tail_outside_the_domain_raises(change: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="fix"):
        fleet(**change)


def test_q4_a_pue_below_one_is_never_drawn() -> None:
    with pytest.raises(DomainError, match="desk.pue(.|\n)*bounded"):
        lca.Site("desk", pue=lca.Normal(1.1, 0.1))
    with pytest.raises(DomainError, match="desk.pue"):
        lca.Site("desk", pue=120)


@pytest.mark.parametrize(
    ("throughput", "load"),
    [
        ("20 inference/s", lca.Lognormal("15 inference/s", 1.5)),
        (lca.Uniform("5 inference/s", "35 inference/s"), "19 inference/s"),
    ],
)  # fmt: skip
def test_a3_draws_of_the_load_stay_below_the_throughput(throughput: Any, load: Any) -> None:
    engine = lca.Inference("engine", "1 J at_wall", per="inference", baseline="marginal", throughput=throughput)
    use = fleet(engine, load=load)
    with pytest.raises(AccountingError, match="above the throughput(.|\n)*(in draw|nominal)"):
        lca.Study("study", use, functional_unit=lca.FunctionalUnit("f", count=1), excluded=OUTSIDE)


def test_a12_alternatives_that_deliver_different_amounts_are_said_to() -> None:
    years = study(fleet()).vary("years", {"fleet.period": {3: "3 year", 8: "8 year"}})
    result = lca.monte_carlo(years, draws=50)
    assert "different amounts" in lca.compare(result, over="years").attrs["note"]
    shared = lca.compare(result, over="years", per="inference")["best"]
    assert shared.tolist() == [0.5, 0.5]  # the same per inference: a tie, not rounding


def test_u10_a_step_or_scatter_without_a_unit_raises() -> None:
    def power(reading: Any) -> Any:
        return lca.Training("run", power=reading, duration="1 h")

    with pytest.raises(DomainError, match="resolution"):
        power(lca.Meter("meter", at="wall", resolution=1).read(5, "W"))
    for u in (5, "-1 W"):
        with pytest.raises(DomainError, match="standard uncertainty"):
            power(lca.Meter("meter", at="wall").read(5, "W", u=u))


def test_d4_the_functional_unit_counts_what_is_in_the_study() -> None:
    other = lca.Deployment(
        "other", ENGINE, on=DEVICE, site=DESK, devices=20, start=2024, period="4 year", load="1 inference/s",
        active="6 h/day", idle_power="4 W at_wall", allocation="reserved_time",
    )  # fmt: skip
    with pytest.raises(RecordError, match="not in the study"):
        lca.Study("study", fleet(), functional_unit=lca.FunctionalUnit("f", count=other.inferences), excluded=OUTSIDE)


def test_a7_an_activity_counts_once() -> None:
    use = fleet()
    with pytest.raises(KeyClashError, match="twice"):
        lca.Study("study", use, use, functional_unit=lca.FunctionalUnit("f", count=1), excluded=OUTSIDE)


@pytest.mark.parametrize("start", [2024.5, "2024", None, float("nan")])
def test_a5_a_year_is_a_whole_number(start: Any) -> None:
    with pytest.raises(DomainError, match="whole number"):
        fleet(start=start)


def test_studies_and_results_pickle() -> None:
    made = study(fleet(load=lca.Triangular("1 inference/s", "2 inference/s", "4 inference/s")))
    again = pickle.loads(pickle.dumps(made))
    first, second = (lca.monte_carlo(one, draws=100).data["total"].values for one in (made, again))
    assert first.tobytes() == second.tobytes()
    result = pickle.loads(pickle.dumps(lca.monte_carlo(made, draws=10)))
    assert result.data["total"].shape == (10,)


def test_a_result_without_spread_prints_short() -> None:
    assert len(repr(lca.monte_carlo(study(fleet()), draws=10))) < 160


def test_a_study_where_a_result_is_wanted_says_what_to_do() -> None:
    made = study(fleet())
    for question in (lca.summary, lambda s: lca.compare(s, over="x"), lambda s: lca.report(s, "x"), lca.plot.stages):
        with pytest.raises(LcaError, match="monte_carlo"):
            question(made)
    result = lca.monte_carlo(made, draws=10)
    assert lca.derivation(result, "total") == lca.derivation(made, "total")  # and the reverse just works


def test_a_list_where_a_mapping_is_needed_says_the_form() -> None:
    made = study(fleet())
    questions = [
        lambda: made.replace(["fleet.devices"]),
        lambda: made.vary("size", {"fleet.devices": [10, 20]}),
        lambda: lca.alternatives("which", [made, made]),
        lambda: lca.Study("s", fleet(), functional_unit=lca.FunctionalUnit("f", count=1), excluded=["training"]),
    ]
    for question in questions:
        with pytest.raises(RecordError, match=r"(write |=){"):
            question()


@pytest.mark.parametrize("run", [{"duration": "143 s", "power": "148 W"}, {"energy": "1 kWh"}])
def test_a1_iterations_of_a_window_without_one_have_an_effect_or_raise(run: dict[str, str]) -> None:
    with pytest.raises(DomainError, match="measured= and planned=") as caught:
        _ = lca.Training("run", measured=1_000, planned=170_000, at="wall", **run).energy
    assert "extrapolated" in caught.value.fix

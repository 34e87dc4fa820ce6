"""What a publisher says of an activity: its CO2e alone, or the energy of its processors alone (Q3, A4, A13)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import lca
from lca.errors import AccountingError, DomainError, LcaError, MissingError

TAGS: dict[str, Any] = {
    "gwp_set": "AR6", "basis": "life cycle", "mix": "production", "averaging": "average", "at": "facility",
}  # fmt: skip
FACTORS = {"water": "2 L/kWh"}
GRID = lca.Electricity(
    "grid", intensity="0.4 kg CO2e/kWh", accounting="location-based", categories=FACTORS, **TAGS
)  # fmt: skip
WIND = lca.Electricity(
    "wind", intensity="0.1 kg CO2e/kWh", accounting="market-based", instrument="PPA", categories=FACTORS, **TAGS
)
BY_CONTRACT = lca.Site("hall", electricity=GRID, market_electricity=WIND, pue=1.5, wue="0 L/(kWh at_wall)")
HALL = lca.Site("hall", electricity=GRID, pue=1.5)
CARD = lca.Hardware("card", embodied="150 kg CO2e", lifetime="4 year")


def study(*activities: Any, **rest: Any) -> lca.Study:
    excluded = rest.pop("excluded", lca.operation_only("a part is enough here"))
    return lca.Study(
        "part", *activities, functional_unit=lca.FunctionalUnit("project", count=1), excluded=excluded, **rest
    )


def figure(one: lca.Study, name: str) -> float:
    return float(lca.nominal(one).data[name])


def published(kind: Any = lca.Training, **fields: Any) -> Any:
    return kind("x", **{"impact": "1149 g CO2e", "status": "declared", "source": "model card"} | fields)


# --- published CO2e (A4, A13) ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [lca.Training, lca.Development])
def test_a4_published_co2e_counts_in_its_stage_and_has_no_energy(kind: Any) -> None:
    """1.149 kg beside 10 kWh x 1.5 x 0.4 kg/kWh = 6 kg."""
    run = lca.Training("run", energy="10 kWh at_wall", site=HALL)
    both = study(published(kind), run)
    assert figure(both, f"{kind.stage}/x") == pytest.approx(1.149, rel=1e-12)
    assert figure(both, "total") == pytest.approx(7.149, rel=1e-12)
    assert [name for name in both.model.outputs if name.startswith("energy/")] == ["energy/run"]
    said = "x is known by its published CO2e alone: GWP set, basis and boundary of its electricity are unknown"
    assert both.model.notes[0].startswith(said)
    values = lca.provenance(both)
    assert values.loc["x.impact", ["status", "source"]].tolist() == ["declared", "model card"]
    alone = study(published(kind))
    assert figure(alone, "total") == pytest.approx(1.149, rel=1e-12)


def test_a2_the_energy_of_a_stage_that_lacks_one_is_unknown_where_a_study_is_printed() -> None:
    desk = lca.Development("desk", energy="10 kWh at_wall", site=HALL)
    lines = {line.split()[0]: line.split() for line in str(study(published(), desk)).splitlines() if line}
    assert lines["training"][1:3] == ["unknown", "1.149"]
    assert lines["development"][1:3] == ["15", "6"]
    assert lines["total"][1:3] == ["unknown", "7.149"]


def test_a13_what_asks_for_an_unknown_energy_leaves_its_stage_out_and_says_so() -> None:
    """15 kWh by contract are 1.5 kg, and their water is 30 L: of the development, which has its energy."""
    desk = lca.Development("desk", energy="10 kWh at_wall", site=BY_CONTRACT)
    one = study(published(), desk, categories=("water",))
    gap = "x: its energy, not published"
    assert one.model.gaps == {"market_based": (gap,), "water": (gap,)}
    result = lca.nominal(one)
    assert figure(one, "market_based/development") == pytest.approx(1.5, rel=1e-12)
    assert figure(one, "water/development") == pytest.approx(30, rel=1e-12)
    for way in ("market_based", "water"):
        assert not {f"{way}/training", f"{way}/total"} & set(one.model.outputs)
        assert gap in lca.summary(result, of=way).attrs["note"]
    assert f"the market-based view is incomplete and has no total: {gap}" in lca.summary(result).attrs["note"]
    assert "market-based: incomplete" in str(one)
    varied = one.vary("size", {"x.impact": {"small": "1 kg CO2e", "large": "2 kg CO2e"}})
    assert lca.nominal(varied).data["total"].to_numpy().tolist() == pytest.approx([7, 8], rel=1e-12)
    assert "market_based/total" not in varied.model.outputs
    bought = one.vary("by", {"hall.market_electricity": {"contract": WIND, "place": None}})
    assert not {"market_based/training", "market_based/total"} & set(bought.model.outputs)
    beside = lca.alternatives("way", {"without": study(desk), "with": one.replaced(categories=())})
    assert figure(beside.sel(way="without"), "market_based/development") == pytest.approx(1.5, rel=1e-12)
    assert "market_based/total" not in beside.model.outputs


def test_a4_published_co2e_may_vary_over_a_dim_and_bring_hardware_along() -> None:
    """Two runs of 1 and 3 kg, each for a year on a card of 150 kg and four years."""
    each = lca.labelled({"small": 1, "large": 3}, "kg CO2e", dim="model")
    excluded = {stage: lca.outside_goal("not asked") for stage in ("development", "use", "distribution", "end_of_life")}
    run = published(impact=each, duration="1 year", on=CARD, allocation="reserved_time")
    one = study(run, parts=("model",), excluded=excluded)
    assert figure(one, "training") == pytest.approx(4, rel=1e-12)
    assert figure(one, "manufacturing") == pytest.approx(2 * 37.5, rel=1e-12)


@pytest.mark.parametrize(
    "beside",
    [{"energy": "1 kWh at_wall"}, {"power": "1 W at_wall", "duration": "1 h"}, {"site": HALL}, {"at": "wall"},
     {"measured": 1, "planned": 2}, {"window_energy": "1 Wh at_wall"}, {"beyond": "not counted"}],
)  # fmt: skip
def test_a4_published_co2e_beside_an_energy_raises(beside: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="impact= stands in place of an energy(.|\n)*leave impact= out") as raised:
        published(**beside)
    assert raised.value.sides == tuple(sorted(set(beside) - {"duration"}))


@pytest.mark.parametrize("asked", [lambda x: x.electricity, lca.footprint, lambda x: lca.footprint(x, site=HALL)])
def test_a4_who_asks_for_the_energy_of_published_co2e_is_told(asked: Any) -> None:
    with pytest.raises(MissingError, match="known by its published CO2e alone(.|\n)*give energy="):
        asked(published())
    for wrong in ("0 g CO2e", "5 kWh", "5 g CO2"):
        with pytest.raises(LcaError, match=r"x\.impact"):
            published(impact=wrong)


# --- energy of the processors alone (Q3, A1) ------------------------------------------------------------------


def test_q3_the_rest_of_the_machine_is_not_counted_where_its_publisher_left_it_out(tmp_path: Any) -> None:
    """10 kWh at the component x PUE 1.5 x 0.4 kg/kWh; with the rest, 10 h of 200 W and losses of 20 %."""
    cards = lca.Training("run", energy="10 kWh", at="component", duration="10 h", beyond="not counted", site=HALL)
    one = study(cards)
    assert figure(one, "total") == pytest.approx(6, rel=1e-12)
    left_out = "the rest of the machine is not counted, nor are the losses of its power supply"
    said = f"run is measured at the component: {left_out}"
    assert said in one.model.notes
    assert said in lca.footprint(cards).attrs["note"]
    lca.report(lca.nominal(one), tmp_path)
    assert said in (tmp_path / "report.md").read_text()
    host = lca.Site("hall", electricity=GRID, pue=1.5, rest_of_machine="200 W at_board", supply_efficiency=0.8)
    assert figure(study(cards.replaced(site=host)), "total") == pytest.approx(6, rel=1e-12)
    whole = study(cards.replaced(site=host, beyond=""))
    assert figure(whole, "total") == pytest.approx(6 * 12 / 10 / 0.8, rel=1e-12)
    assert not any("not counted" in note for note in whole.model.notes)
    with pytest.raises(MissingError, match='does not say rest_of_machine(.|\n)*beyond="not counted"'):
        study(cards.replaced(beyond=""))


def test_q3_of_a_board_only_the_losses_of_its_supply_are_not_counted() -> None:
    robots = lca.Deployment(
        "robots", power="10 W at_board", active=1.0, start=2024, period="1 year", beyond="not counted", site=HALL
    )
    one = study(robots)
    assert figure(one, "total") == pytest.approx(87.66 * 1.5 * 0.4, rel=1e-12)
    assert "robots is measured at the board: the losses of the power supply are not counted" in one.model.notes


@pytest.mark.parametrize("at", ["wall", "facility"])
def test_q3_nothing_stands_beyond_a_wall_meter(at: str) -> None:
    run = lca.Training("run", energy="10 kWh", at=at, beyond="not counted", site=HALL)
    with pytest.raises(AccountingError, match=f'measured at the {at}(.|\n)*at="component"'):
        study(run)
    with pytest.raises(DomainError, match="beyond"):
        lca.Training("run", energy="10 kWh", at="component", beyond="counted")


def test_a4_the_notes_survive_a_saved_result(tmp_path: Any) -> None:
    result = lca.nominal(study(published()))
    lca.save(result, tmp_path / "result.lca")
    loaded = lca.load(tmp_path / "result.lca")
    assert loaded.model.notes == result.model.notes
    assert dict(loaded.model.excluded) == {
        name: dataclasses.replace(why) for name, why in result.model.excluded.items()
    }


def test_m3_a_share_of_the_hardware_beside_a_whole_energy_is_listed() -> None:
    fields: dict[str, Any] = {"energy": "10 kWh at_wall", "duration": "100 h", "on": CARD, "site": HALL}
    shared = lca.Training("slice", share=1 / 7, allocation="share", **fields)
    whole = lca.Training("whole", allocation="reserved_time", **fields)
    ways = ("development", "use", "distribution", "end_of_life", "card.end_of_life", "card.distribution")
    one = study(shared, whole, excluded=dict.fromkeys(ways, lca.outside_goal("a part")))
    notes = "\n".join(one.model.notes)
    assert "slice is charged a share of its hardware, and its energy counts whole" in notes
    assert "whole is charged" not in notes

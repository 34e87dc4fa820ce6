"""Crossings between measurement boundaries, and the energy of a device, against hand calculations (A1, A3)."""

from __future__ import annotations

from typing import Any

import pytest
from example_study import BEST, JOULES, engines, field_site, grid, home_site, jetson, part, rail_meter, robots
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import AccountingError, BoundaryError, DomainError, MissingError
from lca.graph.node import postorder


def value(node: Any) -> float:
    return float(lca.nominal(node).data["value"])


def unit(node: Any) -> str:
    return str(lca.nominal(node).data["value"].attrs["unit"])


def uses(node: Any, key: str) -> int:
    """How many steps of a formula take the parameter of that key."""
    return sum(
        child.parameter is not None and child.parameter.key == key
        for each in postorder([node])
        for child in each.inputs
    )


# --- crossings (A1) -------------------------------------------------------------------------------------------


def server() -> lca.Site:
    return lca.Site("hall", rest_of_machine="250 W at_board", supply_efficiency=0.9, pue=1.25)


def test_a1_from_the_component_to_the_facility_by_hand() -> None:
    """A1: E_out = a E_in + b t at each crossing, in pint: 8 GPUs of 400 W for 10 h, 250 W of machine each."""
    run = lca.Training("run", power="400 W", duration="10 h", devices=8, at="component", site=server())
    flow = run.electricity
    gpu = lca.quantity(400, "W at_component") * lca.quantity(10, "h") * 8
    board = gpu * lca.quantity(1, "at_board/at_component") + lca.quantity(250, "W at_board") * lca.quantity(10, "h") * 8
    wall = board / lca.quantity(0.9, "at_board/at_wall")
    facility = wall * lca.quantity(1.25, "at_facility/at_wall")
    expected = facility.to(lca.quantity(1, "kWh at_facility").units).magnitude / 3.6e6
    assert expected == pytest.approx((0.4 + 0.25) * 10 * 8 / 0.9 * 1.25)
    crossed = flow.site.at_facility(flow.energy, device_time=flow.device_time)
    assert value(crossed) == pytest.approx(expected, rel=1e-12)
    assert unit(crossed) == "kWh at the facility"
    assert unit(flow.site.at_wall(flow.energy, device_time=flow.device_time)) == "kWh at the wall"


CHAIN = {
    "component": {"hall.rest_of_machine": 1, "hall.supply_efficiency": 1, "hall.pue": 1},
    "board": {"hall.rest_of_machine": 0, "hall.supply_efficiency": 1, "hall.pue": 1},
    "wall": {"hall.rest_of_machine": 0, "hall.supply_efficiency": 0, "hall.pue": 1},
    "facility": {"hall.rest_of_machine": 0, "hall.supply_efficiency": 0, "hall.pue": 0},
}


@pytest.mark.parametrize("at", CHAIN)
def test_a1_each_crossing_is_used_once_and_only_where_it_lies_ahead(at: str) -> None:
    run = lca.Training("run", power="400 W", duration="10 h", at=at, site=server())
    crossed = run.site.at_facility(run.energy, device_time=run.electricity.device_time)
    assert {key: uses(crossed, key) for key in CHAIN[at]} == CHAIN[at]
    again = run.site.at_facility(crossed)
    assert again is crossed  # what is at the facility has no crossing ahead


def test_a1_pue_twice_raises() -> None:
    """A1, Q3: the product has no boundary that a site or an intensity takes."""
    site = server()
    twice = lca.parameter("e", "5 kWh at_wall") * site.pue * site.pue
    with pytest.raises(BoundaryError):
        site.at_facility(twice)


ASKED = {
    "component": ("rest_of_machine", {"supply_efficiency": 0.9, "pue": 1.2}),
    "board": ("supply_efficiency", {"pue": 1.2}),
    "wall": ("pue", {"supply_efficiency": 0.9}),
}


@pytest.mark.parametrize("at", ASKED)
def test_a1_a_crossing_is_asked_for_where_an_energy_needs_it(at: str) -> None:
    missing, given_crossings = ASKED[at]
    site = lca.Site("hall", **given_crossings)
    with pytest.raises(MissingError, match=f"at the {at}(.|\n)*hall.{missing}(.|\n)*{missing}=..."):
        site.at_facility(lca.parameter("e", f"5 kWh at_{at}"), device_time=lca.parameter("t", "1 device h"))
    lca.Site("hall").at_facility(lca.parameter("e", "5 kWh at_facility"))  # and nowhere else


def test_a1_energy_beyond_the_facility_has_no_crossing_of_a_site() -> None:
    with pytest.raises(BoundaryError, match="busbar"):
        server().at_facility(lca.parameter("e", "5 kWh at_busbar"))


BAD_SITES = {
    "pue below one": {"pue": 0.9},
    "a pue that reaches below one": {"pue": lca.Triangular(0.9, 1.1, 1.3)},
    "efficiency above one": {"supply_efficiency": 1.1},
    "efficiency zero": {"supply_efficiency": 0},
    "a machine that takes less than nothing": {"rest_of_machine": "-5 W at_board"},
}


@pytest.mark.parametrize("fields", BAD_SITES.values(), ids=list(BAD_SITES))
def test_q4_a_crossing_outside_its_domain_raises(fields: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match="hall"):
        lca.Site("hall", **fields)


# --- the energy of a device (A3) ---------------------------------------------------------------------------------


def by_hand(*, idle: str, active: str, load: float, joules: float, power: float, devices: int, years: float) -> float:
    """Joules at the board of a fleet, in pint: idle power x time on + marginal energy x inferences."""
    period = lca.quantity(years, "year")
    on = (lca.quantity(float(active), "h/day") + lca.quantity(float(idle), "h/day")) * period
    inferences = lca.quantity(load, "inference/s") * lca.quantity(float(active), "h/day") * period
    energy = lca.quantity(power, "W at_board") * on + lca.quantity(joules, "J at_board/inference") * inferences
    return float((energy * devices).to(lca.quantity(1, "J at_board").units).magnitude)


def fleet(inference: lca.Inference, **changes: Any) -> lca.Deployment:
    fields = {"load": "10 inference/s", "idle_power": "1.9 W at_board"} | changes
    return robots(inference, jetson(), field_site(grid()), **fields)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.floats(0, 12), st.floats(0, 12), st.floats(0.1, 100), st.floats(0, 3), st.integers(1, 500), st.floats(0.2, 9))
def test_a3_energy_of_a_fleet_by_hand(
    active: float, idle: float, load: float, power: float, devices: int, years: float
) -> None:
    made = fleet(
        lca.Inference("engine", "0.4 J at_board/inference", per="inference", baseline="marginal"),
        active=f"{active!r} h/day", idle=f"{idle!r} h/day", load=f"{load!r} inference/s",
        idle_power=f"{power!r} W at_board", devices=devices, period=f"{years!r} year",
    )  # fmt: skip
    expected = by_hand(
        idle=repr(idle), active=repr(active), load=load, joules=0.4, power=power, devices=devices, years=years
    )
    energy = lca.nominal(made.energy).data["value"]
    assert float(energy.sum("year")) * 3.6e6 == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert energy.attrs["unit"] == "kWh at the board"


def test_a3_joules_per_batch_are_divided_by_the_batch() -> None:
    """A3, Q2: the engine of two frames needs half the joules per frame; the batch stands in its name."""
    per_pass = lca.Inference.engines(
        "engines", rail_meter().read(JOULES, "J/batch", dim="engine"),
        names="<backbone>_<batch:int>_<height:int>_<width:int>_<precision>_seq_<sequence>",
        per="batch", baseline="marginal",
    )  # fmt: skip
    found = lca.nominal(per_pass.per_inference).data["value"]
    assert found.attrs["unit"] == "J at the board/inference"
    for name, joules in JOULES.items():
        batch = 2 if "_2_120" in name else 1
        assert float(found.sel(engine=name)) == pytest.approx(joules / batch, rel=1e-12)
    stated = lca.Inference("one", "0.8 J at_board", per="batch", batch=4, baseline="marginal")
    assert value(stated.per_inference) == pytest.approx(0.2)


def test_a3_gross_joules_become_marginal_at_the_rate_of_their_measurement() -> None:
    """A3: 0.386 J gross at 30 inferences/s with 1.9 W idle inside are 0.386 - 1.9 / 30 J above idle."""
    gross = lca.Inference(
        "engine", "0.386 J at_board/inference", per="inference", baseline="gross", throughput="30 inference/s"
    )
    marginal = gross.marginal(fleet(gross).idle_power)
    assert value(marginal) == pytest.approx(0.386 - 1.9 / 30, rel=1e-12)
    assert unit(marginal) == "J at the board/inference"
    assert value(gross.per_inference) == pytest.approx(0.386)
    # idle is then counted once: a device that always runs at that rate takes the gross joules and no more
    energy = lca.nominal(fleet(gross, load="30 inference/s", active="24 h/day").energy).data["value"].sum("year")
    period = 5 * 365.25 * 86_400
    assert float(energy) * 3.6e6 == pytest.approx(100 * 0.386 * 30 * period, rel=1e-12)


UNSAID = {
    "per": {"baseline": "marginal"},
    "baseline": {"per": "inference"},
    "throughput": {"per": "inference", "baseline": "gross"},
    "batch": {"per": "batch", "baseline": "marginal"},
}


@pytest.mark.parametrize("what", UNSAID)
def test_a3_what_a_figure_in_joules_must_say(what: str) -> None:
    with pytest.raises((AccountingError, MissingError), match=f"engine.{what}(.|\n)*fix"):
        lca.Inference("engine", "0.4 J at_board", **UNSAID[what])


def test_a3_unit_and_words_agree() -> None:
    with pytest.raises(AccountingError, match="different things"):
        lca.Inference("engine", "0.4 J at_board/batch", per="inference", baseline="marginal")
    with pytest.raises(AccountingError, match="'net'"):
        lca.Inference("engine", "0.4 J at_board", per="inference", baseline="net")


@pytest.mark.parametrize(
    "load", ["31 inference/s", lca.Triangular("5 inference/s", "10 inference/s", "31 inference/s")]
)
def test_a3_a_load_above_the_throughput_raises(load: Any) -> None:
    """A3: also where only the upper end of a spread lies above it."""
    engine = lca.Inference(
        "engine", "0.4 J at_board", per="inference", baseline="marginal", throughput="30 inference/s"
    )
    with pytest.raises(AccountingError, match="above the throughput(.|\n)*robots.load(.|\n)*engine.throughput"):
        part(fleet(engine, load=load))
    part(fleet(engine, load=lca.Triangular("5 inference/s", "10 inference/s", "30 inference/s")))


def test_a3_one_slow_engine_among_many_is_enough() -> None:
    rates = lca.labelled(dict.fromkeys(JOULES, 30) | {BEST: 9}, "inference/s", dim="engine")
    with pytest.raises(AccountingError, match="above the throughput"):
        part(fleet(engines().replaced(throughput=rates)), alternatives=("engine",))


def test_a3_gross_joules_below_idle_raise() -> None:
    engine = lca.Inference("engine", "0.05 J at_board", per="inference", baseline="gross", throughput="30 inference/s")
    with pytest.raises(AccountingError, match="less than idle power alone"):
        part(fleet(engine))


@pytest.mark.parametrize(
    "shares",
    [
        {"active": "20 h/day", "idle": "5 h/day"},
        {"active": lca.Uniform(0.2, 0.8), "idle": 0.3},
        {"active": 8},
        {"active": "8 h/day", "idle": "-1 h/day"},
        {"active": lca.parameter("share", 8)},
    ],
    ids=repr,
)
def test_q4_shares_of_time_lie_within_the_day(shares: dict[str, Any]) -> None:
    with pytest.raises(DomainError, match=r"robots\.(active|idle)"):
        part(fleet(engines(), **shares), alternatives=("engine",))


def test_a3_what_is_idle_in_the_rest_of_the_day_is_written_as_such() -> None:
    """The rest of the day may follow from the active share, however uncertain that is."""
    active = lca.parameter("share", lca.Uniform(0.2, 0.8))
    always_on = fleet(engines(), active=active, idle=1 - active)
    share = lca.monte_carlo({"on": always_on.active + always_on.idle}, draws=1_000, progress=False).data["on"]
    assert float(abs(share - 1).max()) < 1e-12


def test_a3_idle_power_is_stated() -> None:
    with pytest.raises(MissingError, match=r"robots(.|\n)*idle_power"):
        fleet(engines(), idle_power=None)


def test_a1_a_board_reading_takes_the_supply_and_a_wall_reading_does_not() -> None:
    """A1: 0.386 J at the board is 0.454 J at the plug (docs/lab.md)."""
    study_site = field_site(lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility"))
    reading = rail_meter().read(0.386, "J/inference").node("x")
    energy = reading * lca.parameter("n", "1 inference")
    assert value(study_site.at_wall(energy)) * 3.6e6 == pytest.approx(0.4541, rel=1e-4)
    home = home_site(grid())
    assert value(home.at_facility(lca.parameter("e", "2 kWh at_wall"))) == 2

"""Estimates before anything is measured: by hand, with their spread, and in a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from base_estimates import CARD, HALL, ONLY, by_flops, kwh, value

import lca
from lca import formulas
from lca.errors import AccountingError, MissingError, ParseError, UnitError
from lca.inventory.estimated.accelerator import POINTS
from lca.inventory.inference.inference import PER

DAY = 86_400.0


# --- the unit ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown", "number"),
    [("989.4 TFLOP/s", "TFLOP/s", 989.4), ("16 GFLOP/token", "TFLOP/token", 0.016), ("8.4e22 FLOP", "TFLOP", 8.4e10),
     ("2 PFLOP", "TFLOP", 2_000), ("1 EFLOP/inference", "TFLOP/inference", 1e6), ("3 ZFLOP", "TFLOP", 3e9)],
)  # fmt: skip
def test_q2_a_flop_is_a_unit_of_its_own(text: str, shown: str, number: float) -> None:
    found = lca.nominal(lca.parameter("x", text)).data["value"]
    assert found.attrs["unit"] == shown
    assert float(found) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize("text", ["989 TFLOPS", "989 TFLOPs", "5 GMAC", "3 flops/s"])
def test_q5_what_may_be_a_rate_or_a_total_is_refused(text: str) -> None:
    """Q5: TFLOPS is read as a total or as a rate, and a MAC as one operation or two."""
    with pytest.raises(ParseError, match="FLOP/s"):
        lca.parameter("x", text)


def test_q2_operations_meet_no_other_count() -> None:
    with pytest.raises(UnitError, match="FLOP"):
        lca.parameter("a", "2 FLOP") + lca.parameter("b", "2 token")


# --- formulas ------------------------------------------------------------------------------------------------

#: Arguments in root units, and the result by hand; tests/graph/test_functions.py has the four readings and units.
FORMULAS: dict[str, tuple[tuple[float, ...], float]] = {
    "transformer_work": ((6.0, 7e9, 2e12), 8.4e22),
    "achieved_rate": ((125e12, 0.4), 5e13),
    "computing_time": ((8.4e22, 5e13, 512), 3_281_250.0),
    "loaded_power": ((300.0, 0.8), 240.0),
    "computing_energy": ((8e9, 5e13, 240.0), 0.0384),
    "amount_time": ((3e9, 1.2e4), 250_000.0),
    "powered_time": ((1.152e7, 400.0, 8), 3_600.0),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_by_hand(name: str) -> None:
    given, expected = FORMULAS[name]
    assert getattr(formulas, name)(*given) == pytest.approx(expected, rel=1e-12)


# --- from operations -----------------------------------------------------------------------------------------


def test_a_training_from_flops_by_hand() -> None:
    """6 x 7e9 x 2e12 FLOP on 512 devices of 125 TFLOP/s at 40 %, each at 300 W x 0.8."""
    run = by_flops()
    seconds = 6 * 7e9 * 2e12 / (512 * 125e12 * 0.4)
    assert value(run.duration, "s") == pytest.approx(seconds, rel=1e-12)
    assert value(run.power, "W at_component/device") == pytest.approx(240, rel=1e-12)
    assert value(run.energy, "kWh at_component") == pytest.approx(240 * 512 * seconds / 3.6e6, rel=1e-12)
    with_power = by_flops(accelerator="", peak="125 TFLOP/s", utilisation="40 %", power="500 W", at="wall")
    assert value(with_power.energy, "kWh at_wall") == pytest.approx(500 * 512 * seconds / 3.6e6, rel=1e-12)


def test_more_of_anything_moves_the_energy_as_it_should() -> None:
    base = kwh(by_flops())
    assert kwh(by_flops(parameters="14e9")) == pytest.approx(2 * base, rel=1e-12)
    assert kwh(by_flops(tokens="1e12 token")) == pytest.approx(base / 2, rel=1e-12)
    assert kwh(by_flops(devices=64)) == pytest.approx(base, rel=1e-12)
    assert kwh(by_flops(accelerator=CARD.replaced(utilisation=0.8))) == pytest.approx(base / 2, rel=1e-12)
    assert kwh(by_flops(accelerator=CARD.replaced(load=0.4))) == pytest.approx(base / 2, rel=1e-12)


def test_work_is_told_in_all_or_per_what_is_worked_off() -> None:
    """A network that is no transformer: 24.6 GFLOP a picture, forwards and backwards, 90 times 1.28 million."""
    pictures = 90 * 1.28e6
    each = by_flops(parameters=None, work="24.6 GFLOP/inference", tokens=lca.quantity(pictures, "inference"))
    whole = by_flops(parameters=None, tokens=None, work=lca.quantity(24.6e9 * pictures, "FLOP"))
    assert kwh(each) == pytest.approx(kwh(whole), rel=1e-12)
    assert kwh(whole) == pytest.approx(24.6e9 * pictures / (125e12 * 0.4) * 240 / 3.6e6, rel=1e-12)


def test_several_models_are_several_runs() -> None:
    sizes = lca.labelled({"small": 1e9, "large": 7e9}, dim="model")
    run = by_flops(parameters=sizes, site=HALL, beyond="not counted")
    data = lca.nominal(run.energy).data["value"]
    assert float(data.sel(model="large")) == pytest.approx(7 * float(data.sel(model="small")), rel=1e-12)
    study = lca.Study("two", run, functional_unit=lca.FunctionalUnit("two", count=1), excluded=ONLY, parts=("model",))
    assert float(lca.nominal(study).data["training"]) == pytest.approx(0.4 * float(data.sum()), rel=1e-12)


def test_a_device_of_the_catalogue_brings_its_sheet_along() -> None:
    sheet = lca.Accelerator.lookup("A100 SXM4 80 GB")
    assert value(sheet.peak, "TFLOP/s/device") == 312
    assert value(sheet.tdp, "W/device") == 400
    assert value(lca.Accelerator.lookup("H100 SXM", precision="fp8", utilisation=0.3).peak, "TFLOP/s/device") == 1979
    leaves = {name: getattr(sheet, name).parameter for name in ("peak", "tdp", "utilisation", "load")}
    assert {name: leaf.status for name, leaf in leaves.items()} == {
        "peak": "dataset", "tdp": "dataset", "utilisation": "assumed", "load": "assumed",
    }  # fmt: skip
    assert "38 published trainings of 15 groups" in leaves["utilisation"].source
    assert "NVIDIA A100 data sheet" in leaves["peak"].source
    served = lca.Accelerator.lookup("A100 SXM4 80 GB", doing="inference").utilisation.parameter
    assert "ML.ENERGY" in served.source


def test_the_spread_of_a_device_is_that_of_published_runs() -> None:
    """5, 50 and 95 % quantiles of utilisation and load, as the table of spreads has them."""
    from lca import tables

    for row in tables.rows("estimates", "spreads"):
        sheet = lca.Accelerator.lookup("H100 SXM", doing=row.text("doing"))
        leaf = getattr(sheet, row.text("quantity")).parameter
        found = [float(leaf.quantile(u)) for u in (0.05, 0.5, 0.95)]
        assert found == pytest.approx([row["low"], row["median"], row["high"]], rel=0.02)
        assert len(leaf.values[0].arguments) == POINTS
        assert leaf.reach[0] > 0
        assert leaf.reach[1] < 1


def test_what_a_user_says_is_assumed_unless_he_knows() -> None:
    """A10: what is estimated is never called measured."""
    statuses = {leaf.status for leaf in (by_flops().parameters.parameter, by_flops().amount.parameter)}
    assert statuses == {"assumed"}
    assert by_flops(status="declared").parameters.parameter.status == "declared"
    power = lca.estimated_power("desk", accelerator="RTX 3090")
    assert {leaf.parameter.status for leaf in lca.graph.node.parameters([power])} == {"dataset", "assumed"}
    assert value(lca.estimated_power("desk", tdp="350 W", load=0.9), "W at_component/device") == pytest.approx(315)


# --- within a study ------------------------------------------------------------------------------------------


def study(run: lca.Training) -> lca.Study:
    return lca.Study("estimate", run, functional_unit=lca.FunctionalUnit("run", count=1), excluded=ONLY)


def test_q3_the_rest_of_the_machine_does_not_vanish() -> None:
    """Q3, A1: a TDP is at the component. The host is counted, or left out by name and listed."""
    with pytest.raises(MissingError, match="rest_of_machine"):
        study(by_flops(site=HALL))
    bare = study(by_flops(site=HALL, beyond="not counted"))
    assert any("the rest of the machine is not counted" in note for note in bare.model.notes)
    host = HALL.replaced(rest_of_machine="60 W at_board", supply_efficiency=0.9)
    whole = float(lca.nominal(study(by_flops(site=host))).data["total"])
    assert whole == pytest.approx((240 + 60) / 240 / 0.9 * float(lca.nominal(bare).data["total"]), rel=1e-12)


def test_a10_an_estimate_is_listed() -> None:
    notes = study(by_flops(site=HALL, beyond="not counted")).model.notes
    assert any("estimated from a data sheet (card): nothing of it was measured" in note for note in notes)
    assert not any("every published run" in note for note in notes)


def test_a_utilisation_above_all_that_was_published_is_listed() -> None:
    run = by_flops(accelerator=CARD.replaced(utilisation=0.7), site=HALL, beyond="not counted")
    assert any("card.utilisation of 0.7 is above that of every published run (0.626)" in one
               for one in study(run).model.notes)  # fmt: skip


def test_d4_a_scenario_reaches_into_the_device() -> None:
    base = study(lca.Training.from_flops(
        "pretraining", parameters="7e9", tokens="2e12 token", accelerator="H100 SXM", devices=512, load=0.8,
        site=HALL, beyond="not counted",
    ))  # fmt: skip
    totals = [
        float(lca.nominal(base.replace({"pretraining-accelerator.utilisation": share})).data["total"])
        for share in (0.3, 0.6)
    ]
    assert totals[0] == pytest.approx(2 * totals[1], rel=1e-12)
    doubled = float(lca.nominal(base.replace({"pretraining.amount": "4e12 token"})).data["total"])
    assert doubled == pytest.approx(2 * float(lca.nominal(base).data["total"]), rel=1e-12)
    varied = lca.nominal(base.vary("size", {"pretraining.parameters": {"a": "7e9", "b": "14e9"}})).data["total"]
    assert float(varied.sel(size="b")) == pytest.approx(doubled, rel=1e-12)


def test_a15_an_estimate_stays_below_what_its_hardware_can_draw() -> None:
    weak = lca.Hardware("weak card", embodied="50 kg CO2e", lifetime="5 year", max_power="100 W")
    run = by_flops(on=weak, allocation="none", site=HALL, beyond="not counted")
    outside = {name: lca.outside_goal("not asked") for name in ("development", "distribution", "use", "end_of_life")}
    with pytest.raises(AccountingError, match="maximum power"):
        lca.Study("one", run, functional_unit=lca.FunctionalUnit("run", count=1), excluded=outside)


def test_a_device_is_another_record_in_a_scenario_and_a_result_runs_again(tmp_path: Path) -> None:
    base = study(by_flops(site=HALL, beyond="not counted"))
    cards = {"card": CARD, "fast": lca.Accelerator("fast", peak="250 TFLOP/s", utilisation=0.4, tdp="300 W", load=0.8)}
    totals = lca.nominal(base.vary("device", {"pretraining.accelerator": cards})).data["total"]
    assert float(totals.sel(device="card")) == pytest.approx(2 * float(totals.sel(device="fast")), rel=1e-12)
    looked_up = by_flops(accelerator="H100 SXM", site=HALL, beyond="not counted")
    drawn = lca.monte_carlo(study(looked_up), draws=200, progress=False)
    lca.save(drawn, tmp_path / "plan.lca")
    again, _ = lca.rerun(tmp_path / "plan.lca")
    assert again.data.identical(drawn.data)


def test_a_derivation_of_an_estimate_reads_well() -> None:
    text = str(lca.derivation(study(by_flops(site=HALL, beyond="not counted")), "training"))
    assert "card.power x 6 x parameters x amount / (card.rate x devices) x devices" in text
    assert "50 TFLOP/(s device)" in text


def test_an_estimated_engine_serves_in_a_deployment() -> None:
    """10 pictures a second all year on one card: idle power is within the gross joules, so it is taken off and on."""
    net = lca.Inference.from_flops(
        "net", work="8.2 GFLOP/inference", peak="65 TFLOP/s", utilisation=0.3, tdp="70 W", load=0.9
    )
    use = lca.Deployment(
        "server", net, devices=1, start=2025, period="1 year", load="100 inference/s", active=1, idle=0,
        idle_power="10 W at_component", site=HALL, beyond="not counted",
    )  # fmt: skip
    year = 365.25 * DAY
    rate = 65e12 * 0.3 / 8.2e9
    joules = 10 * year + (63 / rate - 10 / rate) * 100 * year
    assert kwh(use) == pytest.approx(joules / 3.6e6, rel=1e-12)
    whole = lca.Study("s", use, functional_unit=lca.FunctionalUnit("picture", count=use.inferences), excluded=ONLY)
    assert any("server is estimated from a data sheet" in note for note in whole.model.notes)


# --- throughput; energy and power --------------------------------------------------------------------------------


def test_a_training_from_its_throughput_by_hand() -> None:
    """3e9 tokens at 12,000 a second are 250,000 s; of eight devices at 400 W that is 222.2 kWh."""
    fields: dict[str, Any] = {"amount": "3e9 token", "power": "400 W at_component", "devices": 8}
    run = lca.Training.from_throughput("finetune", throughput="1.2e4 token/s", **fields)
    assert value(run.duration, "s") == pytest.approx(250_000, rel=1e-12)
    assert kwh(run) == pytest.approx(8 * 400 * 250_000 / 3.6e6, rel=1e-12)
    each = lca.Training.from_throughput("finetune", throughput="1500 token/s/device", **fields)
    assert value(each.duration, "s") == pytest.approx(250_000, rel=1e-12)
    by_sheet = lca.Training.from_throughput(
        "finetune", throughput="1.2e4 token/s", amount="3e9 token", tdp="400 W", load=0.5, devices=8
    )
    assert kwh(by_sheet) == pytest.approx(kwh(run) / 2, rel=1e-12)
    pictures = lca.Training.from_throughput(
        "cnn", throughput="2500 inference/s", amount="1e6 inference", power="250 W", at="wall"
    )
    assert value(pictures.duration, "s") == pytest.approx(400, rel=1e-12)


def test_a_duration_follows_from_energy_and_power() -> None:
    """3.2 kWh of eight devices at 400 W take an hour; hardware is then charged by that hour."""
    run = lca.Training("run", energy="3.2 kWh", power="400 W", at="wall", devices=8)
    assert value(run.duration, "s") == pytest.approx(3_600, rel=1e-12)
    assert run.given("duration") is None
    assert value(run.replaced(energy="6.4 kWh at_wall").duration, "s") == pytest.approx(7_200, rel=1e-12)
    sheet = lca.Training("run", energy="3.2 kWh at_component", devices=8, accelerator=lca.Accelerator(
        "half", tdp="800 W", load=0.5
    ))  # fmt: skip
    assert value(sheet.duration, "s") == pytest.approx(3_600, rel=1e-12)


# --- inference -----------------------------------------------------------------------------------------------


def test_an_engine_from_flops_by_hand() -> None:
    """8.2 GFLOP a picture on a card of 65 TFLOP/s at 30 %, 70 W x 0.9."""
    net = lca.Inference.from_flops(
        "net", work="8.2 GFLOP/inference", peak="65 TFLOP/s", utilisation=0.3, tdp="70 W", load=0.9
    )
    rate = 65e12 * 0.3 / 8.2e9
    assert value(net.throughput, "inference/s/device") == pytest.approx(rate, rel=1e-12)
    assert value(net.energy, "J at_component/inference") == pytest.approx(63 / rate, rel=1e-12)
    assert (net.per, net.baseline) == ("inference", "gross")
    looked_up = lca.Inference.from_flops("net", work="8.2 GFLOP/inference", accelerator="T4", utilisation=0.3, load=0.9)
    assert value(looked_up.energy, "J at_component/inference") == pytest.approx(63 / rate, rel=1e-12)


@pytest.mark.skipif("token" not in PER, reason="joules per token come with another change")
def test_a_language_model_takes_two_operations_for_each_parameter_and_token() -> None:
    chat = lca.Inference.from_flops("chat", parameters="8e9", accelerator=CARD)
    rate = 125e12 * 0.4 / 16e9
    assert value(chat.throughput, "token/s/device") == pytest.approx(rate, rel=1e-12)
    assert value(chat.energy, "J at_component/token") == pytest.approx(240 / rate, rel=1e-12)

"""What a measurement comes to: in a study, on disk, and what its interval means (M8, A3, A10, U10)."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted_measurements import at_work, measured, one

import lca
from lca.engines.measuring.block_figures import ratio, trend
from lca.engines.script import ScriptedEngine
from lca.errors import AccountingError, FileFormatError
from lca.fits import widening
from lca.meters import ScriptedClock, scripted


def rivals(**meter: Any) -> lca.MeasuredInference:
    """Two engines at 20 W, 0.2 and 0.4 J; 4 W when nothing runs."""
    clock = ScriptedClock()
    engines = [ScriptedEngine(name, seconds=seconds, clock=clock) for name, seconds in (("fast", 0.01), ("slow", 0.02))]
    working = [at_work(engine, clock) for engine in engines]
    power = scripted(lambda t: 20.0 if any(one[0] for one in working) else 4.0, at="board", clock=clock, **meter)
    return measured(engines, power)


def study_of(inference: lca.Inference, idle_power: Any, alternatives: tuple[str, ...] = ("engine",)) -> lca.Study:
    grid = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", region="here", year=2024)
    site = lca.Site("sockets", electricity=grid, pue=1.0, supply_efficiency=0.8)
    use = lca.Deployment("robots", inference, site=site, devices=10, start=2024, period="1 year", active="8 h/day",
                         load="20 inference/s", idle_power=idle_power)  # fmt: skip
    unit = lca.FunctionalUnit("one inference", count=use.inferences)
    return lca.Study("robots", use, functional_unit=unit, excluded=lca.operation_only("a test"),
                     alternatives=alternatives)  # fmt: skip


# --- in a study ---------------------------------------------------------------------------------------------------

HOURS = 8 / 24 * 8766  # of a year
PER_WATT = HOURS * 10 / 1000 / 0.8 * 0.5  # kg CO2e a year, of ten robots
BY_HAND = {"fast": (4 + 0.16 * 20) * PER_WATT, "slow": (4 + 0.32 * 20) * PER_WATT}


def test_a3_a_measured_inference_is_what_a_deployment_takes() -> None:
    """A3: P_idle t + e_m N, by hand; gross with its own idle power and marginal give the same."""
    made = rivals(accuracy="5 %")
    for study in (study_of(made, made.idle_power), study_of(made.without_idle(), "4 W at_board")):
        total = lca.nominal(study).data["total"]
        for engine, kilograms in BY_HAND.items():
            assert total.sel(engine=engine).item() == pytest.approx(kilograms, rel=1e-9)


def test_u10_the_error_of_the_meter_is_one_for_engines_and_idle_power() -> None:
    """U10: all draws of the total are the nominal one times one factor."""
    made = rivals(accuracy="5 %")
    total = lca.monte_carlo(study_of(made, made.idle_power), draws=500, progress=False).data["total"]
    factor = total / lca.nominal(study_of(made, made.idle_power)).data["total"]
    np.testing.assert_allclose(factor.sel(engine="fast"), factor.sel(engine="slow"), rtol=1e-9)
    assert 0.95 <= factor.min() < 0.96
    assert 1.04 < factor.max() <= 1.05


def test_d4_a_measured_inference_is_selected_replaced_and_varied() -> None:
    """D4: paths name its fields; a new idle power follows."""
    made = rivals()
    study = study_of(made, made.idle_power)
    alone = lca.nominal(study.sel(engine="slow")).data["total"].item()
    assert alone == pytest.approx(BY_HAND["slow"], rel=1e-9)
    more = study.replace({"engines.idle_power": "6 W at_board"})
    assert lca.nominal(more).data["total"].sel(engine="fast").item() == pytest.approx(
        (6 + (0.2 - 6 / 100) * 20) * PER_WATT, rel=1e-9
    )
    kept = made.sel(engine="slow")
    assert isinstance(kept, lca.MeasuredInference)
    assert lca.nominal({"x": kept.without_idle().energy}).data["x"].item() == pytest.approx(0.32, rel=1e-9)
    assert lca.nominal({"x": kept.energy_per_batch}).data["x"].item() == pytest.approx(0.4, rel=1e-9)


def test_a3_a_load_above_the_measured_throughput_raises() -> None:
    made = rivals()
    with pytest.raises(AccountingError, match="above"):
        study_of(made, made.idle_power).replace({"robots.load": "60 inference/s"})  # the slow one gives 50


def uneven(power: Any, seed: int = 5) -> lca.MeasuredInference:
    """An engine whose speed changes by 15 % (k=1) each 0.25 s, so that blocks differ."""
    rng, clock = np.random.default_rng(seed), ScriptedClock()
    factors = rng.lognormal(0, 0.15, 4000)
    engine = ScriptedEngine("net", seconds=lambda number: 0.01 * factors[number // 25], clock=clock)
    working = at_work(engine, clock)
    meter = scripted(lambda t: power(t) if working[0] else 8.0, at="board", clock=clock)
    return measured(engine, meter)


def test_m8_energy_and_throughput_of_one_measurement_go_together() -> None:
    """M8: at a steady power P each draw is P / r, so that all of it lies above an idle power just below P."""
    made = uneven(lambda _: 9.0)
    drawn = lca.monte_carlo({"e": made.energy, "r": made.throughput}, draws=2000, progress=False).data
    np.testing.assert_allclose(drawn["e"] * drawn["r"], 9.0, rtol=1e-9)
    assert float(drawn["r"].std() / drawn["r"].mean()) > 0.01
    lca.monte_carlo(study_of(made, "8.99 W at_board", ()), draws=2000, progress=False)


def test_m8_above_idle_is_as_uncertain_in_a_deployment_as_alone() -> None:
    """M8: u(e) is kept, and that of e - P_idle / r is that of E_b - P_idle T_b; the power changes over the blocks."""
    made = uneven(lambda t: 14.0 + 3.0 * math.sin(1.7 * t))
    above = lca.formulas.marginal_energy(made.energy, lca.parameter("idle", "8 W at_board/device"), made.throughput)
    nodes = {"e": made.energy, "above": above, "alone": made.marginal_energy}
    drawn = lca.monte_carlo(nodes, draws=20_000, progress=False).data
    u = made.table()["u (%)"].item() / 100 * made.table()["J/inference"].item()
    assert float(drawn["e"].std()) == pytest.approx(u, rel=0.05)
    assert float(drawn["above"].std()) == pytest.approx(float(drawn["alone"].std()), rel=0.05)


# --- on disk ---------------------------------------------------------------------------------------------------------


def test_a10_a_measurement_is_saved_and_computed_again_to_the_bit(tmp_path: Path) -> None:
    made = rivals(accuracy="5 %", resolution="0.1 W")
    again = lca.MeasuredInference.load(made.save(tmp_path / "folder" / "measured.json"))
    assert again.data.identical(made.data)
    assert again.notes == made.notes
    assert again.table().equals(made.table())
    values = {"e": made.energy, "m": made.marginal_energy, "i": made.idle_power, "r": made.throughput}
    drawn = lca.monte_carlo(values, draws=100, progress=False)
    other = {"e": again.energy, "m": again.marginal_energy, "i": again.idle_power, "r": again.throughput}
    assert lca.monte_carlo(other, draws=100, progress=False).data.identical(drawn.data)
    assert again.measurement.schedule == made.measurement.schedule
    assert again.log.energy().about == made.log.energy().about
    assert set(again.measurement.versions) == {"lca", "numpy", "python", "machine"}


def test_a10_an_assumed_power_is_saved_with_its_times(tmp_path: Path) -> None:
    engine, _ = one()
    made = measured(engine, None, assumed_power="15 W at_board", clock=engine.clock)
    again = lca.MeasuredInference.load(made.save(tmp_path / "assumed.json"))
    assert lca.provenance({"x": again.energy}).equals(lca.provenance({"x": made.energy}))


def test_a10_a_changed_file_raises(tmp_path: Path) -> None:
    """A10: each of its parts is under the hash."""
    path = rivals().save(tmp_path / "measured.json")
    whole = json.loads(path.read_text(encoding="utf-8"))
    assert len(whole) > 12
    for name in set(whole) - {"format"}:
        path.write_text(json.dumps({**whole, name: "other"}), encoding="utf-8")
        with pytest.raises(FileFormatError, match="was changed after it was saved"):
            lca.MeasuredInference.load(path)
    for text, said in (("{", "JSON"), ("[]", "not a saved measurement"), ('{"format": 3}', "not a saved measurement")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FileFormatError, match=said):
            lca.MeasuredInference.load(path)
    with pytest.raises(FileFormatError):
        lca.MeasuredInference.load(tmp_path / "nowhere.json")
    with pytest.raises(FileFormatError, match=r"\.json"):
        rivals().save(tmp_path / "measured.txt")


def test_a_file_that_lacks_a_part_and_has_a_fitting_hash_raises_our_error(tmp_path: Path) -> None:
    from lca.whole_files import json_digest

    path = rivals().save(tmp_path / "measured.json")
    whole = json.loads(path.read_text(encoding="utf-8"))
    for name in set(whole) - {"format", "sha256"}:
        less = {key: part for key, part in whole.items() if key not in (name, "sha256")}
        path.write_text(json.dumps({**less, "sha256": json_digest(less)}), encoding="utf-8")
        with pytest.raises(FileFormatError, match="cannot be read"):
            lca.MeasuredInference.load(path)


# --- what the interval means ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_m8_the_interval_covers_the_true_energy_as_often_as_it_says() -> None:
    """M8: 1,000 measurements with noise from execution to execution; a 90 % interval covers 900, within 4 sigma."""
    rng, covered, count = np.random.default_rng(11), 0, 1000
    clock = ScriptedClock()
    counted = [0.0]

    class Noisy(ScriptedEngine):
        def run(self) -> None:
            super().run()
            counted[0] += rng.normal(0.5, 0.1)

    engine = Noisy("net", seconds=0.1, clock=clock)
    meter = scripted(energy=lambda t: counted[0] + 0.1 * t, clock=clock)
    for _ in range(count):
        made = measured(engine, meter, seconds=2.5, blocks=5, idle=0.5)
        leaf = made.energy.parameter
        assert leaf is not None
        spread = leaf.values[0]
        assert isinstance(spread, lca.Distribution)
        low, high = (spread.mean + sign * 1.6449 * spread.sd for sign in (-1, 1))
        covered += low <= 0.51 <= high
    assert covered / count == pytest.approx(0.9, abs=4 * math.sqrt(0.9 * 0.1 / count))


@pytest.mark.parametrize("n", [2, 3, 10])
def test_gum_g_3_2_the_interval_of_few_blocks_is_that_of_students_t(n: int) -> None:
    """GUM G.3.2: the widened standard error covers 90 % for any number of blocks; the plain one does not."""
    rng, count = np.random.default_rng(n), 4000
    hit = {"widened": 0, "plain": 0}
    for _ in range(count):
        found = ratio(rng.normal(5.0, 1.0, n), np.full(n, 10.0))
        for kind, u in (("widened", found.u), ("plain", found.u / widening(n - 1))):
            hit[kind] += abs(found.value - 0.5) <= 1.6449 * u
    assert hit["widened"] / count == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / count))
    assert hit["plain"] / count < 0.9 - 4 * math.sqrt(0.09 / count)
    assert widening(1) == pytest.approx(6.3138 / 1.6449, rel=1e-4)


def test_the_standard_error_of_a_ratio_is_that_of_a_bootstrap_over_blocks() -> None:
    """Cochran 1977, eq. 6.13, against 20,000 resamples of 60 blocks with counts that differ."""
    rng, n, resamples = np.random.default_rng(5), 60, 20_000
    counts = rng.integers(80, 120, n).astype(float)
    joules = 0.4 * counts + rng.normal(0, 3, n)
    chosen = rng.integers(0, n, (resamples, n))
    ratios = joules[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    plain = ratio(joules, counts).u / widening(n - 1)
    biased = math.sqrt((n - 1) / n)  # a bootstrap divides by n
    assert ratios.std() == pytest.approx(plain * biased, rel=4 / math.sqrt(2 * resamples) + 0.02)
    assert ratio(joules, counts).value == pytest.approx(joules.sum() / counts.sum(), rel=1e-12)


@pytest.mark.parametrize("n", [4, 10])
def test_a_trend_and_its_standard_error_are_those_of_least_squares(n: int) -> None:
    """Draper and Smith 1998, sec. 1.4: against 4,000 lines with known noise; 90 % of the intervals cover the slope."""
    rng, times = np.random.default_rng(n), np.arange(float(n))
    change = 0.02 * (n - 1)
    found = [trend(1 + 0.02 * times + rng.normal(0, 0.01, n), times) for _ in range(4000)]
    truth = 0.01 / math.sqrt(((times - times.mean()) ** 2).sum()) * (n - 1)
    values = np.array([one.value for one in found])
    assert values.mean() == pytest.approx(change, abs=4 * truth / math.sqrt(4000))
    assert values.std() == pytest.approx(truth, rel=4 / math.sqrt(2 * 4000))
    covered = np.mean([abs(one.value - change) <= 1.6449 * one.u for one in found])
    assert covered == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / 4000))


def test_two_blocks_show_no_trend_and_three_do() -> None:
    """A line goes through two points whatever they are."""
    assert trend(np.array([1.0, 2.0]), np.array([0.0, 1.0])) == (0.0, 0.0)
    three = trend(np.array([1.0, 2.0, 3.5]), np.array([0.0, 1.0, 2.0]))
    assert three.value == pytest.approx(2.5)
    assert three.u > 0

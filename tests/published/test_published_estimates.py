"""Published estimates, from their published inputs, through the records that estimate; and energies that were measured.

What a source prints is met within half of its last digit. The figures were typed in from the sources named.
"""

from __future__ import annotations

from typing import Any

import pytest
from base_estimates import ONLY, value

import lca


def site(name: str, intensity: str, pue: float = 1.0, **rest: Any) -> lca.Site:
    grid = lca.Electricity(f"{name} grid", intensity=intensity, at="facility")
    return lca.Site(name, electricity=grid, pue=pue, **rest)


def outcome(run: lca.Training) -> tuple[float, float]:
    """(energy at the facility [kWh], total [kg CO2e]) of a study of one training."""
    study = lca.Study(run.name, run, functional_unit=lca.FunctionalUnit("run", count=1), excluded=ONLY)
    flow = run.electricity
    energy = flow.site.at_facility(flow.energy, device_time=flow.device_time)
    return value(energy, "kWh at_facility"), float(lca.nominal(study).data["total"])


# --- from operations: LLMCarbon --------------------------------------------------------------------------------

#: Faiz et al. 2024, LLMCarbon (ICLR), database and model @ dbd96b79: parameters, tokens, power of a device with its
#: host [W], utilisation, devices, PUE, kg CO2e/kWh; then days, MWh and t CO2e of its formula, and the t published.
LLMCARBON = {
    "T5": (11e9, 600e9, 310, 0.37, 512, 1.12, 0.545, 19.67, 83.92, 45.7364, 46.7),
    "Switch Transformer": (7.41e9, 2000e9, 245, 0.28, 1000, 1.1, 0.33, 29.8829, 193.2825, 63.7832, 59.1),
}


@pytest.mark.parametrize("name", LLMCARBON)
def test_llmcarbon_from_parameters_and_tokens(name: str) -> None:
    """Its power is that of an accelerator with its host (Patterson et al. 2021), so at the wall."""
    parameters, tokens, watts, share, devices, pue, intensity, days, megawatt_hours, tonnes, actual = LLMCARBON[name]
    run = lca.Training.from_flops(
        name, parameters=parameters, tokens=lca.quantity(tokens, "token"), accelerator="TPU v3", utilisation=share,
        power=lca.quantity(watts, "W"), at="wall", devices=devices, site=site(name, f"{intensity} kg CO2e/kWh", pue),
    )  # fmt: skip
    assert value(run.duration, "day") == pytest.approx(days, rel=1e-4)
    energy, total = outcome(run)
    assert energy == pytest.approx(megawatt_hours * 1e3, rel=1e-4)
    assert total == pytest.approx(tonnes * 1e3, rel=1e-4)
    assert total / 1e3 / actual - 1 == pytest.approx({"T5": -0.0206, "Switch Transformer": 0.0792}[name], abs=1e-4)


# --- from a rated power: Green Algorithms, LLaMA, model cards ----------------------------------------------------


def rated(name: str, tdp: str, hours: float, there: lca.Site, **rest: Any) -> lca.Training:
    """A training at the rated power of its devices all the time."""
    sheet = lca.Accelerator(f"{name} device", tdp=tdp, load=1)
    fields: dict[str, Any] = {"beyond": "not counted"} | rest
    return lca.Training(name, accelerator=sheet, duration=lca.quantity(hours, "h"), site=there, **fields)


def test_green_algorithms_counts_memory_as_the_rest_of_the_machine() -> None:
    """Lannelongue et al. 2021, eq. 1: 12 h, 300 W at full use, 64 GB at 0.3725 W/GB, PUE 1.67, 475 g/kWh."""
    memory = lca.parameter("memory", "64 GB/device") * lca.parameter("power of memory", "0.3725 W at_board/GB")
    there = site("cluster", "475 g CO2e/kWh", 1.67, rest_of_machine=memory, supply_efficiency=1.0)
    energy, total = outcome(rated("job", "300 W", 12, there, beyond=""))
    assert energy == pytest.approx(6.4897536, rel=1e-9)
    assert total == pytest.approx(3.08263296, rel=1e-9)


#: Touvron et al. 2023, LLaMA, table 15: hours of devices of 400 W, MWh with a PUE of 1.1, t CO2e at 0.385 kg/kWh.
LLAMA = {
    "OPT-175B": (809_472, 356, 137),
    "LLaMA-7B": (82_432, 36, 14),
    "LLaMA-13B": (135_168, 59, 23),
    "LLaMA-33B": (530_432, 233, 90),
    "LLaMA-65B": (1_022_362, 449, 173),
}


@pytest.mark.parametrize("name", LLAMA)
def test_llama_from_hours_and_rated_power(name: str) -> None:
    """The paper cuts some digits off in place of rounding: 449.8 MWh stands as 449."""
    hours, megawatt_hours, tonnes = LLAMA[name]
    energy, total = outcome(rated(name, "400 W", hours, site(name, "0.385 kg CO2e/kWh", 1.1)))
    assert megawatt_hours - 0.5 <= energy / 1e3 < megawatt_hours + 1
    assert tonnes - 0.5 <= total / 1e3 <= tonnes + 0.5


#: Model cards of Hugging Face: W, hours, devices, PUE, kg CO2e/kWh; kWh (where printed), kg CO2e and its last digit.
CARDS: dict[str, tuple[float, float, int, float, float, float | None, float, float]] = {
    "asi/gpt-fr-cased-base": (300, 140, 32, 1.0, 0.432, None, 580.61, 0.01),
    "mlco2 calculator, V100": (300, 100, 1, 1.0, 0.37, 30.0, 11.1, 0.01),
    "jk873/carbon-audit-demo": (300, 93.8, 1, 1.19, 0.650, 33.487, 21.766, 0.002),
}


@pytest.mark.parametrize("name", CARDS)
def test_model_cards_from_hours_and_rated_power(name: str) -> None:
    watts, hours, devices, pue, intensity, kilowatt_hours, kilograms, digit = CARDS[name]
    there = site(name, f"{intensity} kg CO2e/kWh", pue)
    energy, total = outcome(rated(name, f"{watts} W", hours, there, devices=devices))
    assert total == pytest.approx(kilograms, abs=digit / 2 + 1e-9)
    if kilowatt_hours is not None:
        assert energy == pytest.approx(kilowatt_hours, abs=0.001)


# --- energies that were measured ---------------------------------------------------------------------------------

#: Parameters, tokens, device, and MWh of the accelerators by their meters. None of these runs is in the tables of
#: utilisation; OLMo 2 and OLMo are not in those of loads, either.
MEASURED = {
    # OLMo Team 2025, 2 OLMo 2 Furious, arXiv:2501.00656, table 19
    "OLMo 2 7B": (7.299e9, 4.05e12, "H100 SXM", 131),
    "OLMo 2 13B": (13.716e9, 5.6e12, "H100 SXM", 257),
    # Groeneveld et al. 2024, OLMo, arXiv:2402.00838, table 6; tokens of the checkpoint that was evaluated
    "OLMo 7B": (6.9e9, 2.46e12, "A100 SXM4 40 GB", 104),
}


@pytest.mark.parametrize("name", MEASURED)
def test_u4_the_interval_of_an_estimate_holds_what_was_measured(name: str) -> None:
    """90 % of the draws hold the energy, and they are no wider than a factor of 12 (0.17 to 0.50 of the peak rate,
    0.14 to 0.97 of the rated power).
    """
    parameters, tokens, device, megawatt_hours = MEASURED[name]
    run = lca.Training.from_flops(
        name, parameters=parameters, tokens=lca.quantity(tokens, "token"), accelerator=device, devices=512
    )
    draws = lca.monte_carlo(run.energy, draws=20_000, progress=False).data["value"]
    low, median, high = (float(draws.quantile(u)) / 1e3 for u in (0.05, 0.5, 0.95))
    assert low < megawatt_hours < high
    assert high / low < 12
    assert 0.5 < megawatt_hours / median < 2

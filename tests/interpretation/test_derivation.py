"""How long a derivation is, and what it says of a path that does not lead all the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_study import BEST, grid, jetson, part, robots, study

import lca
from lca.errors import DomainError, LabelError

ENGINE = lca.Inference("engine", "0.4 J at_board", per="inference", baseline="marginal")


def fleet_study() -> lca.Study:
    delivered = lca.labelled(dict.fromkeys(range(2024, 2029), 10), "device", dim="year")
    plan = lca.Fleet("plan", delivered, life="5 year", shape=2)
    site = lca.Site("field", electricity=grid(), supply_efficiency=0.8, pue=1.0)
    return part(robots(ENGINE, jetson(), site, devices=None, fleet=plan, start=2024, allocation="devices_made"))


# --- length -------------------------------------------------------------------------------------------------


def test_a_long_derivation_stops_and_says_how_to_go_on() -> None:
    made = fleet_study()
    whole = lca.derivation(made, "manufacturing", steps=None)
    steps = [line for line in whole.splitlines() if not line.startswith(" ")]
    assert len(steps) > 60
    first = lca.derivation(made, "manufacturing").splitlines()
    assert len([line for line in first if not line.startswith(" ")]) == 41
    assert first[-1] == f"... and {len(steps) - 40} further steps: derivation(..., steps=None) shows them all"
    assert whole.startswith("\n".join(first[:-1]))
    last_but_one = lca.derivation(made, "manufacturing", steps=len(steps) - 1)
    assert last_but_one.endswith("... and 1 further step: derivation(..., steps=None) shows them all")
    assert lca.derivation(made, "manufacturing", steps=len(steps)) == whole


@pytest.mark.parametrize("steps", [0, -1, 2.5, "all", True])
def test_steps_are_a_number_of_steps(steps: Any) -> None:
    with pytest.raises(DomainError, match=r"steps(.|\n)*(from 1 up, or None|whole number)"):
        lca.derivation(study(), f"total[engine={BEST}]", steps=steps)


def test_the_share_that_survives_reads_as_its_law() -> None:
    """exp(-(a / L)^k), as method.md has it, also where the exponent is a parameter."""
    text = lca.derivation(fleet_study(), "manufacturing", steps=None)
    assert (
        "plan: share that reaches 0.5 years [a pure number] = exp(-(0.5 year / plan: characteristic life)^2)\n"
        "    = exp(-(0.5 year / 5.642 year)^2)\n"
    ) in text
    age, shape = lca.parameter("age", 3.0), lca.parameter("shape", 1.5)
    ways = {"constant": lca.formulas.survival(age, 4.0, 1.5), "parameter": lca.formulas.survival(age, 4.0, shape)}
    values = lca.nominal(ways).data
    for way in ways:
        assert float(values[way]) == pytest.approx(float(np.exp(-(0.75**1.5))), rel=1e-14)


# --- parts of what is summed --------------------------------------------------------------------------------


def test_d2_a_label_of_what_is_summed_names_the_details_that_have_it() -> None:
    """D2: a stage has no year any more; its details do, and the path that is offered works."""
    best = study().sel(engine=BEST)
    for path, offered in (
        ("use[year=2024]", "use/robots[year=2024]"),
        ("training[model=resnet18]", "training/superpoint-backbones[model=resnet18]"),
        ("total[year=2024]", "use/robots[year=2024]"),
    ):
        with pytest.raises(LabelError, match=r"is a sum over (year|model)\n") as raised:
            lca.derivation(best, path)
        assert raised.value.where == path
        assert raised.value.fix.startswith(f"one part: {offered}")
        assert offered[offered.index("[") : -1] in lca.derivation(best, offered).splitlines()[0]
    with pytest.raises(LabelError, match=r"no dim 'colour'(.|\n)*its dims: none"):
        lca.derivation(best, "use[colour=red]")


@pytest.mark.parametrize(
    ("value", "shown"), [("12345.6 W", "12,346 W"), ("12345 W", "12,345 W"), ("999.5 W", "999.5 W"), ("7 W", "7 W")]
)
def test_a11_whole_numbers_are_written_out_and_others_to_four_digits(value: str, shown: str) -> None:
    assert shown in lca.derivation({"double": (lca.parameter("p", f"{value} at_wall") * 1).named("double")}, "double")


@pytest.mark.parametrize(
    ("given", "shown"),
    [("3599 s", "3,599 s"), ("3600 s", "1 h"), ("7200 s", "2 h"), ("0.05 year", "438.3 h"), ("0.1 year", "0.1 year"),
     ("9999 kg CO2e", "9,999 kg CO2e"), ("10000 kg CO2e", "10,000 kg CO2e"), ("250000 kg CO2e", "250,000 kg CO2e")],
)  # fmt: skip
def test_a11_long_times_are_told_in_hours_or_years_and_whole_numbers_in_full(given: str, shown: str) -> None:
    made = (lca.parameter("one.value", given) * lca.parameter("one.count", 1)).named("made")
    assert f"    = {shown}\n" in str(lca.derivation({"made": made}, "made"))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([1, 2, 3, 4, 5, 6], "[1, 2, 3, 4, 5, 6] W x 2\n    = [2, 4, 6, 8, 10, 12] W"),
        ([1, 2, 3, 4, 5, 6, 7], "[1, 2, 3, 4, 5, 6, ...] W x 2\n    = [2, 4, 6, 8, 10, 12, ...] W"),
        ([5, 5, 5], "[5 each] W x 2\n    = [10 each] W"),
    ],
)
def test_a_derivation_over_labels_shows_six_values_or_the_one_of_each(values: list[float], shown: str) -> None:
    given = lca.parameter("gpu.power", lca.labelled({f"l{i}": v for i, v in enumerate(values)}, "W", dim="k"))
    made = (given * lca.parameter("gpu.count", 2)).named("made")
    assert f"    = {shown}\n" in lca.derivation({"made": made}, "made")

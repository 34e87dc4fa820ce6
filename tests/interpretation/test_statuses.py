"""On which statuses a result rests, and what a study of nothing emitted says (A10, A7)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_study import BEST, result, study

import lca
from lca.errors import DomainError, MissingError
from lca.interpretation.explain import rests_on
from lca.inventory.stages import STAGES


def stated() -> lca.Study:
    """20 kWh measured at a place known from a table, and 60 kWh assumed."""
    table = {"status": "dataset", "source": "a table"}
    power = lca.Electricity(intensity="0.5 kg CO2e/kWh", at="facility", region="here", year=2024, **table)
    site = lca.Site("desk", electricity=power, pue=1.0, **table)
    outside = ("manufacturing", "distribution", "use", "end_of_life")
    return lca.Study(
        "statuses",
        lca.Training("known", energy="20 kWh", at="wall", site=site, status="measured"),
        lca.Development("guessed", energy="60 kWh", at="wall", site=site, status="assumed"),
        functional_unit=lca.FunctionalUnit("one model", count="1 device"),
        excluded={stage: lca.outside_goal("only the energy is asked for") for stage in outside},
    )


def test_a10_a_result_rests_on_its_weakest_value() -> None:
    """A10: measured energy at an intensity from a table rests on the table; 60 of 80 kWh are assumed."""
    made = stated()
    shares = lca.status_shares(made)["share"]
    assert shares.to_dict() == pytest.approx({"dataset": 0.25, "assumed": 0.75}, rel=1e-12)
    assert rests_on(made.model, "training/known") == "dataset"
    assert rests_on(made.model, "total") == "assumed"


@pytest.mark.parametrize("make", [stated, study, lambda: study().sel(engine=BEST), lambda: result().model])
def test_a7_shares_by_status_sum_to_one(make: Any) -> None:
    """A7, D2: over ten engines for each of them, since rivals are never pooled."""
    shares = lca.status_shares(make())["share"]
    rivals = shares.index.names[:-1]
    sums = shares.groupby(level=rivals).sum().tolist() if rivals else [shares.sum()]
    assert sums == pytest.approx([1.0] * (10 if rivals else 1), rel=1e-12)


def test_a10_a_status_is_one_of_the_known_words() -> None:
    """A10: also on a meter and on a reading, where it first counts when shares by status are asked for."""
    meter = lca.Meter("plug", at="wall")
    for attempt in (
        lambda: lca.Meter("plug", at="wall", status="exact"),
        lambda: meter.read(5, "kWh", status="exact"),
        lambda: lca.parameter("x", 1.0, status="exact"),
    ):
        with pytest.raises(DomainError, match=r"no status 'exact'(.|\n)*one of measured, declared"):
            attempt()


def test_shares_by_status_are_of_a_study() -> None:
    with pytest.raises(MissingError, match="shares by status needs the result of a study"):
        lca.status_shares(lca.parameter("x", 1.0))


def nothing_emitted() -> lca.Study:
    clean = lca.Electricity(intensity="0 kg CO2e/(kWh at_facility)", region="here", year=2023)
    run = lca.Training("run", energy="1 kWh at_wall", site=lca.Site("desk", electricity=clean, pue=1.0))
    beside = {stage: lca.outside_goal("no part of it") for stage in STAGES if stage != "training"}
    return lca.Study("nothing", run, functional_unit=lca.FunctionalUnit("one run", count=1), excluded=beside)


def test_a_study_of_nothing_emitted_prints_and_has_no_shares() -> None:
    made = nothing_emitted()
    assert "n/a" in str(made)
    assert "nan" not in str(made)
    assert lca.status_shares(made).empty
    assert np.isnan(lca.provenance(made).loc["run.energy", "effect"])


def test_the_effect_is_the_largest_over_the_alternatives_that_emit_something() -> None:
    energy = lca.parameter("energy", lca.quantity(2.0, "kWh at_facility"))
    made = energy * lca.parameter(
        "intensity", lca.labelled({"none": 0.0, "some": 1.0}, "kg CO2e/(kWh at_facility)", dim="grid")
    )
    assert lca.provenance({"total": made}).loc["energy", "effect"] == pytest.approx(1)

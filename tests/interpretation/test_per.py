"""What a result is told per: what is counted and not its unit, the same in every answer, and never 0 (A12, Q6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from example_study import BEST, part, study, training, workstation

import lca
from lca.errors import MissingError, NonFiniteError
from lca.units.number_text import significant


def thousand(**changes: Any) -> lca.Study:
    """The study with 1,000 frames as its functional unit, counted in inferences like the frames themselves."""
    use = study().activities[-1]
    unit = lca.FunctionalUnit("1,000 frames", count=use.inferences / 1000)
    return study().replaced(functional_unit=unit).sel(engine=BEST).replace(changes)


def drawn(thing: lca.Study, draws: int = 200) -> lca.Result:
    return lca.monte_carlo(thing, draws=draws, progress=False)


def test_a12_a_functional_unit_of_1000_is_no_inference() -> None:
    """A12: per inference is a thousandth of per functional unit, and each says which it is."""
    result = drawn(thousand())
    each, unit = (lca.summary(result, per=per) for per in ("inference", "functional_unit"))
    for column in ("nominal", "mean", "p50"):
        assert unit.loc["total", column] == pytest.approx(1000 * each.loc["total", column], rel=1e-12)
    plain = lca.summary(drawn(study().sel(engine=BEST)), per="inference")
    assert each.drop(columns="unit").equals(plain.drop(columns="unit"))
    assert set(each["unit"]) == {"kg CO2e/inference"}
    assert set(unit["unit"]) == {"kg CO2e/functional unit"}
    assert unit.attrs["note"].endswith(" One functional unit: 1,000 frames.")
    same = lca.summary(result, per="functional_unit", unit="mg CO2e/functional unit")
    assert same.loc["total", "mean"] == pytest.approx(1e6 * unit.loc["total", "mean"], rel=1e-12)
    note = lca.compare(drawn(study()), over="engine", per="functional_unit").attrs["note"]
    assert " One functional unit: one 120x392 frame through SuperPoint" in note


@pytest.mark.parametrize("per", ["inference", "functional_unit", "device", "year", "device_year"])
def test_a12_a_sensitivity_divides_by_what_a_summary_divides_by(per: str) -> None:
    """A12: the nominal value and the unit of a tornado are those of the summary."""
    table, swings = lca.summary(lca.nominal(thousand()), per=per), lca.tornado(thousand(), per=per)
    assert swings.attrs["nominal"] == pytest.approx(table.loc["total", "nominal"], rel=1e-9)
    assert set(swings["unit"]) == {table.loc["total", "unit"]}
    inside = swings.loc["robots.load"]
    assert min(inside["low"], inside["high"]) < swings.attrs["nominal"] < max(inside["low"], inside["high"])


def test_a12_reports_and_break_evens_name_no_inference_for_1000(tmp_path: Path) -> None:
    result = drawn(thousand())
    text = lca.report(result, tmp_path, base=16).with_suffix(".md").read_text()
    each = significant(float(result.data["functional_unit"].median()))
    assert "CO2e/functional unit" in text
    assert "CO2e/inference" not in text
    assert f"1,000 frames; times in the whole study: {each} (median)" in text
    assert f"the assumed volume: {each} functional units (median)" in text
    other = thousand(**{"robots.idle_power": "3 W at_board", "pittsburgh-desk.pue": 2.0})
    found = lca.breakeven(thousand(), other, vary="robots.idle", between=("0 h/day", "8 h/day"), draws=3)
    assert found.count_unit == "functional units"


def test_a12_without_one_deployment_nothing_is_known_per_inference() -> None:
    """A12: a number with the unit of a count proves nothing of what it counts."""
    run = training(workstation(), study().activities[1].site)
    unit = lca.FunctionalUnit("1,000 frames", count="5 inference")
    result = lca.nominal(part(run, parts=("model",), functional_unit=unit))
    for ask in (lambda: lca.summary(result, per="inference"), lambda: lca.tornado(result.study, per="inference")):
        with pytest.raises(MissingError, match=r"nothing is known per 'inference'(.|\n)*one of total, functional_unit"):
            ask()
    total = lca.summary(result).loc["total", "nominal"]
    assert lca.summary(result, per="functional_unit").loc["total", "nominal"] == pytest.approx(total / 5)


# --- none of it ---------------------------------------------------------------------------------------------


def test_q6_a_load_of_nothing_in_some_draws_is_said() -> None:
    """Q6: the share of draws, the two ways out, and no table with an infinite or a blank cell."""
    load = lca.Empirical([0.0, 5.0, 5.0, 10.0], "inference/s")
    made = study().replaced(functional_unit=lca.FunctionalUnit("the fleet", count="100 device"))
    result = drawn(made.sel(engine=BEST).replace({"robots.load": load}))
    none = int((result.data["per/inference"] == 0).sum())
    assert 20 < none < 80
    message = rf"divided by the number of inference, which is 0 in some of 200 draws(.|\n)*0 in {none}(.|\n)*total"
    for ask in (lca.summary, lca.plot.stages):
        with pytest.raises(NonFiniteError, match=message):
            ask(result, per="inference")
    assert lca.summary(result, per="device").notna().all(axis=None)


def test_q6_a_label_without_any_is_named() -> None:
    """Q6, D2: one scenario renders nothing; the others are not to blame."""
    made = study().replaced(functional_unit=lca.FunctionalUnit("the fleet", count="100 device")).sel(engine=BEST)
    varied = made.vary("plan", {"robots.load": {"stored": "0 inference/s", "used": "5 inference/s"}})
    for result, often in ((drawn(varied, 50), "in some of 50 draws"), (lca.nominal(varied), "at nominal values")):
        with pytest.raises(NonFiniteError, match=rf"{often}(.|\n)*found: plan=stored: 0 in") as raised:
            lca.summary(result, per="inference")
        assert "used" not in str(raised.value)


def test_u12_statistics_per_one_thing_serve_its_other_name() -> None:
    """U12: a functional unit of one frame is one inference, and an image is one (Q2); ten frames are not."""
    count, mass = lca.parameter("n", lca.Uniform("2 inference", "4 inference")), lca.parameter("m", lca.Normal(9, 1))
    engines = lca.parameter("kind", lca.labelled({"a": 1, "b": 2}, "kg CO2e", dim="engine"))
    nodes = {"total": mass * engines, "functional_unit": count, "per/inference": count}
    made = lca.monte_carlo(nodes, draws=40_000, keep="summary", progress=False)
    one = lca.compare(made, over="engine", per="functional_unit")
    for per in ("inference", "image"):
        other = lca.compare(made, over="engine", per=per)
        assert other.drop(columns="unit").equals(one.drop(columns="unit"))
        assert "best" not in other.attrs["note"].partition("From")[2]
    ten = lca.monte_carlo({**nodes, "functional_unit": count / 10}, draws=40_000, keep="summary", progress=False)
    with pytest.raises(MissingError, match="no statistics"):
        lca.compare(ten, over="engine", per="inference")

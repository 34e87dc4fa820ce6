"""Rival alternatives are never pooled: one row for each label, in every table and in every repr (D2, Q6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import BEST, JOULES, part, result, study

import lca
from lca.interpretation.table import significant

TAGS: dict[str, Any] = {
    "at": "facility",
    "gwp_set": "AR6",
    "basis": "direct",
    "mix": "production",
    "averaging": "average",
}


def bought() -> lca.Study:
    """Two runs to choose from, with electricity as it was bought beside that of the place."""
    power = lca.Electricity(intensity="0.5 kg CO2e/kWh", accounting="location-based", **TAGS)
    named = {"name": "wind", "key": "wind", "accounting": "market-based", "instrument": "contract"}
    wind = lca.Electricity(intensity=lca.Uniform("0.1 kg CO2e/kWh", "0.2 kg CO2e/kWh"), **named, **TAGS)
    desk = lca.Site("desk", electricity=power, pue=1.0, market_electricity=wind)
    run = lca.Training("run", energy="1000 kWh", at="wall", site=desk)
    excluded = {"use": lca.below_cut_off("1 kg CO2e", source="a guess")}
    return part(run, excluded=excluded).vary("plan", {"run.energy": {"small": "1000 kWh", "large": "4000 kWh"}})


def drawn(thing: Any, draws: int = 100) -> lca.Result:
    return lca.monte_carlo(thing, draws=draws, progress=False)


def test_d2_nominal_values_of_rivals_are_no_interval() -> None:
    """D2: ten engines at nominal values are ten numbers, and no draws of one."""
    made = lca.nominal(study())
    lines = repr(made).splitlines()
    assert lines[0] == "<result of 'SuperPoint on 100 Jetsons': nominal values; total"
    assert len(lines) == 1 + len(JOULES)
    for line, label in zip(lines[1:], JOULES, strict=True):
        value = float(made.data["total"].sel(engine=label))
        assert line.rstrip(">") == f"  engine={label}: {significant(value)} kg CO2e (nominal)"
    assert " to " not in repr(made)
    assert repr(lca.nominal(study().sel(engine=BEST))).count("\n") == 0


def test_d2_a_result_prints_one_interval_for_each_rival() -> None:
    for line, label in zip(repr(result()).splitlines()[1:], JOULES, strict=True):
        ends = np.quantile(result().data["total"].sel(engine=label), [0.05, 0.5, 0.95])
        low, middle, high = (significant(float(end)) for end in ends)
        assert line.rstrip(">") == f"  engine={label}: {middle} kg CO2e (median; 5 to 95 %: {low} to {high})"
    many = study().vary("years", {"robots.period": {n: f"{n} year" for n in (3, 5)}})
    lines = repr(lca.nominal(many)).splitlines()
    assert len(lines) == 14
    assert lines[-1] == "  ... 20 in all: lca.summary(result)>"


def test_q2_a_total_of_energy_is_printed_in_its_unit() -> None:
    assert repr(lca.nominal({"total": lca.parameter("x", "3 kWh at_wall")})).endswith(
        "total 3.00 kWh at the wall (nominal)>"
    )


def test_d2_a_result_run_again_has_a_row_for_each_rival(tmp_path: Path) -> None:
    """D2: means of each label, saved and new, of stages, details and the total."""
    for made in (drawn(bought()), lca.nominal(bought())):
        made, table = lca.rerun(lca.save(made, tmp_path / "r.lca"))
        assert table["identical"].all()
        for label in ("small", "large"):
            row = table.loc[f"total[plan={label}]"]
            mean = float(made.data["total"].sel(plan=label).mean())
            assert (row["saved"], row["new"], row["relative"]) == (mean, mean, 0)
        assert "total" not in table.index
        assert "functional_unit" in table.index, "what does not vary has one row"


def test_d2_shares_by_status_are_those_of_each_rival() -> None:
    """D2, A10: one plan rests on a measured energy, the other on an assumed one."""
    site = study().activities[1].site
    runs = {
        status: part(lca.Training("run", energy=energy, at="wall", site=site, status=status))
        for status, energy in (("measured", "10 kWh"), ("assumed", "20 kWh"))
    }
    shares = lca.status_shares(lca.alternatives("plan", runs))
    assert shares["share"].to_dict() == pytest.approx({("measured", "declared"): 1.0, ("assumed", "assumed"): 1.0})
    for label, one in runs.items():
        assert lca.status_shares(one)["share"].tolist() == shares.xs(label, level="plan")["share"].tolist()


def test_d2_what_stands_beside_a_table_is_of_one_rival() -> None:
    """D2, A9: the market-based mean of two plans is the mean of neither."""
    for made in (drawn(bought()), lca.nominal(bought())):
        note = lca.summary(made).attrs["note"]
        assert note.endswith(" Market-based totals beside these: summary(of='market_based').")
        assert len(lca.summary(made, of="market_based")) == 4
    one = lca.summary(lca.nominal(bought().sel(plan="small"))).attrs["note"]
    assert "Market-based total: 150 kg CO2e (nominal), see" in one
    assert "market-based: 150 to 600 kg CO2e in total, from the lowest alternative to the highest" in str(bought())


def test_d2_a_report_bounds_what_is_excluded_for_each_rival(tmp_path: Path) -> None:
    """D2, A6: 1 kg is 0.2 % of 500 kg and 0.05 % of 2,000 kg; of their mean it would be 0.08 %."""
    text = (
        lca.report(drawn(bought()), tmp_path, base=16).with_suffix(".md").read_text().replace("\N{NO-BREAK SPACE}", " ")
    )
    assert "1 kg CO2e, 0.050 % to 0.20 % of the mean total" in text
    assert "0.080 %" not in text


def test_d2_the_effect_of_a_value_says_over_what_it_is_the_largest() -> None:
    assert lca.provenance(bought()).attrs["note"] == "effect: the largest over all labels of the result"
    assert "note" not in lca.provenance(bought().sel(plan="small")).attrs

"""What a report shows of alternatives that have a score (A12)."""

from __future__ import annotations

import re
from pathlib import Path

from example_study import grid, home_site
from report_pages import plain

import lca


def test_a12_a_score_stands_beside_each_alternative(tmp_path: Path) -> None:
    """A12: the comparison shows the score of each, how likely each is on the front, and a figure of both."""
    found = lca.Score("repeatability", lca.labelled({"a": 0.6, "b": 0.55}, dim="run"), better="higher", source="a log")
    mass = lca.labelled({"a": lca.Normal(4, 0.1), "b": lca.Normal(5, 0.1)}, "kWh", dim="run")
    run = lca.Training("run", energy=mass, at="wall", site=home_site(grid()))
    unit = lca.FunctionalUnit("one run", count="1 device", quality=found)
    excluded = lca.operation_only("the machines exist")
    thing = lca.Study("two", run, functional_unit=unit, alternatives=("run",), excluded=excluded)
    result = lca.monte_carlo(thing, draws=200, progress=False)
    text = plain(lca.report(result, tmp_path))
    assert "Its quality repeatability (higher is better)" in text
    assert "Score: repeatability (higher is better)." in text
    assert "Impact and score over run" in text
    assert re.search(r"\bb .*? kg CO2e 0\.550 0\.550 0\.550 1 0 a 100", text)
    assert (tmp_path / "front.svg").exists()
    assert "![Impact and score](front.svg)" in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "score/repeatability" in lca.load(tmp_path / "result.lca").data
    again = lca.pareto(lca.load(tmp_path / "result.lca"), over="run")
    assert again["front"].to_dict() == {"a": 1.0, "b": 0.0}

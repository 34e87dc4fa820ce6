"""What a summary of many alternatives keeps (U12)."""

from __future__ import annotations

import pytest

import lca
from lca.errors import MissingError


def test_u12_more_than_100_alternatives_have_ratios_where_they_are_asked_for() -> None:
    """U12: what was not kept raises with the line that keeps it."""
    labels = {f"plan {i}": lca.Uniform(i + 1, i + 2) for i in range(101)}
    nodes = {
        "total": lca.parameter("mass", lca.labelled(labels, "kg CO2e", dim="plan")),
        "functional_unit": lca.parameter("count", lca.Lognormal("10 inference", gsd=1.2)),
    }
    silent = lca.monte_carlo(nodes, draws=2_000, keep="summary", progress=False)
    with pytest.raises(MissingError, match=r"per=\('functional_unit',\)"):
        lca.compare(silent, over="plan", per="functional_unit")
    asked = lca.monte_carlo(nodes, draws=2_000, keep="summary", per=["functional_unit"], progress=False)
    drawn = lca.monte_carlo(nodes, draws=2_000, keep="draws", progress=False)
    one, other = (lca.compare(made, over="plan", per="functional_unit") for made in (drawn, asked))
    for name in ("mean", "p50"):
        assert other[name].to_numpy() == pytest.approx(one[name].to_numpy(), rel=0.01), name

"""Results in a unit of the reader's choice (Q1)."""

from __future__ import annotations

import numpy as np
import pytest
from example_study import BEST, study

import lca
from lca.errors import MissingError, UnitError


def test_q1_a_variable_of_a_result_in_another_unit() -> None:
    """By hand: 1 kg is 1,000 g and 1 kWh is 3.6 MJ; the result itself stays as it was."""
    result = lca.nominal(study().sel(engine=BEST))
    grams, total = result.to("g CO2e"), result.data["total"]
    assert grams.item() == pytest.approx(1000 * total.item(), rel=1e-12)
    assert (grams.attrs["unit"], total.attrs["unit"]) == ("g CO2e", "kg CO2e")
    assert result.to("t CO2e", of="use").item() == pytest.approx(result.data["use"].item() / 1000, rel=1e-12)
    energy = result.to("MJ at the facility", of="energy/robots")
    np.testing.assert_allclose(energy, 3.6 * result.data["energy/robots"], rtol=1e-12)
    assert energy.dims == result.data["energy/robots"].dims


def test_q1_draws_and_labels_stay() -> None:
    node = lca.parameter("power", lca.labelled({"a": lca.Uniform(1, 2), "b": 3.0}, "kW at_wall", dim="model"))
    result = lca.monte_carlo(node, draws=50, progress=False)
    watts = result.to("W at the wall")
    np.testing.assert_allclose(watts, 1000 * result.to("kW at the wall"), rtol=1e-12)
    assert watts.dims == ("model", "draw")
    assert watts.sel(model="b").values.tolist() == [3000] * 50
    assert lca.nominal(lca.parameter("share", 0.25)).to("%").item() == 25


def test_q1_a_unit_of_another_kind_or_an_unknown_variable_raises() -> None:
    result = lca.nominal(study().sel(engine=BEST))
    with pytest.raises(UnitError, match="total(.|\n)*kg CO2e(.|\n)*write the gas behind the mass"):
        result.to("g")
    with pytest.raises(UnitError, match="energy/robots(.|\n)*at the facility"):
        result.to("kWh", of="energy/robots")
    with pytest.raises(MissingError, match="did you mean 'use'"):
        result.to("g CO2e", of="usee")


def test_a_footprint_in_grams() -> None:
    """1.5 kW for 79 h at 0.4 kg/kWh are 47.4 kg, and in grams each column of the mass is 1,000 times as large."""
    desk = lca.Site(
        "desk",
        pue=1.0,
        electricity=lca.Electricity("grid", intensity=lca.Uniform("0.3 kg CO2e/kWh", "0.5 kg CO2e/kWh"), at="facility"),
    )
    run = lca.Training("BERT", power="1.5 kW", duration="79 h", at="wall")
    plain, grams = lca.footprint(run, site=desk, draws=500), lca.footprint(run, site=desk, draws=500, unit="g CO2e")
    assert plain["nominal"].item() == pytest.approx(47.4, rel=1e-12)
    columns = ["nominal", "p5", "p50", "p95"]
    np.testing.assert_allclose(grams[columns], 1000 * plain[columns], rtol=1e-12)
    assert (plain["unit"].item(), grams["unit"].item()) == ("kg CO2e", "g CO2e")
    assert grams["energy"].item() == plain["energy"].item()
    with pytest.raises(UnitError, match="different gases"):
        lca.footprint(run, site=desk, unit="kg CO2")

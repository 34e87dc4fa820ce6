"""`sel` of a result and of a study: draws, model and nominal values of the labels that stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from example_study import BEST, JOULES, result, study

import lca
from lca.errors import LabelError

TWO = list(JOULES)[3:1:-1]


def test_a_result_at_a_label_is_the_result_of_the_study_at_it() -> None:
    one = result().sel(engine=BEST)
    whole = lca.monte_carlo(study().sel(engine=BEST), draws=result().draws, progress=False)
    for name in whole.data:
        np.testing.assert_array_equal(one.data[name], whole.data[name])
    assert one.study is not None
    assert one.study.alternatives == ()
    assert lca.summary(one).equals(lca.summary(whole))  # the nominal column, too
    assert one.model.title == whole.model.title


def test_several_labels_keep_the_dim_in_the_order_asked_and_every_draw() -> None:
    fewer = study().sel(engine=TWO)
    assert fewer.alternatives == ("engine",)
    drawn = lca.monte_carlo(fewer, draws=result().draws, progress=False)
    for made in (drawn, result().sel(engine=TWO)):
        assert made.data["engine"].values.tolist() == TWO
        np.testing.assert_array_equal(made.data["total"], result().data["total"].sel(engine=TWO))
        assert lca.summary(made).index.unique("engine").tolist() == TWO
    assert fewer.sel(engine=TWO[0]).alternatives == ()
    assert f"engine={TWO[0]} or {TWO[1]}" in fewer.model.title


def test_several_scenarios_of_a_record_are_kept(tmp_path: Path) -> None:
    """Scenarios that are studies of their own, and values side by side."""
    grids = {name: lca.Electricity.lookup(name, 2019, basis="direct") for name in ("US-CAMX", "US-RFCW", "US-NEWE")}
    many = study().sel(engine=BEST).vary("grid", {"robots.electricity": grids})
    many = many.vary("years", {"robots.period": {n: f"{n} year" for n in (3, 5, 8)}})
    drawn = lca.monte_carlo(many, draws=50, progress=False)
    fewer = many.sel(grid=["US-NEWE", "US-CAMX"], years=[8])
    assert fewer.alternatives == many.alternatives
    again = lca.monte_carlo(fewer, draws=50, progress=False).data["total"].transpose("grid", "years", "draw")
    asked = drawn.data["total"].sel(grid=["US-NEWE", "US-CAMX"], years=[8]).transpose("grid", "years", "draw")
    np.testing.assert_allclose(again, asked, rtol=1e-12)
    saved = lca.load(lca.save(drawn, tmp_path / "r.lca")).sel(grid="US-CAMX", years=[3, 5])
    np.testing.assert_array_equal(
        saved.at_nominal.data["total"], lca.nominal(many).data["total"].sel(grid="US-CAMX", years=[3, 5])
    )


def test_labels_and_dims_that_are_not_there_raise_with_near_ones() -> None:
    for thing in (study(), result()):
        with pytest.raises(LabelError, match="engine"):
            thing.sel(engine=[BEST, BEST[:-1]])
        with pytest.raises(LabelError, match="alternatives: engine"):
            thing.sel(motor="a")
        with pytest.raises(LabelError, match="given twice|twice"):
            thing.sel(engine=[BEST, BEST])
        with pytest.raises(LabelError, match="labels"):
            thing.sel(engine=[])
        with pytest.raises(LabelError, match="alternatives: engine"):
            thing.sel(model="resnet18")


def test_the_coordinates_of_labels_follow_them() -> None:
    names = ["a_2_FP16", "a_1_FP16", "a_2_FP32"]
    joules = lca.labelled({name: n + 1.0 for n, name in enumerate(names)}, "J at_board", dim="engine")
    made = lca.Inference.engines(
        "e", joules, names="<net>_<batch:int>_<precision>", per="inference", baseline="marginal"
    )
    drawn = lca.nominal({"energy": made.energy})
    assert drawn.sel(engine=names[2:0:-1]).model.outputs["energy"].dims[0].coordinates["batch"] == (2, 1)

"""Results on disk: what is loaded is what was saved, what runs again gives the same bits (U6, U7)."""

from __future__ import annotations

import datetime
import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import packing
import pandas
import pytest
from example_study import BEST, engines, grid, rail_meter, result, study

import lca
from lca.errors import FileFormatError, LcaError

F = lca.functions


def drawn(thing: Any, draws: int = 300, **rest: Any) -> lca.Result:
    return lca.monte_carlo(thing, draws=draws, progress=False, **rest)


def round_trip(made: lca.Result, folder: Path) -> lca.Result:
    """Saved, loaded and run again: the same bits, labels, units and recipe each time."""
    path = lca.save(made, folder / "result.lca")
    loaded = lca.load(path)
    assert loaded.data.identical(made.data)
    for name in made.data:
        assert loaded.data[name].to_numpy().tobytes() == made.data[name].to_numpy().tobytes()
    assert (loaded.seed, loaded.draws, loaded.design) == (made.seed, made.draws, made.design)
    assert (loaded.mixed, dict(loaded.versions)) == (made.mixed, dict(made.versions))
    assert loaded.contents == made.contents
    again, table = lca.rerun(path)
    assert table["identical"].all()
    assert (table["relative"] == 0).all()
    assert table.attrs["note"] == "all versions are those of the saved result"
    assert again.data.identical(made.data)
    return loaded


# --- what comes back ----------------------------------------------------------------------------------------


def test_u7_the_study_comes_back_bit_for_bit(tmp_path: Path) -> None:
    """U7, D3: draws, coordinates of the engines, and every answer that is asked of the loaded result."""
    loaded = round_trip(result(), tmp_path)
    assert loaded.data["backbone"].sel(engine=BEST).item() == "sp_resnet18"
    assert loaded.data["batch"].dtype.kind == "i"
    for ask in (
        lca.summary,
        lambda r: lca.summary(r, per="inference", unit="mg CO2e"),
        lambda r: lca.compare(r, over="engine"),
        lambda r: lca.provenance(r.model),
        lambda r: lca.status_shares(r.model),
    ):
        pandas.testing.assert_frame_equal(pandas.DataFrame(ask(loaded)), pandas.DataFrame(ask(result())))
    path = f"total[engine={BEST}]"
    assert lca.derivation(loaded.model, path) == lca.derivation(study(), path)
    assert loaded.model.excluded == result().model.excluded


def test_u8_choices_come_back(tmp_path: Path) -> None:
    """U8, U9: the mixture, its nominal option, and what is held."""
    options = {"low": lca.parameter("low", lca.Uniform("1 kg CO2e", "2 kg CO2e")), "high": "5 kg CO2e"}
    method = lca.choice("method", options, weights=[1, 3], default="low")
    mixed = round_trip(drawn({"total": method}, mix=["method"]), tmp_path)
    assert "mixture over method" in mixed.contents
    held = round_trip(drawn({"total": method}), tmp_path)
    assert "keep their nominal value: method." in held.contents
    assert held.data["total"].max() < 2
    round_trip(lca.nominal({"total": method}), tmp_path)
    assert lca.nominal(lca.load(tmp_path / "result.lca").model).data["total"] == 1.5
    round_trip(
        drawn({"total": lca.choice("dim", {"a": "1 kg CO2e", "b": lca.Normal("2 kg CO2e", "1 kg CO2e")})}), tmp_path
    )


def test_d4_scenarios_and_selections_come_back(tmp_path: Path) -> None:
    """D4: stacks of records, with one key defined twice, and one label selected of them."""
    load = {"few": lca.Triangular("1 inference/s", "2 inference/s", "3 inference/s"), "many": "20 inference/s"}
    varied = study().vary("grid", {"robots.electricity": {p: grid(p) for p in ("US-RFCW", "US-CAMX")}})
    varied = varied.vary("load", {"robots.load": load})
    round_trip(drawn(varied, 50), tmp_path)
    round_trip(drawn(varied.sel(load="few", engine=BEST), 50), tmp_path)
    own = rail_meter().read({BEST: 0.4, "sp_mbv1_2_120_392_FP16_seq_4": 0.5}, "J/inference", dim="engine", u="10 %")
    noisy = study().replace({"robots.inference": engines().replaced(energy=own)})
    round_trip(drawn(noisy.sel(engine=BEST), 50), tmp_path)


def test_d1_labels_of_every_kind_come_back(tmp_path: Path) -> None:
    """D1, D3: dates and whole numbers are labels, and stay what they are."""
    days = [datetime.date(2024, 2, 29), datetime.date(2024, 3, 1)]
    by_day = lca.labelled({day: lca.Normal(5, 1) for day in days}, "kWh at_wall", dim="day")
    by_rack = lca.labelled({3: 1.0, 1: lca.Uniform(1, 2)}, "", dim="rack", shared=True)
    loaded = round_trip(drawn({"energy": lca.parameter("e", by_day) * lca.parameter("f", by_rack)}), tmp_path)
    assert loaded.data["day"].values.tolist() == days
    assert loaded.data["rack"].values.tolist() == [3, 1]
    (dim,) = (dim for dim in loaded.model.outputs["energy"].dims if dim.name == "day")
    assert dim.labels == tuple(days)


FAMILIES = {
    "Normal": lca.Normal(5, 1),
    "Lognormal": lca.Lognormal(5, gsd=1.3),
    "between": lca.Lognormal.between(1, 9),
    "Uniform": lca.Uniform(0.1, 0.7),
    "Triangular": lca.Triangular(0, 1, 4),
    "Pert": lca.Pert(0, 1, 4),
    "Empirical": lca.Empirical([0.1, 1 / 3, 2.5e-17]),
}


def test_u5_every_family_comes_back(tmp_path: Path) -> None:
    """U5: draws and nominal values, to the last bit of 1/3."""
    nodes = {name: lca.parameter(name, value) for name, value in FAMILIES.items()}
    loaded = round_trip(drawn(nodes), tmp_path)
    assert {n: float(a) for n, a in lca.nominal(loaded.model).data.items()} == {
        n: float(a) for n, a in lca.nominal(nodes).data.items()
    }
    fleet = lca.parameter("fleet", lca.Lognormal("2 W at_wall", gsd=2), kind="variability", population=100)
    (output,) = round_trip(drawn(fleet), tmp_path).model.outputs.values()
    assert (output.parameter.kind, output.parameter.population) == ("variability", 100)


def test_every_row_of_the_function_table_comes_back(tmp_path: Path) -> None:
    """Units with broken exponents, tables, functions of one's own, sums, look-ups, running products."""
    x = lca.parameter("x", lca.labelled({"a": lca.Uniform(1, 2), "b": 3.0}, "s", dim="m"))
    pure = x / lca.quantity(1, "s")
    kinds = lca.parameter("kinds", lca.labelled({"a": 1.0, "b": 2.0, "c": 9.0}, "", dim="kind"))
    along = F.take(kinds, "kind", _coordinate(), "of")
    nodes = {
        "root": x ** (1 / 3),
        "reciprocal": 1 / x,
        "where": F.where(pure > 1.5, F.exp(-pure), F.log(pure)),
        "bounded": F.clip(F.maximum(F.minimum(pure, 1.7), 1.2), 1.3, 1.6) - F.ceil(pure),
        "table": F.interpolate(x, [0, 1, 2], [5, 6, 8], x_unit="s", y_unit="kWh at_wall"),
        "own": F.apply(np.sin, pure, unit="g CO2e^0.1234567890123"),
        "sum": F.total(x, "m"),
        "running": F.cumulative_product(pure, "m"),
        "chosen": F.select(x, "m", "b"),
        "taken": along * pure,
        "compared": (x <= lca.quantity(2, "s")) + (x >= lca.quantity(1.5, "s")) + (pure < 1.1),
    }
    loaded = round_trip(drawn(nodes), tmp_path)
    for name, node in nodes.items():
        assert loaded.model.outputs[name].unit == node.unit, name


def _coordinate() -> Any:
    """Three things along a dim, of two kinds."""
    from lca.graph.labels import make_dim

    return make_dim("thing", ["p", "q", "r"], {"of": ["b", "c", "b"]})


def test_names_of_results_are_free(tmp_path: Path) -> None:
    """A name that NumPy's writer uses for itself, and two that differ in their sign only."""
    x = lca.parameter("x", lca.Normal(0, 1))
    loaded = round_trip(drawn({"file": x, "allow_pickle": 2 * x, "a/b": 3 * x, "a|b": 4 * x}), tmp_path)
    assert (loaded.data["a|b"] == 4 * loaded.data["file"]).all()


@pytest.mark.parametrize("rest", [{"seed": 7}, {"draws": 256, "design": "sobol", "seed": 3}, {"details": False}])
def test_u6_the_recipe_holds_seed_design_and_what_was_kept(rest: dict[str, Any], tmp_path: Path) -> None:
    """U6: run again with the same seed and design; details are made again only where they were kept."""
    loaded = round_trip(drawn(study().sel(engine=BEST), **rest), tmp_path)
    assert ("use/robots" in loaded.data) == ("details" not in rest)


def test_a_changed_recipe_shows_old_beside_new(tmp_path: Path) -> None:
    """A recipe of another seed, sealed as its own: other draws, and the table says how far apart the means are."""
    path = lca.save(drawn(study().sel(engine=BEST)), tmp_path / "r.lca")

    def other(recipe: Any) -> None:
        recipe["seed"] = 1
        recipe["versions"] |= {"numpy": "1.0", "stream": "1", "data/electricity": "0.0.9, sha256:0123456789ab"}

    made, table = lca.rerun(packing.changed(path, "recipe.json", other, tmp_path / "other.lca"))
    assert not table.loc[["use", "total"], "identical"].any()
    assert table.loc["per/device", "identical"]
    total = table.loc["total"]
    assert total["new"] == pytest.approx(made.data["total"].mean().item())
    assert total["relative"] == pytest.approx(abs(total["new"] / total["saved"] - 1), rel=1e-6)
    note = table.attrs["note"]
    assert "numpy: 1.0 then" in note
    assert "stream: 1 then, 2 now" in note
    assert re.search(r"data/electricity: 0.0.9, sha256:0123456789ab then, .* now \(4 values from it\)", note)
    moved = table[~table["identical"]]
    most = moved["relative"].idxmax()
    assert f"{len(moved)} of {len(table)} values moved, {most} most, by" in note


def test_a10_statistics_that_are_no_longer_the_same_are_not_identical(tmp_path: Path) -> None:
    """A10: the first draws have the bits of before, and one mean of all draws has not."""
    mass = {
        "total": lca.parameter("m", lca.Normal("9 kg CO2e", "1 kg CO2e")),
        "x": lca.parameter("x", lca.Normal(9, 1)),
    }
    path = lca.save(lca.monte_carlo(mass, draws=40_000, keep="summary", progress=False), tmp_path / "run.lca")
    assert lca.rerun(path)[1]["identical"].all()
    members = packing.unpacked(path)
    stored = json.loads(members["recipe.json"])["statistics"]
    at = stored["arrays"].index(f"{stored['spreads']['total']['at']} mean")
    members[f"statistics/{at}.npy"] = members[f"statistics/{at}.npy"][:-1] + b"\x00"
    bad = packing.packed(tmp_path / "bad.lca", packing.sealed(members))
    assert lca.rerun(bad)[1]["identical"].to_dict() == {"total": False, "x": True}


def test_what_was_changed_in_the_draws_alone_is_run_again(tmp_path: Path) -> None:
    """The recipe makes the draws again, and says that they are others."""
    path = lca.save(drawn(lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))), tmp_path / "x.lca")
    members = packing.unpacked(path)
    bad = packing.packed(tmp_path / "bad.lca", members | {"draws/0.npy": members["draws/0.npy"][:-1] + b"\x01"})
    with pytest.raises(FileFormatError, match=r"draws/0.npy was changed(.|\n)*lca.rerun"):
        lca.load(bad)
    assert lca.rerun(bad)[1]["identical"].all(), "they are those that the manifest names"


def test_folders_are_made_and_paths_may_be_text(tmp_path: Path) -> None:
    path = os.fspath(tmp_path / "a" / "b" / "run.2.lca")
    lca.save(drawn(lca.parameter("x", 1.0), 2), path)
    assert [p.name for p in (tmp_path / "a" / "b").iterdir()] == ["run.2.lca"]
    assert lca.load(path).draws == 2
    with pytest.raises(LcaError):
        lca.load(tmp_path / "a" / "b" / "run.lca")

"""Results on disk: what is loaded is what was saved, what runs again gives the same bits (U6, U7)."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, engines, grid, rail_meter, result, study

import lca
from lca import whole_files
from lca.errors import FileFormatError, LcaError
from lca.interpretation import storage

F = lca.functions


def drawn(thing: Any, draws: int = 300, **rest: Any) -> lca.Result:
    return lca.monte_carlo(thing, draws=draws, progress=False, **rest)


def round_trip(made: lca.Result, folder: Path) -> lca.Result:
    """Saved, loaded and run again: the same bits, labels, units and recipe each time."""
    path = lca.save(made, folder / "result.json")
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
    assert lca.nominal(lca.load(tmp_path / "result.json").model).data["total"] == 1.5
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
    path = lca.save(drawn(study().sel(engine=BEST)), tmp_path / "r.json")
    recipe = json.loads(path.read_text())
    recipe["seed"] = 1
    recipe["versions"] |= {"numpy": "1.0", "stream": "1"}
    path.write_text(json.dumps(storage.sealed(recipe)))
    made, table = lca.rerun(path)
    assert not table.loc[["use", "total"], "identical"].any()
    assert table.loc["per/device", "identical"]
    total = table.loc["total"]
    assert total["new"] == pytest.approx(made.data["total"].mean().item())
    assert total["relative"] == pytest.approx(abs(total["new"] / total["saved"] - 1), rel=1e-6)
    assert "numpy: 1.0 then" in table.attrs["note"]
    assert "stream: 1 then, 2 now" in table.attrs["note"]


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return lca.save(drawn(lca.parameter("x", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))), tmp_path / "x.json")


def test_a_result_is_saved_as_json(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"saved as .json(.|\n)*result.txt"):
        lca.save(result(), tmp_path / "result.txt")
    assert not list(tmp_path.iterdir())


def test_draws_that_were_changed_or_lost_are_named(saved: Path) -> None:
    draws = saved.with_suffix(".npz")
    with np.load(draws) as stored:
        arrays = dict(stored)
    whole = draws.read_bytes()
    (name,) = arrays
    arrays[name][17] += 1e-9
    np.savez_compressed(draws, **arrays)
    with pytest.raises(FileFormatError, match=r"the draws of 'value' were changed(.|\n)*rerun"):
        lca.load(saved)
    np.savez_compressed(draws, other=arrays[name])
    with pytest.raises(FileFormatError, match="cannot be read"):
        lca.load(saved)
    for broken in (whole[: len(whole) // 2], b"", b"no archive", whole[:80] + bytes(40) + whole[120:]):
        draws.write_bytes(broken)
        with pytest.raises(FileFormatError, match=r"x.npz(.|\n)*rerun\(path\) makes them again"):
            lca.load(saved)
    draws.unlink()
    with pytest.raises(FileFormatError, match=r"not beside the recipe(.|\n)*x.npz"):
        lca.load(saved)
    assert lca.rerun(saved)[1]["identical"].all(), "the recipe alone makes the same draws again"


def test_recipes_that_are_none_are_named(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="no such file"):
        lca.load(tmp_path / "nothing.json")
    good = saved.read_text()
    for text, message in (
        (good[:-40], "not a JSON file"),
        ("", "not a JSON file"),
        ("[1, 2]", "not a saved result of format 2"),
        ("{}", "not a saved result of format 2"),
        (good.replace('"format": 2', '"format": 99'), r"format 2(.|\n)*found: format 99"),
        (good.replace('"format": 2', '"format": 1'), r"format 1(.|\n)*run the study again and save it"),
    ):
        saved.write_text(text)
        for read in (lca.load, lca.rerun):
            with pytest.raises(FileFormatError, match=message):
                read(saved)
    saved.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFormatError, match="not a JSON file"):
        lca.load(saved)


DAMAGE = {
    "a family that does not exist": lambda r: _leaf(r)["values"][0].update(family="Normale"),
    "a family that is none": lambda r: _leaf(r)["values"][0].update(family="NormalShape"),
    "an unknown unit": lambda r: _leaf(r).update(unit="furlong"),
    "a value that is text": lambda r: _leaf(r).update(values=["three"]),
    "an output that points nowhere": lambda r: r["model"]["outputs"].update(value=99),
    "no nodes": lambda r: r["model"].pop("nodes"),
    "no seed": lambda r: r.pop("seed"),
    "no variables": lambda r: r.pop("variables"),
}


def _leaf(recipe: Any) -> Any:
    return recipe["model"]["nodes"][0]["parameter"]


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=list(DAMAGE))
def test_a_damaged_recipe_is_named(damage: Any, saved: Path) -> None:
    recipe = json.loads(saved.read_text())
    damage(recipe)
    saved.write_text(
        json.dumps(storage.sealed(recipe) if "nodes" in recipe["model"] and "variables" in recipe else recipe)
    )
    with pytest.raises(FileFormatError, match=r"a damaged recipe(.|\n)*x.json"):
        lca.load(saved)


def test_nothing_is_half_written(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up leaves the old result as it was, whichever of the two files it strikes."""
    before = {path.name: path.read_bytes() for path in saved.parent.iterdir()}
    other = drawn(lca.parameter("y", lca.Normal("4 kWh at_wall", "1 kWh at_wall")))

    def full(file: Any, **_: Any) -> None:
        file.write(b"half of")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage.np, "savez", full)
        with pytest.raises(OSError, match="No space left"):
            lca.save(other, saved)
    assert {path.name: path.read_bytes() for path in saved.parent.iterdir()} == before
    with monkeypatch.context() as patch:
        patch.setattr(whole_files.json, "dumps", lambda *_, **__: "\ud800")  # a text that cannot be encoded
        with pytest.raises(UnicodeEncodeError):
            lca.save(other, saved)
    assert {path.name: path.read_bytes() for path in saved.parent.iterdir()} == before
    lca.save(other, saved)
    assert sorted(path.name for path in saved.parent.iterdir()) == ["x.json", "x.npz"]
    assert lca.load(saved).data.identical(other.data)


def test_folders_are_made_and_paths_may_be_text(tmp_path: Path) -> None:
    path = os.fspath(tmp_path / "a" / "b" / "run.2.json")
    lca.save(drawn(lca.parameter("x", 1.0), 2), path)
    assert sorted(p.name for p in (tmp_path / "a" / "b").iterdir()) == ["run.2.json", "run.2.npz"]
    assert lca.load(path).draws == 2
    with pytest.raises(LcaError):
        lca.load(tmp_path / "a" / "b" / "run.json")


def test_a_summary_of_an_earlier_version_is_made_again_from_its_recipe(tmp_path: Path) -> None:
    """Such a file lists counts in cells; its recipe is whole."""
    node = {"total": lca.parameter("x", lca.Uniform("1 kg CO2e", "2 kg CO2e"))}
    path = lca.save(lca.monte_carlo(node, draws=100, keep="summary", progress=False), tmp_path / "run.json")
    recipe = json.loads(path.read_text())
    recipe["statistics"]["sha256"] = {"statistics 0 inside": "0" * 64}
    path.write_text(json.dumps(storage.sealed(recipe)))
    with pytest.raises(FileFormatError, match=r"earlier version(.|\n)*run.npz(.|\n)*lca.rerun"):
        lca.load(path)
    assert lca.rerun(path)[0].draws == 100

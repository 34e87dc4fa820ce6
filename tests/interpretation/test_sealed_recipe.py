"""One hash covers a whole saved recipe: whatever is changed in it, loading raises and names the part (A10)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_study import BEST, study

import lca
from lca.errors import FileFormatError
from lca.interpretation import storage


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = lca.monte_carlo(study().sel(engine=BEST), draws=20, progress=False)
    return lca.save(one, tmp_path_factory.mktemp("saved") / "r.json")


def parameter(recipe: Any, key: str) -> Any:
    return next(node["parameter"] for node in recipe["model"]["nodes"] if node.get("parameter", {}).get("key") == key)


def swap(recipe: Any) -> None:
    variables = recipe["variables"]
    variables["use"], variables["training"] = variables["training"], variables["use"]


def swap_outputs(recipe: Any) -> None:
    outputs = recipe["model"]["outputs"]
    outputs["use"], outputs["training"] = outputs["training"], outputs["use"]


def reordered(recipe: Any) -> None:
    recipe["variables"] = dict(reversed(recipe["variables"].items()))


CHANGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "kg to t": (lambda r: r["variables"]["total"].update(unit="t CO2e"), "variable total"),
    "an input": (lambda r: parameter(r, "robots.period").update(values=[3.0]), r"node \d+ robots.period"),
    "the unit of an input": (lambda r: parameter(r, "robots.period").update(unit="day"), r"node \d+ robots.period"),
    "a source": (lambda r: parameter(r, "robots.period").update(source="a paper"), r"node \d+ robots.period"),
    "notes": (lambda r: r["model"].update(notes=[]), "model: notes"),
    "the quality": (lambda r: r["model"].update(quality="the best"), "model: quality"),
    "swapped variables": (swap, "variable training(.|\n)*variable use|variable use(.|\n)*variable training"),
    "swapped outputs": (swap_outputs, "model: outputs"),
    "the order of variables": (reordered, "its hashes"),
    "a mean": (lambda r: r["variables"]["total"].update(means=[1.0]), "variable total"),
    "the seed": (lambda r: r.update(seed=1), "found: seed"),
    "the number of draws": (lambda r: r.update(draws=21), "found: draws"),
    "a version": (lambda r: r["versions"].update(numpy="1.0"), "found: versions"),
    "something more": (lambda r: r.update(comment="reviewed"), "found: comment"),
    "one node less": (lambda r: r["model"]["nodes"].pop(), r"model: node \d+"),
    "the hash": (lambda r: r.update(sha256="0" * 64), "its hashes"),
}


@pytest.mark.parametrize("name", list(CHANGES))
def test_a10_a_changed_recipe_raises_and_says_what(name: str, written: Path, tmp_path: Path) -> None:
    """A10: load and rerun alike; the draws are untouched, and the file is JSON of the right form."""
    change, said = CHANGES[name]
    recipe = json.loads(written.read_text())
    change(recipe)
    target = tmp_path / "r.json"
    target.write_text(json.dumps(recipe))
    target.with_suffix(".npz").write_bytes(written.with_suffix(".npz").read_bytes())
    for read in (lca.load, lca.rerun):
        with pytest.raises(FileFormatError, match=rf"the recipe was changed(.|\n)*r.json(.|\n)*({said})(.|\n)*fix"):
            read(target)


def test_a10_another_layout_of_the_same_recipe_is_no_change(written: Path, tmp_path: Path) -> None:
    """Blanks and escapes are no content; numbers keep every bit."""
    target = tmp_path / "r.json"
    target.write_text(json.dumps(json.loads(written.read_text()), indent=7, ensure_ascii=True))
    target.with_suffix(".npz").write_bytes(written.with_suffix(".npz").read_bytes())
    assert lca.load(target).data.identical(lca.load(written).data)


def test_a10_draws_of_another_shape_or_another_variable_are_found(written: Path, tmp_path: Path) -> None:
    """A10: the bytes of an array alone do not say what it is."""
    target = tmp_path / "r.json"
    target.write_bytes(written.read_bytes())
    recipe = json.loads(written.read_text())
    names = {name: recipe["variables"][name]["stored"] for name in ("use", "training", "use/robots")}
    with np.load(written.with_suffix(".npz")) as stored:
        arrays = dict(stored)
    for change in (
        {names["use"]: arrays[names["training"]], names["training"]: arrays[names["use"]]},
        {names["use/robots"]: arrays[names["use/robots"]].reshape(-1, 5).T.reshape(5, -1)[::-1]},
        {names["use"]: arrays[names["use"]].reshape(4, 5)},
        {names["use"]: arrays[names["use"]].view(np.int64)},
    ):
        np.savez_compressed(target.with_suffix(".npz"), **(arrays | change))
        with pytest.raises(FileFormatError, match="the draws of '(use|training|use/robots)' were changed"):
            lca.load(target)


def test_a10_a_file_of_the_first_format_says_what_to_do(written: Path, tmp_path: Path) -> None:
    recipe = json.loads(written.read_text())
    for name in ("sha256", "parts"):
        del recipe[name]
    target = tmp_path / "old.json"
    target.write_text(json.dumps(recipe | {"format": 1}))
    with pytest.raises(FileFormatError, match=r"format 2(.|\n)*found: format 1(.|\n)*run the study again and save it"):
        lca.load(target)
    target.write_text(json.dumps(recipe))
    with pytest.raises(FileFormatError, match="a damaged recipe(.|\n)*KeyError 'parts'"):
        lca.load(target)


def test_a10_a_sealed_recipe_is_its_own_seal(written: Path) -> None:
    recipe = json.loads(written.read_text())
    assert storage.sealed(recipe) == recipe
    assert recipe["format"] == 2
    assert len(recipe["sha256"]) == 64


def test_a10_statistics_that_are_no_longer_the_same_are_not_identical(tmp_path: Path) -> None:
    """A10: the first draws have the bits of before, and one mean of all draws has not."""
    mass = {
        "total": lca.parameter("m", lca.Normal("9 kg CO2e", "1 kg CO2e")),
        "x": lca.parameter("x", lca.Normal(9, 1)),
    }
    path = lca.save(lca.monte_carlo(mass, draws=40_000, keep="summary", progress=False), tmp_path / "run.json")
    recipe = json.loads(path.read_text())
    at = recipe["statistics"]["spreads"]["total"]["at"]
    recipe["statistics"]["sha256"][f"{at} mean"] = "that of another mean"
    path.write_text(json.dumps(storage.sealed(recipe)))
    assert lca.rerun(path)[1]["identical"].to_dict() == {"total": False, "x": True}

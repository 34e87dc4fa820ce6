"""Results on disk: a JSON recipe that can be run again, and the draws beside it (practice: run, compare, pin).

`result.json` holds the whole graph with every parameter, the seed, the design and the versions, and a summary;
`result.npz` holds the draws. One hash covers the whole recipe, the draws by their own hashes: a changed file raises.
Nothing is pickled, and files are replaced whole or not at all. A function of your own (`lca.functions.apply`) is
stored by name, and a hash shows a change but not who made it: read the recipes of people you trust.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..arguments import entry
from ..checks import Array, some
from ..errors import FileFormatError
from ..sampling.by_counts import numba_loads
from ..study.assembly import Model
from ..whole_files import json_digest, read_json, write_json
from .dataset import coordinates_of
from .draws import monte_carlo
from .reached import Reached
from .recipe import Stored, model_in, model_out
from .result import Result, nominal
from .result_data import ResultData
from .spread import StreamedSpread, by_label, label_text
from .stored_statistics import statistics_in, statistics_out
from .streaming import Streamed
from .table import Table

FORMAT = 2
_MOST_SHOWN = 6
_STATED = ("seed", "draws", "design", "mixed", "versions", "asked", "evaluator")
_FIELDS = {*_STATED, "model", "variables", "parts", "sha256"} - {"asked", "evaluator"}  # newer than format 2


@entry
def save(result: Result, path: str | os.PathLike[str]) -> Path:
    """Write a result to disk: a JSON recipe, and its draws beside it as .npz.

    Parameters
    ----------
    result : Result
        The result.
    path : str or path
        The file of the recipe, ending in .json.

    Returns
    -------
    pathlib.Path
        The file of the recipe.

    Raises
    ------
    FileFormatError
        If the path does not end in .json.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/energy.json").name
    'energy.json'
    """
    target = Path(path)
    # names inside the .npz: readable, and never an argument of NumPy's writer
    names = {f"{i}|{name.replace('/', '|')}": name for i, name in enumerate(map(str, result.data.data_vars))}
    arrays: dict[str, Any] = {stored: result.data[name] for stored, name in names.items()}
    recipe = {"format": FORMAT, **{name: getattr(result, name) for name in _STATED}, "model": model_out(result.model)}
    recipe["keep"] = result.keep
    described, kept = statistics_out(result.streamed) if result.streamed is not None else ({}, {})
    if described:
        recipe["statistics"] = described | {"sha256": {name: _digest(one) for name, one in kept.items()}}
    recipe |= {"until": result.reached.plain} if result.reached is not None else {}
    recipe["variables"] = {
        names[stored]: {
            "dims": array.dims,
            "unit": array.attrs["unit"],
            "means": _means(result, str(array.name)),
            "sha256": _digest(array.values),
            "stored": stored,
        }
        for stored, array in arrays.items()
    }
    written = {stored: array.values for stored, array in arrays.items()} | kept
    # draws hardly get smaller: compressing them takes twenty times as long, for a file that is 8 % smaller
    write = np.savez_compressed if kept else np.savez
    return write_json(target, sealed(recipe), {target.with_suffix(".npz"): partial(write, **written)})


def _means(result: Result, name: str) -> list[float]:
    """The mean of a variable at each of its labels: over all draws, where statistics of each label were kept."""
    if (kept := _of_all(result, name)) is not None:
        return [float(one) for one in kept.mean.ravel()]
    array = result.data[name].variable.transpose(..., "draw", missing_dims="ignore")
    return [float(row.mean()) for row in array.values.reshape(-1, array.sizes.get("draw", 1))]


def _of_all(result: Result, name: str) -> StreamedSpread | None:
    """The statistics over all draws of a variable at each of its labels, where they were kept."""
    kept = result.streamed.spreads.get(name) if result.streamed is not None else None
    return kept if kept is not None and {*kept.dims, "draw"} == {*result.data[name].dims} else None


@entry
def load(path: str | os.PathLike[str]) -> Result:
    """The result as it was saved, with its draws.

    Parameters
    ----------
    path : str or path
        The file of the recipe.

    Returns
    -------
    Result
        The result, without its study.

    Raises
    ------
    FileFormatError
        If a file is missing, was changed, or is not a saved result.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load(save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/x.json")).data["value"].item()
    3.0
    """
    recipe, model = _read(path)
    file = Path(path).with_suffix(".npz")
    if not file.exists():
        raise FileFormatError.of("draws_not_beside_recipe", str(file))
    variables: dict[str, tuple[list[str], Array, dict[str, str]]] = {}
    for name, array in _arrays(file, recipe["variables"]).items():
        about = recipe["variables"][name]
        if _digest(array) != about["sha256"]:
            raise FileFormatError.of("draws_were_changed", str(file), name=name)
        variables[name] = (about["dims"], array, {"unit": about["unit"]})
    varying = {dim for about in recipe["variables"].values() for dim in about["dims"]}
    data = ResultData(variables, coords=coordinates_of(model.outputs, varying))
    stated = {name: recipe[name] for name in _STATED if name in recipe}
    made = Result(data, model, **{**stated, "mixed": tuple(stated["mixed"])})
    reached = Reached.of_plain(recipe["until"]) if "until" in recipe else None
    return replace(made, streamed=_streamed(file, recipe), reached=reached)


def _streamed(file: Path, recipe: Stored) -> Streamed | None:
    """The statistics of a result that was kept as a summary."""
    if (stored := recipe.get("statistics")) is None:
        return None
    if any(name.endswith(" inside") for name in stored["sha256"]):
        raise FileFormatError.of("summary_with_counts", str(file))
    arrays = _arrays(file, {name: {"stored": name} for name in stored["sha256"]})
    if changed := [name for name, array in arrays.items() if _digest(array) != stored["sha256"][name]]:
        raise FileFormatError.of("draws_were_changed", str(file), name=changed[0])
    return statistics_in(stored, arrays)


def _arrays(file: Path, variables: Mapping[str, Mapping[str, str]]) -> dict[str, Array]:
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[about["stored"]] for name, about in variables.items()}
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError) as error:
        raise FileFormatError.of("draws_cannot_be_read", f"{file}: {error}") from None


@entry
def rerun(path: str | os.PathLike[str]) -> tuple[Result, Table]:
    """Evaluate a saved recipe again, and compare.

    Parameters
    ----------
    path : str or path
        The file of the recipe.

    Returns
    -------
    Result
        The new result.
    Table
        The saved and the new mean of every variable, at each of its labels ("total[engine=a]"), and their relative
        difference. `identical` says whether the draws, and the statistics of a summary, have the same bits; on one
        machine and NumPy they do (U7). What numba evaluated is evaluated by it again; where it is not installed NumPy
        does it, and the footer says so.

    Raises
    ------
    FileFormatError
        If the recipe is missing, was changed, or is not a saved result.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = lca.save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/x.json")
    ...     rerun(path)[1]["identical"].tolist()
    [True]
    """
    recipe, model = _read(path)
    details = any(name in recipe["variables"] for name in model.details)
    asked = {name: recipe[name] for name in ("draws", "seed", "design")} | {"keep": recipe.get("keep", "draws")}
    asked |= {name: recipe["statistics"][name] for name in ("per", "over") if "statistics" in recipe}
    evaluator = recipe.get("evaluator", "numpy")
    asked["evaluator"] = "numpy" if evaluator == "numba" and not numba_loads() else evaluator
    if until := recipe.get("until"):
        asked = {"until": until["asked"], "draws": until["most"], "per": until["per"],
                 "seed": asked["seed"], "evaluator": asked["evaluator"]}  # fmt: skip
    drawn = recipe["design"] != "nominal"
    made = monte_carlo(model, mix=recipe["mixed"], details=details, **asked) if drawn else nominal(model)
    rows, moved = [], _moved(made, recipe)
    for name, about in recipe["variables"].items():
        same = _digest(made.data[name].values) == about["sha256"] and name not in moved
        named = (labels for labels, _ in by_label(made.data[name]))
        for labels, mean, saved in zip(named, _means(made, name), about["means"], strict=True):
            apart = abs(mean - saved) / abs(saved) if saved else abs(mean)
            row = {"variable": f"{name}[{label_text(labels)}]" if labels else name, "saved": saved, "new": mean}
            rows.append({**row, "relative": apart, "identical": same, "unit": about["unit"]})
    then: dict[str, str] = {**recipe["versions"], "evaluator": evaluator}
    now: dict[str, str] = {**made.versions, "evaluator": made.evaluator}
    differing = [name for name in dict.fromkeys((*then, *now)) if then.get(name) != now.get(name)]
    changed = [f"{name}: {then.get(name, 'none')} then, {now.get(name, 'none')} now" for name in differing]
    said = changed or ["all versions are those of the saved result"]
    return made, Table.of(rows, "variable", "; ".join([*said, *_of_the_first(made)]))


def _of_the_first(made: Result) -> list[str]:
    """Which means are not over all draws."""
    fixed = made.streamed.fixed if made.streamed is not None else made.data
    names = [str(name) for name in made.data if name not in fixed and _of_all(made, str(name)) is None]
    return [f"from {made.first}: means of {some(names)}"] if names else []


def _moved(made: Result, recipe: Stored) -> set[str]:
    """The outputs of which statistics, as they are or per something, have no longer the same bits."""
    if made.streamed is None or "statistics" not in recipe:
        return set()
    stored, (_, arrays) = recipe["statistics"], statistics_out(made.streamed)
    now = {key: _digest(array) for key, array in arrays.items()}
    apart = {key for key, digest in stored["sha256"].items() if now.get(key) != digest}
    rows = stored["spreads"].items()
    names = [name for name, one in rows if any(key.startswith(f"{one['at']} ") for key in apart)]
    return {*names, *(name.rpartition(" per ")[0] for name in names)}


def _read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], Model]:
    where = Path(path)
    recipe = read_json(where)
    version = recipe.get("format") if isinstance(recipe, dict) else None
    if version != FORMAT:
        key = "saved_in_format_1" if version == 1 else "not_a_saved_result"
        raise FileFormatError.of(key, str(where), format=FORMAT, version=version)
    try:
        if lacking := _FIELDS - recipe.keys():
            raise KeyError(min(lacking))
        if (made := sealed(recipe)) != recipe:
            found, kept = made["parts"], recipe["parts"]
            changed = [name for name in {**kept, **found} if kept.get(name) != found.get(name)]
            raise FileFormatError.of("recipe_was_changed", str(where), changed[:_MOST_SHOWN] or ["its hashes"])
        return recipe, model_in(recipe["model"])
    except FileFormatError:
        raise
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise FileFormatError.of("damaged_recipe", f"{where}: {type(error).__name__} {error}") from None


def sealed(recipe: Stored) -> dict[str, Any]:
    """The recipe with a short hash of each part, to name what was changed, and one hash of everything before it."""
    whole = {name: value for name, value in recipe.items() if name not in ("parts", "sha256")}
    whole["parts"] = {name: json_digest(part)[:8] for name, part in _parts(whole)}
    return {**whole, "sha256": json_digest(whole)}


def _parts(recipe: Stored) -> Iterator[tuple[str, object]]:
    """The parts of a recipe by name: every node and every variable is one."""
    for name, part in recipe.items():
        if name == "model":
            yield from ((f"model: {inside}", value) for inside, value in part.items() if inside != "nodes")
            for number, node in enumerate(part["nodes"]):
                said = node.get("parameter", {}).get("key") or node.get("name", "")
                yield f"model: node {number} {said}".rstrip(), node
        elif name == "variables":
            yield from ((f"variable {inside}", value) for inside, value in part.items())
        else:
            yield name, part


def _digest(array: Array) -> str:
    """A hash of an array: its type, its shape and its bytes."""
    told = hashlib.sha256(f"{array.dtype} {array.shape}".encode())
    told.update(np.ascontiguousarray(array).tobytes())
    return told.hexdigest()

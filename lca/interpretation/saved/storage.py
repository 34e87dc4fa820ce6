"""Results on disk: one verified file with the recipe, the study, the draws and their hashes (practice: run, compare).

`recipe.json` holds the graph with every parameter, the seed and the design, so that it can be run again; `study.json`
the components, so that it can be changed. Nothing is pickled, no stored text is run, and files are replaced whole or
not at all. A function of your own (`lca.functions.apply`) is stored by name, and a hash shows a change but not who made
it: read the recipes of people you trust.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...arguments import entry
from ...checks import Array
from ...errors import FileFormatError, LcaError
from ...study.assembly import Model
from ..dataset import coordinates_of
from ..graph_data import GraphIn, GraphOut, Stored
from ..reached import Reached
from ..recipe import model_in, model_out
from ..result import Result
from ..result_data import ResultData
from ..shapes import Shape, require
from ..spread import StreamedSpread
from ..stored_statistics import statistics_in, statistics_out
from ..streaming import Streamed
from .functions import Functions
from .head import head_of
from .seal import of_array, of_json, opened, write
from .studies import SavedStudy, study_out

RECIPE, STUDY = "recipe.json", "study.json"
#: The folders of arrays: the draws, the statistics of a summary, and the samples of logs.
FOLDERS = ("draws", "statistics", "samples")
_STATED = ("seed", "draws", "design", "mixed", "versions", "asked", "evaluator")

_SHAPES: Mapping[str, Shape] = {
    "seed": (int, None), "draws": int, "design": str, "mixed": [str], "versions": {str: str}, "asked": (int, None),
    "evaluator": str, "keep": str, "model": dict, "graph": {str: [dict]}, "variables": {str: dict},
}  # fmt: skip
_VARIABLE: Mapping[str, Shape] = {"dims": [str], "unit": str, "means": [float]}


@entry
def save(result: Result, path: str | os.PathLike[str]) -> Path:
    """Write a result to disk: its recipe, its study and its draws, in one file that is verified when it is read.

    Two files of one result have the same bytes, but for the time of saving. Samples of logs and of measurements that a
    study holds are in the file, the folders in which they lay are not.

    Parameters
    ----------
    result : Result
        The result.
    path : str or path
        The file, ending in .lca. A path without an ending is a folder with the same members.

    Returns
    -------
    pathlib.Path
        The file, or the folder.

    Raises
    ------
    FileFormatError
        If the path has another ending, or is a folder of other files.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/energy.lca").name
    'energy.lca'
    """
    graph = GraphOut()
    recipe: dict[str, Any] = {name: getattr(result, name) for name in _STATED} | {"keep": result.keep}
    recipe["model"] = model_out(result.model, graph)
    recipe["graph"] = graph.since({})
    described, kept = statistics_out(result.streamed) if result.streamed is not None else ({}, {})
    recipe |= {"statistics": {**described, "arrays": list(kept)}} if described else {}
    recipe |= {"until": result.reached.plain} if result.reached is not None else {}
    recipe["variables"] = {str(name): _variable(result, str(name)) for name in result.data.data_vars}
    study, samples = study_out(result.held, graph)
    members = {RECIPE: of_json(recipe), **({STUDY: of_json(study)} if study else {})}
    at = {name: _member("draws", place) for place, name in enumerate(recipe["variables"])}
    members |= {member: of_array(result.data[name].values) for name, member in at.items()}
    members |= {_member("statistics", at): of_array(one) for at, one in enumerate(kept.values())}
    members |= {_member("samples", at): of_array(one) for at, one in enumerate(samples)}
    return write(Path(path), members, {"result": head_of(result, at)})


def _member(folder: str, at: int) -> str:
    return f"{folder}/{at}.npy"


def _variable(result: Result, name: str) -> dict[str, object]:
    array = result.data[name]
    return {"dims": array.dims, "unit": array.attrs["unit"], "means": means_of(result, name)}


def means_of(result: Result, name: str) -> list[float]:
    """The mean of a variable at each of its labels: over all draws, where statistics of each label were kept."""
    if (kept := of_all(result, name)) is not None:
        return [float(one) for one in kept.mean.ravel()]
    array = result.data[name].variable.transpose(..., "draw", missing_dims="ignore")
    return [float(row.mean()) for row in array.values.reshape(-1, array.sizes.get("draw", 1))]


def of_all(result: Result, name: str) -> StreamedSpread | None:
    """The statistics over all draws of a variable at each of its labels, where they were kept."""
    kept = result.streamed.spreads.get(name) if result.streamed is not None else None
    return kept if kept is not None and {*kept.dims, "draw"} == {*result.data[name].dims} else None


@entry
def load(path: str | os.PathLike[str], *, functions: Sequence[Callable[..., object]] = ()) -> Result:
    """The result as it was saved, with its draws and its study; every member of the file is verified.

    The study is made when it is asked for: `result.study.replace({"robots.period": "8 year"})` needs no script of the
    author. It has to be the one that was saved, with the same formulas, values and sources.

    Parameters
    ----------
    path : str or path
        The file or folder that `save` wrote.
    functions : sequence of functions
        The functions that its formulas may call (`lca.functions.apply`), beside those of NumPy. A file names them.

    Returns
    -------
    Result
        The result.

    Raises
    ------
    FileFormatError
        If the file is missing, was changed, is not whole, is of a newer version, or is not a saved result. If it names
        a function that was not given.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load(save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/x.lca")).data["value"].item()
    3.0
    """
    saved = recipe_of(Path(path), functions, draws=True)
    recipe, model = saved.recipe, saved.model
    with readable(path):
        data = _data(recipe["variables"], saved.arrays["draws"], model)
        stated = {name: recipe[name] for name in _STATED}
        made = Result(data, model, **{**stated, "mixed": tuple(stated["mixed"])}, held=saved.held)
        reached = Reached.of_plain(recipe["until"]) if "until" in recipe else None
        return replace(made, streamed=_streamed(recipe, saved.arrays["statistics"]), reached=reached)


@dataclass(frozen=True)
class SavedRecipe:
    """What a file holds, with its model made: of arrays those that were asked for, and the hash of each."""

    recipe: Stored
    model: Model
    held: SavedStudy | None
    arrays: Mapping[str, Sequence[Array]]
    hashes: Mapping[str, str]

    @property
    def digests(self) -> dict[str, str]:
        """The hash of the draws of each variable."""
        return {name: self.hashes[_member("draws", at)] for at, name in enumerate(self.recipe["variables"])}

    @property
    def digests_of_statistics(self) -> dict[str, str]:
        """The hash of each array of a summary."""
        names = self.recipe.get("statistics", {"arrays": ()})["arrays"]
        return {name: self.hashes[_member("statistics", at)] for at, name in enumerate(names)}


def recipe_of(path: Path, functions: Sequence[Callable[..., object]], *, draws: bool = False) -> SavedRecipe:
    """The recipe of a file and its model; with all of its arrays, or with the samples of its study alone."""
    with opened(path) as file:
        recipe, members = file.json(RECIPE), file.manifest["members"]
        study = file.bytes(STUDY) if STUDY in members else None
        arrays = {folder: [file.array(name) for name in file.names(folder)] for folder in FOLDERS[0 if draws else 2 :]}
    known = Functions(functions, str(path))
    with readable(path):
        require(recipe, _SHAPES)
        for about in recipe["variables"].values():
            require(about, _VARIABLE)
        graph = GraphIn(known.checked(recipe["graph"]))
        model = model_in(recipe["model"], graph)
        held = SavedStudy(bytes(study), arrays["samples"], graph, model, known) if study is not None else None
    return SavedRecipe(recipe, model, held, arrays, {name: one["sha256"] for name, one in members.items()})


def _data(variables: Mapping[str, Stored], draws: Sequence[Array], model: Model) -> ResultData:
    made = {}
    for (name, about), array in zip(variables.items(), draws, strict=True):
        if not np.isfinite(array).all():
            raise ValueError(f"the draws of {name!r} are not all finite numbers")
        made[name] = (about["dims"], array, {"unit": about["unit"]})
    varying = {dim for about in variables.values() for dim in about["dims"]}
    return ResultData(made, coords=coordinates_of(model.outputs, varying))


def _streamed(recipe: Stored, arrays: Sequence[Array]) -> Streamed | None:
    """The statistics of a result that was kept as a summary."""
    if (stored := recipe.get("statistics")) is None:
        return None
    return statistics_in(stored, dict(zip(stored["arrays"], arrays, strict=True)))


@contextmanager
def readable(path: str | os.PathLike[str]) -> Iterator[None]:
    """What plain data of a file do not make is named as a fault of the file."""
    try:
        yield
    except FileFormatError:
        raise
    except (LcaError, LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
        raise FileFormatError.of("damaged_recipe", f"{path}: {type(error).__name__} {error}") from None

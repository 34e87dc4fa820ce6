"""A saved result evaluated again, and what differs: versions of code and data, values, and the model of its study."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...arguments import entry
from ...checks import some
from ...errors import LcaError
from ...graph.node import parameters
from ...sampling.by_counts import numba_loads
from ...source_marks import marks
from ...study.assembly import Model
from ...units.number_text import significant
from ..draws import monte_carlo
from ..graph_data import Stored
from ..result import Result, nominal
from ..spread import by_label, label_text
from ..stored_statistics import statistics_out
from ..table import Table
from .seal import digest
from .storage import SavedRecipe, means_of, of_all, recipe_of
from .studies import SavedStudy

_NONE = "none"


@entry
def rerun(path: str | os.PathLike[str], *, functions: Sequence[Callable[..., object]] = ()) -> tuple[Result, Table]:
    """Evaluate a saved recipe again, and compare.

    Parameters
    ----------
    path : str or path
        The file or folder that `save` wrote.
    functions : sequence of functions
        The functions that its formulas may call (`lca.functions.apply`), beside those of NumPy.

    Returns
    -------
    Result
        The new result.
    Table
        The saved and the new mean of every variable, at each of its labels ("total[engine=a]"), and their relative
        difference. `identical` says whether the draws, and the statistics of a summary, have the same bits; on one
        machine and NumPy they do (U7). The footer names what differs: versions of code and data with how many values
        come from them, how many results moved, and the largest move. It also says where the study does not make the
        same model today. What numba evaluated is evaluated by it again; where it is not installed NumPy does it, and
        the footer says so.

    Raises
    ------
    FileFormatError
        If the file is missing, was changed, or is not a saved result. If it names a function that was not given.

    Examples
    --------
    >>> import lca, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = lca.save(lca.nominal(lca.parameter("x", "3 kWh at_wall")), f"{folder}/x.lca")
    ...     rerun(path)[1]["identical"].tolist()
    [True]
    """
    saved = recipe_of(Path(path), functions)
    made = replace(_again(saved.recipe, saved.model), held=saved.held)
    moved, rows = _moved(made, saved), []
    for name, about in saved.recipe["variables"].items():
        same = digest(made.data[name].values) == saved.digests[name] and name not in moved
        labels = (one for one, _ in by_label(made.data[name]))
        for at, mean, before in zip(labels, means_of(made, name), about["means"], strict=True):
            apart = abs(mean - before) / abs(before) if before else abs(mean)
            row = {"variable": f"{name}[{label_text(at)}]" if at else name, "saved": before, "new": mean}
            rows.append({**row, "relative": apart, "identical": same, "unit": about["unit"]})
    said = [*_versions(made, saved), *_moves(rows), *_of_study(saved.held), *_of_the_first(made)]
    return made, Table.of(rows, "variable", "; ".join(said))


def _again(recipe: Stored, model: Model) -> Result:
    """The draws of a recipe, made again as they were made."""
    if recipe["design"] == "nominal":
        return nominal(model)
    details = any(name in recipe["variables"] for name in model.details)
    asked: dict[str, Any] = {name: recipe[name] for name in ("draws", "seed", "design", "keep")}
    asked |= {name: recipe["statistics"][name] for name in ("per", "over") if "statistics" in recipe}
    evaluator = recipe["evaluator"]
    asked["evaluator"] = "numpy" if evaluator == "numba" and not numba_loads() else evaluator
    if until := recipe.get("until"):
        asked = {"until": until["asked"], "draws": until["most"], "per": until["per"],
                 "seed": asked["seed"], "evaluator": asked["evaluator"]}  # fmt: skip
    return monte_carlo(model, mix=recipe["mixed"], details=details, **asked)


# --- what the footer says -----------------------------------------------------------------------------------


def _versions(made: Result, saved: SavedRecipe) -> Iterator[str]:
    """The versions that differ; of data also how many values come from them."""
    then: dict[str, str] = {**saved.recipe["versions"], "evaluator": saved.recipe["evaluator"]}
    now: dict[str, str] = {**made.versions, "evaluator": made.evaluator}
    differing = [name for name in dict.fromkeys((*then, *now)) if then.get(name) != now.get(name)]
    if not differing:
        yield "all versions are those of the saved result"
        return
    values = _values_by_folder(saved.model)
    for name in differing:
        count = values.get(name.rpartition("/")[2], 0) if "/" in name else 0
        of = f" ({count} value{'s' * (count > 1)} from it)" if count else ""
        yield f"{name}: {then.get(name, _NONE)} then, {now.get(name, _NONE)} now{of}"


def _values_by_folder(model: Model) -> Counter[str]:
    """How many keys of a model were read from the tables of each folder."""
    sources = {one.parameter.key: one.parameter.source for one in parameters(model.outputs.values()) if one.parameter}
    named = ({mark.table.partition("/")[0] for mark in marks(source)} for source in sources.values())
    return Counter(folder for folders in named for folder in folders)


def _moves(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How many results moved, and the largest move."""
    moved = [row for row in rows if not row["identical"]]
    if moved:
        most = max(moved, key=lambda row: float(row["relative"]))
        size = f"{significant(100 * float(most['relative']), 2)} %"
        yield f"{len(moved)} of {len(rows)} values moved, {most['variable']} most, by {size}"


def _of_study(held: SavedStudy | None) -> Iterator[str]:
    """Why the study does not make the saved model today."""
    if held is not None and held.fault is not None:
        fault: LcaError = held.fault
        yield "; ".join([fault.what, *fault.sides])


def _of_the_first(made: Result) -> Iterator[str]:
    """Which means are not over all draws."""
    fixed = made.streamed.fixed if made.streamed is not None else made.data
    names = [str(name) for name in made.data if name not in fixed and of_all(made, str(name)) is None]
    if names:
        yield f"from {made.first}: means of {some(names)}"


def _moved(made: Result, saved: SavedRecipe) -> set[str]:
    """The outputs of which statistics, as they are or per something, have no longer the same bits."""
    stored = saved.recipe.get("statistics")
    if made.streamed is None or stored is None:
        return set()
    now = {key: digest(array) for key, array in statistics_out(made.streamed)[1].items()}
    apart = [key for key, before in saved.digests_of_statistics.items() if now.get(key) != before]
    rows = stored["spreads"].items()
    names = [name for name, one in rows if any(key.startswith(f"{one['at']} ") for key in apart)]
    return {*names, *(name.rpartition(" per ")[0] for name in names)}

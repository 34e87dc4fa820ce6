"""A study as a page on which a reader moves its parameters: `lca.explore`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from operator import methodcaller
from pathlib import Path
from typing import Any

import numpy as np

from ...arguments import entry
from ...checks import finite_number
from ...errors import DomainError, MissingError
from ...graph.labels import Dim
from ...interpretation.attribution import attribution
from ...interpretation.plot import readable_unit
from ...interpretation.result import nominal
from ...interpretation.spread import laid
from ...interpretation.value_names import value_name
from ...interpretation.versions import versions
from ...inventory.stages import stage_label
from ...study.study import Study
from ...units.parse import parse_unit
from ...whole_files import write_whole
from .derivations import derivations
from .effects import largest, program_of, require_replaced
from .element_graph import ElementGraph, element_graph
from .packed import packed
from .page import page
from .sliders import KEY, SET, Slider, sliders_of

#: Draws of a page: enough for an interval, few enough for an answer at once.
DRAWS = 2_000
_FEWEST, _MOST = 100, 20_000
#: Bytes of a page, at most.
MOST_BYTES = 1_000_000


@entry
def explore(
    study: Study,
    path: str | os.PathLike[str],
    *,
    parameters: object = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Path:
    """Write a page on which a reader moves the parameters of a study and sees what that changes.

    The page is one HTML file that loads nothing. The browser computes the nominal total, its interval and the shares of
    the stages from the same draws as `monte_carlo(study, draws=draws, seed=seed)`. A slider sets a number without
    spread, as `study.replace` does. Every dim of alternatives becomes a choice, as in `study.sel`.

    Parameters
    ----------
    study : Study
        The study. Scenarios that it has are choices on the page.
    path : str or path
        The file, which ends in .html. Its folder is made.
    parameters : sequence of str, or mapping of str to pair
        The paths of the values that can be moved, such as "robots.load". A mapping gives each its range:
        {"robots.load": ("5 inference/s", "20 inference/s")}; None stands for the 5 to 95 % interval of the value. If
        not given: the ten values that move the total most.
    draws : int
        Draws of the interval, 100 to 20,000.
    seed : int
        The seed of the draws.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingError
        If a path names nothing, or nothing has a range.
    RecordError
        If a value is not a quantity, or another value changes how the study is built; make scenarios of it.
    LabelError
        If a value has labels.
    DomainError
        If a range cannot be, or the page would be larger than 1 MB.

    Examples
    --------
    >>> import lca, tempfile
    >>> from lca.study.small_study import small_study
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = lca.explore(small_study(), f"{folder}/page.html", parameters={"lab.pue": (1.0, 1.6)})
    ...     page.stat().st_size < 100_000
    True
    """
    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise DomainError.of("page_not_named_html", str(path))
    count = int(finite_number(draws, "draws", low=_FEWEST, high=_MOST, whole=True))
    if not study.model.stages:
        raise MissingError.of("result_without_stages", "study", what="a page")
    text = _text(study, _sliders(study, parameters), count, seed)
    size = len(text.encode())
    if size > MOST_BYTES:
        raise DomainError.of("page_too_large", str(path), size=size, most=MOST_BYTES)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole({target: methodcaller("write", text.encode())})
    return target


def _sliders(study: Study, parameters: object) -> list[Slider]:
    if parameters is None:
        return largest(study)
    if isinstance(parameters, str) or not isinstance(parameters, (Mapping, Sequence)):
        raise DomainError.of("parameters_of_another_kind", "parameters", [str(parameters)])
    made = sliders_of(study, parameters)
    for one in made:
        require_replaced(study, [one])
    require_replaced(study, made)
    return made


def _text(study: Study, sliders: Sequence[Slider], draws: int, seed: int) -> str:
    program, model = program_of(study, sliders), study.model
    names = ["total", "functional_unit", *model.stages]
    graph = element_graph(program, names)
    derived = derivations(study, sliders, graph, names)
    said = {name: str(version) for name, version in versions(model).items()}
    first = nominal(model)
    data = {
        "functional_unit": model.functional_unit,
        "units": {name: _unit(first, per) for name, per in (("total", "total"), ("each", "functional_unit"))},
        "stages": [{"name": name, "words": stage_label(name)} for name in model.stages],
        "sliders": [_slider(one, graph) for one in sliders],
        "dims": [_dim(dim, at) for dim, at in _smallest(study).items()],
        "per": {"not_finite": "a value is not a finite number"},
        "derivations": derived,
        **packed(graph, program, seed, draws),
    }
    return page(model.title, said["lca"], data, _footer(study, said, draws, seed))


def _unit(first: Any, per: str) -> tuple[str, float]:
    """The unit in which a total reads best, and kg CO2e for one of it."""
    text = readable_unit(first, per).partition("/")[0]
    return text, parse_unit(text)[0] / parse_unit(str(first.data["total"].attrs["unit"]))[0]


def _slider(one: Slider, graph: ElementGraph) -> dict[str, Any]:
    """A slider as the page shows it, with the rows that it sets."""
    rows = {row.column[0]: number for number, row in enumerate(graph.rows)}
    return {
        "path": one.path,
        "words": value_name(one.path),
        "unit": one.unit,
        "low": one.low,
        "high": one.high,
        "scale": one.scale,
        "nominal": one.low * one.scale,
        "shown": one.nominal,
        "stated": one.said,
        "value": rows.get(f"{KEY}{one.path}", -1),
        "set": rows.get(f"{KEY}{one.path}{SET}", -1),
    }


def _smallest(study: Study) -> dict[Dim, int]:
    """The dims of alternatives, each with the place of the label where the page begins: that of the smallest total.

    Where the functional unit is provided another number of times, it is the smallest for one functional unit.
    """
    model, nominals = study.model, study.model.nominals
    names = [name for name in ("total", "functional_unit", *model.stages) if name in model.outputs]
    dims = {dim.name: dim for name in names for dim in model.outputs[name].dims}
    every = [
        laid(list(dims), [dim.name for dim in model.outputs[name].dims], nominals[name])
        for name in ("total", "functional_unit")
    ]
    total, count = np.broadcast_arrays(*every, np.empty([len(dim) for dim in dims.values()]))[:2]
    at = np.unravel_index(int(np.argmin(total / count)), total.shape) if dims else ()
    return {dim: int(place) for dim, place in zip(dims.values(), at, strict=True)}


def _dim(dim: Dim, at: int) -> dict[str, Any]:
    quoted = [str(label) if isinstance(label, int) else json.dumps(str(label)) for label in dim.labels]
    return {"name": dim.name, "words": dim.name.replace("_", " "), "labels": dim.texts, "quoted": quoted, "at": at}


def _footer(study: Study, said: Mapping[str, str], draws: int, seed: int) -> Iterator[str]:
    """How the page computes, who made the study, and whom to credit."""
    yield (
        f"Computed in your browser from {draws:,} draws of seed {seed}: the same numbers as "
        f"lca.monte_carlo(study, draws={draws}, seed={seed}). Shares are of the mean. An interval of so few draws has "
        "an error of its own: quote lca.monte_carlo with more of them."
    )
    about = study.model.about.plain
    stated = [
        f"{name}: {_joined(about[name])}" for name in ("authors", "date", "version", "licence", "link") if name in about
    ]
    if stated:
        yield f"As its authors state: {'; '.join(stated)}."
    yield f"Functional unit: {study.model.functional_unit}. Every total has the boundary and the notes of the study."
    yield "Made with " + ", ".join(f"{name} {version}" for name, version in said.items()) + "."
    yield from (f"Data: {line}" for line in attribution(study.model).text().splitlines())


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

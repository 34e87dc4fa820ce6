"""What the what-if page holds: its controls, what it computes with, and what stands below it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from ...graph.labels import Dim
from ...interpretation.attribution import attribution
from ...interpretation.plot import readable_unit
from ...interpretation.result import Result, nominal
from ...interpretation.spread import laid
from ...interpretation.value_names import value_name
from ...interpretation.versions import versions
from ...inventory.stages import stage_label
from ...study.study import Study
from ...units.parse import parse_unit
from .choices import Choice
from .derivations import derivations
from .effects import program_of
from .element_graph import ElementGraph, element_graph
from .packed import packed
from .sliders import KEY, SET, Slider

#: What people state of a study, as far as the page repeats it.
_STATED = ("authors", "date", "version", "licence", "link")


def contents(
    study: Study, sliders: Sequence[Slider], choices: Sequence[Choice], draws: int, seed: int
) -> dict[str, Any]:
    """The data of the page, as plain values."""
    program, model = program_of(study, sliders), study.model
    names = ["total", "functional_unit", *model.stages]
    graph = element_graph(program, names)
    derived = derivations(study, sliders, graph, names)
    first, chosen = nominal(model), {one.dim: one for one in choices}
    return {
        "functional_unit": model.functional_unit,
        "units": {name: _unit(first, per) for name, per in (("total", "total"), ("each", "functional_unit"))},
        "stages": [{"name": name, "words": stage_label(name)} for name in model.stages],
        "sliders": [_slider(one, graph, model.names) for one in sliders],
        "dims": [_dim(dim, at, chosen.get(dim.name), model.names) for dim, at in _begin(study, set(chosen)).items()],
        "derivations": derived,
        **packed(graph, program, seed, draws),
    }


def _unit(first: Result, per: str) -> tuple[str, float]:
    """The unit in which a total reads best, and kg CO2e for one of it."""
    text = readable_unit(first, per).partition("/")[0]
    return text, parse_unit(text)[0] / parse_unit(str(first.data["total"].attrs["unit"]))[0]


def _slider(one: Slider, graph: ElementGraph, names: Mapping[str, str]) -> dict[str, Any]:
    """A slider as the page shows it, with the rows that it sets."""
    rows = {row.column[0]: number for row, number in graph.rows.items()}
    return {
        "path": one.path,
        "words": value_name(one.named, names),
        "unit": one.unit,
        "low": one.low,
        "high": one.high,
        "scale": one.scale,
        "shown": one.nominal,
        "stated": one.said,
        "value": rows.get(f"{KEY}{one.path}", -1),
        "set": rows.get(f"{KEY}{one.path}{SET}", -1),
    }


def _begin(study: Study, chosen: set[str]) -> dict[Dim, int]:
    """The dims of alternatives, each with the place of the label where the page begins.

    Of a choice that is what is stated, of all others the labels of the smallest total: for one functional unit, where
    that is provided another number of times.
    """
    model, nominals = study.model, study.model.nominals
    outputs = [model.outputs[name] for name in ("total", "functional_unit", *model.stages)]
    dims = {dim.name: dim for node in outputs for dim in node.dims}
    every = [
        laid(list(dims), [dim.name for dim in model.outputs[name].dims], nominals[name])
        for name in ("total", "functional_unit")
    ]
    total, count = np.broadcast_arrays(*every, np.empty([len(dim) for dim in dims.values()]))[:2]
    begun = tuple(slice(0, 1) if name in chosen else slice(None) for name in dims)
    each = (total / count)[begun]
    at = np.unravel_index(int(np.argmin(each)), each.shape) if dims else ()
    return {dim: int(place) for dim, place in zip(dims.values(), at, strict=True)}


def _dim(dim: Dim, at: int, choice: Choice | None, names: Mapping[str, str]) -> dict[str, Any]:
    quoted = [str(label) if isinstance(label, int) else json.dumps(str(label)) for label in dim.labels]
    made = {"name": dim.name, "words": dim.name.replace("_", " "), "labels": dim.texts, "quoted": quoted, "at": at}
    if choice is None:
        return made
    return made | {"path": choice.path, "words": value_name(choice.path, names), "quoted": choice.quoted}


def footer(study: Study, draws: int, seed: int) -> Iterator[str]:
    """How the page computes, who made the study, and whom to credit, as pieces of HTML."""
    yield _paragraph(
        f"Computed in your browser from {draws:,} draws of seed {seed}: the same numbers as "
        f"lca.monte_carlo(study, draws={draws}, seed={seed}). Shares are of the mean. An interval of so few draws has "
        "an error of its own: quote lca.monte_carlo with more of them."
    )
    about = study.model.about.plain
    if stated := [f"{name}: {_joined(about[name])}" for name in _STATED if name in about]:
        yield _paragraph(f"As its authors state: {'; '.join(stated)}.")
    yield _paragraph(f"Functional unit: {study.model.functional_unit}.")
    yield _paragraph(f"Made with {', '.join(f'{name} {one}' for name, one in versions(study.model).items())}.")
    credits = [_credit(one.text, one.work.link) for one in attribution(study.model).credits]
    if credits:
        yield f"<details><summary>Data credits: {len(credits)} works</summary>\n<ul>{''.join(credits)}</ul></details>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _credit(text: str, link: str) -> str:
    return f"<li>{escape(text)}" + (f' <a href="{escape(link)}">{escape(link)}</a>' if link else "") + "</li>\n"


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

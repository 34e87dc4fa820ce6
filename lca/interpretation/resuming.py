"""What has to be equal where a run goes on from a checkpoint: the study, and how its draws are made."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from ..errors import FileFormatError
from ..graph.node import postorder
from ..sampling.checkpoint import Checkpoint
from ..sampling.workers import versions
from ..study.assembly import Model
from ..whole_files import json_digest
from .graph_data import Stored
from .recipe import model_out

_NOT_ABOUT_DRAWS = ("status", "source", "population")


def checkpoint_of(
    folder: str | os.PathLike[str] | None, model: Model, facts: Mapping[str, object]
) -> Checkpoint | None:
    """The checkpoint of a run in a folder, if one is given. `facts` says how its draws are made, by name."""
    if folder is None:
        return None
    if not os.fspath(folder).strip():
        raise FileFormatError.of("checkpoint_without_a_name", "checkpoint", folder=os.fspath(folder))
    said = {name: str(value) for name, value in facts.items()}
    return Checkpoint(Path(folder), {**said, "versions": ", ".join(versions()), **dict(_of_study(model))})


def _of_study(model: Model) -> Iterator[tuple[str, str]]:
    """Each parameter by its key, and the formulas as a whole: titles, sources and notes make no other draws."""
    stored = cast("Mapping[str, list[Stored]]", model_out(model))
    parameters = stored["parameters"]
    found: dict[str, set[str]] = {}
    for node, one in zip(postorder(model.outputs.values()), stored["nodes"], strict=True):
        if node.parameter is not None:
            row = parameters[one["parameter"]]
            plain = {name: value for name, value in row.items() if name not in (*_NOT_ABOUT_DRAWS, "dims")}
            dims = [stored["dims"][place] for place in row["dims"]]
            text = f"{node.parameter.describe()} #{json_digest([plain, dims])[:8]}"
            found.setdefault(node.parameter.key, set()).add(text)
    yield from ((key, "; ".join(sorted(texts))) for key, texts in found.items())
    if model.correlations:
        yield "correlations", "; ".join(model.correlations.said)
    yield "formulas", "#" + json_digest([_formula(one, parameters) for one in stored["nodes"]])[:8]


def _formula(one: Stored, parameters: Sequence[Stored]) -> Stored:
    """A node without what is said of its parameter elsewhere, and without its name and path."""
    plain = {name: value for name, value in one.items() if name not in ("name", "path")}
    return plain | {"parameter": parameters[one["parameter"]]["key"]} if "parameter" in one else plain

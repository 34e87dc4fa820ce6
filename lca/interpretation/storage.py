"""Results on disk: a JSON recipe that can be run again, and the draws beside it (practice: run, compare, pin).

`result.json` holds the whole graph with every parameter, the seed, the design and the versions, and a summary;
`result.npz` holds the draws. Nothing is pickled, and files are replaced whole or not at all. A function of
one's own (`lca.functions.apply`) is stored by name: read the recipes of people you trust.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import xarray

from ..errors import FileFormatError
from ..expression import families
from ..expression.choice import Selector
from ..expression.distribution import Distribution
from ..expression.functions import FUNCTIONS
from ..expression.label import Dim, make_dim
from ..expression.leaf import Constant, Parameter
from ..expression.node import Node, constant, parameter_node, postorder
from ..study.assembly import Model
from ..study.scope import Exclusion
from ..units import Unit, parse_unit
from .result import Result, coordinates_of, monte_carlo, nominal, require_result
from .table import Table

FORMAT = 1


def save(result: Result, path: str | os.PathLike[str]) -> Path:
    """Write a result: a JSON recipe at `path` and its draws beside it as .npz. Returns the path."""
    require_result(result, "save")
    target = Path(path)
    if target.suffix != ".json":
        raise FileFormatError("a result is saved as .json", where=str(target), mend="save(result, 'out/result.json')")
    recipe = {
        "format": FORMAT,
        "seed": result.seed,
        "draws": result.draws,
        "design": result.design,
        "mixed": list(result.mixed),
        "versions": dict(result.versions),
        "model": _model_out(result.model),
        "variables": {
            str(name): {
                "dims": [str(d) for d in array.dims],
                "unit": array.attrs.get("unit", ""),
                "mean": float(array.mean()),
                "sha256": _digest(array.values),
                "stored": _stored_name(position, str(name)),
            }
            for position, (name, array) in enumerate(result.data.data_vars.items())
        },
    }
    text = json.dumps(recipe, indent=1, ensure_ascii=False)
    arrays: dict[str, Any] = {
        _stored_name(position, str(name)): array.values
        for position, (name, array) in enumerate(result.data.data_vars.items())
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    _replace_all(
        {
            target.with_suffix(".npz"): lambda file: np.savez_compressed(file, **arrays),
            target: lambda file: file.write(text.encode()),
        }
    )
    return target


def _stored_name(position: int, name: str) -> str:
    """The name of a variable inside the .npz: readable, and never an argument of NumPy's writer."""
    return f"{position}|{name.replace('/', '|')}"


def load(path: str | os.PathLike[str]) -> Result:
    """The result as it was saved, with its draws; raises `FileFormatError` where a file is missing or changed."""
    recipe, model = _read(path)
    file = Path(path).with_suffix(".npz")
    if not file.exists():
        raise FileFormatError(
            "the draws are not beside the recipe", where=str(file), mend="rerun(path) makes them again"
        )
    variables: dict[str, Any] = {}
    for name, array in _arrays(file, recipe["variables"]).items():
        about = recipe["variables"][name]
        if _digest(array) != about["sha256"]:
            raise FileFormatError(f"the draws of {name!r} were changed", where=str(file), mend="rerun(path)")
        variables[name] = (about["dims"], array, {"unit": about["unit"]})
    varying = {dim for about in recipe["variables"].values() for dim in about["dims"]}
    data = xarray.Dataset(variables, coords=coordinates_of(model.outputs, varying))
    seed, draws = recipe["seed"], recipe["draws"]
    return Result(data, model, seed, draws, recipe["design"], tuple(recipe["mixed"]), recipe["versions"])


def _arrays(file: Path, variables: Mapping[str, Any]) -> dict[str, Any]:
    try:
        with np.load(file, allow_pickle=False) as stored:
            return {name: stored[about["stored"]] for name, about in variables.items()}
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError) as error:
        raise FileFormatError(
            "the draws cannot be read", where=f"{file}: {error}", mend="rerun(path) makes them again"
        ) from None


def rerun(path: str | os.PathLike[str]) -> tuple[Result, Table]:
    """Evaluate a saved recipe again: (the new result, a table that holds old and new side by side).

    The table has the saved and the new mean of every variable, their relative difference, and whether the
    draws are the same bits (on one machine and NumPy they are, U7).
    """
    recipe, model = _read(path)
    if recipe["design"] == "nominal":
        made = nominal(model)
    else:
        keep = "details" if any(name in recipe["variables"] for name in model.details) else "stages"
        made = monte_carlo(
            model,
            draws=recipe["draws"],
            seed=recipe["seed"],
            design=recipe["design"],
            mix=recipe["mixed"],
            keep=keep,
        )
    rows = []
    for name, about in recipe["variables"].items():
        new = made.data[name]
        mean = float(new.mean())
        apart = abs(mean - about["mean"]) / abs(about["mean"]) if about["mean"] else abs(mean)
        same = _digest(new.values) == about["sha256"]
        row = {"variable": name, "saved": about["mean"], "new": mean, "relative": apart, "identical": same}
        rows.append({**row, "unit": about["unit"]})
    table = Table(pandas.DataFrame.from_records(rows).set_index("variable"))
    changed = [
        f"{k}: {v} then, {made.versions.get(k)} now" for k, v in recipe["versions"].items() if made.versions.get(k) != v
    ]
    table.attrs["note"] = "; ".join(changed) or "all versions are those of the saved result"
    return made, table


def _read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], Model]:
    where = Path(path)
    try:
        recipe = json.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileFormatError("no such file", where=str(where)) from None
    except ValueError as error:
        raise FileFormatError("not a JSON file", where=f"{where}: {error}") from None
    if not isinstance(recipe, dict) or recipe.get("format") != FORMAT:
        found = recipe.get("format") if isinstance(recipe, dict) else None
        raise FileFormatError(f"not a saved result of format {FORMAT}", where=str(where), sides=[f"format {found}"])
    try:
        if lacking := {"seed", "draws", "design", "mixed", "versions", "variables"} - recipe.keys():
            raise KeyError(min(lacking))
        return recipe, _model_in(recipe["model"])
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise FileFormatError("a damaged recipe", where=f"{where}: {type(error).__name__} {error}") from None


def write_whole(path: Path, write: Any) -> None:
    """Write beside the target, then move into place: never half a file."""
    _replace_all({path: write})


def _replace_all(writes: Mapping[Path, Any]) -> None:
    """Several files at once: each is written whole beside its target before the first is moved into place."""
    beside = {path: path.with_name(path.name + ".part") for path in writes}
    try:
        for path, write in writes.items():
            with open(beside[path], "wb") as file:
                write(file)
        for path, part in beside.items():
            os.replace(part, path)
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)


def _digest(array: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


# --- the graph as plain data ---------------------------------------------------------------------------


def _model_out(model: Model) -> dict[str, Any]:
    nodes = list(postorder(model.outputs.values()))
    place = {id(node): i for i, node in enumerate(nodes)}
    return {
        "title": model.title,
        "stages": list(model.stages),
        "parts": list(model.parts),
        "alternatives": list(model.alternatives),
        "functional_unit": model.functional_unit,
        "quality": model.quality,
        "excluded": {name: vars(e) for name, e in model.excluded.items()},
        "notes": list(model.notes),
        "gaps": {name: list(lacking) for name, lacking in model.gaps.items()},
        "nodes": [_node_out(node, place) for node in nodes],
        "outputs": {name: place[id(node)] for name, node in model.outputs.items()},
    }


def _node_out(node: Node, place: Mapping[int, int]) -> dict[str, Any]:
    named = {"name": node.name} if node.name else {}
    dims = [_dim_out(dim) for dim in node.dims]
    if isinstance(node.leaf, Constant):
        return {"constant": node.leaf.values.tolist(), "unit": _unit_out(node.unit), "dims": dims, **named}
    if isinstance(node.leaf, Parameter):
        p = node.leaf
        plain = {n: getattr(p, n) for n in ("key", "unit", "kind", "status", "source", "population")}
        values = [_distribution_out(v) if isinstance(v, Distribution) else v for v in p.values]
        rest = {"values": values, "own": sorted(p.own), "fixed": [list(pair) for pair in p.fixed]}
        return {"parameter": {**plain, **rest}, "dims": dims, **named}
    assert node.function is not None
    static = {}
    for name, value in node.static.items():
        static[name] = (
            {"dim": _dim_out(value)}
            if isinstance(value, Dim)
            else {"unit": _unit_out(value)}
            if isinstance(value, Unit)
            else value
        )
    inputs = [place[id(i)] for i in node.inputs]
    inherited = [(dim.name, dim.coordinates) for child in node.inputs for dim in child.dims]
    along = [_dim_out(d) for d in node.dims if d.coordinates and (d.name, d.coordinates) not in inherited]
    return {"function": node.function.name, "inputs": inputs, "static": static, "along": along, **named}


def _unit_out(unit: Unit) -> dict[str, float]:
    return {str(name): float(power) for name, power in unit.items()}  # type: ignore[arg-type]


def _unit_in(stored: Mapping[str, float]) -> Unit:
    return Unit({name: int(power) if power == int(power) else power for name, power in stored.items()})


def _dim_out(dim: Dim) -> dict[str, Any]:
    return {
        "name": dim.name,
        "labels": [_label_out(label) for label in dim.labels],
        "coordinates": {name: list(values) for name, values in dim.coordinates.items()},
    }


def _label_out(label: Any) -> Any:
    return {"date": label.isoformat()} if isinstance(label, datetime.date) else label


def _distribution_out(value: Distribution) -> dict[str, Any]:
    return {"family": type(value).__name__, "arguments": list(value.arguments), "unit": value.unit}


def _model_in(stored: Mapping[str, Any]) -> Model:
    nodes: list[Node] = []
    for one in stored["nodes"]:
        nodes.append(_node_in(one, nodes))
    outputs = {name: nodes[i] for name, i in stored["outputs"].items()}
    excluded = {name: Exclusion(**e) for name, e in stored["excluded"].items()}
    return Model(
        stored["title"], outputs, tuple(stored["stages"]), tuple(stored["parts"]), tuple(stored["alternatives"]),
        stored["functional_unit"], stored["quality"], excluded, tuple(stored["notes"]),
        {name: tuple(lacking) for name, lacking in stored.get("gaps", {}).items()},
    )  # fmt: skip


def _node_in(one: Mapping[str, Any], nodes: list[Node]) -> Node:
    name = one.get("name", "")
    if "function" in one:
        static = {k: _static_in(v) for k, v in one["static"].items()}
        made = Node._build(FUNCTIONS[one["function"]], [nodes[i] for i in one["inputs"]], static)
        made = made.with_dims(_dims_in(one["along"])) if one["along"] else made
    elif "constant" in one:
        made = constant(one["constant"], _unit_in(one["unit"]), _dims_in(one["dims"]))
    else:
        made = parameter_node(_parameter_in(one["parameter"], _dims_in(one["dims"])))
    return made.named(name) if name else made


def _static_in(value: Any) -> Any:
    if isinstance(value, dict):
        return _dims_in([value["dim"]])[0] if "dim" in value else _unit_in(value["unit"])
    return tuple(value) if isinstance(value, list) else value


def _dims_in(stored: list[Any]) -> tuple[Dim, ...]:
    return tuple(make_dim(d["name"], [_label_in(label) for label in d["labels"]], d["coordinates"]) for d in stored)


def _label_in(label: Any) -> Any:
    return datetime.date.fromisoformat(label["date"]) if isinstance(label, dict) else label


def _parameter_in(p: Mapping[str, Any], dims: tuple[Dim, ...]) -> Parameter:
    values = tuple(_distribution_in(v) if isinstance(v, dict) else float(v) for v in p["values"])
    return Parameter(
        p["key"], values, p["unit"], parse_unit(p["unit"])[0], dims, frozenset(p["own"]), p["kind"], p["status"],
        p["source"], p["population"], tuple((dim, label) for dim, label in p["fixed"]),
    )  # fmt: skip


def _distribution_in(stored: Mapping[str, Any]) -> Distribution:
    family = Selector if stored["family"] == "Selector" else getattr(families, stored["family"])
    if not issubclass(family, Distribution):
        raise TypeError(f"{stored['family']} is no distribution")
    made: Distribution = object.__new__(family)
    object.__setattr__(made, "arguments", tuple(stored["arguments"]))
    object.__setattr__(made, "unit", stored["unit"])
    return made

"""Results: labelled draws of every stage, with the model, the seed and the versions that made them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray

from .. import tables
from ..errors import DomainError, LcaError, MissingError
from ..expression.label import Dim
from ..expression.node import Node, parameters
from ..expression.program import Leaf, Program, compile_program
from ..expression.rewrite import rewritten
from ..sampling.design import MatrixDesign, RandomDesign, columns_of, sobol_points
from ..sampling.evaluate import evaluate
from ..sampling.stream import STREAM_VERSION
from ..study.assembly import Model
from ..study.study import Study

#: Kinds of parameters that an interval covers; the others are dims, or mixed by name (U8).
COVERED = ("measurement", "input", "variability")
_DETAIL_BYTES = 256 * 2**20


@dataclass(frozen=True, eq=False)
class Result:
    """Draws (or nominal values) of a study: `.data` is an xarray Dataset.

    Variables: one per stage and "total" (over alternatives and draws), "stage/activity" details and
    "energy/activity" inventory on their own dims, "functional_unit" and "per/..." denominators. Each
    carries its unit in attrs.
    """

    data: xarray.Dataset
    model: Model
    seed: int | None
    draws: int
    design: str
    mixed: tuple[str, ...]
    versions: Mapping[str, str]
    study: Study | None = None

    @property
    def contents(self) -> str:
        """What its intervals contain and what not (U8)."""
        leaves = [n.parameter for n in settled(self.model.outputs) if n.parameter]
        held = sorted({p.key for p in leaves if p.is_random and p.kind not in COVERED and p.key not in self.mixed})
        text = f"intervals cover {', '.join(COVERED)} uncertainty"
        if self.mixed:
            text += f" and the mixture over {', '.join(self.mixed)}"
        return text + (f"; held at nominal: {', '.join(held)}" if held else "; model and scenario choices are dims")

    def __repr__(self) -> str:
        import math

        total = self.data.get("total")
        head = f"<result of {self.model.title!r}: {self.draws:,} draws, {self.design}, seed {self.seed}"
        if total is None or total.ndim != 1:
            return head + f"; {', '.join(f'{d}: {n}' for d, n in self.data.sizes.items() if d != 'draw')}>"
        low, middle, high = (float(total.quantile(q)) for q in (0.05, 0.5, 0.95))
        digits = max(0, 2 - math.floor(math.log10(max(abs(high - low), abs(middle) * 1e-4, 1e-12))))
        return head + f"; total {middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f}) kg CO2e>"


def require_result(thing: Any, what: str) -> Result:
    """The result, if it is one; a study has no draws yet."""
    if not isinstance(thing, Result):
        mend = "lca.monte_carlo(study) first" if isinstance(thing, (Study, Model)) else "give an lca.Result"
        raise LcaError(f"{what} reads a result, not a {type(thing).__name__}", where=what, mend=mend)
    return thing


def model_of(thing: Any) -> tuple[Model | None, dict[str, Node]]:
    """(model, named nodes) of a study, a model, a node, or a mapping of names to nodes."""
    if isinstance(thing, Study):
        return thing.model, dict(thing.model.outputs)
    if isinstance(thing, Result):
        return thing.model, dict(thing.model.outputs)
    if isinstance(thing, Model):
        return thing, dict(thing.outputs)
    if isinstance(thing, Node):
        return None, {"value": thing}
    if isinstance(thing, Mapping) and all(isinstance(node, Node) for node in thing.values()):
        return None, dict(thing)
    raise LcaError(f"{type(thing).__name__} cannot be evaluated", mend="give a Study, a node, or {name: node}")


def output_named(outputs: Mapping[str, Node], of: str) -> Node:
    """An output by name; a node alone answers to "total". Near names are offered where there is none."""
    if of in outputs:
        return outputs[of]
    if of == "total" and len(outputs) == 1:
        return next(iter(outputs.values()))
    near = get_close_matches(of, list(outputs), 3, 0.4) or list(outputs)
    raise MissingError(f"nothing is called {of!r}", where="of", mend=f"one of {', '.join(near)}")


def settled(outputs: Mapping[str, Node]) -> list[Node]:
    """The parameter leaves that the outputs need once labels are selected: none of a label that was not."""
    return parameters(rewritten(outputs).values())


def moved(program: Program, key: str, to: Callable[[Leaf], npt.NDArray[np.float64]]) -> Program:
    """The program with another nominal value of one parameter, `to(leaf)` for each of its leaves.

    Alternatives may define one key differently, and a selected label has fewer rows than all of them: each
    leaf moves from its own values, on its own shape, where an override knows the key alone.
    """
    leaves = tuple(replace(leaf, nominal=to(leaf)) if leaf.key == key else leaf for leaf in program.leaves)
    return replace(program, leaves=leaves)


def versions() -> dict[str, str]:
    """The versions that a result depends on."""
    from importlib import metadata  # slow to import, and needed here only

    try:
        own = metadata.version("lca")
    except metadata.PackageNotFoundError:
        own = "unknown"
    folders = {f"data/{name}": tables.version(name) for name in tables.folders()}
    return {"lca": own, "stream": str(STREAM_VERSION), "numpy": np.__version__, **folders}


def nominal(thing: Any) -> Result:
    """The result with every parameter at its nominal value: one draw (U5).

    `thing` is a study, a node, or named nodes.

    >>> from lca.expression.value import parameter
    >>> float(nominal(parameter("x", "3 kWh at_wall") * 2).data["value"])
    6.0
    """
    model, outputs = model_of(thing)
    program = compile_program(outputs)
    data = _dataset(program, evaluate(program), outputs, draws=False)
    return _result(data, model, outputs, None, 1, "nominal", (), thing)


def monte_carlo(
    thing: Any,
    *,
    draws: int = 10_000,
    seed: int = 0,
    keep: str = "auto",
    design: str = "random",
    mix: Iterable[str] = (),
    threads: int | None = None,
    progress: bool = True,
) -> Result:
    """Draws of every output of a study, a node, or named nodes.

    Draw i of a parameter depends on (seed, key, label, i) only, so 10,000 draws are the first 10,000 of
    100,000 and studies share their random numbers (U2). `design="sobol"` takes scrambled Sobol' points
    instead (draws a power of two). Parameters of kind model or scenario stay nominal unless `mix` names
    their keys (U8). `keep` is "stages", "details", or "auto": details if they take less than 256 MiB.

    Raises `NonFiniteError` with the origin of a value that is not finite (Q6).
    """
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1:
        raise DomainError(f"{draws!r} is no number of draws", where="draws", mend="a whole number from 1 up")
    if keep not in ("auto", "stages", "details"):
        raise DomainError(f"{keep!r} is no way to keep", where="keep", mend='"auto", "stages" or "details"')
    model, outputs = model_of(thing)
    if model is not None and not _details_fit(model, draws, keep):
        dropped = {*model.details, *(name for name in outputs if name.startswith("energy/"))}
        outputs = {name: node for name, node in outputs.items() if name not in dropped}
    program = compile_program(outputs)
    chosen = make_design(program, design, draws, seed)
    values = evaluate(
        program, draws=int(draws), design=chosen, freeze=held_keys(program, mix), threads=threads, progress=progress
    )
    return _result(_dataset(program, values, outputs), model, outputs, int(seed), int(draws), design, tuple(mix), thing)


def held_keys(program: Program, mix: Iterable[str]) -> set[str]:
    """The keys that stay nominal: model and scenario choices that are not mixed by name (U8)."""
    known = {leaf.key for leaf in program.leaves}
    if unknown := sorted(set(mix) - known):
        raise DomainError(f"no parameter {', '.join(unknown)} to mix", where="mix")
    return {leaf.key for leaf in program.leaves if leaf.parameter.kind not in COVERED} - set(mix)


def make_design(program: Program, name: str, draws: int, seed: int) -> RandomDesign | MatrixDesign:
    """A design by name for a program."""
    if name == "random":
        return RandomDesign(seed)
    if name == "sobol":
        columns = columns_of(program.streams, program.keys)
        return MatrixDesign("sobol", columns, sobol_points(draws, max(1, len(columns)), seed))
    raise DomainError(f"no design {name!r}", where="design", mend='"random" or "sobol"')


def _details_fit(model: Model, draws: int, keep: str) -> bool:
    if keep != "auto":
        return keep == "details"
    elements = sum(int(np.prod([len(dim) for dim in node.dims], dtype=int)) for node in model.outputs.values())
    return elements * draws * 8 <= _DETAIL_BYTES


def _dataset(
    program: Program,
    values: Mapping[str, npt.NDArray[np.float64]],
    outputs: Mapping[str, Node],
    draws: bool = True,
) -> xarray.Dataset:
    variables = {}
    for name, output in program.outputs.items():
        array = values[name] if draws else values[name][..., 0]
        if output.factor != 1.0:
            np.divide(array, output.factor, out=array)
        dims = [*(dim.name for dim in output.dims), *(["draw"] if draws else [])]
        variables[name] = (dims, array, {"unit": output.unit})
    varying = {dim.name for output in program.outputs.values() for dim in output.dims}
    return xarray.Dataset(variables, coords=coordinates_of(outputs, varying))


def coordinates_of(outputs: Mapping[str, Node], varying: Iterable[str]) -> dict[str, Any]:
    """Labels and coordinates of the dims named, from the nodes as they were written (D3)."""
    dims: dict[str, Dim] = {}
    for dim in (dim for node in outputs.values() for dim in node.dims if dim.name in varying):
        if dim.name not in dims or (dim.coordinates and not dims[dim.name].coordinates):
            dims[dim.name] = dim
    coordinates: dict[str, Any] = {name: list(dim.labels) for name, dim in dims.items()}
    for dim in dims.values():
        for name, along in dim.coordinates.items():
            taken = name in coordinates or name in outputs
            coordinates[f"{dim.name}_{name}" if taken else name] = (dim.name, list(along))
    return coordinates


def _result(
    data: xarray.Dataset,
    model: Model | None,
    outputs: Mapping[str, Node],
    seed: int | None,
    draws: int,
    design: str,
    mixed: tuple[str, ...],
    thing: Any,
) -> Result:
    if model is None:
        model = Model("nodes", outputs, (), (), (), "", "", {}, ())
    study = thing if isinstance(thing, Study) else None
    return Result(data, model, seed, draws, design, mixed, versions(), study)

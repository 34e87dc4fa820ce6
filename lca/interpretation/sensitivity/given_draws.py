"""Draws of one output beside the random numbers that made them, of a result that is there or drawn here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ...checks import Array
from ...errors import MissingError
from ...graph.labels import Dim
from ...graph.program import Program
from ...sampling.correlated import correlated
from ...sampling.design import Column, Design, RandomDesign, own_columns
from ...sampling.evaluate import evaluate
from ...sampling.stream import Numbers
from ..draws import design_named, held_keys
from ..result import Evaluable, Result, output_named
from ..spreads import denominator
from .question import question, spread_keys

#: Draws that are made again, to see whether the random numbers are those of the result.
_LOOKED_AT = 64


@dataclass(frozen=True)
class GivenDraws:
    """Draws of one output, and the numbers of 32 bits of each column of the design (columns, draws)."""

    program: Program
    dims: tuple[Dim, ...]
    held: frozenset[str]
    columns: tuple[Column, ...]
    values: Array  # (labels..., draws)
    numbers: Numbers

    @property
    def count(self) -> int:
        """How many draws there are."""
        return self.values.shape[-1]


def given_draws(thing: Evaluable, of: str, per: str, most: int, seed: int, mix: Iterable[str]) -> GivenDraws:
    """The draws of a result, at most so many; of anything else they are drawn.

    Raises `MissingError` where the random numbers of a result cannot be made again.
    """
    program, node = question(thing, of, per)
    mixed = thing.mixed if isinstance(thing, Result) else mix
    held = frozenset(held_keys(program, mixed))
    keys = spread_keys(program, held, of)
    own = {column for stream in program.streams if stream.key in keys for column in own_columns(stream)}
    columns = tuple(sorted(own))
    if isinstance(thing, Result):
        values = _of_result(thing, of, per, most)
        design = _design_of(thing, program, held, values)
    else:
        design = RandomDesign(seed)
        (values,) = evaluate(program, draws=most, design=design, freeze=held).values()
    numbers = np.array(correlated(design, program).reader(columns).read(slice(None), 0, values.shape[-1]))
    return GivenDraws(program, node.dims, held, columns, values, numbers)


def _of_result(result: Result, of: str, per: str, most: int) -> Array:
    data = result.data
    found = data[output_named(data, of)]
    if per != "total":
        below, count, _ = denominator(data, per)
        found = found / (data[below] / count)
    if "draw" not in found.dims:
        raise MissingError.of("no_spread", of)
    dims = sorted(str(dim) for dim in found.dims if dim != "draw")
    return np.asarray(found.transpose(*dims, "draw").values[..., :most], float)


def _design_of(result: Result, program: Program, held: frozenset[str], values: Array) -> Design:
    """The design that made the draws of a result, if it makes the first of them again."""
    why = {"nominal": "they are nominal values"}.get(result.design, "")
    why = why or ("they are points of a run with until=" if result.reached is not None else "")
    if why or result.seed is None:
        raise MissingError.of("draws_cannot_be_made_again", "result", why=why)
    whole = result.model.program
    design = design_named(whole, result.design, result.asked or result.draws, result.seed)
    count = min(_LOOKED_AT, values.shape[-1])
    try:
        (again,) = evaluate(program, draws=count, design=design, freeze=held).values()
    except KeyError:  # Sobol' points have no such column
        again = np.full(1, np.nan)
    factor = next(iter(program.outputs.values())).factor
    if not np.allclose(again / factor, values[..., :count], rtol=1e-9, atol=0):
        raise MissingError.of("draws_cannot_be_made_again", "result", why="other draws come of its seed and design")
    return design

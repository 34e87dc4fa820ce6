"""What a run keeps: all draws or a summary, with the details by activity or without."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..checks import one_of
from ..errors import DomainError, MissingError
from ..graph.program import Program
from ..study.assembly import Model
from .spreads import denominator
from .streaming import FIRST

#: Bytes of draws that "auto" keeps: of as many draws as stand beside a summary, and of more.
_FEW_BYTES, _MANY_BYTES = 256 * 2**20, 64 * 2**20
#: A dim with more labels is compared in all draws only if it is named: each is compared with each.
_MOST_COMPARED = 512


@dataclass(frozen=True)
class Kept:
    """Whether a summary is kept in place of all draws, and the program of the outputs that are kept."""

    summary: bool
    program: Program

    @property
    def word(self) -> str:
        """As `keep=` says it."""
        return "summary" if self.summary else "draws"


def what_to_keep(model: Model, draws: int, keep: str, details: bool | None) -> Kept:
    """What a run of so many draws keeps. Raises `DomainError` for an unknown word."""
    if keep in ("stages", "details"):  # words of version 0.1
        raise DomainError.of("word_of_details", "keep", word=keep, line=f"details={keep == 'details'}")
    one_of(keep, ("auto", "draws", "summary"), "way to keep", "keep")
    small, full = (8 * draws * elements(one) for one in (model.brief_program, model.program))
    room = _MANY_BYTES if draws > FIRST else _FEW_BYTES
    summary = keep == "summary" or (keep == "auto" and (full if details else small) > room)
    whole = not summary and full <= _FEW_BYTES if details is None else details
    return Kept(summary, model.program if whole else model.brief_program)


def require_known_names(model: Model, *, per: Iterable[str], over: Iterable[str] | None) -> None:
    """Raise for a name in `per` or `over` that the model lacks, whether or not the run needs it."""
    divisors(model, per)
    compared(model, over)


def elements(program: Program) -> int:
    """How many numbers one draw of all outputs has."""
    return sum(math.prod(len(dim) for dim in output.dims) for output in program.outputs.values())


def divisors(model: Model, per: Iterable[str]) -> dict[str, tuple[str, float]]:
    """What a summary may be divided by: (the output, how much of it makes one), by name."""
    asked = [one for one in per if one != "total" and (one != "functional_unit" or one in model.outputs)]
    return {one: denominator(model.outputs, one)[:2] for one in asked}


def compared(model: Model, over: Iterable[str] | None) -> list[str]:
    """The dims of alternatives that are compared in all draws: the one there is, if none is named."""
    sizes = _dims_compared(model)
    dims = list(sizes)
    if over is None:
        return dims if len(dims) == 1 and sizes[dims[0]] <= _MOST_COMPARED else []
    if strange := [dim for dim in over if dim not in dims]:
        raise MissingError.of("no_alternatives_over", "over", dim=strange[0], dims=", ".join(dims) or "none")
    return list(over)


def _dims_compared(model: Model) -> dict[str, int]:
    """The dims of alternatives of the total, with how many labels each has."""
    total = model.outputs.get("total")
    return {dim.name: len(dim) for dim in total.dims if dim.name not in model.summed} if total is not None else {}

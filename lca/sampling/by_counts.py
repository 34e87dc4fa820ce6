"""Which evaluator does a run: NumPy, or the interpreter of element operations that numba compiles (extra `fast`).

The choice rests on counts alone and never on a clock, so that a study is evaluated in the same way on every day.
"""

from __future__ import annotations

import logging
import math
from importlib import import_module

from ..checks import one_of
from ..errors import DomainError, MissingError
from .lowering import lacking
from .plan import Plan

_LOG = logging.getLogger(__name__)
#: Operations from which on numba is taken: about a second of NumPy, and loading numba takes half of that.
WORTH_LOADING = 10**9
#: A number is drawn in the time of about so many operations on two numbers.
_OF_A_DRAW = 8


def operations(plan: Plan) -> int:
    """Operations on single numbers that NumPy does for each draw."""
    sizes = (math.prod(plan.program.instructions[position].shape) for position in plan.steps)
    return sum(sizes) + _OF_A_DRAW * len(plan.drawing.standards)


def evaluator_for(plan: Plan, draws: int, asked: str) -> str:
    """ "numpy" or "numba": what was asked for; of "auto" what the count of operations says.

    Raises `MissingError` if numba is asked for and cannot be loaded, `DomainError` if the plan has a function that has
    no element form.
    """
    one_of(asked, ("auto", "numpy", "numba"), "evaluator", "evaluator")
    if asked == "auto":
        count = operations(plan) * draws
        chosen = "numba" if count >= WORTH_LOADING and not lacking(plan) and numba_loads() else "numpy"
        _LOG.debug("evaluator %s for %d operations", chosen, count)
        return chosen
    if asked == "numba" and (error := _why_not()) is not None:
        raise MissingError.of("numba_cannot_be_loaded", "evaluator", error=error) from error
    if asked == "numba" and (names := lacking(plan)):
        raise DomainError.of("no_element_form", "evaluator", functions=", ".join(names))
    return asked


def numba_loads() -> bool:
    """Whether numba is installed and can be loaded."""
    return _why_not() is None


def _why_not() -> ImportError | None:
    """Why numba cannot be loaded."""
    try:
        import_module("numba")
    except ImportError as error:
        return error
    return None

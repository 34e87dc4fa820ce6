"""Arrays of every output of a program: at nominal values, or of some draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..checks import Array
from ..graph.decided import looked_at
from ..graph.node import Node
from ..graph.program import Program, compile_program
from .design import Design
from .finite import require_finite
from .question import Question
from .run import run
from .sinks import KeptDraws


def evaluate(
    program: Program,
    *,
    draws: int | None = None,
    start: int = 0,
    design: Design | None = None,
    freeze: Iterable[str] = (),
    overrides: Mapping[str, object] | None = None,
    threads: int | None = None,
    progress: bool = False,
    evaluator: str = "auto",
) -> dict[str, Array]:
    """Evaluate every output of a program: arrays (labels..., draws) in root units.

    Without `draws` every parameter takes its nominal value and the last axis has length 1 (U5).
    `design` fills the uniform numbers; keys in `freeze` stay nominal; `overrides` replaces the value of
    a key by an array in root units that broadcasts to (labels..., draws). Draws `start` to `start + draws`
    are the same numbers as in any longer run. Raises `NonFiniteError`, traced to its origin (Q6).
    The results are the same bits for any number of threads (U7). `evaluator` is "numpy", "numba", or "auto" by the
    count of operations.
    """
    given = {key: np.asarray(value, dtype=np.float64) for key, value in (overrides or {}).items()}
    question = Question(program, design if draws else None, start, draws or 1, frozenset(freeze), given, evaluator)
    require_known(question)
    kept = KeptDraws(question)
    run(question, kept, threads=threads, progress=progress)
    return kept.draws(question.draws)


def require_known(question: Question) -> None:
    """Raise for what is wrong before anything is drawn: guards and outputs that no draw changes."""
    plan = question.plan
    with np.errstate(all="ignore"):
        for check in plan.program.checks:
            if check.value in plan.fixed:
                check.look(plan.fixed[check.value], question.start, draws=False)
        require_finite(question, question.start, plan.known)


def nominal_values(nodes: Mapping[str, Node]) -> dict[str, Array]:
    """Nominal values of nodes in root units, each on the shape of its dims: of a node without dims, one number.

    It is noted at the parameters that something may follow from them.

    >>> from lca.graph.node import constant
    >>> float(nominal_values({"x": constant(2.0)})["x"])
    2.0
    """
    looked_at(*nodes.values())
    return shown_values(nodes)


def shown_values(nodes: Mapping[str, Node]) -> dict[str, Array]:
    """The same to be shown alone: nothing follows from them."""
    return {name: values[..., 0] for name, values in evaluate(compile_program(nodes)).items()}

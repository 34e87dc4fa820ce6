"""The evaluator of a thread: of the kind that a question is evaluated by."""

from __future__ import annotations

from .evaluator import Evaluator, NumpyEvaluator
from .question import Question


def evaluator_of(question: Question) -> Evaluator:
    """An evaluator for one thread, of so many that work at the same time. numba is loaded when it is needed."""
    if question.evaluated_by == "numpy":
        return NumpyEvaluator(question)
    from .numba_evaluator import NumbaEvaluator

    return NumbaEvaluator(question)

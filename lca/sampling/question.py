"""What is asked of a program: which draws, of which design, with what held or replaced. It pickles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..checks import Array, did_you_mean
from ..errors import LabelError, MissingError
from ..graph.program import Program
from .by_counts import evaluator_for
from .correlated import correlated
from .design import Design
from .element_code import ElementCode, element_code
from .plan import Plan, plan_of


def _fits(given: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether values on the labels of one shape broadcast to another."""
    return len(given) <= len(shape) and all(
        own in (1, wanted) for own, wanted in zip(given[::-1], shape[::-1], strict=False)
    )


@dataclass(frozen=True, eq=False)
class Question:
    """Draws `start` to `start + draws` of every output of a program; without a design at nominal values (U5).

    `frozen` keys stay nominal. `overrides` replaces the value of a key by an array in root units that broadcasts to
    (labels..., draws), from draw `start` on. `evaluator` is "numpy", "numba", or "auto" by the count of operations.
    """

    program: Program
    design: Design | None = None
    start: int = 0
    draws: int = 1
    frozen: frozenset[str] = frozenset()
    overrides: Mapping[str, Array] = field(default_factory=dict)
    evaluator: str = "auto"

    def __post_init__(self) -> None:
        known: dict[str, list[tuple[int, ...]]] = {}
        for leaf in self.program.leaves if self.overrides else ():
            known.setdefault(leaf.key, []).append(leaf.nominal.shape)
        for key, array in self.overrides.items():
            if key not in known:
                near = did_you_mean(key, known)
                raise MissingError.of("override_of_no_parameter", "overrides", name=key, near=near)
            if array.ndim and array.shape[-1] not in (1, self.draws):
                raise LabelError.of("override_of_wrong_length", key, shape=array.shape, draws=self.draws)
            if not all(_fits(array.shape[:-1], shape) for shape in known[key]):
                raise LabelError.of("override_of_other_labels", key, shape=array.shape[:-1], shapes=known[key])

    @property
    def stop(self) -> int:
        """The draw behind the last."""
        return self.start + self.draws

    @cached_property
    def points(self) -> Design | None:
        """The design with the correlations of the program (U14)."""
        return correlated(self.design, self.program) if self.design else None

    @cached_property
    def plan(self) -> Plan:
        """What varies and what is fixed; made once, and not pickled."""
        return plan_of(self.program, self.overrides, self.frozen, self.design is not None)

    @cached_property
    def evaluated_by(self) -> str:
        """ "numpy" or "numba"."""
        return evaluator_for(self.plan, self.draws, self.evaluator)

    @cached_property
    def code(self) -> ElementCode:
        """The plan as element operations; made once, and not pickled."""
        return element_code(self.plan)

    def cut(self, first: int, last: int) -> Question:
        """The same for some of its draws alone, to be sent elsewhere: itself where nothing in it is told by draw."""
        by_draw = {key for key, array in self.overrides.items() if array.shape[-1:] > (1,)}
        if not by_draw:
            return self
        at = slice(first - self.start, last - self.start)
        given = {key: array[..., at] if key in by_draw else array for key, array in self.overrides.items()}
        return replace(self, start=first, draws=last - first, overrides=given, evaluator=self.evaluated_by)

    def first(self, draws: int) -> Question:
        """The same question of its first draws alone, with the same plan and evaluator."""
        made = replace(self, draws=draws, evaluator=self.evaluated_by)
        made.__dict__["plan"] = self.plan
        return made

    def __getstate__(self) -> dict[str, object]:
        stated = {name: self.__dict__[name] for name in self.__dataclass_fields__}
        return stated | {"evaluator": self.evaluated_by}  # others do as the first

"""The parameters that a reader of the what-if page moves: where each may go, and how a value of it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...distributions.families import Uniform
from ...errors import DomainError, LabelError, LcaError, RecordError
from ...graph.fields import Declared, resolve
from ...graph.formula_text import unattached
from ...graph.functions import where
from ...graph.node import Node
from ...graph.program import compile_program
from ...records.components import find
from ...records.record import Record
from ...sampling.design import RandomDesign
from ...sampling.evaluate import evaluate, shown_values
from ...study.study import Study
from ...units.number_text import in_full
from ...units.quantity_text import Scalar
from ...units.text import display

#: What the keys of the page begin with: of a value, and of whether it was set.
KEY = "what-if/"
SET = "/set"
#: Draws by which the 5 to 95 % range of an expression is found.
_DRAWS = 2_000


@dataclass(frozen=True, eq=False)
class Slider:
    """A parameter that can be set: its path, its range in `unit`, and root units for one of these.

    `value` is what is set, under a key of its own; `stated` is what the study holds, and `given` how it was given.
    `named` is the path with the name of the component as people write it.
    """

    path: str
    unit: str
    low: float
    high: float
    value: Node
    stated: Node
    given: object
    named: str

    @property
    def scale(self) -> float:
        """Root units for one `unit`."""
        assert self.value.parameter is not None
        return self.value.parameter.scale

    @property
    def nominal(self) -> float:
        """The nominal value of what the study holds, in `unit`."""
        return float(shown_values({"stated": self.stated})["stated"]) / self.scale

    @property
    def said(self) -> str:
        """What the study holds, in words and in `unit`."""
        text = in_full(self.nominal)
        if not self.stated.random:
            return f"{text}, without spread"
        low, high = (in_full(end / self.scale, 3) for end in _ends(self.stated))
        return f"{text} (5 to 95 %: {low} to {high})"

    @property
    def expression(self) -> Node:
        """The value where it is set, else what the study holds."""
        chosen = resolve(Uniform(0, 1), Declared(("",)), key=f"{KEY}{self.path}{SET}")
        held: Node = where(chosen > 0.5, self.value, self.stated)
        return held

    @property
    def range(self) -> Uniform:
        """Its ends as a user writes them."""
        low, high = (f"{end!r} {self.unit}" if self.unit else end for end in (self.low, self.high))
        return Uniform(low, high)

    def written(self, number: float) -> str | float:
        """A value as `study.replace` reads it."""
        return f"{number!r} {self.unit}" if self.unit else number


def slider_of(study: Study, path: str, ends: tuple[Scalar, Scalar] | None = None) -> Slider:
    """A parameter with its range: the one that is given, or its own 5 to 95 % interval.

    Raises `MissingError` for a path that names nothing, `RecordError` for one that names no quantity, `LabelError` for
    a value with labels, and `DomainError` for a range that cannot be.
    """
    holders, field = find(study.components, path)
    declared = holders[0]._fields[field].get("declared")
    if declared is None:
        raise RecordError.of("slider_of_no_quantity", path)
    stated = study[path]
    assert isinstance(stated, Node)
    if stated.dims:
        raise LabelError.of("slider_over_labels", path, dim=stated.dims[0].name)
    made = Uniform(*ends) if ends is not None else _own_range(stated, holders[0], declared, path)
    value, (low, high) = _value(made, holders[0], declared, path), made.support
    return Slider(path, made.unit, low, high, value, stated, holders[0].given(field), f"{holders[0].name}.{field}")


def _value(between: Uniform, holder: Record, declared: Declared, path: str) -> Node:
    """The value of a field under the key of the page."""
    at = getattr(holder, "at", None) if declared.boundary else None
    return resolve(between, declared, key=KEY + path, at=at)


def _own_range(stated: Node, holder: Record, declared: Declared, path: str) -> Uniform:
    """The 5 to 95 % interval of a value, in the unit as a user would write it."""
    if not stated.random:
        raise DomainError.of("slider_without_range", path)
    leaf = stated.parameter
    unit, scale = display(stated.unit) if leaf is None else (leaf.unit, leaf.scale)
    low, high = _ends(stated)
    ends = [_rounded(low / scale, (high - low) / scale), _rounded(high / scale, (high - low) / scale)]
    for text in dict.fromkeys([unattached(unit), unit.removesuffix("/device"), unit]):
        made = Uniform(*(f"{end!r} {text}" if text else end for end in ends))
        try:
            if _value(made, holder, declared, path).unit == stated.unit:
                return made
        except LcaError:
            continue
    return Uniform(*(f"{end!r} {unit}" for end in ends))


def _ends(node: Node) -> tuple[float, float]:
    """The 5 and 95 % quantiles of a value in root units, exact where it is a parameter."""
    if node.parameter is not None:
        low, high = (float(node.parameter.quantile(u).item()) for u in (0.05, 0.95))
        return low, high
    drawn = evaluate(compile_program({"value": node}), draws=_DRAWS, design=RandomDesign(0))["value"]
    return float(np.quantile(drawn, 0.05)), float(np.quantile(drawn, 0.95))


def _rounded(value: float, width: float) -> float:
    """A number with as many digits as its range of a width supports: three."""
    return float(np.round(value, 2 - int(np.floor(np.log10(width)))))


def sliders_of(study: Study, parameters: Sequence[str] | Mapping[str, object]) -> list[Slider]:
    """The parameters that were named, with their ranges; all that are wrong are named at once."""
    ranges = parameters if isinstance(parameters, Mapping) else dict.fromkeys(parameters)
    made, wrong = list[Slider](), list[LcaError]()
    for path, ends in ranges.items():
        try:
            made.append(slider_of(study, path, _two(ends, path)))
        except LcaError as error:
            wrong.append(error)
    if len(wrong) > 1:
        sides = [f"{error.where}: {error.what}" for error in wrong]
        raise type(wrong[0]).of("several_sliders_wrong", "parameters", sides, count=len(wrong), fix=wrong[0].fix)
    if wrong:
        raise wrong[0]
    return made


def _two(ends: object, path: str) -> tuple[Scalar, Scalar] | None:
    """The ends of a range, where it is given."""
    if ends is None:
        return None
    if isinstance(ends, (tuple, list)) and len(ends) == 2:
        return ends[0], ends[1]
    raise DomainError.of("slider_without_two_ends", path, [str(ends)])

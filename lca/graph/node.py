"""The graph: a node is a row of the function table over other nodes, or a leaf.

Units and labels are checked on the line that builds a node (Q1, D1). A node has no value and no
truth value until it is evaluated (Q7). Everything here is immutable.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import NoReturn, TypeAlias, TypeVar, cast

import numpy as np

from ..checks import finite_number, real
from ..distributions.base import Distribution
from ..distributions.reading import read_scalar
from ..errors import BoundaryError, LabelError, NonFiniteError, NotEvaluatedError, UnitError
from ..units.mismatch import remedy
from ..units.number_text import in_full, readable
from ..units.parse import from_pint, parse_unit
from ..units.registry import BOUNDARIES, DIMENSIONLESS, Unit, is_pint
from ..units.text import display, unit_text
from .function_table import FUNCTIONS, Function, Mismatch, Static
from .labels import Dims, is_table, label_texts, merge_dims, table_dims
from .leaf import Constant, Parameter

T = TypeVar("T")


def _operator(name: str, swapped: bool = False) -> Callable[[Node, object], Node]:
    """An operator of Python: a row of the function table over two values."""
    row = FUNCTIONS[name]

    def operate(self: Node, other: object) -> Node:
        return Node._build(row, (other, self) if swapped else (self, other), {})

    return operate


@dataclass(eq=False, repr=False, slots=True)
class Node:
    """A value of a study before evaluation: an expression with a unit and labelled dims."""

    function: Function | None
    inputs: tuple[Node, ...]
    static: Static
    unit: Unit
    dims: Dims
    _: KW_ONLY
    leaf: Parameter | Constant | None = None
    name: str = ""
    path: str = ""
    parameter: Parameter | None = field(init=False)  # the leaf, where it is one
    refers: bool = field(init=False)  # whether a path stands in it
    random: bool = field(init=False)  # whether a spread stands in it
    selects: bool = field(init=False)  # whether a label is selected in it
    stacked: bool = field(init=False)  # whether a stack stands in it
    factors: Factors | None = field(init=False, default=None)  # what rewriting found, for every program that holds it
    cheaper: Node | None = field(init=False, default=None)
    lifted: Node | None = field(init=False, default=None)
    pushed: Node | None = field(init=False, default=None)
    range: tuple[float, float] | None = field(init=False, default=None)  # how small and large it can be

    def __post_init__(self) -> None:
        self.parameter = self.leaf if isinstance(self.leaf, Parameter) else None
        name = "" if self.function is None else self.function.name
        self.refers, self.selects, self.stacked = self.path != "", name == "select", name == "stack"
        self.random = self.parameter is not None and self.parameter.is_random
        for node in self.inputs:  # without a call: it is made for each node
            if node.refers:
                self.refers = True
            if node.random:
                self.random = True
            if node.selects:
                self.selects = True
            if node.stacked:
                self.stacked = True

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        kept = {slot: getattr(self, slot) for slot in self.__slots__}
        return None, kept | dict.fromkeys(("factors", "cheaper", "lifted", "pushed", "range"))

    # --- building -------------------------------------------------------------------------------

    @staticmethod
    def _build(row: Function, inputs: Sequence[object], static: Static) -> Node:
        nodes = tuple([value if isinstance(value, Node) else as_node(value) for value in inputs])
        units = [node.unit for node in nodes]
        try:
            unit = row.unit(units, static)
            dims = (
                merge_dims([node.dims for node in nodes], names=lambda i: nodes[i].short)
                if row.dims is None
                else row.dims([node.dims for node in nodes], static)
            )
        except Mismatch as mismatch:
            raise _unit_error(row, nodes, static, mismatch) from None
        return Node(row, nodes, static, unit, tuple(sorted(dims, key=lambda dim: dim.name)))

    def named(self, name: str, path: str = "") -> Node:
        """The same node under a name (for printing), and under the path of the component it is read from (D4)."""
        return Node(self.function, self.inputs, self.static, self.unit, self.dims, leaf=self.leaf, name=name, path=path)

    def with_dims(self, dims: Dims) -> Node:
        """The same node with coordinates along its dims; the labels stay."""
        along = {dim.name: dim for dim in dims}
        return replace(self, dims=tuple(along.get(dim.name, dim) for dim in self.dims))

    def __radd__(self, other: object) -> Node:
        start_of_sum = isinstance(other, int) and other == 0
        return self if start_of_sum else self._build(FUNCTIONS["add"], (other, self), {})

    __add__ = _operator("add")
    __sub__ = _operator("subtract")
    __rsub__ = _operator("subtract", swapped=True)
    __mul__ = _operator("multiply")
    __rmul__ = _operator("multiply", swapped=True)
    __truediv__ = _operator("divide")
    __rtruediv__ = _operator("divide", swapped=True)
    __lt__ = _operator("less")
    __le__ = _operator("less_equal")
    __gt__ = _operator("greater")
    __ge__ = _operator("greater_equal")

    def __neg__(self) -> Node:
        return self._build(FUNCTIONS["negative"], (self,), {})

    def __pow__(self, exponent: float) -> Node:
        if real(exponent) is None:
            return self.__rpow__(exponent)
        number = finite_number(exponent, f"an exponent of {self.short}")
        return self._build(FUNCTIONS["power"], (self,), {"exponent": number})

    def __rpow__(self, base: object) -> Node:
        raise UnitError.of("exponent_that_varies", self.short)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object, **static: object) -> Node:
        """NumPy's numbers and functions meet a node as a row of the table of functions; others raise."""
        name = ufunc.__name__
        if method == "__call__" and not static and name == "power" and inputs[0] is self:
            return self.__pow__(cast(float, inputs[1]))  # which looks at it
        if method != "__call__" or static or name not in FUNCTIONS or name == "power":
            self._no_value()
        return self._build(FUNCTIONS[name], inputs, {})

    # --- what a node is not ---------------------------------------------------------------------

    def _no_value(self, *_: object) -> NoReturn:
        raise NotEvaluatedError.of("no_value_before_evaluation", node=self.short)

    __bool__ = __float__ = __int__ = __index__ = __complex__ = __array__ = __iter__ = __len__ = _no_value
    __round__ = __floor__ = __ceil__ = __trunc__ = _no_value

    # --- reading --------------------------------------------------------------------------------

    @property
    def short(self) -> str:
        """Its name, key or expression, cut to a readable length."""
        return _called(self, 2)

    @property
    def level(self) -> int:
        """How strongly its formula binds; a name and a number need no parentheses."""
        return 9 if self.function is None or self.name else self.function.level

    @property
    def dim_names(self) -> tuple[str, ...]:
        """The names of its dims."""
        return tuple([dim.name for dim in self.dims]) if self.dims else ()

    def __repr__(self) -> str:
        over = "".join(f", {dim.name}: {len(dim)}" for dim in self.dims)
        if self.parameter is None:
            return f"<{self.short} [{unit_text(self.unit)}{over}]>"
        unit, factor = readable(self.unit, float(np.max(np.abs(self.parameter.nominal))))
        ends = [in_full(float(end) / factor) for end in (self.parameter.nominal.min(), self.parameter.nominal.max())]
        said = [f"{' to '.join(dict.fromkeys(ends))} {unit}".strip(), self.parameter.spread]
        return f"<{self.parameter.key} = {'; '.join(filter(None, said))}{over}>"


#: A node as a product: factors with exponents +1 or -1.
Factors: TypeAlias = tuple[tuple[Node, int], ...]


def constant(values: object, unit: Unit = DIMENSIONLESS, dims: Dims = ()) -> Node:
    """A leaf of plain numbers in root units; NaN and infinity raise (Q6)."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        labels = zip(label_texts(dims), np.isfinite(array).ravel(), strict=True)
        bad = [label.rstrip(": ") for label, finite in labels if label and not finite]
        raise NonFiniteError.of("number_of_a_formula_not_finite", sides=bad)
    return Node(None, (), {}, unit, dims, leaf=Constant(array))


def parameter_node(parameter: Parameter) -> Node:
    """The leaf of a parameter."""
    return Node(None, (), {}, parse_unit(parameter.unit)[1], parameter.dims, leaf=parameter)


def as_node(value: object) -> Node:
    """A node from what meets one in a formula: a number, a pint quantity, an xarray table of numbers."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Distribution):
        value._no_arithmetic()
    number = real(value)
    if number is not None:
        return constant(number)
    if is_pint(value):
        magnitude, unit = read_scalar(value, "a formula")
        factor, root = parse_unit(unit)
        return constant(magnitude * factor, root)
    if is_table(value) and getattr(getattr(value, "dtype", None), "kind", "") in ("i", "u", "f"):
        table = value.transpose(*sorted(value.dims, key=str))
        data, unit = from_pint(table.data) if is_pint(table.data) else (table.values, "")
        factor, root = parse_unit(unit)
        return constant(np.asarray(data, dtype=np.float64) * factor, root, table_dims(table))
    if hasattr(value, "__len__") and not isinstance(value, (str, type)) and getattr(value, "ndim", True):
        raise LabelError.of("numbers_without_labels_in_a_formula", kind=type(value).__name__, length=len(value))
    raise NotEvaluatedError.of("not_for_a_formula", value=value)


def _called(node: Node, depth: int) -> str:
    return node.parameter.key if node.parameter else node.name or expression(node, depth)


def _unit_error(row: Function, nodes: Sequence[Node], static: Static, mismatch: Mismatch) -> UnitError:
    left, right = nodes[mismatch.left], nodes[mismatch.right]
    two = mismatch.right >= 0
    sides = [f"{_called(node, 5)} [{unit_text(node.unit)}]" for node in (left, right)[: 1 + two]]
    boundaries = DIMENSIONLESS not in (left.unit, right.unit) and set(left.unit / right.unit) <= set(BOUNDARIES)
    kind = BoundaryError if two and boundaries else UnitError
    written = row.text.format(*[node.short for node in nodes], **static) if row.elementwise else row.name
    function = written if len(written) < 72 else row.name
    return kind.of(mismatch.message, sides=sides, function=function, fix=remedy(left.unit, right.unit) if two else "")


# --- walking, without recursion (Q7) ---------------------------------------------------------------


_inputs: Callable[[Node], Sequence[Node]] = operator.attrgetter("inputs")


def postorder(roots: Iterable[Node], below: Callable[[Node], Sequence[Node]] = _inputs) -> Iterator[Node]:
    """Every node once, inputs before users; `below` says which inputs of a node are entered."""
    seen: set[int] = set()
    stack: list[Node | None] = list(roots)
    stack.reverse()
    while stack:
        node = stack.pop()
        if node is None:  # behind it stands one whose inputs are done
            yield cast(Node, stack.pop())
        elif id(node) not in seen:
            seen.add(id(node))
            if inputs := below(node):
                stack += (node, None, *reversed(inputs))
            else:
                yield node


def fold(
    roots: Sequence[Node], visit: Callable[[Node, list[T]], T], below: Callable[[Node], Sequence[Node]] = _inputs
) -> list[T]:
    """Evaluate bottom up: `visit(node, results of the inputs that are entered)`; returns the results of the roots."""
    results: dict[int, T] = {}
    for node in postorder(roots, below):
        results[id(node)] = visit(node, [results[id(child)] for child in below(node)])
    return [results[id(node)] for node in roots]


def rebuilt(node: Node, inputs: Sequence[Node]) -> Node:
    """The node over other inputs, checked anew; the node itself where they are the same."""
    if node.function is None or all(map(operator.is_, node.inputs, inputs)):
        return node
    made = Node._build(node.function, inputs, node.static).named(node.name, node.path)
    along = [dim for dim in node.dims if dim.coordinates and dim in made.dims]
    return made.with_dims(tuple(along)) if along else made


def parameters(roots: Iterable[Node]) -> list[Node]:
    """The parameter leaves, in the order of first use."""
    return [node for node in postorder(roots) if node.parameter is not None]


def expression(node: Node, depth: int = 3) -> str:
    """The formula as text, cut below `depth`."""
    if node.parameter is not None:
        return node.parameter.key
    if isinstance(node.leaf, Constant):
        if node.leaf.values.ndim:
            return "a table"
        text, factor = display(node.unit)
        return f"{in_full(float(node.leaf.values) / factor, 6)} {text}".strip()
    if depth <= 0 or node.function is None:
        return node.name or "..."
    texts = [child.name or expression(child, depth - 1) for child in node.inputs]
    levels = [child.level if depth > 1 else 9 for child in node.inputs]
    return node.function.written(texts, levels, node.static)

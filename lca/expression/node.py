"""The graph: a node is a row of the function table over other nodes, or a leaf.

Units and labels are checked on the line that builds a node (Q1, D1). A node has no value and no
truth value until it is evaluated (Q7). Everything here is immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..checks import finite_number, real
from ..errors import BoundaryError, LabelError, NonFiniteError, NotEvaluatedError, UnitError
from ..remedies import remedy
from ..units import BOUNDARIES, DIMENSIONLESS, Unit, display, from_pint, parse_unit, unit_text
from .distribution import Distribution
from .functions import FUNCTIONS, Function, Mismatch, Static
from .label import Dims, merge_dims, table_dims
from .leaf import Constant, Parameter

Array = npt.NDArray[np.float64]
T = TypeVar("T")


class Node:
    """A value of a study before evaluation: an expression with a unit and labelled dims."""

    __slots__ = (
        "cheaper", "dims", "factors", "function", "inputs", "leaf", "name", "path", "pushed", "random", "range",
        "refers", "static", "unit",
    )  # fmt: skip

    def __init__(
        self,
        function: Function | None,
        inputs: tuple[Node, ...],
        static: Static,
        unit: Unit,
        dims: Dims,
        *,
        leaf: Parameter | Constant | None = None,
        name: str = "",
        path: str = "",
    ) -> None:
        self.function, self.inputs, self.static = function, inputs, static
        self.unit, self.dims, self.leaf, self.name, self.path = unit, dims, leaf, name, path
        self.refers: bool = bool(path) or any(node.refers for node in inputs)  # a path stands in it
        own = isinstance(leaf, Parameter) and leaf.is_random
        self.random: bool = own or any(node.random for node in inputs)  # a spread stands in it
        self.factors: Factors | None = None  # what rewriting found, for every program that holds the node
        self.cheaper: Node | None = None
        self.pushed: Node | None = None
        self.range: tuple[float, float] | None = None  # how small and large it can be

    def __getstate__(self) -> Any:
        kept = {slot: getattr(self, slot) for slot in self.__slots__}
        return None, kept | dict.fromkeys(("factors", "cheaper", "pushed", "range"))

    # --- building -------------------------------------------------------------------------------

    @staticmethod
    def _build(row: Function, inputs: Sequence[Any], static: Static) -> Node:
        nodes = tuple(as_node(value) for value in inputs)
        if row.name in ("sum", "cumulative_product") and static.get("dim") is None:
            raise TypeError("name the dim")
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
        inputs, dims = self.inputs, self.dims
        return Node(self.function, inputs, self.static, self.unit, dims, leaf=self.leaf, name=name, path=path)

    def with_dims(self, dims: Dims) -> Node:
        """The same node with coordinates along its dims; the labels stay."""
        along = {dim.name: dim for dim in dims}
        kept = tuple(along.get(dim.name, dim) for dim in self.dims)
        made = (self.function, self.inputs, self.static, self.unit, kept)
        return Node(*made, leaf=self.leaf, name=self.name, path=self.path)

    def __add__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["add"], (self, other), {})

    def __radd__(self, other: Any) -> Node:
        if isinstance(other, int) and other == 0:  # the start of sum([...])
            return self
        return self._build(FUNCTIONS["add"], (other, self), {})

    def __sub__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["subtract"], (self, other), {})

    def __rsub__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["subtract"], (other, self), {})

    def __mul__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["multiply"], (self, other), {})

    def __rmul__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["multiply"], (other, self), {})

    def __truediv__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["divide"], (self, other), {})

    def __rtruediv__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["divide"], (other, self), {})

    def __pow__(self, exponent: float) -> Node:
        if real(exponent) is None:
            return self.__rpow__(exponent)
        number = finite_number(exponent, f"an exponent of {self.short}")
        return self._build(FUNCTIONS["power"], (self,), {"exponent": number})

    def __rpow__(self, base: Any) -> Node:
        raise UnitError(
            "an exponent is a plain number, known before evaluation",
            where=self.short,
            fix="for pure numbers write lca.functions.power(base, exponent)",
        )

    def __neg__(self) -> Node:
        return self._build(FUNCTIONS["negative"], (self,), {})

    def __lt__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["less"], (self, other), {})

    def __le__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["less_equal"], (self, other), {})

    def __gt__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["greater"], (self, other), {})

    def __ge__(self, other: Any) -> Node:
        return self._build(FUNCTIONS["greater_equal"], (self, other), {})

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **static: Any) -> Node:
        """NumPy's numbers and functions meet a node as a row of the table; what is no row raises."""
        name = ufunc.__name__
        if method == "__call__" and not static and name == "power" and inputs[0] is self:
            raised: Node = self.__pow__(inputs[1])
            return raised
        if method != "__call__" or static or name not in FUNCTIONS or name == "power":
            self._no_value()
        return self._build(FUNCTIONS[name], inputs, {})

    # --- what a node is not ---------------------------------------------------------------------

    def _no_value(self, *_: Any) -> Any:
        raise NotEvaluatedError(
            f"{self.short} has no value until it is evaluated",
            fix="use lca.nominal or lca.monte_carlo for numbers, lca.functions.where for a condition, "
            "and lca.functions.minimum, maximum, ceil instead of Python's",
        )

    __bool__ = __float__ = __int__ = __index__ = __complex__ = __array__ = __iter__ = __len__ = _no_value
    __round__ = __floor__ = __ceil__ = __trunc__ = _no_value

    # --- reading --------------------------------------------------------------------------------

    @property
    def parameter(self) -> Parameter | None:
        """The parameter, where the node is one."""
        return self.leaf if isinstance(self.leaf, Parameter) else None

    @property
    def short(self) -> str:
        """Its name, key or expression, cut to a readable length."""
        if self.parameter is not None:
            return self.parameter.key
        return self.name or expression(self, depth=2)

    @property
    def dim_names(self) -> tuple[str, ...]:
        """The names of its dims."""
        return tuple(dim.name for dim in self.dims)

    def __repr__(self) -> str:
        over = "".join(f", {dim.name}: {len(dim)}" for dim in self.dims)
        return f"<{self.short} [{unit_text(self.unit)}{over}]>"


#: A node as a product: factors with exponents +1 or -1.
Factors: TypeAlias = tuple[tuple[Node, int], ...]


def constant(values: Any, unit: Unit = DIMENSIONLESS, dims: Dims = ()) -> Node:
    """A leaf of plain numbers in root units; NaN and infinity raise (Q6)."""
    array = np.asarray(values, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        where = [", ".join(f"{d.name}={d.texts[i]}" for d, i in zip(dims, at, strict=True)) for at in
                 np.argwhere(~np.isfinite(array))] if dims else []  # fmt: skip
        raise NonFiniteError(
            "a formula was given a number that is not finite", sides=where, fix="leave missing values out"
        )
    return Node(None, (), {}, unit, dims, leaf=Constant(array))


def parameter_node(parameter: Parameter) -> Node:
    """The leaf of a parameter."""
    return Node(None, (), {}, parse_unit(parameter.unit)[1], parameter.dims, leaf=parameter)


def as_node(value: Any) -> Node:
    """A node from what meets one in a formula: a number, a pint quantity, an xarray table of numbers."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Distribution):
        value._no_arithmetic()
    number = real(value)
    if number is not None:
        return constant(number)
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        magnitude, unit = from_pint(value)
        factor, root = parse_unit(unit)
        if np.ndim(magnitude):
            raise LabelError("an array of quantities has no labels", fix=_LABELLED)
        return constant(float(magnitude) * factor, root)
    if hasattr(value, "coords") and getattr(getattr(value, "dtype", None), "kind", "") in ("i", "u", "f"):
        table = value.transpose(*sorted(value.dims))
        data, unit = from_pint(table.data) if hasattr(table.data, "magnitude") else (table.values, "")
        factor, root = parse_unit(unit)
        return constant(np.asarray(data, dtype=np.float64) * factor, root, table_dims(table))
    if hasattr(value, "__len__") and not isinstance(value, (str, type)) and getattr(value, "ndim", True):
        raise LabelError(
            "a node met numbers without labels, and nothing is matched by position",
            sides=[f"{type(value).__name__} of length {len(value)}"],
            fix=_LABELLED,
        )
    raise NotEvaluatedError(
        f"{value!r} cannot meet a node in a formula",
        fix='give it a key and a unit: lca.parameter("my.key", "5 W")',
    )


_LABELLED = 'write node * table for an xarray table, else lca.parameter("my.key", lca.labelled(data, unit, dim=))'


def _called(node: Node) -> str:
    """What an error calls a node: its key, its name, or its expression, with the unit."""
    text = node.parameter.key if node.parameter else node.name or expression(node, depth=5)
    return f"{text} [{unit_text(node.unit)}]"


def _unit_error(row: Function, nodes: Sequence[Node], static: Static, mismatch: Mismatch) -> UnitError:
    left = nodes[mismatch.left]
    sides = [_called(left)]
    fix, kind = mismatch.fix, UnitError
    if mismatch.right >= 0:
        right = nodes[mismatch.right]
        sides.append(_called(right))
        fix = fix or remedy(left.unit, right.unit)
        if DIMENSIONLESS not in (left.unit, right.unit) and set(left.unit / right.unit) <= set(BOUNDARIES):
            kind = BoundaryError
    written = row.text.format(*[node.short for node in nodes], **static) if row.elementwise else row.name
    return kind(f"{mismatch.what} in {written if len(written) < 72 else row.name}", sides=sides, fix=fix)


# --- walking, without recursion (Q7) ---------------------------------------------------------------


def _inputs(node: Node) -> Sequence[Node]:
    return node.inputs


def postorder(roots: Iterable[Node], below: Callable[[Node], Sequence[Node]] = _inputs) -> Iterator[Node]:
    """Every node once, inputs before users; `below` says which inputs of a node are entered."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(below(node)))


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
    if node.function is None or all(a is b for a, b in zip(node.inputs, inputs, strict=True)):
        return node
    made = Node._build(node.function, inputs, node.static).named(node.name, node.path)
    along = [dim for dim in node.dims if dim.coordinates and dim in made.dims]
    return made.with_dims(tuple(along)) if along else made


def parameters(roots: Iterable[Node]) -> list[Node]:
    """The parameter leaves, in the order of first use."""
    return [node for node in postorder(roots) if node.parameter is not None]


def expression(node: Node, depth: int = 3) -> str:
    """The formula as text, cut below `depth`."""
    return _text(node, depth)[0]


def _text(node: Node, depth: int) -> tuple[str, int]:
    if isinstance(node.leaf, Parameter):
        return node.leaf.key, 9
    if isinstance(node.leaf, Constant):
        if node.leaf.values.ndim:
            return "a table", 9
        text, factor = display(node.unit)
        return f"{float(node.leaf.values) / factor:,.6g} {text}".strip(), 9
    assert node.function is not None
    if depth <= 0:
        return node.name or "...", 9
    row = node.function
    parts = []
    for position, child in enumerate(node.inputs):
        text, level = (child.name, 9) if child.name else _text(child, depth - 1)
        lower = level < row.level or (level == row.level and position and row.name in ("subtract", "divide"))
        parts.append(f"({text})" if lower and row.level < 9 else text)
    return row.text.format(*parts, **node.static), row.level

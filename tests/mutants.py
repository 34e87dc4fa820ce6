"""Small changes of a source text that a test should notice: what `tests/mutation.py` tries.

Operators, comparisons, `and` and `or`, `not`, `min` and `max`, numbers, True and False, and what a function returns.
Texts stay as they are, and so does what says no figure: annotations, decorators, docstrings, `__repr__`, all of a
`raise` and an `assert`, the arguments of errors, `strict=` of a zip, and the numbers of plots (sizes and colours).
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "/", "**": "*", "%": "//"}
ASSIGNED = {f"{old}=": f"{new}=" for old, new in ARITHMETIC.items()}
COMPARED = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
    "is": ("is not",),
    "is not": ("is",),
}
SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Pow: "**", ast.Mod: "%",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.And: "and", ast.Or: "or",
}  # fmt: skip
EXTREMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "amin": "amax", "amax": "amin"}
SPOKEN = {"__repr__", "__str__", "_repr_html_"}  # functions that only show
WORDS = {"where", "fix", "sides", "form", "strict"}  # arguments of errors and of zip
DRAWN = "/plot/"
TEXTS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)


@dataclass(frozen=True)
class Mutant:
    """A change of one place: characters `start` to `end` of a file become one of `after`."""

    path: str
    line: int
    lines: tuple[int, ...]  # a test that runs none of them does not reach the change
    start: int
    end: int
    before: str
    after: tuple[str, ...]
    at_import: bool  # runs when the module is imported, not within a test

    def text(self, source: str, after: str) -> str:
        """The source with the change."""
        return source[: self.start] + after + source[self.end :]


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Every change of a file, in the order of the text.

    >>> [(one.before, one.after) for one in mutants_of("f.py", "def f(x):\\n    return x + 1\\n")]
    [('x + 1', ('None',)), ('+', ('-',)), ('1', ('2', '0'))]
    """
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return finder.found


def sample(candidates: Iterable[Mutant], count: int, seed: int) -> list[tuple[Mutant, str]]:
    """So many of them by chance, each with one of its changes."""
    random = Random(seed)
    known = list(candidates)
    return [(one, random.choice(one.after)) for one in random.sample(known, min(count, len(known)))]


class _Finder(ast.NodeVisitor):
    """Walks the tree, and looks the places of operators up among the tokens, which the tree does not hold."""

    def __init__(self, path: str, source: str) -> None:
        self.found: list[Mutant] = []
        self._path, self._source = path, source
        rows = source.splitlines(keepends=True)
        self._rows = rows
        self._begins = [0]
        for row in rows:
            self._begins.append(self._begins[-1] + len(row))
        self._tokens = [
            (self._begins[t.start[0] - 1] + t.start[1], t.string)
            for t in tokenize.generate_tokens(io.StringIO(source).readline)
            if t.type in (tokenize.OP, tokenize.NAME)
        ]
        self._statement = 1
        self._depth = 0

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            self._statement = node.lineno
        super().visit(node)

    def _all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # what is left alone
    def _skip(self, node: ast.AST) -> None:
        pass

    visit_JoinedStr = visit_Raise = visit_Assert = visit_Import = visit_ImportFrom = _skip

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._all([node.value])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all(node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name not in SPOKEN:
            self._all([*node.args.defaults, *node.args.kw_defaults])
            self._inside(node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._all([*node.args.defaults, *node.args.kw_defaults])
        self._inside([node.body])

    def _inside(self, body: Iterable[ast.AST]) -> None:
        self._depth += 1
        self._all(body)
        self._depth -= 1

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.endswith("Error") or name == "warn":
            return
        if name in EXTREMES:
            end = self._end(node.func)
            self._add(node.func, end - len(name), end, EXTREMES[name])
        self._all([node.func, *node.args, *(word for word in node.keywords if word.arg not in WORDS)])

    # what is changed
    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._add(node.value, self._start(node.value), self._end(node.value), "None")
            self.visit(node.value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        symbol = SYMBOLS.get(type(node.op), "")
        if symbol in ARITHMETIC and not any(_is_text(side) for side in (node.left, node.right)):
            self._between(node, node.left, node.right, symbol, ARITHMETIC[symbol])
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        symbol = SYMBOLS.get(type(node.op), "") + "="
        if symbol in ASSIGNED and not _is_text(node.value):
            self._between(node, node.target, node.value, symbol, ASSIGNED[symbol])
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, right, op in zip(sides, sides[1:], node.ops, strict=False):
            self._between(node, left, right, SYMBOLS[type(op)], *COMPARED[SYMBOLS[type(op)]])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        word = SYMBOLS[type(node.op)]
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between(node, left, right, word, "or" if word == "and" else "and")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, (ast.Not, ast.USub)):
            start = self._start(node)
            self._add(node, start, start + (4 if isinstance(node.op, ast.Not) else 1), "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        after: tuple[str, ...] = ()
        if isinstance(value, bool):
            after = (str(not value),)
        elif isinstance(value, (int, float)) and DRAWN not in self._path:
            after = (str(value + 1), str(value - 1)) if isinstance(value, int) else (repr(value * 1.5 or 1.0),)
        if after:
            self._add(node, self._start(node), self._end(node), *after)

    def _between(self, node: ast.AST, left: ast.expr, right: ast.expr, symbol: str, *after: str) -> None:
        """The operator between two operands: the first such token there, brackets and comments passed over."""
        first, last = self._end(left), self._start(right)
        words = symbol.split()
        for position, word in self._tokens:
            if first <= position < last and word == words[0]:
                end = next(p + len(w) for p, w in self._tokens if p >= position and w == words[-1])
                self._add(node, position, end, *after)
                return

    def _add(self, node: ast.AST, start: int, end: int, *after: str) -> None:
        first, last = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        lines = tuple(sorted({self._statement, *range(first, last + 1)}))
        line = self._source.count("\n", 0, start) + 1
        before = self._source[start:end]
        self.found.append(Mutant(self._path, line, lines, start, end, before, after, self._depth == 0))

    def _start(self, node: ast.expr) -> int:
        return self._offset(node.lineno, node.col_offset)

    def _end(self, node: ast.expr) -> int:
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def _offset(self, line: int, column: int) -> int:
        """Characters from the start of the text: the tree counts bytes within a line."""
        return self._begins[line - 1] + len(self._rows[line - 1].encode()[:column].decode())


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, TEXTS) or (isinstance(node, ast.Constant) and isinstance(node.value, str))

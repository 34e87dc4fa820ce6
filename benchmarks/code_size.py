"""How much code lca has, and how much of it is guards.

    python benchmarks/code_size.py [--most-lines 9700] [--most-guards 8] [--leave logs --leave engines] [PACKAGE]

Code lines are the lines that hold a token of code: no docstring, no comment, no blank line, no line that is blank
inside a text of several lines. A guard is an `if` whose body ends in a `raise`, with no `else`, and which is not
itself an `elif`: one that refuses and otherwise lets pass. All code lines of it count, from the `if` to the end of
the `raise`. A branch that chooses between several actions is no guard, even where one of them raises. `Any` counts
as a word of code, imports included.

It prints a table and the largest files, and exits with 1 where a limit that is given is passed. `--leave` leaves out a
folder: the core is all but `logs`, which grows by a file for each format, and `engines`, by one for each runtime.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "lca"
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Size:
    """Counts of one file, or of several: code lines, lines of guards, guards, and the word `Any`."""

    code: int = 0
    guarded: int = 0
    guards: int = 0
    anys: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.code + other.code, self.guarded + other.guarded, self.guards + other.guards, self.anys + other.anys
        )

    @property
    def guard_share(self) -> float:
        """Lines of guards per 100 code lines."""
        return 100 * self.guarded / self.code

    @property
    def any_rate(self) -> float:
        """`Any` per 1,000 code lines."""
        return 1000 * self.anys / self.code


@cache
def size_of(text: str) -> Size:
    """The counts of one file's text.

    >>> size_of('def f(x: Any) -> Any:\\n    "Text."\\n\\n    # why\\n    if x < 0:\\n        raise ValueError\\n')
    Size(code=3, guarded=2, guards=1, anys=2)
    """
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in NO_CODE]
    tree, rows = ast.parse(text), text.splitlines()
    held = {line for t in tokens for line in range(t.start[0], t.end[0] + 1) if rows[line - 1].strip()}
    code = held - lines_of(docstrings(tree))
    guards = list(guards_of(tree, rows))
    anys = sum(t.type == tokenize.NAME and t.string == "Any" for t in tokens)
    return Size(len(code), len(code & lines_of(guards)), len(guards), anys)


def docstrings(tree: ast.Module) -> list[ast.stmt]:
    """The statements that are docstrings."""
    owners = [node for node in ast.walk(tree) if isinstance(node, DOCUMENTED)]
    return [node.body[0] for node in owners if ast.get_docstring(node, clean=False) is not None]


def guards_of(tree: ast.Module, rows: list[str]) -> Iterator[ast.stmt]:
    """Every `if` that is a guard. An `elif` is an `ast.If` too, told apart by its first word."""
    for node in ast.walk(tree):
        refuses = isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], ast.Raise)
        if refuses and not rows[node.lineno - 1][node.col_offset :].startswith("elif"):
            yield node


def lines_of(nodes: list[ast.stmt]) -> set[int]:
    """The numbers of all lines of some statements."""
    return {line for node in nodes for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def sizes_in(package: Path) -> dict[str, Size]:
    """The counts of every Python file of a package, by its path below the package."""
    return {
        path.relative_to(package).as_posix(): size_of(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where a limit is passed, else 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", nargs="?", type=Path, default=PACKAGE)
    parser.add_argument("--most-lines", type=float, default=float("inf"), help="code lines at most")
    parser.add_argument("--most-guards", type=float, default=float("inf"), help="lines of guards at most, in per cent")
    parser.add_argument("--leave", action="append", default=[], help="a folder of the package to leave out")
    parser.add_argument("--largest", type=int, default=8, help="how many of the largest files to name")
    options = parser.parse_args(arguments)
    left = tuple(f"{folder}/" for folder in options.leave)
    sizes = {name: size for name, size in sizes_in(options.package).items() if not name.startswith(left)}
    total = sum(sizes.values(), Size())
    print(f"{'':<34}{'code lines':>11}{'in guards':>11}{'%':>7}{'guards':>8}{'Any per 1,000':>15}")
    for name, size in [(f"{options.package.name}/, {len(sizes)} files", total), *largest(sizes, options.largest)]:
        print(
            f"{name:<34}{size.code:>11,}{size.guarded:>11,}{size.guard_share:>7.1f}{size.guards:>8}{size.any_rate:>15.1f}"
        )
    passed = [
        f"{what}: {found:,.1f} of at most {most:,.1f}"
        for what, found, most in (
            ("code lines", total.code, options.most_lines),
            ("% of them in guards", total.guard_share, options.most_guards),
        )
        if found > most
    ]
    for line in passed:
        print(line)
    return 1 if passed else 0


def largest(sizes: dict[str, Size], count: int) -> list[tuple[str, Size]]:
    """The files of most code lines."""
    return sorted(sizes.items(), key=lambda pair: -pair[1].code)[:count]


if __name__ == "__main__":
    sys.exit(main())

"""Every failure by name. A message says what is wrong, where, both sides, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable


class LcaError(Exception):
    """The root of every error of this library.

    `what` is one sentence; `where` the full parameter path or file:line; `sides` the
    contradicting values, one text each; `mend` what to write instead.

    >>> print(LcaError("two values differ", where="robots.load", sides=["5 W", "6 W"], mend="state one"))
    two values differ
      where: robots.load
      found: 5 W
        and: 6 W
       mend: state one
    """

    def __init__(self, what: str, *, where: str = "", sides: Iterable[str] = (), mend: str = "") -> None:
        self.what, self.where, self.sides, self.mend = what, where, tuple(sides), mend
        super().__init__(what, where, self.sides, mend)

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        for number, side in enumerate(self.sides):
            lines.append(f"  {'found' if number == 0 else '  and'}: {side}")
        if self.mend:
            lines.append(f"   mend: {self.mend}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore, (type(self), self.what, self.where, self.sides, self.mend))


def _restore(kind: type[LcaError], what: str, where: str, sides: tuple[str, ...], mend: str) -> LcaError:
    return kind(what, where=where, sides=sides, mend=mend)


class ParseError(LcaError, ValueError):
    """A text that is no quantity, or one that could be read in two ways (Q5)."""


class UnitError(LcaError, ValueError):
    """Units or dimensions that do not fit (Q1, Q2)."""


class BoundaryError(UnitError):
    """Two measurement boundaries met without a crossing (Q3)."""


class DomainError(LcaError, ValueError):
    """A value outside the domain of its argument (Q4, U4)."""


class NonFiniteError(LcaError, ValueError):
    """NaN or infinity, at an input or traced from an output (Q6)."""


class NotEvaluatedError(LcaError, TypeError):
    """A node was asked for a value or a truth value before evaluation (Q7, Q8)."""


class LabelError(LcaError, ValueError):
    """Labels that do not match, or a dim that is missing (D1)."""


class RoleError(LcaError, ValueError):
    """A dim that is neither parts nor alternatives (D2)."""


class RecordError(LcaError, ValueError):
    """Records that cannot be stacked, replaced or found (D4)."""


class KeyClashError(LcaError, ValueError):
    """One key with two definitions, or two records with one name (U1)."""


class MissingError(LcaError, KeyError):
    """Something that was asked for does not exist: a table row, a basis, a field."""

    __str__ = LcaError.__str__


class TableError(LcaError, ValueError):
    """A table of data/ that breaks its own rules; every bad row is listed."""


class AccountingError(LcaError, ValueError):
    """A rule of accounting is broken (A1 to A13)."""


class SystemBoundaryError(AccountingError):
    """A stage that is neither modelled nor excluded for a stated reason (A6)."""


class FileFormatError(LcaError, ValueError):
    """A file that is not what it should be."""

"""Every failure and every warning by name. An error says what is wrong, where, both sides, and how to fix it.

The texts stand in `lca/messages/*.toml`, one table each. They are read when an error is raised.
`raise ParseError.of("power_too_high", where, most=24)` fills `{most}` in the texts of `[power_too_high]`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NotRequired, Self, TypedDict


class Message(TypedDict):
    """The texts of an error."""

    what: str
    fix: str
    sides: NotRequired[list[str]]


@functools.cache
def messages() -> Mapping[str, Message]:
    """Every message by its key: `what` is wrong, how to `fix` it, and `sides` where these are texts too."""
    return {key: message for path in _files() for key, message in _read(path).items()}


@functools.cache
def message(key: str) -> Message:
    """One message; of the tables only the one that has it is parsed, which is quicker than all of them."""
    for path in _files():
        if f"[{key}]\n" in path.read_text(encoding="utf-8") and key in (found := _read(path)):
            return found[key]
    raise KeyError(key)


def _files() -> list[Path]:
    return sorted((Path(__file__).parent / "messages").glob("*.toml"))


@functools.cache
def _read(path: Path) -> Mapping[str, Message]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


class LcaError(Exception):
    """The base of every error of this library.

    Parameters
    ----------
    what : str
        What is wrong, one sentence.
    where : str
        The path of the parameter, or file and line.
    sides : sequence of str
        The values that contradict each other.
    fix : str
        What to write instead.

    Examples
    --------
    >>> print(LcaError("two values differ", where="robots.load", sides=["5 W", "6 W"], fix="state one"))
    two values differ
      where: robots.load
      found: 5 W
        and: 6 W
        fix: state one
    """

    def __init__(self, what: str, *, where: str = "", sides: Iterable[str] = (), fix: str = "") -> None:
        self.what, self.where, self.sides, self.fix = what, where, tuple(sides), fix
        super().__init__(what, where, self.sides, fix)

    @classmethod
    def of(cls, key: str, where: str = "", sides: Iterable[str] = (), **values: object) -> Self:
        """The error of a message in `lca/messages/*.toml`.

        Parameters
        ----------
        key : str
            The table of the message.
        where : str
            The path of the parameter, or file and line.
        sides : sequence of str
            The values that contradict each other, if the message has none of its own.
        **values : str or number
            What fills the texts of the message.

        Returns
        -------
        LcaError
            The error, to be raised.

        Examples
        --------
        >>> print(ParseError.of("unit_misspelled", "'5 kwh'", name="kwh", near="'kWh'"))
        'kwh' is not a unit here
          where: '5 kwh'
            fix: did you mean 'kWh'?
        """
        texts = message(key)
        own = [side.format(**values) for side in texts["sides"]] if "sides" in texts else sides  # given: as they are
        return cls(texts["what"].format(**values), where=where, sides=own, fix=texts["fix"].format(**values))

    def __str__(self) -> str:
        sides = zip(["found", *["and"] * len(self.sides)], self.sides, strict=False)
        lines = [("where", self.where), *sides, ("fix", self.fix)]
        return "\n".join([self.what, *(f"{label:>7}: {text}" for label, text in lines if text)])

    def __reduce__(self) -> tuple[object, ...]:
        return functools.partial(type(self), where=self.where, sides=self.sides, fix=self.fix), (self.what,)


class LcaWarning(UserWarning):
    """The base of every warning of this library: `warnings.simplefilter("error", lca.LcaWarning)` makes them errors.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", LcaWarning)
    ...     warnings.warn("one distribution is used by a and b", AssumptionWarning)
    """


class AssumptionWarning(LcaWarning):
    """Something is computed as it was written, and was perhaps meant in another way (U1)."""


class MeasurementWarning(LcaWarning):
    """A measurement that is shorter or poorer than it was planned to be (M6, M8)."""


class ParseError(LcaError, ValueError):
    """A text that is not a quantity, or one that could be read in two ways (Q5)."""


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


class TableError(LcaError, ValueError):
    """A table of data/ that breaks its own rules; every bad row is listed."""


class AccountingError(LcaError, ValueError):
    """A rule of accounting is broken (A1 to A13)."""


class SystemBoundaryError(AccountingError):
    """A stage that is neither modelled nor excluded for a stated reason (A6)."""


class MeterError(LcaError, RuntimeError):
    """A live meter that is not there, may not be read, or shows nothing (M6)."""


class MeasurementError(LcaError, RuntimeError):
    """A measurement that was stopped, or cannot give what is asked of it (M8)."""


class RunError(LcaError, RuntimeError):
    """A run of draws that its workers cannot do: one was lost, or has other versions (U7)."""


class FileFormatError(LcaError, ValueError):
    """A file that is not what it should be."""


class LogError(FileFormatError):
    """A log that does not say what was measured, or says it in two ways (M1 to M7)."""


class EngineError(LcaError, RuntimeError):
    """An engine that cannot be built, loaded or run."""

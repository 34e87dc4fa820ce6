"""The checks that entry points share: a finite number, one of some words, and what was meant."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from .errors import DomainError, NonFiniteError

T = TypeVar("T")
#: An array of numbers.
Array: TypeAlias = npt.NDArray[np.float64]
_SHORT = reprlib.Repr()
_SHORT.maxother = _SHORT.maxstring = 60


def short(value: object) -> str:
    """A value in an error: on one line, cut where it is long.

    >>> short([1] * 1000)
    '[1, 1, 1, 1, 1, 1, ...]'
    """
    return " ".join(_SHORT.repr(value).split())


def real(value: object) -> float | None:
    """The value as a float, where it is a real number or an array of one.

    None for truth values, complex numbers and times, and for all that is not a number; infinity for a whole number
    too large for a float.

    >>> real(np.array(5)), real(5 + 1j), real(True)
    (5.0, None, None)
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if not isinstance(value, (int, float, np.integer, np.floating)) or isinstance(value, (bool, np.timedelta64)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def numeric(value: T, where: str) -> T:
    """The value, if formulas can compute with it: a number, an array or a table of numbers, a quantity.

    >>> numeric(1.5, "exp"), numeric(True, "where")
    (1.5, True)
    """
    inner = getattr(value, "magnitude", value)
    if getattr(getattr(inner, "dtype", None), "kind", "") not in ("i", "u", "f", "b") and not isinstance(inner, bool):
        number = real(inner)
        finite_number(inner, where) if number is None or isinstance(inner, int) else None
    return value


def numbers_of(values: object, where: str, form: str) -> list[float]:
    """Finite numbers in their order, from a list, a column or an array; `form` shows how they are written.

    A mapping (of which the keys would be taken), a text, a set (where equal values are one) and a table of
    several columns raise `DomainError`, and so does what is not a number.

    >>> numbers_of(np.array([3, 1]), "data", "[3, 1]")
    [3.0, 1.0]
    """
    wrong = isinstance(values, (str, bytes, Mapping, set, frozenset)) or getattr(values, "ndim", 1) != 1
    if wrong or not isinstance(values, Iterable):
        raise DomainError.of("not_a_list_of_numbers", where, kind=type(values).__name__, form=form)
    plain: Iterable[object] = getattr(values, "values", values)  # of pandas and xarray, the array within
    return [finite_number(value, f"{where}, value {n}", form=f"write {form}") for n, value in enumerate(plain)]


def finite_number(
    value: object,
    where: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    above: bool = False,
    whole: bool = False,
    form: str = "",
) -> float:
    """The number, if it is finite and lies between `low` and `high` (above `low`, with `above`).

    Raises `DomainError` for what is not a number (such as True and False), is not `whole` where it should be, or
    lies outside; `NonFiniteError` for NaN and infinity. `form` shows how it is written.

    >>> finite_number(3, "draws", low=1, whole=True)
    3.0
    """
    number = real(value)
    if whole and isinstance(value, (float, np.floating)):
        number = None
    if number is not None and not math.isfinite(number):
        raise NonFiniteError.of("not_finite", where, number=number)
    if number is None or number < low or number > high or (above and number == low):
        limits = _limits(low, high, above, whole)
        raise DomainError.of("number_outside", where, value=short(value), limits=limits, fix=form or f"give {limits}")
    return number


def _limits(low: float, high: float, above: bool, whole: bool) -> str:
    """What a number has to be, in words: "a whole number above 0 up to 8"."""
    limits = f"{'a whole' if whole else 'a'} number"
    limits += f" {'above' if above else 'from'} {low:g}" if low > -math.inf else ""
    return limits + (f" up to {high:g}" if high < math.inf else "")


def one_of(word: object, words: Sequence[str], what: str, where: str) -> str:
    """The word, if it is one of `words`; raises `DomainError` with near ones.

    >>> one_of("direct", ("direct", "life cycle"), "basis", "lookup")
    'direct'
    """
    if not isinstance(word, str) or word not in words:
        raise DomainError.of("unknown_word", where, what=what, word=word, near=did_you_mean(word, words))
    return word


def did_you_mean(word: object, known: Iterable[object], *, most: int = 3, cutoff: float = 0.6) -> str:
    """What may have been meant: near names, or all where there are few and none is near.

    >>> did_you_mean("trainig", ["training", "use"])
    "did you mean 'training'?"
    """
    names = list(dict.fromkeys(str(name) for name in known))
    near = get_close_matches(str(word), names, most, cutoff)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"one of {some(names)}" if names else ""


def some(names: Sequence[object], most: int = 12) -> str:
    """The first names on one line, and how many there are in all.

    >>> some(["a", "b", "c"], 2)
    'a, b, ... 3 in all'
    """
    more = f", ... {len(names)} in all" if len(names) > most else ""
    return ", ".join(map(str, names[:most])) + more

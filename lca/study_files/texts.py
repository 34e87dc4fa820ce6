"""Texts that stand for more than a quantity: a distribution, a value of another table, or what is computed of these.

`Triangular(5 inference/s, 10 inference/s, 20 inference/s)`, `tower.lifetime`, `notebook.energies(model)`, and
`robots.requests / 1000`. The quotation marks of Python may stand around an argument, and `lca.` before a name.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping

from ..checks import did_you_mean
from ..distributions.discrete import Discrete
from ..distributions.families import (
    Empirical,
    Lognormal,
    Normal,
    Pert,
    SplitLognormal,
    Triangular,
    Uniform,
    Weibull,
)
from ..distributions.pedigree import pedigree
from ..errors import LcaError, ParseError
from ..inventory.serving import ecologits

#: What a text may call without saying of what.
CALLED: Mapping[str, Callable[..., object]] = {
    **{
        one.__name__: one
        for one in (Normal, Lognormal, SplitLognormal, Uniform, Triangular, Pert, Weibull, Empirical, Discrete)
    },
    "pedigree": pedigree,
    "ecologits": ecologits,
}
#: What a text may name: the items of the file that have a name, by what is asked of them.
Names = Callable[[str, str], object]

_NAME = re.compile(r"[^\W\d]\w*(?:-\w+)*")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_GIVEN = re.compile(r"([^\W\d]\w*)\s*=(?!=)\s*(.*)", re.DOTALL)
#: Python reads no longer whole numbers.
_DIGITS = 4000
_OPENING, _CLOSING = "([{", ")]}"
_OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def is_expression(text: str) -> bool:
    """Whether a text is more than a quantity, a word or a name: a call, or something of something.

    >>> is_expression("Normal(3 W, 1 W)"), is_expression("tower.lifetime"), is_expression("5 kg CO2e/(kWh at_busbar)")
    (True, True, False)
    """
    inside = text.lstrip("( ")
    found = _NAME.match(inside)
    return found is not None and inside[found.end() :].lstrip()[:1] in tuple("(.")


def number_of(text: str) -> object:
    """A text as the number that it is, else as it stands."""
    if _WHOLE.fullmatch(text) and len(text) < _DIGITS:
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def evaluated(text: str, names: Names) -> object:
    """What an expression stands for; `names` gives the item of a name, and raises where there is none.

    >>> evaluated("Lognormal.between(9 kg CO2e, 55 kg CO2e, level=0.9)", lambda *name: None).unit
    'kg CO2e'
    """
    try:
        return _Reader(text, names).all()
    except RecursionError:
        raise ParseError.of("expression_too_deep", text[:40]) from None


class _Reader:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names, self.here = text.strip(), names, 0

    def all(self) -> object:
        made = self._sum()
        if self.here < len(self.text):
            raise ParseError.of("expression_goes_on", repr(self.text), rest=self.text[self.here :])
        return made

    def _next(self, *signs: str) -> str:
        """The sign that stands here, if it is one of these; it is passed."""
        rest = self.text[self.here :].lstrip()
        if not rest.startswith(signs):
            return ""
        self.here = len(self.text) - len(rest) + 1
        return rest[0]

    def _sum(self) -> object:
        return self._chain(self._product, "+", "-")

    def _product(self) -> object:
        return self._chain(self._factor, "*", "/")

    def _chain(self, part: Callable[[], object], *signs: str) -> object:
        made = part()
        while sign := self._next(*signs):
            right = part()
            try:
                made = _OPERATORS[sign](made, right)
            except LcaError:
                raise
            except (TypeError, ArithmeticError):
                raise ParseError.of("expression_of_other_things", repr(self.text), sign=sign) from None
        return made

    def _factor(self) -> object:
        if self._next("("):
            made = self._sum()
            if not self._next(")"):
                raise ParseError.of("expression_not_closed", repr(self.text))
            return made
        rest = self.text[self.here :]
        self.here += len(rest) - len(rest.lstrip())
        if number := _NUMBER.match(self.text, self.here):
            self.here = number.end()
            return number_of(number[0])
        return self._attributes(*self._root())

    def _word(self) -> str:
        found = _NAME.match(self.text, self.here)
        if found is None:
            raise ParseError.of("expression_without_a_name", repr(self.text), rest=self.text[self.here :] or "its end")
        self.here = found.end()
        return found[0]

    def _root(self) -> tuple[object, str]:
        name = self._word()
        if name == "lca" and self._next("."):
            name = self._word()
        if name in CALLED:
            return CALLED[name], name
        if self.text[self.here : self.here + 1] == "(":
            raise ParseError.of("no_such_function", repr(self.text), name=name, near=did_you_mean(name, CALLED))
        asked = self.text[self.here + 1 :] if self.text[self.here : self.here + 1] == "." else ""
        found = _NAME.match(asked)
        return self.names(name, found[0] if found else ""), name

    def _attributes(self, item: object, said: str) -> object:
        """What is asked of an item, one after the other: a field of it, or a call."""
        while sign := self._next(".", "("):
            if sign == ".":
                name = self._word()
                item, said = attribute_of(item, name, repr(self.text), said), f"{said}.{name}"
            else:
                positional, named = self._arguments()
                item = _call(item, positional, named, said)
        return item

    def _arguments(self) -> tuple[list[object], dict[str, object]]:
        inside = _closed(self.text[self.here :])
        if inside is None:
            raise ParseError.of("expression_not_closed", repr(self.text))
        self.here += len(inside) + 1
        positional, named = list[object](), dict[str, object]()
        for one in split(inside, ","):
            if given := _GIVEN.fullmatch(one):
                named[given[1]] = self._argument(given[2])
            else:
                positional.append(self._argument(one))
        return positional, named

    def _argument(self, text: str) -> object:
        if text[:1] == text[-1:] and text[:1] in ("'", '"') and len(text) > 1:
            return text[1:-1]
        if text[:1] == "[" and text[-1:] == "]":
            return [self._argument(one) for one in split(text[1:-1], ",")]
        if text[:1] == "{" and text[-1:] == "}":
            pairs = [one.partition(":") for one in split(text[1:-1], ",")]
            return {self._argument(key.strip()): self._argument(value.strip()) for key, _, value in pairs}
        return evaluated(text, self.names) if is_expression(text) else number_of(text)


def attribute_of(item: object, name: str, where: str, said: str) -> object:
    """A public attribute of an item of this library; near names where it has none."""
    owner = item if isinstance(item, type) else type(item)
    known = [one for one in dir(item) if not one.startswith("_")] if owner.__module__.startswith("lca.") else []
    if name in known:
        return getattr(item, name)
    raise ParseError.of("nothing_of_that_name", where, name=name, of=said, near=did_you_mean(name, known))


def _call(function: object, positional: list[object], named: dict[str, object], said: str) -> object:
    if not callable(function):
        raise ParseError.of("not_a_function", said, name=said)
    try:
        return function(*positional, **named)
    except LcaError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise ParseError.of("call_does_not_fit", said, name=said, why=str(error)) from None


def _closed(text: str) -> str | None:
    """What stands before the parenthesis that closes; None where none does."""
    return next((text[:at] for at, depth in _depths(text) if depth < 0), None)


def split(text: str, mark: str) -> list[str]:
    """The pieces between marks that stand in no parentheses and no quotation marks, without blanks around them.

    >>> split("5 kg/(kWh, m), 'a, b'", ",")
    ['5 kg/(kWh, m)', "'a, b'"]
    """
    cuts = [at for at, depth in _depths(text) if depth == 0 and text[at] == mark]
    pieces = [
        text[start:stop].strip() for start, stop in zip([0, *(at + 1 for at in cuts)], [*cuts, None], strict=True)
    ]
    return pieces if any(pieces) else []


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """Each place outside of quotation marks, and how many parentheses are open behind it."""
    depth, quote = 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
            continue
        if sign in "\"'":
            quote = sign
        depth += (sign in _OPENING) - (sign in _CLOSING)
        yield at, depth

"""The entry of every public function and record: arguments by name, each of the kind that its annotation says.

What an annotation cannot say (a value with a unit, a word of a list) is checked by whoever reads the argument.
"""

from __future__ import annotations

import functools
import inspect
import math
import re
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Sized
from itertools import chain, repeat
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np

from .checks import did_you_mean, finite_number, real, short
from .errors import DomainError, LcaError, MissingError, RecordError

P = ParamSpec("P")
T = TypeVar("T")
#: How Python says that a call inside a function gave an argument that the caller gives too.
_TWICE = re.compile(r"got multiple values for keyword argument '(\w+)'")


class Kind(NamedTuple):
    """What an argument has to be: in words, as a question, how it is written, and what is wrong inside it."""

    words: str
    holds: Callable[[object], bool]
    form: str = ""
    error: type[LcaError] = DomainError
    wrong: Callable[[object], Iterator[object]] = lambda value: iter(())

    @property
    def or_none(self) -> Kind:
        """The same, or None: of a field that is left out by it."""
        return self._replace(holds=lambda value: value is None or self.holds(value))

    def refuse(self, value: object, where: str, name: str) -> None:
        """Raise for a value of another kind: what it is, what is needed, and how that is written."""
        number = real(value) is not None
        if number and "number" in self.words:
            finite_number(value, where, whole="whole" in self.words)
        form = self.form
        if isinstance(value, str) and self.words.startswith("a list of texts"):
            form = f"({value!r},)"
        elif number and self.words.startswith("a text"):
            form = f'"{value}"'
        elif isinstance(value, Mapping) and self.words.endswith("each value a text"):
            form = shown({name: one if isinstance(one, str) else str(one) for name, one in value.items()})
        form = f"{name}={form}" if form else self.words
        wrong = [] if isinstance(value, (str, bytes)) else [shown(one) for one in self.wrong(value)]
        key = "items_of_another_kind" if wrong else "argument_of_another_kind"
        said = {"name": name, "kind": self.words, "form": form, "value": shown(value)}
        number_of = len(value) if wrong and isinstance(value, Sized) else 1
        raise self.error.of(key, where, wrong[:6], wrong=len(wrong), all=number_of, **said)


def shown(value: object) -> str:
    """A value in an error: a component or a class by its name, else as `short` writes it.

    >>> shown(int)
    'the class int'
    """
    kind, name = type(value), getattr(value, "name", "")
    if kind.__module__.startswith("lca.") and isinstance(name, str) and name:
        return f"{kind.__name__} {name!r}"
    return f"the class {value.__name__}" if isinstance(value, type) else short(value)


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and real(value) is not None and abs(int(value)) < 2**63


def _finite(value: object) -> bool:
    number = real(value)
    return number is not None and math.isfinite(number)


_PLAIN: Mapping[object, Kind] = {
    str: Kind("a text", lambda value: isinstance(value, str)),
    int: Kind("a whole number", _whole),
    float: Kind("a number", _finite),
    bool: Kind("True or False", lambda value: isinstance(value, (bool, np.bool_))),
    type(None): Kind("None", lambda value: value is None),
}


@functools.cache
def kind_of(annotation: object) -> Kind | None:
    """What an annotation says of a value; None where it says nothing.

    >>> kind_of(str | None).words, kind_of(typing.Any)
    ('a text', None)
    """
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if origin in (typing.Union, types.UnionType):
        return _union_of([kind_of(one) for one in inside])
    outer = origin or annotation
    if annotation in (Any, object) or not isinstance(outer, type):
        return None
    if outer is tuple and inside and Ellipsis not in inside:
        return _tuple_of([kind_of(one) for one in inside])
    if outer is dict or Mapping in outer.__mro__:  # `issubclass` would ask every class that exists
        return _mapping_of(*(kind_of(one) for one in inside or (object, object)))
    if outer in (Iterable, Sequence, Collection, tuple, list):
        return _list_of(kind_of(inside[0]) if inside else None)
    name = "function" if outer.__name__ == "Callable" else outer.__name__
    form = getattr(outer, "_form", f"lca.{name}(...)" if outer.__module__.startswith("lca.") else "")
    words = getattr(outer, "_kind_words", f"{'an' if name[0] in 'AEIOU' else 'a'} {name}")
    return Kind(words, lambda value: isinstance(value, outer), form, RecordError)


def _union_of(kinds: Sequence[Kind | None]) -> Kind | None:
    known = [kind for kind in kinds if kind is not None]
    if len(known) < len(kinds):
        return None
    named = [kind for kind in known if kind.words != "None"]
    words = " or ".join(kind.words for kind in named)
    return named[0]._replace(words=words, holds=lambda value: any(kind.holds(value) for kind in known))


def _tuple_of(kinds: Sequence[Kind | None]) -> Kind:
    def holds(value: object) -> bool:
        if not isinstance(value, (tuple, list)) or len(value) != len(kinds):
            return False
        return all(kind is None or kind.holds(one) for kind, one in zip(kinds, value, strict=True))

    return Kind(f"a tuple of {len(kinds)}" + (f", each {kinds[0].words}" if kinds[0] else ""), holds)


def _mapping_of(keys: Kind | None, values: Kind | None) -> Kind:
    def wrong(value: object) -> Iterator[object]:
        for key, one in value.items() if isinstance(value, Mapping) else ():
            if (keys and not keys.holds(key)) or (values and not values.holds(one)):
                yield f"{key}: {shown(one)}"

    words = "a mapping" + (f", each value {values.words}" if values else "")
    form = f"{{label: {values.form}}}" if values and values.form else '{"name": value}'
    error = values.error if values else RecordError
    return Kind(words, lambda value: isinstance(value, Mapping) and not any(wrong(value)), form, error, wrong)


def _several(value: object) -> bool:
    """Whether a value is a list of some kind: not a text, not a mapping, not a labelled table."""
    whole = isinstance(value, (str, bytes, Mapping)) or hasattr(value, "coords") or not getattr(value, "ndim", 1)
    return isinstance(value, Iterable) and not whole


def _list_of(items: Kind | None) -> Kind:
    def wrong(value: object) -> Iterator[object]:
        if items and isinstance(value, Iterable) and _several(value) and hasattr(value, "__len__"):
            inside: Iterable[object] = getattr(value, "values", value)  # what runs only once is not looked into
            yield from (one for one in inside if not items.holds(one))

    def holds(value: object) -> bool:
        return _several(value) and not any(True for _ in wrong(value))

    if items is None:
        return Kind("a list", holds)
    words = "a list of texts" if items.words == "a text" else f"a list, each {items.words}"
    return Kind(words, holds, items.form and f"[{items.form}]", items.error, wrong)


class _Named(type):
    """A class that a module knows to type checkers only: compared by its name."""

    def __instancecheck__(cls, value: object) -> bool:
        return any(one.__name__ == cls.__name__ for one in type(value).__mro__)


def annotated(annotation: object, names: Mapping[str, object]) -> Kind | None:
    """The kind of an annotation, which may be a text over the names of its module.

    >>> annotated("Axes | None", {}).words
    'an Axes'
    """
    try:
        return kind_of(eval(annotation, dict(names)) if isinstance(annotation, str) else annotation)
    except NameError as unknown:
        name = str(unknown.name)
        return annotated(annotation, {**names, name: _Named(name, (), {})})


def kinds_of_arguments(function: Callable[..., object]) -> dict[str, Kind]:
    """What the annotations of a function say of its arguments."""
    about = inspect.signature(function).parameters.values()
    typed = [one for one in about if one.annotation is not one.empty and one.kind is not one.VAR_KEYWORD]
    found = {one.name: annotated(one.annotation, function.__globals__) for one in typed}
    return {name: kind for name, kind in found.items() if kind is not None}


def _named(function: Callable[..., object], args: Sequence[object]) -> str:
    """A function as its user writes it: "Study", "Electricity.lookup"."""
    own = function.__name__ == "__init__"
    return type(args[0]).__name__ if own else function.__qualname__.rpartition(">.")[2]


def entry(
    function: Callable[P, T],
    *,
    kinds: Callable[[], Mapping[str, Kind]] | None = None,
    where: Callable[[str, Mapping[str, object]], str] | None = None,
    examples: Mapping[str, str] | None = None,
) -> Callable[P, T]:
    """A public function that checks its arguments by their annotations, and reports them by name.

    `kinds` says what they have to be in place of the annotations, `where` what an error calls one of them, `examples`
    how some are written. Raises `DomainError` or `RecordError` for an argument of another kind, `MissingError` for
    one that is required, `RecordError` for one that is unknown (with near names) or given twice.
    """

    @functools.cache
    def expected() -> tuple[list[str], str, Mapping[str, Kind]]:
        """The names of the arguments in order, of those behind them, and the kinds: found at the first call."""
        about = inspect.signature(function).parameters.values()
        order = [one.name for one in about if one.kind is one.POSITIONAL_OR_KEYWORD]
        rest = next((one.name for one in about if one.kind is one.VAR_POSITIONAL), "")
        return order, rest, kinds() if kinds else kinds_of_arguments(function)

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        order, rest, known = expected()
        for argument, value in chain(zip(chain(order, repeat(rest)), args), kwargs.items()):  # noqa: B905
            kind = known.get(argument)
            if kind is not None and not kind.holds(value):
                given = dict(zip(order, args, strict=False)) | kwargs
                at = where(argument, given) if where else f"{_named(function, args)}({argument}=)"
                kind.refuse(value, at, argument)
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if isinstance(error, LcaError):
                raise
            _check_arguments(function, _named(function, args), args, kwargs, examples or {})
            _check_made(_named(function, args), kwargs, str(error))
            raise

    return checked


def _check_made(name: str, kwargs: Mapping[str, object], fault: str) -> None:
    """Raise where an argument that is passed on is one that the function states itself."""
    twice = _TWICE.search(fault)
    if twice and twice[1] in kwargs:
        raise RecordError.of("argument_made_here", f"{name}({twice[1]}=)", function=name, argument=twice[1])


def _check_arguments(
    function: Callable[..., object],
    name: str,
    args: Sequence[object],
    kwargs: Mapping[str, object],
    examples: Mapping[str, str],
) -> None:
    """Raise for arguments that do not fit the signature; return where they do, and the fault lies elsewhere."""
    signature = inspect.signature(function)
    try:
        signature.bind(*args, **kwargs)
        return
    except TypeError as error:
        fault = str(error)
    owner = next((arg for arg in args if isinstance(arg, str)), "")
    where = f"{name}({owner!r}, ...)" if owner else f"{name}(...)"
    about = signature.parameters
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    passes_on = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in about.values())
    if not passes_on and (unknown := [one for one in kwargs if one not in about]):
        near = did_you_mean(unknown[0], [one for one in about if one not in ("self", "cls")])
        raise RecordError.of("unknown_argument", where, function=name, argument=unknown[0], near=near) from None
    by_place = [one for one in about if about[one].kind <= inspect.Parameter.POSITIONAL_OR_KEYWORD]
    given = {*by_place[: len(args)], *kwargs}
    required = [one for one in about if about[one].default is inspect.Parameter.empty]
    lacking = [one for one in required if about[one].kind not in several and one not in given]
    forms = ", ".join(f"{one}={examples.get(one, '...')}" for one in lacking)
    if lacking:
        raise MissingError.of("arguments_missing", where, names=", ".join(lacking), examples=forms) from None
    raise RecordError.of("arguments_do_not_fit", where, function=name, fault=fault) from None

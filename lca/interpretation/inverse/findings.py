"""The set that reports leave of unknown inputs, for each combination of the values that some of them may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np

from ...units.parse import parse_unit
from ...units.text import display
from .forward import Forward
from .regions import Piece, Span, line, region
from .symmetry import alone_known
from .unknowns import Unknown

#: What the answer on an input is.
IDENTIFIED, ABOVE, BELOW, ANY, NOTHING = "identified", "bounded below only", "bounded above only", "any", "nothing fits"
#: Of how many reports all pairs are tried.
_MOST_TRIED = 12
#: A value this near to an end of the range is at the end.
_AT_END = 1e-9
#: No ratio is searched beyond this one.
_FAR = 1e24


@dataclass(frozen=True)
class Finding:
    """What is found of one input, or of a product or ratio of two, in `unit`: all that it may be."""

    at: Mapping[str, float]
    name: str
    unit: str
    pieces: tuple[Piece, ...]
    answer: str
    of_report: tuple[tuple[Piece, ...], ...] = ()
    known: bool = True
    #: Of two unknowns of which nothing fits: two reports that have no values of both in common.
    apart: tuple[int, int] | None = None
    #: Whether it is one of several that are said of one set.
    side: bool = False


def findings(forward: Forward) -> list[Finding]:
    """What is found for each combination of listed values."""
    listed = [one for one in forward.unknowns if one.options]
    found: list[Finding] = []
    for values in product(*(one.options for one in listed)):
        fixed = {one.name: value for one, value in zip(listed, values, strict=True)}
        said = {one.name: value / one.factor for one, value in zip(listed, values, strict=True)}
        found += _of_combination(forward, fixed, said)
    return found


def _of_combination(forward: Forward, fixed: Mapping[str, float], said: Mapping[str, float]) -> Iterator[Finding]:
    depends = dict(zip((one.name for one in forward.unknowns), forward.depends, strict=True))
    ranged = [place for place, one in enumerate(forward.unknowns) if one.name not in fixed]
    values = [fixed.get(one.name, one.middle) for one in forward.unknowns]
    open_places = [place for place in ranged if depends[forward.unknowns[place].name]]
    for place in ranged:
        one = forward.unknowns[place]
        if place not in open_places:
            yield Finding(said, one.name, one.unit, ((one.low / one.factor, one.high / one.factor),), ANY)
    if len(open_places) == 1:
        (place,) = open_places
        yield _on_line(forward.unknowns[place], line(forward, place, values), said)
    elif len(open_places) == 2:
        yield from _of_two(forward, (open_places[0], open_places[1]), values, fixed, said)
    elif not ranged:
        yield _of_none(forward, values, said)


def _of_none(forward: Forward, values: Sequence[float], said: Mapping[str, float]) -> Finding:
    """Where all unknowns have listed values: whether this combination fits."""
    boxes = [(np.array([value]),) * 2 for value in values]
    fits = bool((forward.status(boxes) >= 0).all())
    return Finding(said, "", "", (), IDENTIFIED if fits else NOTHING)


def _on_line(one: Unknown, found: Span, said: Mapping[str, float]) -> Finding:
    pieces = tuple((low / one.factor, high / one.factor) for low, high in found.pieces)
    of_report = tuple(
        tuple((low / one.factor, high / one.factor) for low, high in pieces) for pieces in found.of_report
    )
    answer = _answer(found.pieces, one.low, one.high)
    return Finding(said, one.name, one.unit, pieces, answer, of_report, found.known)


def _answer(pieces: Sequence[Piece], low: float, high: float) -> str:
    """Whether what is left is bounded by the reports, or by the range alone."""
    if not pieces:
        return NOTHING
    near = _AT_END * max(abs(low), abs(high))
    at_low = pieces[0][0] <= low + min(near, abs(low) * _AT_END)
    at_high = pieces[-1][1] >= high - near
    if at_low and at_high and len(pieces) == 1:
        return ANY
    return BELOW if at_low and not at_high else ABOVE if at_high and not at_low else IDENTIFIED


def _of_two(
    forward: Forward, places: tuple[int, int], values: list[float], fixed: Mapping[str, float],
    said: Mapping[str, float],
) -> Iterator[Finding]:  # fmt: skip
    x, y = (forward.unknowns[place] for place in places)
    operation = alone_known(forward, places, fixed)
    if operation:
        held = y.middle
        lowest = max(y.low, y.high / _FAR) if operation == "/" else y.low
        ends = [_combined(operation, a, b) for a in (x.low, x.high) for b in (lowest, y.high)]
        low, high = (_apart(operation, end, held) for end in (min(ends), max(ends)))
        wider = list(forward.unknowns)
        wider[places[0]] = replace(x, low=low, high=high)
        values[places[1]] = held
        found = line(replace(forward, unknowns=tuple(wider)), places[0], values)
        yield _of_pair(x, y, operation, held, found, said, (low, high))
        return
    found_region = region(forward, places, values)
    if not len(found_region.low):
        yield Finding(said, f"{x.name} and {y.name}", "", (), NOTHING, apart=_apart_in_region(forward, places, values))
        return
    for at, one in enumerate((x, y)):
        ends_of = found_region.between(at)
        piece = (ends_of[0] / one.factor, ends_of[1] / one.factor)
        yield Finding(said, one.name, one.unit, (piece,), _answer([ends_of], one.low, one.high), side=True,
                      known=bool(found_region.certain.any()))  # fmt: skip
    if x.low >= 0 and y.low > 0:
        for operation, ends_of in (("x", found_region.product()), ("/", found_region.ratio())):
            name, unit, factor = _named(x, y, operation)
            piece = (ends_of[0] / factor, ends_of[1] / factor)
            yield Finding(said, name, unit, (piece,), IDENTIFIED, side=True)


def _apart_in_region(forward: Forward, places: tuple[int, int], values: Sequence[float]) -> tuple[int, int] | None:
    """Two reports that no values of both unknowns make true; None where every two can be true together."""
    pairs = combinations(range(min(_MOST_TRIED, len(forward.results))), 2)
    return next((pair for pair in pairs if not len(region(forward, places, values, pair).low)), None)


def _of_pair(
    x: Unknown, y: Unknown, operation: str, held: float, found: Span, said: Mapping[str, float], ends: Piece
) -> Finding:
    """What is found of a product, ratio, sum or difference of two unknowns."""
    name, unit, factor = _named(x, y, operation)

    def of(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
        return tuple(
            (_combined(operation, low, held) / factor, _combined(operation, high, held) / factor)
            for low, high in pieces
        )

    answer = _answer(found.pieces, *ends)
    return Finding(said, name, unit, of(found.pieces), answer, tuple(map(of, found.of_report)), found.known)


def _combined(operation: str, x: float, y: float) -> float:
    return x * y if operation == "x" else x / y if operation == "/" else x + y if operation == "+" else x - y


def _apart(operation: str, combined: float, y: float) -> float:
    """The first of two, of what they are together."""
    if operation in "x/":
        return combined / y if operation == "x" else combined * y
    return combined - y if operation == "+" else combined + y


def _named(x: Unknown, y: Unknown, operation: str) -> tuple[str, str, float]:
    """(what two unknowns together are called, their unit, root units of it)."""
    name = f"{x.name} {operation} {y.name}"
    if operation in "+-":
        return name, x.unit, x.factor
    first, second = parse_unit(x.unit)[1], parse_unit(y.unit)[1]
    unit, factor = display(first * second if operation == "x" else first / second)
    return name, unit, factor

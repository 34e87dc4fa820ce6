"""A log that is one JSON document or several, and the numbers in it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ...checks import real, short
from ...errors import LogError
from .source import LARGEST, Source, number

#: What a JSON object holds, by name.
Object: TypeAlias = Mapping[str, object]
_DECODER = json.JSONDecoder()


def parsed(text: str) -> object:
    """What a text of JSON holds; None where it cannot be read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def begins_with(source: Source, *names: str) -> bool:
    """Whether a file begins as a JSON object, and its first bytes hold all of these names."""
    return source.start.lstrip().startswith("{") and all(f'"{name}"' in source.start for name in names)


def document(source: Source) -> dict[str, object]:
    """The JSON object that is the whole file; raises where it is none."""
    try:
        made = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise LogError.of("not_a_document", source.where(), [str(error)]) from None
    if not isinstance(made, dict):
        raise LogError.of("not_a_document", source.where(), [f"it begins with {short(made)}"])
    return made


def documents(source: Source) -> Iterator[tuple[int, object]]:
    """(line, document) of each JSON document of a file; a line between documents is given as a text.

    A document that is cut is noted as a bad line, and ends the file.
    """
    whole = source.text
    at, line = 0, 1
    while at < len(whole):
        if whole[at].isspace():
            line += whole[at] == "\n"
            at += 1
        elif whole[at] in "[{":
            try:
                found, stop = _DECODER.raw_decode(whole, at)
            except (ValueError, RecursionError):
                source.refuse_line(line, "no JSON", whole[at : at + 80])
                return
            yield line, found
            line += whole.count("\n", at, stop)
            at = stop
        else:
            stop = whole.find("\n", at)
            stop = len(whole) if stop < 0 else stop
            yield line, whole[at:stop]
            at = stop


def numbers(source: Source, values: Object) -> dict[str, float | None]:
    """The values as numbers from 0, None where one is missing; raises for all that are not, at once."""
    found = {name: _number(value) for name, value in values.items()}
    bad = [
        f"{name}: {short(values[name])}" for name, one in found.items() if one is not None and not 0 <= one <= LARGEST
    ]
    if bad:
        raise LogError.of("not_numbers_in_a_document", source.where(), bad, count=len(bad))
    return found


def _number(value: object) -> float | None:
    """A number as it is; NaN where the value is none; None where it is missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        read = number(value)
        return None if read is not None and math.isnan(read) else math.nan if read is None else read
    one = real(value)
    return math.nan if one is None else one


def inner(found: object, *names: str) -> object:
    """What an object holds under names, one within the other; None where it holds nothing."""
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def part(found: object, *names: str) -> Object:
    """The object that another one holds under names; an empty one where it holds none."""
    held = inner(found, *names)
    return held if isinstance(held, dict) else {}


def text(value: object) -> str:
    """A value of a document as a fact: texts and numbers; what holds others is left out."""
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""

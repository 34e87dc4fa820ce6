"""Spans of time: unions, what two sets of them share, and what one leaves of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Span: TypeAlias = tuple[float, float]  # s since 1970


def united(spans: Sequence[Span]) -> list[Span]:
    """The spans of time that any of these holds, without overlaps, in order."""
    found: list[Span] = []
    for start, stop in sorted(span for span in spans if span[1] > span[0]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], stop)
        else:
            found.append((start, stop))
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """The parts of spans that none of the united spans `taken` holds."""
    found: list[Span] = []
    for start, stop in spans:
        at = start
        for a, b in taken:
            if b <= at or a >= stop:
                continue
            found.append((at, max(a, at)))
            at = max(at, b)
        found.append((at, stop))
    return [span for span in found if span[1] > span[0]]


def length(spans: Sequence[Span]) -> float:
    """How long they are together, s."""
    return sum(stop - start for start, stop in spans)


def common(spans: Sequence[Span], others: Sequence[Span]) -> float:
    """How much time two sets of spans share, s; each set is united."""
    return length(spans) - length(without(spans, others))

"""Which entries of a ledger count: each moment of a machine once, within a period (M4, M11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...errors import LogError
from ..files.source import SHOWN
from ..power.power_log import PowerLog
from .calendar import Calendar
from .entries import Entry
from .spans import common, length, united, without

#: Starts and ends of one run in two logs differ by less than this part of it; tools start one after the other.
_SLACK = 0.05
#: Why an entry does not count that lies elsewhere in time.
OUTSIDE = "outside of the period"


def within_period(entries: Sequence[Entry], calendar: Calendar) -> list[Entry]:
    """The entries, of which those outside of the calendar do not count.

    Raises for those that lie on both sides of its ends, and for those on days that are said to have no log.
    """
    days = [(calendar.midnights[0], calendar.midnights[-1])]
    inside = [length(one.spans) - length(without(one.spans, days)) for one in entries]
    pairs = list(zip(entries, inside, strict=True))
    made = [replace(one, within=OUTSIDE) if one.spans and not seconds else one for one, seconds in pairs]
    cut = [one for one, seconds in pairs if 0 < seconds < (1 - _SLACK) * length(one.spans)]
    if cut:
        raise LogError.of("entries_reach_out_of_period", "ledger(period=)", map(str, cut[:SHOWN]), count=len(cut))
    lost = calendar.spans(logged=False)
    known = [one for one in made if one.spans and not one.within and not without(one.spans, lost)]
    if known:
        raise LogError.of("entries_on_lost_days", "ledger(not_logged=)", map(str, known[:SHOWN]), count=len(known))
    return made


def counted_once(entries: Sequence[Entry], overlap: str) -> list[Entry]:
    """The entries, of which each moment of a machine counts once.

    The outer boundary comes first, then what counts a whole machine, then the larger energy. One that shares a part of
    its time raises, or counts for the rest of it if `overlap` is "part". So does one process beside another, where both
    count the same cards.
    """
    made, bad = list(entries), []
    kept: dict[str, list[Entry]] = {}
    for n in sorted(range(len(entries)), key=lambda n: _rank(entries[n])):
        entry = entries[n]
        if not entry.spans or not entry.counted:
            continue
        there = [one for one in kept.setdefault(entry.host, []) if _meet(one, entry)]
        others, rivals = [[one for one in there if holds(one, entry)] for holds in (_holds, _shares_cards)]
        left = without(entry.spans, united([span for one in (*others, *rivals) for span in one.spans]))
        share = length(left) / length(entry.spans)
        if rivals or _SLACK < share < 1 - _SLACK:
            bad.append(f"{entry}; {[*rivals, *others][0]}")
        if share <= _SLACK:
            made[n] = replace(entry, within=str([*others, *rivals][0]))
            continue
        made[n] = replace(entry, left=tuple(left)) if share < 1 - _SLACK else entry
        kept[entry.host].append(entry)
    if bad and overlap == "refuse":
        raise LogError.of("entries_overlap", "ledger", bad[:SHOWN], count=len(bad))
    return made


def _rank(entry: Entry) -> tuple[int, bool, float]:
    return -entry.outer, not entry.whole, -(entry.joules or 0.0)


def _meet(one: Entry, other: Entry) -> bool:
    """Whether two entries, each taken from its start to its end, share time."""
    return one.spans[0][0] < other.spans[-1][1] and other.spans[0][0] < one.spans[-1][1]


def _holds(one: Entry, other: Entry) -> bool:
    """Whether the energy of the second, as far as they share time, is in that of the first, which ranks before it."""
    shared = common(one.spans, other.spans)
    if shared <= 0 or (one.outer == other.outer and _of_other_devices(one, other)):
        return False
    longer = max(length(one.spans), length(other.spans))
    return one.whole or (one.log is not other.log and shared >= (1 - _SLACK) * longer)


def _shares_cards(one: Entry, other: Entry) -> bool:
    """Whether two processes count the same cards for more than a moment."""
    if one.whole or one.run is None or other.run is None or not (one.run.cards and other.run.cards):
        return False
    shorter = min(length(one.spans), length(other.spans))
    return not _holds(one, other) and common(one.spans, other.spans) > _SLACK * shorter


def _of_other_devices(one: Entry, other: Entry) -> bool:
    """Whether two entries of components name their devices in one way, and have none in common."""
    alike = one.log.format == other.log.format or (isinstance(one.log, PowerLog) and isinstance(other.log, PowerLog))
    return one.at == "component" and alike and bool(one.parts and other.parts) and not one.parts & other.parts


def side_by_side(entries: Sequence[Entry]) -> list[Entry]:
    """Power logs that count beside another one of their machine at the same time, since they are of other devices."""
    logs = [one for one in entries if one.counted and one.spans and one.run is None]
    return [
        one for one in logs
        if any(two.host == one.host and two.outer == one.outer and _of_other_devices(one, two)
               and common(one.spans, two.spans) > 0 for two in logs if two is not one)
    ]  # fmt: skip

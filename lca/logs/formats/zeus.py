"""What Zeus writes: the windows of a ZeusMonitor, and the tables of its experiments, which are refused.

Written after real files and after the source of ZeusMonitor. A row is one window: its start in seconds, its name, its
length in seconds, and the energy of each card in J, from the counter of the card. The start counts from 1970, or in
old versions from another moment. Windows may lie within each other: what is in two windows counts once. An energy of
0 means that the window was shorter than the update period of the counter, so it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..files.csv_rows import header, rows
from ..files.source import Source
from ..format import Format, refused
from ..runs.run import Run
from ..runs.run_table import RunTable
from ..runs.totals import amount, run_table

_WINDOW = ["start_time", "window_name", "elapsed_time"]
_CARD = re.compile(r"gpu(\d+)_energy")
_MEANS = "mean powers of many experiments, not one run"
_LOG_A_RUN = "log a run with ZeusMonitor(log_file=...), or state a power by hand: Meter(...).read(147, 'W')"
_SUMMARY = {"power_limit", "time_per_epoch", "average_power"}


def _fits_windows(source: Source) -> bool:
    return header(source)[:3] == _WINDOW


def _read_windows(source: Source) -> RunTable:
    cards = {name: f"gpu {found[1]}" for name in header(source) if (found := _CARD.fullmatch(name))}
    if not cards:
        fix = "log again on a machine of which Zeus finds the cards"
        raise source.without_power("windows without cards", fix)
    runs = []
    for line, row in rows(source, _WINDOW):
        start = amount(source, line, "start_time", row["start_time"])
        seconds = amount(source, line, "elapsed_time", row["elapsed_time"])
        each = {card: amount(source, line, name, row[name]) or None for name, card in cards.items()}
        if start is None or seconds is None:
            source.refuse_line(line, "no time", row["start_time"])
        if line in source.bad:
            continue
        known = tuple((card, joules) for card, joules in each.items() if joules is not None)
        whole = sum(joules for _, joules in known) if len(known) == len(cards) else None
        runs.append(Run(line, row["window_name"], whole, seconds, start, machine=True, parts=known))
    return run_table(source, "zeus", runs, at="component", devices=len(cards), notes=_notes(runs))


def _notes(runs: Sequence[Run]) -> list[str]:
    lacking = sum(run.joules is None for run in runs)
    said = f"{lacking} windows lack the energy of a card: shorter than the update period of its counter"
    return [said] if lacking else []


def _fits_summary(source: Source) -> bool:
    return set(header(source)) >= _SUMMARY


FORMATS: Sequence[Format] = (
    Format("zeus", "Zeus, ZeusMonitor(log_file=...)", "RunTable", "component", "real logs",
           "Cards only. A window within another counts once; an energy of 0 is missing.",
           _fits_windows, _read_windows),
    refused("zeus summary", "Zeus, tables of experiments", "component", "real logs",
            "Mean powers of many experiments; not a log.", _fits_summary,
            lambda source: source.without_power(_MEANS, _LOG_A_RUN)),
)  # fmt: skip

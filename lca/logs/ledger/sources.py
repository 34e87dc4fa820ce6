"""The logs of a ledger: files, folders and logs that were read already, by the machine that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ...checks import short, some
from ...errors import LogError
from ..files.source import SHOWN
from ..inference.inference_log import InferenceLog
from ..power.power_log import PowerLog
from ..recognise import is_known, read
from ..runs.run_table import RunTable
from ..training.training_log import TrainingLog

Given: TypeAlias = str | Path | PowerLog | RunTable | TrainingLog | InferenceLog
Sources: TypeAlias = Given | Sequence[Given] | Mapping[str, Given | Sequence[Given]]


@dataclass
class Gathered:
    """Logs with an energy, by machine, and what was found beside them."""

    logs: list[tuple[str, PowerLog | RunTable]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # files that are no logs
    silent: list[str] = field(default_factory=list)  # logs without an energy
    refused: list[str] = field(default_factory=list)  # logs that cannot be read, with the reason
    seen: set[Path] = field(default_factory=set)  # files and folders of the machine, each of which is read once

    @property
    def notes(self) -> list[str]:
        """What a reader of the ledger has to know of its sources."""
        kinds = (
            (self.unknown, "files of no known format"),
            (self.silent, "logs without an energy"),
            (self.refused, "logs that cannot be read"),
        )
        return [f"left out, {what}: {some(found, SHOWN)}" for found, what in kinds if found]


def gathered(sources: Sources, errors: str) -> Gathered:
    """Read all sources; raises for all logs that cannot be read, at once, unless `errors` is "skip"."""
    found = Gathered()
    by_host = sources if isinstance(sources, Mapping) else {"": sources}
    for host, given in by_host.items():
        found.seen.clear()
        each = [given] if isinstance(given, (str, Path, PowerLog, RunTable, TrainingLog, InferenceLog)) else list(given)
        for one in each:
            for log in _logs(one, found):
                found.logs.append((host, log))
    if found.refused and errors == "raise":
        raise LogError.of("logs_of_a_ledger_refused", "ledger", found.refused[:SHOWN], count=len(found.refused))
    if not found.logs:
        raise LogError.of("ledger_without_logs", "ledger", found.notes)
    return found


def _logs(one: Given, found: Gathered) -> Iterator[PowerLog | RunTable]:
    if isinstance(one, (TrainingLog, InferenceLog)):
        found.silent.append(str(one.path))
    elif isinstance(one, (PowerLog, RunTable)):
        yield one
    elif isinstance(one, (str, Path)):
        yield from _of_path(Path(one), found, given=True)
    else:
        raise LogError.of("not_a_source_of_a_ledger", "ledger", [short(one)])


def _of_path(path: Path, found: Gathered, given: bool = False) -> Iterator[PowerLog | RunTable]:
    real = path.resolve()
    if real in found.seen:
        return
    found.seen.add(real)
    if path.is_dir() and not is_known(path):
        for inner in sorted(path.iterdir()):
            yield from _of_path(inner, found)
    elif not given and not is_known(path):
        found.unknown.append(str(path))
    else:
        try:
            yield from _logs(read(path), found)
        except LogError as error:
            found.refused.append(f"{error.where or path}: {error.what}; fix: {error.fix}")

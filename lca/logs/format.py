"""What a format of logs says of itself: its name, how it is recognised, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from ..errors import LogError
from .files.source import Source
from .inference.inference_log import InferenceLog
from .power.power_log import PowerLog
from .runs.run_table import RunTable
from .training.training_log import TrainingLog

Log: TypeAlias = PowerLog | TrainingLog | RunTable | InferenceLog


@dataclass(frozen=True)
class Format:
    """One format. Each module of `formats/` lists its own as `FORMATS`; so a new format is a new file.

    `fits` looks at the beginning of a file, or at the names in a folder, and never raises. `read` raises `LogError`
    where the file holds no energy or no times. It is asked only if `fits`, or if the user names the format.
    """

    name: str  # as the user writes it: format="nvidia-smi"
    title: str  # for the table of formats: what writes it
    gives: str  # "PowerLog", "TrainingLog", "RunTable", "InferenceLog", or "refused"
    boundary: str  # where it measures, for the table: "component", "wall", "said by the user", ...
    evidence: str  # "real logs" or "documentation": what the reader was written and checked against
    about: str  # one sentence for the table: what counts, what is refused
    fits: Callable[[Source], bool]
    read: Callable[[Source], Log]
    generic: bool = False  # fits tables of many kinds: asked only where no other format fits


def refused(
    name: str, title: str, boundary: str, evidence: str, about: str, fits: Callable[[Source], bool],
    why: Callable[[Source], LogError],
) -> Format:  # fmt: skip
    """A format that is known and never gives a log; `why` is the error that says what it holds, and what to do."""

    def read(source: Source) -> NoReturn:
        raise why(source)

    return Format(name, title, "refused", boundary, evidence, about, fits, read)

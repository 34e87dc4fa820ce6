"""The samples of cards, whose lines have stamps or come in rounds; and what NVIDIA states of the power of its cards."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.clock import Clock
from ..files.source import Source
from ..files.stamps import read_stamp
from .channel import Channel
from .power_log import PowerLog
from .recording import power_log
from .rounds import Rounds, refuse_one_moment
from .track import Recording

#: What NVIDIA states of the power that its driver reports, to other tools too.
ACCURACY = "5 W"
ACCURACY_SOURCE = "nvidia-smi manual page: accurate to within +/- 5 W"
#: The whole card, as nvidia-smi shows it, with the step as printed.
NVIDIA_CARD = Channel("power", at="component", step=0.01, about="the whole card")


class CardSamples:
    """The samples of the cards of a machine while they are read."""

    def __init__(self, source: Source, channels: Sequence[Channel]) -> None:
        self.source, self.clock, self.rounds = source, Clock(source), Rounds(source)
        self.recording = Recording(source, channels)
        self.stamped = False

    def time(self, stamp: str | None, card: str) -> float | None:
        """The time of a stamp, None if it is none; without one, the number of the sample times the interval."""
        return self.rounds.next(card) if stamp is None else read_stamp(stamp, self.clock)

    def log(
        self, format: str, fix: str, *, whole: str = "power", shared: bool = False, notes: Sequence[str] = ()
    ) -> PowerLog:
        """The log, after the last line; raises where it shows one moment, and where neither stamps nor interval= are.

        `fix` says how to log over time.
        """
        refuse_one_moment(self.source, self.recording, fix)
        self.rounds.check()
        clock = self.clock if self.stamped else None
        return power_log(
            self.source, format, self.recording, at="component", clock=clock, whole=[whole], shared=shared, notes=notes
        )


def nvidia_log(
    source: Source, format: str, recording: Recording, clock: Clock | None, *, limit: float | None = None,
    notes: Sequence[str] = (),
) -> PowerLog:  # fmt: skip
    """The log of cards of NVIDIA, with the accuracy that it states."""
    return power_log(
        source, format, recording, at="component", clock=clock, whole=["power"], accuracy=ACCURACY,
        about=ACCURACY_SOURCE, limit=limit, notes=notes,
    )  # fmt: skip

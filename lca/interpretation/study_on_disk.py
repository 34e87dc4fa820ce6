"""The study of a result: one that is here, or one that a file holds and that is made when it is asked for."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from ..study.study import Study


class StudyOnDisk(Protocol):
    """The study of a file."""

    @property
    def study(self) -> Study:
        """The study; raises where the file does not hold all of it."""

    @property
    def if_whole(self) -> Study | None:
        """The study, or None where the file does not hold all of it."""

    @property
    def lacking(self) -> list[str]:
        """What the file does not hold."""


#: What a result has of its study.
Held: TypeAlias = Study | StudyOnDisk | None

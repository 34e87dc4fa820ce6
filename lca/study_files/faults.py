"""What is wrong in a file: all of it is gathered, and raised at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import LcaError, RecordError
from .document import Document

#: As many as one reads.
_MOST = 30


class Failed(Exception):  # never seen by a user
    """Something that stands on what is wrong already."""


@dataclass
class Faults:
    """The errors of a file, each with its place."""

    document: Document
    found: list[tuple[str, LcaError]] = field(default_factory=list)

    def add(self, place: str, error: LcaError) -> None:
        """Note an error; the same one is noted once."""
        if not any(at == place and str(one) == str(error) for at, one in self.found):
            self.found.append((place, error))

    def refuse(self) -> None:
        """Raise for all that is wrong: one error as it is, at its place; several as one that lists them."""
        if not self.found:
            return
        if len(self.found) == 1:
            place, error = self.found[0]
            error.where = f"{place} ({error.where})" if error.where and error.where != place else place
            raise error
        order = {place: n for n, place in enumerate(self.document.places.values())}
        found = sorted(self.found, key=lambda one: order.get(one[0], -1))
        sides = [_line(place, error) for place, error in found[:_MOST]]
        sides += [f"... {len(found)} in all"] * (len(found) > _MOST)
        raise RecordError.of("faults_of_a_study_file", str(self.document.path), sides, count=len(found))


def _line(place: str, error: LcaError) -> str:
    """An error in one line."""
    found = f" ({', '.join(error.sides)})" if error.sides else ""
    return f"{place}: {error.what}{found}; {error.fix}".removesuffix("; ")

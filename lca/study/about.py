"""Who made a study, when, for whom and why: what a reader asks before the figures (ISO 14044, 4.2 and 5.2)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ..arguments import entry
from ..errors import RecordError

#: Fields that hold several texts.
_SEVERAL = ("authors", "assumptions", "limitations", "value_choices", "conclusions")


@dataclass(frozen=True, kw_only=True)
class About:
    """What people state of a study; the library shows it as it is.

    Everything may be left out. Reports show what is stated.

    Parameters
    ----------
    authors : sequence of str
        Who made the study, such as "Ada Lovelace (University of Examples)".
    commissioner : str
        For whom it was made, and who paid for it.
    date : datetime.date or str
        The day of the study, "2026-11-30" as a text.
    version : str
        Its version, such as "1.0".
    licence : str
        Under which terms its text and results may be used, such as "CC-BY-4.0".
    link : str
        Where it can be found: a DOI or an address that starts with https://.
    reason : str
        Why the study was made (ISO 14044, 4.2.2).
    application : str
        What the results are to be used for.
    audience : str
        To whom they will be told.
    comparative : bool
        Whether the results support a comparative assertion that is disclosed to the public; such a study needs a
        critical review by a panel (ISO 14044, 6.3).
    reference_flow : str
        What is needed for one functional unit, such as "one inference on one Jetson, with its share of the training".
    data_requirements : str
        What was asked of the data: their time, place and technology.
    assumptions, limitations, value_choices : sequence of str
        What was assumed, what the results cannot say, and which choices rest on values, one text each.
    conclusions : sequence of str
        What the authors conclude, one text each.
    review : str
        The critical review: by whom, when, of which kind, and with which result.

    Raises
    ------
    RecordError
        If a text is blank, a date is not written as a day, or a link lacks "https://".

    Examples
    --------
    >>> About(authors=["Ada Lovelace"], audience="the lab", licence="CC-BY-4.0").audience
    'the lab'
    """

    _form: ClassVar[str] = 'lca.About(authors=["..."], audience="...")'

    authors: Sequence[str] = ()
    commissioner: str = ""
    date: datetime.date | str | None = None
    version: str = ""
    licence: str = ""
    link: str = ""
    reason: str = ""
    application: str = ""
    audience: str = ""
    comparative: bool | None = None
    reference_flow: str = ""
    data_requirements: str = ""
    assumptions: Sequence[str] = ()
    limitations: Sequence[str] = ()
    value_choices: Sequence[str] = ()
    conclusions: Sequence[str] = ()
    review: str = ""

    def __post_init__(self) -> None:
        for name in _SEVERAL:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "date", day(self.date, "About(date=)"))
        for name, held in self.stated.items():
            if any(not one.strip() for one in (held if isinstance(held, tuple) else (held,)) if isinstance(one, str)):
                raise RecordError.of("blank_statement", f"About({name}=)", name=name)
        if self.link and not self.link.startswith(("https://", "http://")):
            raise RecordError.of("link_without_address", "About(link=)", [self.link])

    @property
    def stated(self) -> dict[str, Any]:
        """What is stated, by field: texts, tuples of texts, a date, True or False."""
        held = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        return {name: value for name, value in held.items() if value not in ("", (), None)}

    @property
    def plain(self) -> dict[str, Any]:
        """What is stated as plain data, as JSON keeps it."""
        return {
            name: value.isoformat() if isinstance(value, datetime.date) else value
            for name, value in self.stated.items()
        }


def day(given: datetime.date | str | None, where: str) -> datetime.date | None:
    """A day, which may be a text. Raises `RecordError` for another text."""
    if not isinstance(given, str):
        return given.date() if isinstance(given, datetime.datetime) else given
    try:
        return datetime.date.fromisoformat(given.strip())
    except ValueError:
        raise RecordError.of("not_a_day", where, [given]) from None


_checked: Any = About
_checked.__init__ = entry(_checked.__init__)

"""`lca.ledger`: the development of a project from all of its logs, each run counted once (M4, M11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...arguments import entry
from ...checks import one_of
from ...errors import AccountingError, LogError
from ...graph.fields import Declared, Written, parameter, resolve
from ...graph.node import Node, constant
from ...logs.files.source import SHOWN
from ...logs.ledger.book import Book
from ...logs.ledger.calendar import Calendar, calendar_of
from ...logs.ledger.counting import counted_once, within_period
from ...logs.ledger.entries import Entry, entries_of
from ...logs.ledger.sources import Sources, gathered
from ...records.record import component, plain, slug
from ...units.parse import root
from ...units.registry import boundary_of
from ..site import Site
from .development import Development

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

_IDLE = Declared(("W",), boundary="times", above=True)
_SECONDS = root("s")


@component
class Ledger(Development):
    """A development whose energy was added up from logs; `lca.ledger` makes it.

    Parameters
    ----------
    name : str
        The name of the development, unique in a study.
    book : Book
        The entries and their calendar.
    energy, duration : quantities
        Those of its entries.
    power, window, window_energy, measured, planned, step_time, pace, marks, impact : as in `Training`
        Other ways to say an energy; a ledger has none of them.
    accelerator, throughput, amount, work, parameters : as in `Training`
        The same.
    beyond, at, on, devices, allocation, share, site, year, status, source, key : as in `Development`
        The other fields of an activity.

    Examples
    --------
    >>> import lca, pandas
    >>> times = pandas.date_range("2026-03-02 09:00", periods=61, freq="min", tz="UTC")
    >>> log = lca.power_log(pandas.Series([200.0] * 61, index=times), at="wall")
    >>> lca.ledger(log, name="semester").coverage
    1.0
    """

    book: Book | None = plain(default=None)

    @property
    def data(self) -> pandas.DataFrame:
        """A row for each entry: its time, host, energy, and whether it counts."""
        return self._book.data

    @property
    def coverage(self) -> float:
        """The share of the days of its period that were logged."""
        return self._book.coverage

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the ledger has to know."""
        return tuple(self._book.notes)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw a calendar of the energy of each day; days that were not logged are hatched.

        The energy is that of the entries. The hours in which a machine was left on are not in it.

        Parameters
        ----------
        ax : matplotlib Axes
            Where to draw; a new figure if not given.

        Returns
        -------
        Axes
            What was drawn on.

        Raises
        ------
        LogError
            If no entry has a date.

        Examples
        --------
        >>> import lca, pandas
        >>> times = pandas.date_range("2026-03-02 09:00", periods=61, freq="min", tz="UTC")
        >>> log = lca.power_log(pandas.Series([200.0] * 61, index=times), at="wall")
        >>> lca.ledger(log, name="semester").plot().get_xlabel()
        '2026-03-02 to 2026-03-02'
        """
        from ...logs.ledger.plot import draw

        if self._book.calendar is None:
            raise LogError.of("ledger_without_dates", self.slug)
        return draw(self._book, ax)

    @property
    def _book(self) -> Book:
        assert self.book is not None
        return self.book


@entry
def ledger(
    sources: Sources, *, name: str = "development", period: Sequence[str] = (),
    not_logged: Sequence[Sequence[str]] = (), left_on: str = "", idle_power: Written | None = None, zone: str = "",
    gaps: str = "refuse", overlap: str = "refuse", errors: str = "raise", site: Site | None = None, **rest: Any,
) -> Ledger:  # fmt: skip
    """The development of a project from all of its logs: runs, power logs, and the hours a machine was left on.

    Each moment of a machine counts once: of entries that share their time, the one with the outer boundary, then one
    that counts all of the machine, then the larger one. Failed runs count like others.

    Parameters
    ----------
    sources : path, log, sequence of them, or mapping of machine to them
        Files, folders, and what `lca.read` returned. A folder is searched, and files of it of unknown formats are
        listed. The names of machines tell apart what ran at one time on two of them.
    name : str
        The name of the development, unique in a study.
    period : pair of str
        The first and the last day, "2026-02-01"; if not given, those of the first and the last entry. Entries outside
        of it are listed and add nothing.
    not_logged : sequence of pairs of str
        First and last days of the times of which no log exists. Their energy is assumed, from the other days.
    left_on : str
        When each machine is on whether a run goes or not: "mon-fri 09:00-18:00" or "always"; with `idle_power`.
    idle_power : quantity, W at a boundary
        The power of one machine that is on while no entry runs.
    zone : str
        The time zone of days, of hours, and of the local times in logs that say no zone: "Europe/Berlin". It is needed
        where some logs have local times and others do not; else it is "UTC".
    gaps : str
        What becomes of gaps in power logs: "refuse", "exclude" or "bridge".
    overlap : str
        Entries that share a part of their time: "refuse" them, or count the "part" that is left at its mean power.
    errors : str
        "raise" for logs that cannot be read, all at once; "skip" lists them.
    site : Site
        Where the electricity is taken. Entries at several boundaries need it, to be carried to the wall.
    **rest : as in `Development`
        The other fields, such as `on` and `allocation`. The duration is added over machines, so `devices` is the number
        of devices in each of them.

    Returns
    -------
    Ledger
        A development, with a table of its entries, its coverage and a calendar.

    Raises
    ------
    LogError
        If logs cannot be read. If entries share a part of their time, reach out of the period, lie on days without
        logs, or name no machine where several are named; if a zone is needed.
    AccountingError
        If entries are at several boundaries and no site carries them to the wall.

    Examples
    --------
    >>> import lca, pandas
    >>> times = pandas.date_range("2026-03-02 09:00", periods=61, freq="min", tz="UTC")
    >>> log = lca.power_log(pandas.Series([200.0] * 61, index=times), at="wall")
    >>> made = ledger(log, name="semester", left_on="mon-fri 09:00-18:00", idle_power="50 W at_wall")
    >>> round(lca.nominal(made.energy).data["value"].item(), 3)
    0.6
    """
    one_of(overlap, ("refuse", "part"), "way with entries that overlap", "ledger(overlap=)")
    one_of(errors, ("raise", "skip"), "way with logs that cannot be read", "ledger(errors=)")
    if bool(left_on) != (idle_power is not None):
        raise AccountingError.of("left_on_without_a_power", "ledger")
    found = gathered(sources, errors)
    entries = entries_of(found.logs, gaps, zone)
    calendar = _calendar(entries, period, not_logged, zone or "UTC")
    if calendar is None and (left_on or len(not_logged) or len(period)):
        raise LogError.of("ledger_without_dates", "ledger")
    entries = counted_once(within_period(entries, calendar) if calendar else entries, overlap)
    if not any(one.counted for one in entries):
        raise LogError.of("ledger_without_energy", "ledger", list(map(str, entries[:SHOWN])), count=len(entries))
    book = Book(tuple(entries), calendar, left_on, tuple(found.notes))
    energy, duration = _energy_and_time(book, slug(name), idle_power, site)
    return Ledger(name, energy=energy, duration=duration, site=site, book=book, **rest)


def _calendar(
    entries: Sequence[Entry], period: Sequence[str], not_logged: Sequence[Sequence[str]], zone: str
) -> Calendar | None:
    timed = [one.spans for one in entries if one.spans]
    if not timed:
        return None
    return calendar_of(min(one[0][0] for one in timed), max(one[-1][1] for one in timed), period, not_logged, zone)


def _energy_and_time(book: Book, key: str, idle_power: Written | None, site: Site | None) -> tuple[Node, Node | None]:
    """What was logged, what was not, and the hours of idling, at one boundary; and the time that machines were on."""
    logged = {at: reading.node(f"{key}.logged-{at}") for at, reading in book.readings().items()}
    more = _not_logged(book, key)
    terms = [
        _carried(_times(energy, more), _times(constant(book.seconds(at), _SECONDS), more), site, len(logged) > 1)
        for at, energy in logged.items()
    ]
    energy, busy = sum(terms[1:], start=terms[0]), _times(constant(book.busy_seconds, _SECONDS), more)
    if idle_power is None:
        return energy, busy if book.busy_seconds else None
    power = resolve(idle_power, _IDLE, key=f"{key}.idle_power", status="declared")
    time = constant(book.idle_seconds, _SECONDS)
    idle = power * time
    if boundary_of(idle.unit) != boundary_of(energy.unit):
        idle = _carried(idle, time, site, boundary_of(idle.unit) != "at_wall")
        energy = _carried(energy, busy, site, boundary_of(energy.unit) != "at_wall")
    return energy + idle, busy + time


def _not_logged(book: Book, key: str) -> Node | None:
    """The energy of the days that were not logged, over that of all entries."""
    if not book.lost_days:
        return None
    source = f"assumed: {book.lost_days} days, as as many days of the others"
    return parameter(f"{key}.not-logged", book.lost_share, status="assumed", source=source)


def _times(node: Node, more: Node | None) -> Node:
    """With the days that were not logged."""
    return node if more is None else node * (1 + more)


def _carried(energy: Node, seconds: Node, site: Site | None, needed: bool) -> Node:
    """An energy as it is, or at the wall where entries are at several boundaries."""
    if not needed:
        return energy
    if site is None:
        raise AccountingError.of("ledger_at_several_boundaries", "ledger")
    return site.at_wall(energy, device_time=seconds * constant(1.0, root("device")))

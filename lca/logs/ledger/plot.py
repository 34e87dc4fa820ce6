"""The figure of a ledger: the energy of each day, week by week."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from .book import Book

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def draw(book: Book, ax: Axes | None = None) -> Axes:
    """Draw a column for each week and a row for each weekday; days that were not logged are hatched."""
    import matplotlib.pyplot
    from matplotlib.patches import Rectangle

    calendar = book.calendar
    assert calendar is not None
    first = datetime.fromtimestamp(calendar.midnights[0], calendar.zone)
    places = first.weekday() + np.arange(calendar.days)
    weeks = int(places[-1]) // 7 + 1
    table = np.full((7, weeks), np.nan)
    table[places % 7, places // 7] = book.daily / 3.6e6
    size = (max(4.5, 0.28 * weeks + 2.2), 2.9)
    axes = matplotlib.pyplot.subplots(figsize=size, layout="constrained")[1] if ax is None else ax
    drawn = axes.imshow(np.ma.masked_invalid(table), cmap="YlOrRd", vmin=0, aspect="equal")
    for day in np.flatnonzero(~np.array(calendar.logged)):
        row, column = places[day] % 7, places[day] // 7
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", lw=0))
    axes.set_yticks(range(7), _DAYS, fontsize=8)
    mondays = [n for n in range(0, weeks, max(1, weeks // 8)) if 0 <= 7 * n - first.weekday() < calendar.days or n == 0]
    named = [calendar.named(max(7 * n - first.weekday(), 0))[5:] for n in mondays]
    axes.set_xticks(mondays, named, fontsize=8, rotation=90)
    axes.set_title("Energy of each day", loc="left", fontsize=10)
    axes.figure.colorbar(drawn, ax=axes, label="kWh", shrink=0.9)
    said = [f"{calendar.named(0)} to {calendar.named(calendar.days - 1)}"]
    said += ["hatched: not logged"] * bool(book.lost_days) + ["without the hours left on"] * bool(book.hours)
    axes.set_xlabel("\n".join(said), fontsize=8)
    return axes

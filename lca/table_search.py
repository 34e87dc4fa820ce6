"""What the tables hold: places with electricity, hardware, technologies, and what publishers say of one place."""

from __future__ import annotations

from .arguments import entry
from .electricity.places import search_places
from .electricity.publishers import figures_of
from .electricity.technology_mix import search_technologies
from .errors import MissingError
from .hardware.catalogue import search_hardware
from .interpretation.table import Table
from .near_names import entry_of
from .units.number_text import NOTHING

CATALOGUES = {"electricity": search_places, "hardware": search_hardware, "technologies": search_technologies}


@entry
def search(catalogue: str, text: str = "") -> Table:
    """Entries of a catalogue whose name or code contains a text; all of them are printed.

    Parameters
    ----------
    catalogue : str
        "electricity" (places), "hardware" (devices) or "technologies" (names for `Electricity.from_mix`).
    text : str
        Part of a name or code; without it, all entries.

    Returns
    -------
    Table
        A row for each entry. Places have region, name, kind, first and last year. Hardware has name, class and the
        methods of `Hardware.lookup` that have a figure. Technologies have their intensities.

    Raises
    ------
    MissingError
        If the catalogue is unknown.

    Examples
    --------
    >>> search("electricity", "rfc w")["region"].tolist()
    ['US-RFCW']
    >>> search("hardware", "jetson nano")["hardware"].tolist()[:1]
    ['jetson-nano']
    """
    if catalogue not in CATALOGUES and not text:
        _require_no_entry(catalogue)
    return Table.of(entry_of(catalogue, CATALOGUES, "catalogue", "search")(text), "")


def _require_no_entry(text: str) -> None:
    """Raise `MissingError` where catalogues hold what was written in place of their name."""
    found = {name: len(look(text)) for name, look in CATALOGUES.items()}
    ways = [f'lca.search("{name}", "{text}") ({count:,})' for name, count in found.items() if count]
    if ways:
        raise MissingError.of("catalogue_first", "search", text=text, ways=", ".join(ways))


@entry
def compare_sources(place: str, year: int) -> Table:
    """What every table says about a place in a year, a row for each figure; all of them are printed.

    Figures of different bases or mixes are not comparable: the columns say what differs. Electricity Maps is under the
    Open Database License 1.0: it is a row here where `lca-data-odbl` is installed, and no look-up uses it.

    Parameters
    ----------
    place : str
        As in `Electricity.lookup`. For a cloud region, the place where it stands has rows, too.
    year : int
        The year of the data.

    Returns
    -------
    Table
        Columns: `source`, `value` and `unit` [g/kWh], the boundary, and the tags that say what the figure is (A4).
        `delivered` is value / (1 - loss). `relative` is the value over that of a look-up. `note` names a life cycle
        below the direct figure of another publisher.

    Raises
    ------
    MissingError
        If no table has the place, or a figure for the year.

    Examples
    --------
    >>> found = compare_sources("US", 2023).set_index(["source", "gases", "basis"])["value"]
    >>> found.round(0).astype(int).tolist()[:5]
    [348, 350, 422, 350, 393]
    """
    table = Table.of(figures_of(place, year), "")
    table.attrs["why"] = f"{NOTHING}: no loss of this place is known, or the figure is already one at the meter"
    return table

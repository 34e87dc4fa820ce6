"""What the catalogues hold: places with electricity, hardware, technologies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import entry
from .electricity.places import search_places
from .electricity.technology_mix import search_technologies
from .errors import MissingError
from .hardware.catalogue import search_hardware
from .near_names import entry_of

if TYPE_CHECKING:
    import pandas

CATALOGUES = {"electricity": search_places, "hardware": search_hardware, "technologies": search_technologies}


@entry
def search(catalogue: str, text: str = "") -> pandas.DataFrame:
    """Entries of a catalogue whose name or code contains a text.

    Parameters
    ----------
    catalogue : str
        "electricity" (places), "hardware" (devices) or "technologies" (names for `Electricity.from_mix`).
    text : str
        Part of a name or code; without it, all entries.

    Returns
    -------
    pandas.DataFrame
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
    return entry_of(catalogue, CATALOGUES, "catalogue", "search")(text)


def _require_no_entry(text: str) -> None:
    """Raise `MissingError` where catalogues hold what was written in place of their name."""
    found = {name: len(look(text)) for name, look in CATALOGUES.items()}
    ways = [f'lca.search("{name}", "{text}") ({count:,})' for name, count in found.items() if count]
    if ways:
        raise MissingError.of("catalogue_first", "search", text=text, ways=", ".join(ways))

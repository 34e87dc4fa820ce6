"""What a name of a place means: one place, several, one that no table has, or a misspelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from .. import tables

#: How much of a name a slip of the pen leaves as it was: "Frnce" is France, "Victoria" is not Virginia.
_SLIP = 0.8


def folded(name: str) -> str:
    """A name without capitals, accents, points, signs, a leading "the" and a "St." for a saint.

    >>> folded("Washington, D.C."), folded("Côte d'Ivoire"), folded("The Gambia")
    ('washington dc', 'cote divoire', 'gambia')
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = re.sub(r"[.'’]", "", plain.casefold().replace("&", " and "))
    words = " ".join(re.findall(r"\w+", words.replace("_", " ")))
    return re.sub(r"\bst\b", "saint", words.removeprefix("the "))


@tables.cached
def _named(kind: str) -> dict[str, list[str]]:
    """The regions of each name of one kind, as place_names.csv lists them."""
    found: dict[str, list[str]] = {}
    for row in tables.rows("electricity", "place_names"):
        if row["kind"] == kind:
            found.setdefault(folded(row.text("name")), []).append(row.text("region"))
    return found


def listed(kind: str, name: str) -> list[str]:
    """The regions that the list of names gives a name as a "synonym", as "shared" or as "not covered".

    A synonym has one region, a shared name each that has it. A known place without figures of its own, "not covered",
    has the region in which it lies, or "none".

    >>> listed("synonym", "Great Britain"), listed("shared", "Korea"), listed("not covered", "Ontario")
    (['GBR'], ['KOR', 'PRK'], ['CAN'])
    """
    return _named(kind).get(folded(name), [])


def also_called(text: str) -> set[str]:
    """The regions with a listed name that holds a text."""
    wanted = folded(text)
    known = [*_named("synonym").items(), *_named("shared").items()] if wanted else []
    return {region for name, regions in known if wanted in name for region in regions}


def slips(wanted: str, names: Iterable[str]) -> list[str]:
    """Names that are a misspelling away, after the same first letter, closest first.

    >>> slips("Frnce", ["France", "Greece"]), slips("Siberia", ["Liberia"]), slips("Victoria", ["Virginia"])
    (['France'], [], [])
    """
    at = folded(wanted)[:1]
    known = {folded(name): name for name in names}
    near = [name for name in known if at and name.startswith(at)]
    return [known[name] for name in get_close_matches(folded(wanted), near, cutoff=_SLIP)]

"""What a name of a place means: one place, several, one that no table has, or a slip of the pen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

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


@cache
def _named(kind: str) -> dict[str, list[str]]:
    """The regions of each name of one kind, as place_names.csv lists them."""
    found: dict[str, list[str]] = {}
    for row in tables.rows("electricity", "place_names"):
        if row["kind"] == kind:
            found.setdefault(folded(row["name"]), []).append(row["region"])
    return found


def synonym(name: str) -> str:
    """The region of another name of one place; empty where it is none.

    >>> synonym("Great Britain"), synonym("Atlantis")
    ('GBR', '')
    """
    return next(iter(_named("synonym").get(folded(name), ())), "")


def sharing(name: str) -> list[str]:
    """The regions that are listed as bearing a name beside their own; empty where none are.

    >>> sharing("Korea")
    ['KOR', 'PRK']
    """
    return _named("shared").get(folded(name), [])


def around(name: str) -> str | None:
    """The region in which a known place without figures of its own lies, "none" in no other, None where it is unknown.

    >>> around("Ontario"), around("Jersey"), around("Atlantis")
    ('CAN', 'none', None)
    """
    return next(iter(_named("not covered").get(folded(name), ())), None)


def also_called(text: str) -> set[str]:
    """The regions with a listed name that holds a text."""
    wanted = folded(text)
    listed = [*_named("synonym").items(), *_named("shared").items()] if wanted else []
    return {region for name, regions in listed if wanted in name for region in regions}


def slips(wanted: str, names: Iterable[str]) -> list[str]:
    """Names that a slip of the pen away from its first letter makes of one another, closest first.

    >>> slips("Frnce", ["France", "Greece"]), slips("Siberia", ["Liberia"]), slips("Victoria", ["Virginia"])
    (['France'], [], [])
    """
    at = folded(wanted)[:1]
    known = {folded(name): name for name in names}
    near = [name for name in known if at and name.startswith(at)]
    return [known[name] for name in get_close_matches(folded(wanted), near, cutoff=_SLIP)]

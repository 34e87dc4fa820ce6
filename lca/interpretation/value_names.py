"""What a value is called for people, beside its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ..records.record import slug

#: What a field says of its owner; a field that is not listed is "<field> of <owner>".
_FIELDS = {
    "embodied": "manufacturing of {}",
    "end_of_life": "end of life of {}",
    "pue": "PUE of {}",
    "wue": "WUE of {}",
    "active": "active time of {}",
    "idle": "idle time of {}",
    "devices": "number of devices of {}",
    "measured": "measured iterations of {}",
    "planned": "planned iterations of {}",
    "window": "measured time of {}",
    "year-to-year": "deviation of single years for {}",
    "between-sources": "difference between sources for {}",
}
#: The owner of a field, by the first piece of its key.
_OWNERS = {
    "hardware": "{}",
    "electricity": "electricity {}",
    "upstream": "electricity from {}",
    "fabrication": "chips of {}",
}
#: A value without a field, by the first piece of its key.
_ALONE = {
    "component": "manufacturing of {}",
    "end of life": "end of life of {}",
    "freight": "transport, {}",
    "gwp": "global warming potential {}",
    "lifetime": "lifetime of {}",
    "primary_energy": "primary energy of {}",
    "upstream": "fuel supply and plants of electricity from {}",
    "water": "water of electricity from {}",
}

#: What publishers share, by the word in a key.
_PUBLISHERS = {"eGRID-life-cycle": "eGRID, life cycle", "Google-life-cycle": "Google, life cycle"}
#: What stands on these shelves has the name of a component, or of a device of the catalogue.
_BY_SLUG = ("hardware", "fabrication", "component")
#: How a class of devices begins in the catalogue, once its name has blanks.
_CLASS = "class "


def _owner(name: str) -> str:
    """The name of a component as a key has it, with its blanks: "robots-sockets" was "robots' sockets"."""
    plain = name.replace("-", " ") if name == name.lower() and "/" not in name else name
    plain = f"a typical {plain.removeprefix(_CLASS)}" if plain.startswith(_CLASS) else plain
    return re.sub(r"\b[cgnt]pu\b", lambda found: found[0].upper(), plain)


def _called(name: str, owned: str) -> str:
    """The name that people gave, with the one of the key behind it where it does not hold that one."""
    if not name:
        return owned
    return name if slug(owned) in slug(name) else f"{name} ({owned})"


def value_name(key: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The words for a key.

    Parameters
    ----------
    key
        The key of a parameter, such as "robots.load".
    names
        What people call a component, by what its keys begin with: `Model.names`.

    Returns
    -------
    str
        What the parameter is, in words. Its component has the name that people gave it. Where the key says another
        name, such as the class of a device, that one stands behind it.

    Examples
    --------
    >>> value_name("hardware/class-edge-module.embodied"), value_name("lifetime/edge_device")
    ('manufacturing of a typical edge module', 'lifetime of edge device')
    >>> value_name("electricity/US-RFCW/2019.share_gas"), value_name("robots-sockets.pue")
    ('share of gas in electricity US-RFCW 2019', 'PUE of robots sockets')
    >>> value_name("hardware/class-edge-module.embodied", {"hardware/class-edge-module": "Jetson"})
    'manufacturing of Jetson (a typical edge module)'
    """
    owner, dot, field = key.rpartition(".")
    if not dot:
        owner, field = key, ""
    shelf, _, rest = owner.partition("/")
    template = (_OWNERS if field else _ALONE).get(shelf) if rest else None
    owned = _owner(rest) if shelf in _BY_SLUG else _PUBLISHERS.get(rest, rest)
    if template:
        named = template.format(_called(names.get(owner, ""), owned.replace("_", " ").replace("/", " ")))
    else:
        plain = _owner(owner) if field else owner
        named = _called(names.get(owner, ""), plain.replace("_", " ").replace("/", " "))
    if field.startswith("share_"):
        return f"share of {field.removeprefix('share_')} in {named}".replace("_", " ")
    return _FIELDS.get(field, f"{field.replace('_', ' ')} of {{}}" if field else "{}").format(named)

"""The catalogue of hardware: which device a text names, and what is known of it.

A device may stand in the table of accelerators (dies, memory), in the tables of published footprints, or among
the products whose makers declare one. Names are slugs, aliases of the table, or the maker's name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import MissingError
from ..near_names import near_names
from ..records.record import slug
from ..tables import Row, cached
from .accelerator_parts import has_bill
from .component_factors import declared, missing, rows_of

if TYPE_CHECKING:
    import pandas

#: Words up to this length are found across dashes by accident.
_SHORT = 4
#: The class a form belongs to, of the published defaults; a chip alone and a stick have none.
_CLASS_OF = {
    "small card": "class-inference-card",
    "edge kit": "class-edge-module",
    "large edge kit": "class-edge-module-large",
    "board computer": "single-board-computer",
}


@dataclass(frozen=True)
class Entry:
    """What is known of one device: its row among accelerators, its published footprints, its class."""

    slug: str
    accelerator: Row | None = None
    published: tuple[Row, ...] = ()
    product: Row | None = None
    archetype: Row | None = None

    @property
    def row(self) -> Row:
        """The row that says its class and its mass."""
        row = self.accelerator or self.product or next(iter(self.published), None) or self.archetype
        assert row is not None
        return row

    @property
    def name(self) -> str:
        """What starts the paths of its record: the maker's name where it reads as the row's does, else that."""
        said = str(self.row.get("name") or self.row["product"])
        return said if slug(said) == self.slug else self.slug

    @property
    def methods(self) -> list[str]:
        """The ways to a figure of it that are open."""
        there = {
            "vendor": self.published or self.product,
            "parts": self.accelerator and has_bill(self.accelerator),
            "class": self.archetype,
        }
        return [method for method, known in there.items() if known]


def find(text: str) -> Entry:
    """The device of a name, an alias or a slug, however it is spaced. Raises `MissingError` with near names.

    >>> find("H100 SXM").slug
    'h100-sxm5-80gb'
    >>> find("dell-poweredge-r740-lca").published[0]["value"]
    4288.0
    """
    name = _names().get(slug(text)) or _spellings().get(_joined(text))
    if name is None:
        near = ", ".join(near_names(slug(text), _names())) or "none"
        key = "not_in_the_catalogue" if _products() else "not_in_the_catalogue_shipped"
        raise MissingError.of(key, "hardware", text=text, near=near)
    accelerator = _accelerators().get(name)
    return Entry(name, accelerator, _published().get(name, ()), _products().get(name), _archetype(name, accelerator))


def _archetype(name: str, accelerator: Row | None) -> Row | None:
    if accelerator is None or name in _archetypes():
        return _archetypes().get(name)
    form = accelerator.text("form")
    kind = _CLASS_OF.get(form, "")
    if form in ("card", "module", "switched module"):
        stacked = accelerator.text("memory_type").startswith("HBM")
        large = accelerator.number("main_dies") > 1 or accelerator.number("memory") >= 180
        kind = f"class-datacentre-gpu{'-two-dies' * large}" if stacked else "class-consumer-gpu"
    return _archetypes().get(kind)


# --- the tables by name -------------------------------------------------------------------------------------


@cached
def _accelerators() -> dict[str, Row]:
    return {row.text("hardware"): row for row in rows_of("accelerators")}


@cached
def _products() -> dict[str, Row]:
    return {row.text("hardware"): row for row in declared("product_footprints")}


@cached
def _published() -> dict[str, tuple[Row, ...]]:
    """Published footprints of a device itself, best trust first; what was looked for and not found is none."""
    found: dict[str, list[Row]] = {}
    for row in rows_of("published_footprints"):
        if not missing(row["value"]) and row["flag"] != "class_default":
            found.setdefault(row.text("hardware"), []).append(row)
    return {name: tuple(sorted(rows, key=lambda row: row.text("trust"))) for name, rows in found.items()}


@cached
def _archetypes() -> dict[str, Row]:
    rows = [row for row in rows_of("published_footprints") if row["flag"] == "class_default"]
    return {row.text("hardware"): row for row in [*rows, *declared("class_defaults")]}


@cached
def _names() -> dict[str, str]:
    """Every name a device is known under, as a slug, with the slug of its row; rows win over aliases.

    A product's name without its maker counts where no two makers use it.
    """
    bare = [(slug(row.text("product")), row.text("hardware")) for row in _products().values()]
    several = Counter(name for name, _ in bare)
    found = {name: hardware for name, hardware in bare if several[name] == 1}
    for row in _accelerators().values():
        found |= dict.fromkeys((*row.text("aliases").split(), slug(row.text("name"))), row.text("hardware"))
    for table in (_products(), _published(), _archetypes(), _accelerators()):
        found |= {name: name for name in table}
    return found


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


@cached
def _spellings() -> dict[str, str]:
    """The names without blanks and dashes, alone and behind the maker of a chip, where they mean one device."""
    found: dict[str, set[str]] = {}
    for name, hardware in _names().items():
        vendor = _accelerators().get(hardware, Row()).get("vendor", "")
        for said in (name, f"{vendor} {name}"):
            found.setdefault(_joined(said), set()).add(hardware)
    return {said: min(devices) for said, devices in found.items() if len(devices) == 1}


def _holds(said: str, word: str) -> bool:
    """Whether a word is in names; a long one also across their dashes: "rtx3090"."""
    return word in said or (len(word) > _SHORT and word in said.replace("-", ""))


def search_hardware(text: str = "") -> pandas.DataFrame:
    """Devices whose names and maker contain every word of a text, in any order, as a DataFrame.

    Columns: hardware, name, class, and the ways to a figure that are open.

    >>> search_hardware("h100 sxm")["hardware"].tolist()
    ['h100-sxm5-80gb']
    """
    import pandas

    words = re.findall(r"[^\W_]+", text.lower())
    rows_by_name = {name: _accelerators().get(name, Row()) for name in _names().values()}
    texts = {
        name: f"{name} {row.get('aliases', '')} {str(row.get('vendor', '')).lower()}"
        for name, row in rows_by_name.items()
    }
    found = [find(name) for name, said in texts.items() if all(_holds(said, word) for word in words)]
    kinds = [one.row.get("class") or one.row.get("subcategory") for one in found]
    rows = [(one.slug, one.name, kind, ", ".join(one.methods)) for one, kind in zip(found, kinds, strict=True)]
    return pandas.DataFrame(rows, columns=["hardware", "name", "class", "methods"])

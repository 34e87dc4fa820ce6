"""A device as a record: what making, moving and discarding one emits, how long it lives, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from ..arguments import entry, shown
from ..characterization.categories import factors
from ..distributions.families import Truncated, Weibull
from ..errors import AccountingError, DomainError, KeyClashError, RecordError
from ..graph.decided import decided
from ..graph.fields import Declared, Written, resolve
from ..graph.node import Node, parameters
from ..records.record import Maybe, Record, Value, component, plain, quantity, word
from ..sampling.evaluate import shown_values
from ..units.quantity import Quantity
from ..units.quantity import quantity as pint_quantity
from .parts import Contents, Line, Share, contents_of

if TYPE_CHECKING:
    from ..records.record import Field

    #: A field that takes burdens by impact category and by field, and gives a Node for each.
    ByField: TypeAlias = Field[Mapping[str, Mapping[str, Node]], Mapping[str, Mapping[str, Written]] | None]
else:
    ByField = Mapping[str, object]

D = TypeVar("D", bound="Device")
#: The fields that hold a burden of one device.
FIELDS = ("embodied", "distribution", "end_of_life")
#: What hardware that is a part of other hardware brings along beside its making.
CARRIED = FIELDS[1:]
#: Where a figure ends (U9): at the factory's gate; after transport and end of life, without use; at what a vendor
#: calls manufacturing.
GATES = ("cradle-to-gate", "cradle-to-grave without use", "manufacturing", "unknown")


@component
class Device(Record):
    """The fields of one kind of device, and what follows from them; `Hardware` says what each is."""

    embodied: Value = quantity("kg CO2e", per="device", optional=True, default=None)
    lifetime: Value = quantity("s", above=True)
    distribution: Maybe = quantity("kg CO2e", per="device", optional=True, default=None)
    end_of_life: Maybe = quantity("kg CO2e", per="device", optional=True, default=None)
    service_life: Maybe = quantity("s", above=True, optional=True, default=None)
    recycling_credit: Maybe = quantity("kg CO2e", per="device", low=None, high=0.0, optional=True, default=None)
    max_power: Maybe = quantity("W", per="device", above=True, optional=True, default=None)
    categories: ByField = plain(default=None)
    parts: tuple[Line | Device, ...] = plain(default=())
    contents: Contents = plain(default=())
    gate: str = word(*GATES, default="unknown")
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", parts_of(self.name, self.parts))
        if self.parts and self.embodied is not None:
            raise AccountingError.of("embodied_beside_parts", f"{self.slug}.embodied")
        contents = contents_of(self.contents, f"{self.slug}.contents")
        object.__setattr__(self, "contents", contents or frozenset().union(*(part.contents for part in self.parts)))
        super().__post_init__()
        object.__setattr__(self, "categories", self._by_category())
        for name in ("lifetime", "service_life"):
            check_mean_life(getattr(self, name), f"{self.slug}.{name}")

    def _by_category(self) -> dict[str, dict[str, Node]]:
        """Burdens by impact category and field, as nodes: {"water": {"embodied": ...}}."""
        said = {"status": self.status or "declared", "source": self.source}
        made: dict[str, dict[str, Node]] = {}
        for name, burdens in (self.categories or {}).items():
            if not isinstance(burdens, Mapping) or not set(burdens) <= set(FIELDS):
                raise RecordError.of("burdens_not_by_field", f"{self.slug}.categories", [shown(burdens)], name=name)
            made[name] = {
                field: factors({name: value}, per="device", key=f"{self.key_prefix}.{field}", at=None, **said)[name]
                for field, value in burdens.items()
            }
        return made

    def _complete(self) -> dict[str, Node]:
        if self.embodied is not None:
            return {}
        if not self.parts:
            resolve(None, Declared(("kg CO2e",), per="device"), key=f"{self.key_prefix}.embodied")
        burdens = [part.embodied for part in self.parts]
        return {"embodied": sum(burdens[1:], burdens[0])}

    @property
    def tdp(self) -> Quantity | None:
        """The most that one device can draw, `max_power` at its nominal value; None where it is not known.

        >>> from lca import Hardware
        >>> Hardware.lookup("H100 SXM5 80GB").tdp
        <quantity 700 W>
        """
        return None if self.max_power is None else pint_quantity(shown_values({"": self.max_power})[""], "W")

    def replaced(self, **changes: object) -> Self:
        """The same device with other values in some fields.

        Parameters
        ----------
        **changes : as in `Hardware`
            The new values. A burden that is given stands in place of the parts.

        Returns
        -------
        Hardware
            A new record; this one stays as it is.

        Examples
        --------
        >>> from lca import Hardware
        >>> Hardware("Jetson", embodied="36 kg CO2e", lifetime="5 year").replaced(embodied="40 kg CO2e")
        Hardware('Jetson', embodied=40 kg CO2e/device, lifetime=5 year)
        """
        if changes.get("embodied") is not None:
            changes = {"parts": (), **changes}
        return super().replaced(**changes)

    @entry
    def per(self, n: float) -> Share:
        """A share of this device as a part of another, such as an eighth of a baseboard of eight.

        Parameters
        ----------
        n : float
            Among how many it is shared, 1 or more.

        Returns
        -------
        Share
            A part with 1/n of the burden.

        Examples
        --------
        >>> from lca import Hardware
        >>> Hardware("baseboard", embodied="1312 kg CO2e", lifetime="5 year").per(8).embodied
        <baseboard-1-of-8.embodied [kg CO2e/device]>
        """
        return Share(f"{self.name}, 1 of {n:g}", of=self, among=n)


def check_mean_life(life: Node | None, where: str) -> None:
    """Raise `DomainError` for a Weibull where the life of a kind is asked for: the mean of 1/L is not 1/mean (U8)."""
    if any(decided(_is_weibull, leaf) for leaf in ([] if life is None else parameters([life]))):
        raise DomainError.of("life_is_a_weibull", where)


def _is_weibull(life: Node) -> bool:
    if life.parameter is None:
        return False
    wholes = (value.whole if isinstance(value, Truncated) else value for value in life.parameter.values)
    return any(isinstance(whole, Weibull) for whole in wholes)


def parts_of(name: str, given: Iterable[Line | D], *, least: int = 0) -> tuple[Line | D, ...]:
    """What was given as parts, if each is one, under a name of its own."""
    parts = tuple(given)
    if len(parts) < least:
        raise RecordError.of("no_parts", name)
    slugs = [part.slug for part in parts]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise KeyClashError.of("parts_of_one_name", name, names=", ".join(twice))
    return parts

"""What a device is made of, line by line, as a bill of materials: each part knows what making it emits.

A part takes an amount (an area, a capacity, a mass) and a factor. If the factor is not given it is that of
`data/hardware`. That is one parameter for all parts of a kind: its error is common to all hardware that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from ..arguments import entry
from ..checks import finite_number, one_of
from ..errors import AccountingError, MissingError, RecordError, UnitError
from ..formulas import amount_embodied
from ..graph.node import Node, constant
from ..records.record import Maybe, Record, Value, component, plain, quantity
from ..units.parse import root
from ..units.text import unit_text
from .component_factors import component_factor

#: What a figure may contain (U9); `host` is a share of the server around an accelerator, `rack` of what is around that.
CONTENTS = (
    "dies", "memory", "storage", "board", "passives", "cooling", "power_supply", "enclosure", "battery",
    "assembly", "packaging", "switches", "host", "rack",
)  # fmt: skip


if TYPE_CHECKING:
    from typing import Protocol

    from ..records.record import Field

    class Whole(Protocol):
        """What a share is taken of: a part, or hardware."""

        @property
        def embodied(self) -> Node: ...
        @property
        def contents(self) -> frozenset[str]: ...

    #: A field that takes words of `CONTENTS`, and gives the set of them.
    Contents: TypeAlias = Field[frozenset[str], str | Iterable[str]]
else:
    Contents, Whole = str | Iterable[str], object


def contents_of(words: str | Iterable[str], where: str) -> frozenset[str]:
    """Words of `CONTENTS` as a frozen set. Raises `DomainError` for a word that is not one of them.

    >>> sorted(contents_of(["memory", "dies"], ""))
    ['dies', 'memory']
    """
    found = [words] if isinstance(words, str) else words
    return frozenset(one_of(word, CONTENTS, "content of a device", where) for word in found)


@component
class Line(Record):
    """What every part has: a burden, how many there are in one device, and what it contains.

    The burden of all pieces in one device is (amount x factor + fixed) x count, [kg CO2e/device].

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size, such as a package or a substrate.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains, in words of `CONTENTS`.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.
    """

    _words: ClassVar[tuple[str, ...]] = ()  # its contents, where none are given
    _measure: ClassVar[str] = ""  # the field that holds its amount

    embodied: Value = quantity("kg CO2e", per="device", optional=True, default=None)
    fixed: Maybe = quantity("kg CO2e", optional=True, default=None)
    count: float = plain(default=1)
    contents: Contents = plain(default=())
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def __init_subclass__(cls, contents: str = "", measure: str = "") -> None:
        """What a kind of part contains, and the field of its amount; by default those of its base."""
        cls._words, cls._measure = (contents,) if contents else cls._words, measure or cls._measure

    def __post_init__(self) -> None:
        contents = contents_of(self.contents, f"{self.slug}.contents") or frozenset(self._words)
        object.__setattr__(self, "contents", contents)
        finite_number(self.count, f"{self.slug}.count", low=0, above=True)
        super().__post_init__()

    def _complete(self) -> dict[str, Node]:
        if self.embodied is None:
            found = self._defaults()
            for name, node in found.items():
                object.__setattr__(self, name, node)
            return {**found, "embodied": self._piece() * constant(float(self.count), root("1/device"))}
        if unread := [name for name in self.values if name != "embodied"] + ["count"] * (self.count != 1):
            raise AccountingError.of("no_effect_beside_embodied", f"{self.slug}.embodied", names=", ".join(unread))
        return {}

    def _defaults(self) -> dict[str, Node]:
        """Fields that were not given and that the tables know."""
        row = self._row()
        return {"factor": component_factor(*row)} if row and getattr(self, "factor", None) is None else {}

    def _row(self) -> tuple[str, ...]:
        """Component and product of the table that its factor stands in; none for a part of any kind."""
        return self._words

    def _piece(self) -> Node:
        """The burden of one piece: amount x factor + fixed."""
        amount, factor = getattr(self, self._measure, None), getattr(self, "factor", None)
        if amount is None and factor is None and self.fixed is not None:
            return self.fixed
        made = self._sized(amount, factor)
        return made if self.fixed is None else self.fixed + made

    def _sized(self, amount: Node | None, factor: Node | None) -> Node:
        """Amount x factor, or the factor of a piece."""
        if factor is not None and factor.unit == root("kg CO2e"):
            if amount is None:
                return factor
            raise AccountingError.of("no_amount_by_piece", f"{self.slug}.{self._measure}", measure=self._measure)
        if amount is None or factor is None:
            lacking = "factor" if amount is not None else self._measure or "embodied"
            raise MissingError.of("part_without_burden", f"{self.slug}.{lacking}", name=lacking)
        made: Node = amount_embodied(amount, factor)
        if made.unit != root("kg CO2e"):
            sides = unit_text(amount.unit), unit_text(factor.unit)
            raise UnitError.of("factor_of_another_amount", self.slug, amount=sides[0], factor=sides[1])
        return made

    @entry
    def per(self, n: float) -> Share:
        """A share of this part, such as an eighth of a baseboard of eight accelerators.

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
        >>> Part("baseboard", embodied="80 kg CO2e").per(8)
        Share('baseboard, 1 of 8', embodied=<baseboard-1-of-8.embodied>)
        """
        return Share(f"{self.name}, 1 of {n:g}", of=self, among=n)


def carried(parts: tuple[object, ...], field: str) -> Node | None:
    """What hardware among parts brings along beside its making: the sum of a field, of shares their share."""
    found = []
    for part in parts:
        whole, among = part, 1.0
        while isinstance(whole, Share):
            among *= float(whole.among)
            whole = whole.of
        node: Node | None = getattr(whole, field, None)
        if node is not None:
            found.append(node if among == 1 else node / among)
    return sum(found[1:], found[0]) if found else None


@component
class Share(Line):
    """A share of a whole, 1/n: the part of a baseboard of n accelerators that one of them is charged.

    >>> Share("my share", of=Part("baseboard", embodied="80 kg CO2e", contents="switches"), among=8).contents
    frozenset({'switches'})
    """

    of: Whole = plain(default=None)
    among: float = plain(default=1)

    def __post_init__(self) -> None:
        finite_number(self.among, f"{self.slug}.among", low=1)
        if self.count != 1 or self.fixed is not None:
            raise RecordError.of("no_effect_on_a_share", f"{self.slug}.among")
        if not self.contents:
            object.__setattr__(self, "contents", self.of.contents)
        super().__post_init__()

    def _complete(self) -> dict[str, Node]:
        return {} if self.embodied is not None else {"embodied": self.of.embodied / float(self.among)}


@component
class Part(Line, measure="amount"):
    """A part of any kind: a burden that is declared, or an amount and a factor.

    Parameters
    ----------
    name : str
        The name of the part, unique in its device.
    embodied : quantity, kg CO2e per device
        The burden of all pieces in one device, in place of amount and factor.
    amount : quantity, cm^2, GB, kg or Wh
        An area, a capacity, a mass, or the energy of a battery.
    factor : quantity, kg CO2e per unit of the amount
        What that amount emits.
    fixed : quantity, kg CO2e
        What a piece emits whatever its size, such as a package or a substrate.
    count : float above 0
        How many pieces one device has.
    contents : str or sequence of str
        What it contains: "dies", "memory", "board", ...
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Examples
    --------
    >>> Part("motherboard", embodied="66.1 kg CO2e", contents="board").embodied
    <motherboard.embodied = 66.1 kg CO2e/device>
    >>> processors = Part("processors", amount="588 mm^2", factor="1.97 kg CO2e/cm^2", fixed="9.14 kg CO2e", count=2)
    >>> processors.embodied
    <processors.embodied [kg CO2e/device]>
    """

    amount: Maybe = quantity("cm^2", "byte", "kg", "Wh", optional=True, default=None)
    factor: Maybe = quantity("kg CO2e/cm^2", "kg CO2e/byte", "kg CO2e/kg", "kg CO2e/Wh", optional=True, default=None)

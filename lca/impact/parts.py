"""What a device is made of, line by line, as a bill of materials: each part knows what making it emits.

A part takes an amount (an area, a capacity, a mass) and a factor; where the factor is not given it is that of
`data/hardware`, one parameter for all parts of a kind, so that its error is common to all hardware that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from ..arguments import entry
from ..checks import finite_number
from ..errors import AccountingError, DomainError, MissingError, RecordError, UnitError
from ..expression.node import Node, constant
from ..expression.record import Record, Value, component, plain, quantity
from ..formulas import amount_embodied
from ..units import root, unit_text
from .factors import component_factor

#: What a figure may contain (U9); `host` is a share of the server around an accelerator, `rack` of what is around that.
CONTENTS = (
    "dies", "memory", "storage", "board", "passives", "cooling", "power_supply", "enclosure", "battery",
    "assembly", "packaging", "switches", "host", "rack",
)  # fmt: skip


def contents_of(words: Any, where: str) -> Any:
    """Words of `CONTENTS` as a frozen set. Raises `DomainError` for a word that is none.

    >>> sorted(contents_of(["memory", "dies"], ""))
    ['dies', 'memory']
    """
    found = [words] if isinstance(words, str) or not isinstance(words, Iterable) else list(words)
    if wrong := sorted((word for word in found if word not in CONTENTS), key=str):
        raise DomainError(
            f"{', '.join(map(repr, wrong))} is nothing that a device contains",
            where=where,
            fix=f"words: {', '.join(CONTENTS)}",
        )
    return frozenset(found)


@component
class Line(Record):
    """What every part has: a burden, how many there are in one device, and what it stands for.

    `embodied` is the burden of all `count` pieces in one device [kg CO2e/device]; where it is not given it is
    (amount x factor + fixed) x count. `fixed` is what a piece emits whatever its size: a package, a substrate.
    """

    _words: ClassVar[tuple[str, ...]] = ()
    _measure: ClassVar[str] = ""  # the field that holds its amount

    embodied: Value = quantity("kg CO2e", per="device", optional=True, default=None)
    fixed: Value = quantity("kg CO2e", optional=True, default=None)
    count: float = plain(default=1)
    contents: str | Iterable[str] = plain(default=())
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        said = contents_of(self.contents, f"{self.slug}.contents") or frozenset(self._words)
        object.__setattr__(self, "contents", said)
        check_count(self.count, f"{self.slug}.count")
        super().__post_init__()

    def _complete(self) -> dict[str, Node]:
        if self.embodied is None:
            found = self._defaults()
            for name, node in found.items():
                object.__setattr__(self, name, node)
            return {**found, "embodied": self._piece() * constant(float(self.count), root("1/device"))}
        if self.count != 1:
            raise RecordError(
                "a burden that is given is that of all pieces, and count= has no effect on it",
                where=f"{self.slug}.count",
                fix="give fixed= for each piece, with count=, or the sum as embodied=",
            )
        if others := [name for name in self.values if name != "embodied"]:
            raise AccountingError(
                f"a burden that is given is that of the whole part, and {', '.join(others)} would have no effect",
                where=f"{self.slug}.embodied",
                fix="give embodied= alone, or leave it out and it follows from the rest",
            )
        return {}

    def _defaults(self) -> dict[str, Node]:
        """Fields that were not given and that the tables know."""
        row = self._row()
        return {"factor": component_factor(*row)} if row and getattr(self, "factor", None) is None else {}

    def _row(self) -> tuple[str, ...]:
        """Component and product of the table that its factor stands in; none for what has no default."""
        return ()

    def _piece(self) -> Node:
        """The burden of one piece: amount x factor + fixed."""
        factor: Node | None = getattr(self, "factor", None)
        made = [] if self.fixed is None else [self.fixed]
        if factor is not None and factor.unit == root("kg CO2e"):
            if self._amount is not None:
                raise AccountingError(
                    f"a factor per piece takes no {self._measure}, which would have no effect",
                    where=f"{self.slug}.{self._measure}",
                    fix=f"leave {self._measure}= out and say count=, or give a factor= per unit of it",
                )
            made.append(factor)
        elif factor is not None or self._amount is not None:
            made.append(self._sized(factor))
        if not made:
            raise MissingError(
                "a part says what it emits",
                where=self.slug,
                fix="embodied=, or an amount and its factor, or fixed= for each piece",
            )
        total: Node = sum(made[1:], made[0])
        return total

    @property
    def _amount(self) -> Node | None:
        return getattr(self, self._measure, None)

    def _sized(self, factor: Node | None) -> Node:
        for name, node in ((self._measure, self._amount), ("factor", factor)):
            if node is None:
                raise MissingError("a required value is missing", where=f"{self.slug}.{name}",
                                   fix=f"give {name}=, or embodied= for the whole part")  # fmt: skip
        made: Node = amount_embodied(self._amount, factor)
        if made.unit != root("kg CO2e"):
            sides = [unit_text(node.unit) for node in (self._amount, factor) if node is not None]
            raise UnitError(
                "the factor is per unit of something else than the amount",
                where=self.slug,
                sides=sides,
                fix=f"give the factor in kg CO2e/({sides[0]})",
            )
        return made

    @entry
    def per(self, n: float) -> Share:
        """A share of this: of a baseboard of eight accelerators an eighth each.

        >>> Part("baseboard", embodied="80 kg CO2e").per(8)
        Share('baseboard, 1 of 8', embodied=<baseboard-1-of-8.embodied>)
        """
        return share_of(self, n)


def share_of(whole: Any, n: Any) -> Share:
    """1/n of a whole, as a part. Raises `DomainError` for less than one."""
    check_count(n, f"{whole.slug}.per")
    return Share(f"{whole.name}, 1 of {n:g}", of=whole, among=n)


def carried(parts: tuple[Any, ...], field: str) -> Node | None:
    """What hardware among parts brings along beside its making: the sum of a field, of shares their share."""
    found = []
    for part in parts:
        whole, among = part, 1.0
        while isinstance(whole, Share):
            whole, among = whole.of, among * float(whole.among)
        node: Node | None = getattr(whole, field, None)
        if node is not None:
            found.append(node if among == 1 else node / among)
    return sum(found[1:], found[0]) if found else None


def check_count(count: Any, where: str) -> None:
    """Raise where a number of pieces is none."""
    finite_number(count, where, low=0, above=True)


@component
class Share(Line):
    """A share of a whole, 1/n: what one accelerator owes of the baseboard that carries n of them.

    >>> Share("my share", of=Part("baseboard", embodied="80 kg CO2e", contents="switches"), among=8).contents
    frozenset({'switches'})
    """

    of: Any = plain(default=None)
    among: float = plain(default=1)

    def __post_init__(self) -> None:
        check_count(self.among, f"{self.slug}.among")
        if self.among < 1:
            raise DomainError(
                f"1 of {self.among:g} is more than the whole", where=f"{self.slug}.among", fix="a number from 1 up"
            )
        if self.count != 1 or self.fixed is not None:
            raise RecordError(
                "a share is of one whole, and count= and fixed= have no effect on it",
                where=f"{self.slug}.among",
                fix="two of eight are among=4, whole.per(4)",
            )
        if not self.contents:
            object.__setattr__(self, "contents", self.of.contents)
        super().__post_init__()

    def _complete(self) -> dict[str, Node]:
        return {} if self.embodied is not None else {"embodied": self.of.embodied / float(self.among)}


@component
class Part(Line):
    """A part of any kind: a burden that is declared, or an amount and a factor of one's own.

    `amount` is an area, a capacity, a mass or a battery's energy; `factor` kg CO2e per unit of it. `contents`
    says what it stands for, in words of `CONTENTS`.

    >>> Part("motherboard", embodied="66.1 kg CO2e", contents="board").embodied
    <motherboard.embodied [kg CO2e/device]>
    >>> processors = Part("processors", amount="588 mm^2", factor="1.97 kg CO2e/cm^2", fixed="9.14 kg CO2e", count=2)
    >>> processors.embodied
    <processors.embodied [kg CO2e/device]>
    """

    _measure: ClassVar[str] = "amount"

    amount: Value = quantity("cm^2", "byte", "kg", "Wh", optional=True, default=None)
    factor: Value = quantity("kg CO2e/cm^2", "kg CO2e/byte", "kg CO2e/kg", "kg CO2e/Wh", optional=True, default=None)

"""Hardware as a record: what making, moving and discarding one device emits, and how long it lives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from ..arguments import entry, shown
from ..characterization.categories import factors
from ..distributions.families import Weibull
from ..errors import AccountingError, DomainError, KeyClashError, RecordError
from ..graph.fields import Declared, Written, resolve
from ..graph.node import Node, parameters
from ..records.record import Maybe, Record, Value, component, plain, quantity, slug, word
from ..sampling.evaluate import nominal_values
from ..units.quantity import Quantity
from ..units.quantity import quantity as pint_quantity
from . import device_figures as figures
from .catalogue import find
from .parts import Contents, Line, Part, Share, carried, contents_of
from .rival_figures import COMMON, Methods, check_options

if TYPE_CHECKING:
    from ..records.record import Field

    #: A field that takes burdens by impact category and by field, and gives a Node for each.
    ByField: TypeAlias = Field[Mapping[str, Mapping[str, Node]], Mapping[str, Mapping[str, Written]] | None]
else:
    ByField = Mapping[str, object]

#: The fields that hold a burden of one device.
FIELDS = ("embodied", "distribution", "end_of_life")
#: What hardware that is a part of other hardware brings along beside its making.
_CARRIED = FIELDS[1:]
#: Where a figure ends (U9): at the factory's gate; after transport and end of life, without use; at what a vendor
#: calls manufacturing.
GATES = ("cradle-to-gate", "cradle-to-grave without use", "manufacturing", "unknown")


@component
class Hardware(Record):
    """One kind of device, cradle to grave without its use.

    What is left out here must be excluded by name in the study (A6). Recycling is cut off: `end_of_life` is the
    treatment alone (A9).

    Parameters
    ----------
    name : str
        The name of the device, unique in a study.
    embodied : quantity, kg CO2e per device
        The burden of making one device, cradle to gate.
    lifetime : quantity, time above 0
        The mean calendar life of this kind of device. The spread over devices belongs to `lca.Fleet`.
    distribution : quantity, kg CO2e per device
        The transport of one device to the user.
    end_of_life : quantity, kg CO2e per device
        The treatment of one device at its end.
    service_life : quantity, time above 0
        Time of running over a life; the rule "active_time" needs it.
    recycling_credit : quantity, kg CO2e per device, 0 or below
        What recycled material spares others. No total takes it (A9).
    max_power : quantity, W per device
        What a device can draw, such as its TDP; measured power is checked against it (A15).
    categories : mapping of str to mapping
        Burdens of other impact categories, by field: {"water": {"embodied": "1000 L"}}.
    parts : sequence of Part or Hardware
        Parts whose sum stands in place of `embodied`; see `from_parts`.
    contents : str or sequence of str
        What the figure holds: "dies", "memory", "board", ... Figures are compared only if these agree (U9).
    gate : str
        Where the figure ends: "cradle-to-gate", "cradle-to-grave without use", "manufacturing" or "unknown".
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    MissingError
        If there is neither `embodied` nor `parts`.
    AccountingError
        If both are given.
    DomainError
        If a life is a Weibull over devices.

    Examples
    --------
    >>> Hardware("Jetson", embodied="36 kg CO2e", lifetime="5 year").embodied
    <jetson.embodied = 36 kg CO2e/device>
    """

    embodied: Value = quantity("kg CO2e", per="device", optional=True, default=None)
    lifetime: Value = quantity("s", above=True)
    distribution: Maybe = quantity("kg CO2e", per="device", optional=True, default=None)
    end_of_life: Maybe = quantity("kg CO2e", per="device", optional=True, default=None)
    service_life: Maybe = quantity("s", above=True, optional=True, default=None)
    recycling_credit: Maybe = quantity("kg CO2e", per="device", low=None, high=0.0, optional=True, default=None)
    max_power: Maybe = quantity("W", per="device", above=True, optional=True, default=None)
    categories: ByField = plain(default=None)
    parts: tuple[Line | Hardware, ...] = plain(default=())
    contents: Contents = plain(default=())
    gate: str = word(*GATES, default="unknown")
    status: str = plain(default="")
    source: str = plain(default="")
    key: str = plain(default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", _parts(self.name, self.parts))
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

    @classmethod
    @entry
    def from_parts(cls, name: str, parts: Iterable[Line | Hardware], *, lifetime: Written, **fields: Any) -> Hardware:
        """A device as the sum of its parts; the figure ends at the factory gate.

        Parameters
        ----------
        name : str
            The name of the device, unique in a study.
        parts : sequence of Die, Memory, Board, ... or Hardware
            The parts. Hardware among them, or a share of it such as `host.per(8)`, brings its transport and end of life
            along, unless these are given.
        lifetime : quantity, time above 0
            The mean calendar life of the device.
        **fields : as in `Hardware`
            The other fields, such as `distribution` and `end_of_life`.

        Returns
        -------
        Hardware
            The device, with the contents of its parts.

        Raises
        ------
        RecordError
            If there is no part, or something is not a part.
        KeyClashError
            If two parts have one name.

        Examples
        --------
        >>> from lca.hardware.parts import Part
        >>> board = Part("board", embodied="5 kg CO2e", contents="board")
        >>> Hardware.from_parts("sensor", [board], lifetime="5 year").contents
        frozenset({'board'})
        """
        found = _parts(name, parts, least=1)
        beside = {field: carried(found, field) for field in _CARRIED}
        return cls(name, parts=found, lifetime=lifetime, **{"gate": GATES[0], **beside, **fields})

    @classmethod
    @entry
    def alternatives(
        cls,
        name: str,
        options: Mapping[str, Hardware],
        *,
        weights: Mapping[str, float] | None = None,
        dim: str = "estimate",
        source: str = "",
        status: str = "assumed",
    ) -> Hardware:
        """One device with rival figures: a dim of its embodied burden or, with weights, a mixture (U9).

        A study names the dim: `alternatives=("estimate",)`. Two devices whose figures are chosen apart need two names
        of dims, such as `dim="estimate of the card"`.

        Parameters
        ----------
        name : str
            The name of the device, unique in a study.
        options : mapping of str to Hardware
            The rival figures by label.
        weights : mapping of str to float
            A positive number for each label; they need not sum to 1.
        dim : str
            The name of the dim.
        source, status : str
            Source and status of the weights.

        Returns
        -------
        Hardware
            The device, with its embodied burden over the dim or as a mixture.

        Raises
        ------
        AccountingError
            If the figures do not all declare the same contents and gate.
        RecordError
            If they differ in lifetime, transport or end of life.

        Examples
        --------
        >>> card = dict(lifetime="5 year", contents={"dies", "memory"}, gate="cradle-to-gate")
        >>> a, b = (Hardware(f"card {n}", embodied=f"{n} kg CO2e", **card) for n in (150, 164))
        >>> Hardware.alternatives("card", {"parts": a, "vendor": b}).embodied.dim_names
        ('estimate',)
        """
        check_options(name, options, weights)
        first = next(iter(options.values()))
        rivals = Methods(
            f"{name} estimates",
            options=_named_apart(name, options),
            weights=weights,
            dim=dim,
            contents=first.contents,
            status=status,
            source=source,
            key=slug(name),
        )
        kept = {field: first.given(field) for field in (*COMMON, "max_power")}
        sources = "; ".join(f"{label}: {option.source}" for label, option in options.items() if option.source)
        return cls(name, parts=(rivals,), gate=first.gate, source=sources, **kept)

    @classmethod
    @entry
    def lookup(
        cls,
        name: str,
        *,
        method: str = "",
        dim: str = "estimate",
        lifetime: Written | None = None,
        service_life: Written | None = None,
        legs: Mapping[str, Written] | None = None,
        allow_flagged: bool = False,
    ) -> Hardware:
        """A device of the catalogue, from the tables of data/hardware and data/product_footprints.

        Parameters
        ----------
        name : str
            A name of the catalogue; `lca.search("hardware")` lists them.
        method : str
            "vendor": a footprint published for this very part. "parts": dies and memory from their amounts, the rest
            assumed for its form. "class": the range of its kind. "all": those that there are, on a dim, each completed
            with the parts that it lacks. If not given: vendor, else parts, else class; the source says which.
        dim : str
            The name of the dim of "all".
        lifetime : quantity, time above 0
            In place of the lifetime of its class.
        service_life : quantity, time above 0
            Time of running over a life.
        legs : mapping of transport mode to distance
            The way to the user, {"aircraft": "10000 km"}, in place of a factor per mass.
        allow_flagged : bool
            Take a declaration that the tables flag as doubtful.

        Returns
        -------
        Hardware
            The device, with status and source of each figure. Recycling is cut off.

        Raises
        ------
        MissingError
            If the catalogue lacks the name (the error offers near names) or the method has no figure, or for a flagged
            declaration without `allow_flagged`.
        DomainError
            If `legs` is empty.

        Examples
        --------
        >>> Hardware.lookup("H100 SXM").source[:31]
        'published, NVIDIA H100 SXM (1/8'
        >>> Hardware.lookup("Jetson Nano").gate
        'cradle-to-gate'
        """
        entry = find(name)
        ways = figures.ways(entry, method, lifetime=lifetime, legs=legs, allow_flagged=allow_flagged)
        if method != "all":
            (said,) = ways.values()
            return cls(**said, service_life=service_life)
        named = {way: said | {"name": f"{entry.name} by {way}"} for way, said in ways.items()}
        found = {way: cls(**said, service_life=service_life) for way, said in named.items()}
        return cls.alternatives(entry.name, _alike(found), dim=dim)

    @property
    def tdp(self) -> Quantity | None:
        """The most that one device can draw, `max_power` at its nominal value; None where it is not known.

        >>> Hardware.lookup("H100 SXM5 80GB").tdp
        <quantity 700 W>
        """
        return None if self.max_power is None else pint_quantity(nominal_values({"": self.max_power})[""], "W")

    @property
    def rivals(self) -> dict[str, Hardware]:
        """The rival figures behind an embodied burden of several ways, by label; none where there is one."""
        return dict(self.parts[0].options) if len(self.parts) == 1 and isinstance(self.parts[0], Methods) else {}

    @entry
    def completed(self, *, with_: Iterable[Line | Hardware]) -> Hardware:
        """The same device with parts that its figure lacks (A2).

        Hardware among the parts brings its transport and end of life along, as in `from_parts`. If the device itself
        has neither, it stays without.

        Parameters
        ----------
        with_ : sequence of Part or Hardware
            The parts to add.

        Returns
        -------
        Hardware
            The device with both contents.

        Raises
        ------
        AccountingError
            If a part or the device does not say what it contains, or the device contains the part already.

        Examples
        --------
        >>> from lca.hardware.parts import Part
        >>> bare = Hardware("card", embodied="90 kg CO2e", lifetime="5 year", contents={"dies", "memory"})
        >>> sorted(bare.completed(with_=[Part("sink", embodied="6 kg CO2e", contents="cooling")]).contents)
        ['cooling', 'dies', 'memory']
        """
        added = _parts(self.name, with_, least=1)
        for thing in (self, *added):
            if not thing.contents:
                raise AccountingError.of("contents_not_said", f"{thing.slug}.contents")
        both = {part.slug: sorted(part.contents & self.contents) for part in added}
        if twice := [f"{name}: {', '.join(words)}" for name, words in both.items() if words]:
            sides = [f"contains {', '.join(sorted(self.contents))}", *twice]
            raise AccountingError.of("contained_already", self.slug, sides)
        base, figure = self.parts, self.given("embodied")
        if figure is not None:
            base = (Part(f"{self.name} as given", embodied=figure, contents=self.contents),)
        # what the parts take of other categories is not known: a gap, never the smaller number of the figure alone
        kept = {name: {field: node for field, node in burdens.items() if field != "embodied"}
                for name, burdens in self.categories.items()}  # fmt: skip
        moved = {}
        for field in _CARRIED:
            own, more = self.given(field), carried(added, field)
            if own is not None and more is not None:
                moved[field] = own + more
        return self.replaced(embodied=None, parts=(*base, *added), contents=(), categories=kept, **moved)

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
        >>> Hardware("baseboard", embodied="1312 kg CO2e", lifetime="5 year").per(8).embodied
        <baseboard-1-of-8.embodied [kg CO2e/device]>
        """
        return Share(f"{self.name}, 1 of {n:g}", of=self, among=n)


def _named_apart(name: str, options: Mapping[str, Hardware]) -> dict[str, Hardware]:
    """Rivals under names of their own (U1): one device looked up in several ways has one name. Keys stay."""
    slugs = [slug(name), *(option.slug for option in options.values())]
    if len(set(slugs)) == len(slugs):
        return dict(options)
    return {label: option.replaced(name=f"{option.name} by {label}") for label, option in options.items()}


def _alike(found: Mapping[str, Hardware]) -> dict[str, Hardware]:
    """Rival figures, each completed with those parts of the bill of materials whose kind it lacks."""
    parts = found["parts"].parts if "parts" in found else ()
    made = {}
    for way, hardware in found.items():
        lacking = [part for part in parts if not part.contents & hardware.contents]
        made[way] = hardware.completed(with_=lacking) if lacking else hardware
    return made


def check_mean_life(life: Node | None, where: str) -> None:
    """Raise `DomainError` for a Weibull where the life of a kind is asked for: the mean of 1/L is not 1/mean (U8)."""
    leaves = [] if life is None else parameters([life])
    if any(isinstance(value, Weibull) for leaf in leaves if leaf.parameter for value in leaf.parameter.values):
        raise DomainError.of("life_is_a_weibull", where)


def _parts(name: str, given: Iterable[Line | Hardware], *, least: int = 0) -> tuple[Line | Hardware, ...]:
    """What was given as parts, if each is one, under a name of its own."""
    parts = tuple(given)
    if len(parts) < least:
        raise RecordError.of("no_parts", name)
    slugs = [part.slug for part in parts]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise KeyClashError.of("parts_of_one_name", name, names=", ".join(twice))
    return parts

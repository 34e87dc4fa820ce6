"""Hardware: one kind of device by hand, by its parts, by rival figures, or from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..arguments import entry
from ..errors import AccountingError
from ..graph.fields import Written
from ..records.record import component, plain, slug
from . import device_figures as figures
from .catalogue import find
from .device import CARRIED, GATES, Device, parts_of
from .parts import Line, Part, carried
from .rival_figures import COMMON, Methods, check_options


@component
class Hardware(Device):
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

    parts: tuple[Line | Hardware, ...] = plain(default=())

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
        found = parts_of(name, parts, least=1)
        beside = {field: carried(found, field) for field in CARRIED}
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
            f"{name} estimates", options=_named_apart(name, options), weights=weights, dim=dim, contents=first.contents,
            status=status, source=source, key=slug(name),
        )  # fmt: skip
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
        """A device of the catalogue: of data/hardware, and of the declared products of `lca-data-odbl` if it is there.

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
    def rivals(self) -> dict[str, Hardware]:
        """The rival figures behind an embodied burden of several ways, by label; none where there is one."""
        if len(self.parts) != 1 or not isinstance(self.parts[0], Methods):
            return {}
        return {label: one for label, one in self.parts[0].options.items() if isinstance(one, Hardware)}

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
        added = parts_of(self.name, with_, least=1)
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
        for field in CARRIED:
            own, more = self.given(field), carried(added, field)
            if own is not None and more is not None:
                moved[field] = own + more
        return self.replaced(embodied=None, parts=(*base, *added), contents=(), categories=kept, **moved)


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

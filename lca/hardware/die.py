"""Chips by their area: what a fab emits per area of wafer, and which share of the dies is sold."""

from __future__ import annotations

from collections.abc import Callable

from .. import formulas
from ..distributions.families import Triangular
from ..electricity.electricity import Electricity
from ..errors import AccountingError, MissingError
from ..graph.bounds import bounds
from ..graph.decided import decided
from ..graph.fields import parameter
from ..graph.node import Node, as_node
from ..records.record import Maybe, Value, component, derived, plain, quantity, word
from .component_factors import fabrication
from .parts import Line

#: What each method reads: the other one's figures would have no effect.
_READS: dict[str, tuple[str, ...]] = {
    "area": ("fab", "year", "fab_energy", "gases", "materials"),
    "good area": ("good_area", "reference_yield"),
}
#: The share of good dies from the area, the density of defects, and what else the model reads.
_YIELDS: dict[str, tuple[Callable[..., Node], tuple[str, ...]]] = {
    "negative binomial": (formulas.negative_binomial_yield, ("defect_density", "clustering")),
    "murphy": (formulas.murphy_yield, ("defect_density",)),
    "poisson": (formulas.poisson_yield, ("defect_density",)),
}
#: Above this area one yield for all dies is wrong by more than the spread of the rest, and is refused [m^2].
_LARGE = 2e-4


def _is_large(area: Node) -> bool:
    return bounds(area)[1] > _LARGE


@component
class Die(Line, contents="dies", measure="area"):
    """A chip by its area, node and yield.

    `method="area"` adds up the fab: electricity x its intensity, gases and materials per area of wafer, divided by
    the share of dies that is sold (Gupta et al. 2022, ACT, eq. 5). `method="good area"` takes carbon per area of good
    die, the mean of today's fabs (Boakes et al., IEDM 2023). Those figures hold the yield of a die of 1 cm^2, and are
    converted to the yield of this die. What is not given is that of `data/hardware`, shared by all dies of the node.

    Parameters
    ----------
    name : str
        The name of the chip, unique in its device.
    area : quantity, cm^2 above 0
        The area of one die.
    node : str
        The node as a length: "5 nm". A node without a figure takes the nearest, and the source says so.
    fab : Electricity or str
        The electricity of the fab, or a place that is looked up with `year` on the life-cycle basis.
    year : int
        The year of that electricity.
    method : str
        "area" or "good area"; the latter takes no `fab`.
    yield_model : str
        "negative binomial", "murphy" or "poisson": the share of good dies.
    yield_ : quantity, above 0 to 1
        The share of dies that is sold, in place of a yield model.
    defect_density : quantity, 1/cm^2
        Defects per area.
    clustering : quantity, a pure number above 0
        How little the defects cluster, alpha of the negative binomial.
    harvest : quantity, 0 to 1
        The share of faulty dies that is sold with the faulty part switched off.
    fab_energy : quantity, kWh at_facility/cm^2
        Electricity per area of wafer.
    gases, materials : quantity, kg CO2e/cm^2
        Gases and materials per area of wafer.
    good_area : quantity, kg CO2e/cm^2
        Carbon per area of good die, for "good area".
    reference_yield : quantity, above 0 to 1
        The yield that `good_area` holds.
    fixed : quantity, kg CO2e
        What a die emits whatever its size, such as its package.
    count : float above 0
        How many dies one device has.
    contents : str or sequence of str
        What it contains; "dies" if not given.
    embodied : quantity, kg CO2e per device
        The burden of all dies in one device, in place of all else.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    AccountingError
        If a die above 2 cm^2 has a bare `yield_`, if something has no effect with this method or yield model, or if
        the electricity of the fab is market-based or marginal.
    MissingError
        If the method lacks an input.
    DomainError
        If the method or the yield model is unknown.

    Examples
    --------
    >>> Die("GH100", area="814 mm^2", node="5 nm", method="good area").embodied
    <gh100.embodied [kg CO2e/device]>
    >>> Die("small chip", area="50 mm^2", node="7 nm", fab="Taiwan", year=2023).fab.region
    'TWN'
    """

    area: Value = quantity("cm^2", above=True, optional=True, default=None)
    node: str = plain(default="")
    fab: Electricity | str | None = plain(default=None)
    year: int | None = plain(default=None)
    method: str = word(*_READS, default="area")
    yield_model: str = word(*_YIELDS, default="negative binomial")
    yield_: Maybe = quantity("", bare=True, above=True, high=1.0, optional=True, default=None)
    defect_density: Maybe = quantity("1/cm^2", optional=True, default=None)
    clustering: Maybe = quantity("", bare=True, above=True, optional=True, default=None)
    harvest: Maybe = quantity("", bare=True, high=1.0, optional=True, default=None)
    fab_energy: Maybe = quantity("kWh at_facility/cm^2", optional=True, default=None)
    gases: Maybe = quantity("kg CO2e/cm^2", optional=True, default=None)
    materials: Maybe = quantity("kg CO2e/cm^2", optional=True, default=None)
    good_area: Maybe = quantity("kg CO2e/cm^2", optional=True, default=None)
    reference_yield: Maybe = quantity("", bare=True, above=True, high=1.0, optional=True, default=None)

    def _complete(self) -> dict[str, Node]:
        self._check_read()
        if isinstance(self.fab, str):
            object.__setattr__(self, "fab", _fab(self.fab, self.year, self.slug))
        return super()._complete()

    def _check_read(self) -> None:
        """What the method and the model of yields do not read is not given: it would have no effect."""
        reasons = {
            f"method={self.method!r}": _READS["good area" if self.method == "area" else "area"],
            "embodied=": ("fab", "year") if self.embodied is not None else (),
            f"yield_model={self.yield_model!r}": () if self.yield_model == "negative binomial" else ("clustering",),
            "yield_=": ("defect_density", "clustering", "harvest") if self.yield_ is not None else (),
        }
        for choice, unread in reasons.items():
            if given := [name for name in unread if getattr(self, name) is not None]:
                where, names = f"{self.slug}.{given[0]}", ", ".join(given)
                raise AccountingError.of("die_does_not_read", where, choice=choice, names=names)

    def _defaults(self) -> dict[str, Node]:
        reads = [name for name in _READS[self.method] if name not in ("fab", "year")]
        if self.yield_ is None:
            reads += ["harvest", *_YIELDS[self.yield_model][1]]
        return {name: fabrication(name, self.node, self.slug) for name in reads if getattr(self, name) is None}

    @derived
    def sold(self) -> Node:
        """The share of dies that is sold."""
        if self.yield_ is None:
            model, names = _YIELDS[self.yield_model]
            good = model(self.area, *(getattr(self, name) for name in names))
            return formulas.effective_yield(good, self.harvest)
        if decided(_is_large, self.area):
            raise AccountingError.of("one_yield_for_a_large_die", f"{self.slug}.yield_")
        return as_node(self.yield_)

    def _piece(self) -> Node:
        if self.area is None:
            raise MissingError.of("part_without_burden", f"{self.slug}.area", name="area")
        if self.method == "area":
            intensity = self._intensity()
            per_area = formulas.carbon_per_area(self.fab_energy, intensity, self.gases, self.materials, self.sold)
        else:
            per_area = formulas.carbon_per_good_area(self.good_area, self.reference_yield, self.sold)
        made: Node = formulas.die_embodied(self.area, per_area)
        return made if self.fixed is None else made + self.fixed

    def _intensity(self) -> Node:
        """The fab's electricity at its meter.

        A fab's contracts would lower a location-based total that its user does not see through, and hardware is
        attributed what fabs take, not what one more die would (A4, U9).
        """
        fab = self.fab
        if not isinstance(fab, Electricity):
            raise MissingError.of("electricity_of_the_fab_unknown", f"{self.slug}.fab")
        wrong = ({fab.accounting, fab.averaging} & {"market-based", "marginal"}) | ({fab.gases} - {"CO2e"})
        if wrong:
            name = str(fab.instrument) or fab.name
            raise AccountingError.of("fab_not_at_the_grid_average", f"{self.slug}.fab", sorted(wrong), name=name)
        intensity: Node = fab.intensity
        return intensity if fab.boundary == "at_facility" else intensity / fab.delivered_share


def _fab(place: str, year: int | None, where: str) -> Electricity:
    """The electricity of a place; a grid whose loss no table has gets one that says it is assumed."""
    if year is None:
        raise MissingError.of("fab_without_a_year", f"{where}.year")
    found = Electricity.lookup(place, year, basis="life cycle")
    if found.boundary == "at_facility" or found.grid_loss is not None:
        return found
    loss = parameter(
        f"{found.key_prefix}.grid_loss",
        Triangular("0.02 at_facility/at_busbar", "0.04 at_facility/at_busbar", "0.08 at_facility/at_busbar"),
        status="assumed",
        source="assumption: grids of industrial countries lose 2 to 8 %",
    )
    return found.replaced(grid_loss=loss)

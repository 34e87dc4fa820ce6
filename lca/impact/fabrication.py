"""Chips by their area: what a fab emits per area of wafer, and which share of the dies is sold."""

from __future__ import annotations

from typing import ClassVar

from ..checks import one_of
from ..errors import AccountingError, MissingError
from ..expression.bounds import bounds
from ..expression.families import Triangular
from ..expression.node import Node, as_node
from ..expression.record import Value, component, derived, plain, quantity
from ..expression.value import parameter
from ..formulas import (
    carbon_per_area,
    carbon_per_good_area,
    die_embodied,
    effective_yield,
    murphy_yield,
    negative_binomial_yield,
    poisson_yield,
)
from .electricity import Electricity
from .factors import fabrication
from .parts import Line

METHODS = ("area", "good area")
#: What a method does not read.
_UNREAD = {
    "area": ("good_area", "reference_yield"),
    "good area": ("fab", "year", "fab_energy", "gases", "materials"),
}
YIELD_MODELS = ("negative binomial", "murphy", "poisson")
#: Above this area one yield for all dies is wrong by more than the spread of the rest, and is refused [m^2].
_LARGE = 2e-4


@component
class Die(Line):
    """A chip by its area, node and yield.

    `method="area"` adds up the fab: electricity x its intensity, gases and materials per area of wafer, over the
    share of dies that is sold (Gupta et al. 2022, ACT, eq. 5). `fab` is an `Electricity`, or a place that is
    looked up with `year` on the life-cycle basis. `method="good area"` takes carbon per area of good die, which
    holds the yields of a die of 1 cm^2 and the mean of today's fabs (Boakes et al., IEDM 2023), and carries it to
    the yield of this die; it takes no `fab`.

    `node` is a length, "5 nm"; a class without a figure takes the nearest, which the source says. The share of
    good dies follows `yield_model` ("negative binomial", "murphy", "poisson") from `defect_density` and, for the
    first, `clustering`; of the faulty ones the share `harvest` is sold cut down. `yield_` gives the share of
    dies sold instead. What is not given is that of `data/hardware`, shared by all dies of the node.

    Raises `AccountingError` for a bare `yield_` of a die above 2 cm^2, for what the method does not read, and for
    market-based or marginal electricity of a fab,
    `MissingError` for a method without its inputs, `DomainError` for a word that is none.

    >>> Die("GH100", area="814 mm^2", node="5 nm", method="good area").embodied
    <gh100.embodied [kg CO2e/device]>
    >>> Die("small chip", area="50 mm^2", node="7 nm", fab="Taiwan", year=2023).fab.region
    'TWN'
    """

    _words: ClassVar[tuple[str, ...]] = ("dies",)

    area: Value = quantity("cm^2", above=True, optional=True, default=None)
    node: str = plain(default="")
    fab: Electricity | str | None = plain(default=None)
    year: int | None = plain(default=None)
    method: str = plain(default="area")
    yield_model: str = plain(default="negative binomial")
    yield_: Value = quantity("", bare=True, above=True, high=1.0, optional=True, default=None)
    defect_density: Value = quantity("1/cm^2", optional=True, default=None)
    clustering: Value = quantity("", bare=True, above=True, optional=True, default=None)
    harvest: Value = quantity("", bare=True, high=1.0, optional=True, default=None)
    fab_energy: Value = quantity("kWh at_facility/cm^2", optional=True, default=None)
    gases: Value = quantity("kg CO2e/cm^2", optional=True, default=None)
    materials: Value = quantity("kg CO2e/cm^2", optional=True, default=None)
    good_area: Value = quantity("kg CO2e/cm^2", optional=True, default=None)
    reference_yield: Value = quantity("", bare=True, above=True, high=1.0, optional=True, default=None)

    def __post_init__(self) -> None:
        one_of(self.method, METHODS, "method", f"{self.slug}.method")
        one_of(self.yield_model, YIELD_MODELS, "yield_model", f"{self.slug}.yield_model")
        self._check_read()
        if isinstance(self.fab, str):
            object.__setattr__(self, "fab", _fab(self.fab, self.year, self.slug))
        super().__post_init__()

    def _check_read(self) -> None:
        """What the method and the model of yields do not read is not given: it would have no effect."""
        unread = {f"method={self.method!r}": _UNREAD[self.method]}
        if self.embodied is not None:
            unread["a burden that is given"] = ("fab", "year")
        if self.yield_model != "negative binomial":
            unread[f"yield_model={self.yield_model!r}"] = ("clustering",)
        for choice, names in unread.items():
            if given := [name for name in names if getattr(self, name) is not None]:
                raise AccountingError(
                    f"{choice} takes no {', '.join(given)}",
                    where=f"{self.slug}.{given[0]}",
                    fix=f"leave {given[0]}= out, or choose what reads it",
                )

    def _defaults(self) -> dict[str, Node]:
        wanted = ["fab_energy", "gases", "materials"] if self.method == "area" else ["good_area", "reference_yield"]
        if self.yield_ is None:
            wanted += ["defect_density", "harvest"]
            wanted += ["clustering"] if self.yield_model == "negative binomial" else []
        return {name: fabrication(name, self.node, self.slug) for name in wanted if getattr(self, name) is None}

    @derived
    def sold(self) -> Node:
        """The share of dies that is sold."""
        if self.yield_ is None:
            return effective_yield(self._good(), self.harvest)  # type: ignore[no-any-return]
        given = [n for n in ("defect_density", "clustering", "harvest") if getattr(self, n) is not None]
        if given:
            raise AccountingError(f"yield_ and {', '.join(given)} both say which dies are sold", where=self.slug,
                                  fix="give one of the two")  # fmt: skip
        if bounds(self.area)[1] > _LARGE:
            raise AccountingError(
                "one yield for a die above 2 cm^2, whose yield hangs on its area",
                where=f"{self.slug}.yield_",
                fix="leave yield_ out, or give defect_density=; for a die that is sold cut down, harvest=",
            )
        return as_node(self.yield_)

    def _good(self) -> Node:
        if self.yield_model == "negative binomial":
            return negative_binomial_yield(self.area, self.defect_density, self.clustering)  # type: ignore[no-any-return]
        model = murphy_yield if self.yield_model == "murphy" else poisson_yield
        return model(self.area, self.defect_density)  # type: ignore[no-any-return]

    def _piece(self) -> Node:
        if self.area is None:
            raise MissingError("a die without its area", where=f"{self.slug}.area", fix="give area=, or embodied=")
        if self.method == "area":
            per_area = carbon_per_area(self.fab_energy, self._intensity(), self.gases, self.materials, self.sold)
        else:
            per_area = carbon_per_good_area(self.good_area, self.reference_yield, self.sold)
        made: Node = die_embodied(self.area, per_area)
        return made if self.fixed is None else made + self.fixed

    def _intensity(self) -> Node:
        """The fab's electricity at its meter."""
        fab = self.fab
        if not isinstance(fab, Electricity):
            raise MissingError(
                "the electricity of the fab is not known",
                where=f"{self.slug}.fab",
                fix='fab="Taiwan", year=2023, or fab=lca.Electricity(...); method="good area" asks for none',
            )
        if fab.gases != "CO2e":
            raise AccountingError(f"the electricity of a fab in {fab.gases}", where=f"{self.slug}.fab",
                                  fix="give an intensity in kg CO2e")  # fmt: skip
        self._check_average(fab)
        intensity: Node = fab.intensity
        return intensity if fab.boundary == "at_facility" else intensity / fab.delivered_share

    def _check_average(self, fab: Electricity) -> None:
        """A fab's contracts would lower a location-based total that its user does not see through (A4, U9)."""
        refused = {
            "accounting": ("market-based", 'the grid of its place: fab="Taiwan", year=2023'),
            "averaging": ("marginal", "an average: hardware is attributed what fabs take, not what one more die would"),
        }
        for tag, (word, fix) in refused.items():
            if word == getattr(fab, tag):
                raise AccountingError(
                    f"the electricity of a fab is {word}, and a die takes none such",
                    where=f"{self.slug}.fab",
                    sides=[str(fab.instrument) or fab.name],
                    fix=fix,
                )


def _fab(place: str, year: int | None, where: str) -> Electricity:
    """The electricity of a place; a grid whose loss no table has gets one that says it is assumed."""
    if year is None:
        raise MissingError("a fab by its place needs a year", where=f"{where}.year", fix="year=2023")
    found = Electricity.lookup(place, year, basis="life cycle")
    if found.boundary == "at_facility" or found.grid_loss is not None:
        return found
    loss = parameter(
        f"{found.key_prefix}.grid_loss",
        Triangular("0.02 at_facility/at_busbar", "0.04 at_facility/at_busbar", "0.08 at_facility/at_busbar"),
        status="assumed",
        source="assumption: grids of industrial countries lose 2 to 8 %",
    )
    made: Electricity = found.replaced(grid_loss=loss)
    return made

"""Electricity: by hand, of a place in one year or in years to come, of a mix of technologies, at hours of the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from ..arguments import entry
from ..errors import AccountingError
from ..graph.fields import Written
from ..graph.node import parameters
from ..records.record import component
from . import lookup, trajectory
from .power_station_gases import separate_gases
from .supply import Supply, value_by_name
from .technology_mix import hour_factor, mixed_intensity, technology_tags
from .water_and_primary_energy import factors_of_place

#: Tags that must agree within one alternative of a study (A4).
TAGS = ("gases", "basis", "mix", "averaging", "accounting", "gwp_set")


@value_by_name
@component
class Electricity(Supply):
    """Greenhouse gases per unit of electricity, with the tags that say what the figure is (A4).

    A tag that is not given is "unknown" and matches no other. An intensity may vary over `year`; each activity then
    takes its own years.

    Parameters
    ----------
    intensity : quantity, kg CO2e/kWh or kg CO2/kWh
        Mass of gas per energy; at most 3 kg/kWh.
    name : str
        A name; made from region and year if not given.
    at : str
        Where that energy is counted: "busbar" (what power stations send out) or "facility" (at the meter of the
        customer).
    grid_loss : quantity, 0 to 1
        The share lost between the two; needed if an energy crosses it.
    methane, nitrous_oxide : quantity, kg CH4/kWh and kg N2O/kWh
        These gases apart, with an intensity of CO2 alone. The GWP set of the study converts them.
    categories : mapping of str to quantity
        Factors of other impact categories: {"water": "1.8 L/kWh"}.
    region : str
        The place.
    year : int or str
        The year of the data.
    gwp_set : str
        The GWP set of a figure in CO2e.
    basis : str
        "direct" (at the power station) or "life cycle".
    mix : str
        "production", "consumption" or "residual".
    averaging : str
        "average", "hourly" or "marginal".
    accounting : str
        "location-based" or "market-based" (GHG Protocol Scope 2).
    instrument : str
        The contract or certificate that a market-based factor rests on; not needed for a residual mix (A9).
    other_gases : float, 0 to 1
        The largest share of CO2e that may not be CO2.
    release : str
        The release of the publication.
    status, source, key : str
        Status and source of the values; what their keys begin with, in place of the name.

    Raises
    ------
    UnitError
        If the intensity is not of a gas, such as one of plain mass.
    BoundaryError
        If it is counted at another boundary.
    DomainError
        If it is above 3 kg/kWh, a loss is outside 0 to 1, or a tag is unknown.
    AccountingError
        If a market-based factor has no instrument, or gases are counted twice.

    Examples
    --------
    >>> Electricity("grid", intensity="0.0345 kg CO2e/kWh", at="facility", region="Quebec", year=2022).gases
    'CO2e'
    """

    _form: ClassVar[str] = 'lca.Electricity.lookup("FR", 2023)'

    @classmethod
    @entry
    def lookup(
        cls,
        place: str,
        year: int,
        *,
        basis: str = "life cycle",
        gases: str = "CO2e",
        source: str = "",
        categories: Sequence[str] = (),
        nearest: bool = False,
        allow_flagged: bool = False,
    ) -> Electricity:
        """Electricity of a place in one year, from the tables of data/electricity.

        Spreads are those between sources (data/electricity/spreads.csv); upstream has the ranges of its literature. The
        grid loss comes along if it is known. A state has direct figures of its own; its upstream is that of the
        generation mix of its subregions, with a wider spread.

        Sources: US EPA eGRID, a release per data year; Ember and Energy Institute in Our World in Data; World Bank for
        losses outside the United States; IPCC AR5, NETL and NREL for upstream.

        Parameters
        ----------
        place : str
            An eGRID subregion ("US-RFCW"), the United States ("US"), a US state ("US-PA"), a ZIP code ("15213"), a
            cloud region ("gcp:europe-west9"), or a country by ISO code or name ("FR", "FRA", "France").
        year : int
            The year of the data.
        basis : str
            "life cycle" adds fuel supply and construction to what power stations emit. "direct" leaves them out, and is
            known for the United States and the regions of Google only.
        gases : str
            "CO2e", "CO2", or "CO2, CH4, N2O" for the gases apart (United States, direct).
        source : str
            A publisher, in place of the usual one: "Ember" for the United States.
        categories : sequence of str
            "water" and "primary_energy", from the generation mix.
        nearest : bool
            Take the nearest year if this one is missing; `source` then says so.
        allow_flagged : bool
            Take a figure that the tables flag as doubtful.

        Returns
        -------
        Electricity
            The intensity with its tags, its spread and its source.

        Raises
        ------
        MissingError
            If the tables lack the place (the error offers near names), the year, the gas or the basis, or if several
            places have this name.

        Examples
        --------
        >>> Electricity.lookup("US-RFCW", 2019, basis="direct").gases
        'CO2e'
        >>> Electricity.lookup("France", 2023).basis
        'life cycle'
        """
        apart = gases == "CO2, CH4, N2O"
        found = lookup.fields(
            place, year, basis=basis, gases="CO2" if apart else gases, source=source, nearest=nearest,
            allow_flagged=allow_flagged,
        )  # fmt: skip
        region, taken = found["region"], int(found["year"])
        if wanted := tuple(categories):
            found["categories"] = factors_of_place(region, taken, wanted)
        if apart:
            found["methane"], found["nitrous_oxide"] = separate_gases(region, taken).values()
            found["name"] += ", gases apart"
        return cls(**found)

    @classmethod
    @entry
    def trajectory(
        cls,
        place: str,
        years: Iterable[int],
        *,
        model: str | Mapping[int, Written] = "constant",
        rate: Written | None = None,
        basis: str = "life cycle",
        gases: str = "CO2e",
        source: str = "",
        history: int = 10,
    ) -> Electricity:
        """Electricity of a place over the dim `year`: published years, then a model of those to come.

        Which model comes true is a scenario: put several side by side with `study.vary`. Within a model, future years
        deviate as much as published years deviate from their trend, partly together with all places of the publisher.

        Parameters
        ----------
        place : str
            As in `lookup`.
        years : sequence of int
            The calendar years.
        model : str or mapping of int to quantity
            "constant": the last published year holds. "decline": exponential, at `rate`. "trend": the log-linear
            trend of the last `history` years, with its prediction interval. Or values by year: {2027: "400 g
            CO2e/kWh", ...}.
        rate : quantity, 1/year
            The decline per year; it may be uncertain.
        basis, gases, source : str
            As in `lookup`.
        history : int
            How many published years the trend is fitted to.

        Returns
        -------
        Electricity
            The intensity over `year`. An activity takes its own years.

        Raises
        ------
        MissingError
            If years before the last publication are missing, a decline has no rate, or stated values lack a year.

        Examples
        --------
        >>> Electricity.trajectory("Poland", range(2022, 2032), model="trend").intensity.dim_names
        ('year',)
        """
        found = trajectory.fields(
            place, years, model=model, rate=rate, basis=basis, gases=gases, source=source, history=history
        )
        return cls(**found)

    @classmethod
    @entry
    def from_mix(cls, shares: Mapping[Any, Any], **given: Any) -> Electricity:
        """Electricity from shares of technologies, life cycle, at the busbar.

        Technologies are those of data/electricity/lifecycle_by_technology.csv (IPCC AR5, Annex III), each with the
        spread of its literature. "wind", "solar", "gas", "coal", "hydro" and "biomass" are the most common of their
        kind.

        Parameters
        ----------
        shares : mapping of str to number
            The share of each technology; they sum to 1: {"wind": 0.6, "gas": 0.4}.
        **given : as in `Electricity`
            The other fields, such as `name`, `region`, `year` and `grid_loss`.

        Returns
        -------
        Electricity
            The intensity of the mix.

        Raises
        ------
        AccountingError
            If the shares do not sum to 1, or another basis is given.
        MissingError
            If a technology is unknown.

        Examples
        --------
        >>> Electricity.from_mix({"wind": 0.6, "gas": 0.4}, region="our grid", grid_loss=0.05).basis
        'life cycle'
        """
        if given.get("basis", "life cycle") != "life cycle":
            raise AccountingError.of("mix_of_another_basis", "from_mix(basis=)", basis=given["basis"])
        intensity = mixed_intensity(shares)
        said = ", ".join(f"{share:.0%} {name}" for name, share in shares.items())
        stated = {"mix": "production", "region": "a mix", "source": "stated beside the mix", "status": "declared"}
        made: Electricity = cls(intensity=intensity, **technology_tags(shares) | stated | given)
        return made if "source" in given else made.replaced(source=said)  # of the mix, not of what stands beside it

    @entry
    def at_hours(
        self, hours: Iterable[int] | Mapping[int, float], *, shape: str, months: Iterable[int] = range(1, 13)
    ) -> Electricity:
        """The same electricity for a load at some hours of the day: intensity x hourly shape.

        It stays an average. It does not say what one more load at these hours would cause.

        Parameters
        ----------
        hours : sequence of int, or mapping of int to weight
            Hours from 0 to 23, local time.
        shape : str
            A US balancing authority whose day of 2022 stands for this grid: "CISO", "ERCO", "PJM", "MISO", "NYIS" or
            "BPAT". The shape has the mean 1 over the day.
        months : sequence of int
            The months that are averaged, 1 to 12.

        Returns
        -------
        Electricity
            The electricity of these hours.

        Raises
        ------
        MissingError
            If the authority is unknown.
        DomainError
            If an hour or a month does not exist.
        AccountingError
            If the electricity is of certain hours already, or its gases stand apart.

        Examples
        --------
        >>> Electricity.lookup("US-CAMX", 2023).at_hours(range(10, 16), shape="CISO").name
        'US-CAMX 2023 at hours of CISO'
        """
        if self.methane is not None or self.nitrous_oxide is not None:
            raise AccountingError.of("hours_of_single_gases", self.slug)
        if any(node.short.startswith("shape/") for node in parameters([self.intensity])):
            raise AccountingError.of("hours_chosen_twice", self.slug)
        factor = hour_factor(hours, shape, months)
        return self.replaced(
            intensity=self.intensity * factor,
            name=f"{self.name} at hours of {shape}",
            source=f"{self.source}; hourly averages shaped like {shape} in 2022",
        )

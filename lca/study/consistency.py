"""Tags of electricity that meet in a study, and the years of factors and activities (A4, A5, A9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..characterization.gwp import largest_change
from ..electricity.electricity import TAGS, Electricity
from ..electricity.plausible import co2_only_bound, compared_with_tables
from ..errors import AccountingError
from ..inventory.activity import Activity, ElectricityFlow
from ..inventory.training.training import Training

#: What never enters a total alone (A9), with what is said of it: marginal factors answer another question,
#: market-based ones stand beside.
ALONE = {
    "averaging": ("marginal", "marginal_electricity"),
    "accounting": ("market-based", "market_based_electricity_alone"),
}
#: What a market-based factor may differ in from the location-based one it stands beside.
_OF_MARKETS = ("accounting", "mix")
#: A difference between GWP sets below this share of a factor is not listed.
_WORTH_SAYING = 1e-3
#: Years of a factor and of an activity that lie further apart are listed (A5).
MOST_YEARS_APART = 2


def check_flows(flows: Sequence[ElectricityFlow], mixed: Sequence[str], gwp: str) -> list[str]:
    """Notes on the electricity of a study; raises where factors that do not fit meet in one alternative (A4)."""
    records = _once(flow.site.electricity for flow in flows)
    market = _once(flow.site.market_electricity or flow.site.electricity for flow in flows)
    notes = [f"{flow.name} is {flow.uncounted}" for flow in flows if flow.uncounted] + check_tags(records, mixed)
    for site in {flow.site.slug: flow.site for flow in flows}.values():
        if (bought := site.market_electricity) is not None:
            if bought.accounting != "market-based":
                where = f"{site.slug}.market_electricity"
                raise AccountingError.of("contract_not_market_based", where, accounting=bought.accounting)
            # each beside its own: the same gases on the same basis
            check_tags(_once([site.electricity, bought]), (*mixed, *_OF_MARKETS), alone=False)
            notes.append(
                f"{site.slug} buys by contract, {bought.instrument or 'the residual mix'}: "
                "the market-based result stands beside the location-based one"
            )
    check_tags(market, (*mixed, *_OF_MARKETS), alone=False)
    every = _once([*records, *market])
    notes += [said for about in (compared_with_tables, co2_only_bound) for record in every if (said := about(record))]
    return [*notes, *_vintage_gaps(flows), *gwp_bounds(every, gwp)]


def published_notes(activities: Iterable[Activity]) -> list[str]:
    """What is not known of activities that are known by their published CO2e alone (A4)."""
    return [
        f"{one.slug} is known by its published CO2e alone: GWP set, basis and boundary of its electricity are unknown, "
        "and its energy is in no figure"
        for one in activities
        if one.impact is not None
    ]


def share_notes(activities: Iterable[Activity]) -> list[str]:
    """Activities of which a share of the hardware is charged, while the energy that was given counts whole (M3)."""
    return [
        f"{one.slug} is charged a share of its hardware, and its energy counts whole: if others used the device too, "
        "share the energy by a stated rule (docs/logs.md)"
        for one in activities
        if isinstance(one, Training) and one.allocation == "share" and one.energy is not None and one.impact is None
    ]


def _once(records: Iterable[Electricity | None]) -> list[Electricity]:
    return list({id(record): record for record in records if record is not None}.values())


def check_tags(records: Sequence[Electricity], mixed: Sequence[str], *, alone: bool = True) -> list[str]:
    """Notes on unknown tags; raises where factors of different tags meet (A4).

    With `alone` what is bought by contract raises, too; without, it stands beside the total. What is marginal
    raises in both (A9).
    """
    notes: list[str] = []
    for tag in TAGS:
        said = {record.slug: getattr(record, tag) for record in records}
        sides = [f"{name}: {value}" for name, value in said.items()]
        unknown = [name for name, value in said.items() if value == "unknown"]
        if tag in ALONE and ALONE[tag][0] in said.values() and (alone or tag != "accounting"):
            raise AccountingError.of(ALONE[tag][1], "", sides)
        if len(records) > 1 and tag not in mixed and (len(set(said.values())) > 1 or unknown):
            raise AccountingError.of("electricity_tags_differ", "", sides, tag=tag)
        notes += [f"unknown {tag} of {', '.join(unknown)}"] if unknown else []
    return [*notes, f"accepted as mixed: {', '.join(mixed)}"] if mixed else notes


def _vintage_gaps(flows: Sequence[ElectricityFlow]) -> list[str]:
    notes = []
    for flow in flows:
        for does, grid in (("uses", flow.site.electricity), ("buys", flow.site.market_electricity)):
            gap = 0 if grid is None else years_apart(flow.years, grid)
            if grid is not None and gap > MOST_YEARS_APART:
                span = f"{flow.years[0]}" + (f"-{flow.years[-1]}" if len(flow.years) > 1 else "")
                notes.append(f"{flow.name} in {span} {does} electricity of {grid.year}: up to {gap} years apart")
    return notes


def years_apart(years: Iterable[int], grid: Electricity) -> int:
    """How far electricity of one year lies from the years in which it is taken, at most; 0 where it has no year."""
    vintage = grid.year
    return max((abs(year - vintage) for year in years), default=0) if isinstance(vintage, int) else 0


def gwp_bounds(records: Sequence[Electricity], gwp: str) -> list[str]:
    """What arrived as CO2e keeps its set; how much another set could change it at most (A4)."""
    notes = []
    for record in records:
        own, share = record.gwp_set, record.other_gases
        if own in ("none", "unknown", gwp) or "CO2e" not in record.gases:
            continue
        change = largest_change(own, gwp) * (1.0 if share is None else share)
        if change >= _WORTH_SAYING:
            part = "if all of it were methane" if share is None else f"{share:.1%} of it is not CO2"
            notes.append(
                f"{record.slug} arrives as CO2e with {own}, and keeps it; with {gwp} it would differ by at most "
                f"{change:.2g} of itself ({part})"
            )
    return notes

"""Tags of electricity that meet in a study, and the years of factors and activities (A4, A5, A9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import AccountingError
from ..impact.characterization import largest_change
from ..impact.electricity import TAGS, Electricity
from ..impact.plausible import co2_only_bound, compared_with_tables
from ..inventory.activity import ElectricityFlow

#: What never enters a total alone (A9): marginal factors answer another question, market-based ones stand beside.
ALONE = {"averaging": "marginal", "accounting": "market-based"}
_INSTEAD = {
    "marginal": "use an average, location-based factor (A9)",
    "market-based": "give the site a location-based factor, and this one as market_electricity= beside it (A9)",
}
#: What a market-based factor may differ in from the location-based one it stands beside.
_OF_MARKETS = ("accounting", "mix")
#: A difference between GWP sets below this share of a factor is not listed.
_WORTH_SAYING = 1e-3


def check_flows(flows: Sequence[ElectricityFlow], mixed: Sequence[str], gwp: str) -> list[str]:
    """Notes on the electricity of a study; raises where factors that do not fit meet in one alternative (A4)."""
    records = _once(flow.site.electricity for flow in flows)
    notes = check_tags(records, mixed)
    market = _once(flow.site.market_electricity or flow.site.electricity for flow in flows)
    if len(market) != len(records) or any(a is not b for a, b in zip(market, records, strict=True)):
        _check_market(flows, mixed)
        check_tags(market, (*mixed, *_OF_MARKETS), alone=False)
    notes += [
        f"{flow.site.slug} buys by contract, {flow.site.market_electricity.instrument or 'the residual mix'}: "
        "the market-based result stands beside the location-based one"
        for flow in {flow.site.slug: flow for flow in flows}.values()
        if isinstance(flow.site.market_electricity, Electricity)
    ]
    every = _once([*records, *market])
    notes += [said for record in every if (said := compared_with_tables(record))]
    notes += [said for record in every if (said := co2_only_bound(record))]
    return [*notes, *_vintage_gaps(flows), *_gwp_bounds(every, gwp)]


def _once(records: Iterable[Any]) -> list[Electricity]:
    return list({id(record): record for record in records if isinstance(record, Electricity)}.values())


def _check_market(flows: Sequence[ElectricityFlow], mixed: Sequence[str]) -> None:
    for flow in flows:
        bought = flow.site.market_electricity
        if bought is None:
            continue
        if bought.accounting != "market-based":
            raise AccountingError(
                "electricity that stands beside the location-based one is market-based",
                where=f"{flow.site.slug}.market_electricity",
                sides=[f"accounting: {bought.accounting}"],
                fix='Electricity(..., accounting="market-based", instrument="PPA with ..."), or mix="residual"',
            )
        # each beside its own: the same gases on the same basis
        check_tags(_once([flow.site.electricity, bought]), (*mixed, *_OF_MARKETS), alone=False)


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
        if (alone or tag != "accounting") and ALONE.get(tag) in said.values():
            raise AccountingError(
                f"{ALONE[tag]} electricity has no place in a total of an attributional study",
                sides=sides,
                fix=_INSTEAD[ALONE[tag]],
            )
        if len(records) > 1 and tag not in mixed and (len(set(said.values())) > 1 or unknown):
            raise AccountingError(
                f"electricity factors with different or unknown {tag} meet in one study",
                sides=sides,
                fix=f"use factors of one kind, state the tag, or accept it by name: mixed=({tag!r},)",
            )
        notes += [f"unknown {tag} of {', '.join(unknown)}"] if unknown else []
    return [*notes, f"accepted as mixed: {', '.join(mixed)}"] if mixed else notes


def _vintage_gaps(flows: Sequence[ElectricityFlow]) -> list[str]:
    notes = []
    for flow in flows:
        for does, grid in (("uses", flow.site.electricity), ("buys", flow.site.market_electricity)):
            vintage = getattr(grid, "year", None)
            gap = max((abs(year - vintage) for year in flow.years), default=0) if isinstance(vintage, int) else 0
            if gap > 2:
                span = f"{flow.years[0]}" + (f"-{flow.years[-1]}" if len(flow.years) > 1 else "")
                notes.append(f"{flow.name} in {span} {does} electricity of {vintage}: up to {gap} years apart")
    return notes


def _gwp_bounds(records: Sequence[Electricity], gwp: str) -> list[str]:
    """What arrived as CO2e keeps its set; how much another set could change it at most (A4)."""
    notes = []
    for record in records:
        own, share = record.gwp_set, record.other_gases
        if own in ("none", "unknown", gwp) or "CO2e" not in record.gases:
            continue
        change = largest_change(own, gwp) * (1.0 if share is None else share)
        if change < _WORTH_SAYING:
            continue
        part = "if all of it were methane" if share is None else f"{share:.1%} of it is not CO2"
        notes.append(
            f"{record.slug} arrives as CO2e with {own}, and keeps it; with {gwp} it would differ by at most "
            f"{change:.2g} of itself ({part})"
        )
    return notes

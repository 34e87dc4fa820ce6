"""Tags of electricity that meet in a study, and the years of factors and activities (A4, A5, A9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import AccountingError
from ..expression.record import Varied
from ..expression.stacking import values_of
from ..impact.characterization import largest_change
from ..impact.electricity import TAGS, Electricity
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
    return [*notes, *_vintage_gaps(flows), *_gwp_bounds(_once([*records, *market]), gwp)]


def _once(records: Iterable[Any]) -> list[Electricity]:
    return list({id(record): record for record in records if isinstance(record, Electricity)}.values())


def _check_market(flows: Sequence[ElectricityFlow], mixed: Sequence[str]) -> None:
    for flow in flows:
        bought = flow.site.market_electricity
        if bought is not None and not (isinstance(bought, Electricity) and bought.accounting == "market-based"):
            raise AccountingError(
                "electricity that stands beside the location-based one is market-based",
                where=f"{flow.site.slug}.market_electricity",
                sides=[f"accounting: {getattr(bought, 'accounting', bought)}"],
                mend='Electricity(..., accounting="market-based", instrument="PPA with ..."), or mix="residual"',
            )
        if bought is not None:  # each beside its own: the same gases on the same basis
            check_tags(_once([flow.site.electricity, bought]), (*mixed, *_OF_MARKETS), alone=False)


def check_tags(records: Sequence[Electricity], mixed: Sequence[str], *, alone: bool = True) -> list[str]:
    """Notes on unknown tags; raises where factors of different tags meet in one alternative (A4).

    With `alone` what is bought by contract raises, too; without, it stands beside the total. What is marginal
    raises in both (A9).
    """
    notes: list[str] = []
    for tag in TAGS:
        unsaid: dict[str, None] = {}
        for labels in _combinations(records, tag):
            said = {record.slug: _tag(record, tag, labels) for record in records}
            sides = [f"{name}: {value}" for name, value in said.items()]
            unknown = [name for name, value in said.items() if value == "unknown"]
            unsaid.update(dict.fromkeys(unknown))
            if (alone or tag != "accounting") and ALONE.get(tag) in said.values():
                raise AccountingError(
                    f"{ALONE[tag]} electricity has no place in a total of an attributional study",
                    sides=sides,
                    mend=_INSTEAD[ALONE[tag]],
                )
            if len(records) > 1 and tag not in mixed and (len(set(said.values())) > 1 or unknown):
                raise AccountingError(
                    f"electricity factors with different or unknown {tag} meet in one study",
                    sides=sides,
                    mend=f"use factors of one kind, state the tag, or accept it by name: mixed=({tag!r},)",
                )
        if unsaid:
            notes.append(f"unknown {tag} of {', '.join(unsaid)}")
    if mixed:
        notes.append(f"accepted as mixed: {', '.join(mixed)}")
    return notes


def _combinations(records: Sequence[Electricity], tag: str) -> list[dict[str, Any]]:
    dims: dict[str, list[Any]] = {}
    waiting = [getattr(record, tag) for record in records]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Varied):
            dims[value.dim] = list(value.values)
            waiting.extend(value.values.values())
    found: list[dict[str, Any]] = [{}]
    for dim, labels in dims.items():
        found = [{**before, dim: label} for before in found for label in labels]
    return found


def _tag(record: Electricity, tag: str, labels: Mapping[str, Any]) -> Any:
    value = getattr(record, tag)
    while isinstance(value, Varied):
        value = value.values[labels[value.dim]]
    return value


def _vintage_gaps(flows: Sequence[ElectricityFlow]) -> list[str]:
    notes = []
    for flow in flows:
        for does, grid in (("uses", flow.site.electricity), ("buys", flow.site.market_electricity)):
            for vintage in _vintages(getattr(grid, "year", None)):
                gap = max((abs(year - vintage) for year in flow.years), default=0)
                if gap > 2:
                    span = f"{flow.years[0]}" + (f"-{flow.years[-1]}" if len(flow.years) > 1 else "")
                    notes.append(f"{flow.name} in {span} {does} electricity of {vintage}: up to {gap} years apart")
    return notes


def _vintages(year: Any) -> list[int]:
    return sorted(one for one in values_of(year) if isinstance(one, int))


def _gwp_bounds(records: Sequence[Electricity], gwp: str) -> list[str]:
    """What arrived as CO2e keeps its set; how much another set could change it at most (A4)."""
    notes = []
    for record in records:
        for own in values_of(record.gwp_set):
            if own in ("none", "unknown", gwp) or "CO2e" not in record.gases:
                continue
            shares = values_of(record.other_gases)
            share = None if None in shares else max(shares)
            change = largest_change(own, gwp) * (1.0 if share is None else share)
            if change < _WORTH_SAYING:
                continue
            part = "if all of it were methane" if share is None else f"{share:.1%} of it is not CO2"
            notes.append(
                f"{record.slug} arrives as CO2e with {own}, and keeps it; with {gwp} it would differ by at most "
                f"{change:.2g} of itself ({part})"
            )
    return notes

"""The first screen: one number, and in plain sentences what it is, how sure, what drives it and what to do next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...graph.labels import Label
from ...impact.views import MARKET
from ...interpretation.explain import STATUS_ORDER
from ...interpretation.spread import QUANTILES
from ...interpretation.summary import in_unit
from ...interpretation.table import Table
from ...inventory.stages import STAGES, stage_label
from ...units.number_text import significant
from ..subject import Subject
from ..words import PERCENT, brief_percent, listed, mass, named, percent, rounded, say, spread_text, texts
from .quality import variance_by_value

#: Below this share of draws a choice is not called the best.
_SURE = 0.95
#: Shares below this are summed as "the others".
_SMALL = 0.02
#: Fewer alternatives than these are named.
_FEW = 4
#: From this share on a sentence has whole per cents.
_SMALLEST_WHOLE = 0.01
#: Words for large numbers.
_LARGE = {1e9: "billion", 1e6: "million"}
#: In a unit in which a size is below this, it does not read well.
_READABLE = 0.1


class Line(NamedTuple):
    """A sentence or two of the first screen, with what it answers."""

    head: str
    text: str


class Bar(NamedTuple):
    """A stage and its share, as a number from 0 to 100 and as text."""

    stage: str
    size: float
    share: str


def contents(subject: Subject) -> dict[str, object]:
    """What the first screen shows."""
    text = spread_text(subject.whole)
    number, _, rest = text.partition(" (")
    each = "" if subject.per == "total" else say("for_each", unit=subject.result.model.functional_unit)
    return {
        "number": number,
        "statistic": f"({rest}",
        "for_each": each,
        "lines": [Line(*one) for one in _lines(subject).items() if one[1]],
        "bars": bars(subject),
        "bars_of": say("shares_of", of=_of(subject)),
    }


def _lines(subject: Subject) -> dict[str, str]:
    """What the first screen answers, a head and a text each."""
    heads = texts()["first_screen"]
    return {
        heads["what"]: what_it_is(subject),
        heads["sure"]: how_sure(subject),
        heads["drives"]: what_drives_it(subject),
        heads["which"].format(dim=listed(subject.alternatives)) if subject.alternatives else "": which(subject),
        heads["next"]: what_to_do(subject),
    }


def bars(subject: Subject) -> list[Bar]:
    """The share of each stage, the largest first."""
    shares = subject.tables[subject.per]["share"].drop("total").sort_values(ascending=False, kind="stable")
    return [Bar(str(name), max(0.0, min(100.0, 100 * share)), brief_percent(share)) for name, share in shares.items()]


def _of(subject: Subject) -> str:
    """What the shares are of."""
    return "mean total" if subject.drawn else "nominal total"


def what_it_is(subject: Subject) -> str:
    """What was counted, and which of the alternatives it is."""
    model = subject.result.model
    stages = [stage_label(stage) for stage in STAGES if stage in model.stages]
    whole = len(stages) == len(STAGES)
    covers = say("whole_life") if whole else say("some_stages", stages=listed(stages))
    many = _many(subject)
    of = say("of_smallest", many=many, dim=listed(subject.alternatives)) if many > 1 else ""
    times = _of_units(subject)
    return say("what", kind=kind(subject).lower(), covers=covers, of_units=times, of=of)


def _of_units(subject: Subject) -> str:
    """How often the functional unit is provided, and in how many years; nothing where one of it is counted."""
    times, model = float(subject.one.data["functional_unit"].median()), subject.result.model
    if subject.per != "total" or times == 1:
        return ""
    return say("of_units", times=_count(times), unit=model.functional_unit, years=_years(subject))


def _years(subject: Subject) -> str:
    """In how many years it is provided, where a deployment says so."""
    if "per/year" not in (data := subject.one.data):
        return ""
    period = data["per/year"]
    factor, _ = in_unit("year", str(period.attrs["unit"]), "")
    return say("of_years", years=f"{float(period.median()) / factor:.3g}")


def _count(times: float) -> str:
    """A number, a large one with a word in place of its zeros: "1.5 billion"."""
    for size, word in _LARGE.items():
        if times >= size:
            return f"{significant(times / size, 2)} {word}"
    return significant(times)


def kind(subject: Subject) -> str:
    """What the result is called: a carbon footprint, where climate change is the only impact (A9)."""
    return "Impacts over the life cycle" if set(subject.result.model.gaps) - {MARKET} else "Carbon footprint"


def how_sure(subject: Subject) -> str:
    """The interval in words, and the weakest values."""
    said = []
    row = subject.whole
    if "p5" in row:
        factor, unit = mass(float(row["p50"]), row["unit"])
        _, low, high = rounded(*(float(row[name]) / factor for name in QUANTILES))
        said.append(say("nine_of_ten", low=low, high=high, unit=unit.partition("/")[0]))
    else:
        said.append(say("no_interval"))
    if variance := variance_by_value(subject, subject.per):
        said.append(_weakest(subject, variance))
    elif len(subject.statuses):
        share, status = float(subject.statuses["share"].iloc[-1]), str(subject.statuses.index[-1])
        weakest = texts()["statuses"].get(status, status)
        said.append(say("all_rest_on" if share > 1 - 1e-9 else "rest_on", share=percent(share), value=weakest))
    return " ".join(said)


def _weakest(subject: Subject, variance: Mapping[str, float]) -> str:
    """How many values have the weakest status, and how much of the spread they cause."""
    status = [one for one in STATUS_ORDER if (subject.values["status"] == one).any()][-1]
    own = subject.values[subject.values["status"] == status]
    share = _whole_percent(sum(variance.get(str(key), 0.0) for key in own.index))
    return say("weakest", many=len(own), all=len(subject.values), status=texts()["of_status"][status], share=share)


def _whole_percent(share: float) -> str:
    """A share in whole per cents, so that those of a sentence add up for a reader."""
    return f"{100 * share:.0f}{PERCENT}" if share >= _SMALLEST_WHOLE else brief_percent(share)


def what_drives_it(subject: Subject) -> str:
    """The stages, the largest first, those that are small as one."""
    table = subject.tables[subject.per].drop(index="total").sort_values("share", ascending=False, kind="stable")
    shares = {str(name): float(share) for name, share in table["share"].items()}
    first, *others = shares
    large = [f"{name} {_whole_percent(shares[name])}" for name in others if not abs(shares[name]) < _SMALL]
    small = [name for name in others if abs(shares[name]) < _SMALL]
    if len(small) == 1:
        large += [f"{small[0]} {_whole_percent(shares[small[0]])}"]
    elif small:
        large += [say("small_stages", many=len(small), share=_whole_percent(sum(shares[name] for name in small)))]
    rest = f", {listed(large)}" if large else ""
    return say("first_stage", stage=first, share=_whole_percent(shares[first]), of=_of(subject), others=rest)


def which(subject: Subject) -> str:
    """Which alternative is the smallest, how likely, and by how much the next and the last are above it."""
    if _many(subject) == 1:
        return ""
    return _ranked(subject) if len(subject.alternatives) == 1 == len(subject.compared) else _reach(subject)


def _many(subject: Subject) -> int:
    """How many alternatives there are, in all combinations of their dims."""
    return math.prod(map(len, subject.alternatives.values()))


def _ranked(subject: Subject) -> str:
    """One dim of alternatives: the best where the draws decide, else which are not told apart."""
    (table,) = subject.compared.values()
    best, share = table.index[0], float(table["best"].iloc[0])
    if not decided(table):
        among = [str(name) for name, one in table["among_best"].items() if one]
        shown = listed(among) if len(among) < _FEW else say("so_many", many=len(among))
        return say("not_decided", best=best, share=percent(share), among=shown)
    sure = say("in_some", share=percent(share)) if share < 1 else say("in_all", draws=f"{subject.one.draws:,}")
    about = f" ({told})" if (told := _told(subject, best)) else ""
    return " ".join([say("best", best=f"{best}{about}", sure=sure), *_above(subject, table)])


def _told(subject: Subject, label: Label, apart: Label | None = None) -> str:
    """What a label stands for, of the properties that not all labels share; or in which it is apart from another."""
    (dim,) = subject.alternatives
    found = []
    for name, held in subject.result.data[dim].coords.items():
        if name != dim and held.dims == (dim,) and len(set(held.values.tolist())) > 1:
            own, other = (held.sel({dim: one}).item() for one in (label, label if apart is None else apart))
            if apart is None or own != other:
                found.append(f"{str(name).replace('_', ' ')} {own}")
    return listed(found) if found else ""


def decided(table: Table) -> bool:
    """Whether the draws decide which alternative is the smallest."""
    return float(table["best"].iloc[0]) >= _SURE or int(table["among_best"].sum()) == 1


def _above(subject: Subject, table: Table) -> Iterator[str]:
    """By how much the next alternative and the last are above the first, in the unit of the headline."""
    places = {len(table) - 1: "last", 1: "second"}  # of two the last is the second
    for place in sorted(place for place in places if 0 < place < len(table)):
        row = table.iloc[place]
        factor, unit = _unit(subject, float(row["excess_p50"]))
        above, low, high = rounded(*(float(row[f"excess_{q}"]) / factor for q in QUANTILES))
        more = percent(float(row["ratio_p50"]) - 1)
        told = _told(subject, table.index[place], table.index[0])
        name = f"with {told}" if told else str(table.index[place])
        yield say(places[place], name=name, above=above, low=low, high=high, unit=unit, more=more)


def _unit(subject: Subject, size: float) -> tuple[float, str]:
    """(factor, unit) of the headline, where a size is not too small for it; else one in which it reads well."""
    row = subject.whole
    factor, unit = mass(float(row["p50" if "p50" in row else "nominal"]), str(row["unit"]))
    factor, unit = (factor, unit) if abs(size) / factor >= _READABLE else mass(size, str(row["unit"]))
    return factor, unit.partition("/")[0]


def _reach(subject: Subject) -> str:
    """Several dims of alternatives, or nominal values: the smallest and the largest."""
    whole = subject.every["p50" if subject.drawn else "nominal"].xs("total", level="stage").sort_values(kind="stable")
    factor, unit = _unit(subject, float(whole.iloc[0]))
    low, high = (rounded(float(one) / factor)[0] for one in (whole.iloc[0], whole.iloc[-1]))
    last = whole.index[-1] if isinstance(whole.index[-1], tuple) else (whole.index[-1],)
    most = named(dict(zip(map(str, whole.index.names), last, strict=True)))
    of = "medians" if subject.drawn else "nominal values"
    return say("reach", least=named(subject.labels), low=low, high=high, unit=unit, most=most, of=of)


def what_to_do(subject: Subject) -> str:
    """Choose, where the draws decide, and find out what moves the result most."""
    chosen = len(subject.alternatives) == 1 == len(subject.compared) and _many(subject) > 1
    (table,) = subject.compared.values() if chosen else (None,)
    key = "choose" if subject.result.model.quality else "choose_of_equals"
    first = say(key, many=len(table)) if table is not None and decided(table) else ""
    return " ".join(one for one in (first, _to_find_out(subject, "Then find" if first else "Find")) if one)


def _to_find_out(subject: Subject, begin: str) -> str:
    """The value to find out first: the largest driver, or at nominal values the largest effect."""
    if "total" in subject.drivers:
        table = subject.drivers.get(subject.per, subject.drivers["total"])
        key, share = str(table.index[0]), float(table[subject.driven_by].iloc[0])
        known = texts()["known"].get(str(subject.values["status"].get(key, "")), "")
        return say("find_out", first=begin, driver=table["words"].iloc[0], share=percent(share), known=known)
    effects = subject.values
    if subject.drawn or not len(effects) or not math.isfinite(float(effects["effect"].iloc[0])):
        return ""
    effect = rounded(abs(float(effects["effect"].iloc[0])))[0]
    return say("moves_most", value=effects["words"].iloc[0], effect=effect)

"""The first screen: one number, and in plain sentences what it is, how sure, what drives it and what to do next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ...impact.views import MARKET
from ...interpretation.spread import QUANTILES
from ...interpretation.table import Table
from ...inventory.stages import STAGES, stage_label
from ..subject import Subject
from ..words import listed, mass, named, percent, rounded, say, spread_text, texts

#: Below this share of draws a choice is not called the best.
_SURE = 0.95
#: Shares below this are summed as "the others".
_SMALL = 0.02
#: Fewer alternatives than these are named.
_FEW = 4
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
    return [Bar(str(name), max(0.0, min(100.0, 100 * share)), percent(share)) for name, share in shares.items()]


def _of(subject: Subject) -> str:
    """What the shares are of."""
    return "mean" if subject.drawn else "nominal total"


def what_it_is(subject: Subject) -> str:
    """What was counted, and which of the alternatives it is."""
    model = subject.result.model
    stages = [stage_label(stage) for stage in STAGES if stage in model.stages]
    whole = len(stages) == len(STAGES)
    covers = say("whole_life") if whole else say("some_stages", stages=listed(stages))
    many = _many(subject)
    of = say("of_smallest", many=many, dim=listed(subject.alternatives)) if many > 1 else ""
    return say("what", kind=kind(subject).lower(), title=model.title, covers=covers, of=of)


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
    if len(subject.statuses):
        share, status = float(subject.statuses["share"].iloc[-1]), str(subject.statuses.index[-1])
        weakest = texts()["statuses"].get(status, status)
        said.append(say("all_rest_on" if share > 1 - 1e-9 else "rest_on", share=percent(share), value=weakest))
    return " ".join(said)


def what_drives_it(subject: Subject) -> str:
    """The stages, the largest first, those that are small as one."""
    table = subject.tables[subject.per].drop(index="total").sort_values("share", ascending=False, kind="stable")
    shares = {str(name): float(share) for name, share in table["share"].items()}
    first, *others = shares
    said = say("first_stage", stage=first, share=percent(shares[first]), of=_of(subject))
    large = [f"{name} {percent(shares[name])}" for name in others if not abs(shares[name]) < _SMALL]
    small = [name for name in others if abs(shares[name]) < _SMALL]
    if len(small) == 1:
        large += [f"{small[0]} {percent(shares[small[0]])}"]
    elif small:
        large += [say("small_stages", many=len(small), share=percent(sum(shares[name] for name in small)))]
    return said + (say("then", others=listed(large)) if large else ".")


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
    return " ".join([say("best", best=best, share=percent(share)), *(_above(subject, table))])


def decided(table: Table) -> bool:
    """Whether the draws decide which alternative is the smallest."""
    return float(table["best"].iloc[0]) >= _SURE or int(table["among_best"].sum()) == 1


def _above(subject: Subject, table: Table) -> Iterator[str]:
    """By how much the next alternative and the last are above the first, in the unit of the headline."""
    for place, key in {1: "second", len(table) - 1: "last"}.items():
        row = table.iloc[place]
        if place:
            factor, unit = _unit(subject, float(row["excess_p50"]))
            above, low, high = rounded(*(float(row[f"excess_{q}"]) / factor for q in QUANTILES))
            more = percent(float(row["ratio_p50"]) - 1)
            yield say(key, name=table.index[place], above=above, low=low, high=high, unit=unit, more=more)


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
    first = say("choose", dim=listed(subject.alternatives)) if table is not None and decided(table) else ""
    return " ".join(one for one in (first, _to_find_out(subject, "Then get" if first else "Get")) if one)


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

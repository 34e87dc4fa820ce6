"""The first screen: one number, and in plain sentences what it is, how sure, what drives it and what to do next."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...inventory.stages import STAGES, stage_label
from ..subject import Subject
from ..words import listed, mass, named, percent, rounded, say, spread_text, texts, value

#: Below this share of draws a choice is not called the best.
_SURE = 0.95
#: Shares below this are summed as "the others".
_SMALL = 0.02


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
    row = subject.tables[subject.per].loc["total"]
    text = spread_text(row)
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
    heads = texts()["first_screen"]
    return {
        heads["what"]: what_it_is(subject),
        heads["sure"]: how_sure(subject),
        heads["drives"]: what_drives_it(subject),
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
    left = [stage_label(stage) for stage in STAGES if stage not in model.stages]
    covers = say("whole_life") if not left else say("some_stages", stages=listed(stages))
    said = say("what", kind=kind(subject).lower(), title=model.title, covers=covers)
    if not subject.labels:
        return said
    many = math.prod(map(len, subject.alternatives.values()))
    per = say("per_unit") if subject.per == "functional_unit" else ""
    return f"{said} {say('smallest', named=named(subject.labels), many=many, per=per)}"


def kind(subject: Subject) -> str:
    """What the result is called: a carbon footprint, where climate change is the only impact (A9)."""
    from ...impact.views import MARKET

    return "Impacts over the life cycle" if set(subject.result.model.gaps) - {MARKET} else "Carbon footprint"


def how_sure(subject: Subject) -> str:
    """The interval in words, and the weakest values."""
    said = []
    row = subject.tables[subject.per].loc["total"]
    if "p5" in row:
        factor, unit = mass(float(row["p50"]), row["unit"])
        _, low, high = rounded(*(float(row[name]) / factor for name in ("p50", "p5", "p95")))
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
    said = say("first_stage", stage=first.capitalize(), share=percent(shares[first]), of=_of(subject))
    large = [f"{name} {percent(shares[name])}" for name in others if not abs(shares[name]) < _SMALL]
    small = [name for name in others if abs(shares[name]) < _SMALL]
    if len(small) == 1:
        large += [f"{small[0]} {percent(shares[small[0]])}"]
    elif small:
        large += [say("small_stages", many=len(small), share=percent(sum(shares[name] for name in small)))]
    return f"{said}; {listed(large)}." if large else f"{said}."


def what_to_do(subject: Subject) -> str:
    """Which alternative, and which value to find out first; both are computed."""
    return " ".join(one for one in (_choice(subject), _to_find_out(subject)) if one)


def _choice(subject: Subject) -> str:
    """Which alternative is the best, how likely, and by how much the next and the last are above it."""
    if len(subject.compared) == 1:
        ((dim, table),) = subject.compared.items()
        if len(table) > 1 and table.index.nlevels == 1:
            return _ranked(subject, dim)
    if not subject.labels:
        return ""
    middle = "p50" if subject.drawn else "nominal"
    whole = subject.every[middle].xs("total", level="stage").sort_values(kind="stable")
    factor, unit = mass(float(whole.iloc[0]), str(subject.every["unit"].iloc[0]))
    first, last = (rounded(float(one) / factor)[0] for one in (whole.iloc[0], whole.iloc[-1]))
    label = whole.index[-1] if isinstance(whole.index[-1], tuple) else (whole.index[-1],)
    most = named(dict(zip(map(str, whole.index.names), label, strict=True)))
    return say("reach", low=first, high=last, unit=unit, most=most, of="medians" if subject.drawn else "nominal")


def _ranked(subject: Subject, dim: str) -> str:
    """One dim of alternatives: choose the best where the draws decide, else say which are not told apart."""
    table = subject.compared[dim]
    among = [str(name) for name, one in table["among_best"].items() if one]
    best, second, last = table.index[0], table.index[1], table.index[-1]
    unit = str(table["unit"].iloc[0])
    factor, unit = mass(value(table, second, "excess_p50"), unit)
    above, low, high = rounded(*(value(table, second, f"excess_{q}") / factor for q in ("p50", "p5", "p95")))
    share = value(table, best, "best")
    if len(among) > 1 and share < _SURE:
        shown = listed(among) if len(among) < 4 else say("so_many", many=len(among))
        return say("not_decided", dim=dim, best=best, share=percent(share), among=shown)
    said = say(
        "choose", dim=dim, best=best, share=percent(share), second=second, above=above, low=low, high=high, unit=unit
    )
    if len(table) > 2:
        size, unit = mass(value(table, last, "excess_p50"), str(table["unit"].iloc[0]))
        more = percent(value(table, last, "ratio_p50") - 1)
        said += " " + say("last", last=last, above=rounded(value(table, last, "excess_p50") / size)[0], unit=unit, more=more)
    return said


def _to_find_out(subject: Subject) -> str:
    """The value to find out first: the largest driver, or at nominal values the largest effect."""
    if "total" in subject.drivers:
        table = subject.drivers["total"]
        key, share = str(table.index[0]), float(table[subject.driven_by].iloc[0])
        status = str(subject.values["status"].get(key, ""))
        known = say("known_as", status=texts()["statuses"].get(status, "a value")) if status else ""
        return say("find_out", driver=table["words"].iloc[0], share=percent(share), known=known)
    effects = subject.values
    if subject.drawn or not len(effects) or not math.isfinite(float(effects["effect"].iloc[0])):
        return ""
    return say("moves_most", value=effects["words"].iloc[0], effect=rounded(abs(float(effects["effect"].iloc[0])))[0])



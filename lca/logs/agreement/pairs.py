"""What two meters showed of the same thing, pair by pair: logs on one clock, or readings with the same labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas

from ...checks import Array
from ...errors import AccountingError, BoundaryError, LabelError, LogError, UnitError
from ...meters.meter import Meter, Reading
from ...meters.observed import nominal_of
from ...units.parse import parse_unit, root
from ...units.registry import BOUNDARIES
from ...units.text import unit_text
from ..power.moments import stated_seconds
from ..power.power_log import PowerLog
from .cells import edges_of, series_of
from .lag import LEAST_CORRELATION, Lag, find_lag
from .statistics import effective_count, repeatability

#: The clocks of two dated logs are looked at within this distance, s.
LONGEST_LAG = 600.0
#: Cells of an agreement at most.
MOST_CELLS = 10_000_000
#: Pairs that an agreement needs: a fit has two values of its own.
_FEWEST = 4


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs, the two meters, and how the clocks were aligned."""

    names: tuple[str, str]
    meters: tuple[Meter, Meter]
    unit: str  # W or J, without a boundary
    data: pandas.DataFrame  # the columns are `a` and `b`; the index is the time in s, or the labels
    steps: tuple[float, float]  # the resolution of one value
    scatter: tuple[float, float]  # the repeatability; NaN where labels have no order
    count: float  # independent pairs
    lag: float | None  # s; None where there is no clock
    notes: tuple[str, ...]


def pairs_of(a: PowerLog | Reading, b: PowerLog | Reading, lag: str | float | None, every: str | float | None) -> Pairs:
    """The pairs of two logs or of two readings."""
    if isinstance(a, PowerLog) and isinstance(b, PowerLog):
        return _of_logs(a, b, lag, None if every is None else stated_seconds(every, "agreement(every=)", above=0))
    if isinstance(a, PowerLog) or isinstance(b, PowerLog):
        raise AccountingError.of("log_beside_readings", "agreement", [str(a), str(b)])
    if lag is not None or every is not None:
        raise AccountingError.of("clock_of_readings", "agreement")
    return _of_readings(a, b)


def _of_logs(a: PowerLog, b: PowerLog, said: str | float | None, every: float | None) -> Pairs:
    dated = a.dated and b.dated
    if dated and said is None and a.local != b.local:
        kinds = {True: "local times without a zone", False: "times with a zone"}
        raise LogError.of("agreement_of_two_clocks", "agreement", [f"{one.path}: {kinds[one.local]}" for one in (a, b)])
    one, two = series_of(a, a.start), series_of(b, a.start if dated else b.start)
    found, notes = (None, []) if said is not None else _clocks(find_lag(one, two, LONGEST_LAG if dated else np.inf))
    if said is None and found is None and not dated:
        raise LogError.of("no_lag_between_logs", "agreement", [str(a.path), str(b.path)])
    lag = stated_seconds(said, "agreement(lag=)") if said is not None else found or 0.0
    cell = max(one.period, two.period) if every is None else every
    start, stop = max(one.start, two.start - lag), min(one.stop, two.stop - lag)
    if stop - start > MOST_CELLS * cell:
        raise LogError.of("too_many_cells", "agreement(every=)", [f"{cell:.3g} s"], span=stop - start)
    edges = edges_of(start, stop, cell)
    powers = one.mean_power(edges), two.mean_power(edges + lag)
    both = np.isfinite(powers[0]) & np.isfinite(powers[1])
    if both.sum() < _FEWEST:
        raise LogError.of("too_few_pairs", "agreement", [str(a.path), str(b.path)], count=int(both.sum()), cell=cell)
    _refuse_zero((str(a.path), powers[0][both]), (str(b.path), powers[1][both]))
    middle = pandas.Index((edges[:-1] + edges[1:])[both] / 2, name="time [s]")
    data = pandas.DataFrame({"a": powers[0][both], "b": powers[1][both]}, index=middle)
    if lost := int((~both).sum()):
        notes.append(f"{lost} of {both.size} cells of {cell:.6g} s touch a gap of a log and are left out")
    names = _apart((a.path.name, a.meter.at), (b.path.name, b.meter.at))
    count = effective_count((data["a"] - data["b"]).to_numpy())
    scatter = repeatability(powers[0]), repeatability(powers[1])
    return Pairs(names, (a.meter, b.meter), "W", data, (one.step, two.step), scatter, count, lag, tuple(notes))


def _clocks(lag: Lag | None) -> tuple[float | None, list[str]]:
    """The lag where the load shows it, and what has to be said of it."""
    if lag is None or lag.correlation < LEAST_CORRELATION:
        shown = "nothing varies" if lag is None else f"the powers go together by {lag.correlation:.2g} only"
        return None, [f"no lag can be found, since {shown}: the clocks are taken as they are"]
    if 1 - lag.rival < 1.5 * (1 - lag.correlation):
        said = f"{lag.correlation:.3g} here, {lag.rival:.3g} there"
        return lag.seconds, [f"another lag fits nearly as well, as with a load that repeats ({said}): state lag="]
    return lag.seconds, []


def _of_readings(a: Reading, b: Reading) -> Pairs:
    one, two = _by_label(a), _by_label(b)
    alone = ((a, set(one) - set(two)), (b, set(two) - set(one)))
    if sides := [f"only in {reading.name}: {', '.join(sorted(labels))}" for reading, labels in alone if labels]:
        raise LabelError.of("labels_of_pairs_differ", "agreement", sides)
    if len(one) < _FEWEST:
        raise LabelError.of("too_few_labels", "agreement", [f"{len(one)} labels"])
    units = [_without_boundary(reading.given.unit) for reading in (a, b)]
    if root(units[0]) != root(units[1]):
        raise UnitError.of(
            "pairs_of_two_units", "agreement", [unit_text(root(reading.given.unit)) for reading in (a, b)]
        )
    unit = "W" if root(units[0]) == root("W") else units[0]
    scales = [parse_unit(one)[0] / parse_unit(unit)[0] for one in units]
    index = pandas.Index(list(one), name=a.given.dims[0].name)
    shown = {"a": [one[label] * scales[0] for label in one], "b": [two[label] * scales[1] for label in one]}
    data = pandas.DataFrame(shown, index=index)
    _refuse_zero(*((reading.name, data[name].to_numpy()) for name, reading in (("a", a), ("b", b))))
    steps, unknown = (a.step * scales[0], b.step * scales[1]), (float("nan"), float("nan"))
    names = _apart((a.name, a.meter.at), (b.name, b.meter.at))
    return Pairs(names, (a.meter, b.meter), unit, data, steps, unknown, float(len(one)), None, ())


def _refuse_zero(*shown: tuple[str, Array]) -> None:
    """Raise for meters that show 0 all the time; nothing is a ratio to them."""
    if zeros := [name for name, values in shown if not values.any()]:
        raise AccountingError.of("all_readings_zero", "agreement", zeros)


def _apart(a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
    """The names of two meters, with their boundaries or numbers where the names are the same."""
    if a[0] != b[0]:
        return a[0], b[0]
    marks = (a[1], b[1]) if a[1] != b[1] else ("1", "2")
    return f"{a[0]} {marks[0]}", f"{b[0]} {marks[1]}"


def _by_label(reading: Reading) -> Mapping[str, float]:
    if len(reading.given.dims) != 1:
        raise LabelError.of("pairs_without_labels", "agreement", [str(reading)])
    return dict(zip(reading.given.dims[0].texts, map(nominal_of, reading.given.values), strict=True))


def _without_boundary(unit: str) -> str:
    for boundary in BOUNDARIES:
        unit = unit.replace(f" {boundary}", "")
    return unit


def inner_and_outer(pairs: Pairs) -> tuple[str, str]:
    """The columns of the inner and of the outer meter: "a" is the outer one where both sit at one boundary."""
    order = [BOUNDARIES.index(f"at_{meter.at}") for meter in pairs.meters]
    if "at_busbar" in {f"at_{meter.at}" for meter in pairs.meters}:
        raise BoundaryError.of("no_boundary_of_a_meter", "agreement")
    return ("b", "a") if order[0] >= order[1] else ("a", "b")

"""A power log, integrated: what a meter showed over time becomes a reading of energy (U10, Q6)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..arguments import shown
from ..checks import real
from ..errors import AccountingError, LcaError
from ..meters.meter import Meter, Reading
from ..units.registry import parse_unit, root

Array = npt.NDArray[np.float64]


def integrate(log: Any, meter: Meter) -> tuple[Reading, float]:
    """(energy read, seconds) of a power log in W, by the trapezoidal rule; nothing missing is filled in.

    The index is of timestamps, timedeltas or seconds. Whole numbers without a name are not times: an index
    that was not set numbers the rows. Raises `AccountingError` for such an index, and with all bad rows at once.
    """
    import pandas

    where = f"a log of {meter.name}"
    if not isinstance(log, pandas.Series) or len(log) < 2:
        raise AccountingError.of("not_a_power_log", where, [shown(log)])
    index: Any = log.index
    power, seconds = _powers(log), _seconds(index, where)
    bad = [f"row {i} ({index[i]}): {log.iloc[i]}" for i in np.flatnonzero(~np.isfinite(power) | (power < 0))]
    bad += [f"row {i + 1} ({index[i + 1]}): not after row {i}" for i in np.flatnonzero(~(np.diff(seconds) > 0))]
    if bad:
        raise AccountingError.of("bad_rows_in_a_log", where, bad[:20], count=len(bad), number=len(power))
    span = float(seconds[-1] - seconds[0])
    return meter.read(float(np.trapezoid(power, seconds)) / span, "W").over(span), span


def _powers(log: Any) -> Array:
    """The powers as floats; NaN for what is not a number."""
    if getattr(log.dtype, "kind", "") in ("i", "u", "f"):
        return np.asarray(log.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.array([real(value) for value in log], dtype=np.float64)


def _seconds(index: Any, where: str) -> Array:
    """Seconds from the index of a log; raises where its numbers are not seconds."""
    kind = getattr(index.dtype, "kind", "")
    if kind in ("M", "m"):  # times, of a time zone too, and timedeltas
        return np.asarray((index - index[0]).total_seconds(), dtype=np.float64)
    counted = kind == "f" or (kind in ("i", "u") and index.name is not None)
    if not counted or not _of_seconds(index.name):
        name = index.name or "an index without a name"
        raise AccountingError.of("log_index_not_a_time", where, name=name, first=index[0], second=index[1])
    return np.asarray(index, dtype=np.float64)


def _of_seconds(name: Any) -> bool:
    """Whether the name of an index of numbers leaves them seconds: "ms", "minutes" and "h" do not."""
    try:
        factor, unit = parse_unit(str(name).strip())
    except LcaError:
        return True
    return unit != root("s") or factor == 1

"""A power log, integrated: what a meter showed over time becomes a reading of energy (U10, Q6)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..arguments import shown
from ..checks import real
from ..errors import AccountingError, LcaError
from ..units import parse_unit, root
from .meter import Meter, Reading

if TYPE_CHECKING:
    import pandas

Array = npt.NDArray[np.float64]


def integrate(log: Any, meter: Meter) -> tuple[Reading, float]:
    """(energy read, seconds) of a power log in W, by the trapezoidal rule; nothing missing is filled in.

    The index is of timestamps, timedeltas or seconds. Whole numbers without a name are no times: an index
    that nobody set numbers the rows. Raises `AccountingError` for such an index, and with all bad rows at once.
    """
    import pandas

    where = f"a log of {meter.name}"
    if not isinstance(log, pandas.Series) or len(log) < 2:
        raise AccountingError(
            "a power log is a pandas Series of at least two powers over time",
            where=where,
            sides=[shown(log)],
            fix="pandas.Series(watts, index=times)",
        )
    index: Any = log.index
    power, seconds = _powers(log), _seconds(index, where)
    bad = [f"row {i} ({index[i]}): {log.iloc[i]}" for i in np.flatnonzero(~np.isfinite(power) | (power < 0))]
    bad += [f"row {i + 1} ({index[i + 1]}): not after row {i}" for i in np.flatnonzero(~(np.diff(seconds) > 0))]
    if bad:
        raise AccountingError(
            f"a power log that cannot be integrated ({len(bad)} bad rows of {len(power)})",
            where=where,
            sides=bad[:20],
            fix="powers must be finite and not negative, times increasing; drop or fix these rows",
        )
    span = float(seconds[-1] - seconds[0])
    return meter.read(float(np.trapezoid(power, seconds)) / span, "W").over(span), span


def _powers(log: pandas.Series[Any]) -> Array:
    """The powers as floats; NaN for what is no number."""
    if getattr(log.dtype, "kind", "") in ("i", "u", "f"):
        return log.to_numpy(dtype=np.float64, na_value=math.nan)
    numbers = [real(value) for value in log]
    return np.array([math.nan if number is None else number for number in numbers])


def _seconds(index: Any, where: str) -> Array:
    """Seconds from the index of a log; raises where its numbers are no seconds."""
    kind = getattr(index.dtype, "kind", "")
    if kind == "M":  # of a time zone too
        return np.asarray((index - index[0]).total_seconds(), dtype=np.float64)
    if kind == "m":
        return np.asarray(index.total_seconds(), dtype=np.float64)
    numbered = kind in ("i", "u") and index.name is None
    if numbered or kind not in ("i", "u", "f") or not _of_seconds(index.name):
        raise AccountingError(
            "the index of a power log is no time" if not numbered else "a power log whose rows are only numbered",
            where=where,
            sides=[f"{index.name or 'an index without a name'}: {index[0]}, {index[1]}, ..."],
            fix="give the times: pandas.Series(watts, index=pandas.to_datetime(stamps)), or, of whole seconds, "
            'log.rename_axis("seconds")',
        )
    return np.asarray(index, dtype=np.float64)


def _of_seconds(name: Any) -> bool:
    """Whether the name of an index of numbers leaves them seconds: "ms", "minutes" and "h" do not."""
    try:
        factor, unit = parse_unit(str(name).strip())
    except LcaError:
        return True
    return unit != root("s") or factor == 1

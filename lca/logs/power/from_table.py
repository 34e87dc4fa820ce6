"""A power log from a table of pandas: for measurements that the user has read already (U10, Q6)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...arguments import entry, shown
from ...checks import Array, one_of, real
from ...errors import AccountingError, LcaError
from ...meters.meter import Meter
from ...units.parse import parse_unit, root
from ..files.source import SHOWN
from .channel import Channel
from .power_log import PowerLog
from .recording import BOUNDARIES
from .track import Track

if TYPE_CHECKING:
    import pandas


@entry
def power_log(power: object, *, at: str = "", meter: Meter | None = None, by: str = "channel") -> PowerLog:
    """A power log from powers in W over time.

    Parameters
    ----------
    power : pandas.Series or pandas.DataFrame
        The power in W, a column for each channel or device. The index holds timestamps, timedeltas, or seconds; an
        index of whole seconds needs a name. NaN is a missing sample of a DataFrame; a Series may hold none.
    at : str
        The boundary: "component", "board", "wall" or "facility". A meter says it too.
    meter : Meter
        The meter that measured, with its accuracy and resolution.
    by : str
        What the columns are: "device", whose energies are added, or "channel" of one device, of which the user
        chooses.

    Returns
    -------
    PowerLog
        The log; its file is called "log".

    Raises
    ------
    AccountingError
        For an index that is not a time, and for rows without a power or out of order, all at once.

    Examples
    --------
    >>> import pandas
    >>> power_log(pandas.Series([0.0, 400.0, 0.0], index=pandas.to_timedelta([0, 1, 2], unit="h")), at="wall").energy()
    <reading of log: 1.44e+06 J at the wall>
    """
    import pandas

    where = f"a log of {'log' if meter is None else meter.name}"
    if not isinstance(power, (pandas.Series, pandas.DataFrame)) or len(power) < 2:
        raise AccountingError.of("not_a_power_log", where, [shown(power)])
    meter = Meter("log", at=one_of(at, BOUNDARIES, "boundary", "power_log(at=)")) if meter is None else meter
    one_of(by, ("channel", "device"), "kind of column", "power_log(by=)")
    frame = power.to_frame("power") if isinstance(power, pandas.Series) else power
    names = [str(name) for name in frame.columns]
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise AccountingError.of("columns_twice", where, twice)
    columns = [frame.iloc[:, n] for n in range(len(names))]
    times = _seconds(power.index, where)
    values = np.stack([_powers(column) for column in columns], axis=1)
    _refuse_rows(power, times, values, where)
    names = names if len(names) > 1 or (by == "device" and power is frame) else ["power"]
    step = meter.step_of(f"W at_{meter.at}")
    lines = np.arange(len(power))
    if by == "device":
        one = (Channel("power", at=meter.at, step=step),)
        tracks = [Track(name, one, times, values[:, [n]], lines) for n, name in enumerate(names)]
    else:
        tracks = [Track("", tuple(Channel(name, at=meter.at, step=step) for name in names), times, values, lines)]
    dated = power.index.dtype.kind == "M"
    local = dated and getattr(power.index, "tz", None) is None
    return PowerLog(Path("log"), "table", tuple(tracks), meter, dated=dated, local=local)


def _refuse_rows(power: pandas.Series | pandas.DataFrame, times: Array, values: Array, where: str) -> None:
    """Raise for rows below 0, without a power, or not after the row before; all at once."""
    index = power.index
    lacking = ~np.isfinite(values).any(axis=1) if values.shape[1] > 1 else ~np.isfinite(values[:, 0])
    wrong = lacking | (values < 0).any(axis=1) | np.isinf(values).any(axis=1)
    bad = [f"row {i} ({index[i]}): {power.iloc[i]}" for i in np.flatnonzero(wrong).tolist()]
    bad += [f"row {i + 1} ({index[i + 1]}): not after row {i}" for i in np.flatnonzero(~(np.diff(times) > 0)).tolist()]
    if bad:
        raise AccountingError.of("bad_rows_in_a_log", where, bad[:SHOWN], count=len(bad), number=len(power))


def _powers(column: pandas.Series) -> Array:
    """The powers as floats; NaN for what is not a number."""
    if getattr(column.dtype, "kind", "") in ("i", "u", "f"):
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.array([real(value) for value in column], dtype=np.float64)


def _seconds(index: pandas.Index, where: str) -> Array:
    """Seconds from an index: since 1970 of timestamps, else since the first; raises where numbers are not seconds."""
    import pandas

    if isinstance(index, pandas.DatetimeIndex):
        stamps = index.tz_convert("UTC").tz_localize(None) if index.tz is not None else index
        return np.asarray((stamps - pandas.Timestamp(0)).total_seconds(), dtype=np.float64)
    if isinstance(index, pandas.TimedeltaIndex):
        return np.asarray((index - index[0]).total_seconds(), dtype=np.float64)
    kind = getattr(index.dtype, "kind", "")
    counted = kind == "f" or (kind in ("i", "u") and index.name is not None)
    if not counted or not _of_seconds(index.name):
        name = index.name or "an index without a name"
        raise AccountingError.of("log_index_not_a_time", where, name=name, first=index[0], second=index[1])
    return np.asarray(index, dtype=np.float64)


def _of_seconds(name: object) -> bool:
    """Whether the name of an index of numbers leaves them seconds: "ms", "minutes" and "h" do not."""
    try:
        factor, unit = parse_unit(str(name).strip())
    except LcaError:
        return True
    return unit != root("s") or factor == 1

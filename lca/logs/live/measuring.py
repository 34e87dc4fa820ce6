"""`lca.measure`: one meter or several, read while a block of a program runs (M12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ...arguments import entry, shown
from ...errors import LabelError, MeterError
from ...meters.protocol import LiveMeter
from .run import LiveRun

if TYPE_CHECKING:
    Meters: TypeAlias = LiveMeter | Sequence[LiveMeter]
else:
    Meters = object  # told apart below: a meter is what has the methods of one


@entry
def measure(meter: Meters, *, save: str | Path = "", progress: bool = True) -> LiveRun:
    """Measure a block of a program: `with lca.measure(lca.meters.nvml()) as run:` (docs/live.md).

    A thread reads the meter while the block runs. The block begins and ends with a reading. A reading that fails on the
    way is noted, and the block goes on. Ctrl-C, or an error of the block, keeps what is there.

    Parameters
    ----------
    meter : LiveMeter or list of LiveMeter
        What measures, such as `lca.meters.rapl()`; several are read at once.
    save : str or Path
        The file to which samples are written while the block runs, each within 10 s. `lca.read` reads it. Of several
        meters each has a file of its own, with the name of the meter in it. A file that is there raises.
    progress : bool
        Whether a line on the terminal shows time, power and energy.

    Returns
    -------
    LiveRun
        The run: its `log`, its `energy()`, its marks.

    Raises
    ------
    MeterError
        If something given is not a live meter; when the block begins, if a meter shows no power.
    LabelError
        If two meters have one name.

    Examples
    --------
    >>> import lca
    >>> clock = lca.meters.ScriptedClock()  # no time passes
    >>> with lca.measure(lca.meters.scripted(20.0, at="wall", clock=clock)) as run:
    ...     clock.wait(60)
    ...     run.mark("validation")
    ...     clock.wait(30)
    >>> run.energy(), run.energy(mark="validation")
    (<reading of scripted meter: 1800 J at the wall>, <reading of scripted meter: 600 J at the wall>)
    """
    where = "measure(meter=)"
    meters: Sequence[object] = meter if isinstance(meter, (list, tuple)) else [meter]
    found = [one for one in meters if isinstance(one, LiveMeter)]
    if len(found) < len(meters) or not found:
        wrong = [shown(one) for one in meters if not isinstance(one, LiveMeter)]
        raise MeterError.of("not_a_live_meter", where, wrong or ["an empty list"])
    names = Counter(one.meter.name for one in found)
    if twice := sorted(name for name, count in names.items() if count > 1):
        raise LabelError.of("meters_of_one_name", where, twice)
    return LiveRun(found, Path(save) if str(save) else None, progress)

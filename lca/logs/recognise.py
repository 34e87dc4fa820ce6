"""`lca.read`: which format a file is of, and the log in it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from ..arguments import entry
from ..checks import did_you_mean, one_of
from ..errors import LogError
from ..meters.meter import Meter
from . import formats
from .files.no_log import refuse_what_is_no_log
from .files.source import Said, Source
from .format import Format, Log
from .power.moments import stated_seconds
from .power.plausible import refuse_unknown_device


@cache
def known_formats() -> Mapping[str, Format]:
    """All formats by name, from the modules of `formats/`."""
    modules = [import_module(f"{formats.__name__}.{one.name}") for one in pkgutil.iter_modules(formats.__path__)]
    return {one.name: one for module in modules for one in getattr(module, "FORMATS", ())}


@entry
def read(
    path: str | Path,
    *,
    format: str = "",
    errors: str = "raise",
    at: str = "",
    zone: str = "",
    interval: str | float | None = None,
    columns: Mapping[str, str] | None = None,
    meter: Meter | None = None,
    device: str = "",
    run: str = "",
) -> Log:
    """Read the log of a meter, a tool or a training; its format is recognised (docs/logs.md has the table).

    Parameters
    ----------
    path : str or Path
        The file, or the folder of a store such as MLflow's.
    format : str
        The name of the format, where a file could be of several.
    errors : str
        "raise" for lines that cannot be read, all at once; "skip" leaves them out, and the log says how many.
    at : str
        The boundary, where the format cannot know it: "component", "board", "wall" or "facility".
    zone : str
        The time zone of stamps that do not say theirs: "Europe/Berlin".
    interval : str or float
        The time from one line to the next, of logs without times: "1 s".
    columns : mapping of str to str
        The unit of each column that holds a power, for a table of your own: {"gpu": "mW"}. The unit of an energy
        makes a column a counter. "device" marks the column that tells devices apart. Columns without names are
        numbered, from "1".
    meter : Meter
        The meter that measured, with its accuracy; it gives the boundary too.
    device : str
        The model of the device, such as "RTX 4090": a power above what it can draw is refused.
    run : str
        The name of one run, in a file that holds several.

    Returns
    -------
    PowerLog, TrainingLog, RunTable or InferenceLog
        Power over time, the steps of a training, the totals of runs, or the counts of a benchmark of inference.

    Raises
    ------
    LogError
        If no format fits or several do, for bad lines, and for a log that holds no power and no steps.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "gpu.csv")
    >>> _ = file.write_text("timestamp, power.draw [W]\\n2025/04/09 08:00:00.000, 100.00 W\\n"
    ...                     "2025/04/09 08:00:01.000, 120.00 W\\n2025/04/09 08:00:02.000, 110.00 W\\n")
    >>> read(file).energy()
    <reading of gpu.csv: 225 J at the component>
    """
    one_of(errors, ("raise", "skip"), "way with bad lines", "read(errors=)")
    seconds = None if interval is None else stated_seconds(interval, "read(interval=)", above=0)
    refuse_unknown_device(device, "read(device=)")
    said = Said(errors, at, zone, seconds, dict(columns or {}), meter, device, run)
    source = Source(Path(path), said)
    try:
        refuse_what_is_no_log(source, str(path))
        chosen = _format_of(source, format)
        said.asked.clear()  # of the readers that looked whether the file fits them
        log = chosen.read(source)
    except OSError as error:  # a folder where the format is a file, or a file that may not be read
        raise LogError.of("unreadable", source.where(), why=error.strerror or type(error).__name__) from error
    if unused := [name for name, given in said.optional if given and name not in said.asked]:
        raise LogError.of("argument_without_use", source.where(), argument=unused[0], format=chosen.name)
    return log


def is_known(path: Path) -> bool:
    """Whether a file or a folder is of a known format, as far as its beginning tells; False where it cannot be read."""
    source = Source(path)
    try:
        return any(one.fits(source) for one in known_formats().values())
    except OSError:
        return False


def _format_of(source: Source, name: str) -> Format:
    """The format of a file: the one named, or the only one that fits."""
    known = known_formats()
    if name:
        if name not in known:
            raise LogError.of("unknown_format", "read(format=)", format=name, near=did_you_mean(name, known))
        return known[name]
    fitting = [one for one in known.values() if not one.generic and one.fits(source)]
    fitting = fitting or [one for one in known.values() if one.generic and one.fits(source)]
    if not fitting:
        raise LogError.of("no_store" if source.path.is_dir() else "not_a_log", source.where(), count=len(known))
    if len(fitting) > 1:
        sides = [f"{one.name}: {one.title}" for one in fitting]
        raise LogError.of("several_formats", source.where(), sides, first=fitting[0].name)
    return fitting[0]

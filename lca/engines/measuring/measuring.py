"""`lca.measure_inference`: engines run under a meter, and what one inference of each takes (M8)."""

from __future__ import annotations

import math
import platform
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from inspect import getattr_static
from typing import TYPE_CHECKING, TypeAlias, cast

from ...arguments import entry, shown
from ...checks import finite_number
from ...errors import EngineError, LabelError, MeasurementError, MeasurementWarning, MeterError, MissingError
from ...meters.clock import Clock, MachineClock
from ...meters.protocol import LiveMeter
from ...progress import bar_class
from ...records.record import slug
from ..protocol import Engine
from .gaps import covered
from .measured_inference import MeasuredInference
from .measurement import Block, Measurement, Subject
from .readings import assumed, dims_of
from .running import Session
from .schedule import Schedule

_BAR = "measuring: {percentage:3.0f} % of {total:.3g} s |{bar}| {elapsed}"

if TYPE_CHECKING:
    Engines: TypeAlias = Engine | Sequence[Engine]
else:
    Engines = object  # told apart below: an engine is what has the methods of one


@entry
def measure_inference(
    engine: Engines, meter: LiveMeter | None = None, *, seconds: float = 30.0, blocks: int = 10, name: str = "",
    names: str = "", assumed_power: str = "", idle: float = 5.0, warm_up: float = 30.0, seed: int = 0,
    clock: Clock | None = None, progress: bool = True,
) -> MeasuredInference:  # fmt: skip
    """Measure the energy of an inference: of one engine, or of several beside each other (M8, docs/measuring.md).

    First nothing runs, which gives the idle power. Each engine is warmed up until its latency settles. Then blocks
    follow: in each round every engine has one, in random order. The window of the meter in a block has the same ends
    as the count of executions. At the end nothing runs again. Ctrl-C keeps the blocks that are finished.

    Parameters
    ----------
    engine : Engine or list of Engine
        What runs, such as `lca.engines.OnnxRuntime("model.onnx")`. A list makes the dim `engine`.
    meter : LiveMeter
        What measures, such as `lca.meters.nvml()`.
    seconds : float
        How long each engine is measured over all blocks, s. Idle times and warm-up come on top.
    blocks : int
        Into how many blocks that is divided, 2 at least.
    name : str
        The name of the result; that of the engine if not given, or "engines".
    names : str
        The pattern of the names of the engines, for coordinates: "<backbone>_<batch:int>_<precision>".
    assumed_power : str
        In place of a meter: a power with its boundary, "15 W at_board". Its status is "assumed"; without a spread of
        its own, 5 to 95 % is about half of it to twice.
    idle : float
        How long nothing runs, before the blocks and behind them again, s.
    warm_up : float
        How long the warm-up of an engine lasts at most, s.
    seed : int
        The seed of the order of the blocks.
    clock : Clock
        Tells the time if no meter is given; a meter has its own clock.
    progress : bool
        Whether a bar shows how far it is, when it takes longer than two seconds.

    Returns
    -------
    MeasuredInference
        The energy of an inference, gross, with the throughput; its `idle_power`, its `marginal_energy`, its
        `measurement`.

    Raises
    ------
    EngineError
        If something given is not an engine.
    LabelError
        If two engines have one name.
    MissingError
        If there is neither a meter nor an assumed power.
    MeterError
        If both are given, or the meter shows no energy.
    MeasurementError
        If the meter failed on the way, or it was stopped before each engine had two blocks.
    DomainError
        If a block is short against the update period of the meter.

    Examples
    --------
    >>> import lca
    >>> clock = lca.meters.ScriptedClock()  # no time passes: the meter and the engine follow a script
    >>> meter = lca.meters.scripted(20.0, clock=clock)
    >>> engines = [lca.engines.scripted(name, seconds=s, clock=clock) for name, s in (("a", 0.01), ("b", 0.02))]
    >>> measured = lca.measure_inference(engines, meter, seconds=10, progress=False)
    >>> lca.nominal({"energy": measured.energy}).data["energy"].values.round(6).tolist()
    [0.2, 0.4]
    """
    engines, labelled = _engines(engine)
    schedule = Schedule(seconds, blocks, idle, warm_up, seed)
    name = name or ("engines" if labelled else engines[0].name)
    _check(meter, assumed_power, schedule, name)
    subjects = _loaded(engines)
    if labelled:
        dims_of(subjects, names)  # a pattern that does not fit raises before anything runs
    session = Session(engines, meter, meter.clock if meter else clock or MachineClock(), schedule)
    started = datetime.now(UTC).isoformat(timespec="seconds")
    _run(session, progress)
    log = session.recorder.log(session.start) if session.recorder else None
    idle_times, lost = covered(log, session.idle)
    kept, left_out = covered(log, session.blocks)
    notes = (*_stopped(session), *_enough(kept, subjects, left_out), *lost)
    made = Measurement(
        name, names, labelled, tuple(subjects), schedule, tuple(session.warm_ups), tuple(idle_times), tuple(kept), log,
        session.update_period, assumed_power, started, _versions(), notes,
    )  # fmt: skip
    return MeasuredInference.of(made)


def _engines(given: object) -> tuple[list[Engine], bool]:
    """The engines, and whether they were given as a list. Raises for what is none, and for names that repeat."""
    where = "measure_inference(engine=)"
    several = isinstance(given, (list, tuple))
    asked: Sequence[object] = given if isinstance(given, (list, tuple)) else [given]
    if wrong := [shown(one) for one in asked if not _is_engine(one)] or ([] if asked else ["an empty list"]):
        raise EngineError.of("not_an_engine", where, wrong)
    found = [cast(Engine, one) for one in asked]
    if twice := sorted(name for name, count in Counter(one.name for one in found).items() if count > 1):
        raise LabelError.of("engines_of_one_name", where, twice)
    return found, several


def _is_engine(thing: object) -> bool:
    """Whether it has what an engine has; its properties are not asked, because one may need the engine loaded."""
    names = (name for name in vars(Engine) if not name.startswith("_"))
    return not isinstance(thing, type) and all(getattr_static(thing, name, None) is not None for name in names)


def _loaded(engines: Sequence[Engine]) -> list[Subject]:
    """Load the engines; what each says of itself then."""
    for one in engines:
        one.load()
        finite_number(one.batch, f"{one.name}.batch", low=1, whole=True)
    return [Subject(one.name, one.about, one.batch, tuple(one.inputs), tuple(one.outputs)) for one in engines]


def _check(meter: LiveMeter | None, assumed_power: str, schedule: Schedule, name: str) -> None:
    """Raise before anything runs: without a power, with two, and where blocks are short against the meter."""
    where = "measure_inference(meter=)"
    if meter is not None and assumed_power:
        raise MeterError.of("meter_and_assumed_power", where, [meter.meter.name, assumed_power])
    if meter is not None:
        if meter.meter.readings == "assumed":
            raise MeterError.of("power_assumed_as_a_meter", where, [meter.meter.name])
        if meter.update_period == math.inf:
            raise MeterError.of("meter_read_by_hand", where, [meter.meter.name])
        schedule.refuse_short(meter.update_period or 0.0, meter.meter.name)
    elif not assumed_power:
        raise MissingError.of("neither_meter_nor_power", where)
    else:
        assumed(assumed_power, f"{slug(name)}.power")


def _run(session: Session, progress: bool) -> None:
    """Run the measurement with a bar of its seconds."""
    schedule = session.schedule
    total = session.planned * schedule.block + (2 * schedule.idle if session.meter else 0.0)
    with bar_class()(total=total, delay=2, disable=not progress, leave=False, bar_format=_BAR) as bar:
        session.run(bar)


def _stopped(session: Session) -> tuple[str, ...]:
    """What is said of a measurement that was stopped; raises where too little of it is left."""
    if not session.interrupted:
        return ()
    said = f"stopped: {len(session.blocks)} of {session.planned} blocks are kept"
    counts = Counter(block.engine for block in session.blocks)
    if few := [one.name for one in session.engines if counts[one.name] < 2]:
        raise MeasurementError.of("stopped_too_early", "measure_inference", [f"{name}: {counts[name]}" for name in few])
    warnings.warn(said, MeasurementWarning, stacklevel=4)
    return (said,)


def _enough(blocks: Sequence[Block], engines: Sequence[Subject], left_out: Sequence[str]) -> Sequence[str]:
    """What is said of blocks that were left out; raises where an engine has fewer than two others."""
    counts = Counter(block.engine for block in blocks)
    if few := [one.name for one in engines if counts[one.name] < 2]:
        sides = [*(f"{name}: {counts[name]} blocks" for name in few), *left_out]
        raise MeasurementError.of("too_few_blocks_covered", "measure_inference", sides)
    return left_out


@cache
def _versions() -> Mapping[str, str]:
    found = {name: version(name) for name in ("lca", "numpy")}
    return {**found, "python": platform.python_version(), "machine": platform.platform()}

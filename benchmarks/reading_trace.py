"""How many functions of lca one power reading passes between `Meter.read` and `summary`.

    python benchmarks/reading_trace.py [--most 45]

A small study is run from a meter's reading to its summary three times: twice with the same reading, once with
another. Each run writes down what every call of a function of lca gave back, in order, objects looked through to
the numbers in them. A function touches the reading where what it gave back is the same for the same reading and
another for the other: so the value passed through it, whatever held it on the way. The two ends, `Meter.read` and
`summary`, are not counted, nor are constructors (they give nothing back; what makes them does) and the small
functions without a name (lambdas, comprehensions). A function counts once, however often it is called.

It prints the functions in the order in which they first give the value on, and exits with 1 where they are more
than `--most`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pandas
import xarray

import lca

HOME = str(Path(lca.__file__).parent) + "/"
ENDS = ("meters/meter.py Meter.read", "interpretation/summary.py summary")
ADDRESS = 1 << 32  # whole numbers above it are identities of objects: they differ from run to run
Call = tuple[str, int]  # the function, and what it gave back


def study_of(power: lca.Meter, watts: float, site: lca.Site) -> pandas.DataFrame:
    """The summary of one training whose power was read."""
    reading = power.read(watts, "W")
    run = lca.Training.extrapolated(
        "ResNet18", duration="143 s", power=reading, measured=1_000, planned=170_000, site=site
    )
    stages = ("development", "use", "manufacturing", "distribution", "end_of_life")
    study = lca.Study(
        "a training", run, functional_unit=lca.FunctionalUnit("a model", count=1),
        excluded={stage: lca.outside_goal("one reading is followed") for stage in stages},
    )  # fmt: skip
    return lca.summary(lca.monte_carlo(study, draws=100, progress=False))


def prints(thing: Any, seen: set[int]) -> int:
    """A number that stands for all that a thing holds: equal things have equal ones."""
    if isinstance(thing, int) and abs(thing) > ADDRESS:
        return 2
    if thing is None or isinstance(thing, (bool, int, float, str, np.number)):
        return hash(thing) if thing == thing else 0  # each nan has a hash of its own
    if isinstance(thing, np.ndarray):
        return prints(thing.tolist(), seen) if thing.dtype == object else hash(thing.tobytes())
    if id(thing) in seen:
        return 1
    seen.add(id(thing))
    inside = [prints(part, seen) for part in parts(thing)]
    return hash((type(thing).__name__, *(sorted(inside) if isinstance(thing, Set) else inside)))


def parts(thing: Any) -> Iterator[Any]:
    """What a thing holds: items, fields, and what a function closes over."""
    if isinstance(thing, Mapping):
        for pair in thing.items():
            yield from pair
    elif isinstance(thing, (list, tuple, Set)):
        yield from thing
    elif isinstance(thing, (xarray.Dataset, xarray.DataArray, pandas.DataFrame, pandas.Series)):
        yield from _numbers(thing)
    elif type(thing).__module__.split(".")[0] == "lca":
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        yield from (getattr(thing, name) for name in slots if not name.startswith("__") and hasattr(thing, name))
        yield from getattr(thing, "__dict__", {}).values()
    elif callable(thing):
        yield getattr(thing, "__self__", None)
        yield from (cell.cell_contents for cell in getattr(thing, "__closure__", None) or ())


def _numbers(table: Any) -> Iterator[Any]:
    if isinstance(table, xarray.Dataset):
        yield from (table[name].to_numpy() for name in table.variables)
    else:
        yield table.to_numpy()


def traced(run: Callable[[], object]) -> list[Call]:
    """What every named function of lca gave back during a run, in order."""
    calls: list[Call] = []

    def look(frame: FrameType, event: str, given: Any) -> None:
        code = frame.f_code
        if event != "return" or not code.co_filename.startswith(HOME) or code.co_name.startswith("<"):
            return
        sys.setprofile(None)  # looking at a thing may call its functions
        calls.append((f"{code.co_filename[len(HOME) :]} {code.co_qualname}", prints(given, set())))
        sys.setprofile(look)

    sys.setprofile(look)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


def touched() -> list[str]:
    """The functions that give a reading on, in the order in which they first do."""
    site = lca.Site("desk", pue=1.0, electricity=lca.Electricity.lookup("US-RFCW", 2019, basis="direct"))
    power = lca.Meter("plug", at="wall", accuracy="2 %", resolution="1 W")
    study_of(power, 148.0, site)  # reads and keeps the tables
    once, again, other = (traced(lambda watts=watts: study_of(power, watts, site)) for watts in (148.0, 148.0, 151.0))
    if not [name for name, _ in once] == [name for name, _ in again] == [name for name, _ in other]:
        raise SystemExit("the runs call different functions: they cannot be compared call by call")
    names = [a[0] for a, b, c in zip(once, again, other, strict=True) if a == b != c]
    return [name for name in dict.fromkeys(names) if name not in ENDS]


def main() -> int:
    """Print the functions; 1 where they are too many."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--most", type=float, default=float("inf"), help="functions at most")
    most = parser.parse_args().most
    names = touched()
    for number, name in enumerate(names, 1):
        print(f"{number:>4}  {name}")
    print(f"one power reading touches {len(names)} functions of lca between Meter.read and summary")
    return int(len(names) > most)


if __name__ == "__main__":
    sys.exit(main())

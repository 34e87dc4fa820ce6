"""A run with a checkpoint that is saved after every unit, to be killed: prints "begun", and a hash of what was kept.

    python tests/cluster/long_run.py FOLDER DRAWS draws|summary [WORKERS]

With workers, the units are done by so many processes of Dask.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

import lca
from lca.sampling import checkpoint


def thing() -> dict[str, lca.Node]:
    """Two results of six parameters: enough work for a unit to last some tenths of a second."""
    power = lca.parameter("power", lca.labelled({m: lca.Normal(i + 9, 1) for i, m in enumerate("abc")}, "W", dim="m"))
    hours = lca.parameter("hours", lca.Lognormal("2 h", gsd=1.4))
    more = lca.parameter("more", lca.Uniform("1 W h", "2 W h"))
    rest = lca.parameter("rest", lca.Pert("1 W h", "2 W h", "9 W h")) + more
    energy = lca.functions.total(power * hours, "m") + rest
    return {"energy": energy, "ratio": lca.functions.exp(-energy / rest) + energy / rest}


def digest(result: lca.Result) -> str:
    """A hash of all draws that are kept, and of all statistics."""
    kept = [result.data[name].values for name in sorted(map(str, result.data))]
    if result.streamed:
        for _, spread in sorted(result.streamed.spreads.items()):
            found = spread.statistics
            kept += [getattr(found, part) for part in found.parts]
    told = hashlib.sha256()
    for values in kept:
        told.update(np.ascontiguousarray(values).tobytes())
    return told.hexdigest()


@contextmanager
def cluster(workers: int) -> Iterator[Any]:
    """A client of so many processes of Dask on this machine, which does a task again however often its worker dies."""
    import dask
    from dask.distributed import Client, LocalCluster

    dask.config.set({"distributed.scheduler.allowed-failures": 1_000})
    how = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**how) as processes, Client(processes, set_as_default=False) as client:
        yield client


def main(folder: str, draws: str, keep: str, workers: str = "0") -> None:
    checkpoint._EVERY = 0.0
    print("begun", os.getpid(), flush=True)
    with cluster(int(workers)) if int(workers) else nullcontext() as client:
        executor = client.get_executor() if client else None
        how = {"checkpoint": folder, "executor": executor, "keep": keep, "progress": False}
        made = lca.monte_carlo(thing(), draws=int(draws), **how)
    print(digest(made), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

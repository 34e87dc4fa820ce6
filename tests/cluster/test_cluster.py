"""Clusters of Dask, and kills at random moments: the same bits, and nothing lost (U7). `make cluster` runs it."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from long_run import cluster, digest, thing

import lca
from lca.sampling.plan import UNIT

pytestmark = pytest.mark.cluster
pytest.importorskip("distributed", reason="needs the extra dask")

DRAWS = 16 * UNIT + 12_345
KILLS = 20


@pytest.fixture(scope="module")
def expected() -> str:
    return digest(lca.monte_carlo(thing(), draws=DRAWS, threads=1, progress=False))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_u7_a_cluster_gives_the_bits_of_one_thread(expected: str, workers: int) -> None:
    with cluster(workers) as client:
        made = lca.monte_carlo(thing(), draws=DRAWS, executor=client.get_executor(), progress=False)
    assert digest(made) == expected


def kill_workers(client: Any, ended: threading.Event, killed: list[int], seed: int) -> None:
    """Kill one of the workers at a random moment, whenever all of them are there."""
    rng, workers = np.random.default_rng(seed), client.cluster.workers
    while len(killed) < KILLS and not ended.wait(rng.uniform(0.0, 0.5)):
        pids = [worker.pid for worker in workers.values()]
        if len(client.scheduler_info()["workers"]) == len(workers) and all(pids):
            os.kill(int(rng.choice(pids)), signal.SIGKILL)
            killed.append(1)


def test_u7_workers_that_are_killed_lose_nothing(expected: str) -> None:
    """Their units are done again, by others or by those that take their place."""
    ended, killed = threading.Event(), []
    with cluster(2) as client:
        killer = threading.Thread(target=kill_workers, args=(client, ended, killed, 7))
        killer.start()
        try:
            while len(killed) < KILLS:
                made = lca.monte_carlo(thing(), draws=DRAWS, executor=client.get_executor(), progress=False)
                assert digest(made) == expected
        finally:
            ended.set()
            killer.join()


def begun(folder: Path, workers: int) -> subprocess.Popen[str]:
    """A run of its own that has begun."""
    line = [sys.executable, str(Path(__file__).with_name("long_run.py")), str(folder), str(DRAWS), str(workers)]
    run = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert run.stdout is not None
    assert run.stdout.readline().startswith("begun")
    return run


def killed_at_random_moments(base: Path, kills: int, longest: float, workers: int) -> Iterator[str]:
    """The hash of each run that ended, where every run is killed within `longest` seconds, until all kills are done."""
    rng, done = np.random.default_rng(1), 0
    for number in itertools.count():
        while True:
            run = begun(base / str(number), workers)
            try:
                printed = run.communicate(timeout=rng.uniform(0.0, longest) if done < kills else None)[0]
                break
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                run.communicate()
                done += 1
        assert run.returncode == 0
        yield printed.strip()
        if done == kills:
            return


@pytest.mark.parametrize(("kills", "longest", "workers"), [(KILLS, 2.0, 0), (3, 6.0, 2)], ids=["threads", "Dask"])
def test_u7_a_run_that_is_killed_goes_on_with_the_same_bits(
    expected: str, tmp_path: Path, kills: int, longest: float, workers: int
) -> None:
    assert set(killed_at_random_moments(tmp_path, kills, longest, workers)) == {expected}

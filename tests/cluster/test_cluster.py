"""Clusters of Dask, and kills at random moments: the same bits, and nothing lost (U7). `make cluster` runs it."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
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
#: Seconds after which no more workers are killed.
LONGEST = 60.0
KEEP = ("draws", "summary")
#: Seconds after which a test has hung.
HUNG = 200


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    """A test that waits for ever fails."""

    def fail(*_: object) -> None:
        raise TimeoutError(f"nothing came for {HUNG} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(HUNG)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    """What one thread makes, by what is kept."""
    return {keep: digest(made(keep, threads=1)) for keep in KEEP}


def made(keep: str, **how: Any) -> lca.Result:
    return lca.monte_carlo(thing(), draws=DRAWS, keep=keep, progress=False, **how)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_u7_a_cluster_gives_the_bits_of_one_thread(expected: dict[str, str], workers: int) -> None:
    with cluster(workers) as client:
        assert {keep: digest(made(keep, executor=client.get_executor())) for keep in KEEP} == expected


def kill_workers(client: Any, ended: threading.Event, killed: list[int], seed: int) -> None:
    """Kill one of two workers at a random moment, whenever both are there; one that dies at its start is replaced."""
    rng = np.random.default_rng(seed)
    while len(killed) < KILLS and not ended.wait(rng.uniform(0.0, 0.5)):
        pids = [worker.pid for worker in list(client.cluster.workers.values())]
        if len(client.scheduler_info()["workers"]) == len(pids) == 2 and all(pids):
            os.kill(int(rng.choice(pids)), signal.SIGKILL)
            killed.append(1)
        elif len(pids) < 2:
            client.cluster.scale(2)


def test_u7_workers_that_are_killed_lose_nothing(expected: dict[str, str]) -> None:
    """Their units are done again, by others or by those that take their place."""
    ended, killed, begin = threading.Event(), [], time.monotonic()
    with cluster(2) as client:
        killer = threading.Thread(target=kill_workers, args=(client, ended, killed, 7))
        killer.start()
        try:
            while len(killed) < KILLS and time.monotonic() - begin < LONGEST:
                assert digest(made("draws", executor=client.get_executor())) == expected["draws"]
        finally:
            ended.set()
            killer.join()
    assert killed


def begun(folder: Path, keep: str, workers: int) -> subprocess.Popen[str]:
    """A run of its own that has begun."""
    line = [sys.executable, str(Path(__file__).with_name("long_run.py")), str(folder), str(DRAWS), keep, str(workers)]
    run = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert run.stdout is not None
    assert run.stdout.readline().startswith("begun")
    return run


def killed_at_random_moments(base: Path, kills: int, longest: float, keep: str, workers: int) -> Iterator[str]:
    """The hash of each run that ended, where every run is killed within `longest` seconds, until all kills are done."""
    rng, done = np.random.default_rng(1), 0
    for number in itertools.count():
        while True:
            run = begun(base / str(number), keep, workers)
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


@pytest.mark.parametrize(
    ("kills", "longest", "keep", "workers"),
    [(KILLS // 2, 2.0, "draws", 0), (KILLS // 2, 2.0, "summary", 0), (3, 6.0, "summary", 2)],
)
def test_u7_a_run_that_is_killed_goes_on_with_the_same_bits(
    expected: dict[str, str], tmp_path: Path, kills: int, longest: float, keep: str, workers: int
) -> None:
    assert set(killed_at_random_moments(tmp_path, kills, longest, keep, workers)) == {expected[keep]}

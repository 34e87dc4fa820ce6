"""Measures one case in this process, for table.py and growth.py: `_one_case.py FILE.FUNCTION JSON [REPEATS]`.

Prints one line of JSON: CPU and wall seconds of each repeat, MiB above the start, the answer, and how many draws (or
numbers) it took. What is not there is said under "lacking".
"""

from __future__ import annotations

import importlib
import json
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from cases import NotAvailable

ENOUGH_SECONDS = 1.0
MOST_REPEATS = 7


def peak_mib() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def held_mib() -> float:
    """The memory that this process holds now; its peak where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return peak_mib()


def measured(name: str, options: dict[str, Any], repeats: int | None = None) -> dict[str, Any]:
    """Set a case up and time it: until a second is spent, or so many times."""
    module, _, function = name.partition(".")
    try:
        act = getattr(importlib.import_module(f"cases.{module}"), function)(**options)
    except (NotAvailable, ImportError) as lacking:
        return {"lacking": str(lacking)}
    held, cpu, wall, answer = held_mib(), [], [], {}
    while len(cpu) < (repeats or MOST_REPEATS) and (repeats or sum(cpu) < ENOUGH_SECONDS):
        begin, clock = time.process_time(), time.perf_counter()
        found = dict(act(len(cpu) + 1))
        wall.append(time.perf_counter() - clock)
        cpu.append(found.pop("_cpu", time.process_time() - begin))
        answer = answer or found
    numbers = answer.pop("_numbers", options.get("draws") or 1)
    return {
        "cpu": statistics.median(cpu),
        "wall": statistics.median(wall),
        "mib": peak_mib() - held,
        "numbers": numbers,
        "answer": answer,
    }


if __name__ == "__main__":
    name, options, *repeats = sys.argv[1:]
    print(json.dumps(measured(name, json.loads(options), *map(int, repeats))))

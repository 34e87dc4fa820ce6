"""How fast `lca.read` reads a long log of tegrastats, beside pandas on a plain CSV of the same size.

    python benchmarks/read_log.py [--megabytes 100] [--rounds 3]

It prints megabytes a second of both, in turns in one process, the ratio of the two, and the peak memory of the reader
for logs of two sizes. The CSV holds a time and three powers in each line, and pandas reads it with its C engine.
The seconds are those of the machine: it fails nothing.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas

import lca

#: A line of an AGX Orin, JetPack 6, between its stamp and its rails.
MIDDLE = (
    "RAM 17953/62841MB (lfb 9x4MB) SWAP 0/31420MB (cached 0MB) CPU [7%@1728,31%@1036,7%@1036,42%@1036,4%@1420,"
    "5%@729,6%@729,1%@729,off,off,off,off] EMC_FREQ 12%@204 GR3D_FREQ 39%@[305,0] NVENC off NVDEC off NVJPG off "
    "VIC off OFA off NVDLA0 off NVDLA1 off APE 174 cpu@43.9C soc2@40.4C soc0@41.1C gpu@40.0C tj@43.9C soc1@40.4C"
)
START = datetime(2025, 7, 21)


def write(path: Path, size: int, line: Callable[[datetime, tuple[int, ...]], str], head: str = "") -> None:
    """A file of at least `size` bytes, one line a second, with three powers that vary."""
    powers = np.random.default_rng(1).integers(1_000, 20_000, size=(10_000, 3)).tolist()
    with path.open("w", encoding="utf-8") as file:
        written, count = file.write(head), 0
        while written < size:
            written += file.write(line(START + timedelta(seconds=count), tuple(powers[count % 10_000])))
            count += 1


def tegrastats_line(time: datetime, mw: tuple[int, ...]) -> str:
    rails = f"VDD_GPU_SOC {mw[0]}mW/5000mW VDD_CPU_CV {mw[1]}mW/5000mW VIN_SYS_5V0 {mw[2]}mW/5000mW"
    return f"{time:%m-%d-%Y %H:%M:%S} {MIDDLE} {rails}\n"


def csv_line(time: datetime, mw: tuple[int, ...]) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S},{mw[0] / 1000},{mw[1] / 1000},{mw[2] / 1000}\n"


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def peak(path: Path) -> float:
    """Megabytes that are held at most while the log is read, without the interpreter."""
    tracemalloc.start()
    lca.read(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    size = options.megabytes * 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        log, small, table = (Path(folder, name) for name in ("long.log", "short.log", "plain.csv"))
        write(log, size, tegrastats_line)
        write(small, size // 10, tegrastats_line)
        write(table, size, csv_line, "time,gpu,cpu,input\n")
        actions = {
            "lca.read": lambda: lca.read(log),
            "pandas.read_csv, times as text": lambda: pandas.read_csv(table, engine="c"),
            "pandas.read_csv, times read": lambda: pandas.read_csv(table, engine="c", parse_dates=["time"]),
        }
        rounds = [{name: seconds(action) for name, action in actions.items()} for _ in range(options.rounds)]
        middle = {name: statistics.median(one[name] for one in rounds) for name in actions}
        for name, took in middle.items():
            print(f"{name:<34}{options.megabytes / took:8.1f} MB/s{took / middle['lca.read']:8.2f} of lca.read")
        for path in (small, log):
            print(f"{'peak memory of lca.read':<34}{peak(path):8.1f} MB for {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()

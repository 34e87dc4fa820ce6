"""A Jetson's own meter beside the plug in the wall: how far they are apart, and what that does to a footprint.

python examples/two_meters.py [--out DIR]

The two logs are made here, and not measured: the printout compares what was put in with what is found. With logs of
your own, replace `made_pair` by two paths.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

import lca

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
AHEAD, OWN, GAIN = 3.7, 1.2, 1.15  # s that the plug's clock is ahead; W at the wall without the board; wall per board
RATE = 20.0  # inferences per second while the network runs
BUSY = ("10:02:10", "10:03:20")  # a time in which it runs, by the clock of the board


def made_pair(folder: Path) -> tuple[Path, Path]:
    """Ten minutes of tegrastats and of a plug, both once a second: made, with known truth."""
    rng = np.random.default_rng(12)
    on = np.cumsum([20.4, 61.3, 45.7, 80.2, 31.9, 44.6, 110.5, 60.1, 25.8, 70.3])

    def board(seconds: float) -> float:
        return 4.1 if int(np.searchsorted(on, seconds)) % 2 == 0 else 9.6

    rows: list[str] = []
    plug = ["time,power (W)"]
    for second in range(600):
        watts = board(second) + rng.normal(0, 0.08)
        stamp = (START + timedelta(seconds=second)).strftime("%m-%d-%Y %H:%M:%S")
        rows.append(f"{stamp} RAM 900/7859MB (lfb 26x4MB) CPU [4%@2035,off] GR3D_FREQ 0% "
                    f"VDD_IN {watts * 1000:.0f}mW/{watts * 1000:.0f}mW")  # fmt: skip
        wall = OWN + GAIN * board(second - AHEAD) + rng.normal(0, 0.05)
        plug.append(f"{(START + timedelta(seconds=second)).isoformat()},{wall:.1f}")
    paths = folder / "made_tegrastats.log", folder / "made_plug.csv"
    for path, lines in zip(paths, (rows, plug), strict=True):
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("out/two_meters"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    tegrastats, plug = made_pair(out)
    board = lca.read(tegrastats, zone="UTC")
    wall = lca.read(plug, meter=lca.Meter("plug", at="wall", accuracy="1 %", resolution="0.1 W"))
    found = lca.agreement(wall, board)
    print(found)
    print(f"put in: the plug is {AHEAD} s ahead, wall = {OWN} W + {GAIN} x board\n")
    found.plot().savefig(out / "agreement.png", dpi=150)
    board.plot(windows={"busy": BUSY}).figure.savefig(out / "board.png", dpi=150)

    busy = board.between(*BUSY)
    engine = lca.Inference("FP16", busy.energy() / (RATE * busy.span), per="inference", baseline="gross",
                           throughput=f"{RATE} inference/s")  # fmt: skip
    grid = lca.Electricity.lookup("Germany", 2023, basis="life cycle", gases="CO2e")
    site = lca.Site("lab", pue=1.0, electricity=grid, **found.crossings())
    robots = lca.Deployment("robots", engine, devices=100, start=2024, period="5 year", load="10 inference/s",
                            active="8 h/day", idle_power="4.1 W at_board", site=site)  # fmt: skip
    hardware = lca.outside_goal("the question is what the meters say of the use")
    left_out = dict.fromkeys(("development", "training", "manufacturing", "distribution", "end_of_life"), hardware)
    study = lca.Study("100 robots", robots, functional_unit=lca.FunctionalUnit("one frame", count=robots.inferences),
                      excluded=left_out)  # fmt: skip
    result = lca.monte_carlo(study, progress=False)
    print(lca.summary(result, unit="t CO2e"))
    lca.plot.years(result)[0].figure.savefig(out / "years.png", dpi=150)
    print(f"figures: {out}/agreement.png, board.png, years.png")


if __name__ == "__main__":
    main()

"""The arguments of the command `lca measure`."""

from __future__ import annotations

import argparse


def add_measure_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument(
        "--meter", action="append", default=[], metavar="METER",
        help="nvml:0, rapl, ina3221, hwmon, battery, tasmota:ADDRESS, prompt, ...; may repeat. The first that this "
        "machine has if not given",
    )  # fmt: skip
    parser.add_argument("--save", default="", metavar="FILE", help="the log; lca-measure-DATE.csv if not given")
    parser.add_argument("--place", default="", help="the place of the electricity, for the footprint: France")
    parser.add_argument("--year", type=int, default=None, help="the year of the electricity")
    parser.add_argument("--basis", default="life cycle", help="the basis of the electricity: direct, or life cycle")
    parser.add_argument("--pue", type=float, default=1.0, help="the PUE of the place; 1 at a desk")
    parser.add_argument("run", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="the command, with its arguments")

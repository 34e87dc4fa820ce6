"""Random studies for as long as is asked: `python tests/fuzz/run.py --minutes 20 --seed 1`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve()
    sys.path[:0] = [str(here.parents[1]), str(here.parents[2])]

from fuzz.campaign import Campaign, explained


def main() -> int:
    """Run, print what was counted and what failed. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0, help="the first of the seeds, one a study")
    parser.add_argument("--studies", type=int, default=0, help="stop after so many")
    parser.add_argument("--laws", type=int, default=3, help="laws that each study is held against, beside its oracle")
    parser.add_argument("--show", type=int, default=5, help="failing studies that are printed, made small")
    asked = parser.parse_args()
    campaign, end = Campaign(), time.monotonic() + 60 * asked.minutes
    while time.monotonic() < end and (not asked.studies or campaign.studies < asked.studies):
        seed = asked.seed + campaign.studies
        if not campaign.run(seed, asked.laws):
            print(f"seed {seed}: {campaign.failures[seed][0]}", flush=True)
    print(campaign)
    for seed in list(campaign.failures)[: asked.show]:
        print(explained(seed, asked.laws))
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())

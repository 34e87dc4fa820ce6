"""The footprint of a class project, cradle to grave: SuperPoint visual odometry trained on one desk and
deployed on 100 Jetsons. Run it with `make demo`, or read it aloud: that is the method.

The measurements are the lab's (examples/data); what the lab leaves open is assumed here, said as an
assumption, and given a wide spread (docs/lab.md).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas

import lca

DATA = Path(__file__).parent / "data"
engines = pandas.read_csv(DATA / "engines.csv", index_col="engine")

guess = dict(status="assumed", source="docs/lab.md")
report = dict(status="declared", source="the lab's report")

# --- the things: two kinds of hardware, two places, two meters ---------------------------------------
tower, card = (lca.Hardware.lookup(name) for name in ("workstation-tower", "class-consumer-gpu"))
desk = lca.Hardware.from_parts("GPU workstation", [tower, card], lifetime=tower.lifetime)
nano = lca.Hardware.lookup("class-edge-module").replaced(name="Jetson")  # a small module: which one is not said
home = lca.Site("Pittsburgh desk", electricity=lca.Electricity.lookup("15213", 2019), pue=1.0)  # by ZIP: US-RFCW
field = lca.Site(
    "robots' sockets",
    electricity=home.electricity,
    supply_efficiency=lca.Triangular(0.75, 0.85, 0.90),
    pue=1.0,
    **guess,
)
wall = lca.Meter("Kill A Watt", at="wall", accuracy="2 %", resolution="1 W", **guess)
rail = lca.Meter("Jetson rail", at="board", accuracy="5 %", **guess)
notebook = lca.read(DATA / "trainings.csv", meter=wall)  # seconds and watts of five trainings, written down by hand

# --- what happened: a semester of work, five trainings known from 1,000 of 170,000 iterations ----------
work = lca.Development(
    "semester",
    energy=lca.Uniform("50 kWh", "300 kWh"),
    at="wall",
    duration="15 week",
    year=2021,
    on=desk,
    site=home,
    allocation="reserved_time",
    **guess,
)
training = lca.Training.extrapolated(
    "SuperPoint backbones",
    duration=notebook.durations("model"),
    energy=notebook.energies("model"),
    measured=1_000,
    planned=170_000,
    year=2021,
    on=desk,
    site=home,
    allocation="reserved_time",
    **report,
)

# --- what will happen: ten TensorRT engines to choose from, 100 robots for five years ------------------
inference = lca.Inference.engines(
    "SuperPoint engines",
    rail.read(engines["joules"], "J/inference", dim="engine"),
    names="<backbone>_<batch:int>_<height:int>_<width:int>_<precision>_seq_<sequence>",
    per="inference",
    baseline="marginal",
)
use = lca.Deployment(
    "robots",
    inference,
    on=nano,
    site=field,
    devices=100,
    start=2022,
    period="5 year",
    load=lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"),  # per robot, while active
    active="8 h/day",
    idle="0 h/day",  # and off for the rest of the day
    idle_power=lca.Triangular("1.2 W at_board", "1.9 W at_board", "3 W at_board"),
    allocation="reserved_time",
    **guess,
)

# --- the question ---------------------------------------------------------------------------------------
study = lca.Study(
    "SuperPoint on 100 Jetsons",
    work,
    training,
    use,
    functional_unit=lca.FunctionalUnit("one 120x392 frame through SuperPoint", count=use.inferences),
    parts=("model",),  # five trainings: summed
    alternatives=("engine",),  # ten rivals: never summed
    excluded={},
    about=lca.About(
        authors=["The lca authors"],
        date="2026-11-30",
        version="1",
        licence="CC-BY-4.0",
        reason="to choose an engine for the robots, and to see what dominates the project",
        application="the choice of one of ten engines by the team that builds the robots",
        audience="students and engineers who plan such a project",
        comparative=False,
        reference_flow="one frame on one Jetson, with its share of training, development and hardware",
        data_requirements="measurements of a class lab at Carnegie Mellon University, else published figures",
        limitations=[
            "The lab did not say which Jetson and which cards it used: classes of hardware stand for them.",
            "Charging losses, and how often a robot is active, are assumed.",
        ],
        value_choices=["No weighting: climate change is the only impact."],
        review="none",
    ),
)


def main() -> None:
    """Print the answers, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="print all ten engines of the lab's table")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--out", default="out/superpoint", help="folder of the report")
    options = parser.parse_args()

    sys.modules.setdefault("superpoint", sys.modules[__name__])  # what the questions import: made once
    import questions

    questions.print_all(draws=options.draws, everything=options.all, out=Path(options.out))


if __name__ == "__main__":
    main()

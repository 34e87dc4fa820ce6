"""The footprint of a project's experiments, from what CodeCarbon, MLflow or Weights & Biases logged.

python examples/experiments.py emissions.csv      # or a folder of runs: wandb/ or mlruns/
"""

from __future__ import annotations

import sys

import lca

runs = lca.read(sys.argv[1])
desk = lca.Site("desk", electricity=lca.Electricity.lookup("France", 2023), pue=1.0)
work = lca.Development("experiments", energy=runs.energy(), site=desk, beyond="not counted")  # no power supply, no fans
print(runs)
print(lca.footprint(work))

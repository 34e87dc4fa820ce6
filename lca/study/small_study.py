"""The small study of the examples in docstrings: one training, in one lab."""

from __future__ import annotations

from ..electricity.electricity import Electricity
from ..inventory.site import Site
from ..inventory.training.training import Training
from .scope import FunctionalUnit, outside_goal
from .study import Study

_OTHERS = ("development", "manufacturing", "distribution", "use", "end_of_life")


def small_study() -> Study:
    """A training of 120 kWh where a kWh emits 0.4 kg CO2e.

    >>> small_study().model.stages
    ('training',)
    """
    lab = Site("lab", pue=1.0, electricity=Electricity("grid", intensity="0.4 kg CO2e/kWh", at="facility"))
    run = Training("BERT", energy="120 kWh", at="wall", site=lab)
    unit = FunctionalUnit("one model", count="1 device")
    excluded = dict.fromkeys(_OTHERS, outside_goal("we compare trainings"))
    return Study("training", run, functional_unit=unit, excluded=excluded)

"""Life-cycle assessment of machine-learning projects, with units, sources and uncertainty.

The public names; nothing is defined here.
"""

from . import errors, formulas
from .expression import functions
from .expression.choice import choice
from .expression.distribution import Distribution
from .expression.families import Empirical, Lognormal, Normal, Pert, SplitLognormal, Triangular, Uniform, Weibull
from .expression.given import labelled
from .expression.value import parameter
from .impact.characterization import characterization_factor
from .impact.electricity import Electricity
from .impact.fabrication import Die
from .impact.hardware import Hardware
from .impact.kinds import (
    Assembly,
    Battery,
    Board,
    Cooling,
    Enclosure,
    Memory,
    Packaging,
    Passives,
    PowerSupply,
    Storage,
)
from .impact.parts import Part
from .impact.search import search
from .impact.sources import carbon_free_share, compare_sources, pue, wue
from .interpretation import plot
from .interpretation.breakeven import Breakeven, breakeven
from .interpretation.comparison import compare
from .interpretation.explain import derivation, provenance, status_shares
from .interpretation.footprint import footprint
from .interpretation.report import report
from .interpretation.result import Result, monte_carlo, nominal
from .interpretation.sensitivity import sobol, tornado
from .interpretation.storage import load, rerun, save
from .interpretation.summary import summary
from .inventory.deployment import Deployment
from .inventory.fleet import Fleet
from .inventory.inference import Inference
from .inventory.meter import Meter
from .inventory.network import Network
from .inventory.site import Site
from .inventory.training import Development, Training
from .study.allocation import allocation_table
from .study.scope import FunctionalUnit, below_cut_off, outside_goal, sunk
from .study.study import Study, alternatives
from .units import quantity

__all__ = [
    "Assembly",
    "Battery",
    "Board",
    "Breakeven",
    "Cooling",
    "Deployment",
    "Development",
    "Die",
    "Distribution",
    "Electricity",
    "Empirical",
    "Enclosure",
    "Fleet",
    "FunctionalUnit",
    "Hardware",
    "Inference",
    "Lognormal",
    "Memory",
    "Meter",
    "Network",
    "Normal",
    "Packaging",
    "Part",
    "Passives",
    "Pert",
    "PowerSupply",
    "Result",
    "Site",
    "SplitLognormal",
    "Storage",
    "Study",
    "Training",
    "Triangular",
    "Uniform",
    "Weibull",
    "allocation_table",
    "alternatives",
    "below_cut_off",
    "breakeven",
    "carbon_free_share",
    "characterization_factor",
    "choice",
    "compare",
    "compare_sources",
    "derivation",
    "errors",
    "footprint",
    "formulas",
    "functions",
    "labelled",
    "load",
    "monte_carlo",
    "nominal",
    "outside_goal",
    "parameter",
    "plot",
    "provenance",
    "pue",
    "quantity",
    "report",
    "rerun",
    "save",
    "search",
    "sobol",
    "status_shares",
    "summary",
    "sunk",
    "tornado",
    "wue",
]

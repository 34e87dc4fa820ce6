"""Life-cycle assessment of machine-learning projects, with units, sources and uncertainty.

The public names; nothing is defined here.
"""

from . import errors
from .expression import functions
from .expression.distribution import Distribution, Empirical, Lognormal, Normal, Pert, Triangular, Uniform
from .expression.value import choice, labelled, parameter
from .impact.characterization import characterization_factor
from .impact.electricity import Electricity
from .impact.hardware import Hardware
from .interpretation.result import Result, monte_carlo, nominal
from .interpretation.summary import summary
from .inventory import formulas
from .inventory.deployment import Deployment
from .inventory.inference import Inference
from .inventory.meter import Meter
from .inventory.site import Site
from .inventory.training import Development, Training
from .study.scope import FunctionalUnit, below_cut_off, outside_goal
from .study.study import Study, alternatives
from .units import quantity

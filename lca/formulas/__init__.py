"""The physics and the accounting, one line each, named after what it returns.

Every function reads four ways: floats (in one coherent set of units), pint quantities, xarray tables,
nodes. Symbols and sources stand in the docstrings; the units named are those of a node.
"""

from .grids import (
    declined_intensity,
    deviated_intensity,
    lifecycle_intensity,
    trend_intensity,
)
from .impacts import (
    characterized,
    electricity_impact,
    hardware_impact,
)
from .manufacturing import (
    amount_embodied,
    carbon_per_area,
    carbon_per_good_area,
    die_embodied,
    dies_per_wafer,
    effective_yield,
    freight_impact,
    murphy_yield,
    negative_binomial_yield,
    poisson_yield,
    treatment_impact,
)
from .operation import (
    busbar_energy,
    crossed_energy,
    device_energy,
    energy_per_inference,
    facility_energy,
    marginal_energy,
    run_duration,
    run_energy,
    time_in_year,
    training_energy,
    wall_energy,
)
from .shares import (
    active_devices,
    reserved_devices,
    whole_devices,
)

__all__ = [
    "active_devices",
    "amount_embodied",
    "busbar_energy",
    "carbon_per_area",
    "carbon_per_good_area",
    "characterized",
    "crossed_energy",
    "declined_intensity",
    "deviated_intensity",
    "device_energy",
    "die_embodied",
    "dies_per_wafer",
    "effective_yield",
    "electricity_impact",
    "energy_per_inference",
    "facility_energy",
    "freight_impact",
    "hardware_impact",
    "lifecycle_intensity",
    "marginal_energy",
    "murphy_yield",
    "negative_binomial_yield",
    "poisson_yield",
    "reserved_devices",
    "run_duration",
    "run_energy",
    "time_in_year",
    "training_energy",
    "treatment_impact",
    "trend_intensity",
    "wall_energy",
    "whole_devices",
]

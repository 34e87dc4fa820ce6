"""The published formula of EcoLogits for the energy of an output token, with what it is off by."""

from __future__ import annotations

from ...formulas import fitted_token_energy
from ...graph.function_table import Value

#: J per Wh.
_WATT_HOUR = 3600.0
#: EcoLogits 0.11.3, impacts/llm.py: Wh per token and GPU, for each billion of active parameters and in any case.
SLOPE, DECAY, FLOOR = 1.1665273170451914e-06, -0.011205921025579175, 4.052928146734005e-05
#: The requests in flight that EcoLogits takes.
USUAL_BATCH = 64.0


def ecologits_energy(active: Value, batch: Value = USUAL_BATCH) -> Value:
    """Joules of an output token and GPU, active parameters in billions.

    >>> round(float(ecologits_energy(70.0)), 4)
    0.2894
    """
    return fitted_token_energy(active, batch, _WATT_HOUR * SLOPE, DECAY, _WATT_HOUR * FLOOR)

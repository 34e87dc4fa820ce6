"""Scores that standards define."""

from __future__ import annotations

from ..graph.function_table import Value


def sci_score(energy: Value, intensity: Value, embodied: Value, units: Value) -> Value:
    """Software carbon intensity: SCI = (E I + M) / R (ISO/IEC 21031, Software Carbon Intensity).

    Parameters
    ----------
    energy : J at a boundary
        The energy E of the software.
    intensity : kg CO2e/J at the same boundary
        The location-based intensity I.
    embodied : kg CO2e
        The embodied burden M of the hardware, as far as it is charged.
    units : of any count
        The functional units R.

    Returns
    -------
    kg CO2e per unit
        The score.

    Examples
    --------
    >>> sci_score(120.0, 0.4, 2.0, 5.0)
    10.0
    """
    return (energy * intensity + embodied) / units

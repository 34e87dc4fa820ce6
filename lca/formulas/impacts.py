"""From flows to impacts: electricity, hardware, gases."""

from __future__ import annotations

from ..graph.functions import Value


def electricity_impact(energy: Value, intensity: Value) -> Value:
    """Gas of a quantity of electricity: m = E x i, at one boundary (GHG Protocol Scope 2, activity data x factor).

    >>> electricity_impact(2.0, 0.5)
    1.0
    """
    return energy * intensity


def hardware_impact(device_lives: Value, burden: Value) -> Value:
    """Burden owed for hardware: the device lives charged x the burden of one device.

    >>> hardware_impact(1.6, 36.0)
    57.6
    """
    return device_lives * burden


def characterized(mass: Value, characterization_factor: Value) -> Value:
    """Impact of a mass of gas: CO2e = m x GWP (ISO 14044, 4.4.2.4; IPCC AR6 WG1 table 7.15).

    >>> characterized(2.0, 29.8)
    59.6
    """
    return mass * characterization_factor

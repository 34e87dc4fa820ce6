"""From flows to impacts: electricity, hardware, gases."""

from __future__ import annotations

from ..graph.function_table import Value


def electricity_impact(energy: Value, intensity: Value) -> Value:
    """Gas of a quantity of electricity: m = E x i (GHG Protocol Scope 2, activity data x factor).

    Parameters
    ----------
    energy : J at a boundary
        The energy E.
    intensity : kg CO2e/J at the same boundary
        The intensity i.

    Returns
    -------
    kg CO2e
        The mass m of gas.

    Examples
    --------
    >>> electricity_impact(2.0, 0.5)
    1.0
    """
    return energy * intensity


def hardware_impact(device_lives: Value, burden: Value) -> Value:
    """Burden of hardware: the device lives charged x the burden of one device (ISO 14044, 4.3.4).

    Parameters
    ----------
    device_lives : device
        The device lives charged.
    burden : kg CO2e/device
        The burden of one device.

    Returns
    -------
    kg CO2e
        The burden charged.

    Examples
    --------
    >>> hardware_impact(1.6, 36.0)
    57.6
    """
    return device_lives * burden


def characterized(mass: Value, characterization_factor: Value) -> Value:
    """Impact of a mass of gas: CO2e = m x GWP (ISO 14044, 4.4.2.4; IPCC AR6 WG1 table 7.15).

    Parameters
    ----------
    mass : kg of a gas
        The mass m.
    characterization_factor : kg CO2e per kg of the gas
        The GWP.

    Returns
    -------
    kg CO2e
        The impact.

    Examples
    --------
    >>> characterized(2.0, 29.8)
    59.6
    """
    return mass * characterization_factor

"""What making, moving and discarding hardware emits: chips by area and yield, all else by amount.

Symbols: A die area, D defects per area, alpha clustering of the defects, Y the share of good dies, d the diameter of
a wafer. CPA is carbon per area, CI the intensity of the fab's electricity. EPA, GPA and MPA are its electricity, gases
and materials per area of wafer.
"""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import exp, log, maximum, minimum, where

# --- which share of the dies works -------------------------------------------------------------------


def poisson_yield(area: Value, defect_density: Value) -> Value:
    """Share of good dies if defects fall independently: Y = exp(-A D) (Cunningham 1990).

    Parameters
    ----------
    area : cm^2
        The area A of a die, from 0 up.
    defect_density : 1/cm^2
        Defects D per area, from 0 up.

    Returns
    -------
    pure number
        The yield Y, from 0 to 1.

    Examples
    --------
    >>> round(float(poisson_yield(8.14, 0.08)), 3)
    0.521
    """
    return exp(-(area * defect_density))


def murphy_yield(area: Value, defect_density: Value) -> Value:
    """Share of good dies after Murphy: Y = ((1 - exp(-A D)) / (A D))^2 (Murphy 1964; Cunningham 1990).

    A D counts as 1e-12 at least, where Y is 1 to 12 digits. Up to A D = 1 the formula is computed as (u - 1) / log u
    with u = exp(-A D), so that rounding cancels (Kahan). Above 1 nothing cancels, and it is computed as printed.

    Parameters
    ----------
    area : cm^2
        The area A of a die, from 0 up.
    defect_density : 1/cm^2
        Defects D per area, from 0 up.

    Returns
    -------
    pure number
        The yield Y, from 0 to 1.

    Examples
    --------
    >>> round(float(murphy_yield(1.0, 0.15)), 3)
    0.862
    >>> float(murphy_yield(800.0, 1.0))
    1.5625e-06
    """
    defects = maximum(area * defect_density, 1e-12)
    u = exp(-minimum(defects, 1))
    return where(defects > 1, (1 - exp(-defects)) / maximum(defects, 1), (u - 1) / log(u)) ** 2


def negative_binomial_yield(area: Value, defect_density: Value, clustering: Value) -> Value:
    """Share of good dies if defects come in clusters: Y = (1 + A D / alpha)^-alpha (Stapper 1983; Cunningham 1990).

    Parameters
    ----------
    area : cm^2
        The area A of a die, from 0 up.
    defect_density : 1/cm^2
        Defects D per area, from 0 up.
    clustering : pure number
        alpha, above 0; the larger it is, the less the defects cluster.

    Returns
    -------
    pure number
        The yield Y, from 0 to 1.

    Examples
    --------
    >>> round(float(negative_binomial_yield(8.14, 0.08, 5.0)), 3)
    0.542
    """
    return exp(-clustering * log(1 + area * defect_density / clustering))


def effective_yield(good: Value, harvest: Value) -> Value:
    """Share of dies that are sold: Y + h (1 - Y).

    Parameters
    ----------
    good : pure number
        The share Y of good dies.
    harvest : pure number
        The share h of faulty dies that is sold with the faulty part switched off.

    Returns
    -------
    pure number
        The share, from 0 to 1.

    Examples
    --------
    >>> effective_yield(0.5, 0.5)
    0.75
    """
    return good + harvest * (1 - good)


def dies_per_wafer(area: Value, wafer_diameter: Value) -> Value:
    """Whole dies on a round wafer: pi d^2 / (4 A) - pi d / sqrt(2 A), 0 at least (de Vries 2005).

    The second term is what the edge cuts. For dies that are not small the count is rough; above A = d^2 / 8 it is 0.

    Parameters
    ----------
    area : cm^2
        The area A of nearly square dies, much smaller than the wafer.
    wafer_diameter : cm
        The diameter d.

    Returns
    -------
    pure number
        The number of dies.

    Examples
    --------
    >>> round(float(dies_per_wafer(8.14, 30.0)), 1)
    63.5
    """
    dies = 3.141592653589793 * (wafer_diameter**2 / (4 * area) - wafer_diameter / (2 * area) ** 0.5)
    return maximum(dies, 0)


# --- carbon per area ----------------------------------------------------------------------------------


def carbon_per_area(fab_energy: Value, fab_intensity: Value, gases: Value, materials: Value, yield_: Value) -> Value:
    """Carbon per area of sold die: CPA = (CI x EPA + GPA + MPA) / Y (Gupta et al. 2022, ACT, eq. 5).

    Energy, gases and materials must not hold a yield already.

    Parameters
    ----------
    fab_energy : kWh at_facility/cm^2
        Electricity EPA per area of wafer.
    fab_intensity : kg CO2e/(kWh at_facility)
        The intensity CI of that electricity.
    gases, materials : kg CO2e/cm^2
        Gases GPA and materials MPA per area of wafer.
    yield_ : pure number
        The share Y of dies that is sold, above 0.

    Returns
    -------
    kg CO2e/cm^2
        Carbon per area of sold die.

    Examples
    --------
    >>> round(carbon_per_area(2.15, 0.583, 0.275, 0.5, 0.875), 4)
    2.3182
    """
    return (fab_intensity * fab_energy + gases + materials) / yield_


def carbon_per_good_area(reference: Value, reference_yield: Value, yield_: Value) -> Value:
    """Carbon per area of sold die, from a figure that holds a reference yield: CPA = CPA_r x Y_r / Y.

    For the figures of Boakes et al. (IEDM 2023) the reference die has 1 cm^2 and Y_r = 0.86. Dividing them by a yield
    alone would count it twice.

    Parameters
    ----------
    reference : kg CO2e/cm^2
        Carbon per good area of the reference die, CPA_r.
    reference_yield : pure number
        The yield Y_r that it holds, above 0.
    yield_ : pure number
        The yield Y of this die, above 0.

    Returns
    -------
    kg CO2e/cm^2
        Carbon per area of sold die.

    Examples
    --------
    >>> round(carbon_per_good_area(2.42, 0.86, 0.77), 3)
    2.703
    """
    return reference * reference_yield / yield_


# --- burdens --------------------------------------------------------------------------------------------


def die_embodied(area: Value, carbon_per_area: Value) -> Value:
    """Burden of a die: A x CPA (Gupta et al. 2022, ACT).

    Parameters
    ----------
    area : cm^2
        The area A.
    carbon_per_area : kg CO2e/cm^2
        Carbon CPA per area of sold die.

    Returns
    -------
    kg CO2e
        The burden.

    Examples
    --------
    >>> round(die_embodied(8.14, 2.7), 3)
    21.978
    """
    return area * carbon_per_area


def amount_embodied(amount: Value, factor: Value) -> Value:
    """Burden of an amount: amount x factor (Gupta et al. 2022, ACT, for memory and storage).

    Parameters
    ----------
    amount : kg, cm^2, GB or pieces
        The amount.
    factor : kg CO2e per unit of the amount
        What a unit of it emits.

    Returns
    -------
    kg CO2e
        The burden.

    Examples
    --------
    >>> amount_embodied(80.0, 0.8)
    64.0
    """
    return amount * factor


def freight_impact(mass: Value, distance: Value, factor: Value) -> Value:
    """Burden of transport: m x s x f (GHG Protocol Scope 3, category 4, distance-based method).

    Parameters
    ----------
    mass : t
        The mass m.
    distance : km
        The distance s.
    factor : kg CO2e/(t km)
        The factor f of the transport mode.

    Returns
    -------
    kg CO2e
        The burden.

    Examples
    --------
    >>> round(freight_impact(0.003, 10_000.0, 0.75), 6)
    22.5
    """
    return mass * distance * factor


def treatment_impact(mass: Value, factor: Value) -> Value:
    """Burden of treatment at the end of life: m x f (GHG Protocol Scope 3, category 12, waste-type-specific method).

    Parameters
    ----------
    mass : kg
        The mass m.
    factor : kg CO2e/kg
        The factor f of the treatment.

    Returns
    -------
    kg CO2e
        The burden.

    Examples
    --------
    >>> treatment_impact(2.5, 0.8)
    2.0
    """
    return mass * factor

"""What making, moving and discarding hardware emits: chips by area and yield, all else by amount.

Symbols: A die area, D defects per area, alpha clustering of the defects, Y the share of good dies, d the
diameter of a wafer, CPA carbon per area, CI the intensity of the fab's electricity, EPA, GPA and MPA its
electricity, gases and materials per area of wafer.
"""

from __future__ import annotations

from ..graph.functions import Value, exp, log, maximum, minimum, where

# --- which share of the dies works -------------------------------------------------------------------


def poisson_yield(area: Value, defect_density: Value) -> Value:
    """Share of good dies if defects fall independently: Y = exp(-A D) (Cunningham 1990).

    `area` [cm^2] and `defect_density` [1/cm^2], from 0 up.

    >>> round(float(poisson_yield(8.14, 0.08)), 3)
    0.521
    """
    return exp(-(area * defect_density))


def murphy_yield(area: Value, defect_density: Value) -> Value:
    """Share of good dies of Murphy's bell of densities: Y = ((1 - exp(-A D)) / (A D))^2 (Murphy 1964; Cunningham 1990).

    `area` [cm^2] and `defect_density` [1/cm^2], from 0 up: A D is 1e-12 at least, where Y is 1 to 12 digits.
    Written with u = exp(-min(A D, 1)) as (u - 1) / log u, in which the rounding of u cancels (Kahan), where A D is
    small; above 1, where u may vanish, nothing cancels and it stands as it is printed.

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

    `area` [cm^2], `defect_density` [1/cm^2], from 0 up; `clustering` is alpha > 0, a pure number: the larger,
    the less they cluster, towards Poisson.

    >>> round(float(negative_binomial_yield(8.14, 0.08, 5.0)), 3)
    0.542
    """
    return exp(-clustering * log(1 + area * defect_density / clustering))


def effective_yield(good: Value, harvest: Value) -> Value:
    """Share of dies that are sold: Y + h (1 - Y), where a share h of the faulty ones is sold cut down.

    `good` and `harvest` are shares, from 0 to 1.

    >>> effective_yield(0.5, 0.5)
    0.75
    """
    return good + harvest * (1 - good)


def dies_per_wafer(area: Value, wafer_diameter: Value) -> Value:
    """Whole dies on a round wafer: pi d^2 / (4 A) - pi d / sqrt(2 A), and 0 below none (de Vries 2005).

    `area` [cm^2] of nearly square dies, much smaller than the wafer; `wafer_diameter` [cm]. The second term stands
    for what the edge cuts: above d^2 / 8 it takes every die, and long before that the count is rough.

    >>> round(float(dies_per_wafer(8.14, 30.0)), 1)
    63.5
    """
    dies = 3.141592653589793 * (wafer_diameter**2 / (4 * area) - wafer_diameter / (2 * area) ** 0.5)
    return maximum(dies, 0)


# --- carbon per area ----------------------------------------------------------------------------------


def carbon_per_area(fab_energy: Value, fab_intensity: Value, gases: Value, materials: Value, yield_: Value) -> Value:
    """Carbon per area of sold die: CPA = (CI x EPA + GPA + MPA) / Y (Gupta et al. 2022, ACT, eq. 5).

    `fab_energy` [kWh at_facility/cm^2] and `fab_intensity` [kg CO2e/(kWh at_facility)]; `gases` and `materials`
    [kg CO2e/cm^2]; `yield_` is a share above 0. None of the first four holds a yield of its own.

    >>> round(carbon_per_area(2.15, 0.583, 0.275, 0.5, 0.875), 4)
    2.3182
    """
    return (fab_intensity * fab_energy + gases + materials) / yield_


def carbon_per_good_area(reference: Value, reference_yield: Value, yield_: Value) -> Value:
    """Carbon per area of sold die, from one that holds the yield of a reference die: CPA = CPA_r x Y_r / Y.

    `reference` [kg CO2e/cm^2]; both yields are shares above 0. For the figures of Boakes et al. (IEDM 2023) the
    reference die has 1 cm^2 and Y_r = 0.86: dividing them by a yield alone counts it twice.

    >>> round(carbon_per_good_area(2.42, 0.86, 0.77), 3)
    2.703
    """
    return reference * reference_yield / yield_


# --- burdens --------------------------------------------------------------------------------------------


def die_embodied(area: Value, carbon_per_area: Value) -> Value:
    """Burden of a die: A x CPA (Gupta et al. 2022, ACT).

    `area` [cm^2], `carbon_per_area` [kg CO2e/cm^2].

    >>> round(die_embodied(8.14, 2.7), 3)
    21.978
    """
    return area * carbon_per_area


def amount_embodied(amount: Value, factor: Value) -> Value:
    """Burden of an amount of something: amount x factor (as ACT does memory and storage).

    `amount` is a mass [kg], an area [cm^2], a capacity [GB] or a number of pieces; `factor` [kg CO2e] per unit of it.

    >>> amount_embodied(80.0, 0.8)
    64.0
    """
    return amount * factor


def freight_impact(mass: Value, distance: Value, factor: Value) -> Value:
    """Burden of carrying: m x s x f (GHG Protocol Scope 3, category 4, distance-based method).

    `mass` [t], `distance` [km], `factor` [kg CO2e/(t km)].

    >>> round(freight_impact(0.003, 10_000.0, 0.75), 6)
    22.5
    """
    return mass * distance * factor


def treatment_impact(mass: Value, factor: Value) -> Value:
    """Burden of discarding: m x f (GHG Protocol Scope 3, category 12, waste-type-specific method).

    `mass` [kg], `factor` [kg CO2e/kg] of the treatment.

    >>> treatment_impact(2.5, 0.8)
    2.0
    """
    return mass * factor

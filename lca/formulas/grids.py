"""How the electricity of a grid is made up, and how it changes over the years."""

from __future__ import annotations

from ..graph.function_table import Value
from ..graph.functions import exp


def lifecycle_intensity(direct: Value, upstream: Value) -> Value:
    """Intensity over the life cycle: i = direct + upstream (A4).

    Parameters
    ----------
    direct : kg CO2e/kWh at the busbar
        What power stations emit.
    upstream : kg CO2e/kWh at the busbar
        What fuel supply, fugitive methane and construction add.

    Returns
    -------
    kg CO2e/kWh at the busbar
        The intensity.

    Examples
    --------
    >>> lifecycle_intensity(0.350, 0.072)
    0.422
    """
    return direct + upstream


def declined_intensity(intensity: Value, rate: Value, elapsed: Value) -> Value:
    """Intensity after an exponential decline: i(t) = i_0 exp(-r t).

    Parameters
    ----------
    intensity : kg CO2e/kWh
        The intensity i_0 at the start.
    rate : 1/year
        The rate r of the decline.
    elapsed : year
        The time t since the start.

    Returns
    -------
    kg CO2e/kWh
        The intensity i(t).

    Examples
    --------
    >>> round(float(declined_intensity(400.0, 0.04, 10.0)), 1)
    268.1
    """
    return intensity * exp(-(rate * elapsed))


def trend_intensity(centre: Value, slope: Value, elapsed: Value, deviation: Value) -> Value:
    """Intensity about a log-linear trend: i(t) = c exp(b t + e).

    The fit is least squares on logarithms. The variance of a new observation is eq. 3.1.8 of Draper and Smith,
    Applied Regression Analysis, 3rd edition.

    Parameters
    ----------
    centre : kg CO2e/kWh
        The geometric mean c of the years of the fit.
    slope : 1/year
        The slope b of the logarithm.
    elapsed : year
        The time t from the mean of those years.
    deviation : pure number
        The error e of the level and of the single year.

    Returns
    -------
    kg CO2e/kWh
        The intensity i(t).

    Examples
    --------
    >>> round(float(trend_intensity(400.0, -0.04, 5.0, 0.0)), 1)
    327.5
    """
    return centre * exp(slope * elapsed + deviation)


def deviated_intensity(intensity: Value, deviation: Value) -> Value:
    """Intensity of a year that deviates from what is expected of it: i e^d.

    Parameters
    ----------
    intensity : kg CO2e/kWh
        The expected intensity i.
    deviation : pure number
        The deviation d, a logarithm.

    Returns
    -------
    kg CO2e/kWh
        The intensity.

    Examples
    --------
    >>> float(deviated_intensity(400.0, 0.0))
    400.0
    """
    return intensity * exp(deviation)

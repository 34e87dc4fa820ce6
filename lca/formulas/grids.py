"""How the electricity of a grid is made up, and how it changes over the years."""

from __future__ import annotations

from ..graph.functions import Value, exp


def lifecycle_intensity(direct: Value, upstream: Value) -> Value:
    """Intensity over the life cycle: i = direct + upstream (A4), both per kWh at the busbar.

    `direct` is what power stations emit, `upstream` what fuel supply, fugitive methane and plants add.

    >>> lifecycle_intensity(0.350, 0.072)
    0.422
    """
    return direct + upstream


def declined_intensity(intensity: Value, rate: Value, elapsed: Value) -> Value:
    """Intensity after an exponential decline: i(t) = i_0 exp(-r t), `rate` r per time, `elapsed` t since i_0.

    >>> round(float(declined_intensity(400.0, 0.04, 10.0)), 1)
    268.1
    """
    return intensity * exp(-(rate * elapsed))


def trend_intensity(centre: Value, slope: Value, elapsed: Value, deviation: Value) -> Value:
    """Intensity about a log-linear trend: i(t) = c exp(b t + e).

    `centre` c is the geometric mean of the years of the fit, `slope` b per time, `elapsed` t from the mean of
    those years, `deviation` e the error of the level and of the single year (least squares on logarithms;
    Draper and Smith, Applied Regression Analysis, 3rd ed., eq. 3.1.8 for the variance of a new observation).

    >>> round(float(trend_intensity(400.0, -0.04, 5.0, 0.0)), 1)
    327.5
    """
    return centre * exp(slope * elapsed + deviation)


def deviated_intensity(intensity: Value, deviation: Value) -> Value:
    """Intensity of a year that deviates from what is expected of it: i e^d, `deviation` d a pure number.

    >>> float(deviated_intensity(400.0, 0.0))
    400.0
    """
    return intensity * exp(deviation)

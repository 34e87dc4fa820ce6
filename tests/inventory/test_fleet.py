"""A fleet in time: devices by year, failures and renewal (A7, A8, D1)."""

from __future__ import annotations

import numpy as np
import pytest
from example_fleet import YEAR, by_year, device, nominal, use_of
from example_study import part

import lca
from lca.errors import DomainError, LabelError

# --- devices and load by year ---------------------------------------------------------------------------------


def test_d1_energy_inferences_and_device_years_follow_the_devices_of_each_year() -> None:
    use = use_of(devices=by_year(2024, 10, 30, 20), load=by_year(2024, 10, 8, 4, unit="inference/s"))
    days = 365.25
    inferences = np.array([10 * 10, 30 * 8, 20 * 4]) * days * 6 * 3600
    idle = np.array([10, 30, 20]) * 2 * 12 * 3600 * days
    found = nominal({"n": use.inferences, "t": use.device_years, "e": use.energy})
    assert found["n"].dims == ("year",)
    np.testing.assert_allclose(found["n"], inferences, rtol=1e-12)
    np.testing.assert_allclose(found["t"], np.array([10, 30, 20]) * YEAR, rtol=1e-12)
    np.testing.assert_allclose(found["e"] * 3.6e6, idle + 0.4 * inferences, rtol=1e-12)


def test_a7_hardware_is_charged_year_by_year_and_the_years_sum_to_the_total() -> None:
    data = nominal(part(use_of(devices=by_year(2024, 10, 30, 20))))
    np.testing.assert_allclose(data["manufacturing/robots"], np.array([10, 30, 20]) / 5 * 100, rtol=1e-12)
    assert float(data["manufacturing"]) == pytest.approx(60 / 5 * 100, rel=1e-12)
    assert float(data["use"]) == pytest.approx(float(data["use/robots"].sum()), rel=1e-12)
    stages = ("manufacturing", "distribution", "use", "end_of_life")
    assert float(data["total"]) == pytest.approx(sum(float(data[stage]) for stage in stages), rel=1e-12)
    assert float(data["per/device"]) == pytest.approx(20, rel=1e-12)  # the mean, and not 60
    part_year = nominal(part(use_of(devices=by_year(2024, 10, 30, 20), period="2.5 year")))
    np.testing.assert_allclose(part_year["manufacturing/robots"], np.array([10, 30, 10]) / 5 * 100, rtol=1e-12)


@pytest.mark.parametrize("rule", ["reserved_time", "active_time", "whole_units", "first_use", "none"])
@pytest.mark.parametrize("field", ["devices", "active", "load"])
def test_a7_the_same_number_in_every_year_is_one_number(rule: str, field: str) -> None:
    on, period = device(service_life="20000 h"), lca.Uniform("2.2 year", "3 year")
    whole, unit = {"devices": (10, "device"), "active": (0.25, ""), "load": (10, "inference/s")}[field]
    one = use_of(on=on, allocation=rule, period=period, **{field: f"{whole} {unit}".strip() if unit else whole})
    each = use_of(on=on, allocation=rule, period=period, **{field: by_year(2024, whole, whole, whole, unit=unit)})
    first, second = (lca.monte_carlo(part(use), draws=200, progress=False).data for use in (one, each))
    for name in ("manufacturing", "use", "total", "per/device", "per/device_year"):
        np.testing.assert_allclose(second[name], first[name], rtol=1e-12)


def test_a8_whole_units_are_bought_when_they_are_first_needed() -> None:
    """10 for four years of a three-year life, twice; 20 more for three years, once; then there are enough."""
    use = use_of(devices=by_year(2024, 10, 30, 20, 30), period="4 year", on=device(lifetime="3 year"),
                 allocation="whole_units")  # fmt: skip
    data = nominal(part(use))
    np.testing.assert_allclose(data["manufacturing/robots"], [2 * 10 * 100, 20 * 100, 0, 0], rtol=1e-12)


def test_d1_years_are_those_of_use() -> None:
    with pytest.raises(LabelError, match="robots.devices(.|\n)*missing: 2026(.|\n)*not years of use: 2023"):
        use_of(devices=by_year(2023, 10, 30, 20))
    with pytest.raises(LabelError, match="robots.load(.|\n)*missing: 2026(.|\n)*not years of use: none"):
        use_of(load=by_year(2024, 10, 30, unit="inference/s"))
    backwards = lca.labelled({2026: 1, 2025: 1, 2024: 1}, "device", dim="year")
    with pytest.raises(LabelError, match="2024 to 2026, in that order"):
        use_of(devices=backwards)
    with pytest.raises(LabelError, match="robots.devices(.|\n)*missing: 2027"):
        part(use_of(devices=by_year(2024, 10, 30, 20))).replace({"robots.period": "4 year"})
    with pytest.raises(LabelError, match="robots.period"):
        use_of(period=by_year(2024, 1, 1, 1, unit="year"))
    with pytest.raises(DomainError, match="robots.devices"):
        use_of(devices=by_year(2024, 10, -1, 20))
    with pytest.raises(DomainError, match="robots.devices"):
        part(use_of(devices=0))

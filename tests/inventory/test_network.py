"""Beside the devices: sleep, the network that carries their traffic, the servers that answer them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_fleet import YEAR, by_year, nominal, use_of, values
from example_study import grid, part

import lca
from lca.errors import BoundaryError, MissingError, RecordError, UnitError

# --- the rest of the day ----------------------------------------------------------------------------------------


def test_a3_a_device_sleeps_when_it_is_neither_active_nor_idle() -> None:
    awake, asleep = use_of(), use_of(sleep_power="0.5 W at_board")
    more = values(asleep.energy) - values(awake.energy)
    np.testing.assert_allclose(more * 3.6e6, 10 * 0.5 * 12 * 3600 * 365.25, rtol=1e-9)
    explicit = use_of(sleep_power="0 W at_board")
    np.testing.assert_allclose(values(explicit.energy), values(awake.energy), rtol=1e-12)
    whole_day = use_of(active="12 h/day", idle="12 h/day", sleep_power="5 W at_board")
    np.testing.assert_allclose(
        values(whole_day.energy), values(use_of(active="12 h/day", idle="12 h/day").energy), rtol=1e-12
    )
    with pytest.raises(BoundaryError, match="robots.sleep_power"):
        use_of(sleep_power="0.5 W")
    with pytest.raises(BoundaryError, match="at the wall"):
        _ = use_of(sleep_power="0.5 W at_wall").energy


# --- the network ------------------------------------------------------------------------------------------------


def network(**changes: Any) -> lca.Network:
    fields: dict[str, Any] = {"site": lca.Site("network", electricity=grid("US-CAMX"), pue=1.2)} | changes
    return lca.Network("access", fields.pop("energy", "0.06 kWh at_wall/GB"), **fields)


def test_a7_the_network_takes_electricity_of_its_own() -> None:
    alone, with_network = (
        nominal(part(use_of(**more))) for more in ({}, {"network": network(), "traffic": "20 kB/inference"})
    )
    gigabytes = 10 * 10 * 6 * 3600 * 365.25 * 20e3 / 1e9  # in each year
    np.testing.assert_allclose(with_network["energy/robots/network"], 0.06 * 1.2 * gigabytes, rtol=1e-12)
    intensity = float(nominal(grid("US-CAMX").intensity)["value"])  # kg/kWh at the busbar
    loss = float(nominal(grid("US-CAMX").grid_loss)["value"])
    found = with_network["use/robots/network"]
    np.testing.assert_allclose(found, 0.06 * 1.2 * gigabytes * intensity / (1 - loss), rtol=1e-12)
    np.testing.assert_allclose(with_network["use/robots"], alone["use/robots"], rtol=1e-12)
    both = float(with_network["use/robots"].sum() + found.sum())
    assert float(with_network["use"]) == pytest.approx(both, rel=1e-12)
    assert float(with_network["manufacturing"]) == float(alone["manufacturing"])


def test_a_network_of_the_table_is_a_judgement_with_its_range() -> None:
    site = lca.Site("network", electricity=grid("US-CAMX"), pue=1.2)
    ranges = {"fixed": (0.01, 0.03, 0.09), "mobile": (0.03, 0.14, 0.6), "between data centres": (0.0005, 0.003, 0.02)}
    for scope, ends in ranges.items():
        found = lca.Network.lookup(scope, site=site)
        leaf = found.energy.parameter
        np.testing.assert_allclose(leaf.values[0].ppf(np.array([0.05, 0.5, 0.95])), ends, rtol=1e-9)
        assert (leaf.status, found.status, found.name) == ("assumed", "assumed", f"{scope} network")
        assert "not marginal" in leaf.source
    gigabytes = 10 * 10 * 6 * 3600 * 365.25 * 20e3 / 1e9
    use = use_of(network=lca.Network.lookup("fixed", site=site, name="access"), traffic="20 kB/inference")
    energy = nominal(part(use))["energy/robots/network"]
    np.testing.assert_allclose(energy, 0.03 * gigabytes, rtol=1e-12)  # at the meter: no PUE on top
    for wrong, near in (("mobil", "mobile"), ("data centres", "between data centres"), ("x", "fixed, mobile")):
        with pytest.raises(MissingError, match=f"no network '{wrong}'") as caught:
            lca.Network.lookup(wrong, site=site)
        assert near in caught.value.fix


def test_the_network_may_need_less_energy_from_year_to_year() -> None:
    halving = by_year(2024, 0.06, 0.04, 0.03, unit="kWh at_wall/GB")
    data = nominal(part(use_of(network=network(energy=halving), traffic="20 kB/inference")))
    energy = data["energy/robots/network"].to_numpy()
    np.testing.assert_allclose(energy / energy[0], [1, 2 / 3, 1 / 2], rtol=1e-12)


def test_a_network_and_its_traffic_are_given_together() -> None:
    with pytest.raises(MissingError, match="robots.traffic"):
        use_of(network=network())
    with pytest.raises(MissingError, match="robots.network"):
        use_of(traffic="20 kB/inference")
    with pytest.raises(RecordError, match="robots.network(.|\n)*lca.Network"):
        use_of(network="5G", traffic="20 kB/inference")
    with pytest.raises(RecordError, match="access.site"):
        network(site=None)
    with pytest.raises(BoundaryError, match="access.energy"):
        network(energy="0.06 kWh/GB")
    with pytest.raises(UnitError, match="robots.traffic"):
        use_of(network=network(), traffic="20 kB")


def test_a_network_is_part_of_every_answer(tmp_path: Path) -> None:
    use = use_of(network=network(), traffic=lca.Lognormal("20 kB/inference", gsd=2))
    study = part(use, functional_unit=lca.FunctionalUnit("frame", count=use.inferences))
    result = lca.monte_carlo(study, draws=100, progress=False)
    assert "use/robots/network" in lca.summary(result, by="activity").index
    assert "robots.traffic" in lca.provenance(study).index
    assert "energy x traffic x robots.inferences" in lca.derivation(study, "use/robots/network")
    assert any(note.startswith("robots/network in 2024-2026") for note in study.model.notes)
    lca.save(result, tmp_path / "network.lca")
    assert lca.load(tmp_path / "network.lca").data.identical(result.data)


# --- servers behind the devices -----------------------------------------------------------------------------------


def server_side(count: str = "robots") -> lca.Study:
    """Robots that send every frame to two servers, which answer around the clock."""
    period = lca.parameter("years of service", lca.Uniform("2.5 year", "3 year"))
    load = lca.Triangular("5 inference/s", "10 inference/s", "12 inference/s")
    use = use_of(devices=by_year(2024, 10, 30, 20), period=period, load=load)
    hall = lca.Site("hall", electricity=grid(), pue=1.3)
    server = lca.Hardware(
        "Server", embodied="1200 kg CO2e", distribution="50 kg CO2e", end_of_life="10 kg CO2e", lifetime="4 year"
    )
    engine = lca.Inference("server engine", "2 J at_wall", per="inference", baseline="marginal")
    servers = lca.Deployment(
        "servers", engine, on=server, site=hall, devices=2, start=2024, period=period, load=use.rate / 2,
        active="24 h/day", idle_power="150 W at_wall", allocation="reserved_time",
    )  # fmt: skip
    units = {"robots": use.inferences, "servers": servers.inferences, "neither": "1 device"}
    return part(use, servers, functional_unit=lca.FunctionalUnit("frame", count=units[count]))


def test_servers_answer_what_the_devices_ask() -> None:
    study = server_side()
    use, servers = study.activities
    data = lca.monte_carlo({"asked": use.inferences, "answered": servers.inferences}, draws=100, progress=False).data
    np.testing.assert_allclose(data["answered"], data["asked"], rtol=1e-12)
    result = nominal(study)
    assert float(result["manufacturing/servers"]) == pytest.approx(2 * 2.75 / 4 * 1200, rel=1e-12)
    assert float(result["use"]) == pytest.approx(
        float(result["use/robots"].sum() + result["use/servers"].sum()), rel=1e-12
    )
    # what the robots ask is asked of the servers after a change, too
    busier = study.replace({"robots.load": "12 inference/s"})
    counts = [float(nominal(a.inferences)["value"].sum()) for a in busier.activities]
    assert counts[1] == pytest.approx(counts[0], rel=1e-12)
    assert float(nominal(busier)["use/servers"].sum()) > float(result["use/servers"].sum())


def test_per_device_means_the_devices_that_render_the_functional_unit() -> None:
    robots_, servers = nominal(server_side("robots")), nominal(server_side("servers"))
    assert float(robots_["per/device"]) == pytest.approx((10 + 30 + 20 * 0.75) / 2.75, rel=1e-12)
    assert float(servers["per/device"]) == 2
    assert float(servers["per/device_year"]) == pytest.approx(2 * 2.75 * YEAR, rel=1e-12)
    assert not [name for name in nominal(server_side("neither")) if name.startswith("per/")]
    with pytest.raises(MissingError, match="nothing is known per 'device'"):
        lca.summary(lca.nominal(server_side("neither")), per="device")

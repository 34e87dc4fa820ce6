"""Keys, kinds and choices: what a parameter is, and what an interval covers (U1, U8, U9)."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
from example_study import BEST, build, development, grid, home_site, part, result, study, training, workstation

import lca
from lca.errors import DomainError, KeyClashError, LabelError

DRAWS = 40_000


def draws_of(node: Any, draws: int = DRAWS, **rest: Any) -> Any:
    return lca.monte_carlo(node, draws=draws, progress=False, **rest).data["value"].to_numpy()


# --- keys (U1) ------------------------------------------------------------------------------------------

CLASHES = {
    "another value": ("3 kWh at_wall", "4 kWh at_wall"),
    "another spread": (lca.Normal("3 kWh at_wall", "1 kWh at_wall"), lca.Normal("3 kWh at_wall", "2 kWh at_wall")),
    "another family": (lca.Uniform("1 kWh at_wall", "2 kWh at_wall"), lca.Normal("1 kWh at_wall", "2 kWh at_wall")),
    "a spread and none": ("3 kWh at_wall", lca.Normal("3 kWh at_wall", "1 kWh at_wall")),
    "another dimension of the same size": ("3 kg CO2", "3 kg CO2e"),
    "another unit of the same number": ("3 kWh at_wall", "3 Wh at_wall"),
    "other labels": (
        lca.labelled({"a": 1, "b": 2}, "kg CO2e", dim="m"),
        lca.labelled({"a": 1, "c": 2}, "kg CO2e", dim="m"),
    ),
    "own and shared": (
        lca.labelled({"a": lca.Normal(1, 0.1)}, "kg CO2e", dim="m"),
        lca.labelled({"a": lca.Normal(1, 0.1)}, "kg CO2e", dim="m", shared=True),
    ),
}


@pytest.mark.parametrize("pair", CLASHES.values(), ids=list(CLASHES))
def test_u1_two_definitions_under_one_key_raise(pair: tuple[Any, Any]) -> None:
    first, second = (lca.parameter("same.key", value) for value in pair)
    with pytest.raises(KeyClashError, match="'same.key' has two definitions") as raised:
        lca.monte_carlo({"a": first, "b": second}, draws=10, progress=False)
    assert len(raised.value.sides) == 2


@pytest.mark.parametrize("rest", [{"kind": "scenario"}, {"kind": "variability", "population": 1}])
def test_u1_kind_and_population_belong_to_the_definition(rest: dict[str, Any]) -> None:
    spread = lca.Normal("3 W at_wall", "1 W at_wall")
    nodes = {"a": lca.parameter("same.key", spread), "b": lca.parameter("same.key", spread, **rest)}
    with pytest.raises(KeyClashError, match="same.key"):
        lca.monte_carlo(nodes, draws=10, progress=False)


def test_u1_a_clash_inside_a_study_shows_both_definitions() -> None:
    home = home_site(grid())
    one = training(workstation(), home, name="one", key="same", power="147 W at_wall", duration="1 h")
    two = training(workstation(), home, name="two", key="same", power="148 W at_wall", duration="1 h")
    with pytest.raises(KeyClashError, match=r"same.power(.|\n)*14[78] W(.|\n)*14[78] W(.|\n)*fix"):
        part(one, two)


def test_u1_a_clash_in_the_functional_unit_is_found_when_the_study_is_built() -> None:
    run = training(workstation(), home_site(grid()), power=lca.parameter("x", "147 W at_wall"), duration="1 h")
    count = lca.parameter("x", "5 inference")
    with pytest.raises(KeyClashError, match="'x'"):
        part(run, functional_unit=lca.FunctionalUnit("f", count=count))


def test_u1_the_same_definition_is_one_parameter() -> None:
    """U1: built twice, used in one or in several studies, a key with one definition has one draw."""
    spread = {"power": lca.Normal("3 kWh at_wall", "1 kWh at_wall")}
    first, second = (lca.parameter("e", spread["power"]) for _ in range(2))
    assert np.all(draws_of({"value": first - second}) == 0)
    assert np.array_equal(draws_of(first), draws_of(second * 1.0))
    again = lca.parameter("e", lca.Normal("3 kWh at_wall", "1 kWh at_wall"))
    assert np.all(draws_of({"value": first - again}) == 0)
    other = lca.parameter("another", spread["power"])
    assert draws_of({"value": first - other}).std() == pytest.approx(math.sqrt(2) * 3.6e6 / 3.6e6, rel=0.02)


def test_u1_alternatives_may_define_a_key_differently() -> None:
    varied = study().sel(engine=BEST).vary("load", {"robots.load": {"slow": "5 inference/s", "fast": "20 inference/s"}})
    count = lca.nominal(varied).data["functional_unit"]
    assert float(count.sel(load="fast") / count.sel(load="slow")) == pytest.approx(4)


def test_u1_keys_are_the_slug_of_the_name_and_the_field() -> None:
    from lca.graph.node import parameters

    keys = {leaf.parameter.key for leaf in parameters(study().model.outputs.values()) if leaf.parameter}
    assert keys >= {
        "superpoint-backbones.power", "superpoint-backbones.window", "kill-a-watt.accuracy", "jetson.embodied",
        "gpu-workstation.lifetime", "electricity/US-RFCW/2019.intensity", "electricity/US-RFCW/2019.grid_loss",
        "pittsburgh-desk.pue", "robots.load", "superpoint-engines.energy", "jetson-rail.accuracy",
    }  # fmt: skip


def test_u1_one_distribution_in_two_fields_warns() -> None:
    spread = lca.Lognormal("350 kg CO2e", gsd=1.6)
    desk = workstation(embodied=spread, distribution=spread)
    with pytest.warns(UserWarning, match="one distribution is used by gpu-workstation.(.|\n)*drawn independently"):
        part(training(desk, home_site(grid())), parts=("model",))


def test_u1_two_equal_distributions_or_one_parameter_do_not_warn() -> None:
    fields = {name: lca.Lognormal("350 kg CO2e", gsd=1.6) for name in ("embodied", "distribution")}
    shared = lca.parameter("desk.burden", lca.Lognormal("350 kg CO2e", gsd=1.6))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        part(training(workstation(**fields), home_site(grid())), parts=("model",))
        made = part(training(workstation(embodied=shared, distribution=shared), home_site(grid())), parts=("model",))
    data = lca.monte_carlo(made, draws=100, progress=False).data
    assert np.array_equal(data["manufacturing"], data["distribution"])


def test_u1_two_components_of_one_name_and_type_raise() -> None:
    home = home_site(grid())
    one, two = workstation(), workstation(embodied="500 kg CO2e")
    with pytest.raises(KeyClashError, match="named 'gpu-workstation'(.|\n)*fix"):
        part(training(one, home), development(two, home), parts=("model",))
    meters = [lca.Meter("clamp", at="wall", accuracy=a) for a in ("1 %", "2 %")]
    runs = [
        lca.Training(f"run {i}", power=meter.read(100, "W"), duration="1 h", site=home)
        for i, meter in enumerate(meters)
    ]
    with pytest.raises(KeyClashError, match="clamp.accuracy"):
        part(*runs)


@pytest.mark.parametrize("energies", [("5 kWh", "5 kWh"), ("5 kWh", "6 kWh")])
@pytest.mark.parametrize("kinds", [(lca.Training, lca.Training), (lca.Training, lca.Development)])
def test_u1_two_activities_of_one_name_raise(kinds: Any, energies: Any) -> None:
    """U1, A7: details and energies are named after activities; the second would have replaced the first."""
    home = home_site(grid())
    activities = [
        kind("Run", energy=energy, at="wall", site=home) for kind, energy in zip(kinds, energies, strict=True)
    ]
    with pytest.raises(KeyClashError, match="'run'"):
        part(*activities)


def test_u1_a_component_of_equal_content_may_be_written_twice() -> None:
    home = home_site(grid())
    twice = part(training(workstation(), home), development(workstation(), home_site(grid())), parts=("model",))
    desk = workstation()
    once = part(training(desk, home), development(desk, home), parts=("model",))
    one, two = (lca.monte_carlo(made, draws=500, progress=False).data["total"] for made in (once, twice))
    assert np.array_equal(one.to_numpy(), two.to_numpy())


# --- kinds (U8) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["model", "scenario"])
def test_u8_model_and_scenario_stay_nominal_unless_mixed_by_name(kind: str) -> None:
    x = lca.parameter("x", lca.Uniform(1, 3), kind=kind)
    y = lca.parameter("y", lca.Uniform(1, 3))
    held = lca.monte_carlo({"x": x, "y": y}, draws=1_000, progress=False)
    assert np.all(held.data["x"] == 2)
    assert held.data["y"].std() > 0.5
    assert "These keep their nominal value: x." in held.contents
    mixed = lca.monte_carlo({"x": x, "y": y}, draws=1_000, mix=["x"], progress=False)
    assert mixed.data["x"].std() > 0.5
    assert "mixture over x" in mixed.contents
    assert "keep their nominal" not in mixed.contents
    assert np.array_equal(held.data["y"], mixed.data["y"])


def test_u8_mixing_what_is_not_there_raises() -> None:
    with pytest.raises(DomainError, match="nothing-like-it"):
        lca.monte_carlo(lca.parameter("x", lca.Uniform(1, 3)), mix=["nothing-like-it"], progress=False)


def test_u8_every_table_says_what_its_interval_contains() -> None:
    for per in ("total", "inference"):
        assert (
            lca.summary(result(), per=per)
            .attrs["note"]
            .startswith("The interval covers measurement, input and variability uncertainty.")
        )
    assert "these are separate rows" in repr(lca.summary(result()))


SPREADS = [
    lca.Normal("10 inference/s", "3 inference/s"),
    lca.Uniform("5 inference/s", "20 inference/s"),
    lca.Lognormal("10 inference/s", gsd=1.8),
    lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"),
    lca.Normal("-1 inference/s", "3 inference/s"),
]


@pytest.mark.parametrize("spread", SPREADS, ids=repr)
@pytest.mark.parametrize("population", [1, 4, 100])
def test_u8_the_mean_of_a_fleet_varies_less_by_sqrt_n(spread: lca.Distribution, population: int) -> None:
    """U8: the same mean, and the standard deviation over sqrt n, in closed form and in draws."""
    node = lca.parameter("load", spread, kind="variability", population=population)
    leaf = node.parameter
    assert leaf is not None
    (made,) = leaf.values
    assert isinstance(made, lca.Distribution)
    assert made.mean == pytest.approx(spread.mean, rel=1e-12)
    assert made.sd == pytest.approx(spread.sd / math.sqrt(population), rel=1e-12)
    assert made.support[0] >= min(0, spread.support[0])
    draws = draws_of(node)
    assert abs(draws.mean() - spread.mean) < 4 * made.sd / math.sqrt(DRAWS)


def test_u8_variability_and_its_population_belong_together() -> None:
    for rest in ({"kind": "variability"}, {"population": 5}, {"kind": "variability", "population": 0}):
        with pytest.raises(DomainError, match="population"):
            lca.parameter("load", lca.Uniform(1, 2), **rest)
    reading = lca.Meter("plug", at="wall").read("5 W")
    for rest in ({"kind": "variability", "population": 5}, {"kind": "scenario"}):
        with pytest.raises(DomainError, match="no population(.|\n)*load(.|\n)*population=100"):
            lca.parameter("load", reading, **rest)
    with pytest.raises(DomainError, match="no kind 'guess'"):
        lca.parameter("load", lca.Uniform(1, 2), kind="guess")
    with pytest.raises(DomainError, match="no status 'sure'"):
        lca.parameter("load", lca.Uniform(1, 2), status="sure")


# --- choices (U9) -----------------------------------------------------------------------------------------


def options() -> dict[str, Any]:
    return {"a": lca.parameter("a", lca.Normal(10, 1)), "b": lca.parameter("b", lca.Normal(100, 1)), "c": 1_000}


def test_u9_without_weights_a_choice_is_a_dim() -> None:
    node = lca.choice("method", options())
    assert node.dim_names == ("method",)
    data = lca.monte_carlo(node, draws=DRAWS, progress=False).data["value"]
    assert data.dims == ("method", "draw")
    assert list(data["method"].values) == ["a", "b", "c"]
    assert np.array_equal(data.sel({"method": "b"}), draws_of(options()["b"]))


def test_u9_with_weights_it_is_a_mixture_that_is_mixed_by_name_only() -> None:
    node = lca.choice("method", options(), weights=[1, 3, 4])
    assert node.dim_names == ()
    held = draws_of(node)
    assert np.all(held == 1_000)  # the heaviest option, and its spread
    draws = draws_of(node, mix=["method"])
    shares = [np.mean(draws < 50), np.mean((draws > 50) & (draws < 500)), np.mean(draws == 1_000)]
    for share, weight in zip(shares, (1 / 8, 3 / 8, 4 / 8), strict=True):
        assert abs(share - weight) < 4 * math.sqrt(weight * (1 - weight) / DRAWS)
    # where an option is chosen its own draw stands, so that the choice disturbs no other parameter
    a = draws_of(options()["a"])
    assert np.array_equal(draws[draws < 50], a[draws < 50])


def test_u9_a_declared_default_is_what_is_held() -> None:
    node = lca.choice("method", options(), weights=[1, 3, 4], default="b")
    assert np.array_equal(draws_of(node), draws_of(options()["b"]))
    with pytest.raises(LabelError, match="the default 'd' is not an option(.|\n)*a, b, c"):
        lca.choice("method", options(), weights=[1, 3, 4], default="d")


@pytest.mark.parametrize("weights", [[1, 2], [1, -1, 1], [1, 0, 1], [1, 2, 3, 4]])
def test_u9_one_positive_weight_per_option(weights: list[float]) -> None:
    with pytest.raises(DomainError, match="one positive weight"):
        lca.choice("method", options(), weights=weights)


def test_u9_one_option_is_no_choice() -> None:
    with pytest.raises(DomainError, match="at least two"):
        lca.choice("method", {"a": "1 kg CO2e"})


def test_u2_building_a_study_anew_changes_no_bit() -> None:
    again = lca.monte_carlo(build(), draws=4_000, progress=False).data["total"]
    assert np.array_equal(again.to_numpy(), result().data["total"].to_numpy())

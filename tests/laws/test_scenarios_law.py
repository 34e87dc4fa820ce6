"""A study exists once (D4): "vary, then sel" is "replace", for every kind of field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from base_study import (
    IDLE,
    MARGINAL,
    PER_JOULE,
    engine,
    figures,
    grid,
    place,
    robot,
    robots,
    run,
    study_of,
)

import lca
from lca.errors import LabelError, MissingError, RecordError

BY_HAND = (IDLE + MARGINAL) * PER_JOULE


def rounded() -> lca.Hardware:
    """A robot of a box and a board."""
    parts = [lca.Part("box", embodied="10 kg CO2e"), lca.Part("board", embodied="30 kg CO2e")]
    beside = {"distribution": "3 kg CO2e", "end_of_life": "1 kg CO2e"}
    return lca.Hardware.from_parts("robot", parts, lifetime="5 year", **beside)


def whole(**changes: Any) -> lca.Study:
    """Robots with a network and two kinds of hardware, and a training; everything that a path can name."""
    link = lca.Network("link", lca.Uniform("0.02 kWh/GB", "0.05 kWh/GB"), at="facility", site=place(name="net"))
    host = lca.Hardware("host", embodied="500 kg CO2e", distribution="5 kg CO2e", end_of_life="2 kg CO2e",
                        lifetime=lca.Uniform("4 year", "6 year"), service_life="20000 h")  # fmt: skip
    fields: dict[str, Any] = {
        "on": {rounded(): 100, host: 2}, "network": link, "traffic": "20 kB/inference", "devices": 100,
        "load": lca.Triangular("5 inference/s", "10 inference/s", "15 inference/s"), "share": None,
    } | changes  # fmt: skip
    return study_of(robots(**fields), run(energy="100 kWh at_wall", at=None, year=2021), mixed=("gwp_set", "mix"))


def same(left: Any, right: Any, draws: int = 100) -> None:
    """Equal outputs, nominal and drawn, of two studies; which years exist may differ where they hold nothing."""
    for results in (
        (lca.nominal(left).data, lca.nominal(right).data),
        tuple(lca.monte_carlo(one, draws=draws, progress=False).data for one in (left, right)),
    ):
        first, second = results
        assert set(first) == set(second)
        for name in first:
            one, other = first[name], second[name]
            for dim in set(one.dims) & set(other.dims) - {"draw"}:
                labels = sorted({*one[dim].values.tolist(), *other[dim].values.tolist()})
                one, other = (each.reindex({dim: labels}, fill_value=0.0) for each in (one, other))
            np.testing.assert_allclose(*np.broadcast_arrays(one, other.transpose(*one.dims)), rtol=1e-12, atol=1e-9)


# --- vary, then sel, is replace ------------------------------------------------------------------------------------


def battery() -> lca.Hardware:
    return lca.Hardware("robot", embodied="75 kg CO2e", distribution="3 kg CO2e", end_of_life="1 kg CO2e",
                        lifetime="7 year")  # fmt: skip


def mast() -> lca.Hardware:
    none = {"distribution": "0 kg CO2e", "end_of_life": "0 kg CO2e"}
    return lca.Hardware("mast", embodied="5 kg CO2e", lifetime="9 year", **none)


#: A path, with two values to set at it.
KINDS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "numbers": ("robots.devices", {"a": 10, "b": 300}),
    "texts": ("robots.load", {"a": "5 inference/s", "b": "20 inference/s"}),
    "distributions": ("robots.load", {"a": lca.Uniform("5 inference/s", "6 inference/s"), "b": "7 inference/s"}),
    "units that differ": ("robots.idle_power", {"a": "1900 mW at_board", "b": "3 W at_board"}),
    "boundaries that differ": ("run.energy", {"a": "100 kWh at_wall", "b": "90 kWh at_board"}),
    "a period": ("robots.period", {"a": "2 year", "b": "7.5 year"}),
    "nothing and something": ("robots.sleep_power", {"a": None, "b": "0.5 W at_board"}),
    "a start": ("robots.start", {"a": 2022, "b": 2025}),
    "a rule": ("robots.allocation", {"a": "reserved_time", "b": "whole_units"}),
    "no charge": ("robots.allocation", {"a": "none", "b": "reserved_time"}),
    "electricity": ("field.electricity", {"a": grid(), "b": grid("other", "0.1 kg CO2e/kWh")}),
    "grids of a table": ("field.electricity", {"a": lca.Electricity.lookup("FR", 2022),
                                               "b": lca.Electricity.lookup("US-RFCW", 2022)}),
    "a site": ("robots.site", {"a": place(), "b": place(name="cloud", pue=1.4)}),
    "joules": ("robots.inference", {"a": engine(), "b": engine("0.2 J/inference", name="other")}),
    "joules of batches": ("robots.inference", {"a": engine(), "b": engine("0.8 J/batch", per="batch", batch=4)}),
    "joules alone": ("engine.energy", {"a": "0.5 J/inference", "b": lca.Uniform("0.1 J", "0.2 J")}),
    "a network": ("robots.network", {"a": lca.Network("thin", "0.01 kWh/GB", at="facility", site=place(name="net")),
                                     "b": lca.Network("fat", "0.5 kWh/GB", at="wall", site=place(name="net"))}),
    "energy of a network": ("link.energy", {"a": "0.01 kWh/GB", "b": "0.2 kWh/GB"}),
    "a part of a device": ("box.embodied", {"a": "5 kg CO2e", "b": lca.Uniform("6 kg CO2e", "9 kg CO2e")}),
    "parts of a device": ("robot.parts", {"a": (lca.Part("box", embodied="11 kg CO2e"),),
                                          "b": (lca.Part("shell", embodied="2 kg CO2e"),
                                                lca.Part("board", embodied="30 kg CO2e"))}),
    "a burden for parts": ("robot.embodied", {"a": "60 kg CO2e", "b": "70 kg CO2e"}),
    "hardware in on=": ("robots.on", {"a": battery(), "b": rounded()}),
    "a mapping in on=": ("robots.on", {"a": {battery(): 50}, "b": {rounded(): 100, mast(): 3}}),
    "a life": ("host.lifetime", {"a": "3 year", "b": lca.Uniform("8 year", "9 year")}),
    "a crossing": ("field.pue", {"a": 1.0, "b": lca.Uniform(1.1, 1.3)}),
    "a year": ("run.year", {"a": 2020, "b": 2021}),
    "a set of gases": ("base.gwp", {"a": "AR5", "b": "AR6"}),
}  # fmt: skip


@pytest.mark.parametrize(("path", "values"), KINDS.values(), ids=list(KINDS))
def test_d4_vary_then_sel_is_replace(path: str, values: Mapping[str, Any]) -> None:
    base = whole()
    varied = base.vary("way", {path: values})
    assert "way" in varied.alternatives
    for label, value in values.items():
        same(varied.sel(way=label), base.replace({path: value}))
    # the columns of the table are the studies one by one
    table, alone = lca.nominal(varied).data["total"], lca.nominal(base.replace({path: values["b"]})).data["total"]
    assert float(table.sel(way="b")) == pytest.approx(float(alone), rel=1e-12)


def fleet(renewal: str = "on_failure", **changes: Any) -> lca.Fleet:
    plan = lca.labelled(dict.fromkeys(range(2022, 2027), 20), "device", dim="year")
    fields: dict[str, Any] = {"life": "4 year", "shape": 2, "steps": 4, "renewal": renewal} | changes
    return lca.Fleet("plan", plan, **fields)


FLEETS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "renewal": ("plan.renewal", {"a": "on_failure", "b": "none"}),
    "a fleet": ("robots.fleet", {"a": fleet(), "b": fleet("none", life="9 year")}),
    "a life": ("plan.life", {"a": "3 year", "b": "8 year"}),
    "a shape": ("plan.shape", {"a": 1.0, "b": 3.5}),
    "spares": ("plan.spares", {"a": 0.1, "b": lca.Uniform(0.2, 0.3)}),
}


@pytest.mark.parametrize(("path", "values"), FLEETS.values(), ids=list(FLEETS))
def test_d4_vary_then_sel_is_replace_in_a_fleet(path: str, values: Mapping[str, Any]) -> None:
    base = study_of(robots(devices=None, fleet=fleet(), allocation="devices_made"))
    varied = base.vary("way", {path: values})
    for label, value in values.items():
        same(varied.sel(way=label), base.replace({path: value}))


def test_d4_a_bundle_of_words_and_numbers_is_replace_of_all_of_them() -> None:
    base = whole()
    bundle = {
        "robots.devices": {"a": 10, "b": 300},
        "robots.allocation": {"a": "whole_units", "b": "reserved_time"},
        "field.electricity": {"a": grid("other", "0.1 kg CO2e/kWh"), "b": grid()},
    }
    varied = base.vary("plan", bundle)
    for label in ("a", "b"):
        same(varied.sel(plan=label), base.replace({path: values[label] for path, values in bundle.items()}))


def test_d4_activities_side_by_side_are_each_alone() -> None:
    first, second = whole(), study_of(robots(devices=40, load="3 inference/s"), run(energy="500 kWh"))
    both = lca.alternatives("plan", {"first": first, "second": second})
    table = lca.nominal(both).data["total"]
    for label, one in (("first", first), ("second", second)):
        assert float(table.sel(plan=label)) == pytest.approx(float(lca.nominal(one).data["total"]), rel=1e-12)
        alone = both.sel(plan=label).replace({"run.energy": "1 kWh at_wall"})
        expected = lca.nominal(one.replace({"run.energy": "1 kWh at_wall"})).data["total"]
        assert float(lca.nominal(alone).data["total"]) == pytest.approx(float(expected), rel=1e-12)


def test_d4_an_activity_that_one_alternative_lacks_raises_unless_it_is_excluded() -> None:
    with_run, without = study_of(robots(), run()), study_of(robots())
    both = lca.alternatives("plan", {"with": with_run, "without": without})  # its stage is excluded there
    np.testing.assert_allclose(figures(both)["training"], [40, 0], rtol=1e-12)
    other = study_of(robots(), run(name="another"))
    with pytest.raises(RecordError, match="activity of one alternative and not of another"):
        lca.alternatives("plan", {"with": with_run, "without": other})
    named = study_of(robots(), run(name="another"), excluded={"run": lca.outside_goal("the other one")})
    back = study_of(robots(), run(), excluded={"another": lca.outside_goal("the other one")})
    found = figures(lca.alternatives("plan", {"with": back, "without": named}))
    np.testing.assert_allclose(found["training"], [40, 40], rtol=1e-12)


# --- several scenarios ------------------------------------------------------------------------------------------------


def test_d4_two_dims_of_scenarios_then_sel_of_both_is_replace() -> None:
    base = whole()
    rules = {"time": "reserved_time", "units": "whole_units"}
    counts = {"few": 10, "many": 300}
    for first, second in (("rule", "n"), ("n", "rule")):
        kinds = {"rule": {"robots.allocation": rules}, "n": {"robots.devices": counts}}
        varied = base.vary(first, kinds[first]).vary(second, kinds[second])
        for rule in rules:
            for n in counts:
                expected = base.replace({"robots.allocation": rules[rule], "robots.devices": counts[n]})
                same(varied.sel(rule=rule, n=n), expected)
                same(varied.sel(rule=rule).sel(n=n), expected)
                same(varied.sel(n=n).sel(rule=rule), expected)


def test_d4_replace_after_vary_is_vary_after_replace() -> None:
    base = whole()
    for path, values in (KINDS["numbers"], KINDS["a rule"], KINDS["electricity"]):
        change = {"engine.energy": "0.1 J/inference", "host.lifetime": "9 year"}
        left, right = base.vary("way", {path: values}).replace(change), base.replace(change).vary("way", {path: values})
        same(left, right)


@pytest.mark.parametrize("kind", ["numbers", "a rule", "electricity"])
def test_d4_what_was_selected_is_never_picked_from_a_later_scenario(kind: str) -> None:
    """D4: a dim that was selected cannot be made again; another one keeps all its labels."""
    path, values = KINDS[kind]
    base = whole()
    chosen = base.vary("p", {path: values}).sel(p="b")
    with pytest.raises(LabelError, match="'p' already"):
        chosen.vary("p", {"robots.idle_power": {"x": "1 W at_board", "y": "2 W at_board"}})
    later = chosen.vary("q", {"robots.idle_power": {"x": "1 W at_board", "y": "2 W at_board"}})
    assert lca.nominal(later).data["total"].sizes == {"q": 2}
    for label, power in (("x", "1 W at_board"), ("y", "2 W at_board")):
        same(later.sel(q=label), base.replace({path: values["b"], "robots.idle_power": power}))


def test_d4_a_reference_follows_in_every_scenario() -> None:
    use = robots()
    server = robots(name="server", devices=use.devices / 25, on=robot(name="rack"))
    base = study_of(use, server)
    by_rule = base.vary("rule", {"robots.allocation": {"a": "reserved_time", "b": "none"}})
    found = figures(by_rule.replace({"robots.devices": 200}))
    np.testing.assert_allclose(found["manufacturing"], [40 * 208, 40 * 8], rtol=1e-12)
    both = by_rule.vary("n", {"robots.devices": {"x": 100, "y": 200}})
    np.testing.assert_allclose(figures(both.sel(n="y"))["manufacturing"], [40 * 208, 40 * 8], rtol=1e-12)
    assert figures(both.sel(n="y", rule="b"))["manufacturing"] == pytest.approx(320)


def test_d4_grids_by_hour_vary_like_any_other() -> None:
    local = lca.Electricity.lookup("US-CAMX", 2022)
    noon = local.at_hours(range(10, 16), shape="CISO")
    base = whole()
    values = {"a": noon, "b": local}
    varied = base.vary("hours", {"field.electricity": values})
    for label, value in values.items():
        same(varied.sel(hours=label), base.replace({"field.electricity": value}))
    # the figure of the place moves under the shape of its day
    moved = study_of(run(site=place(electricity=noon))).replace({"us-camx-2022-at-hours-of-ciso.grid_loss": 0.5})
    before = study_of(run(site=place(electricity=noon.replaced(grid_loss=0.0))))
    assert figures(moved)["total"] == pytest.approx(2 * figures(before)["total"], rel=1e-12)


def test_d4_what_a_scenario_does_not_touch_keeps_its_bits() -> None:
    base = whole()
    before = lca.monte_carlo(base, draws=200, progress=False).data
    for path, values in (KINDS["a rule"], KINDS["numbers"], KINDS["electricity"]):
        after = lca.monte_carlo(base.vary("way", {path: values}), draws=200, progress=False).data
        for name in before:
            if "way" not in after[name].dims and name in after:
                np.testing.assert_array_equal(before[name], after[name])


def test_d4_a_path_that_one_scenario_has_changes_that_one_alone() -> None:
    """D4: the use of 4,032 kg at the yard doubles with its PUE; the field has no yard and stays as it was."""
    both = lca.alternatives("way", {"field": study_of(robots()), "yard": study_of(robots(site=place(name="yard")))})
    before = figures(both)["use"]
    assert figures(both.replace({"yard.pue": 2.0}))["use"] == pytest.approx([before[0], 2 * before[1]], rel=1e-12)
    assert figures(both.replace({"field.pue": 3.0}))["use"] == pytest.approx([3 * before[0], before[1]], rel=1e-12)
    with pytest.raises(MissingError, match="no component 'yards'"):
        both.replace({"yards.pue": 2.0})

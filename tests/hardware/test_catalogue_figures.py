"""What the catalogue says of making, moving and ending a device: bottom-up, life, transport, products (A10, U1)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_catalogue import ACCELERATORS, interval, value

import lca
from lca.errors import MissingError
from lca.graph.node import parameters
from lca.hardware.accelerator_parts import assumptions, bill_of_materials
from lca.hardware.catalogue import find, search_hardware
from lca.hardware.component_factors import rows_of
from lca.hardware.device_figures import ways
from lca.hardware.hardware import GATES
from lca.hardware.transport_and_disposal import freight, treatment

# --- bottom-up --------------------------------------------------------------------------------------------


def test_every_accelerator_with_a_known_die_has_a_bill_and_no_other() -> None:
    without = set()
    for row in ACCELERATORS:
        try:
            bill_of_materials(row)
        except MissingError:
            without.add(row["hardware"])
    known = {
        row["hardware"]
        for row in ACCELERATORS
        if row["die_area"] == row["die_area"] or row["die_low"] == row["die_low"]
    }
    unusable = {row["hardware"] for row in ACCELERATORS if "sum_of_tiles" in row["flag"] and not row["tiles"]}
    assert known - without == known - unusable
    assert without & known == unusable == {"mi300a", "data-center-gpu-max-1550"}


def test_a_sum_of_tiles_never_meets_a_yield_formula() -> None:
    """1,017 mm2 of MI300X are eight dies of 115 and four of 370."""
    dies = [part for part in lca.Hardware.lookup("mi300x", method="parts").parts if isinstance(part, lca.Die)]
    tiles = {(value(die.area) * 100, die.count, die.node) for die in dies if "switches" not in die.contents}
    assert {(round(area), count, node) for area, count, node in tiles} == {(115, 8.0, "5 nm"), (370, 4.0, "6 nm")}


def test_a_jetson_nano_from_parts_is_wide_and_says_what_is_assumed() -> None:
    nano = lca.Hardware.lookup("jetson-nano", method="parts")
    low, high = interval(nano.embodied)
    assert high / low > 3
    taken = [node.parameter for node in parameters([nano.embodied, nano.lifetime, nano.distribution, nano.end_of_life])]
    for found in taken:
        assert found is not None
        assert found.source
        if "assum" in found.source:
            assert found.status == "assumed", found.key
        else:
            assert found.status == "dataset", found.key
    assert {p.key for p in taken if p and p.status == "dataset"} == {
        "hardware/jetson-nano.die_area", "hardware/jetson-nano.memory", "fabrication/reference_yield",
    }  # fmt: skip


def test_the_form_of_every_row_is_said_and_none_is_guessed() -> None:
    named = {row["hardware"]: row["form"] for row in ACCELERATORS}
    expected = {
        "h100-sxm5-80gb": "switched module", "h100-pcie-80gb": "card", "h200-nvl": "card", "t4": "small card",
        "rtx-4090": "card", "jetson-nano": "edge kit", "jetson-agx-orin-64gb": "large edge kit", "apple-m1": "chip",
        "raspberry-pi-5": "board computer", "mi300x": "module", "tpu-v4": "module", "v100-sxm2-16gb": "module",
        "mi100": "card", "mi210": "card", "mtia-v2": "card", "groq-lpu-v1": "card", "tpu-v1": "small card",
        "coral-edge-tpu": "stick", "gaudi-3": "module", "a100-sxm4-40gb": "switched module", "titan-v": "card",
    }  # fmt: skip
    assert {name: named[name] for name in expected} == expected
    assert set(named.values()) == set(assumptions()["forms"])
    for row in ACCELERATORS:
        if "pcie" in row["hardware"] or row["class"] in ("consumer_gpu", "workstation_gpu"):
            assert row["form"] in ("card", "small card"), row["hardware"]


@pytest.mark.parametrize("name", ["mi100", "mi210", "groq-lpu-v1", "mi300x", "v100-sxm2-16gb", "tpu-v1"])
def test_switches_are_only_on_baseboards_that_have_them(name: str) -> None:
    assert "switches" not in lca.Hardware.lookup(name, method="parts").contents
    mass = value(lca.Hardware.lookup(name).end_of_life) / 0.8
    assert mass == pytest.approx({"mi300x": 3, "v100-sxm2-16gb": 3, "tpu-v1": 0.35}.get(name, 1.2), rel=1e-9)


def test_a_device_of_two_watts_is_no_server_card() -> None:
    """Nothing is known of the dies of a Coral Edge TPU, and no class holds it."""
    with pytest.raises(MissingError, match="by hand") as caught:
        lca.Hardware.lookup("coral-edge-tpu")
    assert "class" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("h200-sxm-141gb", 170), ("mi300a", 170), ("mi300x", 285), ("b200", 285), ("gaudi-3", 285), ("titan-v", 170),
     ("k80", 80), ("l4", 35), ("groq-lpu-v1", 80), ("apple-m1", None)],
)  # fmt: skip
def test_a_large_device_has_two_dies_or_the_memory_of_two(name: str, kind: float | None) -> None:
    if kind is None:
        assert find(name).archetype is None
    else:
        assert value(lca.Hardware.lookup(name, method="class").embodied) == kind


# --- life, transport, end of life --------------------------------------------------------------------------


def test_what_is_beside_the_making_is_there_for_every_device() -> None:
    """A6: nothing is left out silently; what no source gives is assumed with a spread."""
    for name in ("h100-sxm", "jetson-nano", "rtx-4090", "server-host", "dell-poweredge-r740-lca", "mi300x"):
        found = lca.Hardware.lookup(name)
        for field in (found.lifetime, found.distribution, found.end_of_life):
            assert value(field) > 0
            assert any(node.parameter.is_random for node in parameters([field]) if node.parameter)
    assert value(lca.Hardware.lookup("h100-sxm").lifetime) == 5 * 365.25 * 86400
    assert value(lca.Hardware.lookup("h100-sxm", lifetime="3 year").lifetime) == 3 * 365.25 * 86400


def test_freight_by_legs_by_hand() -> None:
    """2.5 kg over 10,000 km by air and 500 km by truck, EPA 2026: 0.7501 and 0.12844 kg/(t km)."""
    card = lca.Hardware.lookup("h100-sxm", legs={"aircraft": "10000 km", "truck": "500 km"})
    assert value(card.distribution) == pytest.approx(0.0025 * (10_000 * 0.7501 + 500 * 0.12844), rel=1e-12)
    with pytest.raises(MissingError, match="rocket"):
        freight("card", mass="1 kg", legs={"rocket": "1 km"})


def test_treatment_by_kind_and_way() -> None:
    made = treatment("card", mass="2 kg", thing="mixed electronics", how="combusted")
    assert value(made) == pytest.approx(2 * 1.05822, rel=1e-12)
    with pytest.raises(MissingError, match="end_of_life"):
        treatment("card", mass="2 kg", thing="mixed electronics", how="dreamt of")


# --- products ------------------------------------------------------------------------------------------------


def test_a10_a_spread_that_nobody_gives_makes_a_figure_assumed_and_the_source_names_both() -> None:
    """As well known as the worse of value and spread: a published value, a fab."""
    card = lca.Hardware.lookup("h100-sxm", method="vendor")
    die = lca.Die("x", area="1 cm^2", node="5 nm", method="good area")
    spreads = {card.embodied: 1.3, die.good_area: 1.3}
    for node, gsd in spreads.items():
        found = node.parameter
        assert (found.status, found.values[0].gsd) == ("assumed", pytest.approx(gsd, rel=1e-12)), found.key
        assert found.source.endswith(f"; its spread, gsd {gsd:g}, is assumed")
        assert len(found.source) > 60
    assert card.status == "assumed"


def test_a10_no_parameter_of_the_catalogue_has_an_assumed_spread_and_another_status() -> None:
    names = [row["hardware"] for row in ACCELERATORS] + ["hgx-h100-8gpu", "dell-poweredge-r740-lca", "server-host"]
    taken: dict[str, Any] = {}
    for name in names:
        for fields in ways(find(name), "all").values():
            device = lca.Hardware(**fields)
            nodes = parameters([device.embodied, device.lifetime, device.distribution, device.end_of_life])
            taken |= {node.parameter.key: node.parameter for node in nodes if node.parameter}
    assert len(taken) > 500
    wrong = {key for key, one in taken.items() if "is assumed" in one.source and one.status != "assumed"}
    assert not wrong


def test_the_life_of_a_class_is_that_of_its_row() -> None:
    lives = {row["class"]: row["value"] for row in rows_of("lifetimes") if row["default"]}
    expected = {"server-host": "server", "workstation-tower": "workstation", "jetson-nano": "edge_device",
                "rtx-4090": "workstation", "class-edge-module": "edge_device", "h100-sxm": "accelerator"}  # fmt: skip
    for name, kind in expected.items():
        life = lca.Hardware.lookup(name).lifetime
        assert life.parameter.key == f"lifetime/{kind}", name
        assert value(life) == pytest.approx(lives[kind] * 365.25 * 86400)


def test_a_range_beside_a_value_meets_all_three() -> None:
    """170 kg, 90 to 300: the value is the median, the ends are the quantiles of 5 and 95 %."""
    found = lca.Hardware.lookup("h100-sxm", method="class").embodied.parameter.values[0]
    np.testing.assert_allclose(found.ppf(np.array([0.05, 0.5, 0.95])), [90, 170, 300], rtol=1e-9)


def test_d2_two_devices_by_all_ways_stand_in_one_study_each_on_its_dim() -> None:
    card = lca.Hardware.lookup("h100-sxm", method="all", dim="card")
    other = lca.Hardware.lookup("jetson-nano", method="all", dim="robot")
    both = lca.nominal({"x": card.embodied + other.embodied}).data["x"]
    assert dict(both.sizes) == {"card": 3, "robot": 2}
    named = lca.Hardware.alternatives("h100", card.rivals, dim="way")
    assert named.embodied.dim_names == ("way",)
    assert named.replaced(lifetime="3 year").embodied.dim_names == ("way",)


def test_what_is_offered_is_open() -> None:
    """A Raspberry Pi 5 has no area of its dies: neither the search nor an error offers its parts."""
    assert search_hardware("raspberry pi 5")["methods"].tolist() == ["class"]
    with pytest.raises(MissingError) as caught:
        lca.Hardware.lookup("raspberry-pi-5", method="vendor")
    assert caught.value.fix == 'method="class"'


def test_a_bill_of_materials_is_built_once_for_all_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []

    def counted(row: Any) -> Any:
        built.append(row["hardware"])
        return bill_of_materials(row)

    monkeypatch.setattr("lca.hardware.device_figures.bill_of_materials", counted)
    lca.Hardware.lookup("h100-sxm", method="all")
    assert built == ["h100-sxm5-80gb"]
    lca.Hardware.lookup("h100-sxm")
    assert len(built) == 1, "a published figure needs no bill"


def test_every_published_row_says_contents_and_a_gate_that_hardware_knows() -> None:
    for row in rows_of("published_footprints"):
        if row["value"] == row["value"]:
            said: dict[str, Any] = {"contents": row["contents"].split(), "gate": row["gate"]}
            assert lca.Hardware("x", embodied="1 kg CO2e", lifetime="1 year", **said).contents
        assert row["gate"] in GATES


# --- devices of different make side by side -----------------------------------------------------------------------


def serving(hardware: lca.Hardware) -> lca.Study:
    site = lca.Site("hall", electricity=lca.Electricity(intensity="0.4 kg CO2e/kWh", at="facility"), pue=1.0)
    engine = lca.Inference("model", "1 J at_wall/inference", per="inference", baseline="marginal")
    use = lca.Deployment(
        "serve", engine, on=hardware, site=site, devices=4, start=2024, period="1 year", load="20 inference/s",
        active="24 h/day", idle_power="50 W at_wall", allocation="reserved_time",
    )  # fmt: skip
    out = dict.fromkeys(("development", "training"), lca.outside_goal("serving"))
    unit = lca.FunctionalUnit("one inference", count=use.inferences)
    return lca.Study("serving", use, functional_unit=unit, excluded=out)


def test_d4_cards_of_different_make_stand_side_by_side_with_the_draws_of_each_alone() -> None:
    """A bill of materials, a vendor's figure and a class: whole studies, or one field of one study."""
    cards = {name: lca.Hardware.lookup(name) for name in ("L4", "H100 SXM", "RTX 4090", "class-edge-module")}
    whole = lca.alternatives("card", {name: serving(card) for name, card in cards.items()})
    field = serving(cards["L4"]).vary("card", {"serve.on": cards})
    both = [lca.monte_carlo(study, draws=300, progress=False).data["total"] for study in (whole, field)]
    for name, card in cards.items():
        alone = lca.monte_carlo(serving(card), draws=300, progress=False).data["total"]
        for found in both:
            np.testing.assert_allclose(found.sel(card=name), alone, rtol=1e-12)


def test_u1_the_judgement_of_a_class_and_its_life_are_one_for_all_its_devices() -> None:
    pair = {name: lca.Hardware.lookup(name, method="class") for name in ("H100 SXM", "A100 SXM4 40 GB")}
    nodes = {
        f"{name} {field}": getattr(card, field) for name, card in pair.items() for field in ("embodied", "lifetime")
    }
    data = lca.monte_carlo(nodes, draws=200, progress=False).data
    for field in ("embodied", "lifetime"):
        one, two = (data[f"{name} {field}"] for name in pair)
        np.testing.assert_array_equal(one, two)


def test_other_hardware_in_a_device_brings_transport_and_end_of_life_along() -> None:
    card, host = lca.Hardware.lookup("H100 SXM"), lca.Hardware.lookup("server-host")
    both = lca.Hardware.from_parts("card in host", [card, host.per(8)], lifetime="5 year")
    for field in ("embodied", "distribution", "end_of_life"):
        one, eight, sum_ = (float(lca.nominal(getattr(thing, field)).data["value"]) for thing in (card, host, both))
        assert sum_ == pytest.approx(one + eight / 8, rel=1e-12), field
    own = lca.Hardware.from_parts("card in host", [card, host.per(8)], lifetime="5 year", distribution="1 kg CO2e")
    assert float(lca.nominal(own.distribution).data["value"]) == 1
    notes = serving(card).model.notes
    assert any("is counted without power supply and enclosure" in note for note in notes)
    assert not any("is counted without" in note for note in serving(both).model.notes)

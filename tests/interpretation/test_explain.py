"""Derivations that a reader can recompute, and every value behind a result with status and source (A10)."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from example_study import BEST, grid, study

import lca
from lca.errors import LabelError, MissingError
from lca.graph.node import constant, parameters
from lca.source_marks import unmarked
from lca.units.parse import root

F = lca.functions


@pytest.fixture(scope="module")
def best() -> lca.Study:
    return study().sel(engine=BEST)


# --- derivations --------------------------------------------------------------------------------------------


def test_a10_the_derivation_of_one_training() -> None:
    """A10: symbols, numbers, value, and what each rests on."""
    assert lca.derivation(study(), "superpoint-backbones.energy[model=resnet18]").splitlines() == [
        "superpoint-backbones.energy[model=resnet18] [kWh at the wall] = "
        "power x accuracy x (window + window / measured x (planned - measured) x pace) x devices",
        "    = 148 W x 1 x (143 s + 143 s / 1,000 x (170,000 - 1,000) x 1) x 1",
        "    = 0.9994 kWh at the wall (nominal)",
        "      power: Kill A Watt, measured",
        "      accuracy: Kill A Watt: stated accuracy, declared",
        "      window, measured, planned, pace, devices: declared",
    ]


UNITS = {
    "s": 1.0,
    "h": 3600.0,
    "week": 7 * 86_400.0,
    "year": 365.25 * 86_400,
    "W": 1.0,
    "%": 0.01,
    "h/day": 1 / 24,
    "kWh": 3.6e6,
    "J/inference": 1.0,
    "inference/s": 1.0,
    "inference": 1.0,
    "device": 1.0,
    "kg CO2e": 1.0,
    "1/year": 1 / (365.25 * 86_400),
    "kg CO2e/device": 1.0,
    "lb CO2e/MWh": 0.45359237 / 3.6e9,
    "g CO2e/kWh": 1e-3 / 3.6e6,
    "kg CO2e/(kWh at the busbar)": 1 / 3.6e6,
    **{f"kWh at the {place}": 3.6e6 for place in ("wall", "board", "facility")},
}
PARTS = {"year": 5, "model": 5}
NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?"
UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
QUANTITY = re.compile(rf"(?:\[(?P<list>[^\]]*)\]|(?P<one>{NUMBER}))(?: (?P<unit>{UNIT})(?![\w/]))?")


def computed(text: str, length: int) -> Any:
    """Plain arithmetic on the printed numbers of a step, in SI; "each" stands for `length` equal ones."""

    def replaced(match: re.Match[str]) -> str:
        factor = UNITS[match["unit"]] if match["unit"] else 1.0
        inside = match["list"]
        if inside is None:
            return repr(float(match["one"].replace(",", "")) * factor)
        many = [inside.removesuffix(" each").replace(",", "")] * length if "each" in inside else inside.split(", ")
        return f"array({[float(v) * factor for v in many]!r})"

    plain = QUANTITY.sub(replaced, text)
    plain = re.sub(r"sum over \w+ of (array\(\[[^\]]*\]\))", r"math.fsum(\1)", plain).replace(" x ", " * ")
    return eval(plain, {"array": np.array, "clip": np.clip, "math": math})


def steps_of(text: str) -> list[tuple[str, str, str, list[str]]]:
    """(name, symbols, numbers, [value, sources...]) of each step."""
    found = []
    for block in re.split(r"\n(?=\S)", text):
        head, numbers, *rest = (line.strip() for line in block.splitlines())
        name, symbols = re.fullmatch(r"(.+?)(?: \[[^\[\]]*\])? = (.+)", head).groups()  # type: ignore[union-attr]
        found.append((name, symbols, numbers.removeprefix("= "), rest))
    return found


@pytest.mark.parametrize("path", [f"total[engine={BEST}]", "functional_unit", "energy/superpoint-backbones"])
def test_a10_every_number_of_a_derivation_can_be_recomputed(path: str) -> None:
    """A10, A11: four digits are printed, so that each number of a line is known to half of the fourth."""
    steps = steps_of(lca.derivation(study(), path))
    known = {name: about for name, _, _, about in steps}
    checked = 0
    for name, symbols, numbers, (value, *sources) in steps:
        if symbols.startswith(("Lognormal", "Uniform")):
            continue
        length = PARTS["model"] if "superpoint-backbones" in name else PARTS["year"]
        ours, printed = computed(numbers, length), computed(value.removeprefix("= ").removesuffix(" (nominal)"), length)
        roundings = len(QUANTITY.findall(numbers)) + 1
        assert np.allclose(ours, printed, rtol=5e-4 * roundings), (name, numbers, value)
        checked += 1
        for operand in re.split(r" [x/+-] |sum over \w+ of |clip\(|, |[()]", symbols):
            if not operand or re.match(r"[\d\[]", operand) or operand == "...":
                continue
            stated = any(re.search(rf"(^|[ ,]){re.escape(operand)}[,:]", line) for line in sources)
            assert operand in known or stated, f"{operand} of {name} has neither a step nor a source"
    assert checked >= 2


def test_the_arithmetic_of_the_test_above_sees_errors() -> None:
    assert computed("143 s / 1,000 x 170,000 x 148 W", 1) == pytest.approx(0.99938 * 3.6e6, rel=1e-4)
    assert computed("sum over year of [1,017 each] kg CO2e", 5) == 5085
    assert computed("(1 - 5.1 %) x 1,074 lb CO2e/MWh", 1) == pytest.approx(0.949 * 1074 * 0.45359237 / 3.6e9)


def test_a10_a_number_of_a_formula_has_its_name_and_its_unit() -> None:
    """A10: a unit of counts and boundaries alone is left out, a unit that is more is printed."""
    direct = constant(0.76 / 3.6e6, root("kg CO2e/(kWh at_busbar)"))
    ratio, lives = lca.parameter("upstream/coal", 0.08), constant(2.0, root("at_facility/at_busbar"))
    made = constant(0.25).named("share of coal") * ratio * direct / lives
    assert lca.derivation(made, "value").splitlines()[:2] == [
        "value [kg CO2e/(kWh at the facility)] = share of coal x upstream/coal x 0.76 kg CO2e/(kWh at the busbar) / 2",
        "    = 0.25 x 0.08 x 0.76 kg CO2e/(kWh at the busbar) / 2",
    ]


def test_a10_a_mix_of_generation_names_its_shares_and_can_be_recomputed() -> None:
    for grid_, said in (
        (lca.Electricity.lookup("US-RFCW", 2023), "share_coal x upstream/coal x coal.direct_intensity"),
        (lca.Electricity.from_mix({"wind": 0.6, "gas": 0.4}), "share_wind x technology/wind_onshore"),
        (
            lca.Electricity.trajectory("US-RFCW", [2026], model="trend"),
            "ratio of the trend's centre to 2023 x exp(trend x time since the middle of the fit + level x ",
        ),
    ):
        labels = "[year=2026]" if "year" in grid_.intensity.dim_names else ""
        _, symbols, numbers, (value, *_) = steps_of(lca.derivation({"i": grid_.intensity}, f"i{labels}"))[0]
        assert said in symbols
        printed = computed(value[2:].removesuffix(" (nominal)"), 1)
        assert computed(numbers.replace("exp(", "math.exp("), 1) == pytest.approx(printed, rel=2e-3)


def test_u1_two_parameters_of_one_short_name_are_told_apart() -> None:
    """U1: by as much of their keys as is needed, in the formula and among its sources."""
    text = lca.derivation({"i": lca.Electricity.lookup("US-RFCW", 2023).intensity}, "i")
    assert text.count("US-RFCW.between-sources") == text.count("eGRID-life-cycle.between-sources") == 2
    assert text.startswith("i [kg CO2e/(kWh at the busbar)] = (intensity x US-RFCW.between-sources + ")
    x, y, z = (lca.parameter(f"{key}.power", 1.0, source=key) for key in ("a/b/c", "d/b/c", "e"))
    assert lca.derivation(x + y + z * x, "value").splitlines() == [
        "value [a pure number] = a/b/c.power + d/b/c.power + e.power x a/b/c.power",
        "    = 1 + 1 + 1 x 1",
        "    = 3",
        *(f"      {key}.power: {key}, declared" for key in ("a/b/c", "d/b/c", "e")),
    ]
    named = (2 * x).named("power")
    assert "power + c.power\n" in lca.derivation(named + x, "value"), "a value and a parameter"
    rows = lca.parameter("m.rows", lca.labelled({"p": 1.0, "q": 3.0}, "W", dim="m"))
    both = F.select(rows, "m", "p") / F.select(rows, "m", "q")
    assert lca.derivation(both, "value").startswith("value [a pure number] = m.rows[m=p] / m.rows[m=q]\n")


def test_d2_a_derivation_is_of_one_alternative(best: lca.Study) -> None:
    """D2: rivals are named first; a study of one engine needs no name, and shows that engine's numbers."""
    with pytest.raises(LabelError, match=rf"use varies over engine(.|\n)*use\[engine=...\]; there are {BEST}"):
        lca.derivation(study(), "use")
    alone = lca.derivation(best, "use")
    assert "0.386 J/inference" in alone
    assert alone == lca.derivation(study(), f"use[engine={BEST}]").replace(f"use[engine={BEST}]", "use")
    assert lca.derivation(best, "robots.energy") == lca.derivation(study(), f"robots.energy[engine={BEST}]").replace(
        f"[engine={BEST}]", ""
    )


def test_d4_a_selected_scenario_shows_its_own_numbers(best: lca.Study) -> None:
    """D4, U1: the other scenario defines the same key, and does not appear."""
    varied = best.vary("load", {"robots.load": {"low": "2 inference/s", "high": "20 inference/s"}})
    for made, path in ((varied, "robots.inferences[load=low]"), (varied.sel(load="low"), "robots.inferences")):
        text = lca.derivation(made, path)
        assert "100 x 2 inference/s x 8 h/day" in text
        assert "20 inference/s" not in text
    with pytest.raises(LabelError, match="varies over load"):
        lca.derivation(varied, "use")


def test_a_value_and_its_own_total_stand_in_one_derivation() -> None:
    x = lca.parameter("x", lca.labelled({"p": 1.0, "q": 3.0}, "kWh at_wall", dim="m"))
    text = lca.derivation({"share": (x / F.total(x, "m")).named("share")}, "share[m=p]")
    assert text.splitlines()[1:3] == ["    = 1 kWh / sum over m of [1, 3] kWh", "    = 0.25"]


def test_what_has_no_derivation_is_named_with_near_names(best: lca.Study) -> None:
    for path, near in (("usee", "use"), ("robots.energi", "robots.energy"), ("jetson.embodid", "jetson.embodied")):
        with pytest.raises(MissingError, match=rf"no value is called '{path}'(.|\n)*did you mean '{near}'"):
            lca.derivation(best, path)
    with pytest.raises(LabelError, match=r"'resnet'(.|\n)*did you mean 'resnet18'"):
        lca.derivation(best, "superpoint-backbones.energy[model=resnet]")
    with pytest.raises(LabelError, match=r"no dim 'engine'(.|\n)*its dims: model"):
        lca.derivation(best, "superpoint-backbones.energy[engine=x]")
    with pytest.raises(MissingError, match="is not a path"):
        lca.derivation(best, "use[")
    with pytest.raises(MissingError, match=r"nothing is called 'c'(.|\n)*one of a, b"):
        lca.derivation({"a": lca.parameter("a", 1), "b": lca.parameter("b", 1)}, "c")


def test_q7_a_long_chain_is_no_recursion() -> None:
    """Q7: 10,000 additions are derived; the formula is cut in the middle, where nobody reads on."""
    x = lca.parameter("x", lca.Normal("1 kWh at_wall", "0.1 kWh at_wall"))
    chain = x
    for _ in range(10_000):
        chain = chain + x
    head, numbers, value, source = lca.derivation(chain.named("chain"), "value").splitlines()
    assert head.startswith("chain [kWh at the wall] = x + x + x")
    assert " ... " in numbers
    assert (value, source) == ("    = 10,001 kWh at the wall (nominal)", "      x: declared")


# --- provenance -----------------------------------------------------------------------------------------------


def test_a10_provenance_lists_every_parameter_of_the_study() -> None:
    """A10: what the records hold is what the table lists, once each, with its definition."""
    held = {
        leaf.parameter.key: leaf.parameter
        for record in study().components
        for leaf in parameters([*record.values.values()])
        if leaf.parameter
    }
    table = lca.provenance(study())
    assert sorted(table.index) == sorted(held)
    assert len(table) == 33  # two of them are how far publishers of electricity differ
    for key, parameter in held.items():
        row = table.loc[key]
        assert (row["kind"], row["status"]) == (parameter.kind, parameter.status)
        assert row["source"] == unmarked(parameter.source)
        assert (row["spread"] != "none") == parameter.is_random
        assert row["values"] == len(parameter.values)
    assert table.loc["superpoint-backbones.power", "nominal"] == "140 to 148"
    assert table.loc["jetson.embodied", ["nominal", "unit"]].tolist() == ["36", "kg CO2e/device"]
    assert table["effect"].abs().is_monotonic_decreasing


def test_elasticities_are_the_exponents_of_a_product() -> None:
    """y = a b / c^2: one per cent more of c is two per cent less of y; their sum is the degree."""
    a, b, c = (lca.parameter(key, lca.Lognormal(3, gsd=2)) for key in "abc")
    table = lca.provenance(a * b / c**2 + 0 * lca.parameter("d", 5))
    assert table["effect"].to_dict() == pytest.approx({"a": 1, "b": 1, "c": -2, "d": 0}, abs=1e-6)
    assert table.index[0] == "c"


def test_elasticities_of_a_study_obey_euler() -> None:
    """The total is of first degree in everything that carries CO2e: their effects sum to one."""
    alone = lca.provenance(study().sel(engine=BEST))
    assert alone.loc[alone.index.str.contains("embodied|distribution|end_of_life|intensity"), "effect"].sum() == (
        pytest.approx(1, abs=1e-6)
    )
    use = lca.provenance(study(), of="use")["effect"]
    assert use["robots.supply_efficiency"] == pytest.approx(-1, abs=1e-6)
    assert use["jetson.embodied"] == 0, "listed all the same: nothing is left out"


def test_d4_provenance_of_a_scenario_and_of_all_of_them(best: lca.Study) -> None:
    """D4, U1: a key with two definitions says both; after selection only that of its label is left."""
    one, two = lca.Triangular("5 inference/s", "10 inference/s", "20 inference/s"), "2 inference/s"
    varied = best.vary("load", {"robots.load": {"many": one, "few": two}})
    both = lca.provenance(varied).loc["robots.load"]
    assert (both["nominal"], both["values"]) == ("2 to 10", 2)
    assert both["spread"].startswith("Triangular(")
    assert both["spread"].endswith("| none")
    for label, value in (("many", one), ("few", two)):
        chosen = lca.provenance(varied.sel(load=label))
        written = lca.provenance(best.replace({"robots.load": value}))
        columns = ["nominal", "unit", "values", "spread", "kind", "status", "source"]
        assert chosen[columns].sort_index().equals(written[columns].sort_index())
        assert chosen["effect"].to_dict() == pytest.approx(written["effect"].to_dict(), abs=1e-9)
    other = best.vary("grid", {"robots.electricity": {"here": grid(), "there": grid("US-CAMX")}})
    assert "electricity/US-CAMX/2019.intensity" in lca.provenance(other).index
    assert "electricity/US-CAMX/2019.intensity" not in lca.provenance(other.sel(grid="here")).index
    assert lca.provenance(best).loc["superpoint-engines.energy", ["nominal", "values"]].tolist() == ["0.386", 1]


def test_provenance_of_what_is_not_there(best: lca.Study) -> None:
    with pytest.raises(MissingError, match=r"nothing is called 'totl'(.|\n)*total"):
        lca.provenance(best, of="totl")
    with pytest.raises(MissingError, match="nothing here has a key"):
        lca.provenance(constant(3.0))
    zero = lca.provenance(lca.parameter("a", 3.0) - lca.parameter("b", 3.0))
    assert not np.isfinite(zero["effect"]).any(), "of nothing, no per cent"

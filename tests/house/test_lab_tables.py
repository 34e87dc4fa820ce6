"""The lab's 15 rows, recomputed as the lab did: every cell has the mark that docs/lab.md expects.

The figures come from examples/data; the marks are typed here. That marking is no constant is shown by
changing one printed cell, one input or one of the lab's choices at a time.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lca

ROOT = Path(__file__).parents[2]
MODELS = ("baseline", "mobilenet_v1", "mobilenet_v2", "resnet18", "squeezenet")
BASELINE_CO2 = ("baseline", "co2")
ENGINE_MARKS = {
    "0.386": "=", "0.461": "~", "0.479": "=", "0.489": "=", "0.494": "=",
    "0.501": "~", "0.511": "~", "0.524": "~", "0.539": "~", "0.552": "~",
}  # fmt: skip
POUND = 0.45359237


def load() -> ModuleType:
    """examples/lab_tables.py by its path: the examples are no package."""
    spec = importlib.util.spec_from_file_location("lab_tables_under_test", ROOT / "examples" / "lab_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


lab = load()


@pytest.fixture(scope="module")
def trainings() -> pandas.DataFrame:
    return lab.training_table()


@pytest.fixture(scope="module")
def engines() -> pandas.DataFrame:
    return lab.engine_table()


def changed(name: str, position: int, **cells: str) -> list[dict[str, str]]:
    """The rows of a table with some cells of one row replaced."""
    rows = lab.read_rows(name)
    assert set(cells) <= set(rows[position])
    rows[position] |= cells
    return rows


# --- the expected marks -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_training_row_has_the_expected_marks(trainings: pandas.DataFrame, model: str) -> None:
    """A1: with the lab's PUE on its wall reading, hours and energy are the lab's; two CO2 cells contradict."""
    marks = trainings.loc[model, "mark"]
    assert marks["hours"] == marks["energy"] == "="
    assert marks["co2"] == ("*" if model in ("baseline", "mobilenet_v1") else "=")


@pytest.mark.parametrize(("position", "joules"), list(enumerate(ENGINE_MARKS)))
def test_engine_row_has_the_expected_mark(engines: pandas.DataFrame, position: int, joules: str) -> None:
    """Q2: CO2 alone, at the rate of eGRID2019 RFCW; four rows equal, six within the rounding of the joules."""
    row = lab.read_rows("engines")[position]
    assert row["joules"] == joules
    assert engines.loc[(row["engine"], "co2"), "mark"] == ENGINE_MARKS[joules]


def test_the_tables_hold_these_rows_and_no_others(trainings: pandas.DataFrame, engines: pandas.DataFrame) -> None:
    """A11: every cell has its unit beside it."""
    assert list(trainings.index) == [(model, cell) for model in MODELS for cell in ("hours", "energy", "co2")]
    assert trainings["unit"].tolist() == ["h", "kWh", "lb CO2"] * 5
    assert engines["unit"].unique().tolist() == ["lb CO2/inference"]
    assert trainings["mark"].value_counts().to_dict() == {"=": 13, "*": 2}
    assert engines["mark"].value_counts().to_dict() == {"~": 6, "=": 4}


# --- the values, by hand ------------------------------------------------------------------------------


def test_totals_with_and_without_the_pue(trainings: pandas.DataFrame) -> None:
    """A1: five trainings take 6.437 kWh at the wall; 1.58 on that reading makes it 10.171."""

    def total(table: pandas.DataFrame) -> float:
        return float(table.xs("energy", level="cell")["ours"].sum())

    assert round(total(trainings), 3) == 10.171
    assert round(total(lab.training_table(pue=1.0)), 3) == 6.437


def test_training_values_are_those_of_a_pocket_calculator(trainings: pandas.DataFrame) -> None:
    """The library's units and formulas against plain floats, to 1e-12, printed value and corners alike."""
    for row in lab.read_rows("trainings"):
        for column, way in (("low", -0.5), ("ours", 0.0), ("high", 0.5)):
            hours = (float(row["seconds"]) + way) * 170 / 3600
            energy = hours * (float(row["watts"]) + way) * 1.58 / 1000
            found = trainings.loc[row["run"], column]
            assert found["hours"] == pytest.approx(hours, rel=1e-12)
            assert found["energy"] == pytest.approx(energy, rel=1e-12)
            assert found["co2"] == pytest.approx(energy * 0.954, rel=1e-12)


def test_engine_values_are_those_of_a_pocket_calculator(engines: pandas.DataFrame) -> None:
    """2.78e-7 kWh for a joule, 1,067.679 lb CO2/MWh, nothing lost on the way."""
    for row in lab.read_rows("engines"):
        for column, way in (("low", -0.0005), ("ours", 0.0), ("high", 0.0005)):
            expected = (float(row["joules"]) + way) * 2.78e-7 * 1.067679
            assert engines.loc[(row["engine"], "co2"), column] == pytest.approx(expected, rel=1e-12)


# --- the lab's choices are arguments ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "factor"),
    [
        ({"conversion": "1 J/J"}, 1 / 3.6e6 / 2.78e-7),
        ({"gases": "CO2e"}, 1074.41 / 1067.679),
        ({"year": 2018}, None),
        ({"region": "US-CAMX"}, None),
        ({"supply_efficiency": 0.85}, 1 / 0.85),
        ({"pue": 1.58}, 1.58),
        ({"grid_loss": "5.1 %"}, 1 / 0.949),
    ],
)
def test_another_choice_gives_another_inference_table(
    engines: pandas.DataFrame, choices: dict[str, Any], factor: float | None
) -> None:
    """A1, A4, Q2: each choice that the lab made acts on every row, and by the factor that it states."""
    table = lab.engine_table(**choices)
    ratios = (table["ours"] / engines["ours"]).tolist()
    assert all(ratio == pytest.approx(ratios[0], rel=1e-12) for ratio in ratios)
    if factor is not None:
        assert ratios[0] == pytest.approx(factor, rel=1e-12)
    assert abs(ratios[0] - 1) > 5e-4
    assert table["mark"].tolist() != engines["mark"].tolist()


def test_another_intensity_changes_which_cells_contradict() -> None:
    """The star rests on the stated intensity: what is printed for the baseline contradicts 0.954, not 0.9535."""
    assert lab.training_table(intensity="0.9535 lb CO2/kWh").loc[BASELINE_CO2, "mark"] == "="
    more = lab.training_table(intensity="0.96 lb CO2/kWh").xs("co2", level="cell")
    assert more["mark"].tolist() == ["*"] * 5
    assert lab.training_table(pue=1.0).xs("energy", level="cell")["mark"].tolist() == ["!"] * 5


def test_pounds_are_pounds(trainings: pandas.DataFrame) -> None:
    """Q2: the lab's intensity in grams, and its printed pounds, differ by the exact pound of 0.45359237 kg."""
    grams = lab.training_table(intensity=f"{954 * POUND!r} g CO2/kWh")
    assert grams["ours"].tolist() == pytest.approx(trainings["ours"].tolist(), rel=1e-12)
    assert grams["mark"].tolist() == trainings["mark"].tolist()


def test_the_inferred_rate_is_the_only_one_of_its_region_that_the_ten_rows_allow() -> None:
    """A4: joules and pounds, each with its rounding, leave an interval that holds CO2 of RFCW in 2019 alone."""
    low, high = 0.0, math.inf
    for row in lab.read_rows("engines"):
        (few, many), (light, heavy) = lab.rounding(row["joules"]), lab.rounding(row["printed_co2"])
        low, high = max(low, light / (many * 2.78e-10)), min(high, heavy / (few * 2.78e-10))
    assert (round(low, 2), round(high, 2)) == (1067.18, 1067.78)
    inside = []
    for year in (2018, 2019, 2020):
        for gases in ("CO2", "CO2e"):
            grid = lca.Electricity.lookup("US-RFCW", year, basis="direct", gases=gases)
            rate = lca.nominal(grid.intensity).data["value"]
            assert rate.attrs["unit"] == f"kg {gases}/(kWh at the busbar)"
            if low <= float(rate) * 1000 / POUND <= high:
                inside.append((year, gases))
    assert inside == [(2019, "CO2")]


# --- every mark, on constructed cells -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "cell", "expected"),
    [
        ({"printed_co2": "2.051"}, "co2", "="),  # 2.0508 rounded
        ({"printed_co2": "2.050"}, "co2", "="),  # 2.0508 cut
        ({"printed_co2": "2.05"}, "co2", "="),  # fewer digits
        ({"printed_co2": "2.049"}, "co2", "*"),  # as it is: against 2.149 kWh
        ({"printed_energy": "2.148"}, "co2", "~"),  # no contradiction any more: 0.954 x 2.1485 = 2.0497
        ({"printed_energy": "2.15", "printed_co2": "2.049"}, "co2", "~"),  # two decimals contradict less
        ({"printed_energy": "2.151"}, "energy", "~"),  # between 2.137 and 2.163
        ({"printed_energy": "2.162"}, "energy", "~"),
        ({"printed_energy": "2.164"}, "energy", "!"),
        ({"printed_energy": "2.135"}, "energy", "!"),
        ({"printed_energy": "2.2", "printed_co2": "2.1"}, "co2", "="),  # equality comes before contradiction
        ({"printed_energy": "2.164", "printed_co2": "2.064"}, "co2", "!"),  # agree with each other, not with us
        ({"printed_hours": "9.26"}, "hours", "="),
        ({"printed_hours": "9.27"}, "hours", "~"),
        ({"printed_hours": "9.29"}, "hours", "!"),
        ({"seconds": "197"}, "hours", "!"),  # 9.303 h +- 0.024
        ({"seconds": "195.6"}, "hours", "!"),  # the same reading to 0.1 s leaves less room
        ({"watts": "148"}, "energy", "!"),
    ],
)
def test_mark_of_a_constructed_training_cell(cells: dict[str, str], cell: str, expected: str) -> None:
    """A changed figure of the baseline changes its mark, and no other model's."""
    table = lab.training_table(changed("trainings", 0, **cells))
    assert table.loc[("baseline", cell), "mark"] == expected
    others = table.loc[list(MODELS[1:]), "mark"].tolist()
    assert others == lab.training_table().loc[list(MODELS[1:]), "mark"].tolist()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"printed_co2": "1.146e-07"}, "="),
        ({"printed_co2": "1.145e-07"}, "="),
        ({"printed_co2": "1.14570e-07"}, "="),
        ({"printed_co2": "1.147e-07"}, "~"),
        ({"printed_co2": "1.148e-07"}, "!"),
        ({"joules": "0.3860"}, "="),
        ({"joules": "0.387"}, "!"),
        ({"joules": "0.3866"}, "!"),  # 1.1475e-7 +- 1.5e-11: a rail read to 0.1 mJ
        ({"joules": "0.3864"}, "="),  # 1.1469e-7, cut
        ({"joules": "0.39"}, "~"),  # a reading to 0.01 J allows 1.143e-7 to 1.172e-7
    ],
)
def test_mark_of_a_constructed_engine_cell(cells: dict[str, str], expected: str) -> None:
    """An inference cell is compared with our value only: no other cell of its row implies it."""
    table = lab.engine_table(changed("engines", 0, **cells))
    assert table["mark"].iloc[0] == expected
    assert table["mark"].tolist()[1:] == list(ENGINE_MARKS.values())[1:]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.floats(1e-9, 1e6), st.integers(1, 6), st.sampled_from([ROUND_HALF_EVEN, ROUND_DOWN]))
def test_what_we_print_ourselves_is_always_equal(value: float, digits: int, way: str) -> None:
    """A11: a value rounded or cut to any number of digits is marked equal and lies in its own interval."""
    exact = Decimal(value)
    printed = str(exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), way))
    assert lab.mark(value, (value, value), printed, {"rounded": (-2.0, -1.0), "cut": (-2.0, -1.0)}) == "="
    low, high = lab.stands_for(printed)["cut" if way == ROUND_DOWN else "rounded"]
    assert low <= value <= high


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(1, 9_999), st.integers(-12_000, 22_000))
def test_a_mark_depends_on_distances_alone(cell: int, distance: int) -> None:
    """The marks in their order, around a cell printed to 0.001, for an interval of +-0.002 about our value.

    Off by less than half a digit below, or less than one above: equal. Further: `*` where the row says
    otherwise, whatever our interval; else `~` up to that plus 0.002; else `!`. Distances in 1e-6, odd.
    """
    off = 2 * distance + 1
    printed, ours = f"{cell / 1000:.3f}", cell / 1000 + off * 1e-6
    equal = -500 < off < 1000
    near = -2500 <= off <= 3000
    if ours <= 0.003:
        return
    interval = (ours - 0.002, ours + 0.002)
    elsewhere = {"rounded": (-2.0, -1.0), "cut": (-2.0, -1.0)}
    agreeing = {"rounded": (-2.0, -1.0), "cut": (cell / 1000, cell / 1000 + 1e-4)}
    plain = "=" if equal else "~" if near else "!"
    assert lab.mark(ours, interval, printed) == plain
    assert lab.mark(ours, interval, printed, agreeing) == plain
    assert lab.mark(ours, interval, printed, elsewhere) == ("=" if equal else "*")


# --- text and data ------------------------------------------------------------------------------------


def words(text: str) -> Iterator[list[str]]:
    """The lines of a text, each as its words."""
    return (line.split() for line in text.splitlines())


def test_text_prints_every_cell_beside_ours_with_its_mark(
    trainings: pandas.DataFrame, engines: pandas.DataFrame
) -> None:
    """What is shown is computed: hours, energy and CO2 of each model, all engines when asked."""
    text = lab.tables_text(everything=True)
    lines = {line[0]: line for line in words(text)}
    for model in MODELS:
        expected = [
            part
            for _, cell in trainings.loc[model].iterrows()
            for part in (f"{cell['ours']:.4f}", cell["printed"], cell["mark"])
        ]
        assert lines[model][-9:] == expected
    for row, (_, cell) in zip(lab.read_rows("engines"), engines.iterrows(), strict=True):
        expected = [row["joules"], f"{cell['ours']:.4e}", row["printed_co2"], cell["mark"]]
        assert lines[row["engine"]][1:5] == expected
    assert "10.171" in text
    assert "2.049/2.149 = 0.9535" in text
    assert "1.950/2.047 = 0.9526" in text
    assert "(0.5515 to 0.5525 J)" in text
    assert not any(word.strip(".,") == "ok" for line in words(text) for word in line)
    assert max(map(len, text.splitlines())) <= 116


def test_short_text_counts_what_it_leaves_out() -> None:
    """Two engines and the count of every mark; another figure, another text."""
    text = lab.tables_text()
    assert "8 more; marks of all 10: 4 =, 6 ~" in text
    assert "sp_mbv1_2_120_392_FP16_seq_4" not in text
    other = lab.tables_text(changed("trainings", 1, printed_co2="1.954"), changed("engines", 4, joules="0.600"))
    assert "8 more; marks of all 10: 3 =, 6 ~, 1 !" in other
    assert "mobilenet_v1 1.950" not in other


def test_the_figures_are_text_as_printed() -> None:
    """A11: trailing zeros are digits; all energies in a form that Decimal reads; names as TensorRT built them."""
    rows = {row["run"]: row for row in lab.read_rows("trainings")}
    assert rows["mobilenet_v1"]["printed_co2"] == "1.950"
    assert rows["mobilenet_v2"]["printed_co2"] == "2.26"
    assert lab.rounding("1.950") == (1.9495, 1.9505)
    assert lab.rounding("1.146e-07") == (1.1455e-07, 1.1465e-07)
    names = [row["engine"] for row in lab.read_rows("engines")]
    made = lca.Inference.engines(
        "engines", lca.labelled(dict.fromkeys(names, 1.0), "J", dim="engine"), names=lab.ENGINE_NAMES,
        per="inference", baseline="marginal", at="board",
    )  # fmt: skip
    assert set(made.energy.dims[0].coordinates["backbone"]) == {
        "sp_resnet18", "sp_squeeze", "superpoint_pretrained", "sp_sparse", "sp_mbv1",
    }  # fmt: skip


def test_importing_the_tables_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    load()
    assert capsys.readouterr() == ("", "")

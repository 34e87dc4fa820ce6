"""Scenarios from a table: one row a scenario, one column a path, from a mapping, pandas, CSV or TOML (D3, D4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from example_study import BEST, field_site, grid, study

import lca
from lca.errors import FileFormatError, LcaError, MissingError, RecordError

ROWS: dict[str, dict[str, Any]] = {
    "pilot": {"robots.devices": 10, "robots.load": "5 inference/s", "zone": "dry"},
    "as stated": {"zone": "wet"},
    "whole": {"robots.devices": 1000, "robots.allocation": "whole_units", "robots.start": 2024, "zone": "wet"},
}
CSV = """\
case,robots.devices,robots.load,robots.allocation,robots.start,zone
pilot,10,5 inference/s,,,dry

as stated,,,,,wet
whole,1000,,whole_units,2024,wet
"""
TOML = """\
# three plans
[pilot]
robots.devices = 10
robots.load = "5 inference/s"
zone = "dry"

["as stated"]
zone = "wet"

[whole]  # devices
"robots.devices" = 1000
robots.allocation = "whole_units"
robots.start = 2024
zone = "wet"
"""


@pytest.fixture(scope="module")
def best() -> lca.Study:
    return study().sel(engine=BEST)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def data(made: lca.Study, count: int = 200) -> Any:
    return lca.monte_carlo(made, draws=count, progress=False).data


def refused(best: lca.Study, table: Any, **more: Any) -> LcaError:
    with pytest.raises(LcaError) as caught:
        lca.cases(best, table, **more)
    return caught.value


# --- what is read -------------------------------------------------------------------------------------------


def test_d4_each_row_is_the_study_with_its_values_replaced(best: lca.Study) -> None:
    """D4, U2: on the same draws, to 1e-12."""
    found = data(lca.cases(best, ROWS))
    assert dict(found["total"].sizes) == {"case": 3, "draw": 200}
    for label, row in ROWS.items():
        alone = data(best.replace({path: value for path, value in row.items() if "." in path}))
        for name in ("total", "use", "manufacturing", "functional_unit"):
            one = found[name].sel(case=label) if "case" in found[name].dims else found[name]
            np.testing.assert_allclose(one.to_numpy(), alone[name].to_numpy(), rtol=1e-12)


@pytest.mark.parametrize("kind", ["frame", "index", "csv", "semicolons", "toml"])
def test_d4_a_table_says_the_same_in_every_form(best: lca.Study, tmp_path: Path, kind: str) -> None:
    frame = pandas.DataFrame(ROWS).T.rename_axis("case")
    frame.loc["pilot", "robots.allocation"] = pandas.NA
    table: Any = {
        "frame": lambda: frame.reset_index(),
        "index": lambda: frame,
        "csv": lambda: written(tmp_path, "a.csv", "\ufeff" + CSV),
        "semicolons": lambda: str(written(tmp_path, "a.csv", CSV.replace(",", ";"))),
        "toml": lambda: written(tmp_path, "a.toml", TOML),
    }[kind]()
    expected, found = (lca.nominal(lca.cases(best, one)).data for one in (ROWS, table))
    assert list(found["case"].values) == list(ROWS)
    np.testing.assert_array_equal(found["total"], expected["total"])
    for name in ("devices", "load", "allocation", "start", "zone"):
        assert found[name].values.tolist() == expected[name].values.tolist(), name


def test_d3_what_a_column_says_is_a_coordinate_of_the_dim(best: lca.Study) -> None:
    found = lca.nominal(lca.cases(best, ROWS))
    coordinates = {name: found.data[name].values.tolist() for name in ("devices", "allocation", "start", "zone")}
    assert coordinates == {
        "devices": [10, 100, 1000],  # of the one that is left blank, what the study says
        "allocation": ["reserved_time", "reserved_time", "whole_units"],
        "start": [2022, 2022, 2024],
        "zone": ["dry", "wet", "wet"],
    }
    assert found.data["load"].values.tolist()[0] == "5 inference/s"
    assert "Triangular" in found.data["load"].values.tolist()[1]
    some = lca.nominal(lca.cases(best, ROWS).sel(case=["whole", "pilot"]))
    assert some.data["devices"].values.tolist() == [1000, 10]
    assert found.sel(case=["whole"]).data["zone"].values.tolist() == ["wet"]


def test_d3_two_fields_of_one_name_have_coordinates_by_their_paths(best: lca.Study) -> None:
    rows = {"a": {"robots.devices": 5, "semester.devices": 2, "jetson.embodied": "30 kg CO2e"}, "b": {}}
    coordinates = lca.nominal(lca.cases(best, rows, dim="plan")).data.coords
    assert coordinates["robots_devices"].values.tolist() == [5, 100]
    assert coordinates["semester_devices"].values.tolist() == [2, 1]
    assert "embodied" in coordinates


def test_d4_cells_may_hold_spreads_and_name_records(best: lca.Study, tmp_path: Path) -> None:
    """A record is named as in the study, or given beside the table."""
    clean = field_site(grid("US-CAMX")).replaced(name="clean room")
    text = "case,robots.load,robots.site\na,6 inference/s ± 10 % (k=2),clean room\nb,,robots\n"
    made = lca.cases(best, written(tmp_path, "sites.csv", text), records=[clean])
    use = data(made)["use"]
    assert float(use.sel(case="a").std()) > 0
    other = data(best.replace({"robots.site": clean, "robots.load": "6 inference/s ± 10 % (k=2)"}))
    np.testing.assert_allclose(use.sel(case="a"), other["use"], rtol=1e-12)
    np.testing.assert_allclose(use.sel(case="b"), data(best)["use"], rtol=1e-12)
    assert made.model.outputs["use"].dims[0].coordinates["site"] == ("clean room", "robots")
    error = refused(best, {"a": {"robots.site": "clean rom"}}, records=[clean])
    assert "names nothing that is a Site" in error.sides[0]
    assert "'clean room'" in error.sides[0]


def test_d4_cases_nest_in_a_grid(best: lca.Study) -> None:
    grid_of = lca.scenarios(lca.cases(best, ROWS), {"robots.period": {3: "3 year", 8: "8 year"}})
    cell = data(grid_of)["total"].sel(case="whole", period=8)
    row = {path: value for path, value in ROWS["whole"].items() if "." in path}
    np.testing.assert_allclose(cell, data(best.replace({**row, "robots.period": "8 year"}))["total"], rtol=1e-12)


# --- what is made of a result ------------------------------------------------------------------------------


def test_a_result_of_cases_is_saved_run_again_compared_and_reported(best: lca.Study, tmp_path: Path) -> None:
    """D3, A10: with its coordinates, which `within` takes; the guards of some cases stay with these."""
    made = lca.cases(best, ROWS)
    result = lca.monte_carlo(made, draws=200, progress=False)
    lca.save(result, tmp_path / "cases.lca")
    assert lca.load(tmp_path / "cases.lca").data.identical(result.data)
    table = lca.compare(result, over="case", within="zone", per="functional_unit")
    assert [list(table.loc[zone].index) for zone in ("dry", "wet")] == [["pilot"], ["whole", "as stated"]]
    for label in ROWS:
        one = lca.monte_carlo(result.sel(case=label).model, draws=50, progress=False).data
        np.testing.assert_allclose(one["total"], result.data["total"].sel(case=label)[:50], rtol=1e-12)
    page = lca.report(result, tmp_path / "out", study=made, base=16).read_text(encoding="utf-8")
    assert "as stated" in page


def test_u7_numba_gives_the_bits_of_numpy_for_cases(best: lca.Study) -> None:
    pytest.importorskip("numba")
    made = lca.cases(best, ROWS)
    one, other = (lca.monte_carlo(made, draws=300, evaluator=by, progress=False).data for by in ("numpy", "numba"))
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize("label", list(ROWS))
def test_a_derivation_of_a_case_is_that_of_the_study_alone(best: lca.Study, label: str) -> None:
    """A7: the steps are those of the case; nothing is said of how cases were put together."""
    text = str(lca.derivation(lca.cases(best, ROWS), f"manufacturing[case={label}]"))
    row = {path: value for path, value in ROWS[label].items() if "." in path}
    alone = str(lca.derivation(best.replace(row), "manufacturing"))
    assert "case_sets" not in text
    assert "one of" not in text
    assert text.splitlines()[2].split("(")[0] == alone.splitlines()[2].split("(")[0]


# --- what is refused ----------------------------------------------------------------------------------------


def test_all_bad_rows_are_listed_at_once_with_file_and_line(best: lca.Study, tmp_path: Path) -> None:
    text = """\
case,robots.load,robots.devices,robots.start
dry,5 W,100,2022
wet,6 inference/s,-50,soon

wet,,,2024
,,,
,,5,
x,1
"""
    path = written(tmp_path, "bad.csv", text)
    error = refused(best, path)
    assert isinstance(error, RecordError)
    assert error.what == "rows of the table of cases cannot be taken: 6"
    places = sorted(side.removeprefix(f"{path}:").split(":")[0] for side in error.sides)
    assert places == ["2", "3", "3", "5", "7", "8"]
    said = "\n".join(error.sides)
    for words in ("robots.load: '5 W'", "given: W", "robots.devices: '-50'", "'soon' is not a whole number",
                  f"stands at {path}:3, too", "the label is blank", "2 cells"):  # fmt: skip
        assert words in said
    many = {str(n): {"robots.devices": -1} for n in range(50)}
    assert len(refused(best, many).sides) == 21


def test_what_only_the_study_can_tell_names_file_and_line_too(best: lca.Study, tmp_path: Path) -> None:
    path = written(tmp_path, "rules.csv", "case,robots.allocation\na,half\nb,active_time\nc,\n")
    error = refused(best, path)
    assert [side.split(": ")[0] for side in error.sides] == [f"{path}:2", f"{path}:3"]
    assert "robots.allocation[case=a]: there is no allocation rule 'half'" in error.sides[0]
    toml = written(tmp_path, "rules.toml", '[b]\nrobots.devices = 5\n["a b"]\nrobots.allocation = "half"\n')
    assert refused(best, toml).where == f"{toml}:3: robots.allocation[case=a b]"


@pytest.mark.parametrize(
    ("table", "error", "says"),
    [
        ({}, RecordError, "no column of the cases is a path"),
        (5, RecordError, "cannot be read as a table(.|\n)*CSV or TOML"),
        ({"a": 3}, RecordError, "case=a: 3 is no mapping"),
        ({"a": {"robots.loads": "5"}}, MissingError, "no field 'loads'"),
        ({"a": {"load": "5 inference/s"}}, MissingError, "'load' is not a path(.|\n)*robots.load"),
        ({"a": {"zone": "dry"}}, RecordError, "no column of the cases is a path"),
        ({1.5: {"robots.devices": 3}, 2.5: {}}, RecordError, "1.5 cannot be a label(.|\n)*2.5 cannot be a label"),
        ({"a": {"robots.load": float("nan")}}, RecordError, "robots.load: nan: nan is not a finite number"),
        ({"a": {"robots_devices": 3}}, RecordError, "name the column robots.devices"),
        (pandas.Series([1, 2]), RecordError, "cannot be read as a table"),
        (pandas.DataFrame({"robots.devices": [3]}), RecordError, "no column has the labels(.|\n)*'case'"),
        (pandas.DataFrame([["a", 1, 2]], columns=["case", "robots.devices", "robots.devices"]), RecordError, "twice"),
        ("none.csv", FileFormatError, "No such file"),
        ("none.xlsx", FileFormatError, "No such file"),
    ],
)  # fmt: skip
def test_a_table_without_labels_or_paths_is_refused(
    best: lca.Study, table: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        lca.cases(best, table)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.xlsx", "case\n", "ends in '.xlsx'"),
        ("a.csv", "", "no column has the labels"),
        ("a.csv", "name,robots.devices\na,3\n", "columns: name, robots.devices"),
        ("a.csv", "case,robots.devices\n", "has columns and no row"),
        ("a.csv", 'case,robots.devices,zone\na,3,"dry\nb,4,wet\n', "unexpected end of data(.|\n)*a.csv:2"),
        ("a.toml", "[pilot\n", "cannot be read"),
        ("a.toml", "pilot = 3\n", "3 is no mapping"),
        ("a.toml", '[a]\nrobots.devices = 3\n"robots.devices" = 4\n', "a.toml:1: robots.devices is given twice"),
        ("a.toml", "[a]\nrobots.load = nan\n", "nan is not a finite number"),
        ("a.toml", "[x]\n[a.robots]\nload = '5 W'\n", "a.toml:2: robots.load"),
    ],
)
def test_files_that_hold_no_table_are_refused(best: lca.Study, tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(LcaError, match=says):
        lca.cases(best, written(tmp_path, name, text))


def test_blank_cells_of_pandas_leave_whole_numbers_whole(best: lca.Study) -> None:
    """pandas makes floats of whole numbers beside a blank cell; a start is a whole year all the same."""
    table = pandas.DataFrame({"case": ["early", "as stated"], "robots.start": [2023, None]})
    assert table["robots.start"].dtype == float
    made = lca.nominal(lca.cases(best, table)).data
    assert made["start"].values.tolist() == [2023, 2022]


def test_the_separator_is_that_of_the_first_line_with_text(best: lca.Study, tmp_path: Path) -> None:
    made = lca.cases(best, written(tmp_path, "a.csv", "\n\ncase;robots.devices\na;3\n"))
    assert lca.nominal(made).data["devices"].values.tolist() == [3]


def test_a_file_in_another_encoding_is_refused(best: lca.Study, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("case,robots.load\nä,5\n".encode("utf-16"))
    with pytest.raises(FileFormatError, match="not a text in UTF-8"):
        lca.cases(best, tmp_path / "a.csv")

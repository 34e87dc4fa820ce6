"""What is wrong with a folder of data is said at once, with full paths, before anything is computed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from data_folder import EGRID, RATE, write_data_folder

import lca
from lca import tables
from lca.errors import DomainError, LcaError, TableError
from lca.tables.places import Kind, Place
from lca.whole_files import sha256_of

CSV = "electricity/egrid_subregion_rates.csv"
DESCRIPTION = "electricity/datapackage.json"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    lca.use_data()


def faults(*folders: Path) -> tuple[str, ...]:
    """What is said of folders, after their root."""
    with pytest.raises(TableError) as caught:
        lca.use_data(*folders)
    return tuple(side.replace(f"{folders[0]}/", "", 1) for side in caught.value.sides)


def changed(name: str, **about: object) -> list[dict[str, Any]]:
    """The columns with one that is changed."""
    return [{**field, **about} if field["name"] == name else field for field in EGRID]


def test_no_folder_and_no_description(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nowhere = tmp_path / "nowhere"
    assert faults(nowhere, tmp_path / "empty") == (
        f"{nowhere}: no such folder",
        f"{tmp_path}/empty: none of the folders in it has a datapackage.json: {tmp_path}/empty/electricity",
    )
    (tmp_path / "empty" / "datapackage.json").write_text("{}")
    (fault,) = faults(tmp_path / "empty")
    assert "(it lies in the folder itself)" in fault


def test_all_that_is_wrong_with_a_description_is_said_at_once(tmp_path: Path) -> None:
    folder = write_data_folder(tmp_path / "mine")
    fields = [{"name": "x"}, {"name": "y", "type": "string", "unit": 3}]
    tables: list[object] = [
        {"path": "../up.csv"},
        {"name": "a", "path": "a.csv", "schema": {"fields": fields}},
        {"name": "a", "path": "", "schema": {"fields": EGRID, "primaryKey": "region"}},
        7,
        {"name": "b", "path": "b.csv", "schema": {"fields": changed("year", constraints={"minimum": "1990"})}},
    ]  # fmt: skip
    (folder / DESCRIPTION).write_text(json.dumps({"resources": tables}))
    assert faults(folder) == tuple(
        f"{DESCRIPTION}: {fault}"
        for fault in (
            'no version without brackets, which results name: "version": "2024.1"',
            "table 1: no name",
            "table 1: its path is '../up.csv', and must be the name of a file beside datapackage.json",
            'table 1: no columns: "schema": {"fields": [{"name": ..., "type": ..., "unit": ...}]}',
            "table 'a': column 1 has no name and type, or limits that are none",
            "table 'a': column 2 has no name and type, or limits that are none",
            "table 'a': its path is '', and must be the name of a file beside datapackage.json",
            "table 'a': its primaryKey is 'region', and must be a list of columns",
            "table 4: no name",
            "table 4: its path is None, and must be the name of a file beside datapackage.json",
            'table 4: no columns: "schema": {"fields": [{"name": ..., "type": ..., "unit": ...}]}',
            "table 'b': column 3 has no name and type, or limits that are none",
            "table 'a' is there 2 times",
        )
    )


@pytest.mark.parametrize("content", ["[1]", '{"version": "1", "resources": []}', '{"version": "1"}'])
def test_a_description_of_nothing(tmp_path: Path, content: str) -> None:
    folder = write_data_folder(tmp_path / "mine")
    (folder / DESCRIPTION).write_text(content)
    (fault,) = faults(folder)
    assert fault.startswith(f"{DESCRIPTION}: no")


@pytest.mark.parametrize("content", [b"{", b"", b'{"version": "\xff"}', b"[" * 100_000])
def test_a_description_that_is_no_json(tmp_path: Path, content: bytes) -> None:
    folder = write_data_folder(tmp_path / "mine")
    (folder / DESCRIPTION).write_bytes(content)
    (fault,) = faults(folder)
    assert fault.startswith(f"{DESCRIPTION}: not JSON: ")


def test_columns_of_another_name_type_or_unit_and_columns_that_are_lacking(tmp_path: Path) -> None:
    fields = [
        *changed("co2", unit="kg CO2/(MWh at_busbar)")[:4],
        {"name": "co2e", "type": "number"},
        {"name": "grid_loss", "type": "string", "unit": "percent"},
        {"name": "co3", "type": "float"},
        *EGRID[6:-1],
    ]
    found = faults(write_data_folder(tmp_path / "mine", fields=fields))
    assert [fault.removeprefix(f"{CSV}: ").partition(", which are")[0] for fault in found] == [
        "column 'co3' is of type 'float', not string, integer or number",
        "column 'co2' has the unit 'kg CO2/(MWh at_busbar)', and the table 'lb CO2/(MWh at_busbar)'",
        "column 'co2e' has the unit 'no unit', and the table 'lb CO2e/(MWh at_busbar)'",
        "column 'grid_loss' is of type 'string', and in the table 'number'",
        "column 'co3' is none of the table's",
        "column 'licence' is lacking",
    ]


def test_rows_that_break_a_rule_and_keys_that_stand_twice(tmp_path: Path) -> None:
    rows = [
        {**RATE, "region": ""},
        {**RATE, "co2": "much"},
        RATE,
        {**RATE, "year": "2025"},
        {**RATE, "basis": "lifecycle"},
        {**RATE, "region": "US-CAMX", "co2e": "inf"},
    ]
    assert faults(write_data_folder(tmp_path / "mine", rows)) == (
        f"{CSV}:2: region is empty",
        f"{CSV}:3: co2 'much' is not of type number",
        f"{CSV}:3: region, year 'US-RFCW 2024' stands 3 times",
        f"{CSV}:4: region, year 'US-RFCW 2024' stands 3 times",
        f"{CSV}:5: year 2025 is outside 2016 to 2024",
        f"{CSV}:6: basis 'lifecycle' is not one of: direct, life cycle",
        f"{CSV}:6: region, year 'US-RFCW 2024' stands 3 times",
        f"{CSV}:7: co2e 'inf' is not of type number",
    )


def test_the_range_of_the_table_holds_where_none_is_stated(tmp_path: Path) -> None:
    found = faults(write_data_folder(tmp_path / "mine", fields=changed("year", constraints={})))
    assert found == (f"{CSV}:2: year 2024 is outside 2016 to 2023",)


def test_faults_of_all_tables_and_folders_are_said_together(tmp_path: Path) -> None:
    first = write_data_folder(tmp_path / "first", [{**RATE, "co2": ""}])
    write_data_folder(first, [{"zip": "1"}], fields=[{"name": "zip", "type": "string"}], folder="lakes", table="lakes")
    second = write_data_folder(tmp_path / "second", hash="sha256:0")
    found = faults(first, second)
    assert found[0] == f"{CSV}:2: co2 is empty"
    assert [fault.partition(": ")[2] for fault in found[1:4]] == [
        "column 'source' is lacking", "column 'region' is lacking", "column 'year' is lacking",
    ]  # fmt: skip
    assert all(fault.startswith(f"{second}/{CSV}: ") for fault in found[4:])
    assert found[4].partition(": ")[2].startswith("sha256:")
    assert found[5].endswith(": sha256:0 stated")


def test_files_that_are_not_there_or_not_in_utf_8(tmp_path: Path) -> None:
    folder = write_data_folder(tmp_path / "mine")
    header = ",".join(field["name"] for field in EGRID)
    (folder / CSV).write_bytes(f"{header}\n".encode() + b"M\xfcnchen\n")
    assert faults(folder) == (f"{CSV}: a table is not in UTF-8: byte {len(header) + 2} is not",)
    (folder / CSV).unlink()
    assert faults(folder) == (f"{CSV}: the file of a table is not there",)


def test_what_excel_puts_before_a_file_and_its_line_ends_are_read(tmp_path: Path) -> None:
    folder = write_data_folder(tmp_path / "mine")
    text = (folder / CSV).read_text(encoding="utf-8")
    (folder / CSV).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert lca.use_data(folder)["added"].tolist() == [1]


def test_names_that_a_source_cannot_hold(tmp_path: Path) -> None:
    root = write_data_folder(tmp_path / "mine [2]", folder="my lakes", version="1 [final]")
    (root / "a folder" / "datapackage.json").mkdir(parents=True)
    assert faults(root) == (
        f"{root}: its name is empty or has brackets, so that results cannot name it",
        "my lakes: its name has brackets or blanks, so that results cannot name it",
        'my lakes/datapackage.json: no version without brackets, which results name: "version": "2024.1"',
    )


def test_two_folders_of_one_name(tmp_path: Path) -> None:
    one, other = (write_data_folder(tmp_path / place / "mine") for place in ("a", "b"))
    with pytest.raises(TableError, match="two folders of data have the name 'mine'") as caught:
        lca.use_data(one, other)
    assert caught.value.sides == (str(one), str(other))
    own = write_data_folder(tmp_path / "data")
    with pytest.raises(TableError, match="two folders of data have the name 'data'"):
        lca.use_data(own)


def test_a_folder_is_named_by_its_last_part_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_data_folder(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    for said in (".", "../mine", "electricity/.."):
        assert lca.use_data(said)["place"].tolist() == ["mine"]


@pytest.mark.parametrize("wrong", [3, None, ["mine"], {"a": 1}])
def test_what_is_no_folder(wrong: Any) -> None:
    with pytest.raises(LcaError, match="use_data"):
        lca.use_data(wrong)
    with pytest.raises(LcaError, match="using_data"):
        lca.using_data(wrong)
    with pytest.raises(DomainError, match="installed"):
        lca.use_data(installed=wrong)


def installed(folder: Path) -> tables.Data:
    """The data in use, and those of a distribution that is installed."""
    return tables.Data((*tables.in_use().places, Place("grids", folder, Kind.INSTALLED)))


def hashed(folder: Path, row: dict[str, str]) -> Path:
    """A folder with the size and the hash of its table, as a distribution has it."""
    raw = (write_data_folder(folder, [row]) / CSV).read_bytes()
    return write_data_folder(folder, [row], bytes=len(raw), hash=f"sha256:{sha256_of(raw)}")


def test_an_installed_distribution_adds_rows_and_takes_the_place_of_none(tmp_path: Path) -> None:
    with tables.using(installed(hashed(tmp_path / "new", RATE))):
        assert tables.rows("electricity", "egrid_subregion_rates")[-1].text("source") == (
            "made up for a test [electricity/egrid_subregion_rates, none needed] [grids/electricity 2024.1]"
        )
        assert tables.versions()["grids/electricity"].startswith("2024.1, sha256:")
    data = installed(hashed(tmp_path / "known", {**RATE, "year": "2023"}))
    with tables.using(data), pytest.raises(TableError, match=r"has rows that data/electricity 0\.1\.0") as caught:
        tables.rows("electricity", "egrid_subregion_rates")
    assert caught.value.sides == ("electricity/egrid_subregion_rates.csv: US-RFCW, 2023",)


def test_an_installed_distribution_states_size_and_hash(tmp_path: Path) -> None:
    data = installed(write_data_folder(tmp_path / "new"))
    with tables.using(data), pytest.raises(TableError, match="no number of bytes, no hash stated"):
        tables.rows("electricity", "egrid_subregion_rates")
    (tmp_path / "new" / DESCRIPTION).write_text("{}")
    data = installed(tmp_path / "new")
    with tables.using(data), pytest.raises(TableError, match="a datapackage.json is not what it should be"):
        tables.rows("electricity", "egrid_subregion_rates")

"""The reader of data/: what it refuses, and how it says so. Statuses and sources hang on it (A10)."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lca import tables
from lca.errors import MissingError, TableError
from lca.tables.places import own

FIELDS: list[dict[str, Any]] = [
    {"name": "code", "type": "string", "constraints": {"required": True}},
    {"name": "note", "type": "string"},
    {"name": "year", "type": "integer", "constraints": {"required": True, "minimum": 1990}},
    {"name": "rate", "type": "number", "unit": "percent", "constraints": {"maximum": 100}},
    {"name": "basis", "type": "string", "constraints": {"enum": ["direct", "life cycle"]}},
]
HEADER = "code,note,year,rate,basis\n"
Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Write]:
    """Write a table `places/<name>` into a data folder of the test's own."""
    resources: list[dict[str, Any]] = []

    def write(content: str, name: str = "grid", **changed: Any) -> None:
        raw = content.encode()
        (tmp_path / "places").mkdir(exist_ok=True)
        (tmp_path / "places" / f"{name}.csv").write_bytes(raw)
        resource = {
            "name": name,
            "path": f"{name}.csv",
            "bytes": len(raw),
            "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
            "schema": {"fields": FIELDS, "primaryKey": ["code", "year"]},
        }
        resources.append(resource | changed)
        package = {"name": "places", "version": "2.5.0", "resources": resources}
        (tmp_path / "places" / "datapackage.json").write_text(json.dumps(package))

    with tables.using(tables.Data((own((tmp_path / "not here", tmp_path)),))):
        yield write


def faults_of(folder: str, table: str) -> tuple[str, ...]:
    with pytest.raises(TableError) as caught:
        tables.read(folder, table)
    return caught.value.sides


def test_text_stays_text_and_only_numbers_can_be_missing(write: Write) -> None:
    write(HEADER + 'NA,,2020,,direct\nnull,"None, or ""nan""",2021,7.50,\n')
    frame = tables.read("places", "grid")
    assert list(frame["code"]) == ["NA", "null"]
    assert list(frame["note"]) == ["", 'None, or "nan"']
    assert list(frame["basis"]) == ["direct", ""]
    assert math.isnan(frame["rate"][0])
    assert frame["rate"][1] == 7.5
    assert frame["year"].dtype == "int64"


def test_one_row_is_that_of_the_whole_table(write: Write) -> None:
    keyed = {"schema": {"fields": FIELDS, "primaryKey": ["code"]}}
    write(HEADER + "NA,,2020,,direct\nDE,a note,2021,7.50,\n1.5,,2020,1,direct\n", "plain", **keyed)
    write(HEADER + 'NA,,2020,,direct\nDE,"two\nDE,lines",2021,7.50,\n1.5,,2020,1,direct\n', "quoted", **keyed)
    for name in ("plain", "quoted"):
        every = {str(one["code"]): one for one in tables.rows("places", name)}
        for code in every:
            found = tables.row("places", name, code)
            assert str(found) == str(every[code])
        for code in ("FR", "D", "N", "DE,a note", "code", "1x5", ""):
            assert tables.row("places", name, code) is None


def test_a_row_of_a_table_that_is_wrong_is_refused_with_every_fault(write: Write) -> None:
    keyed = {"schema": {"fields": FIELDS, "primaryKey": ["code"]}}
    write(HEADER + ",,2020,1,direct\nDE,,1889,1,direct\nDE,,2020,1,direct\n", **keyed)
    wrong = faults_of("places", "grid")
    assert len(wrong) > 2
    with pytest.raises(TableError) as caught:
        tables.row("places", "grid", "DE")
    assert caught.value.sides == wrong


def test_a_table_without_rows_has_its_columns(write: Write) -> None:
    write(HEADER)
    frame = tables.read("places", "grid")
    assert list(frame.columns) == [field["name"] for field in FIELDS]
    assert frame["rate"].dtype == "float64"
    assert frame.empty


def test_a_missing_whole_number_is_missing(write: Write) -> None:
    write('n\n1\n""\n', schema={"fields": [{"name": "n", "type": "integer"}]})
    numbers = tables.read("places", "grid")["n"]
    assert numbers[0] == 1
    assert numbers.isna().tolist() == [False, True]


def test_every_bad_row_is_reported_at_once_with_its_line(write: Write) -> None:
    write(
        HEADER + "DE,,2020,1,direct\n"
        ",,2020,1,direct\n"
        'FR,"a note\non two lines",2020,"2,5",direct\n'
        "GB,,2020\n"
        "US,,1889,101,indirect\n"
        "CN, padded,2020,nan,direct\n"
        "IN,,20.5,1e999,direct\n"
        "BR,,2020,1,direct\n"
    )
    assert faults_of("places", "grid") == (
        "places/grid.csv:3: code is empty",
        "places/grid.csv:4: rate '2,5' is not of type number",
        "places/grid.csv:6: 3 cells, not 5",
        "places/grid.csv:7: year 1889 is outside 1990 to inf",
        "places/grid.csv:7: rate 101 is outside -inf to 100",
        "places/grid.csv:7: basis 'indirect' is not one of: direct, life cycle",
        "places/grid.csv:8: note ' padded' has blanks around it",
        "places/grid.csv:8: rate 'nan' is not of type number",
        "places/grid.csv:9: year '20.5' is not of type integer",
        "places/grid.csv:9: rate 1e999 is outside -inf to 100",
    )


def test_a_key_stands_once(write: Write) -> None:
    write(HEADER + "DE,,2020,1,\nDE,,2021,1,\nFR,,2020,1,\nDE,again,2020,2,\n")
    assert faults_of("places", "grid") == tuple(
        f"places/grid.csv:{line}: code, year 'DE 2020' stands 2 times" for line in (2, 5)
    )


def test_without_a_key_no_row_stands_twice(write: Write) -> None:
    write(HEADER + "DE,,2020,1,\nDE,,2020,2,\nDE,,2020,1,\n", schema={"fields": FIELDS})
    assert [fault.split(": ")[0] for fault in faults_of("places", "grid")] == ["places/grid.csv:2", "places/grid.csv:4"]


@pytest.mark.parametrize("header", ["code,year,note,rate,basis\n", "code,note,year,rate\n", "", HEADER[:-1] + ",x\n"])
def test_columns_are_those_of_the_schema_in_its_order(write: Write, header: str) -> None:
    write(header)
    (fault,) = faults_of("places", "grid")
    assert fault.startswith("places/grid.csv:1: the columns are ")
    assert fault.endswith("they must be code, note, year, rate, basis")


def test_an_open_quote_is_no_csv(write: Write) -> None:
    write(HEADER + 'DE,,2020,1,direct\nFR,"open,2020,1,direct\nGB,,2020,1,direct\n')
    with pytest.raises(TableError, match=r"not valid CSV[\s\S]*places/grid\.csv:3"):
        tables.read("places", "grid")


def test_a_table_is_the_one_its_package_describes(write: Write) -> None:
    content = HEADER + "DE,,2020,1,direct\n"
    write(content, hash="sha256:" + "0" * 64)
    found, stated = faults_of("places", "grid")
    assert hashlib.sha256(content.encode()).hexdigest() in found
    assert "0" * 64 in stated


def test_a_size_that_differs_raises(write: Write) -> None:
    write(HEADER, bytes=3)
    assert faults_of("places", "grid")[1].startswith("3 bytes")


def test_a_listed_table_that_is_not_there_raises(write: Write, tmp_path: Path) -> None:
    write(HEADER)
    (tmp_path / "places" / "grid.csv").unlink()
    assert faults_of("places", "grid")[0].startswith("0 bytes")


def test_a_missing_table_names_those_near_it(write: Write) -> None:
    write(HEADER, "generation_mix")
    write(HEADER, "losses")
    with pytest.raises(MissingError, match=r"did you mean .generation_mix.\?$"):
        tables.read("places", "generation-mix")
    with pytest.raises(MissingError, match=r"one of generation_mix, losses$"):
        tables.read("places", "water")
    with pytest.raises(MissingError, match=r"'place'[\s\S]*did you mean .places.\?$"):
        tables.read("place", "losses")
    with pytest.raises(MissingError, match="no folder of tables"):
        tables.version("../places")


def test_no_data_anywhere_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(MissingError) as caught:
        own((tmp_path / "a", tmp_path / "b"))
    assert caught.value.sides == (str(tmp_path / "a"), str(tmp_path / "b"))


def test_the_package_comes_before_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "wheel").mkdir()
    (tmp_path / "checkout").mkdir()
    assert own((tmp_path / "wheel", tmp_path / "checkout")).root == tmp_path / "wheel"
    assert own((tmp_path / "not here", tmp_path / "checkout")).root == tmp_path / "checkout"


def test_version_and_units_come_from_the_package(write: Write) -> None:
    write(HEADER)
    assert tables.version("places") == "2.5.0"
    assert tables.units("places", "grid") == {"rate": "percent"}


def test_a_caller_cannot_change_what_the_next_one_reads(write: Write) -> None:
    write(HEADER + "DE,,2020,1,direct\n")
    frame = tables.read("places", "grid")
    frame.loc[0, "rate"] = 99.0
    frame["code"] = "XX"
    again = tables.read("places", "grid")
    assert again["rate"][0] == 1
    assert again["code"][0] == "DE"


def test_near_ignores_capitals_and_knows_when_nothing_is_near() -> None:
    assert tables.near("us-rfcw", ["US-RFCW", "CN"]) == ["US-RFCW"]
    assert tables.near("RFCW", ["US-RFCW", "CN"]) == ["US-RFCW"]
    assert tables.near("Atlantis", ["US-RFCW", "CN"]) == []


def test_importing_reads_nothing() -> None:
    watch = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import lca.tables\n"
        "assert not [name for name in opened if name.endswith(('.csv', 'datapackage.json'))]\n"
    )
    subprocess.run([sys.executable, "-c", watch], check=True)

"""Folders of data that a user states: rows are added or take the place of others, and results name the folders."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_folder import EGRID, RATE, write_data_folder

import lca
from lca import tables
from lca.errors import MissingError, TableError

KNOWN = {**RATE, "year": "2023", "co2": "550", "co2e": "555"}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    lca.use_data()


def rfcw(year: int) -> lca.Electricity:
    return lca.Electricity.lookup("US-RFCW", year, basis="direct")


def pounds(grid: lca.Electricity) -> float:
    """Its intensity as the table gives it, lb CO2e/MWh."""
    return lca.nominal(grid.intensity).data["value"].item() * 1000 / 0.45359237


def footprint(grid: lca.Electricity) -> lca.Result:
    return lca.monte_carlo(lca.parameter("energy", "5 MWh at_busbar") * grid.intensity, draws=10, progress=False)


def test_a_new_row_is_added(tmp_path: Path) -> None:
    folder = write_data_folder(tmp_path / "my_factors")
    with pytest.raises(MissingError):
        rfcw(2024)
    before = len(tables.rows("electricity", "egrid_subregion_rates"))
    (row,) = lca.use_data(folder).to_dict("records")
    assert (row["place"], row["folder"], row["table"]) == ("my_factors", "electricity", "egrid_subregion_rates")
    assert (row["added"], row["replaced"]) == (1, 0)
    assert len(tables.rows("electricity", "egrid_subregion_rates")) == before + 1
    assert tables.read("electricity", "egrid_subregion_rates").iloc[-1]["co2e"] == 910.0
    assert pounds(rfcw(2024)) == pytest.approx(910, rel=1e-12)
    assert rfcw(2024).source.startswith(
        f"made up for a test [electricity/egrid_subregion_rates, none needed] [my_factors/electricity {row['version']}]"
    )


def test_a_row_with_a_known_key_takes_the_place_of_that_row(tmp_path: Path) -> None:
    published = pounds(rfcw(2023))
    before = tables.rows("electricity", "egrid_subregion_rates")
    overview = lca.use_data(write_data_folder(tmp_path / "my_factors", [RATE, KNOWN]))
    assert overview[["added", "replaced"]].values.tolist() == [[1, 1]]
    assert pounds(rfcw(2023)) == pytest.approx(555, rel=1e-12)
    assert "in place of data/electricity 0.1.0]" in rfcw(2023).source
    after = tables.rows("electricity", "egrid_subregion_rates")
    assert [str(one) for one in after[:-1] if one["source"] in {row["source"] for row in before}] == [
        str(one) for one in before if (one["region"], one["year"]) != ("US-RFCW", 2023)
    ]
    lca.use_data()
    assert pounds(rfcw(2023)) == published != pytest.approx(555)


def test_results_name_the_folder_its_version_and_what_is_in_it(tmp_path: Path) -> None:
    folder = write_data_folder(tmp_path / "my_factors")
    with lca.using_data(folder) as added:
        grid = rfcw(2024)
        made = footprint(grid)
    version = made.versions["my_factors/electricity"]
    assert version == added["version"].item()
    assert version.startswith("2024.1, sha256:")
    assert re.fullmatch(r"0\.1\.0, sha256:[0-9a-f]{12}", made.versions["data/electricity"])
    assert footprint(grid).versions["my_factors/electricity"] == version, "a value says where it comes from"
    assert "my_factors/electricity" not in footprint(rfcw(2023)).versions
    write_data_folder(folder, [{**RATE, "co2e": "911"}])
    with lca.using_data(folder) as changed:
        other = footprint(rfcw(2024)).versions["my_factors/electricity"]
    assert other == changed["version"].item() != version


def test_the_log_names_the_folders_in_use(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = write_data_folder(tmp_path / "my_factors")
    with caplog.at_level("INFO", "lca.tables.in_use"), lca.using_data(folder):
        pass
    said = caplog.records[-1].message
    assert said.startswith("data in use: ")
    assert str(folder.resolve()) in said


def test_a_saved_result_says_what_differs(tmp_path: Path) -> None:
    folder = write_data_folder(tmp_path / "my_factors")
    with lca.using_data(folder):
        path = lca.save(footprint(rfcw(2023)), tmp_path / "result.lca")
        assert "all versions are those" in str(lca.rerun(path)[1])
    again, table = lca.rerun(path)
    assert "my_factors/electricity: 2024.1, sha256:" in str(table)
    assert "then, none now" in str(table)
    assert again.data.equals(lca.load(path).data)
    plain = lca.save(footprint(rfcw(2023)), tmp_path / "plain.lca")
    lca.use_data(folder)
    assert "my_factors/electricity: none then, 2024.1, sha256:" in str(lca.rerun(plain)[1])


def test_provenance_names_the_folder_of_each_value(tmp_path: Path) -> None:
    with lca.using_data(write_data_folder(tmp_path / "my_factors")):
        result = footprint(rfcw(2024))
    sources = lca.provenance(result)["source"]
    assert sum("[my_factors/electricity 2024.1, sha256:" in source for source in sources) == 1


def test_a_block_ends_where_it_ends_and_is_seen_in_its_thread_alone(tmp_path: Path) -> None:
    seen = []
    with lca.using_data(write_data_folder(tmp_path / "my_factors", [KNOWN])):
        here = pounds(rfcw(2023))
        other = threading.Thread(target=lambda: seen.append(pounds(rfcw(2023))))
        other.start()
        other.join()
    assert here == pytest.approx(555)
    assert seen == [pounds(rfcw(2023))] != [here]


def test_a_block_ends_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lca.using_data(write_data_folder(tmp_path / "my_factors", [KNOWN])):
        assert 1 / 0
    assert pounds(rfcw(2023)) != pytest.approx(555)


def test_what_a_program_states_is_seen_in_all_threads_and_a_block_takes_its_place(tmp_path: Path) -> None:
    lca.use_data(write_data_folder(tmp_path / "my_factors", [KNOWN]))
    seen = []
    other = threading.Thread(target=lambda: seen.append(pounds(rfcw(2023))))
    other.start()
    other.join()
    assert seen == pytest.approx([555])
    with lca.using_data(write_data_folder(tmp_path / "others", [{**KNOWN, "co2e": "666"}])) as added:
        assert added["place"].tolist() == ["others"]
        assert pounds(rfcw(2023)) == pytest.approx(666)
    assert pounds(rfcw(2023)) == pytest.approx(555)


def test_a_later_folder_lies_over_an_earlier_one(tmp_path: Path) -> None:
    first = write_data_folder(tmp_path / "first", [RATE, KNOWN])
    second = write_data_folder(tmp_path / "second", [{**RATE, "co2": "770", "co2e": "777"}])
    with lca.using_data(first, second):
        assert pounds(rfcw(2024)) == pytest.approx(777)
        assert pounds(rfcw(2023)) == pytest.approx(555)
    with lca.using_data(second, first):
        assert pounds(rfcw(2024)) == pytest.approx(910)


def test_a_folder_of_a_new_name_is_added_whole(tmp_path: Path) -> None:
    fields = [{"name": name, "type": "string"} for name in ("lake", "source")]
    rows = [{"lake": "Como", "source": "a chart"}]
    root = write_data_folder(tmp_path / "mine", rows, fields=fields, folder="lakes", table="lakes", key=["lake"])
    write_data_folder(root, rows, fields=fields, folder="electricity", table="lakes", key=["lake"])
    with lca.using_data(root) as added:
        (row,) = tables.rows("lakes", "lakes")
        assert row.text("source") == f"a chart [lakes/lakes, not stated] [mine/lakes {tables.version('lakes')}]"
        assert tables.row("electricity", "lakes", "Como") is not None
        assert added[["folder", "added"]].values.tolist() == [["electricity", 1], ["lakes", 1]]
    assert not tables.is_there("lakes")


def test_columns_in_another_order_and_without_those_that_are_not_required(tmp_path: Path) -> None:
    fields = [field for field in reversed(EGRID) if field["name"] != "co2e"]
    with lca.using_data(write_data_folder(tmp_path / "mine", fields=fields)):
        row = tables.rows("electricity", "egrid_subregion_rates")[-1]
    assert row.number("co2") == 900
    assert row.number("co2e") != row.number("co2e"), "a number that is left out is missing"


def test_a_row_alone_is_found_in_a_folder(tmp_path: Path) -> None:
    known = tables.row("electricity", "us_states", "US-PA")
    assert known is not None
    fields = [{"name": name, "type": "string"} for name in known]
    renamed = {name: str(cell) for name, cell in known.items()} | {"name": "Penn's Woods"}
    with lca.using_data(
        write_data_folder(tmp_path / "mine", [renamed], fields=fields, table="us_states", key=["region"])
    ):
        found = tables.row("electricity", "us_states", "US-PA")
        assert found is not None
        assert found["name"] == "Penn's Woods"
        assert tables.row("electricity", "us_states", "US-AK") is not None
        assert tables.row("electricity", "us_states", "US-XX") is None
    assert tables.row("electricity", "us_states", "US-PA") == known


def test_only_what_is_said_of_size_and_hash_is_compared(tmp_path: Path) -> None:
    content = (write_data_folder(tmp_path / "mine") / "electricity" / "egrid_subregion_rates.csv").read_bytes()
    with lca.using_data(write_data_folder(tmp_path / "mine", bytes=len(content))):
        assert pounds(rfcw(2024)) == pytest.approx(910)
    with pytest.raises(TableError, match="sha256:00 stated"):
        lca.use_data(write_data_folder(tmp_path / "mine", hash="sha256:00"))
    with pytest.raises(MissingError):
        rfcw(2024)  # a call that raises changes nothing


def test_everything_that_is_made_of_tables_follows(tmp_path: Path) -> None:
    """One mechanism: what was looked up and kept is made anew for other data, and found again after them."""
    schema = tables.in_use().layers("hardware", "accelerators")[0].resource["schema"]
    fields = [{name: cell for name, cell in one.items() if name != "constraints"} for one in schema["fields"]]
    known = tables.rows("hardware", "accelerators")[0]
    row = {name: "" if cell is None or cell != cell else str(cell) for name, cell in known.items()}
    row |= {"hardware": "a-card-of-ours", "name": "A card of ours", "aliases": ""}
    root = write_data_folder(
        tmp_path / "mine", [row], fields=fields, folder="hardware", table="accelerators", key=["hardware"]
    )
    assert "a-card-of-ours" not in lca.search("hardware")["hardware"].tolist()
    with lca.using_data(root):
        assert "a-card-of-ours" in lca.search("hardware")["hardware"].tolist()
        card = lca.Hardware.lookup("A card of ours", lifetime="5 year")
        sources = lca.provenance({"embodied": card.embodied})["source"]
        assert any("[mine/hardware 2024.1, sha256:" in source for source in sources)
        power = lca.estimated_power("card", accelerator="A card of ours", tdp=None)
        assert any("[mine/hardware 2024.1, sha256:" in source for source in lca.provenance({"w": power})["source"])
    assert "a-card-of-ours" not in lca.search("hardware")["hardware"].tolist()
    with pytest.raises(MissingError):
        lca.Hardware.lookup("A card of ours", lifetime="5 year")

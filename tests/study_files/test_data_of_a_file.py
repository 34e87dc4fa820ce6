"""`[study] data` names folders of data: they hold for this file and its run alone, and the result names them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import lca
from lca.__main__ import main
from lca.errors import RecordError, TableError

STUDY = """\
[study]
name = "one training"
data = "my_factors"
excluded = { operation_only = "the machines are there" }

[functional_unit]
name = "one model"
count = "1 device"

[electricity.grid]
by = "lookup"
place = "France"
year = 2023

[site.lab]
pue = 1.0
electricity = "grid"

[training.bert]
energy = "100 kWh"
at = "wall"
site = "lab"
"""
COLUMNS = "region,measure,first_year,year,loss,flag,uncertainty,release,status,source,licence"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "my_factors" / "electricity"
    folder.mkdir(parents=True)
    (folder / "electricity_losses.csv").write_text(
        f"{COLUMNS}\nFRA,year,2025,2025,50,none,none known,our own count,measured,a letter,none needed\n"
    )
    kinds = {"first_year": "integer", "year": "integer", "loss": "number"}
    units = {"loss": {"unit": "percent"}}
    fields = [{"name": name, "type": kinds.get(name, "string"), **units.get(name, {})} for name in COLUMNS.split(",")]
    schema = {"fields": fields, "primaryKey": ["region", "measure"]}
    resource = {"name": "electricity_losses", "path": "electricity_losses.csv", "schema": schema}
    package = {"name": "electricity", "version": "3 March", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(package))
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_a_look_up_of_the_file_reads_its_folders_and_no_other_does(file: Path) -> None:
    """Half of the energy is lost here, so the training takes twice what a grid without loss would emit."""
    loss = lca.nominal(lca.Electricity.lookup("France", 2023).grid_loss).data["value"].item()
    mine = lca.nominal(lca.read_study(file)).data["total"].item()
    file.write_text(STUDY.replace('data = "my_factors"\n', ""))
    usual = lca.nominal(lca.read_study(file)).data["total"].item()
    assert mine / usual == pytest.approx((1 - loss) / 0.5, rel=1e-12)
    assert lca.nominal(lca.Electricity.lookup("France", 2023).grid_loss).data["value"].item() == loss


@pytest.mark.parametrize("said", ['["my_factors"]', '"./my_factors/"', '" my_factors "'])
def test_the_command_names_the_folders_and_their_versions(
    said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(STUDY.replace('"my_factors"', said))
    assert main(["run", str(file), "--draws", "20"]) == 0
    *_, data, cited = capsys.readouterr().out.splitlines()
    assert data.startswith("Data: my_factors/electricity 3 March, sha256:")
    works = "4 works behind these numbers (Ember, a letter, Our World in Data, US EPA)"
    assert cited == f"A publication cites {works}; --cite prints them."
    assert main(["run", str(file), "--draws", "20", "--cite"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith(f"A publication cites:\n{lca.attribution(lca.read_study(file))}\n")


def test_a_folder_in_use_is_named_where_no_value_comes_from_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Q8: the folders in use are those of the run, too."""
    file.write_text(STUDY.replace("France", "Germany"))
    assert main(["run", str(file), "--draws", "20"]) == 0
    assert "\nData: my_factors/electricity 3 March, sha256:" in capsys.readouterr().out


def test_assumptions_of_the_library_are_no_works_to_cite(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tower = '[hardware.tower]\nby = "lookup"\nname = "workstation-tower"\nlifetime = "4 year"\n[training.bert]\n'
    text = STUDY.replace("[training.bert]\n", tower).replace('data = "my_factors"\n', "")
    on = 'on = "tower"\nduration = "50 h"\nallocation = "reserved_time"\n'
    text = text.replace('excluded = { operation_only = "the machines are there" }', EXCLUDED)
    file.write_text(text + on)
    study = lca.read_study(file)
    assert [credit.work.own for credit in lca.attribution(study).credits][-1]
    assert main(["run", str(file), "--draws", "20"]) == 0
    cited = capsys.readouterr().out.splitlines()[-1]
    assert "lca" not in cited.removesuffix("--cite prints them.")
    assert cited.startswith(f"A publication cites {len(lca.attribution(study).credits) - 1} works")


EXCLUDED = """\
[study.excluded]
development = { outside_goal = "done before" }
use = { outside_goal = "none" }
"""


def test_a_workbook_names_them_with_semicolons_between(file: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel")
    shutil.copytree(file.parent / "my_factors", file.parent / "more")
    assert main(["init", "--excel", str(file.with_suffix(".xlsx")), "--from", str(file)]) == 0
    book = openpyxl.load_workbook(file.with_suffix(".xlsx"))
    cell = next(row[1] for row in book["study"].iter_rows() if row[0].value == "study.data")
    assert cell.value == "my_factors"
    cell.value = "more; my_factors"
    book.save(file.with_suffix(".xlsx"))
    made = lca.nominal(lca.read_study(file.with_suffix(".xlsx")))
    assert made.data["total"].item() == lca.nominal(lca.read_study(file)).data["total"].item()


def test_the_result_names_them(file: Path) -> None:
    result = lca.nominal(lca.read_study(file))
    assert result.versions["my_factors/electricity"].startswith("3 March, sha256:")


@pytest.mark.parametrize("said", ["3", "[1]", '""', '["my_factors", " "]', "{ folder = 1 }"])
def test_what_is_no_folder_is_refused_with_its_line(said: str, file: Path) -> None:
    file.write_text(STUDY.replace('"my_factors"', said))
    with pytest.raises(RecordError, match=r"the folders of data are not names of folders\n  where: .*study.toml:3"):
        lca.read_study(file)


def test_a_folder_that_is_not_there_or_wrong_is_refused_with_its_line(file: Path) -> None:
    file.write_text(STUDY.replace("my_factors", "others"))
    with pytest.raises(TableError, match=r"where: .*study.toml:3(.|\n)*others: no such folder"):
        lca.read_study(file)
    file.write_text(STUDY)
    (file.parent / "my_factors" / "electricity" / "electricity_losses.csv").write_text(f"{COLUMNS}\n,,,,,,,,,,\n")
    with pytest.raises(TableError, match=r"where: .*study.toml:3(.|\n)*electricity_losses.csv:2"):
        lca.read_study(file)


def test_a_key_that_is_nearly_data_is_refused(file: Path) -> None:
    file.write_text(STUDY.replace("data =", "dta ="))
    with pytest.raises(RecordError, match="Study takes no 'dta'(.|\n)*data"):
        lca.read_study(file)

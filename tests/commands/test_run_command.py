"""`lca run`, `lca report` and `lca search`: what they print and write, and how they end."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import xarray
from small_file import TEXT, small_study

import lca
from lca.__main__ import COMMANDS, main
from lca.commands.run import described

ONE = TEXT.replace('alternatives = ["network"]', "").replace(
    'energy = { data = { small = 300, large = "Normal(500, 20)" }, unit = "J at_wall/request", dim = "network" }',
    'energy = "300 J at_wall/request"',
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_it_prints_the_summary_that_python_gives(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(file), "--draws", "200", "--seed", "3", "--unit", "t CO2e"]) == 0
    result = lca.monte_carlo(small_study(), draws=200, seed=3, progress=False)
    assert capsys.readouterr().out == f"a small study\n{lca.summary(result, unit='t CO2e')}\n"


def test_one_total_stands_in_the_first_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A11: the median with its interval, as in the table."""
    file.write_text(ONE + "[run]\ndraws = 300\n[summary]\nper = 'functional_unit'\nunit = 'g CO2e'\n", encoding="utf-8")
    assert main(["run", str(file)]) == 0
    first, _, *rows = capsys.readouterr().out.splitlines()
    row = next(row for row in rows if row.startswith("total")).split()
    assert first.startswith(f"a small study: {row[1]} g CO2e/functional unit (median; 5 to 95 %: {row[2]} to {row[3]})")


def test_options_come_before_what_the_file_says(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(ONE + "[run]\ndraws = 300\nseed = 5\n", encoding="utf-8")
    assert main(["run", str(file), "--seed", "0", "--save", str(file.with_name("r.lca"))]) == 0
    made = lca.load(file.with_name("r.lca"))
    assert (made.draws, made.seed) == (300, 0)
    assert capsys.readouterr().out.endswith(f"written: {file.with_name('r.lca')}\n")


def test_many_rows_are_printed_as_totals_unless_all_are_asked_for(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lives = ", ".join(f'"{n} year"' for n in range(2, 14))
    file.write_text(TEXT + f'[scenarios]\n"server.lifetime" = [{lives}]\n', encoding="utf-8")
    assert main(["run", str(file), "--draws", "20"]) == 0
    printed = capsys.readouterr().out
    assert "manufacturing" not in printed
    assert re.search(r"^13 year +(large|small) +total", printed, re.MULTILINE) or "13 year" in printed
    assert "These are the totals of 96 rows; --all prints all of them." in printed
    assert main(["run", str(file), "--draws", "20", "--all"]) == 0
    assert capsys.readouterr().out.count("manufacturing") == 24


def test_what_is_written_is_the_result(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert main(["run", str(file), "--draws", "64", "--out", str(out)]) == 0
    names = {one.name for one in out.iterdir()}
    assert names >= {"report.html", "report.md", "provenance.csv", "result.lca"}
    assert "a small study" in (out / "report.html").read_text(encoding="utf-8")
    assert capsys.readouterr().out.endswith(f"written: {out / 'report.html'}\n")
    again = lca.monte_carlo(lca.read_study(file), draws=64, progress=False)
    assert lca.load(out / "result.lca").data.identical(again.data)


def test_a_report_is_written_where_it_is_asked_for(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def instead(result: lca.Result, folder: str | Path, before: str | None = None) -> Path:
        older.append(before)
        path = Path(folder)
        page = path if path.suffix else path / "report.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"{result.draws} draws", encoding="utf-8")
        return page

    older: list[str | None] = []
    monkeypatch.setattr("lca.reporting.page.report", instead)
    page, saved = tmp_path / "sub" / "page.html", tmp_path / "r.lca"
    assert main(["run", str(file), "--draws", "16", "--save", str(saved), "--report", str(page)]) == 0
    assert page.read_text(encoding="utf-8") == "16 draws"
    assert main(["report", str(saved)]) == main(["report", str(saved), "--out", str(tmp_path / "there")]) == 0
    written = [tmp_path / "r-report" / "report.html", tmp_path / "there" / "report.html"]
    assert capsys.readouterr().out.splitlines()[-2:] == [f"written: {one}" for one in written]
    assert main(["report", str(saved), "--before", "older"]) == 0
    assert older == [None, None, None, "older"]
    assert main(["report", str(tmp_path / "none.json")]) == 1


@pytest.mark.parametrize(
    "options", [["--report", "page.pdf"], ["--save", "r.txt"], ["--xlsx", "r.ods"], ["--netcdf", "r"]]
)
def test_an_ending_of_another_kind_is_refused_before_the_run(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "none.toml", *options]) == 1
    assert "let it end in ." in capsys.readouterr().err


def test_errors_of_the_library_end_with_1_and_wrong_options_with_2(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(TEXT.replace('at = "wall"', 'at = "wal"'), encoding="utf-8")
    assert main(["run", str(file)]) == 1
    assert f"{file}:27" in capsys.readouterr().err
    assert main(["run", str(file.with_name("none.toml"))]) == 1
    for words in (["run"], ["run", str(file), "--draws", "many"], ["ran", str(file)], []):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_python_m_lca_is_the_command(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lca", "run", file.name, "--draws", "16"], capture_output=True, text=True,
        cwd=file.parent, timeout=60, env={"PYTHONPATH": str(Path(lca.__file__).parents[1]), "PATH": ""},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("a small study\n")


def test_search_looks_into_every_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "rfc", "w"]) == 0
    assert "US-RFCW" in capsys.readouterr().out
    assert main(["search", "--in", "hardware", "h100"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("hardware\n")
    assert "h100" in printed
    assert main(["search", "no such item"]) == 1
    assert "fewer words" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert COMMANDS[name].about[1:] in printed


def test_a_result_without_a_total_has_its_title_alone() -> None:
    result = lca.nominal(small_study())
    assert described(result, {}, everything=True).startswith("a small study\n")


def test_a_workbook_and_netcdf_hold_the_result(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    book, draws = tmp_path / "sub" / "r.xlsx", tmp_path / "more" / "r.nc"
    assert main(["run", str(file), "--draws", "16", "--xlsx", str(book), "--netcdf", str(draws)]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [f"written: {book}", f"written: {draws}"]
    assert "Summary" in openpyxl.load_workbook(book).sheetnames
    with xarray.open_dataset(draws) as found:
        result = lca.monte_carlo(small_study(), draws=16, progress=False)
        assert found["total"].values.tolist() == result.data["total"].values.tolist()

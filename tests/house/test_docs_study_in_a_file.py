"""The files of docs/how-to/study-in-a-file.md are evaluated as they stand, and its tables say what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lca.__main__ import main
from lca.hardware.parts import Line
from lca.study_files.makers import SECTIONS, ways_of

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "study-in-a-file.md").read_text(encoding="utf-8")
FILES = re.findall(r"```toml(?: title=\"study.toml\")?\n(.*?)```", PAGE, re.DOTALL)
ERROR = re.findall(r"```\n(\d faults.*?)```", PAGE, re.DOTALL)[0]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("number", range(len(FILES)))
def test_every_file_of_the_page_is_run_by_the_command(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    Path("study.toml").write_text(FILES[number], encoding="utf-8")
    assert main(["run", "study.toml", "--draws", "64"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"\btotal\b.*CO2e", printed)
    expected = [["a chat service", "t CO2e"], ["warsaw", "large"], ["two runs", "as stated"]]
    assert all(word in printed for word in expected[number])


def test_the_errors_of_the_page_are_those_of_its_first_file_with_two_faults(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = FILES[0].splitlines()
    wrong = {'electricity = "grid"': 'electricity = "gird"', "year = 2024": "yeer = 2024"}
    Path("study.toml").write_text("\n".join(wrong.get(line, line) for line in lines), encoding="utf-8")
    assert main(["run", "study.toml"]) == 1
    assert re.sub(r":\d+:", ":N:", capsys.readouterr().err) == re.sub(r":\d+:", ":N:", ERROR)


def test_the_tables_of_the_page_name_every_section_and_option_that_there_is() -> None:
    named = set(re.findall(r"`\[(\w+)\.NAME\]`", PAGE))
    assert named <= set(SECTIONS)
    parts = {name for name in SECTIONS if issubclass_of_part(name)}
    assert set(SECTIONS) - named - parts == {"measured_inference"}
    ways = {way for section in SECTIONS for way in ways_of(section)}
    assert set(re.findall(r'`by = "(\w+)"', PAGE)) <= ways


def issubclass_of_part(name: str) -> bool:
    made = SECTIONS[name]
    return isinstance(made, type) and issubclass(made, Line)

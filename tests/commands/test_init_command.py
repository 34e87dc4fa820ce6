"""`lca init`: five questions, and a first study that can be evaluated as it stands."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest

import lca
from lca.__main__ import main

PLUG = "timestamp, power.draw [W]\n" + "".join(f"2025/04/09 08:00:{n:02}.000, 100.00 W\n" for n in range(20))
RUNS = "start_time,window_name,elapsed_time,gpu0_energy\n100.5,one,9.2,2053.6\n120.5,two,9.2,2053.6\n"


def asked(words: list[str], answers: str | None, monkeypatch: pytest.MonkeyPatch) -> int:
    """A run of the command with some lines at its input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answers or ""))
    return main(["init", *words])


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gpu.csv").write_text(PLUG, encoding="utf-8")
    Path("zeus.csv").write_text(RUNS, encoding="utf-8")


@pytest.mark.parametrize(
    ("answers", "stages"),
    [
        (None, {"training", "manufacturing", "distribution", "end_of_life"}),
        ("a \"b\" \\ c\n3 h at 250 W ± 5 W (k=2)\nGermany, 2022\nnone\nnothing\n", {"training"}),
        ("p\n3 h at 250 W at_board\nUS-RFCW 2021\nnone\n1 inference/s at 2 J/inference for 1 year\n",
         {"training", "use"}),
        ("p\ngpu.csv\nFrance 2023\nH100 SXM\n100000 inference/day at 0.5 J for 3 year\n",
         {"training", "manufacturing", "distribution", "end_of_life", "use"}),
        ("p\nzeus.csv\nFrance 2023\nrtx-4090\n\n", {"training", "manufacturing", "distribution", "end_of_life"}),
    ],
)  # fmt: skip
def test_every_first_study_can_be_evaluated(
    answers: str | None, stages: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(["sub/first.toml", *(["--yes"] if answers is None else [])], answers, monkeypatch) == 0
    assert "lca run sub/first.toml" in capsys.readouterr().out
    study = lca.read_study("sub/first.toml")
    assert set(study.model.stages) == stages
    assert float(lca.nominal(study).data["total"]) > 0
    remarks = [line for line in Path("sub/first.toml").read_text(encoding="utf-8").splitlines() if "#" in line]
    assert len(remarks) > 8


def test_the_answers_stand_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked([], "my net\n12 h at 350 W\nGermany 2022\nrtx-4090\n\n", monkeypatch)
    tables = tomllib.loads(Path("study.toml").read_text(encoding="utf-8"))
    assert tables["study"]["name"] == "my net"
    assert (tables["training"]["training"]["duration"], tables["training"]["training"]["power"]) == ("12 h", "350 W")
    assert tables["electricity"]["grid"] == {"by": "lookup", "place": "Germany", "year": 2022}
    assert tables["hardware"]["machine"]["name"] == "rtx-4090"
    energy = 12 * 0.35
    grid = lca.nominal(lca.Electricity.lookup("Germany", 2022).intensity).data["value"].item()
    made = lca.nominal(lca.read_study("study.toml")).data["training"].item()
    assert energy * grid < made < 1.15 * energy * grid, "what the grid loses comes on top"


def test_a_file_that_is_there_is_never_overwritten(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("study.toml").write_text("mine", encoding="utf-8")
    Path("study.xlsx").write_text("mine", encoding="utf-8")
    assert asked(["--yes"], None, monkeypatch) == 1
    assert asked(["--excel", "study.xlsx"], None, monkeypatch) == 1
    assert Path("study.toml").read_text(encoding="utf-8") == Path("study.xlsx").read_text(encoding="utf-8") == "mine"
    assert capsys.readouterr().err.count("not overwritten") == 2


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ("!\n", "my project"),
        ("p\nmuch\n", "10 h at 300 W"),
        ("p\n10 kg at 300 W\n", "needed: s"),
        ("p\n10 h at 300 kg\n", "needed: W"),
        ("p\n\nAtlantis 2023\n", "no electricity for 'Atlantis'"),
        ("p\n\nFrance\n", "France 2023"),
        ("p\n\n\nH1000 SXM\n", "H1000 SXM"),
        ("p\n\n\n\na lot\n", "for 3 year"),
        ("p\n\n\n\n5 kg at 2 J for 1 year\n", "kg"),
    ],
)
def test_a_piped_answer_that_is_none_ends_with_what_to_write(
    answers: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(["a.toml"], answers, monkeypatch) == 1
    assert says in capsys.readouterr().err
    assert not Path("a.toml").exists()


def test_at_a_terminal_a_question_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["p", "much", "9 h at 90 W", "", "", ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert main(["init"]) == 0
    assert "does not answer the question" in capsys.readouterr().out
    assert '"9 h"' in Path("study.toml").read_text(encoding="utf-8")


def test_files_of_other_kinds_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(["a.txt", "--yes"], None, monkeypatch) == 1
    assert asked(["--excel", "a.csv"], None, monkeypatch) == 1
    assert capsys.readouterr().err.count("let it end in") == 2


def test_a_workbook_may_have_the_study_of_a_file_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    asked(["--yes"], None, monkeypatch)
    assert asked(["--excel", "study.xlsx", "--from", "study.toml"], None, monkeypatch) == 0
    one, other = (lca.nominal(lca.read_study(f"study.{kind}")).data for kind in ("toml", "xlsx"))
    assert one.identical(other)

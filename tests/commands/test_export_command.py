"""`lca export`: a result in another form, printed or written, with what could not be said beside it."""

from __future__ import annotations

from pathlib import Path

import hand_study
import pytest
from small_file import TEXT

import lca
from lca.__main__ import main
from lca.reporting.exports.forms import FORMS

RIVALS = "an export is of one alternative, and this result has several: network"


@pytest.fixture
def saved(tmp_path: Path) -> str:
    return str(lca.save(hand_study.result(), tmp_path / "chat.lca"))


@pytest.fixture
def study(tmp_path: Path) -> str:
    path = tmp_path / "small.toml"
    path.write_text(TEXT + "[run]\ndraws = 50\n", encoding="utf-8")
    return str(path)


def test_a_saved_result_is_printed_as_python_makes_it(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", saved, "--to", "sci"]) == 0
    printed = capsys.readouterr()
    assert printed.out == lca.sci(lca.load(saved)).text
    assert printed.err == ""


def test_what_a_form_is_given_reaches_it(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--with", "parameters=2e9", "--with", "per=request", "--with", "counted=total parameters"]
    assert main(["export", saved, "--to", "sci_ai", *given]) == 0
    printed = capsys.readouterr()
    assert printed.out == lca.sci_ai(lca.load(saved), parameters=2e9, per="request", counted="total parameters").text
    assert "note: It is not said why this unit was chosen (8.2.2): why=.\n" in printed.err


def test_stages_are_a_list_with_commas(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", saved, "--to", "sci", "--with", "stages=use,manufacturing"]) == 0
    assert capsys.readouterr().out == lca.sci(lca.load(saved), stages=["use", "manufacturing"]).text


def test_it_is_written_whole_with_its_bibtex(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "methods.md"
    assert main(["export", study, "--to", "methods-text", "--at", "network=small", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"written: {out}\n"
    result = lca.monte_carlo(lca.read_study(study), draws=50, progress=False).sel(network="small")
    assert out.read_text(encoding="utf-8") == lca.methods_text(result).text
    assert out.with_suffix(".bib").exists() == bool(lca.attribution(result).bibtex())
    assert not list(out.parent.glob("*.part"))


def test_d2_of_rivals_one_is_asked_for(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", study, "--to", "sci"]) == 1
    said = capsys.readouterr().err
    assert RIVALS in said
    assert '--at "network=' in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "modell-card"], "did you mean 'model-card'?"),
        (["--to", "sci", "--at", "engine=a"], "engine"),
        (["--to", "sci", "--with", "stages"], "write --with NAME=VALUE"),
        (["--to", "sci", "--with", "stage=use"], "did you mean 'stages'?"),
        (["--to", "sci", "--out", "score.csv"], "let it end in .md or .txt or .json"),
        (["--to", "boamps"], "give task_family=..., algorithm=..., dataset=..., infrastructure=..., components=..."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_way_out(
    arguments: list[str], said: str, saved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", saved, *arguments]) == 1
    assert said in capsys.readouterr().err


def test_the_list_has_every_form_and_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--list"]) == 0
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines() if not line.startswith(" ")] == list(FORMS)
    assert "needs --with task_family, algorithm, dataset, infrastructure, components" in printed


def test_a_result_and_a_form_are_needed(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", saved])
    assert "give a result and --to NAME, or --list" in capsys.readouterr().err

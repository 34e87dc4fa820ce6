"""What every export has: a text, plain data, what could not be said, and a file that is whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import hand_study
import pytest

import lca
from lca.errors import FileFormatError
from lca.reporting.exports import export as module


def test_its_text_is_printed_and_written(tmp_path: Path) -> None:
    made = lca.sci(hand_study.result())
    assert str(made) == made.text
    assert made.write(tmp_path / "new" / "score.md").read_text(encoding="utf-8") == made.text


def test_its_data_are_written_as_json_in_full(tmp_path: Path) -> None:
    made = lca.sci(hand_study.result())
    assert json.loads(made.write(tmp_path / "score.json").read_text(encoding="utf-8")) == made.data
    assert json.loads(made.write(tmp_path / "score.JSON").read_text(encoding="utf-8"))["E"]["nominal"] == 1150


def test_it_shows_what_its_text_does_not_say() -> None:
    made = lca.Export("a study", "a form", "a text\n", notes=("one thing", "a text"))
    assert repr(made) == "<a form: 'a study'>\na text\nnote: one thing"
    html = made._repr_html_()
    assert "<pre>a text\n</pre>" in html
    assert "<p>one thing</p>" in html


def test_a_name_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="not the name of a file of the kind"):
        lca.sci(hand_study.result()).write(tmp_path / "score.html")
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "methods.md"
    made = lca.methods_text(lca.nominal(lca.Study("a", _looked_up(), functional_unit=_UNIT, excluded=_REST)))
    made.write(path)
    assert path.with_suffix(".bib").exists()
    before = path.read_bytes()

    def broken(files: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(module, "write_whole", broken)
    with pytest.raises(OSError, match="no space left"):
        made.write(path)
    assert path.read_bytes() == before


CARD = lca.Hardware.lookup("rtx-4090")  # of which the library assumes a part
_UNIT = lca.FunctionalUnit("one model", count="1 device")
_REST = dict.fromkeys(("development", "use"), lca.outside_goal("a test"))


def _looked_up() -> lca.Training:
    site = lca.Site("desk", pue=1.0, electricity=lca.Electricity.lookup("FR", 2023))
    return lca.Training(
        "run", energy="10 kWh", at="wall", duration="30 h", site=site, on=CARD, allocation="reserved_time"
    )


@pytest.mark.parametrize("style", ["paper", "latex"])
def test_a10_a_methods_section_cites_every_work_by_its_entry(style: str) -> None:
    result = lca.nominal(lca.Study("a", _looked_up(), functional_unit=_UNIT, excluded=_REST))
    made = lca.methods_text(result, style=style)
    bibtex = str(made.data["bibtex"])
    assert bibtex == lca.attribution(result).bibtex()
    credits = lca.attribution(result).credits
    assert {one.work.own for one in credits} == {False, True}
    for one in credits:
        assert ((one.key if style == "latex" else one.work.named) in made.text) != one.work.own
        assert (f"@misc{{{one.key}," in bibtex) != one.work.own

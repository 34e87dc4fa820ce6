"""A model card written over one that is there: its own key and section change, and nothing else."""

from __future__ import annotations

from pathlib import Path

import hand_study
import pytest

import lca
from lca.errors import FileFormatError

CARD = """---
license: mit
co2_eq_emissions:
  emissions: 3
  source: somebody

tags:
- a
---
# A model

It reads --- text.

---

The end.
"""


@pytest.fixture
def export() -> lca.Export:
    return lca.model_card(hand_study.result())


def test_the_rest_of_a_card_stays_as_it_was(export: lca.Export, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(CARD, encoding="utf-8")
    export.write(path)
    once = path.read_text(encoding="utf-8")
    assert once.startswith("---\nlicense: mit\ntags:\n- a\nco2_eq_emissions:\n  emissions: 48000.0\n")
    assert "\n# A model\n\nIt reads --- text.\n\n---\n\nThe end.\n\n<!-- carbon footprint by lca -->\n" in once
    assert "somebody" not in once
    export.write(path)
    assert path.read_text(encoding="utf-8") == once


def test_another_result_takes_the_place_of_the_old_one(export: lca.Export, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    export.write(path)
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    lca.model_card(lca.nominal(hand_study.study("240 kWh"))).write(path)
    text = path.read_text(encoding="utf-8")
    assert (text.count("emissions: 96000.0"), text.count("emissions: 48000.0")) == (1, 0)
    assert text.count("## Carbon footprint") == 1
    assert text.endswith("\nMore.\n")


@pytest.mark.parametrize("text", ["", "# A model\n", "---\nlicense: mit\n"])
def test_a_card_without_metadata_gets_some(text: str, export: lca.Export, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    made = export.write(path).read_text(encoding="utf-8")
    assert made.startswith("---\nco2_eq_emissions:\n")
    assert text.strip() in made


def test_ends_of_lines_stay_those_of_the_card(export: lca.Export, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(CARD.replace("\n", "\r\n").encode())
    made = export.write(path).read_bytes()
    assert made.count(b"\n") == made.count(b"\r\n") > 20


def test_what_is_no_text_is_left_alone(export: lca.Export, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFormatError, match="not a text in UTF-8"):
        export.write(path)
    assert path.read_bytes() == b"\xff\xfe\x00"
